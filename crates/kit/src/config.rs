//! Configuration that every service has in common. Only `juyi` reads files and the environment.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

const CONNECTIONS: NonZeroU32 = NonZeroU32::new(8).unwrap();

/// Where data lie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseConfig {
    /// `sqlite:<directory>` or `postgres://…`.
    pub url: String,
    /// Connections per service, 1 or more.
    pub connections: NonZeroU32,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self { url: "sqlite:juyi-data".to_owned(), connections: CONNECTIONS }
    }
}

/// Delivery of events between services.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OutboxConfig {
    /// Keeps events in the outbox instead of delivering them, for maintenance of a peer. They are delivered after a
    /// start with `false`.
    pub paused: bool,
}

/// What a service needs of the configuration.
#[derive(Clone, Debug, Default)]
pub struct ServiceConfig {
    /// Where data lie.
    pub database: DatabaseConfig,
    /// Delivery of events.
    pub outbox: OutboxConfig,
}
