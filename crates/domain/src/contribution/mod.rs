//! What a year of insurance costs, who pays it, and whether a payment is the right one.
//!
//! Start from [`quote::quote`]; [`subsidy`] finds the ground of a full subsidy, [`payment`] checks what was paid,
//! [`refund`] decides what is paid back. [`prepayment`] and [`deduction`] are the two ways that nobody pays at a till.
//! [`account`] adds up what was charged, paid and refunded; [`reconciliation`] sets a day beside the tax side's statement.

pub mod account;
pub mod deduction;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod params;
pub mod payment;
pub mod prepayment;
pub mod quote;
pub mod reconciliation;
pub mod refund;
pub mod subsidy;
