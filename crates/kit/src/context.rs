//! What a component is given by whoever composes it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use juyi_policy::Policy;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::clock::{Clock, Ids, SystemClock};

/// Clock, ids, the law, and the signal to stop. Cloning shares them.
#[derive(Clone)]
pub struct Context {
    clock: Arc<dyn Clock>,
    ids: Arc<Ids>,
    policy: Arc<Policy>,
    shutdown: CancellationToken,
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").finish_non_exhaustive()
    }
}

impl Context {
    /// A context on the machine's clock.
    #[must_use]
    pub fn new(policy: Arc<Policy>) -> Self {
        Self { clock: Arc::new(SystemClock), ids: Arc::default(), policy, shutdown: CancellationToken::new() }
    }

    /// The same on another clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// The next id.
    pub fn id<T: From<Uuid>>(&self) -> T {
        self.ids.next(self.now())
    }

    /// The law.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Cancelled when the process is to stop.
    #[must_use]
    pub const fn shutdown(&self) -> &CancellationToken {
        &self.shutdown
    }
}
