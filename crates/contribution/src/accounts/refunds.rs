//! What an account says of a refund.

use std::borrow::Cow;

use juyi_domain::contribution::account::Refund;

use crate::store::account_refunds::AccountRefund;
use crate::store::payments::Payment;

/// The reversal of a payment: decided when the payment stopped counting, and gone from the account when the money was paid
/// back (J-3.5-b). Its rule is the one by which the refund was granted.
pub(super) fn of(payment: &Payment, refunds: &[AccountRefund]) -> Option<Refund> {
    let reversed = payment.refund?;
    let refund = refunds.iter().find(|refund| refund.id == reversed.id);
    let rule_id = refund.and_then(|refund| {
        let steps = &refund.receipt.steps;
        steps.iter().find(|step| step.pays.is_some()).or(steps.first()).map(|step| step.rule_id.clone())
    });
    Some(Refund {
        id: reversed.id,
        on: reversed.on,
        rule_id: rule_id.unwrap_or(Cow::Borrowed("J-3.5-b")),
        repaid_on: refund.and_then(|refund| refund.repaid_on),
    })
}
