//! What an account says of a refund. The payment itself names the refund and its day.

use std::borrow::Cow;

use juyi_domain::contribution::account::Refund;

use crate::store::payments::Payment;

/// The refund of a payment. The day the money was paid back is not known to the payment, so it counts as owed to the
/// person: `Refund::repaid_on` and the ground of the refund come from wherever refunds are kept.
pub(super) fn of(payment: &Payment) -> Option<Refund> {
    let refund = payment.refund?;
    // Refunds run from the tax office to the agency (J-3.5-b), in Baodi through its branch (B-8.2.3-c).
    let rule_id = if payment.policy_year == 2017 { "B-8.2.3-c" } else { "J-3.5-b" };
    Some(Refund { id: refund.id, on: refund.on, rule_id: Cow::Borrowed(rule_id), repaid_on: None })
}
