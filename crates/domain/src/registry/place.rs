//! Whether the desk lies where the applicant belongs (J-3.2.2-a to J-3.2.10-a, J-A1.3-e, B-7.3.2-a, B-8.2.4-a).

use std::borrow::Cow;

use super::application::Application;
use super::category::{Registrar, Standing};
use super::params::{EnrolmentParams, Place};
use crate::codes::{Category, Desk, District, UnitKind};
use crate::refusal::{Reason, Refusal};

/// Checks district and township of the desk. Desks of the city serve everybody, the tax hall interrupted employees who
/// live in its district (J-3.2.7-b).
///
/// # Errors
/// `CHANNEL_MISMATCH` with metadata `right_district` or `right_township`; `WRONG_DESK` with `right_township` where the
/// district's townships serve their own area alone (J-A1.3-e, B-8.2.4-a); `VALUE_NOT_ALLOWED` without a residence in
/// Tianjin where the residence decides (J-3.2.6-a).
pub fn decide(standing: &Standing, application: &Application, params: &EnrolmentParams) -> Result<(), Refusal> {
    let bound = match application.desk {
        Desk::TownshipService | Desk::CommunityWorkstation | Desk::DistrictSocialInsuranceBranch => true,
        Desk::TaxHall => standing.category == Category::InterruptedEmployee,
        Desk::CityMedicalInsuranceCentre | Desk::CitySocialInsuranceCentre => false,
    };
    let Some((place, rule_id)) = maybe_place(standing, params).filter(|_| bound) else { return Ok(()) };
    let rule_id = match &params.next_year_desks {
        Some(desks) if application.desk == Desk::TaxHall => desks.reference.rule_id.clone(),
        _ => rule_id,
    };
    let own = own(place, application);
    if place == Place::Habitual && own.is_empty() {
        let refusal = Refusal::new(Reason::ValueNotAllowed, "the residence decides the desk, and none is known");
        return Err(refusal.at("facts").by(rule_id));
    }
    let district = application.desk_district;
    if place == Place::Institution && own.is_empty() {
        return Ok(());
    }
    if own.iter().all(|(own, _)| *own != district) {
        let right: Vec<&str> = own.iter().map(|(own, _)| own.as_str()).collect();
        return Err(Refusal::new(Reason::ChannelMismatch, "the desk lies in another district")
            .at("district")
            .with("right_district", right.join(","))
            .by(rule_id));
    }
    township(&own, application, params, rule_id)
}

/// The place that decides, with its rule.
fn maybe_place(standing: &Standing, params: &EnrolmentParams) -> Option<(Place, Cow<'static, str>)> {
    match (standing.registrar, &params.low_income_senior_age) {
        (Some(Registrar::Township(_)), Some(senior)) => {
            Some((Place::RegisteredOrHabitual, senior.reference.rule_id.clone()))
        }
        (Some(_), _) => None,
        (None, _) => {
            let rule = params.places.iter().find(|rule| rule.category == standing.category)?;
            Some((rule.place, rule.reference.rule_id.clone()))
        }
    }
}

/// The districts, and as far as known the townships, whose desk is right; each once.
fn own(place: Place, application: &Application) -> Vec<(District, Option<&str>)> {
    let circumstances = &application.circumstances;
    let registered = circumstances
        .registration
        .as_ref()
        .and_then(|registration| Some((registration.district?, registration.township.as_deref())));
    let lives = circumstances.residence.as_ref().map(|residence| (residence.district, residence.township.as_deref()));
    let institution = application.unit.as_ref().map(|unit| (unit.district, None));
    let places = match place {
        Place::RegisteredOrHabitual => [registered, lives],
        Place::Registered => [registered, None],
        Place::Habitual => [lives, None],
        Place::Institution => [institution, None],
    };
    let mut own: Vec<_> = places.into_iter().flatten().collect();
    own.dedup();
    own
}

