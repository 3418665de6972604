//! Targets and supervision: what the townships are to reach, how far they are, and who does what about it.
//!
//! [`targets`] reads a district's table and checks its sums, [`progress`] compares it with what is counted,
//! [`sub_targets`] splits a township's target, [`appraisal`] scores a township by configured criteria, and [`work`] says
//! which office opens which item of work.

pub mod appraisal;
#[cfg(test)]
pub(super) mod fixtures;
pub mod params;
pub mod progress;
pub mod sub_targets;
pub mod targets;
pub mod work;
