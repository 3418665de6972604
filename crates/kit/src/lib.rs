//! What every service shares at its edge.
//!
//! A service builds a [`component::Component`] from its configuration, a [`context::Context`] and channels to its
//! peers. [`channel::Channel`] is the one transport of every generated client, in process and across processes, so
//! that [`edge`], tracing and errors are the same code in both deployments. [`command`] makes mutations idempotent,
//! [`outbox`] carries events, [`error`] turns every failure into one kind of status,
//! and [`stream`] reads what callers stream.
//!
//! To add something here, it must be needed by two services and know nothing of insurance.

pub mod caller;
pub mod channel;
pub mod clock;
pub mod command;
pub mod component;
pub mod config;
pub mod context;
pub mod edge;
pub mod error;
pub mod methods;
pub mod outbox;
mod plan;
pub mod server;
pub mod stream;
pub mod telemetry;
pub mod upkeep;
pub mod wire;

/// The signal to stop.
pub use tokio_util::sync::CancellationToken;
