//! What a year of insurance costs, who pays it, and whether a payment is the right one.
//!
//! Start from [`quote::quote`]; [`subsidy`] finds the ground of a full subsidy, [`payment`] checks what was paid.

#[cfg(test)]
pub(crate) mod fixtures;
pub mod params;
pub mod payment;
pub mod quote;
pub mod subsidy;
