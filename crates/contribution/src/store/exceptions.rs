//! Exceptions of reconciliations: where the sides differ, and what became of it.
//!
//! An exception is one per day, district, key and kind. Found again with the same amounts it stays as it is; a resolved one
//! opens again when they changed, also when it had cleared in between. Another cleared one opens whenever it is found.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Error, Row, Session, Value, args};
use juyi_domain::codes::District;
use juyi_domain::contribution::reconciliation::{Difference, ExceptionKind, ExceptionState, Key};
use juyi_domain::id::{ExceptionId, ReconciliationId};
use juyi_domain::money::Fen;
use juyi_kit::caller::Caller;
use juyi_kit::wire::{caller_from_row, caller_to_row};

use crate::store::booked::Day;
use crate::store::unit_payments::UnitYear;

/// True when the amounts are others than before.
macro_rules! changed {
    () => {
        "(reconciliation_exception.tax_fen <> excluded.tax_fen OR reconciliation_exception.own_fen <> excluded.own_fen \
        OR reconciliation_exception.entries <> excluded.entries)"
    };
}

/// True when an exception that is found again opens again.
macro_rules! reopens {
    () => {
        concat!(
            "((reconciliation_exception.state = 'CLEARED' AND reconciliation_exception.resolution = '') \
            OR (reconciliation_exception.state IN ('CLEARED', 'RESOLVED') AND ",
            changed!(),
            "))"
        )
    };
}

/// True when an exception that is found again was resolved with these amounts before it cleared.
macro_rules! returns {
    () => {
        concat!(
            "(reconciliation_exception.state = 'CLEARED' AND reconciliation_exception.resolution <> '' AND NOT ",
            changed!(),
            ")"
        )
    };
}

/// Columns of an office, kept unless the exception opens again.
macro_rules! unless_reopened {
    ($($column:literal),*) => {
        concat!($($column, " = CASE WHEN ", reopens!(), " THEN NULL ELSE reconciliation_exception.", $column, " END, "),*)
    };
}

juyi_db::statements! {
    SEE = concat!("INSERT INTO reconciliation_exception (exception_id, district, booked_on, unit_id, voucher_number, \
        subject, resident_id, kind, statement_id, tax_fen, own_fen, entries, state, resolution, reopened, revision, \
        seen_by, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'OPEN', '', 0, 1, \
        $13, $14, $14) ON CONFLICT (district, booked_on, unit_id, voucher_number, subject, kind) DO UPDATE SET \
        state = CASE WHEN ", reopens!(), " THEN 'OPEN' WHEN ", returns!(), " THEN 'RESOLVED' \
        ELSE reconciliation_exception.state END, resolution = CASE WHEN ", reopens!(), " THEN '' \
        ELSE reconciliation_exception.resolution END, ", unless_reopened!("office", "office_district", "office_name"),
        "reopened = reconciliation_exception.reopened + CASE WHEN ", reopens!(), " THEN 1 ELSE 0 END, \
        revision = reconciliation_exception.revision + CASE WHEN ", reopens!(), " OR ", returns!(), " OR ", changed!(),
        " THEN 1 ELSE 0 END, updated_at = CASE WHEN ", reopens!(), " OR ", returns!(), " THEN excluded.updated_at \
        ELSE reconciliation_exception.updated_at END, statement_id = excluded.statement_id, \
        tax_fen = excluded.tax_fen, own_fen = excluded.own_fen, entries = excluded.entries, seen_by = excluded.seen_by");
    CLEAR_SOME = "UPDATE reconciliation_exception SET state = 'CLEARED', updated_at = $5, revision = revision + 1 \
        WHERE exception_id IN (SELECT e.exception_id FROM reconciliation_exception e WHERE e.district = $1 \
        AND e.booked_on = $2 AND e.seen_by < $3 AND e.state <> 'CLEARED' AND ($7 OR EXISTS \
        (SELECT 1 FROM reconciliation_unit u WHERE u.reconciliation_id = $4 AND u.unit_id = e.unit_id AND u.detailed)) \
        LIMIT $6)";
    SELECT = "SELECT * FROM reconciliation_exception WHERE exception_id = $1";
    SELECT_PAGE = "SELECT * FROM reconciliation_exception WHERE district = $1 AND exception_id > $2 \
        AND (CAST($3 AS DATE) IS NULL OR booked_on = $3) AND (CAST($4 AS TEXT) IS NULL OR unit_id = $4) \
        AND (CAST($5 AS TEXT) IS NULL OR kind = $5) AND (CAST($6 AS TEXT) IS NULL OR state = $6) \
        ORDER BY exception_id LIMIT $7";
    RESOLVE = "UPDATE reconciliation_exception SET state = 'RESOLVED', resolution = $3, updated_at = $4, office = $5, \
        office_district = $6, office_name = $7, revision = revision + 1 WHERE exception_id = $1 AND revision = $2";
    COUNT_OPEN = "SELECT COUNT(*) AS entries, CAST(COALESCE(SUM(tax_fen - own_fen), 0) AS BIGINT) AS fen \
        FROM reconciliation_exception e WHERE e.unit_id = $1 AND e.district = $2 AND e.state = 'OPEN' \
        AND NOT EXISTS (SELECT 1 FROM declaration d WHERE d.declaration_id = e.subject AND d.policy_year <> $3) \
        AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.resident_id = e.resident_id AND p.enrolment_id = e.subject \
        AND p.policy_year <> $3)";
}

