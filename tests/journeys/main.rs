//! Journeys through the gateway: whole stories with real calls, on both databases and in both deployments.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a journey that cannot be made has failed")]

mod clients;
mod colleges;
mod contributions;
mod deaths;
mod deployments;
mod doors;
mod generated;
mod insurances;
mod interruptions;
mod kills;
mod lists;
mod memory;
mod moves;
mod providers;
mod refusals;
mod repetitions;
mod rosters;
mod scenarios;
mod second;
mod traces;
