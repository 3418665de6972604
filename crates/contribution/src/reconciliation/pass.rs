//! The comparison of a statement with what is booked here.
//!
//! Rows and bookings are passed over in pages. Most explain each other, and the database gives back only those that do not,
//! so that a day of hundreds of thousands of payments is never in memory; those left are decided by
//! `juyi_domain::contribution::reconciliation`.

use juyi_db::Session;
use juyi_domain::contribution::reconciliation::{ReconciliationState, Total, compare_key};
use juyi_domain::money::Fen;
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::error::Error;

use super::Reconciliations;
use crate::store::booked::{self, Booked, Unexplained, Unstated};
use crate::store::exceptions::{self, Seen, Sight};
use crate::store::reconciliations::{self, Outcome, Reconciliation, Unit};
use crate::store::tax_rows;

/// Rows that one page passes over, and exceptions that one transaction stores.
const PAGE: i64 = if cfg!(test) { 3 } else { 500 };
/// How often a comparison is made when payments of the day keep coming.
const ATTEMPTS: usize = 4;

/// What a pass found: the differences of the exceptions added up.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    explained: Fen,
    exceptions: i64,
}

/// Compares a statement whose rows are all there, stores its exceptions and its outcome.
///
/// # Errors
/// REVISION_CONFLICT when payments of the day keep coming, or when another comparison of the day began in between.
pub(super) async fn run(of: &Reconciliations, reconciliation: Reconciliation) -> Result<Reconciliation, Error> {
    for _ in 0..ATTEMPTS {
        let (sight, units) = begin(of, &reconciliation).await?;
        let tally = pass(of, &reconciliation, &sight).await?;
        let outcome = outcome(&units, tally);
        let compared = units.iter().filter(|unit| unit.detailed);
        let differs: Fen = compared.map(|unit| unit.tax.sum - unit.own.sum).sum();
        let own_now = booked::totals(&mut of.database.read().await?, reconciliation.day).await?;
        // A payment that came while pages were read stands on one side of the sums and perhaps not on the other.
        if tally.explained == differs && own_now == own_of(&units) {
            return finish(of, Reconciliation { outcome, ..reconciliation }, &sight).await;
        }
    }
    let detail = "payments of this day keep coming while it is compared; send the last rows again";
    Err(Refusal::new(Reason::RevisionConflict, detail).into())
}

fn own_of(units: &[Unit]) -> Vec<(String, Total)> {
    let booked = units.iter().filter(|unit| unit.own != Total::default());
    booked.map(|unit| (unit.unit_id.clone(), unit.own)).collect()
}

fn outcome(units: &[Unit], tally: Tally) -> Outcome {
    let others = units.iter().filter(|unit| !unit.detailed);
    Outcome {
        explained: tally.explained,
        unexplained: others.map(|unit| unit.tax.sum - unit.own.sum).sum(),
        exceptions: tally.exceptions,
        ..Outcome::of(units)
    }
}

/// Begins a comparison with what is booked now; any other of the day ends without an effect from here on.
async fn begin(of: &Reconciliations, reconciliation: &Reconciliation) -> Result<(Sight, Vec<Unit>), Error> {
    let day = reconciliation.day;
    let own = booked::totals(&mut of.database.read().await?, day).await?;
    let mut session = of.database.begin().await?;
    let run = reconciliations::count_run(&mut session, day).await?.runs;
    reconciliations::put_own(&mut session, reconciliation, &own).await?;
    let units = reconciliations::units(&mut session, reconciliation.id).await?;
    session.commit().await?;
    let sight = Sight { day, statement_id: reconciliation.statement_id.clone(), run, at: of.context.now() };
    Ok((sight, units))
}

