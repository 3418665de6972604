//! What a process that died left: rosters whose effects are not all made, and uploads that became no roster.

use std::time::Duration;

use juyi_kit::error::Error;

use crate::registry::Registry;
use crate::rosters::{apply, stage};

/// How often it is looked for. The first time is at the start.
const ROUND: Duration = Duration::from_secs(60);

/// Looks after rosters until the process stops.
pub(crate) async fn run(registry: Registry) {
    let mut round = tokio::time::interval(ROUND);
    round.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let shutdown = registry.context.shutdown().clone();
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = round.tick() => {}
        }
        tokio::select! {
            // What is half done is in a transaction, and undone.
            () = shutdown.cancelled() => return,
            done = once(&registry) => if let Err(error) = done {
                tracing::warn!(%error, "rosters wait to be brought to their end");
            }
        }
    }
}

/// Brings everything to its end that was left.
///
/// # Errors
/// Those of the database.
pub(crate) async fn once(registry: &Registry) -> Result<(), Error> {
    apply::resume(registry).await.and(stage::purge_abandoned(registry).await)
}
