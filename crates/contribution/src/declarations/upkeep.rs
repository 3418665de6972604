//! Declarations that a call, or a process that died, left half counted or half paid.

use std::time::Duration;

use juyi_domain::contribution::declaration::DeclarationState;
use juyi_kit::error::Error;
use juyi_kit::upkeep;

use super::count::Refusing;
use super::{Declarations, count, members};
use crate::store::declarations;

/// How often they are looked for. The first time is at the start.
const ROUND: Duration = Duration::from_secs(10);

/// Looks after declarations until the process stops.
pub(crate) async fn run(desk: Declarations) {
    let failing = "declarations wait to be brought to their end";
    upkeep::run(desk.context.shutdown(), ROUND, failing, || once(&desk)).await;
}

/// Brings everything to its end that was left; one declaration that fails does not keep the others.
///
/// # Errors
/// The first failure.
pub(super) async fn once(desk: &Declarations) -> Result<(), Error> {
    let mut after = None;
    let mut outcome = Ok(());
    loop {
        let next = declarations::maybe_unfinished(&mut desk.database.read().await?, after).await?;
        let Some(declaration) = next else { return outcome };
        after = Some(declaration.id);
        let done = match declaration.state {
            DeclarationState::Counting => Box::pin(count::run(desk, declaration.id, Refusing::Stays)).await,
            _ => Box::pin(members::run(desk, declaration.id)).await,
        };
        outcome = outcome.and(done);
    }
}
