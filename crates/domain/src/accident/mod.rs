//! Which insurer answers for an accident and by when it is to be reported.
//!
//! Start from [`routing::route`]; [`report`] knows the deadline.

#[cfg(test)]
pub(crate) mod fixtures;
pub mod params;
pub mod report;
pub mod routing;
