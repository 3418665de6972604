//! Who left a school (J-3.2.9-a) or the employees' insurance (J-3.2.7-a, J-3.2.7-b, B-2.4-a).

use chrono::Datelike;

use super::{Standing, adult, child};
use crate::codes::{Category, Desk};
use crate::dates::add_months;
use crate::receipt::{Step, Value};
use crate::refusal::{Reason, Refusal};
use crate::registry::application::Application;
use crate::registry::params::EnrolmentParams;

/// Who withdrew or dropped out, without attending anywhere or working since. Graduates are like other residents (AMB-031),
/// and so is who left the employees' insurance after the school.
///
/// Leaving a school opens no class of its own: a minor or an adult belongs to one as every other does (J-1.1-c, J-1.2-a,
/// J-1.2-b).
pub(super) fn maybe_leaver(application: &Application, params: &EnrolmentParams) -> Option<Standing> {
    let (leaving, reasons) = (application.circumstances.leaving.as_ref()?, params.leaving_reasons.as_ref()?);
    let reason = leaving.what.reason;
    if !reasons.contains(&reason) || application.maybe_interrupted_on().is_some_and(|on| on > leaving.on) {
        return None;
    }
    let category = Category::SchoolLeaver;
    if let Some(attendance) = &application.circumstances.attendance {
        // Attending since the leaving decides elsewhere.
        return (attendance.on < leaving.on).then(|| {
            let detail = "the institution still lists the person; its roster ends the attendance first";
            let refusal = Refusal::new(Reason::OrderViolation, detail).at("facts");
            let refusal = refusal.by(reasons.reference.rule_id.clone()).with("left_on", leaving.on);
            Standing::refused(
                category,
                match &attendance.what.unit_id {
                    Some(unit_id) => refusal.with("unit_id", unit_id),
                    None => refusal,
                },
            )
        });
    }
    let eligible = child::maybe_minor(application, params).unwrap_or_else(|| adult::decide(application, params));
    Some(match eligible.outcome {
        Ok(eligible) => {
            let step = Step::by(reasons, |_| reason.into()).given("leaving_reason", reason);
            Standing::accepted(category, step.given("left_on", leaving.on).after(eligible))
        }
        Err(refusal) => Standing::refused(category, refusal),
    })
}

/// Who files at the desk of interrupted employees: the branch for the running year, the tax hall for the next one. At any
/// other desk such a person is a resident like others, and so is who applies for the year to come where the law opens no
/// desk for it (2017), or after an interruption that never opened the channel in the year of the application.
pub(super) fn maybe_interrupted(application: &Application, params: &EnrolmentParams) -> Option<Standing> {
    let interruption = application.circumstances.interruption?;
    let category = Category::InterruptedEmployee;
    let next_year = !in_channel(category, application);
    let onward = params.next_year_desks.as_ref().filter(|desks| next_year && desks.contains(&application.desk));
    if application.desk != Desk::DistrictSocialInsuranceBranch && onward.is_none() {
        return None;
    }
    let last_event = interruption.maybe_last_event();
    let reaches = |on| add_months(on, params.interruption_months.value).year() >= application.applied_on.year();
    if next_year && (params.next_year_desks.is_none() || last_event.is_some_and(|on| !reaches(on))) {
        return None;
    }
    if let (Some(desks), None) = (onward, last_event) {
        let refusal = Refusal::new(Reason::RequiredFieldMissing, "the day the contract or the benefit ended is needed");
        return Some(Standing::refused(category, refusal.at("facts").by(desks.reference.rule_id.clone())));
    }
    let employment = application.circumstances.employment.as_ref().filter(|employment| employment.what.employed);
    if let (Some(employment), Some(last_event)) = (employment, last_event)
        && employment.on > last_event
    {
        let refusal = Refusal::new(Reason::ClassNotEligible, "employed again since the interruption").at("facts");
        let rule_id = params.interruption_months.reference.rule_id.clone();
        return Some(Standing::refused(category, refusal.by(rule_id).with("employed_since", employment.on)));
    }
    let step = match onward {
        Some(desks) => Step::by(desks, |_| application.desk.into()),
        None => Step::by(&params.interruption_months, |months| Value::Count((*months).into())),
    };
    let events = [
        ("contract_end_date", interruption.contract_ended_on),
        ("unemployment_benefit_end_date", interruption.benefit_ended_on),
    ];
    let given = |step: Step, (name, on): (&'static str, Option<_>)| match on {
        Some(on) => step.given(name, Value::Date(on)),
        None => step,
    };
    let step = events.into_iter().fold(step, given);
    Some(Standing::accepted(
        category,
        match last_event {
            Some(last_event) => step.found("interruption_date", last_event),
            None => step,
        },
    ))
}

