//! Newborns: covered from birth when paid in the time of grace, else from the day after payment.

use chrono::{Days, NaiveDate};

use super::derive::{Answer, Facts, to_year_end};
use super::ordinary;
use super::params::{BenefitPeriodParams, Grace};
use crate::codes::Category;
use crate::dates::add_months;
use crate::receipt::{Step, Value};
use crate::refusal::{Reason, Refusal};

/// The period of a newborn.
///
/// Born inside the window and paid in time, one payment covers from birth, the old year included (J-4.1.4-c,
/// B-3.2-c); paid later, from the day after payment (J-4.1.4-d, B-3.2-d). Born outside it, the running year is
/// covered from birth (J-4.1.4-a, B-3.2-a) or from the day after payment (J-4.1.4-b, B-3.2-b), and no earlier
/// than 1 January of the year paid for (AMB-047). Paid neither before the collection window of that year nor, where an
/// end is printed, after the first birthday (J-4.1.4-b).
pub(super) fn period(facts: &Facts, params: &BenefitPeriodParams) -> Answer {
    if facts.category != Category::Newborn {
        return Ok(None);
    }
    let grace = &params.newborn_grace;
    if facts.paid_on < facts.born_on {
        return Err(Refusal::new(Reason::DateOrder, "the payment lies before the birth")
            .at("payment_date")
            .by(grace.reference.rule_id.clone()));
    }
    in_window(facts, params)?;
    let grace_until = last_day(facts.born_on, grace.value);
    let in_time = facts.paid_on <= grace_until;
    let from = if in_time { facts.born_on } else { facts.paid_on + Days::new(1) };
    let (step, start) = if params.newborn_window.contains(facts.born_on) {
        let rule = if in_time { &params.newborn_window } else { &params.newborn_window_late };
        (Step::by(rule, |window| (*window).into()).using(grace, value), from)
    } else {
        let rule = if in_time { grace } else { &params.newborn_late };
        (Step::by(rule, value), from.max(first_day(facts.policy_year)))
    };
    let step = step.given("birth_date", facts.born_on).found("grace_until", grace_until);
    let period = to_year_end(start, facts.policy_year, &step)?;
    Ok(Some((period, step)))
}

/// Refuses a payment before the window of the year paid for opens, or later after the birth than a newborn is registered.
fn in_window(facts: &Facts, params: &BenefitPeriodParams) -> Result<(), Refusal> {
    if facts.paid_on < params.collection_window.start() {
        return Err(ordinary::not_open(&params.collection_window));
    }
    let last_day = params.newborn_months.as_ref().map(|months| add_months(facts.born_on, months.value));
    match last_day {
        Some(last_day) if facts.paid_on > last_day => {
            Err(Refusal::new(Reason::WindowClosed, format!("payment was open until {last_day}"))
                .at("payment_date")
                .with("last_day", last_day)
                .by(params.newborn_late.reference.rule_id.clone()))
        }
        _ => Ok(()),
    }
}

/// Last day of the time of grace: months clamped (AMB-006), days not counting the day of birth (AMB-007).
fn last_day(born_on: NaiveDate, grace: Grace) -> NaiveDate {
    match grace {
        Grace::Months(months) => add_months(born_on, months),
        Grace::Days(days) => born_on + Days::new(days.into()),
    }
}

fn first_day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(NaiveDate::MAX)
}

