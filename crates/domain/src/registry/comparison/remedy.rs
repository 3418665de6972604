//! What a finding says, who ends it, and how: at which desk, with which paper, by which day.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::codes::{Category, Desk, FindingKind, Identity, Office, Paper, RosterKind};
use crate::dates::Period;
use crate::effective::Effective;
use crate::registry::authority;
use crate::registry::params::EnrolmentParams;

/// The offices that answer for a kind of list or of finding.
pub type Duty<K> = (K, Effective<Vec<Office>>);

/// What the documents of a year say of comparisons.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ComparisonParams {
    /// Who answers for full coverage of the persons on a kind of list (J-A1.3-g, J-A1.3-i, J-A1.3-n, B-8.2.5-a,
    /// B-8.2.6-a).
    pub coverage: Vec<Duty<RosterKind>>,
    /// Who sees to a kind of finding otherwise (J-A1.3-b and the duties of the departments).
    pub findings: Vec<Duty<FindingKind>>,
}

impl ComparisonParams {
    /// Who ends a finding, and by which rule: that somebody is not covered is for whoever answers for the coverage of
    /// that list, everything else for whoever sees to the finding. `None` where the year's document says neither.
    fn maybe_duty(&self, list: RosterKind, finding: FindingKind) -> Option<&Effective<Vec<Office>>> {
        let coverage = self.coverage.iter().find(|(kind, _)| *kind == list).map(|(_, duty)| duty);
        let general = self.findings.iter().find(|(kind, _)| *kind == finding).map(|(_, duty)| duty);
        if is_gap(finding) { coverage.or(general) } else { general.or(coverage) }
    }

    /// The rule that a finding falls under; empty where the year's document has none.
    #[must_use]
    pub fn rule_id(&self, list: RosterKind, finding: FindingKind) -> Cow<'static, str> {
        self.maybe_duty(list, finding).map(|duty| duty.reference.rule_id.clone()).unwrap_or_default()
    }
}

/// True for a finding that somebody who should be covered is not.
const fn is_gap(finding: FindingKind) -> bool {
    matches!(
        finding,
        FindingKind::NotRegistered
            | FindingKind::NotEnrolled
            | FindingKind::UncoveredPupil
            | FindingKind::SpecialWithoutSubsidisedEnrolment
    )
}

/// Where a remedy is written.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// Kind of list.
    pub list: RosterKind,
    /// Today: the window that is open decides the day.
    pub today: NaiveDate,
    /// Who sees to what.
    pub params: &'a ComparisonParams,
    /// Desks and windows.
    pub enrolment: &'a EnrolmentParams,
}

/// What would end a finding. `identity` is the one that the row asserts or, of a school's special student, records.
#[must_use]
pub fn remedy(scene: &Scene<'_>, finding: FindingKind, identity: Option<Identity>) -> String {
    let who = scene.who(finding);
    let (enrol, paper) = (scene.enrolment(), Paper::IdentityPaper);
    match finding {
        FindingKind::NotRegistered => format!("{who}: register the person by the {paper}, then {enrol}"),
        FindingKind::NotEnrolled | FindingKind::UncoveredPupil => format!("{who}: {enrol}"),
        FindingKind::SpecialWithoutSubsidisedEnrolment => {
            format!("{who}: check the enrolment against the authority's list at {}", scene.desks())
        }
        FindingKind::EnrolledNotOnList => {
            format!(
                "{who}: ask the supplier of {} whether the list is complete or the entry is out of date",
                scene.list
            )
        }
        FindingKind::ConflictingIdentity => format!(
            "{who}: compare both with the {paper}; a wrong entry is changed in the registry, a wrong row by its supplier"
        ),
        FindingKind::Duplicate => {
            format!("{who}: return the list; its supplier strikes the further rows and checks before it sends")
        }
        FindingKind::Deceased => {
            format!("{who}: confirm the day of death; if it stands, the supplier of {} strikes the person", scene.list)
        }
        FindingKind::PaymentWithoutRegistration => {
            format!("{who}: ask whom the payment is for, and {enrol}; or return the payment")
        }
        FindingKind::ServiceAfterDeath => {
            format!("{who}: check the bills with the provider and the day of death; nothing is reversed by itself")
        }
        FindingKind::UnmatchedSpecialStudent => format!(
            "{who}: verify the identity with {}; until a list names the pupil, the enrolment is not a subsidised one",
            identity.map_or(Cow::Borrowed("the authority"), |identity| joined(authority::of(identity)).into())
        ),
    }
}

