//! Interrupted employees: from the day after payment, without waiting months (J-4.1.5-a, B-3.4-a).

use chrono::{Datelike, Days};

use super::derive::{Answer, Facts, to_year_end};
use super::params::BenefitPeriodParams;
use crate::codes::Category;
use crate::receipt::{Step, Value};
use crate::refusal::{Reason, Refusal};

/// The rest of the running year. A payment for the year to come is an ordinary one (J-3.2.7-b).
pub(super) fn period(facts: &Facts, params: &BenefitPeriodParams) -> Answer {
    if facts.category != Category::InterruptedEmployee || facts.paid_on.year() < facts.policy_year {
        return Ok(None);
    }
    let wait = &params.interrupted_wait_days;
    if facts.interrupted_on.is_some_and(|interrupted_on| facts.paid_on < interrupted_on) {
        return Err(Refusal::new(Reason::DateOrder, "the payment lies before the interruption")
            .at("payment_date")
            .by(wait.reference.rule_id.clone()));
    }
    let step = Step::by(wait, |days| Value::Count((*days).into()));
    let period = to_year_end(facts.paid_on + Days::new(wait.value.into()), facts.policy_year, &step)?;
    Ok(Some((period, step)))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{adult, baodi_2017, tianjin_2021};
    use super::*;
    use crate::dates::written::day;

    fn interrupted(interrupted_on: &str, paid_on: &str) -> Facts {
        Facts { category: Category::InterruptedEmployee, interrupted_on: Some(day(interrupted_on)), ..adult(paid_on) }
    }

    /// S-20: J-4.1.5-a.
    #[test]
    fn benefits_begin_on_the_day_after_payment() {
        let (period, step) = period(&interrupted("2021-03-05", "2021-05-10"), &tianjin_2021()).unwrap().unwrap();
        assert_eq!(period.to_string(), "2021-05-11 to 2021-12-31");
        assert_eq!(step.rule_id, "J-4.1.5-a");
    }

    /// S-20, AMB-050.
    #[test]
    fn a_payment_on_the_last_day_of_the_year_is_refused() {
        let refusal = period(&interrupted("2021-10-08", "2021-12-31"), &tianjin_2021()).unwrap_err();
        assert_eq!(refusal.reason, Reason::NotInBenefitPeriod);
        let refusal = period(&interrupted("2021-10-08", "2021-10-07"), &tianjin_2021()).unwrap_err();
        assert_eq!(refusal.reason, Reason::DateOrder);
    }

    /// B-3.4-a: paid 2017-05-31, from 2017-06-01.
    #[test]
    fn baodi_has_the_same_rule() {
        let facts = Facts { policy_year: 2017, ..interrupted("2017-03-31", "2017-05-31") };
        let (period, step) = period(&facts, &baodi_2017()).unwrap().unwrap();
        assert_eq!(period.to_string(), "2017-06-01 to 2017-12-31");
        assert_eq!(step.rule_id, "B-3.4-a");
    }

    /// J-3.2.7-b.
    #[test]
    fn a_payment_for_the_next_year_is_an_ordinary_one() {
        assert_eq!(period(&interrupted("2020-11-20", "2020-12-10"), &tianjin_2021()), Ok(None));
    }
}
