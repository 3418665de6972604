//! The enrolment law of both years, as far as the tests need it.

use super::enrolment::Application;
use super::params::{DeskRule, EnrolmentParams};
use crate::codes::{Category, Desk, Identity, Tier};
use crate::dates::written::{day, period};
use crate::effective::Effective;

const SMALL_CHILDREN: [Category; 2] = [Category::PreschoolChild, Category::Newborn];
const CENTRAL: [Identity; 4] =
    [Identity::SubsistenceAllowance, Identity::RuralExtremePoverty, Identity::LowIncome, Identity::SevereDisability];

fn desk(category: Category, desks: &[Desk], rule_id: &'static str) -> Effective<DeskRule> {
    Effective::printed(DeskRule { category, desks: desks.to_vec() }, rule_id)
}

pub(super) fn tianjin_2021() -> EnrolmentParams {
    let window = Effective::printed(period("2020-09-01", "2020-12-31"), "J-3.1-a");
    EnrolmentParams {
        collection_window: window.clone(),
        school_window: window,
        late_window: Some(Effective::printed(period("2021-01-01", "2021-06-30"), "J-3.1-b")),
        newborn_months: Some(Effective::printed(12, "J-3.2.8-a")),
        interruption_months: Effective::printed(3, "J-3.2.7-a"),
        special_window: Some(Effective::printed(period("2020-01-01", "2020-12-31"), "J-3.2.5-c")),
        adult_age: Effective::printed(18, "J-3.2.9-b"),
        small_children: Effective::printed(SMALL_CHILDREN.to_vec(), "J-1.1-c"),
        central_identities: Effective::printed([&CENTRAL[..], &[Identity::UrbanExtremePoverty]].concat(), "J-3.2.5-a"),
        desks: vec![
            desk(Category::SchoolStudent, &[Desk::DistrictSocialInsuranceBranch], "J-3.2.1-a"),
            desk(Category::RuralResident, &[Desk::TownshipService], "J-3.2.2-a"),
            desk(Category::SpecialPerson, &[Desk::CityMedicalInsuranceCentre], "J-3.2.5-a"),
            desk(Category::InterruptedEmployee, &[Desk::DistrictSocialInsuranceBranch], "J-3.2.7-a"),
            desk(Category::Newborn, &[Desk::TownshipService], "J-3.2.8-a"),
            desk(Category::SchoolLeaver, &[Desk::TownshipService], "J-3.2.9-a"),
            desk(Category::UrbanResident, &[Desk::TownshipService, Desk::CommunityWorkstation], "J-3.2.10-a"),
        ],
    }
}

pub(super) fn baodi_2017() -> EnrolmentParams {
    EnrolmentParams {
        collection_window: Effective::printed(period("2016-10-01", "2016-12-31"), "B-2.3-a"),
        school_window: Effective::printed(period("2016-09-01", "2016-09-30"), "B-2.1-a"),
        late_window: None,
        newborn_months: None,
        interruption_months: Effective::printed(3, "B-2.4-a"),
        special_window: None,
        adult_age: Effective::printed(18, "B-2.3-a"),
        small_children: Effective::printed(SMALL_CHILDREN.to_vec(), "B-1.1-c"),
        central_identities: Effective::printed(CENTRAL.to_vec(), "B-7.3.3-a"),
        desks: vec![
            desk(Category::SchoolStudent, &[Desk::DistrictSocialInsuranceBranch], "B-7.3.1-a"),
            desk(Category::UrbanResident, &[Desk::CommunityWorkstation, Desk::TownshipService], "B-7.3.2-a"),
            desk(Category::RuralResident, &[Desk::TownshipService], "B-7.3.2-b"),
            desk(Category::PreschoolChild, &[Desk::CommunityWorkstation, Desk::TownshipService], "B-7.3.2-a"),
            desk(Category::SpecialPerson, &[Desk::CitySocialInsuranceCentre], "B-7.3.3-a"),
            desk(Category::InterruptedEmployee, &[Desk::DistrictSocialInsuranceBranch], "B-2.4-a"),
        ],
    }
}

/// A farmer who applies for 2021 in time and at the right desk, insured the year before.
pub(super) fn farmer() -> Application {
    Application {
        category: Category::RuralResident,
        policy_year: 2021,
        born_on: day("1970-05-01"),
        applied_on: day("2020-10-12"),
        desk: Desk::TownshipService,
        tier: Some(Tier::Middle),
        identities: Vec::new(),
        interrupted_on: None,
        previous_year_insured: Some(true),
        existing: None,
    }
}
