//! The yearly appraisal by criteria that the district configured (J-A1.2-d). The documents give none.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::progress::{WHOLE, share};
use crate::codes::UnknownCode;
use crate::receipt::{Receipt, Step};
use crate::refusal::{Reason, Refusal, Refusals};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Measure {
    /// Counted enrolments against the target, at most the whole.
    Completion,
    /// Findings resolved or cleared against all findings of the township.
    FindingsWorkedOff,
    /// Work items closed against all work items of the township.
    WorkClosed,
}

impl Measure {
    /// Every measure.
    pub const ALL: [Self; 3] = [Self::Completion, Self::FindingsWorkedOff, Self::WorkClosed];

    /// The code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Completion => "COMPLETION",
            Self::FindingsWorkedOff => "FINDINGS_WORKED_OFF",
            Self::WorkClosed => "WORK_CLOSED",
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Measure {
    type Err = UnknownCode;
    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        Self::ALL.into_iter().find(|measure| measure.as_str() == text).ok_or(UnknownCode)
    }
}

/// A measure and what it weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Criterion {
    /// Measure.
    pub measure: Measure,
    /// Weight in percent, 1 to 100.
    pub weight_percent: i32,
}

/// Checks criteria before they are stored.
///
/// # Errors
/// `REQUIRED_FIELD_MISSING` for none; `VALUE_NOT_ALLOWED` for a weight outside 1 to 100 or a measure named twice;
/// `AMOUNT_INCONSISTENT` when the weights do not add up to 100.
pub fn check(criteria: &[Criterion]) -> Result<(), Refusals> {
    let mut refusals = Refusals::default();
    let refusal = |reason, detail: String| Refusal::new(reason, detail).at("criteria").by("J-A1.2-d");
    if criteria.is_empty() {
        refusals.push(refusal(Reason::RequiredFieldMissing, "name at least one criterion".to_owned()));
        return Err(refusals);
    }
    if criteria.iter().any(|criterion| !(1..=100).contains(&criterion.weight_percent)) {
        refusals.push(refusal(Reason::ValueNotAllowed, "a weight is 1 to 100 percent".to_owned()));
    }
    let measures: BTreeSet<_> = criteria.iter().map(|criterion| criterion.measure).collect();
    if measures.len() < criteria.len() {
        refusals.push(refusal(Reason::ValueNotAllowed, "each measure is named once".to_owned()));
    }
    let sum = criteria.iter().map(|criterion| i64::from(criterion.weight_percent)).sum::<i64>();
    if sum != 100 {
        let detail = format!("the weights add up to {sum}, not to 100");
        refusals.push(refusal(Reason::AmountInconsistent, detail).with("sum", sum));
    }
    refusals.into_result()
}

/// What was counted for a measure: how much of how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    /// Measure.
    pub measure: Measure,
    /// What was done.
    pub done: i64,
    /// What there was to do; 0 when there was nothing.
    pub whole: i64,
}

