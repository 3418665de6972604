//! Enrolment by deduction from the old-age living subsidy (J-3.3.4-a, B-7.3.3-c), which contribution asks for.

#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use juyi_db::Session;
use juyi_domain::codes::{Desk, District, Office};
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::{Reason, Refusals};
use juyi_domain::registry::counting;
use juyi_domain::registry::deduction;
use juyi_domain::registry::enrolment::Decision;
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
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
        let state = person_states::of_residents(&mut session, [enrolment.resident_id]).await?;
        let person = state.get(&enrolment.resident_id).and_then(|state| states::to_wire(state, enrolment.id));
        Ok((pb::EnrolByDeductionResponse { person }, session))
    };
    let mut reply = command.run(&registry.database, context, work).await?;
    if let (true, Some(person)) = (request.validate_only, &mut reply.person) {
        let id = std::mem::take(&mut person.enrolment_id);
        let terms = person.person.iter_mut().flat_map(|state| &mut state.enrolments);
        terms.filter(|terms| terms.enrolment_id == id).for_each(|terms| terms.enrolment_id.clear());
    }
    Ok(reply)
}

fn read(request: &pb::EnrolByDeductionRequest, today: NaiveDate) -> Result<Deducted, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let read = Deducted {
        resident_id: fields.id("resident_id", &request.resident_id),
        policy_year: fields.policy_year("policy_year", request.policy_year),
        district: fields.district("district", &request.district),
        on: fields.date("deduction_date", &request.deduction_date),
    };
    if read.on > today {
        fields.refuse("deduction_date", Reason::DateOrder, "deduction_date lies in the future");
    }
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
    let enrolment = to_store(context, caller, request, decided, &law)?;
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

fn to_store(
    context: &Context,
    caller: &Caller,
    request: &Deducted,
    decided: Decision,
    law: &juyi_policy::Snapshot,
) -> Result<Enrolment, Refusals> {
    let Decision { category, class, tier, window, interrupted_on, township, mut receipt } = decided;
    let desk = Desk::CitySocialInsuranceCentre;
    let (count_group, counted) = counting::group(category, class, Some(desk), &law.supervision.counting)?;
    receipt.push(counted);
    Ok(Enrolment {
        resident_id: request.resident_id,
        id: context.id(),
        policy_year: request.policy_year,
        district: request.district,
        category,
        class,
        tier,
        desk,
        window,
        applied_on: request.on,
        previous_year_insured: None,
        interrupted_on,
        unit_id: None,
        township,
        count_group,
        paid_on: None,
        receipt,
        recorded_by: caller.clone(),
        created_at: context.now(),
    })
}
