//! What a year of insurance costs, who pays it, and whether a payment is the right one.
//!
//! Start from [`quote::quote`]; [`subsidy`] finds the ground of a full subsidy, [`tier`] the tier, [`funding`] says what
//! the government adds, [`collection`] who collects. [`payment`] checks what was paid, [`ways`] how, and [`refund`] decides
//! what is paid back. [`declaration`] is for units that pay for their people, [`agency`] for their collection system,
//! [`notice`] for the papers on which others pay; [`prepayment`] and [`deduction`] are the two ways that pass no till.
//! [`account`] adds up what was charged, paid and refunded; [`reconciliation`] sets a day beside the tax side's statement.

pub mod account;
pub mod agency;
pub mod codes;
pub mod collection;
pub mod declaration;
pub mod deduction;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod funding;
pub mod notice;
pub mod params;
pub mod payment;
pub mod prepayment;
#[cfg(test)]
mod properties;
pub mod quote;
pub mod reconciliation;
pub mod refund;
pub mod subsidy;
pub mod tier;
pub mod ways;
