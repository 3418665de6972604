//! New entrants of schools and nurseries: from September on the premium of the year to come.

use super::derive::{Answer, Facts, to_year_end};
use super::params::BenefitPeriodParams;
use crate::receipt::Step;
use crate::refusal::{Reason, Refusal};

/// From September to the end of the year paid for (J-4.1.3-a, B-3.1-b): enrolled through the institution, paid
/// inside its window, and not insured in the year before.
pub(super) fn period(facts: &Facts, params: &BenefitPeriodParams) -> Answer {
    if !facts.through_institution() || !params.school_window.contains(facts.paid_on) {
        return Ok(None);
    }
    let start = &params.new_entrant_start;
    match facts.previous_year_insured {
        Some(true) => Ok(None),
        Some(false) => {
            let step = Step::by(start, |day| (*day).into()).using(&params.school_window, |window| (*window).into());
            let period = to_year_end(start.value, facts.policy_year, &step)?;
            Ok(Some((period, step)))
        }
        None => Err(Refusal::new(Reason::RequiredFieldMissing, "whether the year before was insured is needed")
            .at("previous_year")
            .by(start.reference.rule_id.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{adult, pupil, tianjin_2021};
    use super::*;

    fn start(facts: &Facts) -> Option<String> {
        period(facts, &tianjin_2021()).unwrap().map(|(period, _)| period.start().to_string())
    }

    /// S-17: J-4.1.3-a; C15: a day later the rule is gone.
    #[test]
    fn a_new_pupil_is_covered_from_september() {
        assert_eq!(start(&pupil("2020-09-20")).as_deref(), Some("2020-09-01"));
        assert_eq!(start(&pupil("2020-12-31")).as_deref(), Some("2020-09-01"));
        assert_eq!(start(&pupil("2021-01-01")), None);
    }

    #[test]
    fn the_rule_is_for_new_pupils_enrolled_by_their_school() {
        assert_eq!(start(&Facts { previous_year_insured: Some(true), ..pupil("2020-09-20") }), None);
        assert_eq!(start(&adult("2020-09-20")), None);
    }

    #[test]
    fn the_year_before_has_to_be_known() {
        let unknown = Facts { previous_year_insured: None, ..pupil("2020-09-20") };
        assert_eq!(period(&unknown, &tianjin_2021()).unwrap_err().reason, Reason::RequiredFieldMissing);
    }
}