/// Scores a unit in basis points, 0 to 10000. A measure of which there was nothing to do is left out, and the weights
/// of the others are scaled to the whole; the receipt says so.
///
/// # Errors
/// `RULE_NOT_DEFINED` without criteria, or when there was nothing to do by any of them (J-A1.2-d).
pub fn score(criteria: &[Criterion], measured: &[Measured]) -> Result<(i64, Receipt), Refusal> {
    if criteria.is_empty() {
        let detail = "the documents give no criteria of appraisal; configure them first";
        return Err(Refusal::new(Reason::RuleNotDefined, detail)
            .with("parameter", "appraisal criteria")
            .by("J-A1.2-d"));
    }
    let mut receipt = Receipt::default();
    let (mut weighed, mut weights) = (0, 0);
    for criterion in criteria {
        let found = measured.iter().find(|measured| measured.measure == criterion.measure);
        let (done, whole) = found.map_or((0, 0), |found| (found.done, found.whole));
        let weight = i64::from(criterion.weight_percent);
        let step = Step::new("J-A1.2-d")
            .given("measure", criterion.measure.as_str())
            .given("weight_percent", weight)
            .given("done", done)
            .given("whole", whole);
        receipt.push(match share(done, whole) {
            Some(share) => {
                let share = share.clamp(0, WHOLE);
                weighed += share * weight;
                weights += weight;
                step.found("basis_points", share)
            }
            None => step.marked("NOTHING_TO_MEASURE"),
        });
    }
    if weights == 0 {
        let detail = "there was nothing to measure by any of the configured criteria";
        return Err(Refusal::new(Reason::RuleNotDefined, detail).by("J-A1.2-d"));
    }
    let score = (weighed * 2 + weights) / (weights * 2);
    let step = Step::new("J-A1.2-d").given("weights_measured", weights).found("score_basis_points", score);
    receipt.push(if weights < 100 { step.marked("WEIGHTS_SCALED") } else { step });
    Ok((score, receipt))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn criteria(weights: [i32; 3]) -> Vec<Criterion> {
        let of = |(measure, weight_percent)| Criterion { measure, weight_percent };
        Measure::ALL.into_iter().zip(weights).map(of).filter(|it| it.weight_percent != 0).collect()
    }

    fn measured(counts: [(i64, i64); 3]) -> Vec<Measured> {
        let of = |(measure, (done, whole))| Measured { measure, done, whole };
        Measure::ALL.into_iter().zip(counts).map(of).collect()
    }

    fn reasons(criteria: &[Criterion]) -> Vec<Reason> {
        check(criteria).unwrap_err().0.iter().map(|refusal| refusal.reason).collect()
    }

    /// J-A1.2-d.
    #[test]
    fn weights_add_up_to_100() {
        assert!(check(&criteria([60, 30, 10])).is_ok() && check(&criteria([100, 0, 0])).is_ok());
        assert_eq!(reasons(&criteria([60, 30, 9])), [Reason::AmountInconsistent]);
        assert_eq!(reasons(&[]), [Reason::RequiredFieldMissing]);
        assert_eq!(reasons(&criteria([120, -20, 0])), [Reason::ValueNotAllowed]);
        let twice = [criteria([50, 0, 0]), criteria([40, 0, 0])].concat();
        assert_eq!(reasons(&twice), [Reason::ValueNotAllowed, Reason::AmountInconsistent]);
    }

    /// J-A1.2-d: the weighted mean of the shares.
    #[test]
    fn a_score_is_weighed() {
        let (score, receipt) = score(&criteria([60, 30, 10]), &measured([(7_000, 7_600), (1, 2), (3, 3)])).unwrap();
        // 0.6 × 9211 + 0.3 × 5000 + 0.1 × 10000 = 8026.6.
        assert_eq!(score, 8_027);
        assert!(!receipt.is_marked("WEIGHTS_SCALED"));
        // More than the target counts as the target.
        assert_eq!(super::score(&criteria([100, 0, 0]), &measured([(9, 3), (0, 0), (0, 0)])).unwrap().0, 10_000);
    }

    #[test]
    fn what_could_not_be_measured_is_left_out() {
        let (score, receipt) = score(&criteria([60, 30, 10]), &measured([(1, 2), (0, 0), (1, 1)])).unwrap();
        // (60 × 5000 + 10 × 10000) / 70 = 5714.28.
        assert_eq!(score, 5_714);
        assert!(receipt.is_marked("NOTHING_TO_MEASURE") && receipt.is_marked("WEIGHTS_SCALED"));
        let nothing = super::score(&criteria([0, 100, 0]), &measured([(1, 2), (0, 0), (0, 0)])).unwrap_err();
        assert_eq!(nothing.reason, Reason::RuleNotDefined);
    }

    /// J-A1.2-d: a score without criteria is refused.
    #[test]
    fn there_is_no_score_without_criteria() {
        let refusal = score(&[], &measured([(1, 1); 3])).unwrap_err();
        assert_eq!((refusal.reason, &*refusal.rule_id.unwrap()), (Reason::RuleNotDefined, "J-A1.2-d"));
    }

    #[test]
    fn measures_have_one_spelling() {
        for measure in Measure::ALL {
            assert_eq!(measure.as_str().parse(), Ok(measure));
        }
        assert_eq!("BEAUTY".parse::<Measure>(), Err(UnknownCode));
    }
}
