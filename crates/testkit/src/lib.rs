//! What tests of several crates share. Only ever a dev-dependency.
//!
//! [`databases`] gives a service's migrated database on SQLite and, when `JUYI_TEST_POSTGRES_URL` names a server, on
//! PostgreSQL; [`targets`] gives the places alone. [`ManualClock`] decides the time, [`context`] has the printed law.
//! [`registry::StandIn`] answers for the registry.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

pub mod clock;
pub mod database;
pub mod registry;
pub mod seeded;

pub use clock::ManualClock;
pub use database::{TestDatabase, TestTarget, databases, prepare_all, targets};

use std::sync::Arc;

use juyi_kit::context::Context;
use juyi_policy::Policy;

/// A context with the printed law, on noon of a day written `YYYY-MM-DD`.
///
/// # Panics
/// When the law cannot be read or the day is none.
#[must_use]
pub fn context(day: &str) -> Context {
    context_at(Arc::new(ManualClock::on(day)))
}

/// The same on a clock that the test keeps.
///
/// # Panics
/// When the law cannot be read.
#[must_use]
pub fn context_at(clock: Arc<ManualClock>) -> Context {
    Context::new(Arc::new(Policy::embedded().expect("the printed law"))).with_clock(clock)
}
