//! What a year of insurance costs, who pays it, and whether a payment is the right one.
//!
//! Start from [`quote::quote`]; [`subsidy`] finds the ground of a full subsidy, [`tier`] the tier, [`funding`] says what
//! the government adds, [`collection`] who collects. [`payment`] checks what was paid, [`ways`] how.

pub mod codes;
pub mod collection;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod funding;
pub mod params;
pub mod payment;
#[cfg(test)]
mod properties;
pub mod quote;
pub mod subsidy;
pub mod tier;
pub mod ways;
