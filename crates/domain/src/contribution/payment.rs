//! Whether a payment settles an enrolment: the whole amount, at once, in a way that fits it.

use crate::codes::PaymentMethod;
use crate::money::Fen;
use crate::refusal::{Reason, Refusal, Refusals};

/// Checks the amount of a payment against what is due, in one sum (J-3.3.6-a, J-3.3.1-c).
///
/// # Errors
/// `NEGATIVE_AMOUNT`; `AMOUNT_MISMATCH` with metadata `due_fen`, `paid_fen` and `difference_fen` (positive when money is
/// missing).
pub fn check_amount(due: Fen, paid: Fen) -> Result<(), Refusal> {
    if paid.is_negative() {
        return Err(Refusal::new(Reason::NegativeAmount, "a payment is not negative").at("amount_fen"));
    }
    if paid == due {
        return Ok(());
    }
    Err(Refusal::new(Reason::AmountMismatch, format!("{due} yuan are due in one sum, {paid} were paid"))
        .at("amount_fen")
        .with("due_fen", due.get())
        .with("paid_fen", paid.get())
        .with("difference_fen", (due - paid).get())
        .by("J-3.3.6-a"))
}

/// Checks a payment against the amount due. `GOVERNMENT_SUBSIDY` is the way of those, and only those, who owe nothing
/// themselves (J-2.3-j).
///
/// # Errors
/// Those of [`check_amount`]; `CHANNEL_MISMATCH`, for a deduction or a prepayment naming the method they have of their own
/// in metadata `right_method` (J-3.3.4-a, J-3.3.3-a).
pub fn check_payment(due: Fen, paid: Fen, method: PaymentMethod) -> Result<(), Refusals> {
    let own_method = match method {
        PaymentMethod::PensionDeduction => Some(("juyi.contribution.v1.CollectionService/DeductPremium", "J-3.3.4-a")),
        PaymentMethod::Prepayment => Some(("juyi.contribution.v1.CollectionService/UsePrepayment", "J-3.3.3-a")),
        _ => None,
    };
    let mut refusals = Refusals::default();
    if let Some((right, rule_id)) = own_method {
        let detail = format!("{method} is recorded by {right}");
        let refusal = Refusal::new(Reason::ChannelMismatch, detail).at("method").with("right_method", right);
        return Err(refusal.by(rule_id).into());
    }
    refusals.keep(check_amount(due, paid));
    if due.is_zero() != (method == PaymentMethod::GovernmentSubsidy) {
        let detail = if due.is_zero() {
            "nothing is due from the person; the way of payment is GOVERNMENT_SUBSIDY"
        } else {
            "the person pays this premium; GOVERNMENT_SUBSIDY is for those who owe nothing"
        };
        refusals.push(Refusal::new(Reason::ChannelMismatch, detail).at("method").by("J-2.3-j"));
    }
    refusals.into_result()
}

#[cfg(test)]
mod tests {
    use super::*;

    const APP: PaymentMethod = PaymentMethod::MobileApp;
    const SUBSIDY: PaymentMethod = PaymentMethod::GovernmentSubsidy;

    /// J-3.3.6-a: due 560.00, paid 500.00, 60.00 missing.
    #[test]
    fn a_part_payment_is_refused_with_both_amounts() {
        let refusals = check_payment(Fen::yuan(560), Fen::yuan(500), APP).unwrap_err();
        assert_eq!(refusals.0[0].reason, Reason::AmountMismatch);
        assert_eq!(refusals.0[0].rule_id.as_deref(), Some("J-3.3.6-a"));
        let metadata = [("due_fen", "56000"), ("paid_fen", "50000"), ("difference_fen", "6000")];
        assert_eq!(refusals.0[0].metadata, metadata.map(|(key, value)| (key, value.to_owned())));
    }

    /// J-3.3.1-c: a unit owes 7280.00; one payment of it is accepted, two of 3640.00 are not.
    #[test]
    fn a_unit_pays_at_once() {
        assert_eq!(check_payment(Fen::yuan(7_280), Fen::yuan(7_280), PaymentMethod::AuthorisedTransfer), Ok(()));
        let half = check_payment(Fen::yuan(7_280), Fen::yuan(3_640), PaymentMethod::AuthorisedTransfer);
        assert!(half.unwrap_err().has(Reason::AmountMismatch));
    }

    #[test]
    fn the_exact_amount_is_accepted() {
        assert_eq!(check_payment(Fen::yuan(560), Fen::yuan(560), APP), Ok(()));
        assert!(check_payment(Fen::yuan(560), Fen::new(56_001), APP).unwrap_err().has(Reason::AmountMismatch));
        assert!(check_payment(Fen::yuan(560), Fen::new(-1), APP).unwrap_err().has(Reason::NegativeAmount));
    }

    /// J-3.3.4-a, J-3.3.3-a: each has a method of its own.
    #[test]
    fn deductions_and_prepayments_are_recorded_elsewhere() {
        for (method, right) in [(PaymentMethod::PensionDeduction, "Deduct"), (PaymentMethod::Prepayment, "UsePre")] {
            let refusals = check_payment(Fen::yuan(280), Fen::yuan(280), method).unwrap_err();
            assert_eq!((refusals.0.len(), refusals.0[0].reason), (1, Reason::ChannelMismatch));
            let (key, value) = &refusals.0[0].metadata[0];
            assert!(*key == "right_method" && value.contains(right), "{value}");
        }
    }

    /// J-2.3-j.
    #[test]
    fn the_subsidy_is_the_way_of_those_who_owe_nothing() {
        assert_eq!(check_payment(Fen::ZERO, Fen::ZERO, SUBSIDY), Ok(()));
        assert!(check_payment(Fen::ZERO, Fen::ZERO, APP).unwrap_err().has(Reason::ChannelMismatch));
        assert!(check_payment(Fen::ZERO, Fen::yuan(560), SUBSIDY).unwrap_err().has(Reason::AmountMismatch));
        assert_eq!(check_payment(Fen::yuan(560), Fen::ZERO, SUBSIDY).unwrap_err().0.len(), 2);
    }
}
