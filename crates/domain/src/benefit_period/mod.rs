//! From when to when a payment covers a person, by insurance.
//!
//! Start from [`derive::derive`]. It asks the rules of the basic insurance one after the other, special before
//! general, and lets the other insurances follow ([`follow`]). [`coverage`] looks a day up.

pub mod coverage;
pub mod derive;
pub mod epidemic;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod follow;
pub mod interrupted;
pub mod late;
pub mod new_entrant;
pub mod newborn;
pub mod ordinary;
pub mod params;
