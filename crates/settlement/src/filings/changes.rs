//! What becomes of a filing: reviewed, ended, withdrawn.

use juyi_db::Session;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::settlement::filings::codes::FilingState;
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
fn apply(filing: &mut Filing, change: &Change) -> Result<String, Refusals> {
    let registered = &mut filing.registered;
    match change {
        Change::Review { confirmed, reason } => {
            require(registered.state, &[FilingState::Pending])?;
            registered.state = if *confirmed { FilingState::InForce } else { FilingState::Rejected };
            Ok(reason.clone())
        }
        Change::End { last_on } => {
            require(registered.state, &[FilingState::InForce])?;
            let (first, last) = (registered.first_on, registered.last_on);
            if *last_on < first || last.is_some_and(|last| *last_on > last) {
                let detail = "the last day lies before the first, or after the last day the filing has";
                let refusal = Refusal::new(Reason::DateOrder, detail).at("last_date").with("start_date", first);
                let last = last.map(|last| last.to_string()).unwrap_or_default();
                return Err(refusal.with("last_date", last).into());
            }
            registered.last_on = Some(*last_on);
            Ok(String::new())
        }
        Change::Withdraw { reason } => {
            require(registered.state, &[FilingState::Pending, FilingState::InForce])?;
            registered.state = FilingState::Withdrawn;
            Ok(reason.clone())
        }
    }
}

fn require(state: FilingState, allowed: &[FilingState]) -> Result<(), Refusal> {
    if allowed.contains(&state) {
        return Ok(());
    }
    let detail = format!("the filing is {state}");
    Err(Refusal::new(Reason::OrderViolation, detail).at("filing_id").with("state", state))
}
