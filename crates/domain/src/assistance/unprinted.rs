//! What a receipt says of assistance where the law of its year prints none (AMB-102).

use crate::codes::Identity;
use crate::effective::Gap;
use crate::receipt::{Receipt, Step, Value};

/// The mark of a bill whose assistance no document prints.
pub const RULE_NOT_DEFINED: &str = "RULE_NOT_DEFINED";

/// One step without a payment, by the rule of the gap; nothing for somebody without special identities. The bill is settled
/// without assistance: what the insurances pay is printed, and who might have been assisted is told that this is not.
#[must_use]
pub fn not_printed(gap: &Gap, identities: &[Identity]) -> Receipt {
    if identities.is_empty() {
        return Receipt::default();
    }
    let step = Step::of(gap.rule_id.clone()).given("parameter", Value::Code(gap.parameter.clone()));
    Receipt { steps: vec![step.marked(RULE_NOT_DEFINED)] }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// B-5-a, AMB-102: told to whom it may concern, and paid by nobody.
    #[test]
    fn a_gap_is_told_and_pays_nothing() {
        let gap = Gap { parameter: "assistance".into(), rule_id: "B-5-a".into(), configurable: false };
        let told = not_printed(&gap, &[Identity::LowIncome]);
        assert!(told.applies("B-5-a") && told.is_marked(RULE_NOT_DEFINED));
        assert_eq!((told.steps.len(), told.payments().count()), (1, 0));
        assert_eq!(not_printed(&gap, &[]), Receipt::default());
    }
}
