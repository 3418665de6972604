//! The enrolment law of both years, as far as the tests need it, and the people they are about.

use super::application::{Application, Held};
use super::authority;
use super::category::{self, Standing};
use super::circumstances::{Circumstances, Since};
use super::facts::{Attendance, Certificate, HouseholdRegistration, Interruption, Residence, SchoolLeaving};
use super::params::{DeskDuty, DeskRule, EnrolmentParams, ForeignVillage, PaperRule, Place, PlaceRule};
use super::unit::Unit;
use crate::codes::{
    Area, Category, CertificateKind, Desk, District, Identity, InstitutionKind, LeavingReason, Office, Paper, Tier,
    UnitKind,
};
use crate::dates::written::{day, period};
use crate::effective::Effective;

const CENTRAL: [Identity; 6] = [
    Identity::SubsistenceAllowance,
    Identity::RuralExtremePoverty,
    Identity::LowIncome,
    Identity::SevereDisability,
    Identity::CadreSpouse,
    Identity::CadreSurvivingSpouse,
];
const SCHOOLS: [InstitutionKind; 4] = [
    InstitutionKind::HigherEducation,
    InstitutionKind::SecondaryVocational,
    InstitutionKind::PrimaryOrSecondary,
    InstitutionKind::SpecialEducation,
];
const TOWNSHIP: &[Desk] = &[Desk::TownshipService];
const BRANCH: &[Desk] = &[Desk::DistrictSocialInsuranceBranch];
const FAMILY: &[Desk] = &[Desk::TownshipService, Desk::CommunityWorkstation];

fn desk(category: Category, desks: &[Desk], rule_id: &'static str) -> Effective<DeskRule> {
    Effective::printed(DeskRule { category, desks: desks.to_vec() }, rule_id)
}

fn place(category: Category, place: Place, rule_id: &'static str) -> Effective<PlaceRule> {
    Effective::printed(PlaceRule { category, place }, rule_id)
}

fn papers(category: Category, papers: &[Paper], rule_id: &'static str) -> Effective<PaperRule> {
    Effective::printed(PaperRule { category, papers: papers.to_vec() }, rule_id)
}

fn duty(district: District, desk: Desk, offices: &[Office], rule_id: &'static str) -> Effective<DeskDuty> {
    Effective::printed(DeskDuty { district, desk, offices: offices.to_vec() }, rule_id)
}

