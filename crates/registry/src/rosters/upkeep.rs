//! What a process that died left: rosters whose effects are not all made, and uploads that became no roster.

use std::time::Duration;

use juyi_kit::error::Error;
use juyi_kit::upkeep;

use crate::registry::Registry;
use crate::rosters::{apply, stage};

/// How often it is looked for. The first time is at the start.
const ROUND: Duration = Duration::from_secs(60);

/// Looks after rosters until the process stops.
pub(crate) async fn run(registry: Registry) {
    let failing = "rosters wait to be brought to their end";
    upkeep::run(registry.context.shutdown(), ROUND, failing, || once(&registry)).await;
}

/// Brings everything to its end that was left.
///
/// # Errors
/// Those of the database.
pub(crate) async fn once(registry: &Registry) -> Result<(), Error> {
    apply::resume(registry).await.and(stage::purge_abandoned(registry).await)
}
