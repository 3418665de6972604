//! Payment during the epidemic and shortly after it: no waiting months (J-4.1.2-a).

use chrono::NaiveDate;

use super::derive::{Answer, Facts, to_year_end};
use super::late::in_late_window;
use super::params::BenefitPeriodParams;
use crate::dates::{Period, add_months};
use crate::receipt::{Step, Value};
use crate::refusal::{Reason, Refusal};

/// From the day of payment (AMB-049). Only a late payment has a waiting period to lift: one inside the collection
/// window is never moved forward, and the deadline of the late window stands.
pub(super) fn period(facts: &Facts, params: &BenefitPeriodParams) -> Answer {
    if !facts.invokes_epidemic_rule || !in_late_window(facts, params) {
        return Ok(None);
    }
    let Some(months) = &params.epidemic_months_after else {
        return Err(Refusal::new(Reason::RuleNotDefined, "no epidemic rule is printed for this year")
            .at("invoke_epidemic_rule")
            .with("parameter", "benefit_period.epidemic_months_after"));
    };
    let epidemic = params.epidemic.as_ref().map_err(|gap| Refusal::from(gap.clone()).at("invoke_epidemic_rule"))?;
    let last_day = last_day(epidemic.value, months.value);
    if facts.paid_on < epidemic.start() || facts.paid_on > last_day {
        return Ok(None);
    }
    let step = Step::by(months, |months| Value::Count((*months).into()))
        .using(epidemic, |period| (*period).into())
        .found("last_day", last_day);
    let period = to_year_end(facts.paid_on, facts.policy_year, &step)?;
    Ok(Some((period, step)))
}

fn last_day(epidemic: Period, months_after: u32) -> NaiveDate {
    add_months(epidemic.last_day(), months_after)
}

#[cfg(test)]
mod tests {
    use super::super::derive::derive;
    use super::super::fixtures::{adult, baodi_2017, tianjin_2021};
    use super::*;
    use crate::dates::written;
    use crate::effective::Effective;

    fn invoking(paid_on: &str) -> Facts {
        Facts { invokes_epidemic_rule: true, ..adult(paid_on) }
    }

    fn law(epidemic_until: &str) -> BenefitPeriodParams {
        let epidemic = Effective::printed(written::period("2020-01-20", epidemic_until), "J-4.1.2-a");
        BenefitPeriodParams { epidemic: Ok(epidemic), ..tianjin_2021() }
    }

    fn start(facts: &Facts, params: &BenefitPeriodParams) -> String {
        derive(facts, params).unwrap().spans[0].period.start().to_string()
    }

    /// S-21: J-4.1.2-a needs the dates of the epidemic.
    #[test]
    fn unset_dates_are_a_gap_only_for_those_who_invoke_the_rule() {
        let refusals = derive(&invoking("2021-05-20"), &tianjin_2021()).unwrap_err();
        assert!(refusals.has(Reason::ParameterNotSet));
        assert_eq!(start(&adult("2021-05-20"), &tianjin_2021()), "2021-08-01");
        assert_eq!(start(&invoking("2020-10-08"), &tianjin_2021()), "2021-01-01");
    }

    /// S-21: from the day of payment, for three months after the end.
    #[test]
    fn benefits_begin_on_the_day_of_payment() {
        assert_eq!(start(&invoking("2021-05-20"), &law("2021-03-31")), "2021-05-20");
        assert_eq!(start(&invoking("2021-06-30"), &law("2021-03-31")), "2021-06-30");
    }

    /// C16: one day later there are waiting months again.
    #[test]
    fn after_three_months_the_waiting_time_is_back() {
        assert_eq!(start(&invoking("2021-03-31"), &law("2020-12-31")), "2021-03-31");
        assert_eq!(start(&invoking("2021-04-01"), &law("2020-12-31")), "2021-07-01");
    }

    /// AMB-049: waiting months are lifted, the deadline is not.
    #[test]
    fn the_deadline_stands() {
        assert!(derive(&invoking("2021-07-01"), &law("2021-12-31")).unwrap_err().has(Reason::WindowClosed));
    }

    #[test]
    fn no_such_rule_in_2017() {
        let facts = Facts { policy_year: 2017, ..invoking("2017-02-01") };
        assert!(derive(&facts, &baodi_2017()).unwrap_err().has(Reason::WindowClosed));
    }
}
