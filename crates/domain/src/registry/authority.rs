//! Which office supplies which special identity (J-3.2.5-b), and which works at which desk.

use super::application::Application;
use super::category::Standing;
use super::params::{DeskDuty, EnrolmentParams};
use crate::codes::{Category, Desk, District, Identity, Office};
use crate::effective::Effective;
use crate::refusal::{Reason, Refusal};

/// Checks that the office serves at the desk, and that a school's list is processed by the office whose duty that is. The
/// education office files for schools and nurseries and for nobody else (J-3.2.1-a).
///
/// # Errors
/// `ROLE_NOT_ALLOWED` with metadata `office` and `allowed` (J-A1.3-q, B-8.2.3-a).
pub fn decide(standing: &Standing, application: &Application, params: &EnrolmentParams) -> Result<(), Refusal> {
    let Application { office, desk, .. } = *application;
    let duty_at = |desk| maybe_duty(desk, application, params);
    if !at(desk).contains(&office) {
        let refusal = not_allowed(office, at(desk));
        return Err(match duty_at(desk) {
            Some(duty) => refusal.by(duty.reference.rule_id.clone()),
            None => refusal,
        });
    }
    if let Some(refusal) = maybe_no_centre(desk, application.office_district) {
        return Err(refusal);
    }
    let of_school = matches!(standing.category, Category::SchoolStudent | Category::NurseryChild);
    if office == Office::Education && !of_school {
        let refusal = not_allowed(office, &[Office::SocialInsurance]);
        return Err(match duty_at(desk) {
            Some(duty) => refusal.by(duty.reference.rule_id.clone()),
            None => refusal,
        });
    }
    let by_school = of_school && application.unit_id.is_some();
    match duty_at(Desk::DistrictSocialInsuranceBranch).filter(|_| by_school) {
        Some(duty) if !duty.offices.contains(&office) => {
            Err(not_allowed(office, &duty.offices).by(duty.reference.rule_id.clone()))
        }
        _ => Ok(()),
    }
}

fn maybe_duty<'a>(
    desk: Desk,
    application: &Application,
    params: &'a EnrolmentParams,
) -> Option<&'a Effective<DeskDuty>> {
    params.duties.iter().find(|duty| duty.desk == desk && duty.district == application.desk_district)
}

fn not_allowed(office: Office, allowed: &[Office]) -> Refusal {
    let allowed = allowed.iter().map(|office| office.as_str()).collect::<Vec<_>>().join(", ");
    let detail = format!("an office of kind {office} has no such duty; it belongs to {allowed}");
    Refusal::new(Reason::RoleNotAllowed, detail).with("office", office).with("allowed", allowed)
}

/// Why an office of a district does not sit at a desk of the city's centre, which registers alone (J-3.2.5-a, B-7.3.3-a).
#[must_use]
pub fn maybe_no_centre(desk: Desk, office_district: Option<District>) -> Option<Refusal> {
    let centre = matches!(desk, Desk::CityMedicalInsuranceCentre | Desk::CitySocialInsuranceCentre);
    let district = office_district.filter(|_| centre)?;
    let refusal = Refusal::new(Reason::RoleNotAllowed, "an office of a district is no centre of the city");
    Some(refusal.at("desk").with("office_district", district))
}

/// The offices that work at a desk. Institutions file at the branch with their own staff (J-3.2.1-a).
#[must_use]
pub const fn at(desk: Desk) -> &'static [Office] {
    match desk {
        Desk::TownshipService | Desk::CommunityWorkstation => &[Office::Township],
        Desk::DistrictSocialInsuranceBranch => &[Office::SocialInsurance, Office::Education],
        Desk::CityMedicalInsuranceCentre => &[Office::MedicalInsurance],
        Desk::CitySocialInsuranceCentre => &[Office::SocialInsurance],
        Desk::TaxHall => &[Office::Tax],
    }
}

/// The offices whose assertion of an identity counts: the authority's, or the school's when an authority of another
/// province recognised it (J-3.2.5-d).
#[must_use]
pub const fn of_recognised(identity: Identity, recognised_outside: bool) -> &'static [Office] {
    if recognised_outside { &[Office::Education] } else { of(identity) }
}

