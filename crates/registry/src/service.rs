//! Decisions of the registry, each inside the transaction it is given.

use juyi_db::Session;
use juyi_domain::codes::District;
use juyi_domain::id::{EnrolmentId, ResidentId};
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::registry::authority;
use juyi_domain::registry::enrolment::{self, Application};
use juyi_domain::registry::identity_number::IdentityNumber;
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::Error;

use crate::read;
use crate::store::enrolments::{self, Enrolment};
use crate::store::identities::{self, IdentityPeriod};
use crate::store::residents::{self, Resident};

pub(crate) async fn register(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    request: &read::Register,
) -> Result<Resident, Error> {
    at_home(caller, request.residence, request.household)?;
    if residents::maybe_find_id(session, request.number.as_str()).await?.is_some() {
        let detail = "a resident with this identity number is registered; look the resident up";
        return Err(Refusal::new(Reason::IdentityInUse, detail).at("identity_number").into());
    }
    let resident = Resident {
        id: context.id(),
        identity_number: request.number.as_str().to_owned(),
        name: request.name.clone(),
        born_on: request.number.born_on(),
        household_district: request.household,
        residence_district: request.residence,
        recorded_by: caller.clone(),
        created_at: context.now(),
    };
    residents::insert(session, &resident).await?;
    Ok(resident)
}

/// An office acts for who lives or is registered in its district.
fn at_home(caller: &Caller, residence: District, household: Option<District>) -> Result<(), Refusal> {
    caller.require_district(residence).or_else(|refusal| match household {
        Some(household) => caller.require_district(household),
        None => Err(refusal),
    })
}

pub(crate) async fn find(session: &mut Session, id: ResidentId) -> Result<Resident, Error> {
    residents::maybe_find(session, id)
        .await?
        .ok_or_else(|| Refusal::new(Reason::PersonNotFound, "no resident has this id").at("resident_id").into())
}

pub(crate) async fn look_up(session: &mut Session, number: &IdentityNumber) -> Result<Resident, Error> {
    match residents::maybe_find_id(session, number.as_str()).await? {
        Some(id) => find(session, id).await,
        None => Err(Refusal::new(Reason::PersonNotFound, "no resident has this identity number")
            .at("identity_number")
            .into()),
    }
}

pub(crate) async fn assert(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    request: &read::Assert,
) -> Result<IdentityPeriod, Error> {
    caller.require(authority::of(request.identity)).map_err(|refusal| refusal.by("J-3.2.5-b"))?;
    let resident = find(session, request.resident_id).await?;
    at_home(caller, resident.residence_district, resident.household_district)?;
    if request.start_on < resident.born_on {
        let detail = "the identity begins before the birth";
        return Err(Refusal::new(Reason::DateOrder, detail).at("start_date").into());
    }
    if let Some(held) = identities::maybe_overlapping(session, request).await? {
        let detail = "the same identity is recorded for some of these days";
        let refusal = Refusal::new(Reason::DuplicateIdentity, detail).at("start_date");
        return Err(refusal.with("identity_id", held).into());
    }
    let period = IdentityPeriod {
        resident_id: request.resident_id,
        id: context.id(),
        identity: request.identity,
        start_on: request.start_on,
        end_on: request.end_on,
        recorded_by: caller.clone(),
        created_at: context.now(),
    };
    identities::insert(session, &period).await?;
    Ok(period)
}

pub(crate) async fn enrol(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    request: &read::Enrol,
) -> Result<Enrolment, Error> {
    caller.require_district(request.district)?;
    let resident = find(session, request.resident_id).await?;
    let law = context.policy().for_(request.district, request.policy_year, request.applied_on)?;
    let held = identities::list(session, resident.id, Some(request.applied_on)).await?;
    let existing = enrolments::maybe_find_of_year(session, resident.id, request.policy_year).await?;
    let application = Application {
        category: request.category,
        policy_year: request.policy_year,
        born_on: resident.born_on,
        applied_on: request.applied_on,
        desk: request.desk,
        tier: request.tier,
        identities: held.iter().map(|period| period.identity).collect(),
        interrupted_on: request.interrupted_on,
        previous_year_insured: request.previous_year_insured,
        existing: existing.map(|enrolment| enrolment.id),
    };
    let mut refusals = Refusals::default();
    refusals.keep(caller.require(authority::at(request.desk)));
    let decided = refusals.keep(enrolment::decide(&application, &law.enrolment, &law.premium));
    let Some(decision) = decided.filter(|_| refusals.0.is_empty()) else { return Err(refusals.into()) };
    let enrolment = Enrolment {
        resident_id: resident.id,
        id: context.id(),
        policy_year: request.policy_year,
        district: request.district,
        category: request.category,
        class: decision.class,
        tier: decision.tier,
        desk: request.desk,
        window: decision.window,
        applied_on: request.applied_on,
        previous_year_insured: request.previous_year_insured,
        interrupted_on: request.interrupted_on,
        receipt: decision.receipt,
        recorded_by: caller.clone(),
        created_at: context.now(),
    };
    enrolments::insert(session, &enrolment).await?;
    Ok(enrolment)
}

pub(crate) async fn find_enrolment(
    session: &mut Session,
    resident_id: ResidentId,
    id: EnrolmentId,
) -> Result<Enrolment, Error> {
    enrolments::maybe_find(session, resident_id, id).await?.ok_or_else(|| {
        Refusal::new(Reason::EnrolmentNotFound, "the resident has no enrolment with this id").at("enrolment_id").into()
    })
}
