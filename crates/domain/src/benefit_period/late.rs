//! Late payments: a waiting time by whether the year before was insured (J-4.1.1-a, J-4.1.1-b).

use super::derive::{Answer, Facts, to_year_end};
use super::params::BenefitPeriodParams;
use crate::dates::first_of_month_after;
use crate::receipt::{Step, Value};
use crate::refusal::{Reason, Refusal};

/// From the first day of a later month: the next one, or the fourth counting the month of payment as the first.
pub(super) fn period(facts: &Facts, params: &BenefitPeriodParams) -> Answer {
    if !in_late_window(facts, params) {
        return Ok(None);
    }
    let (wait, parameter) = match facts.previous_year_insured {
        Some(true) => (&params.late_wait_insured, "benefit_period.late_wait_insured"),
        Some(false) => (&params.late_wait_uninsured, "benefit_period.late_wait_uninsured"),
        None => {
            return Err(Refusal::new(Reason::RequiredFieldMissing, "whether the year before was insured is needed")
                .at("previous_year")
                .by("J-4.1.1-a"));
        }
    };
    let Some(wait) = wait else {
        return Err(Refusal::new(Reason::RuleNotDefined, "no waiting time is printed for late payments")
            .at("payment_date")
            .with("parameter", parameter));
    };
    let step = Step::by(wait, |months| Value::Count((*months).into()));
    let start = first_of_month_after(facts.paid_on, wait.value);
    let period = to_year_end(start, facts.policy_year, &step)?;
    Ok(Some((period, step)))
}

/// True for a payment in the late window (J-3.1-b). Who owes nothing as a special person has none, and cannot qualify
/// by paying (AMB-019).
pub(super) fn in_late_window(facts: &Facts, params: &BenefitPeriodParams) -> bool {
    !facts.registered_free() && params.late_window.as_ref().is_some_and(|window| window.contains(facts.paid_on))
}

#[cfg(test)]
mod tests {
    use super::super::derive::derive;
    use super::super::fixtures::{adult, tianjin_2021};
    use super::*;
    use crate::codes::Category;

    /// First day with insurance in the year before, and without.
    fn starts(paid_on: &str) -> [String; 2] {
        [Some(true), Some(false)].map(|previous_year_insured| {
            let facts = Facts { previous_year_insured, ..adult(paid_on) };
            derive(&facts, &tianjin_2021()).unwrap().spans[0].period.start().to_string()
        })
    }

    /// S-16, C12, C13: J-4.1.1-a waits for the next month, J-4.1.1-b for the fourth.
    #[test]
    fn the_month_of_payment_decides() {
        assert_eq!(starts("2020-12-31"), ["2021-01-01", "2021-01-01"]);
        assert_eq!(starts("2021-01-01"), ["2021-02-01", "2021-04-01"]);
        assert_eq!(starts("2021-01-31"), ["2021-02-01", "2021-04-01"]);
        assert_eq!(starts("2021-02-01"), ["2021-03-01", "2021-05-01"]);
        assert_eq!(starts("2021-02-26"), ["2021-03-01", "2021-05-01"]);
        assert_eq!(starts("2021-06-30"), ["2021-07-01", "2021-09-01"]);
    }

    #[test]
    fn the_rules_are_named() {
        let rule = |insured| {
            let facts = Facts { previous_year_insured: Some(insured), ..adult("2021-02-26") };
            period(&facts, &tianjin_2021()).unwrap().unwrap().1.rule_id
        };
        assert_eq!((rule(true).as_ref(), rule(false).as_ref()), ("J-4.1.1-a", "J-4.1.1-b"));
    }

    /// AMB-019: a special person who pays qualifies for the late window, J-4.1.1-b.
    #[test]
    fn a_special_person_who_pays_may_pay_late() {
        let paying = Facts { category: Category::SpecialPerson, ..adult("2021-02-26") };
        let (opened, step) = period(&paying, &tianjin_2021()).unwrap().unwrap();
        assert_eq!((opened.start().to_string().as_str(), step.rule_id.as_ref()), ("2021-05-01", "J-4.1.1-b"));
        let free = Facts { fully_subsidised: true, ..paying };
        assert_eq!(period(&free, &tianjin_2021()), Ok(None));
    }

    #[test]
    fn the_year_before_has_to_be_known() {
        let unknown = Facts { previous_year_insured: None, ..adult("2021-02-26") };
        assert_eq!(period(&unknown, &tianjin_2021()).unwrap_err().reason, Reason::RequiredFieldMissing);
    }
}
