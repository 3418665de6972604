//! The comparison of a statement whose rows are all there, step by step.
//!
//! First our side is collected from the ledger ([`collect`]), then both sides are compared settlement by settlement
//! ([`compare`]). A step reads a page outside transactions and stores what it found together with the place it came to, in a
//! transaction that succeeds only where the step began. So a comparison that was killed goes on where it was, two at once do
//! each step once, and no statement, however large, is in memory or in one transaction. The period is closed: the ledger
//! does not change between steps.

use std::collections::BTreeMap;
use std::time::Duration;

use juyi_domain::id::ReconciliationId;
use juyi_domain::settlement::provider_reconciliation::{PayerAmounts, ProviderDifference, compare as differences};
use juyi_kit::error::Error;
use juyi_kit::upkeep;

use super::Reconciliations;
use crate::store::dues::{self, Place};
use crate::store::provider_exceptions::{self, Exception};
use crate::store::provider_posted;
use crate::store::provider_reconciliations::{self, Progress, Reconciliation};

/// Entries, settlements or rows of a step; of the last settlement of a step there may be more rows, up to the bound on
/// those of one settlement.
const PAGE: i64 = if cfg!(test) { 2 } else { 1_000 };
/// How long a call waits for the end of a comparison.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often comparisons that were left are looked for. The first time is at the start.
const ROUND: Duration = Duration::from_secs(60);

/// Compares to the end, also when nobody waits for it any more; waits for it for a while.
///
/// # Errors
/// Those of the database.
pub(super) async fn start(of: &Reconciliations, id: ReconciliationId) -> Result<(), Error> {
    let of = of.clone();
    let running = tokio::spawn(async move { run(&of, id).await });
    match tokio::time::timeout(PATIENCE, running).await {
        Ok(done) => done.unwrap_or(Err(Error::Fault("a statement could not be compared"))),
        Err(_) => Ok(()),
    }
}

/// Brings comparisons to their end that a process left which died, until this one stops.
pub(crate) async fn upkeep(of: Reconciliations) {
    upkeep::run(of.context.shutdown(), ROUND, "statements wait to be compared", || all(&of)).await;
}

/// Brings every comparison to its end; one that fails does not keep the others.
///
/// # Errors
/// The first failure.
pub(crate) async fn all(of: &Reconciliations) -> Result<(), Error> {
    let (mut after, mut outcome) = (None, Ok(()));
    loop {
        let next = provider_reconciliations::maybe_comparing(&mut of.database.read().await?, after).await?;
        let Some(id) = next else { return outcome };
        after = Some(id);
        outcome = outcome.and(run(of, id).await);
    }
}

/// Takes steps until the comparison is at its end.
///
/// # Errors
/// Those of the database.
pub(crate) async fn run(of: &Reconciliations, id: ReconciliationId) -> Result<(), Error> {
    while step(of, id).await? {}
    Ok(())
}

/// Takes the next step, if there is one; where another run took it, the one after it is next.
///
/// # Errors
/// Those of the database.
pub(crate) async fn step(of: &Reconciliations, id: ReconciliationId) -> Result<bool, Error> {
    let found = provider_reconciliations::maybe_find(&mut of.database.read().await?, id).await?;
    let Some((found, progress)) = found.and_then(|mut found| found.progress.take().map(|progress| (found, progress)))
    else {
        return Ok(false);
    };
    let taken = match &progress {
        Progress::Collecting(after) => collect(of, &found, &progress, after.as_ref()).await,
        Progress::Comparing(after) => compare(of, &found, &progress, after).await,
    };
    match taken {
        Err(Error::Storage(juyi_db::Error::Contended)) => Ok(true),
        taken => taken.map(|()| true),
    }
}

/// Adds a page of the ledger to our side.
async fn collect(
    of: &Reconciliations,
    found: &Reconciliation,
    from: &Progress,
    after: Option<&Place>,
) -> Result<(), Error> {
    let mut session = of.database.read().await?;
    let (entries, last) = dues::entries(&mut session, found.scope, &found.provider_code, (after, PAGE)).await?;
    drop(session);
    let full = i64::try_from(entries.len()) == Ok(PAGE);
    let to = if full { Progress::Collecting(last) } else { Progress::Comparing(String::new()) };
    let mut posted: BTreeMap<String, PayerAmounts> = BTreeMap::new();
    for (settlement_id, amounts) in entries {
        let sum = posted.entry(settlement_id).or_default();
        *sum = *sum + amounts;
    }
    let mut session = of.database.begin().await?;
    provider_reconciliations::proceed(&mut session, found.id, (from, &to)).await?;
    provider_posted::add(&mut session, found.id, &posted).await?;
    Ok(session.commit().await?)
}

/// Compares a page of settlements; with the last one, earlier statements of the period are superseded.
async fn compare(of: &Reconciliations, found: &Reconciliation, from: &Progress, after: &str) -> Result<(), Error> {
    let mut session = of.database.read().await?;
    let to = provider_posted::maybe_bound(&mut session, found.id, after, PAGE).await?;
    let page = (after, to.as_deref());
    let theirs = provider_reconciliations::rows_between(&mut session, found.id, page).await?;
    let ours = provider_posted::between(&mut session, found.id, page).await?;
    drop(session);
    let exceptions: Vec<_> = differences(&theirs, &ours).into_iter().map(|it| exception(of, found.id, it)).collect();
    let mut session = of.database.begin().await?;
    let is_last = to.is_none();
    provider_posted::remove(&mut session, found.id, to.as_deref()).await?;
    match to {
        Some(to) => provider_reconciliations::proceed(&mut session, found.id, (from, &Progress::Comparing(to))).await?,
        None => provider_reconciliations::finish(&mut session, found.id, from).await?,
    }
    provider_exceptions::insert(&mut session, &exceptions).await?;
    if is_last {
        provider_reconciliations::supersede(&mut session, found).await?;
    }
    session.commit().await?;
    if is_last {
        // Two statements of the period that end at the same moment do not see each other before.
        let mut session = of.database.begin().await?;
        provider_reconciliations::supersede(&mut session, found).await?;
        session.commit().await?;
    }
    Ok(())
}

fn exception(of: &Reconciliations, reconciliation_id: ReconciliationId, found: ProviderDifference) -> Exception {
    let now = of.context.now();
    Exception {
        id: of.context.id(),
        reconciliation_id,
        found,
        reason: String::new(),
        resolved_by: None,
        created_at: now,
        updated_at: now,
    }
}
