//! What the journeys share: suites in process and as processes, offices that call, people with valid numbers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a journey that cannot be made has failed")]

pub mod lists;
pub mod offices;
pub mod people;
pub mod processes;
pub mod suites;
