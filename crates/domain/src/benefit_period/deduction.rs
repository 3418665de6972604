//! Premiums deducted from the old-age living subsidy: the ordinary period, whatever the day of the deduction.

use super::derive::{Answer, Facts};
use super::ordinary::not_open;
use super::params::{BenefitPeriodParams, DeductionStart};
use super::{epidemic, late, ordinary};
use crate::dates::Period;
use crate::receipt::Step;
use crate::refusal::{Reason, Refusal};

/// The whole year (J-3.3.4-a, B-7.3.3-c): the deduction takes the place of the enrolment that was missed in the collection
/// window, so that the waiting months of a late payment do not apply (AMB-041). Nothing is deducted before the window, nor
/// after the year it is for. In the other reading it opens what any payment of its day opens.
pub(super) fn period(facts: &Facts, params: &BenefitPeriodParams) -> Answer {
    if !facts.by_deduction {
        return Ok(None);
    }
    let reading = &params.deduction_benefit_start;
    if reading.value == DeductionStart::LateRule {
        let (opened, step) = like_any_payment(facts, params)?;
        return Ok(Some((opened, step.using(reading, |reading| reading.as_str().into()))));
    }
    let year = &params.deduction;
    if facts.paid_on < params.collection_window.start() {
        return Err(not_open(&params.collection_window));
    }
    if facts.paid_on > year.last_day() {
        let detail = format!("a premium of {} was deducted after the year", facts.policy_year);
        return Err(Refusal::new(Reason::NotInBenefitPeriod, detail)
            .at("payment_date")
            .with("last_day", year.last_day())
            .by(year.reference.rule_id.clone()));
    }
    Ok(Some((year.value, Step::by(year, |period| (*period).into()))))
}

/// The rules that ask nothing but the day.
fn like_any_payment(facts: &Facts, params: &BenefitPeriodParams) -> Result<(Period, Step), Refusal> {
    if let Some(opened) = epidemic::period(facts, params)? {
        return Ok(opened);
    }
    match late::period(facts, params)? {
        Some(opened) => Ok(opened),
        None => ordinary::period(facts, params),
    }
}

#[cfg(test)]
mod tests {
    use super::super::derive::derive;
    use super::super::fixtures::{adult, baodi_2017, tianjin_2021, written};
    use super::*;
    use crate::codes::Insurance;
    use crate::effective::Effective;
    use crate::receipt::Value;

    fn deducted(paid_on: &str) -> Facts {
        Facts { by_deduction: true, ..adult(paid_on) }
    }

    /// J-3.3.4-a, AMB-041: deducted in February, covered from 1 January; the same payment made by hand waits.
    #[test]
    fn a_deduction_opens_the_whole_year() {
        for paid_on in ["2020-10-08", "2021-02-26", "2021-11-30"] {
            let derived = derive(&deducted(paid_on), &tianjin_2021()).unwrap();
            for insurance in Insurance::ALL {
                assert_eq!(written(&derived, *insurance), ["2021-01-01 to 2021-12-31"], "{paid_on} {insurance}");
            }
            assert!(derived.receipt.applies("J-3.3.4-a"));
        }
        let by_hand = derive(&adult("2021-02-26"), &tianjin_2021()).unwrap();
        assert_eq!(written(&by_hand, Insurance::Basic), ["2021-05-01 to 2021-12-31"]);
    }

    /// B-7.3.3-c: also in 2017, which prints no late window.
    #[test]
    fn baodi_deducts_after_new_year() {
        let derived = derive(&Facts { policy_year: 2017, ..deducted("2017-03-15") }, &baodi_2017()).unwrap();
        assert_eq!(written(&derived, Insurance::Basic), ["2017-01-01 to 2017-12-31"]);
        assert!(derived.receipt.applies("B-7.3.3-c"));
    }

    /// AMB-041, the other reading: in the window the year, then the first month after the next two, or after the payment for
    /// who was insured the year before (J-4.1.1-a, -b), and nothing after 30 June.
    #[test]
    fn a_deduction_may_be_a_late_payment() {
        let mut law = tianjin_2021();
        law.deduction_benefit_start = Effective::printed(DeductionStart::LateRule, "J-3.3.4-a");
        let opened = |facts: &Facts| {
            let derived = derive(facts, &law).unwrap();
            assert!(derived.receipt.steps[0].parameters().any(|used| used.value == Value::Code("LATE_RULE".into())));
            written(&derived, Insurance::Basic).remove(0)
        };
        assert_eq!(opened(&deducted("2020-10-08")), "2021-01-01 to 2021-12-31");
        assert_eq!(opened(&deducted("2021-02-26")), "2021-05-01 to 2021-12-31");
        let insured = Facts { previous_year_insured: Some(true), ..deducted("2021-02-26") };
        assert_eq!(opened(&insured), "2021-03-01 to 2021-12-31");
        assert!(derive(&deducted("2021-07-01"), &law).unwrap_err().has(Reason::WindowClosed));
    }

    #[test]
    fn nothing_is_deducted_outside_window_and_year() {
        let refused = |paid_on| derive(&deducted(paid_on), &tianjin_2021()).unwrap_err();
        assert!(refused("2020-08-31").has(Reason::WindowNotOpen));
        assert!(refused("2022-01-01").has(Reason::NotInBenefitPeriod));
    }
}
