//! A state student loan within a year of admission (J-3.5-d).

use chrono::{Datelike, NaiveDate};

use super::{Application, too_late};
use crate::codes::Class;
use crate::dates::{add_months, year_end};
use crate::receipt::{Step, Value};
use crate::refusal::{Reason, Refusal, Refusals};

use super::params::RefundParams;

/// The whole of what the student paid, though benefits may have begun (AMB-039): the loan comes until the first
/// anniversary of admission, clamped (AMB-006), and the application in the calendar year of the loan.
pub(super) fn step(
    application: &Application,
    admitted_on: NaiveDate,
    loaned_on: NaiveDate,
    params: &RefundParams,
) -> Result<Step, Refusals> {
    let months = params.loan_months.as_ref().map_err(|gap| Refusal::from(gap.clone()).at("ground"))?;
    let rule_id = || months.reference.rule_id.clone();
    let anniversary = add_months(admitted_on, months.value);
    let mut refusals = Refusals::default();
    if application.class != Class::StudentChild {
        let detail = "this ground is for students of higher-education schools";
        refusals.push(Refusal::new(Reason::ClassNotEligible, detail).at("enrolment_id").by(rule_id()));
    }
    if loaned_on < admitted_on {
        let detail = format!("the loan lies before the admission of {admitted_on}");
        refusals.push(Refusal::new(Reason::DateOrder, detail).at("student_loan.loan_date"));
    } else if loaned_on > anniversary {
        let detail = format!("the loan was obtained more than a year after admission, after {anniversary}");
        let refusal = Refusal::new(Reason::ClassNotEligible, detail).at("student_loan.loan_date");
        refusals.push(refusal.with("last_day", anniversary).by(rule_id()));
    }
    if application.applied_on < loaned_on {
        let detail = format!("the refund is applied for before the loan of {loaned_on}");
        refusals.push(Refusal::new(Reason::DateOrder, detail).at("application_date"));
    } else if application.applied_on.year() != loaned_on.year() {
        refusals.push(too_late(year_end(loaned_on.year()), rule_id()));
    }
    refusals.into_result()?;
    Ok(Step::by(months, |months| Value::Count((*months).into()))
        .given("admission_date", admitted_on)
        .given("loan_date", loaned_on)
        .found("anniversary", anniversary)
        .found("last_day", year_end(loaned_on.year())))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{application, student, tianjin_2021};
    use super::super::{Application, Ground, decide};
    use crate::dates::written::day;
    use crate::money::Fen;
    use crate::refusal::Reason;

    fn decided(admitted: &str, loaned: &str, applied: &str) -> Result<Fen, Vec<(Reason, String)>> {
        let ground = Ground::StudentLoan { admitted_on: day(admitted), loaned_on: day(loaned) };
        let refused = decide(&student(applied, ground), &tianjin_2021()).map(|decision| decision.refund);
        refused.map_err(|refusals| {
            let last_day = |refusal: &crate::refusal::Refusal| {
                refusal.metadata.iter().find(|fact| fact.0 == "last_day").map(|fact| fact.1.clone()).unwrap_or_default()
            };
            refusals.0.iter().map(|refusal| (refusal.reason, last_day(refusal))).collect()
        })
    }

    /// S-13: J-3.5-d though benefits began on 2020-09-01 (AMB-038); J-3.5-c without the loan.
    #[test]
    fn a_new_student_with_a_loan_is_paid_back_after_benefits_began() {
        assert_eq!(decided("2020-09-01", "2020-11-20", "2020-12-10"), Ok(Fen::new(26_000)));
        let ordinary = decide(&student("2020-12-10", Ground::Withdrawal), &tianjin_2021()).unwrap_err();
        assert_eq!(ordinary.0[0].reason, Reason::BenefitAlreadyStarted);
        let late = decided("2020-09-01", "2020-11-20", "2021-01-05");
        assert_eq!(late, Err(vec![(Reason::DeadlinePassed, "2020-12-31".to_owned())]));
    }

    /// J-3.5-d: the first anniversary is the last day of the loan, 31 December the last day of the application.
    #[test]
    fn both_bounds_belong_to_the_time() {
        assert_eq!(decided("2020-09-01", "2021-09-01", "2021-12-31"), Ok(Fen::new(26_000)));
        let late = decided("2020-09-01", "2021-09-02", "2021-10-01");
        assert_eq!(late, Err(vec![(Reason::ClassNotEligible, "2021-09-01".to_owned())]));
        assert_eq!(decided("2020-09-01", "2020-12-31", "2020-12-31"), Ok(Fen::new(26_000)));
    }

    /// J-3.5-d, AMB-006: admitted on a leap day, the anniversary is 28 February.
    #[test]
    fn a_leap_day_has_its_anniversary_on_28_february() {
        assert_eq!(decided("2020-02-29", "2021-02-28", "2021-03-05"), Ok(Fen::new(26_000)));
        let late = decided("2020-02-29", "2021-03-01", "2021-03-05");
        assert_eq!(late, Err(vec![(Reason::ClassNotEligible, "2021-02-28".to_owned())]));
    }

    /// J-3.5-d: every failing condition stands in the answer.
    #[test]
    fn conditions_fail_together() {
        let late = decided("2019-09-01", "2020-11-20", "2021-01-05").unwrap_err();
        assert_eq!(late.iter().map(|it| it.0).collect::<Vec<_>>(), [Reason::ClassNotEligible, Reason::DeadlinePassed]);
        assert_eq!(decided("2020-09-01", "2020-08-31", "2020-10-01").unwrap_err()[0].0, Reason::DateOrder);
        assert_eq!(decided("2020-09-01", "2020-11-20", "2020-11-19").unwrap_err()[0].0, Reason::DateOrder);
        let ground = Ground::StudentLoan { admitted_on: day("2020-09-01"), loaned_on: day("2020-11-20") };
        let adult = Application { ..application("2020-12-10", ground) };
        assert!(decide(&adult, &tianjin_2021()).unwrap_err().has(Reason::ClassNotEligible));
    }
}
