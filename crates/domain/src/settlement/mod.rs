//! What each payer owes on the inpatient bills of a year.
//!
//! Start from [`bill::Bill`] and [`year::adjudicate_year`]: it takes the bills in the order of the law, and lets
//! [`basic`] and then [`critical_illness`] pay on each. [`one_stop::combine`] closes the chain after assistance.

pub mod accumulators;
pub mod basic;
pub mod bill;
pub mod critical_illness;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod one_stop;
pub mod params;
pub mod year;
