//! Targets and supervision: what the townships are to reach, how far they are, and who does what about it.

#[cfg(test)]
pub(super) mod fixtures;
pub mod params;
