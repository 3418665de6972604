//! What a year of insurance costs, who pays it, and whether a payment is the right one.
//!
//! Start from [`quote::quote`]; [`subsidy`] finds the ground of a full subsidy, [`payment`] checks what was paid.
//! [`account`] adds up what was charged, paid and refunded; [`reconciliation`] sets a day beside the tax side's statement.

pub mod account;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod params;
pub mod payment;
pub mod quote;
pub mod reconciliation;
pub mod subsidy;
