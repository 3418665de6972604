//! Journeys through the gateway: whole stories with real calls, on both databases and in both deployments.

mod clients;
mod deployments;
mod doors;
mod interruptions;
mod refusals;
mod repetitions;
mod scenarios;
mod traces;