/// A family desk in the right district is that of the own township, as far as that is known. What a village may not do
/// is said of the village.
fn township(
    own: &[(District, Option<&str>)],
    application: &Application,
    params: &EnrolmentParams,
    rule_id: Cow<'static, str>,
) -> Result<(), Refusal> {
    let by_village = application.unit.as_ref().is_some_and(|unit| unit.kind == UnitKind::Village);
    let Some(desk_township) = application.desk_township.as_deref().filter(|_| !by_village) else { return Ok(()) };
    if matches!(application.desk, Desk::DistrictSocialInsuranceBranch | Desk::TaxHall) {
        return Ok(());
    }
    let here = own.iter().filter(|(district, _)| *district == application.desk_district);
    let known: Option<Vec<&str>> = here.map(|(_, township)| *township).collect();
    let Some(known) = known.filter(|known| !known.contains(&desk_township)) else { return Ok(()) };
    let duty = params
        .duties
        .iter()
        .find(|duty| duty.district == application.desk_district && duty.desk == Desk::TownshipService);
    let refusal = match duty {
        Some(duty) => Refusal::new(Reason::WrongDesk, "the township serves the residents of its own area")
            .by(duty.reference.rule_id.clone()),
        None => Refusal::new(Reason::ChannelMismatch, "the desk lies in another township").by(rule_id),
    };
    Err(refusal.at("desk_township").with("right_township", known.join(",")))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{
        attending, baodi_2017, certified, decide_standing, farmer, from_elsewhere, interrupted, school, tianjin_2021,
        townsman,
    };
    use super::*;
    use crate::codes::{CertificateKind, InstitutionKind};
    use crate::registry::facts::Residence;

    fn check(application: &Application, params: &EnrolmentParams) -> Result<(), (Reason, String, String)> {
        decide(&decide_standing(application, params), application, params).map_err(|refusal| {
            let right = refusal.metadata.first().map(|(_, value)| value.clone()).unwrap_or_default();
            (refusal.reason, refusal.rule_id.unwrap().into_owned(), right)
        })
    }

    fn refused(reason: Reason, rule_id: &str, right: &str) -> Result<(), (Reason, String, String)> {
        Err((reason, rule_id.to_owned(), right.to_owned()))
    }

    fn living_in(district: District, application: Application) -> Application {
        let mut moved = application;
        moved.circumstances.residence = Some(Residence { district, township: None, address: None });
        moved
    }

    fn at(desk_district: District, application: &Application) -> Application {
        Application { desk_district, ..application.clone() }
    }

    /// J-3.2.10-a: registered in Jinghai, living in Nankai; a desk in Hexi is wrong.
    #[test]
    fn a_family_chooses_between_registration_and_residence() {
        let law = tianjin_2021();
        let family = living_in(District::Nankai, townsman());
        assert_eq!(check(&at(District::Jinghai, &family), &law), Ok(()));
        assert_eq!(check(&at(District::Nankai, &family), &law), Ok(()));
        let mismatch = refused(Reason::ChannelMismatch, "J-3.2.10-a", "120118,120104");
        assert_eq!(check(&at(District::Hexi, &family), &law), mismatch);
        // B-7.3.2-a: either place's desk too.
        assert_eq!(check(&at(District::Hexi, &family), &baodi_2017()).unwrap_err().1, "B-7.3.2-a");
    }

    /// J-3.2.2-a: the village, wherever its people live.
    #[test]
    fn a_farmer_belongs_to_the_village() {
        let farmer = living_in(District::Nankai, farmer());
        assert_eq!(check(&at(District::Jinghai, &farmer), &tianjin_2021()), Ok(()));
        let mismatch = refused(Reason::ChannelMismatch, "J-3.2.2-a", "120118");
        assert_eq!(check(&at(District::Nankai, &farmer), &tianjin_2021()), mismatch);
    }

    /// J-3.2.6-a and J-3.2.7-a: where the person lives.
    #[test]
    fn the_residence_decides_for_certificate_holders_and_interrupted_employees() {
        let law = tianjin_2021();
        let holder = certified(CertificateKind::TianjinResidencePermit, from_elsewhere(farmer()));
        assert_eq!(check(&holder, &law), Ok(()));
        let mut homeless = holder;
        homeless.circumstances.residence = None;
        assert_eq!(check(&homeless, &law), refused(Reason::ValueNotAllowed, "J-3.2.6-a", ""));
        let branch = Application { desk: Desk::DistrictSocialInsuranceBranch, ..living_in(District::Nankai, farmer()) };
        let employee = Application { policy_year: 2020, ..interrupted("2020-09-30", branch) };
        let mismatch = refused(Reason::ChannelMismatch, "J-3.2.7-a", "120104");
        assert_eq!(check(&at(District::Jinghai, &employee), &law), mismatch);
        assert_eq!(check(&at(District::Nankai, &employee), &law), Ok(()));
        // J-3.2.7-b: for the next year the tax hall of the same district.
        let onward = Application { desk: Desk::TaxHall, policy_year: 2021, ..employee };
        let mismatch = refused(Reason::ChannelMismatch, "J-3.2.7-b", "120104");
        assert_eq!(check(&at(District::Jinghai, &onward), &law), mismatch);
        assert_eq!(check(&at(District::Nankai, &onward), &law), Ok(()));
    }

    /// J-3.2.1-a: the branch of the district where the school lies.
    #[test]
    fn a_school_files_in_its_own_district() {
        let mut pupil = attending(InstitutionKind::PrimaryOrSecondary, farmer());
        (pupil.desk, pupil.unit) = (Desk::DistrictSocialInsuranceBranch, Some(school("120118.S1")));
        assert_eq!(check(&pupil, &tianjin_2021()), Ok(()));
        let mismatch = refused(Reason::ChannelMismatch, "J-3.2.1-a", "120118");
        assert_eq!(check(&at(District::Nankai, &pupil), &tianjin_2021()), mismatch);
    }

    /// J-A1.3-e: the townships of Jinghai serve their own area.
    #[test]
    fn a_township_serves_its_own_residents() {
        let to = |township: &str, application: Application| Application {
            desk_township: Some(township.to_owned()),
            ..application
        };
        let law = tianjin_2021();
        assert_eq!(check(&to("120118.4", townsman()), &law), Ok(()));
        let wrong = refused(Reason::WrongDesk, "J-A1.3-e", "120118.4");
        assert_eq!(check(&to("120118.5", townsman()), &law), wrong);
        // B-8.2.4-a says it for Baodi.
        let mut in_baodi = at(District::Baodi, &to("120115.7", townsman()));
        let registration = in_baodi.circumstances.registration.as_mut().unwrap();
        (registration.district, registration.township) = (Some(District::Baodi), Some("120115.6".to_owned()));
        assert_eq!(check(&in_baodi, &baodi_2017()), refused(Reason::WrongDesk, "B-8.2.4-a", "120115.6"));
        // A township that is not on record cannot be the wrong one.
        let mut unknown = to("120118.5", townsman());
        unknown.circumstances.registration.as_mut().unwrap().township = None;
        assert_eq!(check(&unknown, &law), Ok(()));
    }
}