/// True for an interrupted employee who applies in the channel of the running year. For the year to come the application
/// is one like any other (J-3.2.7-b).
#[must_use]
pub fn in_channel(category: Category, application: &Application) -> bool {
    category == Category::InterruptedEmployee && application.applied_on.year() >= application.policy_year
}

#[cfg(test)]
mod tests {
    use super::super::decide;
    use super::*;
    use crate::codes::{CertificateKind, InstitutionKind, LeavingReason};
    use crate::dates::written::day;
    use crate::registry::circumstances::Since;
    use crate::registry::facts::Employment;
    use crate::registry::fixtures::{
        attending, baodi_2017, certified, farmer, from_elsewhere, interrupted, left_school, tianjin_2021, townsman,
    };

    /// J-3.2.9-a; B 2017 knows no leavers, and graduates are none (AMB-031).
    #[test]
    fn who_withdrew_or_dropped_out_is_a_leaver() {
        let left = |reason| left_school(reason, farmer());
        for reason in [LeavingReason::Withdrawn, LeavingReason::DroppedOut] {
            let standing = decide(&left(reason), &tianjin_2021());
            let rule_id = standing.outcome.unwrap().rule_id;
            assert_eq!((standing.category, rule_id.as_ref()), (Category::SchoolLeaver, "J-3.2.9-a"));
            assert_eq!(decide(&left(reason), &baodi_2017()).category, Category::RuralResident);
        }
        let graduate = decide(&left(LeavingReason::Graduated), &tianjin_2021());
        assert_eq!(graduate.category, Category::RuralResident);
    }

    /// J-3.2.9-a: as long as the institution lists the person, the roster comes first.
    #[test]
    fn who_is_still_listed_waits_for_the_roster() {
        let listed = left_school(LeavingReason::DroppedOut, attending(InstitutionKind::SecondaryVocational, farmer()));
        let standing = decide(&listed, &tianjin_2021());
        let refusal = standing.outcome.unwrap_err();
        assert_eq!((standing.category, refusal.reason), (Category::SchoolLeaver, Reason::OrderViolation));
        assert!(refusal.metadata.contains(&("unit_id", "120118.S1".to_owned())));
        // Back at school since: a student again.
        let mut back = listed;
        back.circumstances.attendance.as_mut().unwrap().on = day("2020-10-01");
        assert_eq!(decide(&back, &tianjin_2021()).category, Category::SchoolStudent);
    }

    /// J-3.2.9-a opens no class: a minor from elsewhere needs a paper (J-1.1-c), an adult in town no job (J-1.2-a).
    #[test]
    fn a_leaver_belongs_to_the_class_like_others() {
        let refused = |application: Application| {
            let standing = decide(&left_school(LeavingReason::DroppedOut, application), &tianjin_2021());
            let refusal = standing.outcome.unwrap_err();
            (standing.category, refusal.reason, refusal.rule_id.unwrap().into_owned())
        };
        let leaver = Category::SchoolLeaver;
        let minor = from_elsewhere(Application { born_on: day("2003-05-10"), ..farmer() });
        let without_paper = (leaver, Reason::EvidenceNotAccepted, "J-1.1-c".to_owned());
        assert_eq!(refused(minor.clone()), without_paper);
        let mut employed = townsman();
        employed.circumstances.employment = Some(Since { on: day("2018-01-01"), what: Employment { employed: true } });
        assert_eq!(refused(employed), (leaver, Reason::ClassNotEligible, "J-1.2-a".to_owned()));
        // AMB-016: an employed minor, wherever registered.
        let mut employed = Application { born_on: day("2003-05-10"), ..farmer() };
        employed.circumstances.employment = Some(Since { on: day("2020-01-01"), what: Employment { employed: true } });
        assert_eq!(refused(employed).1, Reason::ClassNotEligible);
        let slip = certified(CertificateKind::ResidencePermitAcceptanceSlip, minor);
        let standing = decide(&left_school(LeavingReason::DroppedOut, slip), &tianjin_2021());
        let step = standing.outcome.unwrap();
        assert_eq!((standing.category, step.rule_id.as_ref()), (leaver, "J-3.2.9-a"));
        assert!(step.parameters().any(|parameter| parameter.reference.rule_id == "J-1.1-c"));
    }