pub(crate) fn tianjin_2021() -> EnrolmentParams {
    use CertificateKind::{
        FloatingPopulationSlip, ForeignerPermanentResidence, HkMacaoResidencePermit, HkMacaoTravelPermit,
        OtherOfficial, ResidencePermitAcceptanceSlip, TaiwanResidencePermit, TaiwanTravelPermit,
        TianjinResidencePermit,
    };
    let window = Effective::printed(period("2020-09-01", "2020-12-31"), "J-3.1-a");
    let permits = [TianjinResidencePermit, HkMacaoResidencePermit, TaiwanResidencePermit];
    let slips = [FloatingPopulationSlip, ResidencePermitAcceptanceSlip, OtherOfficial];
    let travel = [ForeignerPermanentResidence, HkMacaoTravelPermit, TaiwanTravelPermit, OtherOfficial];
    let leaving = vec![LeavingReason::Withdrawn, LeavingReason::DroppedOut];
    let branch = [Office::SocialInsurance, Office::Education];
    EnrolmentParams {
        collection_window: window.clone(),
        school_window: window,
        late_window: Some(Effective::printed(period("2021-01-01", "2021-06-30"), "J-3.1-b")),
        newborn_months: Some(Effective::printed(12, "J-3.2.8-a")),
        newborn_years: None,
        interruption_months: Effective::printed(3, "J-3.2.7-a"),
        special_window: Some(Effective::printed(period("2020-01-01", "2020-12-31"), "J-3.2.5-c")),
        adult_age: Effective::printed(18, "J-3.2.9-b"),
        school_kinds: Effective::printed(SCHOOLS.to_vec(), "J-1.1-a"),
        nursery_kinds: Effective::printed(
            vec![InstitutionKind::Kindergarten, InstitutionKind::Nursery, InstitutionKind::DayCareHome],
            "J-1.1-b",
        ),
        verified_students: Some(Effective::printed(true, "J-3.2.1-b")),
        children_papers: Effective::printed([&permits[..], &slips].concat(), "J-1.1-c"),
        adult_papers: Effective::printed([&permits[..], &travel].concat(), "J-1.2-b"),
        studying_elsewhere: Effective::printed(true, "J-1.1-d"),
        unemployed_areas: Effective::printed(vec![Area::Urban], "J-1.2-a"),
        leaving_reasons: Some(Effective::printed(leaving, "J-3.2.9-a")),
        next_year_desks: Some(Effective::printed(vec![Desk::TaxHall], "J-3.2.7-b")),
        low_income_senior_age: None,
        central_identities: Effective::printed([&CENTRAL[..], &[Identity::UrbanExtremePoverty]].concat(), "J-3.2.5-a"),
        local_identities: Some(Effective::printed(
            vec![
                Identity::SubsistenceAllowance,
                Identity::UrbanExtremePoverty,
                Identity::RuralExtremePoverty,
                Identity::LowIncome,
            ],
            "J-3.2.5-a",
        )),
        school_identities: Some(Effective::printed(vec![Identity::StudentLoan], "J-3.2.5-d")),
        deduction_tier: Effective::printed(Tier::Low, "J-3.3.4-a"),
        desks: vec![
            desk(Category::SchoolStudent, BRANCH, "J-3.2.1-a"),
            desk(Category::NurseryChild, BRANCH, "J-3.2.1-a"),
            desk(Category::RuralResident, TOWNSHIP, "J-3.2.2-a"),
            desk(Category::WelfareResident, BRANCH, "J-3.2.3-a"),
            desk(Category::Detainee, BRANCH, "J-3.2.4-a"),
            desk(Category::SpecialPerson, &[Desk::CityMedicalInsuranceCentre], "J-3.2.5-a"),
            desk(Category::CertificateHolder, TOWNSHIP, "J-3.2.6-a"),
            desk(Category::InterruptedEmployee, BRANCH, "J-3.2.7-a"),
            desk(Category::Newborn, TOWNSHIP, "J-3.2.8-a"),
            desk(Category::SchoolLeaver, TOWNSHIP, "J-3.2.9-a"),
            desk(Category::UrbanResident, FAMILY, "J-3.2.10-a"),
            desk(Category::PreschoolChild, FAMILY, "J-3.2.10-a"),
            desk(Category::LocalStudyingElsewhere, FAMILY, "J-3.2.10-a"),
        ],
        places: vec![
            place(Category::SchoolStudent, Place::Institution, "J-3.2.1-a"),
            place(Category::NurseryChild, Place::Institution, "J-3.2.1-a"),
            place(Category::RuralResident, Place::Registered, "J-3.2.2-a"),
            place(Category::WelfareResident, Place::Institution, "J-3.2.3-a"),
            place(Category::Detainee, Place::Institution, "J-3.2.4-a"),
            place(Category::CertificateHolder, Place::Habitual, "J-3.2.6-a"),
            place(Category::InterruptedEmployee, Place::Habitual, "J-3.2.7-a"),
            place(Category::Newborn, Place::RegisteredOrHabitual, "J-3.2.8-a"),
            place(Category::UrbanResident, Place::RegisteredOrHabitual, "J-3.2.10-a"),
            place(Category::PreschoolChild, Place::RegisteredOrHabitual, "J-3.2.10-a"),
        ],
        papers: vec![
            papers(Category::RuralResident, &[Paper::IdentityPaper], "J-3.1-c"),
            papers(Category::UrbanResident, &[Paper::IdentityPaper], "J-3.1-c"),
            papers(Category::CertificateHolder, &[Paper::IdentityPaper, Paper::SupportingMaterial], "J-3.1-c"),
            papers(Category::SchoolLeaver, &[Paper::IdentityPaper, Paper::SupportingMaterial], "J-3.1-c"),
        ],
        foreign_village: Effective::printed(ForeignVillage::ValueNotAllowed, "J-3.2.2-a"),
        duties: vec![
            duty(District::Jinghai, Desk::TownshipService, &[Office::Township], "J-A1.3-e"),
            duty(District::Jinghai, Desk::DistrictSocialInsuranceBranch, &branch, "J-A1.3-q"),
        ],
    }
}

