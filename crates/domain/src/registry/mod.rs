//! Who a resident is, and whether, where, as what and in which tier a resident may enrol.
//!
//! Start from [`circumstances::Circumstances`], what is true of somebody on a day, and [`enrolment::decide`], which asks
//! one file per question: [`category`], [`window`], [`authority`], [`desk`], [`place`], [`mod@unit`], [`evidence`], [`class`]
//! and [`tier`]; [`township`] says where it counts and was filed. [`change`] decides where recorded data are changed; [`comparison`] sets lists of persons against the
//! registry, which [`roster`], [`roster_row`] and [`roster_effect`] take in; [`counting`] and [`supervision`] measure progress.

pub mod application;
pub mod authority;
pub mod category;
pub mod change;
pub mod circumstances;
pub mod class;
pub mod comparison;
pub mod counting;
pub mod deduction;
pub mod desk;
pub mod employees_insurance;
pub mod enrolment;
pub mod evidence;
pub mod facts;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod identity_number;
pub mod params;
pub mod place;
pub mod prepaid;
pub mod recognition;
pub mod roster;
pub mod roster_effect;
pub mod roster_row;
pub mod supervision;
pub mod tier;
pub mod township;
pub mod unit;
pub mod units;
pub mod window;
