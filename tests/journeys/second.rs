//! The second engine of `crates/policy/tests/second`, to which [`generated`](crate::generated) people hold the services.

#![allow(dead_code, reason = "the rest is for the comparison with the rules alone")]

#[path = "../../crates/policy/tests/second/aid.rs"]
mod aid;
#[path = "../../crates/policy/tests/second/births.rs"]
mod births;
#[path = "../../crates/policy/tests/second/closing.rs"]
pub(crate) mod closing;
#[path = "../../crates/policy/tests/second/engine.rs"]
pub(crate) mod engine;
#[path = "../../crates/policy/tests/second/readings.rs"]
pub(crate) mod readings;
#[path = "../../crates/policy/tests/second/recount.rs"]
pub(crate) mod recount;
#[path = "../../crates/policy/tests/second/years.rs"]
pub(crate) mod years;