impl Scene<'_> {
    fn who(&self, finding: FindingKind) -> String {
        let duty = self.params.maybe_duty(self.list, finding);
        duty.map_or_else(|| Office::MedicalInsurance.to_string(), |duty| joined(duty))
    }

    /// As what the persons of the list enrol, which decides desk and window.
    const fn category(&self) -> Category {
        match self.list {
            RosterKind::Students | RosterKind::StudentLoans => Category::SchoolStudent,
            RosterKind::SubsistenceAllowance
            | RosterKind::LowIncome
            | RosterKind::ExtremePoverty
            | RosterKind::SevereDisability
            | RosterKind::EntitledGroups
            | RosterKind::CadreSpouses => Category::SpecialPerson,
            _ => Category::UrbanResident,
        }
    }

    fn desks(&self) -> String {
        let own = self.enrolment.desks.iter().filter(|rule| rule.category == self.category());
        joined(&own.flat_map(|rule| &rule.desks).copied().collect::<Vec<Desk>>())
    }

    /// How, where and by when somebody on the list is enrolled.
    fn enrolment(&self) -> String {
        let with = match self.category() {
            Category::SchoolStudent => Cow::Borrowed("with the list of the school"),
            Category::SpecialPerson => Cow::Borrowed("with the list of the authority"),
            _ => Cow::Owned(format!("with the {}", Paper::IdentityPaper)),
        };
        format!("enrol at {} {with}{}", self.desks(), self.deadline())
    }

    /// The last day of the window that is open or opens next; the last one when all are over.
    fn deadline(&self) -> String {
        let EnrolmentParams { collection_window, school_window, late_window, special_window, .. } = self.enrolment;
        let late = late_window.as_deref();
        let windows: [Option<&Period>; 2] = match self.category() {
            Category::SpecialPerson => [special_window.as_deref(), None],
            Category::SchoolStudent => [Some(school_window), late],
            _ => [Some(collection_window), late],
        };
        let mut days = windows.into_iter().flatten().map(|window| window.last_day());
        match days.clone().find(|last_day| self.today <= *last_day) {
            Some(last_day) => format!(" by {last_day}"),
            None => days.next_back().map_or_else(
                || " at any time of the year".to_owned(),
                |last_day| format!("; the last window ended on {last_day}"),
            ),
        }
    }
}

fn joined<T: ToString>(codes: &[T]) -> String {
    codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
}

#[cfg(test)]
mod tests {
    use super::super::super::fixtures::{baodi_2017, tianjin_2021};
    use super::*;
    use crate::dates::written::day;

    fn duty<T>(of: T, office: Office, rule_id: &'static str) -> Duty<T> {
        (of, Effective::printed(vec![office], rule_id))
    }

    fn jinghai() -> ComparisonParams {
        ComparisonParams {
            coverage: vec![
                duty(RosterKind::Students, Office::Education, "J-A1.3-g"),
                duty(RosterKind::LowIncome, Office::CivilAffairs, "J-A1.3-i"),
            ],
            findings: vec![
                duty(FindingKind::NotEnrolled, Office::Township, "J-A1.3-b"),
                duty(FindingKind::Duplicate, Office::MedicalInsurance, "J-1.3-b"),
            ],
        }
    }

    fn remedy_on(list: RosterKind, finding: FindingKind, today: &str) -> String {
        let (params, enrolment) = (jinghai(), tianjin_2021());
        let scene = Scene { list, today: day(today), params: &params, enrolment: &enrolment };
        remedy(&scene, finding, None)
    }