/// An exception.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Id.
    pub id: ExceptionId,
    /// District and day.
    pub day: Day,
    /// Key.
    pub key: Key,
    /// Resident; empty where the subject is a declaration.
    pub resident_id: String,
    /// What differs.
    pub found: Difference,
    /// Statement that showed it last.
    pub statement_id: String,
    /// State.
    pub state: ExceptionState,
    /// Reason of the resolution; empty while there is none.
    pub resolution: String,
    /// Who resolved it.
    pub resolved_by: Option<Caller>,
    /// How often it opened again.
    pub reopened: i32,
    /// Version.
    pub revision: i64,
    /// When it was first found.
    pub created_at: DateTime<Utc>,
    /// When its state changed last.
    pub updated_at: DateTime<Utc>,
}

/// A difference as it is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Id, if it is new.
    pub id: ExceptionId,
    /// Key.
    pub key: Key,
    /// Resident; empty where the subject is a declaration.
    pub resident_id: String,
    /// What differs.
    pub found: Difference,
}

/// By what and when exceptions are seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// District and day.
    pub day: Day,
    /// Statement.
    pub statement_id: String,
    /// Number of the comparison of the day.
    pub run: i64,
    /// When.
    pub at: DateTime<Utc>,
}

/// Stores a difference that was found.
///
/// # Errors
/// Those of the database.
pub async fn see(session: &mut Session, sight: &Sight, seen: &Seen) -> Result<(), Error> {
    let row = args![
        Value::text(seen.id),
        sight.day.district.as_str(),
        sight.day.on,
        seen.key.unit_id.as_str(),
        seen.key.voucher_number.as_str(),
        seen.key.subject.as_str(),
        seen.resident_id.as_str(),
        seen.found.kind.as_str(),
        sight.statement_id.as_str(),
        seen.found.tax.get(),
        seen.found.own.get(),
        seen.found.entries,
        sight.run,
        sight.at,
    ];
    session.execute(SEE, row).await?;
    Ok(())
}

/// Clears exceptions that the comparison did not see, of its detailed units or for a `whole` statement of any, so many at
/// most; true when there may be more.
///
/// # Errors
/// Those of the database.
pub async fn clear_some(
    session: &mut Session,
    (by, whole): (ReconciliationId, bool),
    sight: &Sight,
    most: i64,
) -> Result<bool, Error> {
    let whole = Value::Bool(Some(whole));
    let row = args![sight.day.district.as_str(), sight.day.on, sight.run, Value::text(by), sight.at, most, whole];
    let touched = session.execute(CLEAR_SOME, row).await?;
    Ok(i64::try_from(touched).is_ok_and(|touched| touched >= most))
}

/// An exception by id.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(session: &mut Session, id: ExceptionId) -> Result<Option<Exception>, Error> {
    session.maybe_row(SELECT, args![Value::text(id)]).await?.as_ref().map(from_row).transpose()
}

/// Which exceptions are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// District.
    pub district: District,
    /// Day.
    pub on: Option<NaiveDate>,
    /// Unit; empty text for individuals.
    pub unit_id: Option<String>,
    /// Kind.
    pub kind: Option<ExceptionKind>,
    /// State.
    pub state: Option<ExceptionState>,
    /// After this one.
    pub after: Option<ExceptionId>,
    /// At most so many.
    pub size: i64,
}

/// A page of exceptions in the order in which they were first found.
///
/// # Errors
/// Those of the database.
pub async fn page(session: &mut Session, wanted: &Wanted) -> Result<Vec<Exception>, Error> {
    let key = args![
        wanted.district.as_str(),
        wanted.after.map(|id| id.to_string()).unwrap_or_default(),
        wanted.on,
        wanted.unit_id.clone(),
        Value::maybe_text(wanted.kind),
        Value::maybe_text(wanted.state),
        wanted.size,
    ];
    session.rows(SELECT_PAGE, key).await?.iter().map(from_row).collect()
}

/// Resolves an exception that still has the revision it was read with.
///
/// # Errors
/// [`Error::Contended`] when it has another one by now.
pub async fn resolve(session: &mut Session, exception: &Exception, by: &Caller) -> Result<(), Error> {
    let mut row =
        args![Value::text(exception.id), exception.revision, exception.resolution.as_str(), exception.updated_at,];
    row.extend(caller_to_row(by));
    if session.execute(RESOLVE, row).await? == 1 { Ok(()) } else { Err(Error::Contended) }
}

/// How many exceptions of a unit in a policy year are open, and what they come to. One whose subject is not known here
/// has no year here: it counts in every year, so that it is never out of sight.
///
/// # Errors
/// Those of the database.
pub async fn count_open(session: &mut Session, of: &UnitYear) -> Result<(i64, Fen), Error> {
    let key = args![of.unit_id.as_str(), of.district.as_str(), of.policy_year];
    let row = session.maybe_row(COUNT_OPEN, key).await?;
    row.map_or(Ok((0, Fen::ZERO)), |row| Ok((row.int("entries")?, Fen::new(row.int("fen")?))))
}

fn from_row(row: &Row) -> Result<Exception, Error> {
    let resolved = row.maybe_text("office")?.is_some();
    Ok(Exception {
        id: row.parse("exception_id")?,
        day: Day { district: row.parse("district")?, on: row.date("booked_on")? },
        key: Key {
            unit_id: row.text("unit_id")?,
            voucher_number: row.text("voucher_number")?,
            subject: row.text("subject")?,
        },
        resident_id: row.text("resident_id")?,
        found: Difference {
            kind: row.parse("kind")?,
            entries: row.int("entries")?,
            tax: Fen::new(row.int("tax_fen")?),
            own: Fen::new(row.int("own_fen")?),
        },
        statement_id: row.text("statement_id")?,
        state: row.parse("state")?,
        resolution: row.text("resolution")?,
        resolved_by: if resolved { Some(caller_from_row(row)?) } else { None },
        reopened: row.small("reopened")?,
        revision: row.int("revision")?,
        created_at: row.instant("created_at")?,
        updated_at: row.instant("updated_at")?,
    })
}
