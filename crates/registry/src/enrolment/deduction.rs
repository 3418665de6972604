//! Enrolment by deduction from the old-age living subsidy (J-3.3.4-a, B-7.3.3-c), which contribution asks for.

#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use juyi_db::Session;
use juyi_domain::codes::{Desk, District, Office};
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::registry::deduction;
use juyi_kit::caller::Caller;
use juyi_kit::command::{self, Command};
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use super::decision::{self, Applicant, Filing};
use crate::registry::Registry;
use crate::store::enrolments::{self, Enrolment};
use crate::store::{self, deductions, facts, identities, person_states};
use crate::{counts, person_states as states, residents};

/// Who is deducted.
struct Deducted {
    resident_id: ResidentId,
    policy_year: i32,
    district: District,
    on: NaiveDate,
}

pub(crate) async fn by_deduction(
    registry: &Registry,
    request: pb::EnrolByDeductionRequest,
) -> Result<pb::EnrolByDeductionResponse, Error> {
    let caller = &Caller::current()?;
    caller.require(&[Office::System])?;
    let command = Command::new("EnrolByDeduction", &request.resident_id, &request.request_id, &request)
        .validating(request.validate_only);
    let context = &registry.context;
    let read = &read(&request, context.clock().today())?;
    let work = |mut session| async move {
        let enrolment = enrol(&mut session, context, caller, read).await?;
        let person = enrolled(&mut session, &enrolment).await?;
        Ok((pb::EnrolByDeductionResponse { person }, session))
    };
    let mut reply = command.run(&registry.database, context, work).await?;
    if let (true, Some(person)) = (request.validate_only, &mut reply.person) {
        unnamed(person);
    }
    Ok(reply)
}

/// The enrolment with its person.
pub(super) async fn enrolled(session: &mut Session, of: &Enrolment) -> Result<Option<pb::EnrolledPerson>, Error> {
    let state = person_states::of_residents(session, [of.resident_id]).await?;
    Ok(state.get(&of.resident_id).and_then(|state| states::to_wire(state, of.id)))
}

/// Takes the id of an enrolment away that a trial did not store.
pub(super) fn unnamed(person: &mut pb::EnrolledPerson) {
    let id = std::mem::take(&mut person.enrolment_id);
    let terms = person.person.iter_mut().flat_map(|state| &mut state.enrolments);
    terms.filter(|terms| terms.enrolment_id == id).for_each(|terms| terms.enrolment_id.clear());
}

/// Takes an enrolment by deduction back, of which nothing was paid: the row goes, with its moves and figures, and a record of
/// it stays. The request that made it is forgotten, so that the same request enrols anew.
pub(crate) async fn cancel_deduction(
    registry: &Registry,
    request: pb::CancelDeductionRequest,
) -> Result<pb::CancelDeductionResponse, Error> {
    Caller::current()?.require(&[Office::System])?;
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let resident_id = fields.id("resident_id", &request.resident_id);
    let id = fields.id("enrolment_id", &request.enrolment_id);
    let (resident_id, id) = fields.finish((resident_id, id))?;
    let mut session = registry.database.begin().await?;
    // What is told of the person changes, so that the version rises.
    store::residents::touch(&mut session, resident_id).await?;
    if deductions::is_cancelled(&mut session, resident_id, id).await? {
        return Ok(pb::CancelDeductionResponse {});
    }
    let enrolment = super::find(&mut session, resident_id, id).await?;
    let refuse = |reason, detail: &str| Refusal::new(reason, detail).at("enrolment_id").by("J-3.3.4-a");
    match deductions::maybe_payments(&mut session, resident_id, id).await? {
        None => return Err(refuse(Reason::ValueNotAllowed, "the enrolment was not made by deduction").into()),
        Some(0) => {}
        Some(_) => return Err(refuse(Reason::OrderViolation, "a payment of the enrolment was noted").into()),
    }
    counts::cancelled(&mut session, &enrolment).await?;
    store::enrolled::remove(&mut session, resident_id).await?;
    deductions::cancel(&mut session, resident_id, id, registry.context.now()).await?;
    store::enrolled::add(&mut session, resident_id).await?;
    command::forget(&mut session, &request.resident_id, &request.request_id).await?;
    session.commit().await?;
    Ok(pb::CancelDeductionResponse {})
}

fn read(request: &pb::EnrolByDeductionRequest, today: NaiveDate) -> Result<Deducted, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let read = Deducted {
        resident_id: fields.id("resident_id", &request.resident_id),
        policy_year: fields.policy_year("policy_year", request.policy_year),
        district: fields.district("district", &request.district),
        on: fields.past_date("deduction_date", &request.deduction_date, today),
    };
    fields.finish(read)
}

async fn enrol(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    request: &Deducted,
) -> Result<Enrolment, Error> {
    // A deduction and an application at once are put in an order, so that the later one is refused.
    store::residents::touch(session, request.resident_id).await?;
    let resident = residents::find(session, request.resident_id).await?;
    let law = context.policy().for_(request.district, request.policy_year, request.on)?;
    let history = facts::history(session, resident.id).await?;
    let history: Vec<_> = history.into_iter().map(|recorded| recorded.dated).collect();
    let held = identities::list(session, resident.id, Some(request.on)).await?;
    let existing = enrolments::maybe_find_of_year(session, resident.id, request.policy_year).await?;
    let existing = existing.map(|enrolment| enrolment.id);
    let applicant = Applicant { resident: &resident, history: &history, identities: &held, existing };
    let desk = decision::Desk { caller, unit: None, law: &law };
    let application = decision::application(&applicant, &filing(request), &desk);
    let decided = deduction::decide(&application, &law.enrolment, &law.premium)?;
    let enrolment = decision::to_row(context, resident.id, &filing(request), &desk, decided)?;
    enrolments::insert(session, &enrolment).await?;
    deductions::mark(session, resident.id, enrolment.id).await?;
    counts::enrolled(session, std::slice::from_ref(&enrolment)).await?;
    Ok(enrolment)
}

/// The agency files at the centre of the city, without papers and without asking the person.
fn filing(request: &Deducted) -> Filing {
    Filing {
        policy_year: request.policy_year,
        district: request.district,
        desk: Desk::CitySocialInsuranceCentre,
        desk_township: None,
        unit_id: None,
        applied_on: request.on,
        tier: None,
        previous_year_insured: None,
        papers: Vec::new(),
    }
}
