//! Taking an enrolment back of which nothing was deducted, now or later: what could not be taken back stays noted and is
//! tried again, and what a call or a process left behind is given up after a while.

use std::time::Duration;

use chrono::TimeDelta;
use juyi_domain::refusal::Reason;
use juyi_kit::error::Error;
use juyi_kit::upkeep;
use juyi_proto::registry::v1 as registry;

use crate::conditions::reasons;
use crate::desk::Desk;
use crate::store::deductions_begun::{self as store, Begun};
use crate::store::payments;

/// How often it is looked for. The first time is at the start.
const ROUND: Duration = Duration::from_secs(10);
/// How long a deduction may take before it is given up. Who sends it again meanwhile finishes it.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);
/// How many are read at a time.
const PAGE: i64 = 100;

/// Looks after deductions until the process stops.
pub(crate) async fn run(desk: Desk) {
    upkeep::run(desk.context.shutdown(), ROUND, "deductions wait to be taken back", || once(&desk)).await;
}

/// Takes back whatever is left; one that fails does not keep the others.
///
/// # Errors
/// The first failure.
async fn once(desk: &Desk) -> Result<(), Error> {
    let mut after = (String::new(), String::new());
    let mut outcome = Ok(());
    loop {
        let before = desk.context.now() - PATIENCE;
        let session = &mut desk.database.read().await?;
        let page = store::left(session, before, (&after.0, &after.1), PAGE).await?;
        let Some(last) = page.last() else { return outcome };
        after = (last.resident_id.to_string(), last.request_id.clone());
        for begun in page {
            outcome = outcome.and(given_up(desk, begun).await);
        }
    }
}

/// Nothing happens where a call went on meanwhile.
async fn given_up(desk: &Desk, begun: Begun) -> Result<(), Error> {
    if !begun.undoing {
        let before = desk.context.now() - PATIENCE;
        let mut session = desk.database.begin().await?;
        if !store::give_up(&mut session, begun.resident_id, &begun.request_id, before).await? {
            return Ok(());
        }
        session.commit().await?;
    }
    take_back(desk, begun).await
}

/// Takes back what is marked for it, unless something else has paid the enrolment meanwhile.
///
/// # Errors
/// Those of registry and database, after which it stays marked.
pub(super) async fn take_back(desk: &Desk, begun: Begun) -> Result<(), Error> {
    let Some(enrolment_id) = enrolment(desk, &begun).await? else { return Ok(()) };
    let paid = {
        let session = &mut desk.database.read().await?;
        payments::maybe_find_of_enrolment(session, begun.resident_id, enrolment_id).await?
    };
    if paid.is_none() {
        let cancel = registry::CancelDeductionRequest {
            request_id: begun.request_id.clone(),
            resident_id: begun.resident_id.to_string(),
            enrolment_id: enrolment_id.to_string(),
        };
        if let Err(error) = desk.standing.cancel_deduction(cancel).await {
            // What is paid for, or gone, is no unpaid enrolment.
            let settled = [Reason::OrderViolation, Reason::EnrolmentNotFound];
            if !reasons(&error).iter().any(|reason| settled.contains(reason)) {
                return Err(error);
            }
        }
    }
    forget(desk, &begun).await
}

async fn forget(desk: &Desk, begun: &Begun) -> Result<(), Error> {
    let mut session = desk.database.begin().await?;
    store::undone(&mut session, begun.resident_id, &begun.request_id).await?;
    session.commit().await?;
    Ok(())
}

/// The enrolment that is to be taken back. Where nobody learnt whether the registry enrolled, it is asked the same again: it
/// answers with the enrolment that it made, or refuses and there is none.
async fn enrolment(desk: &Desk, begun: &Begun) -> Result<Option<juyi_domain::id::EnrolmentId>, Error> {
    if begun.enrolment_id.is_some() {
        return Ok(begun.enrolment_id);
    }
    let enrolled = match desk.standing.enrol_by_deduction(asking(begun)).await {
        Ok(enrolled) => enrolled,
        Err(error) if !reasons(&error).is_empty() => {
            forget(desk, begun).await?;
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let mut session = desk.database.begin().await?;
    let noted = store::note(&mut session, begun.resident_id, &begun.request_id, enrolled.enrolment_id).await?;
    session.commit().await?;
    Ok(noted.then_some(enrolled.enrolment_id))
}

/// What the registry is asked.
pub(super) fn asking(begun: &Begun) -> registry::EnrolByDeductionRequest {
    registry::EnrolByDeductionRequest {
        request_id: begun.request_id.clone(),
        validate_only: false,
        resident_id: begun.resident_id.to_string(),
        policy_year: begun.policy_year,
        district: begun.district.to_string(),
        deduction_date: begun.deducted_on.to_string(),
    }
}
