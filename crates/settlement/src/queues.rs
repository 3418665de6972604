//! Orders of one person wait for each other inside the process.
//!
//! A plan asks other services before it is stored, so of many made at once on the same state of a year one is stored
//! and the others are made anew; beyond a few at once they would run out of attempts. In a queue each is planned on
//! what the one before it stored. Other processes are not in the queue: they are still met by the revision of the year.

use std::hash::{DefaultHasher, Hash, Hasher};

use juyi_domain::id::ResidentId;
use tokio::sync::{Mutex, MutexGuard};

/// A fixed number, so that memory does not grow with the people seen. People whose ids hash alike share a queue, which
/// costs them time and nothing else.
const QUEUES: usize = 64;

/// The queues.
#[derive(Debug)]
pub(crate) struct Queues {
    queues: [Mutex<()>; QUEUES],
}

impl Queues {
    pub(crate) const fn new() -> Self {
        Self { queues: [const { Mutex::const_new(()) }; QUEUES] }
    }

    /// Waits for the person's turn, which lasts as long as the guard.
    pub(crate) async fn turn(&self, resident_id: ResidentId) -> MutexGuard<'_, ()> {
        let mut hasher = DefaultHasher::new();
        resident_id.hash(&mut hasher);
        let place = usize::try_from(hasher.finish() % QUEUES as u64).unwrap_or_default();
        self.queues[place].lock().await
    }
}
