//! A township's target split among its villages and committees (B-8.2.4-b).

use crate::codes::UnitKind;
use crate::refusal::{Reason, Refusal};

/// Whether parts add up to a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SumCheck {
    /// Target of the township.
    pub target: i64,
    /// Sum of the parts.
    pub sum: i64,
}

impl SumCheck {
    /// Adds the parts up.
    pub fn new(target: i64, parts: impl IntoIterator<Item = i64>) -> Self {
        Self { target, sum: parts.into_iter().sum() }
    }

    /// Target minus sum; 0 when the parts add up.
    #[must_use]
    pub const fn difference(&self) -> i64 {
        self.target - self.sum
    }

    /// A warning that names the difference; `None` when the parts add up. The plan does not say that they have to, so
    /// that parts which do not are kept all the same.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        let Self { target, sum } = self;
        let (difference, way) = match self.difference() {
            0 => return None,
            missing @ 1.. => (missing, "less"),
            beyond => (-beyond, "more"),
        };
        Some(format!("the parts add up to {sum}, {difference} {way} than the target of {target} (B-8.2.4-b)"))
    }
}

/// Checks that a part belongs to the township. `unit` is its kind and township; `None` when it is not known.
///
/// # Errors
/// `VALUE_NOT_ALLOWED` for a unit outside the township, or one that is neither a village nor a residents' committee.
pub fn belongs(unit: Option<(UnitKind, Option<&str>)>, township: &str) -> Result<(), Refusal> {
    let is_part =
        unit.is_some_and(|(kind, of)| matches!(kind, UnitKind::Village | UnitKind::Community) && of == Some(township));
    if is_part {
        return Ok(());
    }
    let detail = "a target is split among the villages and residents' committees of the township";
    Err(Refusal::new(Reason::ValueNotAllowed, detail).with("township", township).by("B-8.2.4-b"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// B-8.2.4-b: Zhouliang street, 3000 + 2600 + 2000 = 7600.
    #[test]
    fn parts_are_added_up() {
        let check = SumCheck::new(7_600, [3_000, 2_600, 2_000]);
        assert_eq!((check.sum, check.difference(), check.warning()), (7_600, 0, None));
        let less = SumCheck::new(7_600, [3_000, 2_600]);
        assert_eq!(less.difference(), 2_000);
        assert!(less.warning().unwrap().contains("5600, 2000 less than the target of 7600"));
        let more = SumCheck::new(7_600, [7_601]);
        assert_eq!(more.difference(), -1);
        assert!(more.warning().unwrap().contains("1 more"));
    }

    /// B-8.2.4-b: a unit outside the township.
    #[test]
    fn parts_are_villages_and_committees_of_the_township() {
        let zhouliang = "120115.6";
        for kind in UnitKind::ALL {
            let part = belongs(Some((*kind, Some(zhouliang))), zhouliang);
            assert_eq!(part.is_ok(), matches!(kind, UnitKind::Village | UnitKind::Community), "{kind}");
        }
        for outside in [None, Some((UnitKind::Village, None)), Some((UnitKind::Village, Some("120115.7")))] {
            let refusal = belongs(outside, zhouliang).unwrap_err();
            assert_eq!((refusal.reason, &*refusal.rule_id.unwrap()), (Reason::ValueNotAllowed, "B-8.2.4-b"));
        }
    }
}