    /// J-A1.3-b, J-A1.3-g, J-A1.3-i: the duty of a list comes before that of a finding.
    #[test]
    fn each_finding_has_its_rule() {
        let params = jinghai();
        for (list, finding, rule_id) in [
            (RosterKind::Population, FindingKind::NotEnrolled, "J-A1.3-b"),
            (RosterKind::LowIncome, FindingKind::NotEnrolled, "J-A1.3-i"),
            (RosterKind::Students, FindingKind::UncoveredPupil, "J-A1.3-g"),
            (RosterKind::Students, FindingKind::Duplicate, "J-1.3-b"),
            (RosterKind::Population, FindingKind::NotRegistered, ""),
        ] {
            assert_eq!(params.rule_id(list, finding), rule_id, "{list} {finding}");
        }
        // B-8.2.6-a: one duty for all that a list of 2017 shows.
        let coverage = vec![duty(RosterKind::LowIncome, Office::CivilAffairs, "B-8.2.6-a")];
        let baodi = ComparisonParams { coverage, ..ComparisonParams::default() };
        assert_eq!(baodi.rule_id(RosterKind::LowIncome, FindingKind::Duplicate), "B-8.2.6-a");
    }

    /// J-3.1-a, J-3.1-b: the window that is open names the day.
    #[test]
    fn a_remedy_names_desk_paper_and_day() {
        let general = |today| remedy_on(RosterKind::Population, FindingKind::NotEnrolled, today);
        let desks = "TOWNSHIP: enrol at TOWNSHIP_SERVICE or COMMUNITY_WORKSTATION with the IDENTITY_PAPER";
        assert_eq!(general("2020-12-31"), format!("{desks} by 2020-12-31"));
        assert_eq!(general("2021-01-01"), format!("{desks} by 2021-06-30"));
        assert_eq!(general("2021-07-01"), format!("{desks}; the last window ended on 2021-06-30"));
        let pupil = remedy_on(RosterKind::Students, FindingKind::UncoveredPupil, "2021-03-01");
        let branch = "EDUCATION: enrol at DISTRICT_SOCIAL_INSURANCE_BRANCH with the list of the school by 2021-06-30";
        assert_eq!(pupil, branch);
        let poor = remedy_on(RosterKind::LowIncome, FindingKind::NotEnrolled, "2020-10-01");
        let centre =
            "CIVIL_AFFAIRS: enrol at CITY_MEDICAL_INSURANCE_CENTRE with the list of the authority by 2020-12-31";
        assert_eq!(poor, centre);
    }

    /// B-7.3.3-a prints no window of special persons.
    #[test]
    fn without_a_printed_window_there_is_no_last_day() {
        let (params, enrolment) = (ComparisonParams::default(), baodi_2017());
        let today = day("2017-03-01");
        let scene = Scene { list: RosterKind::LowIncome, today, params: &params, enrolment: &enrolment };
        assert!(remedy(&scene, FindingKind::NotEnrolled, None).ends_with("at any time of the year"));
    }

    #[test]
    fn every_finding_has_a_remedy_without_a_person_in_it() {
        for list in RosterKind::ALL {
            for finding in FindingKind::ALL {
                let text = remedy_on(*list, *finding, "2021-03-01");
                assert!(text.contains(": ") && text.len() < 300, "{list} {finding}: {text}");
            }
        }
        // J-3.2.5-e: the authority of the identity that the school records.
        let (params, enrolment) = (jinghai(), tianjin_2021());
        let today = day("2021-03-01");
        let scene = Scene { list: RosterKind::Students, today, params: &params, enrolment: &enrolment };
        let text = remedy(&scene, FindingKind::UnmatchedSpecialStudent, Some(Identity::SevereDisability));
        assert!(text.contains("with DISABLED_PERSONS_FEDERATION;"), "{text}");
    }
}
