//! Enrolment of a prepaid student without an application (J-3.2.1-c, J-3.3.3-a), which contribution asks for.

#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use juyi_db::Session;
use juyi_domain::codes::{Desk, Office};
use juyi_domain::id::{FactId, ResidentId};
use juyi_domain::refusal::{Reason, Refusal};
use juyi_domain::registry::facts::{Fact, Prepayment};
use juyi_domain::registry::prepaid;
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use super::decision::{self, Applicant, Filing};
use super::deduction::{enrolled, unnamed};
use crate::registry::Registry;
use crate::store::enrolments::{self, Enrolment};
use crate::store::{self, facts, identities, units};
use crate::{counts, residents};

/// Who is enrolled, and by which prepayment.
struct Prepaid {
    resident_id: ResidentId,
    policy_year: i32,
    prepayment_id: FactId,
}

pub(crate) async fn by_prepayment(
    registry: &Registry,
    request: pb::EnrolByPrepaymentRequest,
) -> Result<pb::EnrolByPrepaymentResponse, Error> {
    let caller = &Caller::current()?;
    caller.require(&[Office::System])?;
    let command = Command::new("EnrolByPrepayment", &request.resident_id, &request.request_id, &request)
        .validating(request.validate_only);
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let read = Prepaid {
        resident_id: fields.id("resident_id", &request.resident_id),
        policy_year: fields.policy_year("policy_year", request.policy_year),
        prepayment_id: fields.id("prepayment_id", &request.prepayment_id),
    };
    let (context, read) = (&registry.context, &fields.finish(read)?);
    let work = |mut session| async move {
        let enrolment = enrol(&mut session, context, caller, read).await?;
        let person = enrolled(&mut session, &enrolment).await?;
        Ok((pb::EnrolByPrepaymentResponse { person }, session))
    };
    let mut reply = command.run(&registry.database, context, work).await?;
    if let (true, Some(person)) = (request.validate_only, &mut reply.person) {
        unnamed(person);
    }
    Ok(reply)
}

async fn enrol(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    request: &Prepaid,
) -> Result<Enrolment, Error> {
    // Two requests at once are put in an order, so that the later one is refused.
    store::residents::touch(session, request.resident_id).await?;
    let resident = residents::find(session, request.resident_id).await?;
    let recorded = facts::history(session, resident.id).await?;
    let (prepayment, prepaid_on) = recorded
        .iter()
        .filter(|recorded| recorded.id == request.prepayment_id)
        .find_map(|recorded| match recorded.dated.fact {
            Fact::Prepayment(prepayment) => Some((prepayment, recorded.dated.start_on)),
            _ => None,
        })
        .ok_or_else(|| {
            let refusal = Refusal::new(Reason::PrepaymentNotFound, "no such prepayment was noted of the resident");
            refusal.at("prepayment_id").by("J-3.3.3-a")
        })?;
    let history: Vec<_> = recorded.into_iter().map(|recorded| recorded.dated).collect();
    let today = context.clock().today();
    // The facts of today: who left is not enrolled for years that were prepaid.
    let attended = decision::circumstances(&resident, &history, today).attendance;
    let unit_id = attended.and_then(|attended| attended.what.unit_id);
    let unit = match &unit_id {
        Some(unit_id) => units::maybe_find(session, unit_id).await?.map(|unit| unit.to_domain()),
        None => None,
    };
    let district = unit.as_ref().map_or(resident.residence_district, |unit| unit.district);
    let law = context.policy().for_(district, request.policy_year, today)?;
    let held = identities::list(session, resident.id, Some(today)).await?;
    let existing = enrolments::maybe_find_of_year(session, resident.id, request.policy_year).await?;
    let existing = existing.map(|enrolment| enrolment.id);
    let filing = Filing {
        policy_year: request.policy_year,
        district,
        desk: Desk::DistrictSocialInsuranceBranch,
        desk_township: None,
        unit_id,
        applied_on: today,
        tier: None,
        previous_year_insured: insured_before(session, request, prepayment).await?,
        papers: Vec::new(),
    };
    let applicant = Applicant { resident: &resident, history: &history, identities: &held, existing };
    let desk = decision::Desk { caller, unit: unit.as_ref(), law: &law };
    let application = decision::application(&applicant, &filing, &desk);
    let decided = prepaid::decide(&application, prepayment, &law.enrolment, &law.premium)?;
    let applied_on = stands_since(prepaid_on, law.enrolment.collection_window.start(), today);
    let enrolment = decision::to_row(context, resident.id, &Filing { applied_on, ..filing }, &desk, decided)?;
    enrolments::insert(session, &enrolment).await?;
    counts::enrolled(session, std::slice::from_ref(&enrolment)).await?;
    Ok(enrolment)
}

/// The prepayment stands for the application: from the first day on which the year could be enrolled for.
fn stands_since(prepaid_on: NaiveDate, window_opens: NaiveDate, today: NaiveDate) -> NaiveDate {
    prepaid_on.max(window_opens).min(today)
}

/// Prepaid or paid for the year before; otherwise the registry does not know.
async fn insured_before(
    session: &mut Session,
    request: &Prepaid,
    prepayment: Prepayment,
) -> Result<Option<bool>, Error> {
    let before = request.policy_year - 1;
    let earlier = enrolments::maybe_find_of_year(session, request.resident_id, before).await?;
    let paid = earlier.is_some_and(|enrolment| enrolment.paid_on.is_some());
    Ok((prepayment.covers(before) || paid).then_some(true))
}
