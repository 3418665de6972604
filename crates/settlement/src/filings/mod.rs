//! Filings: care outside the city (J-10.1 to J-10.5) and special diseases. The rules are in
//! `juyi_domain::settlement::filings`; what a filing confirms is asked by `standing`.
//!
//! A new filing runs through `read`, [`register`] (cover, law, check, rows) and `write`; `changes` moves a filing on;
//! `reference` keeps partners and school calendars; `admission` is asked when a bill of care elsewhere is filed.

mod admission;
mod changes;
mod grpc;
mod read;
mod read_reference;
mod reference;
mod register;
mod write;

use juyi_db::{Database, Session};
use juyi_domain::id::{FilingId, ResidentId};
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_proto::settlement::v1 as pb;

pub(crate) use self::admission::{admit, of_student};
use crate::store::filing_steps::{self, FilingStep};
use crate::store::filings::{self, Filing};

/// The contract `FilingService`.
#[derive(Clone, Debug)]
pub(crate) struct Filings {
    pub(crate) database: Database,
    pub(crate) context: Context,
    pub(crate) benefit_period: Channel,
}

/// Adds a step that says how the filing stands now, and by whom.
async fn step(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    filing: &Filing,
    reason: &str,
) -> Result<(), Error> {
    let earlier = filing_steps::list(session, filing.resident_id, filing.id).await?.len();
    let ordinal = i64::try_from(earlier).map_err(|_| Error::Fault("a filing has too many steps"))? + 1;
    let step = FilingStep {
        state: filing.registered.state,
        last_on: filing.registered.last_on,
        reason: reason.to_owned(),
        recorded_by: caller.clone(),
        created_at: context.now(),
    };
    filing_steps::insert(session, (filing.resident_id, filing.id), ordinal, &step).await
}

/// A filing with its steps. Errors: those of the database.
async fn answer(session: &mut Session, context: &Context, filing: &Filing) -> Result<pb::Filing, Error> {
    let steps = filing_steps::list(session, filing.resident_id, filing.id).await?;
    Ok(write::filing(context, filing, &steps))
}

/// Errors: FILING_NOT_FOUND.
async fn find(session: &mut Session, resident_id: ResidentId, id: FilingId) -> Result<Filing, Error> {
    filings::maybe_find(session, resident_id, id).await?.ok_or_else(|| {
        Refusal::new(Reason::FilingNotFound, "the resident has no filing with this id").at("filing_id").into()
    })
}
