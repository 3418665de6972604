//! What a year of insurance costs, who pays it, and whether a payment is the right one.
//!
//! Start from [`quote::quote`]; [`subsidy`] finds the ground of a full subsidy, [`payment`] checks what was paid.
//! [`declaration`] is for units that pay for their people, [`agency`] for their collection system, [`notice`] for the
//! papers on which others pay.

pub mod agency;
pub mod declaration;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod notice;
pub mod params;
pub mod payment;
pub mod quote;
pub mod subsidy;
