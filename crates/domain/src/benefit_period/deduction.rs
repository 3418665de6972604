//! Premiums deducted from the old-age living subsidy: the ordinary period, whatever the day of the deduction.

use super::derive::{Answer, Facts};
use super::ordinary::not_open;
use super::params::BenefitPeriodParams;
use crate::receipt::Step;
use crate::refusal::{Reason, Refusal};

/// The whole year (J-3.3.4-a, B-7.3.3-c): the deduction takes the place of the enrolment that was missed in the collection
/// window, so that the waiting months of a late payment do not apply (AMB-041). Nothing is deducted before the window, nor
/// after the year it is for.
pub(super) fn period(facts: &Facts, params: &BenefitPeriodParams) -> Answer {
    if !facts.by_deduction {
        return Ok(None);
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

#[cfg(test)]
mod tests {
    use super::super::derive::derive;
    use super::super::fixtures::{adult, baodi_2017, tianjin_2021, written};
    use super::*;
    use crate::codes::Insurance;

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

    #[test]
    fn nothing_is_deducted_outside_window_and_year() {
        let refused = |paid_on| derive(&deducted(paid_on), &tianjin_2021()).unwrap_err();
        assert!(refused("2020-08-31").has(Reason::WindowNotOpen));
        assert!(refused("2022-01-01").has(Reason::NotInBenefitPeriod));
    }
}