pub(crate) fn baodi_2017() -> EnrolmentParams {
    use CertificateKind::{
        FloatingPopulationSlip, OtherOfficial, ResidencePermitAcceptanceSlip, TianjinResidencePermit,
    };
    let for_children =
        vec![TianjinResidencePermit, FloatingPopulationSlip, ResidencePermitAcceptanceSlip, OtherOfficial];
    let family = &[Desk::CommunityWorkstation, Desk::TownshipService][..];
    let branch = [Office::SocialInsurance, Office::Education];
    EnrolmentParams {
        collection_window: Effective::printed(period("2016-10-01", "2016-12-31"), "B-2.3-a"),
        school_window: Effective::printed(period("2016-09-01", "2016-09-30"), "B-2.1-a"),
        late_window: None,
        newborn_months: None,
        newborn_years: Some(Effective::printed(2, "B-2.2-a")),
        interruption_months: Effective::printed(3, "B-2.4-a"),
        special_window: None,
        adult_age: Effective::printed(18, "B-2.3-a"),
        school_kinds: Effective::printed(SCHOOLS.to_vec(), "B-1.1-a"),
        nursery_kinds: Effective::printed(vec![InstitutionKind::Kindergarten, InstitutionKind::Nursery], "B-1.1-b"),
        verified_students: None,
        children_papers: Effective::printed(for_children, "B-1.1-c"),
        adult_papers: Effective::printed(vec![TianjinResidencePermit], "B-1.2-b"),
        studying_elsewhere: Effective::printed(true, "B-1.1-d"),
        unemployed_areas: Effective::printed(vec![Area::Urban, Area::Rural], "B-1.2-a"),
        leaving_reasons: None,
        next_year_desks: None,
        low_income_senior_age: Some(Effective::printed(60, "B-7.3.3-b")),
        central_identities: Effective::printed(CENTRAL.to_vec(), "B-7.3.3-a"),
        local_identities: None,
        school_identities: None,
        deduction_tier: Effective::printed(Tier::Low, "B-7.3.3-c"),
        desks: vec![
            desk(Category::SchoolStudent, BRANCH, "B-7.3.1-a"),
            desk(Category::UrbanResident, family, "B-7.3.2-a"),
            desk(Category::RuralResident, TOWNSHIP, "B-7.3.2-b"),
            desk(Category::PreschoolChild, family, "B-7.3.2-a"),
            desk(Category::Newborn, family, "B-7.3.2-a"),
            desk(Category::SpecialPerson, &[Desk::CitySocialInsuranceCentre], "B-7.3.3-a"),
            desk(Category::InterruptedEmployee, BRANCH, "B-2.4-a"),
        ],
        places: vec![
            place(Category::SchoolStudent, Place::Institution, "B-7.3.1-a"),
            place(Category::UrbanResident, Place::RegisteredOrHabitual, "B-7.3.2-a"),
            place(Category::Newborn, Place::RegisteredOrHabitual, "B-7.3.2-a"),
            place(Category::RuralResident, Place::Registered, "B-7.3.2-b"),
        ],
        papers: vec![papers(Category::Newborn, &[Paper::IdentityPaper], "B-2.2-a")],
        foreign_village: Effective::printed(ForeignVillage::ChannelMismatch, "B-7.3.2-b"),
        duties: vec![
            duty(District::Baodi, Desk::TownshipService, &[Office::Township], "B-8.2.4-a"),
            duty(District::Baodi, Desk::DistrictSocialInsuranceBranch, &branch, "B-8.2.3-a"),
        ],
    }
}

