//! Who a resident is, and whether, where, as what and in which tier a resident may enrol.
//!
//! Start from [`identity_number::IdentityNumber`] and [`enrolment::decide`], which asks one file per
//! question: [`window`], [`desk`], [`class`] and [`tier`].
//! Lists that offices push are ruled by [`roster`], [`roster_row`] and [`roster_effect`].

pub mod authority;
pub mod class;
pub mod desk;
pub mod enrolment;
#[cfg(test)]
mod fixtures;
pub mod identity_number;
pub mod params;
pub mod roster;
pub mod roster_effect;
pub mod roster_row;
pub mod tier;
pub mod window;
