//! What each payer owes on the bills of a year.
//!
//! Start from [`case::Case`] and [`year::adjudicate_year`]: it takes the bills in the order of the law and lets the rules of
//! each kind of care pay on them: [`basic`] and then [`critical_illness`] on stays, special outpatient care, home beds and
//! emergency observation; [`outpatient`] on visits; [`maternity`]; [`supplied_burden`] where basic insurance has no part.
//! [`exclusions`] holds for every kind. [`one_stop::combine`] closes the chain after assistance; [`closing::close`] tells
//! what a year leaves to the next, and [`opening`] what it begins with. To add a kind of care: its code in [`care`], its
//! rules in a module, its arm in [`year`].

pub mod accumulators;
pub mod alternatives;
pub mod basic;
pub mod bill;
mod bill_check;
pub mod care;
pub mod case;
pub mod claims;
pub mod closing;
pub mod covered_year;
pub mod critical_illness;
pub mod exclusions;
pub mod filings;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod maternity;
pub mod one_stop;
pub mod opening;
pub mod outpatient;
pub mod params;
pub mod provider_reconciliation;
pub mod provider_register;
pub mod record;
pub mod relief;
pub mod supplied_burden;
pub mod trace;
pub mod year;
