//! Who left a school (J-3.2.9-a) or the employees' insurance (J-3.2.7-a, J-3.2.7-b, B-2.4-a).

use chrono::Datelike;

use super::Standing;
use crate::codes::{Category, Desk};
use crate::receipt::{Step, Value};
use crate::refusal::{Reason, Refusal};
use crate::registry::application::Application;
use crate::registry::params::EnrolmentParams;

/// Who withdrew or dropped out, without attending anywhere since. Graduates are like other residents (AMB-031).
pub(super) fn maybe_leaver(application: &Application, params: &EnrolmentParams) -> Option<Standing> {
    let (leaving, reasons) = (application.circumstances.leaving.as_ref()?, params.leaving_reasons.as_ref()?);
    let reason = leaving.what.reason;
    if !reasons.contains(&reason) {
        return None;
    }
    if let Some(attendance) = &application.circumstances.attendance {
        // Attending since the leaving decides elsewhere.
        return (attendance.on < leaving.on).then(|| {
            let detail = "the institution still lists the person; its roster ends the attendance first";
            let refusal = Refusal::new(Reason::OrderViolation, detail).at("facts");
            let refusal = refusal.by(reasons.reference.rule_id.clone()).with("left_on", leaving.on);
            Standing::refused(
                Category::SchoolLeaver,
                match &attendance.what.unit_id {
                    Some(unit_id) => refusal.with("unit_id", unit_id),
                    None => refusal,
                },
            )
        });
    }
    let step = Step::by(reasons, |_| reason.into()).given("leaving_reason", reason).given("left_on", leaving.on);
    Some(Standing::accepted(Category::SchoolLeaver, step))
}

/// Who files at the desk of interrupted employees: the branch for the running year, the tax hall for the next one. At any
/// other desk such a person is a resident like others.
pub(super) fn maybe_interrupted(application: &Application, params: &EnrolmentParams) -> Option<Standing> {
    let interruption = application.circumstances.interruption?;
    let category = Category::InterruptedEmployee;
    let next_year = !in_channel(category, application);
    let onward = params.next_year_desks.as_ref().filter(|desks| next_year && desks.contains(&application.desk));
    if application.desk != Desk::DistrictSocialInsuranceBranch && onward.is_none() {
        return None;
    }
    let last_event = interruption.maybe_last_event();
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
    use crate::codes::{InstitutionKind, LeavingReason};
    use crate::dates::written::day;
    use crate::registry::circumstances::Since;
    use crate::registry::facts::Employment;
    use crate::registry::fixtures::{attending, baodi_2017, farmer, interrupted, left_school, tianjin_2021};

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

    /// J-3.2.7-a, B-2.4-a: a new job ends the interruption.
    #[test]
    fn who_is_employed_again_is_refused() {
        let desk = Desk::DistrictSocialInsuranceBranch;
        for law in [tianjin_2021(), baodi_2017()] {
            let mut employee = interrupted("2020-09-30", Application { desk, ..farmer() });
            let mut employed = |on: &str| {
                employee.circumstances.employment = Some(Since { on: day(on), what: Employment { employed: true } });
                decide(&employee, &law).outcome
            };
            assert_eq!(employed("2020-10-08").unwrap_err().reason, Reason::ClassNotEligible);
            assert!(employed("2012-03-01").is_ok());
        }
    }
}
