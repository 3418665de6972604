//! Enrolments: filed at a desk, decided from what the registry knows, kept once a year.

pub(crate) mod decision;
mod deduction;
mod prepayment;
mod read;
#[cfg(test)]
mod tests;
mod write;

use juyi_db::Session;
use juyi_domain::id::{EnrolmentId, ResidentId};
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::wire::next_page;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use self::decision::{Applicant, Desk, decide};
use crate::registry::Registry;
use crate::residents::{self, Learned};
use crate::store::enrolments::{self, Enrolment};
use crate::store::{self, facts, identities, units};

pub(crate) use deduction::{by_deduction, cancel_deduction};
pub(crate) use prepayment::by_prepayment;
pub(crate) use write::enrolment as to_wire;

pub(crate) async fn enrol(registry: &Registry, request: pb::EnrolRequest) -> Result<pb::EnrolResponse, Error> {
    let command =
        Command::new("Enrol", &request.resident_id, &request.request_id, &request).validating(request.validate_only);
    let (context, caller) = (&registry.context, &Caller::current()?);
    let read = &read::enrol(&request, context.clock().today())?;
    let work = |mut session| async move {
        let enrolment = at_desk(&mut session, context, caller, read).await?;
        Ok((pb::EnrolResponse { enrolment: Some(to_wire(&enrolment)) }, session))
    };
    let mut reply = command.run(&registry.database, context, work).await?;
    if let (true, Some(enrolment)) = (request.validate_only, &mut reply.enrolment) {
        enrolment.enrolment_id.clear();
    }
    Ok(reply)
}

/// One application: what is known is read, the rules decide, and facts, enrolment and figures are stored together.
async fn at_desk(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    request: &read::Enrol,
) -> Result<Enrolment, Error> {
    let filing = &request.filing;
    caller.require_district(filing.district)?;
    // Two applications at once, and whatever else is written about the person, are put in an order.
    store::residents::touch(session, request.resident_id).await?;
    let resident = residents::find(session, request.resident_id).await?;
    let law = context.policy().for_(filing.district, filing.policy_year, filing.applied_on)?;
    let learned = Learned { resident_id: resident.id, born_on: resident.born_on, facts: &request.facts };
    let mut refusals = Refusals::default();
    if request.facts.iter().any(residents::moves) {
        // Where somebody lives or is registered, an office records that could record it without an enrolment too.
        refusals.keep(residents::at_home(caller, resident.residence_district, resident.household_district));
    }
    match residents::check_facts(session, caller, &learned, residents::Named::InOrder).await {
        Err(Error::Refused(of_facts)) => refusals.0.extend(of_facts.0),
        other => other?,
    }
    refusals.0.extend(residents::maybe_moved(session, &learned, context.clock().today()).await?);
    if let Some(township) = &filing.desk_township {
        let wrong = residents::maybe_wrong_township(session, township, Some(filing.district)).await?;
        refusals.0.extend(wrong.map(|wrong| wrong.at("desk_township")));
    }
    let known = facts::history(session, resident.id).await?.into_iter().map(|recorded| recorded.dated);
    let history: Vec<_> = known.chain(request.facts.iter().cloned()).collect();
    let held = identities::list(session, resident.id, Some(filing.applied_on)).await?;
    let existing = enrolments::maybe_find_of_year(session, resident.id, filing.policy_year).await?;
    let unit = match &filing.unit_id {
        Some(unit_id) => units::maybe_find(session, unit_id).await?.map(|unit| unit.to_domain()),
        None => None,
    };
    let applicant = Applicant {
        resident: &resident,
        history: &history,
        identities: &held,
        existing: existing.map(|enrolment| enrolment.id),
    };
    let desk = Desk { caller, unit: unit.as_ref(), law: &law };
    let decided = refusals.keep(decide(context, &applicant, filing, &desk));
    let Some(enrolment) = decided.filter(|_| refusals.0.is_empty()) else { return Err(refusals.into()) };
    if !request.facts.is_empty() {
        residents::record_all(session, context, caller, &learned).await?;
        residents::follow(session, context, &resident, &request.facts).await?;
    }
    enrolments::insert(session, &enrolment).await?;
    crate::counts::enrolled(session, std::slice::from_ref(&enrolment)).await?;
    Ok(enrolment)
}

pub(crate) async fn get(
    registry: &Registry,
    request: &pb::GetEnrolmentRequest,
) -> Result<pb::GetEnrolmentResponse, Error> {
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &request.resident_id);
    let id = fields.id("enrolment_id", &request.enrolment_id);
    let (resident_id, id) = fields.finish((resident_id, id))?;
    let enrolment = find(&mut registry.database.read().await?, resident_id, id).await?;
    Ok(pb::GetEnrolmentResponse { enrolment: Some(to_wire(&enrolment)) })
}

/// An enrolment by id.
///
/// # Errors
/// `ENROLMENT_NOT_FOUND`; those of the database.
pub(crate) async fn find(session: &mut Session, resident_id: ResidentId, id: EnrolmentId) -> Result<Enrolment, Error> {
    enrolments::maybe_find(session, resident_id, id).await?.ok_or_else(|| {
        Refusal::new(Reason::EnrolmentNotFound, "the resident has no enrolment with this id").at("enrolment_id").into()
    })
}

pub(crate) async fn list(
    registry: &Registry,
    request: &pb::ListEnrolmentsRequest,
) -> Result<pb::ListEnrolmentsResponse, Error> {
    let (resident_id, before, size) = read::list(request)?;
    let mut session = registry.database.read().await?;
    residents::find(&mut session, resident_id).await?;
    let page = enrolments::page(&mut session, resident_id, before, size).await?;
    let next_page_token = next_page(&page, size, |last| last.policy_year.to_string());
    Ok(pb::ListEnrolmentsResponse { enrolments: page.iter().map(to_wire).collect(), next_page_token })
}