/// A farmer of Duliu who applies for 2021 in time and at the right desk, insured the year before.
pub(super) fn farmer() -> Application {
    Application {
        policy_year: 2021,
        born_on: day("1970-05-01"),
        died_on: None,
        applied_on: day("2020-10-12"),
        desk: Desk::TownshipService,
        desk_district: District::Jinghai,
        desk_township: None,
        office: Office::Township,
        office_district: Some(District::Jinghai),
        unit_id: None,
        unit: None,
        papers: vec![Paper::IdentityPaper],
        tier: Some(Tier::Middle),
        identities: Vec::new(),
        circumstances: Circumstances {
            registration: Some(HouseholdRegistration {
                district: Some(District::Jinghai),
                area: Some(Area::Rural),
                township: Some("120118.4".to_owned()),
            }),
            residence: Some(Residence {
                district: District::Jinghai,
                township: Some("120118.4".to_owned()),
                address: None,
            }),
            ..Circumstances::default()
        },
        previous_year_insured: Some(true),
        existing: None,
    }
}

/// The same in town.
pub(super) fn townsman() -> Application {
    let mut townsman = farmer();
    if let Some(registration) = &mut townsman.circumstances.registration {
        registration.area = Some(Area::Urban);
    }
    townsman
}

/// Whose application the city files at a centre of its own.
pub(super) fn at_centre(desk: Desk, application: Application) -> Application {
    Application { desk, office: authority::at(desk)[0], office_district: None, ..application }
}

/// Somebody who holds identities.
pub(super) fn holding(identities: &[Identity], application: Application) -> Application {
    let identities = identities.iter().map(|identity| Held { identity: *identity, recognised_outside: false });
    Application { identities: identities.collect(), ..application }
}

/// Somebody who attends the institution `120118.S1` full time, verified, since September.
pub(super) fn attending(institution_kind: InstitutionKind, mut application: Application) -> Application {
    let what = Attendance {
        institution_kind,
        full_time: true,
        outside_tianjin: false,
        unit_id: Some("120118.S1".to_owned()),
        verified: true,
    };
    application.circumstances.attendance = Some(Since { on: day("2020-09-01"), what });
    application
}

/// Somebody who left school in the middle of September.
pub(super) fn left_school(reason: LeavingReason, mut application: Application) -> Application {
    application.circumstances.leaving = Some(Since { on: day("2020-09-15"), what: SchoolLeaving { reason } });
    application
}

/// Somebody whose labour contract ended.
pub(super) fn interrupted(contract_ended_on: &str, mut application: Application) -> Application {
    application.circumstances.interruption =
        Some(Interruption { contract_ended_on: Some(day(contract_ended_on)), benefit_ended_on: None });
    application
}

/// Somebody registered outside Tianjin.
pub(super) fn from_elsewhere(mut application: Application) -> Application {
    application.circumstances.registration = Some(HouseholdRegistration { district: None, area: None, township: None });
    application
}

/// Somebody with a certificate.
pub(super) fn certified(kind: CertificateKind, mut application: Application) -> Application {
    application.circumstances.certificates = vec![Certificate { kind, manual_decision_id: None }];
    application
}

/// A school of Jinghai.
pub(super) fn school(id: &str) -> Unit {
    Unit {
        id: id.to_owned(),
        kind: UnitKind::School,
        district: District::Jinghai,
        township: Some("120118.4".to_owned()),
        target_unit: None,
    }
}

/// A village of a township of Jinghai.
pub(super) fn village(township: &str) -> Unit {
    Unit { kind: UnitKind::Village, township: Some(township.to_owned()), ..school("120118.V1") }
}

pub(super) fn decide_standing(application: &Application, params: &EnrolmentParams) -> Standing {
    category::decide(application, params)
}
