//! People as the other services of the suite need them, in numbers: asked by key, streamed by unit, and told when
//! something changes that coverage depends on.
//!
//! The state of a person carries the version of the record. Whoever keeps the state with the highest version has the
//! newest one, in whatever order the states came.

mod batch;
mod changed;
mod stream;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use batch::get_batch;
pub(crate) use changed::{RESIDENT_CHANGED, ToBenefitPeriod, matters, resident_changed};
pub(crate) use stream::{Batches, stream};
pub(crate) use write::person as to_wire;

/// Most people of one request or answer.
pub(crate) const MOST: usize = 500;
