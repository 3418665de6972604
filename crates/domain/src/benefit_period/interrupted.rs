//! Interrupted employees: from the day after payment, without waiting months (J-4.1.5-a, B-3.4-a).

use chrono::{Datelike, Days, NaiveDate};

use super::derive::{Answer, Facts, to_year_end};
use super::params::BenefitPeriodParams;
use crate::dates::add_months;
use crate::receipt::{Step, Value};
use crate::refusal::{Reason, Refusal};

/// The rest of the running year, for an enrolment through the channel of three months. The registration made in time opens
/// it; the payment is bound by the same months only where the law says so (B-3.4-a). Outside the channel, and for the year
/// to come, the payment is one like any other (J-3.2.7-b).
pub(super) fn period(facts: &Facts, params: &BenefitPeriodParams) -> Answer {
    if !facts.through_channel || facts.paid_on.year() < facts.policy_year {
        return Ok(None);
    }
    let BenefitPeriodParams { interrupted_wait_days: wait, interruption_months: months, .. } = params;
    let bound = &params.interruption_bounds_payment;
    let interrupted_on = interrupted_on(facts, params)?;
    let last_day = add_months(interrupted_on, months.value);
    if bound.value && facts.paid_on > last_day {
        return Err(Refusal::new(Reason::WindowClosed, format!("payment was open until {last_day}"))
            .at("payment_date")
            .with("last_day", last_day)
            .by(months.reference.rule_id.clone()));
    }
    let step = Step::by(wait, |days| Value::Count((*days).into()))
        .using(months, |months| Value::Count((*months).into()))
        .using(bound, |bound| Value::from(if *bound { "TRUE" } else { "FALSE" }))
        .given("interruption_date", interrupted_on)
        .found("last_day", last_day);
    let period = to_year_end(facts.paid_on + Days::new(wait.value.into()), facts.policy_year, &step)?;
    Ok(Some((period, step)))
}

/// The day of the interruption, which the channel needs and which no payment precedes.
fn interrupted_on(facts: &Facts, params: &BenefitPeriodParams) -> Result<NaiveDate, Refusal> {
    let Some(interrupted_on) = facts.interrupted_on else {
        return Err(Refusal::new(Reason::RequiredFieldMissing, "the day the contract or the benefit ended is needed")
            .at("interruption_date")
            .by(params.interruption_months.reference.rule_id.clone()));
    };
    if facts.paid_on < interrupted_on {
        return Err(Refusal::new(Reason::DateOrder, "the payment lies before the interruption")
            .at("payment_date")
            .by(params.interrupted_wait_days.reference.rule_id.clone()));
    }
    Ok(interrupted_on)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{baodi_2017, interrupted, tianjin_2021};
    use super::*;

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

    /// J-3.2.7-a, J-4.1.5-a: the three months bound the registration; registered in time on 2021-04-30, paid in May.
    #[test]
    fn who_registered_in_time_may_pay_after_the_three_months() {
        let (period, step) = period(&interrupted("2021-01-31", "2021-05-06"), &tianjin_2021()).unwrap().unwrap();
        assert_eq!((period.to_string().as_str(), step.rule_id.as_ref()), ("2021-05-07 to 2021-12-31", "J-4.1.5-a"));
    }

    /// B-3.4-a: paid within three months of the interruption, clamped (AMB-006).
    #[test]
    fn in_baodi_the_three_months_bound_the_payment() {
        let paid = |on| Facts { policy_year: 2017, ..interrupted("2017-03-31", on) };
        assert!(period(&paid("2017-06-30"), &baodi_2017()).unwrap().is_some());
        let refusal = period(&paid("2017-07-01"), &baodi_2017()).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::WindowClosed, Some("B-2.4-a")));
        assert_eq!(refusal.metadata, [("last_day", "2017-06-30".to_owned())]);
    }

    /// J-3.2.7-a.
    #[test]
    fn the_channel_needs_the_day_of_the_interruption() {
        let undated = Facts { interrupted_on: None, ..interrupted("2021-03-05", "2021-05-10") };
        assert_eq!(period(&undated, &tianjin_2021()).unwrap_err().reason, Reason::RequiredFieldMissing);
    }

    /// J-3.2.7-b.
    #[test]
    fn a_payment_for_the_next_year_or_outside_the_channel_is_an_ordinary_one() {
        assert_eq!(period(&interrupted("2020-11-20", "2020-12-10"), &tianjin_2021()), Ok(None));
        let outside = Facts { through_channel: false, ..interrupted("2020-11-20", "2021-01-10") };
        assert_eq!(period(&outside, &tianjin_2021()), Ok(None));
    }
}
