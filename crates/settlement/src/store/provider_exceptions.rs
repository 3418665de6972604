//! Exceptions of reconciliations with providers: where the sides differ, and what became of it.

use chrono::{DateTime, Utc};
use juyi_db::{Bulk, Keyed, Row, Session, Value, args};
use juyi_domain::id::{ExceptionId, ReconciliationId};
use juyi_domain::settlement::provider_reconciliation::ProviderDifference;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row};

use super::{from_json, to_json};

/// What is said of a value that has no JSON.
const UNWRITTEN: &str = "an exception cannot be written";

juyi_db::statements! {
    SELECT = "SELECT * FROM provider_exception WHERE exception_id = $1";
    SELECT_PAGE = "SELECT * FROM provider_exception WHERE reconciliation_id = $1 AND exception_id > $2 \
        AND (NOT $3 OR reason = '') ORDER BY exception_id LIMIT $4";
    RESOLVE = "UPDATE provider_exception SET reason = $2, updated_at = $3, office = $4, office_district = $5, \
        office_name = $6 WHERE exception_id = $1 AND reason = ''";
}

static COUNTS: Keyed = Keyed::select(
    &[("place", "BIGINT"), ("wanted", "TEXT")],
    "key.place, (SELECT COUNT(*) FROM provider_exception x WHERE x.reconciliation_id = key.wanted) AS found, \
        (SELECT COUNT(*) FROM provider_exception x WHERE x.reconciliation_id = key.wanted AND x.reason = '') AS open",
    "(SELECT 1 AS one) once",
    "once.one = 1",
    "place",
);

static EXCEPTIONS: Bulk = Bulk::new(
    "provider_exception",
    &[
        "reconciliation_id",
        "exception_id",
        "settlement_id",
        "kind",
        "theirs",
        "ours",
        "reason",
        "created_at",
        "updated_at",
    ],
);

/// An exception.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Id.
    pub id: ExceptionId,
    /// Reconciliation that found it.
    pub reconciliation_id: ReconciliationId,
    /// What differs.
    pub found: ProviderDifference,
    /// Why it is as it is; empty while nobody has explained it.
    pub reason: String,
    /// Who worked it off.
    pub resolved_by: Option<Caller>,
    /// When it was found.
    pub created_at: DateTime<Utc>,
    /// When it was worked off, or found.
    pub updated_at: DateTime<Utc>,
}

/// Stores what a comparison found.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, exceptions: &[Exception]) -> Result<(), Error> {
    let mut values = Vec::new();
    for new in exceptions {
        values.extend(args![
            Value::text(new.reconciliation_id),
            Value::text(new.id),
            new.found.settlement_id.as_str(),
            new.found.kind.as_str(),
            to_json(&new.found.theirs, UNWRITTEN)?,
            to_json(&new.found.ours, UNWRITTEN)?,
            new.reason.as_str(),
            new.created_at,
            new.updated_at,
        ]);
    }
    if !values.is_empty() {
        session.insert_all(&EXCEPTIONS, values).await?;
    }
    Ok(())
}

/// An exception by id.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(session: &mut Session, id: ExceptionId) -> Result<Option<Exception>, Error> {
    session.maybe_row(SELECT, args![Value::text(id)]).await?.as_ref().map(from_row).transpose()
}

/// A page of the exceptions of a reconciliation, after `after`.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    reconciliation_id: ReconciliationId,
    open_only: bool,
    (after, size): (Option<ExceptionId>, i64),
) -> Result<Vec<Exception>, Error> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let key = args![Value::text(reconciliation_id), after, Value::Bool(Some(open_only)), size];
    session.rows(SELECT_PAGE, key).await?.iter().map(from_row).collect()
}

/// How many exceptions a reconciliation found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Found.
    pub found: i64,
    /// Not worked off.
    pub open: i64,
}

/// Counts the exceptions of reconciliations, in their order.
///
/// # Errors
/// Those of the database.
pub async fn counts(session: &mut Session, reconciliations: &[ReconciliationId]) -> Result<Vec<Count>, Error> {
    let mut counts = vec![Count::default(); reconciliations.len()];
    let keys: Vec<Value> = (0..).zip(reconciliations).flat_map(|(place, id)| args![place, Value::text(id)]).collect();
    for row in session.rows_of(&COUNTS, &keys).await? {
        *super::at(&row, &mut counts)? = Count { found: row.int("found")?, open: row.int("open")? };
    }
    Ok(counts)
}

/// Counts the exceptions of a reconciliation.
///
/// # Errors
/// Those of the database.
pub async fn count(session: &mut Session, reconciliation_id: ReconciliationId) -> Result<Count, Error> {
    Ok(counts(session, &[reconciliation_id]).await?.remove(0))
}

/// Works an open exception off.
///
/// # Errors
/// `Contended` when another office did in between.
pub async fn resolve(session: &mut Session, exception: &Exception, by: &Caller) -> Result<(), Error> {
    let mut row = args![Value::text(exception.id), exception.reason.as_str(), exception.updated_at];
    row.extend(caller_to_row(by));
    if session.execute(RESOLVE, row).await? == 1 { Ok(()) } else { Err(juyi_db::Error::Contended.into()) }
}

fn from_row(row: &Row) -> Result<Exception, Error> {
    let resolved = row.maybe_text("office")?.is_some();
    Ok(Exception {
        id: row.parse("exception_id")?,
        reconciliation_id: row.parse("reconciliation_id")?,
        found: ProviderDifference {
            settlement_id: row.text("settlement_id")?,
            kind: row.parse("kind")?,
            theirs: from_json(row, "theirs")?,
            ours: from_json(row, "ours")?,
        },
        reason: row.text("reason")?,
        resolved_by: if resolved { Some(caller_from_row(row)?) } else { None },
        created_at: row.instant("created_at")?,
        updated_at: row.instant("updated_at")?,
    })
}