    /// J-3.2.7-a: who worked after the school is an interrupted employee at the branch, elsewhere like others.
    #[test]
    fn an_interruption_comes_before_the_leaving() {
        let of = |contract_ended_on, desk| {
            let applied_on = day("2021-09-10");
            let person = left_school(LeavingReason::DroppedOut, Application { desk, applied_on, ..farmer() });
            decide(&interrupted(contract_ended_on, person), &tianjin_2021()).category
        };
        let branch = Desk::DistrictSocialInsuranceBranch;
        assert_eq!(of("2021-08-15", branch), Category::InterruptedEmployee);
        assert_eq!(of("2021-08-15", Desk::TownshipService), Category::RuralResident);
        assert_eq!(of("2020-01-31", Desk::TownshipService), Category::SchoolLeaver);
    }

    /// J-3.2.7-a at the branch, J-3.2.7-b at the tax hall, otherwise an ordinary resident.
    #[test]
    fn the_desk_makes_an_interrupted_employee() {
        let at = |desk, applied_on: &str| {
            let employee = Application { desk, applied_on: day(applied_on), ..farmer() };
            let standing = decide(&interrupted("2020-09-30", employee), &tianjin_2021());
            (standing.category, standing.outcome.unwrap().rule_id.into_owned())
        };
        let employee = |rule_id: &str| (Category::InterruptedEmployee, rule_id.to_owned());
        let branch = Desk::DistrictSocialInsuranceBranch;
        assert_eq!(at(branch, "2021-01-15"), employee("J-3.2.7-a"));
        assert_eq!(at(Desk::TaxHall, "2020-12-01"), employee("J-3.2.7-b"));
        assert_eq!(at(Desk::TaxHall, "2021-01-15").0, Category::RuralResident);
        assert_eq!(at(Desk::TownshipService, "2021-01-15").0, Category::RuralResident);
    }

    /// J-3.2.7-b goes on from J-3.2.7-a: an interruption whose three months ended in an earlier year opens nothing.
    #[test]
    fn an_interruption_of_years_ago_opens_no_next_year() {
        let on = |contract_ended_on| {
            let employee = Application { desk: Desk::TaxHall, applied_on: day("2020-11-10"), ..farmer() };
            decide(&interrupted(contract_ended_on, employee), &tianjin_2021()).category
        };
        assert_eq!(on("2015-01-31"), Category::RuralResident);
        assert_eq!(on("2019-09-30"), Category::RuralResident);
        // Its three months ended on 2020-01-01.
        assert_eq!(on("2019-10-01"), Category::InterruptedEmployee);
        assert_eq!(on("2020-10-31"), Category::InterruptedEmployee);
        let mut undated = interrupted("2020-10-31", Application { desk: Desk::TaxHall, ..farmer() });
        undated.circumstances.interruption.as_mut().unwrap().contract_ended_on = None;
        let refusal = decide(&undated, &tianjin_2021()).outcome.unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RequiredFieldMissing, Some("J-3.2.7-b")));
    }

    /// B-2.4-a is for the running year alone: for the one to come the branch of Baodi has no channel.
    #[test]
    fn baodi_has_no_channel_for_the_next_year() {
        let at_branch = |contract_ended_on, applied_on| {
            let desk = Desk::DistrictSocialInsuranceBranch;
            let employee = Application { desk, policy_year: 2017, applied_on: day(applied_on), ..farmer() };
            decide(&interrupted(contract_ended_on, employee), &baodi_2017()).category
        };
        assert_eq!(at_branch("2010-01-31", "2016-11-10"), Category::RuralResident);
        assert_eq!(at_branch("2016-10-31", "2016-11-10"), Category::RuralResident);
        assert_eq!(at_branch("2016-11-30", "2017-01-10"), Category::InterruptedEmployee);
    }

    /// J-3.2.7-a, B-2.4-a: a new job ends the interruption.
    #[test]
    fn who_is_employed_again_is_refused() {
        let desk = Desk::DistrictSocialInsuranceBranch;
        for law in [tianjin_2021(), baodi_2017()] {
            let mut employee = interrupted("2020-09-30", Application { desk, policy_year: 2020, ..farmer() });
            let mut employed = |on: &str| {
                employee.circumstances.employment = Some(Since { on: day(on), what: Employment { employed: true } });
                decide(&employee, &law).outcome
            };
            assert_eq!(employed("2020-10-08").unwrap_err().reason, Reason::ClassNotEligible);
            assert!(employed("2012-03-01").is_ok());
        }
    }
}
