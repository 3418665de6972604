//! From when to when a payment covers a person, by insurance.
//!
//! Start from [`derive::derive`]. It asks the rules of the basic insurance one after the other, special before
//! general, and lets the other insurances follow ([`follow`]).
//!
//! [`history`] holds every fact of one resident and derives the spans of all of them together. [`employees`] says who pays
//! on a day, [`routing`] which district handles a claim, [`remedy`] and [`ways`] what an uncovered person can still do.

pub mod deduction;
pub mod derive;
pub mod employees;
pub mod epidemic;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod follow;
pub mod history;
pub mod interrupted;
pub mod late;
pub mod new_entrant;
pub mod newborn;
pub mod ordinary;
pub mod params;
pub mod remedy;
pub mod routing;
pub mod ways;