/// The offices whose assertion of an identity counts.
///
/// Civil affairs: subsistence allowance, extreme poverty, low income and the children and hardship groups of medical
/// assistance. Veterans affairs: entitled groups. Disabled persons' federation: severe disability. Veteran-cadre
/// office: spouses. Schools verify student loans, and identities that another province recognised (J-3.2.5-d).
#[must_use]
pub const fn of(identity: Identity) -> &'static [Office] {
    match identity {
        Identity::SubsistenceAllowance
        | Identity::UrbanExtremePoverty
        | Identity::RuralExtremePoverty
        | Identity::LowIncome
        | Identity::SingleParentFamily
        | Identity::LostOnlyChildFamily
        | Identity::OtherSpecialHardship
        | Identity::LowIncomePriceSubsidy
        | Identity::ChildInDifficulty
        | Identity::Orphan
        | Identity::HivInfectedChild
        | Identity::DeFactoUnattendedChild
        | Identity::SpecialFamilyStudent => &[Office::CivilAffairs],
        Identity::EntitledGroup
        | Identity::EntitledWithMedicalSubsidy
        | Identity::MartyrSurvivor
        | Identity::DutyDeathSoldierSurvivor
        | Identity::OldDemobilisedSoldier
        | Identity::IllnessDeathSoldierSurvivor
        | Identity::DisabledSoldierGrade7To10
        | Identity::ReturnedVeteranWithIllness
        | Identity::WarOrTestVeteran => &[Office::VeteransAffairs],
        Identity::SevereDisability => &[Office::DisabledPersonsFederation],
        Identity::CadreSpouse | Identity::CadreSurvivingSpouse => &[Office::VeteranCadres],
        Identity::StudentLoan => &[Office::Education],
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{
        at_centre, attending, baodi_2017, decide_standing, farmer, holding, interrupted, tianjin_2021,
    };
    use super::*;
    use crate::codes::{District, InstitutionKind};

    /// J-A1.3-q, B-8.2.3-a: a school's list is the branch's work, at whatever desk it arrives.
    #[test]
    fn a_township_does_not_register_for_a_school() {
        for (law, desk_district, rule_id) in
            [(tianjin_2021(), District::Jinghai, "J-A1.3-q"), (baodi_2017(), District::Baodi, "B-8.2.3-a")]
        {
            let mut pupil = attending(InstitutionKind::PrimaryOrSecondary, farmer());
            pupil.desk_district = desk_district;
            pupil.unit_id = Some("120118.S1".to_owned());
            let rule = |pupil: &Application| decide(&decide_standing(pupil, &law), pupil, &law).err()?.rule_id;
            assert_eq!(rule(&pupil).as_deref(), Some(rule_id));
            pupil.desk = Desk::DistrictSocialInsuranceBranch;
            assert_eq!(rule(&pupil).as_deref(), Some(rule_id));
            pupil.office = Office::Education;
            assert_eq!(rule(&pupil), None);
        }
    }

    /// J-A1.3-q, B-8.2.3-a: at the branch the education office files for schools and nurseries alone.
    #[test]
    fn education_files_for_its_institutions_alone() {
        for (law, desk_district, rule_id) in
            [(tianjin_2021(), District::Jinghai, "J-A1.3-q"), (baodi_2017(), District::Baodi, "B-8.2.3-a")]
        {
            let desk = Desk::DistrictSocialInsuranceBranch;
            let mut employee = interrupted("2020-09-30", Application { desk, desk_district, ..farmer() });
            employee.policy_year = 2020;
            employee.office = Office::Education;
            let check = |application: &Application| decide(&decide_standing(application, &law), application, &law);
            let refusal = check(&employee).unwrap_err();
            assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RoleNotAllowed, Some(rule_id)));
            assert!(refusal.metadata.contains(&("allowed", "SOCIAL_INSURANCE".to_owned())));
            employee.office = Office::SocialInsurance;
            assert_eq!(check(&employee), Ok(()));
            let office = Office::Education;
            let child = Application { office, ..attending(InstitutionKind::Kindergarten, employee) };
            assert_eq!(check(&child), Ok(()));
        }
    }

    /// J-3.2.5-d.
    #[test]
    fn a_school_asserts_what_another_province_recognised() {
        assert_eq!(of_recognised(Identity::LowIncome, true), [Office::Education]);
        assert_eq!(of_recognised(Identity::LowIncome, false), [Office::CivilAffairs]);
    }

    /// B-8.2.3-a: a township does not register schools at the branch; J-3.2.5-a: nor special persons at the centre.
    #[test]
    fn a_township_sits_at_its_own_desk() {
        assert!(at(Desk::TownshipService).contains(&Office::Township));
        for desk in [Desk::DistrictSocialInsuranceBranch, Desk::CityMedicalInsuranceCentre] {
            assert!(!at(desk).contains(&Office::Township));
        }
    }

    /// J-3.2.5-a, B-7.3.3-a: a district's office of the right kind is no centre; at the other desks it is right.
    #[test]
    fn an_office_of_a_district_is_no_centre_of_the_city() {
        let jinghai = Some(District::Jinghai);
        for desk in [Desk::CityMedicalInsuranceCentre, Desk::CitySocialInsuranceCentre] {
            let refusal = maybe_no_centre(desk, jinghai).unwrap();
            assert_eq!((refusal.reason, refusal.field.as_deref()), (Reason::RoleNotAllowed, Some("desk")));
            assert_eq!(refusal.metadata, [("office_district", "120118".to_owned())]);
            assert_eq!(maybe_no_centre(desk, None), None);
        }
        for desk in [Desk::TownshipService, Desk::DistrictSocialInsuranceBranch, Desk::TaxHall] {
            assert_eq!(maybe_no_centre(desk, jinghai), None, "{desk}");
        }
        let law = tianjin_2021();
        let special = holding(&[Identity::SevereDisability], farmer());
        let special = at_centre(Desk::CityMedicalInsuranceCentre, special);
        let check = |special: &Application| decide(&decide_standing(special, &law), special, &law);
        assert_eq!(check(&special), Ok(()));
        let of_district = Application { office_district: jinghai, ..special };
        assert_eq!(check(&of_district).unwrap_err().field.as_deref(), Some("desk"));
    }

    #[test]
    fn severe_disability_does_not_come_from_civil_affairs() {
        // J-3.2.5-b, the catalogue's example.
        assert!(!of(Identity::SevereDisability).contains(&Office::CivilAffairs));
        assert!(of(Identity::LowIncome).contains(&Office::CivilAffairs));
    }
}