async fn pass(of: &Reconciliations, reconciliation: &Reconciliation, sight: &Sight) -> Result<Tally, Error> {
    let mut tally = Tally::default();
    let (id, day) = (reconciliation.id, reconciliation.day);
    let mut after = 0;
    while after < reconciliation.row_count {
        let to = after + PAGE;
        let mut session = of.database.read().await?;
        let rows = booked::unexplained(&mut session, id, day, (after, to)).await?;
        let mut seen = Vec::new();
        // What several rows have in common is looked at with the first of them.
        for row in rows.iter().filter(|row| row.row == row.first_row) {
            seen.extend(of_row(of, &mut session, reconciliation, row).await?);
        }
        drop(session);
        store(of, sight, &mut tally, &seen).await?;
        after = to;
    }
    for which in Booked::ALL {
        let mut last: Option<Unstated> = None;
        loop {
            let mut session = of.database.read().await?;
            let page = booked::unstated(&mut session, id, day, (which, last.as_ref(), PAGE)).await?;
            let mut seen = Vec::new();
            for entry in &page {
                seen.extend(of_booking(of, &mut session, reconciliation, entry).await?);
            }
            drop(session);
            store(of, sight, &mut tally, &seen).await?;
            let full = i64::try_from(page.len()) == Ok(PAGE);
            last = page.into_iter().next_back();
            if !full {
                break;
            }
        }
    }
    Ok(tally)
}

/// What a row of the statement shows that does not explain itself.
async fn of_row(
    of: &Reconciliations,
    session: &mut Session,
    reconciliation: &Reconciliation,
    row: &Unexplained,
) -> Result<Vec<Seen>, Error> {
    let tax = match row.times {
        1 => vec![row.amount],
        _ => tax_rows::amounts(session, reconciliation.id, &row.key).await?,
    };
    let own = if row.own.is_zero() {
        Vec::new()
    } else if row.resident_id.is_empty() {
        vec![row.own]
    } else {
        booked::lines(session, reconciliation.day, &row.key, &row.resident_id).await?
    };
    let seen = |found| Seen { id: of.context.id(), key: row.key.clone(), resident_id: row.resident_id.clone(), found };
    Ok(compare_key(&tax, &own).into_iter().map(seen).collect())
}

/// What an entry of ours shows that the statement has no row of.
async fn of_booking(
    of: &Reconciliations,
    session: &mut Session,
    reconciliation: &Reconciliation,
    entry: &Unstated,
) -> Result<Vec<Seen>, Error> {
    let own = match entry.entries {
        1 => vec![entry.own],
        _ => booked::lines(session, reconciliation.day, &entry.key, &entry.resident_id).await?,
    };
    let seen =
        |found| Seen { id: of.context.id(), key: entry.key.clone(), resident_id: entry.resident_id.clone(), found };
    Ok(compare_key(&[], &own).into_iter().map(seen).collect())
}

async fn store(of: &Reconciliations, sight: &Sight, tally: &mut Tally, seen: &[Seen]) -> Result<(), Error> {
    if seen.is_empty() {
        return Ok(());
    }
    let mut session = of.database.begin().await?;
    require_latest(&mut session, sight).await?;
    for seen in seen {
        exceptions::see(&mut session, sight, seen).await?;
        tally.explained += seen.found.amount();
        tally.exceptions += 1;
    }
    session.commit().await?;
    Ok(())
}

/// A comparison that another one of the day overtook stores nothing more.
async fn require_latest(session: &mut Session, sight: &Sight) -> Result<(), Error> {
    if reconciliations::find_day(session, sight.day).await?.runs == sight.run {
        return Ok(());
    }
    let detail = "another comparison of this day began in between; send the last rows again to see its outcome";
    Err(Refusal::new(Reason::RevisionConflict, detail).into())
}

/// Clears what was not found any more, and stores the outcome.
async fn finish(
    of: &Reconciliations,
    mut reconciliation: Reconciliation,
    sight: &Sight,
) -> Result<Reconciliation, Error> {
    let mut more = true;
    while more {
        let mut session = of.database.begin().await?;
        require_latest(&mut session, sight).await?;
        more = exceptions::clear_some(&mut session, (reconciliation.id, reconciliation.whole), sight, PAGE).await?;
        session.commit().await?;
    }
    let mut session = of.database.begin().await?;
    require_latest(&mut session, sight).await?;
    reconciliation.state = ReconciliationState::Compared;
    reconciliations::update(&mut session, &reconciliation).await?;
    reconciliations::note_compared(&mut session, &reconciliation).await?;
    session.commit().await?;
    Ok(reconciliation)
}