fn value(grace: &Grace) -> Value {
    match grace {
        Grace::Months(count) | Grace::Days(count) => Value::Count((*count).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{baodi_2017, newborn, tianjin_2021};
    use super::*;

    /// First and last day with the rule that decided.
    fn found(facts: &Facts, params: &BenefitPeriodParams) -> (String, String) {
        let (period, step) = period(facts, params).unwrap().unwrap();
        (period.to_string(), step.rule_id.into_owned())
    }

    fn tianjin(born_on: &str, paid_on: &str) -> (String, String) {
        found(&newborn(born_on, paid_on), &tianjin_2021())
    }

    fn baodi(born_on: &str, paid_on: &str) -> (String, String) {
        found(&Facts { policy_year: 2017, ..newborn(born_on, paid_on) }, &baodi_2017())
    }

    fn answer(period: &str, rule: &str) -> (String, String) {
        (period.to_owned(), rule.to_owned())
    }

    /// S-18, C14: J-4.1.4-a and J-4.1.4-b; one day of payment costs 124 days of cover.
    #[test]
    fn four_months_decide_in_the_running_year() {
        assert_eq!(tianjin("2021-03-15", "2021-07-15"), answer("2021-03-15 to 2021-12-31", "J-4.1.4-a"));
        assert_eq!(tianjin("2021-03-15", "2021-07-16"), answer("2021-07-17 to 2021-12-31", "J-4.1.4-b"));
    }

    /// S-19: J-4.1.4-c from birth, J-4.1.4-d from the day after payment, months clamped (AMB-006).
    #[test]
    fn a_birth_inside_the_window_is_covered_by_the_next_premium() {
        assert_eq!(tianjin("2020-10-05", "2020-11-02"), answer("2020-10-05 to 2021-12-31", "J-4.1.4-c"));
        assert_eq!(tianjin("2020-11-10", "2021-02-20"), answer("2020-11-10 to 2021-12-31", "J-4.1.4-c"));
        assert_eq!(tianjin("2020-11-10", "2021-03-11"), answer("2021-03-12 to 2021-12-31", "J-4.1.4-d"));
        assert_eq!(tianjin("2020-09-01", "2021-01-02"), answer("2021-01-03 to 2021-12-31", "J-4.1.4-d"));
        assert_eq!(tianjin("2020-10-31", "2021-02-28").1, "J-4.1.4-c");
        assert_eq!(tianjin("2020-10-31", "2021-03-01").1, "J-4.1.4-d");
    }

    /// AMB-047: born before the window, no earlier than 1 January of the year paid for.
    #[test]
    fn a_birth_before_the_window_is_covered_from_new_year() {
        assert_eq!(tianjin("2020-08-31", "2020-12-01").0, "2021-01-01 to 2021-12-31");
    }

    /// S-23: B-3.2-a to B-3.2-d count ninety days.
    #[test]
    fn ninety_days_decide_in_baodi() {
        assert_eq!(baodi("2017-01-15", "2017-04-15"), answer("2017-01-15 to 2017-12-31", "B-3.2-a"));
        assert_eq!(baodi("2017-01-15", "2017-04-16"), answer("2017-04-17 to 2017-12-31", "B-3.2-b"));
        assert_eq!(baodi("2016-10-01", "2016-12-30"), answer("2016-10-01 to 2017-12-31", "B-3.2-c"));
        assert_eq!(baodi("2016-10-01", "2016-12-31"), answer("2017-01-01 to 2017-12-31", "B-3.2-d"));
    }

    /// J-4.1.4-b: within one year of birth, the first birthday included; B-3.2-d prints no end.
    #[test]
    fn a_newborn_is_paid_for_within_a_year() {
        assert_eq!(tianjin("2020-09-01", "2021-09-01").0, "2021-09-02 to 2021-12-31");
        let refusal = period(&newborn("2020-09-01", "2021-09-02"), &tianjin_2021()).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::WindowClosed, Some("J-4.1.4-b")));
        assert_eq!(refusal.metadata, [("last_day", "2021-09-01".to_owned())]);
        assert_eq!(baodi("2016-10-01", "2017-10-02"), answer("2017-10-03 to 2017-12-31", "B-3.2-d"));
    }

    /// J-3.1-a, B-2.3-a: nobody pays for a year before its collection window opens.
    #[test]
    fn a_newborn_is_not_paid_for_before_the_window() {
        let refusal = period(&newborn("2020-03-01", "2020-08-31"), &tianjin_2021()).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::WindowNotOpen, Some("J-3.1-a")));
        let baodi = Facts { policy_year: 2017, ..newborn("2016-03-01", "2016-09-30") };
        let refusal = period(&baodi, &baodi_2017()).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::WindowNotOpen, Some("B-2.3-a")));
    }

    /// J-4.1.4-b, AMB-050: the period would be empty.
    #[test]
    fn a_cover_that_would_begin_after_the_year_is_refused() {
        let refusal = period(&newborn("2021-03-15", "2021-12-31"), &tianjin_2021()).unwrap_err();
        assert_eq!(refusal.reason, Reason::NotInBenefitPeriod);
        let refusal = period(&newborn("2021-03-15", "2021-03-14"), &tianjin_2021()).unwrap_err();
        assert_eq!(refusal.reason, Reason::DateOrder);
    }
}
