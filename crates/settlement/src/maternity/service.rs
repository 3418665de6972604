//! Decisions of registration, in the transaction they are given.

use chrono::{Datelike, NaiveDate};
use juyi_db::Session;
use juyi_domain::codes::District;
use juyi_domain::id::RegistrationId;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::settlement::maternity::registration::{BenefitDesk, BenefitRegistration, district_of};
use juyi_kit::caller::{Caller, DISTRICT};
use juyi_kit::context::Context;
use juyi_kit::error::Error;

use super::read;
use crate::store::maternity::{self, Benefit, Birth};

/// Registers a birth at a township of the caller's district (J-6.2.2.1-a).
pub(super) async fn birth(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    request: &read::Birth,
) -> Result<Birth, Error> {
    let birth = &request.birth;
    let mut refusals = Refusals::default();
    if let Some(district) = district_of(&birth.desk_township) {
        refusals.keep(caller.require_district(district));
        refusals.keep(require_printed(context, district, birth.registered_on));
    }
    refusals.keep(birth.check());
    refusals.into_result()?;
    let earlier = maternity::maybe_find_pregnancy(session, request.resident_id, birth.conceived_on).await?;
    if let Some(earlier) = earlier.filter(|earlier| earlier.birth.conceived_on == birth.conceived_on) {
        return Err(registered(earlier.id).at("conception_date").into());
    }
    let registered = Birth {
        resident_id: request.resident_id,
        id: context.id(),
        birth: birth.clone(),
        recorded_by: caller.clone(),
        created_at: context.now(),
    };
    maternity::insert_birth(session, &registered).await?;
    Ok(registered)
}

/// Registers the benefit of the newest pregnancy that has the day (J-6.2.2.1-b, J-6.2.2.1-c).
pub(super) async fn benefit(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    request: &read::Benefit,
) -> Result<(Birth, Benefit), Error> {
    let (resident_id, on) = (request.resident_id, request.registered_on);
    let birth = maternity::maybe_find_pregnancy(session, resident_id, on).await?;
    let mut refusals = Refusals::default();
    let place = caller.district.or_else(|| district_of(&birth.as_ref()?.birth.desk_township));
    refusals.keep(place.map_or(Ok(()), |district| require_printed(context, district, on)));
    let desk = desk(caller, request)?;
    let kind = desk.kind();
    let registration = BenefitRegistration { registered_on: on, desk, reason: request.reason.clone() };
    refusals.keep(registration.check(birth.as_ref().map(|birth| &birth.birth)));
    let Some(birth) = birth.filter(|_| refusals.0.is_empty()) else { return Err(refusals.into()) };
    if maternity::maybe_find_benefit(session, resident_id, birth.id).await?.is_some() {
        return Err(registered(birth.id).at("resident_id").into());
    }
    let benefit = Benefit {
        registered_on: on,
        desk: kind,
        provider_code: request.institution.as_ref().map(|(code, _)| code.clone()),
        desk_township: request.desk_township.clone(),
        reason: request.reason.clone(),
        recorded_by: caller.clone(),
        created_at: context.now(),
    };
    maternity::insert_benefit(session, resident_id, birth.id, &benefit).await?;
    Ok((birth, benefit))
}

/// The desk is what the office is: a provider an institution, a township its service, medical insurance its branch.
fn desk(caller: &Caller, request: &read::Benefit) -> Result<BenefitDesk, Refusal> {
    if let Some((_, provider)) = &request.institution {
        return Ok(BenefitDesk::Institution(provider.clone()));
    }
    if let Some(township) = &request.desk_township {
        district_of(township).map_or(Ok(()), |district| caller.require_district(district))?;
        return Ok(BenefitDesk::Township(township.clone()));
    }
    caller.district.map(BenefitDesk::Branch).ok_or_else(|| {
        let detail = format!("the benefit is registered at the branch of a district, named in {DISTRICT}");
        Refusal::new(Reason::ChannelMismatch, detail).at(DISTRICT).by("J-6.2.2.1-c")
    })
}

/// A year whose document prints no maternity insurance registers none (AMB-088). A year without a document is no
/// obstacle: nothing is computed from the registration, and most births are registered in the year before.
fn require_printed(context: &Context, district: District, on: NaiveDate) -> Result<(), Refusal> {
    match context.policy().for_(district, on.year(), on) {
        Ok(law) => law.maternity.as_ref().map(|_| ()).map_err(|gap| Refusal::from(gap.clone()).at("registration_date")),
        Err(refusal) if refusal.reason == Reason::PolicyYearNotLoaded => Ok(()),
        Err(refusal) => Err(refusal),
    }
}

fn registered(id: RegistrationId) -> Refusal {
    Refusal::new(Reason::MaternityRegistered, "this pregnancy is registered").with("registration_id", id)
}
