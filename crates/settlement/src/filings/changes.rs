//! What becomes of a filing: reviewed, ended, withdrawn.

use juyi_db::Session;
use juyi_domain::refusal::Refusal;
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_proto::settlement::v1 as pb;
use prost::Message;

use super::read::{Change, Changed};
use super::register::AGENCY;
use super::{Filings, answer, find, step};
use crate::own;
use crate::store::filings::{self, Filing};

impl Filings {
    /// Moves a filing on, or only checks.
    pub(super) async fn change<R: Message + Default>(
        &self,
        command: &Command,
        changed: &Changed,
        reply: fn(pb::Filing) -> R,
    ) -> Result<R, Error> {
        let caller = &Caller::current()?;
        if matches!(changed.change, Change::Review { .. }) {
            caller.require(AGENCY).map_err(|refusal| refusal.by("J-10.3.2-b"))?;
        }
        let work = |mut session| async move {
            let filing = change(&mut session, &self.context, caller, changed).await?;
            Ok((reply(answer(&mut session, &self.context, &filing).await?), session))
        };
        command.run(&self.database, &self.context, work).await
    }
}

async fn change(session: &mut Session, context: &Context, caller: &Caller, changed: &Changed) -> Result<Filing, Error> {
    filings::advance(session, changed.resident_id).await?;
    let mut filing = find(session, changed.resident_id, changed.filing_id).await?;
    caller.require_district(filing.district)?;
    own::require(caller, AGENCY, &filing.recorded_by)?;
    let reason = apply(&mut filing, &changed.change)?;
    filings::update(session, &filing).await?;
    step(session, context, caller, &filing, &reason).await?;
    Ok(filing)
}

/// Applies a change and answers its reason.
fn apply(filing: &mut Filing, change: &Change) -> Result<String, Refusal> {
    let registered = &mut filing.registered;
    match change {
        Change::Review { confirmed, reason } => registered.review(*confirmed).map(|()| reason.clone()),
        Change::End { last_on } => registered.end(*last_on).map(|()| String::new()),
        Change::Withdraw { reason } => registered.withdraw().map(|()| reason.clone()),
    }
}
