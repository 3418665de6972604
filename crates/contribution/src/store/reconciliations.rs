//! Reconciliations with the tax side, with the totals of their units.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Bulk, Error, Row, Session, Value, args};
use juyi_domain::codes::District;
use juyi_domain::contribution::reconciliation::{ReconciliationState, Total, totals_match};
use juyi_domain::id::ReconciliationId;
use juyi_domain::money::Fen;
use juyi_kit::caller::Caller;
use juyi_kit::wire::{caller_from_row, caller_to_row};

use crate::store::booked::Day;

juyi_db::statements! {
    UPSERT_DAY = "INSERT INTO reconciliation_day (district, booked_on, statements, runs, compared) \
        VALUES ($1, $2, $3, $4, 0) ON CONFLICT (district, booked_on) DO UPDATE SET \
        statements = reconciliation_day.statements + excluded.statements, runs = reconciliation_day.runs + excluded.runs \
        RETURNING statements, runs, compared";
    SELECT_DAY = "SELECT statements, runs, compared FROM reconciliation_day WHERE district = $1 AND booked_on = $2";
    UPDATE_COMPARED = "UPDATE reconciliation_day SET compared = $3 WHERE district = $1 AND booked_on = $2";
    INSERT = "INSERT INTO reconciliation (reconciliation_id, district, booked_on, statement_id, number, state, whole, \
        row_count, rows_received, tax_fen, own_fen, explained_fen, unexplained_fen, units_different, exceptions, \
        created_at, office, office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";
    UPDATE = "UPDATE reconciliation SET state = $2, whole = $3, row_count = $4, tax_fen = $5, own_fen = $6, \
        explained_fen = $7, unexplained_fen = $8, units_different = $9, exceptions = $10 WHERE reconciliation_id = $1";
    UPDATE_RECEIVED = "UPDATE reconciliation SET rows_received = $3 WHERE reconciliation_id = $1 AND rows_received = $2";
    SELECT = "SELECT * FROM reconciliation WHERE reconciliation_id = $1";
    SELECT_OF_STATEMENT = "SELECT * FROM reconciliation WHERE district = $1 AND statement_id = $2";
    SELECT_PAGE = "SELECT * FROM reconciliation WHERE district = $1 \
        AND (CAST($2 AS TEXT) IS NULL OR reconciliation_id < $2) AND (CAST($3 AS DATE) IS NULL OR booked_on = $3) \
        AND (CAST($4 AS TEXT) IS NULL OR state = $4) ORDER BY reconciliation_id DESC LIMIT $5";
    SELECT_UNITS = "SELECT * FROM reconciliation_unit WHERE reconciliation_id = $1 ORDER BY unit_id";
    UPSERT_OWN = "INSERT INTO reconciliation_unit (reconciliation_id, unit_id, tax_count, tax_fen, own_count, own_fen, \
        detailed) VALUES ($1, $2, 0, 0, $3, $4, $5) ON CONFLICT (reconciliation_id, unit_id) DO UPDATE SET \
        own_count = excluded.own_count, own_fen = excluded.own_fen";
    UPDATE_NO_OWN = "UPDATE reconciliation_unit SET own_count = 0, own_fen = 0 WHERE reconciliation_id = $1";
    UPDATE_ALL_DETAILED = "UPDATE reconciliation_unit SET detailed = TRUE WHERE reconciliation_id = $1";
    UPSERT_DETAILED = "INSERT INTO reconciliation_unit (reconciliation_id, unit_id, tax_count, tax_fen, own_count, \
        own_fen, detailed) VALUES ($1, $2, 0, 0, 0, 0, TRUE) ON CONFLICT (reconciliation_id, unit_id) DO UPDATE SET \
        detailed = TRUE";
}

/// Totals of many units as they come from the tax side.
static UNITS: Bulk = Bulk::new(
    "reconciliation_unit",
    &["reconciliation_id", "unit_id", "tax_count", "tax_fen", "own_count", "own_fen", "detailed"],
);

/// A reconciliation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciliation {
    /// Id.
    pub id: ReconciliationId,
    /// District and day.
    pub day: Day,
    /// The tax side's id of the statement.
    pub statement_id: String,
    /// Which statement of the day it is, from 1.
    pub number: i64,
    /// How far it has come.
    pub state: ReconciliationState,
    /// True when its rows speak of every unit.
    pub whole: bool,
    /// Rows in all.
    pub row_count: i64,
    /// Rows that have come.
    pub rows_received: i64,
    /// The outcome.
    pub outcome: Outcome,
    /// Office that sent the totals.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// What a reconciliation comes to: tax − own = explained + unexplained.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Sum of the tax side.
    pub tax: Fen,
    /// Sum of ours.
    pub own: Fen,
    /// Sum of the differences of the exceptions.
    pub explained: Fen,
    /// Difference of the units whose rows are not compared.
    pub unexplained: Fen,
    /// Units whose totals differ.
    pub units_different: i64,
    /// Exceptions found.
    pub exceptions: i64,
}

/// Both sides of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Unit; empty for individuals.
    pub unit_id: String,
    /// Tax side.
    pub tax: Total,
    /// Ours.
    pub own: Total,
    /// True when its rows are compared.
    pub detailed: bool,
}

impl Outcome {
    /// What units come to, before any row explains a difference.
    #[must_use]
    pub fn of(units: &[Unit]) -> Self {
        let different = units.iter().filter(|unit| !totals_match(unit.tax, unit.own)).count();
        let (tax, own) = (units.iter().map(|unit| unit.tax.sum).sum(), units.iter().map(|unit| unit.own.sum).sum());
        Self {
            tax,
            own,
            unexplained: tax - own,
            units_different: i64::try_from(different).unwrap_or(i64::MAX),
            ..Self::default()
        }
    }
}

/// What happened on a day so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Statements that came.
    pub statements: i64,
    /// Comparisons that began.
    pub runs: i64,
    /// The last statement that was compared.
    pub compared: i64,
}

/// Counts a statement of a day.
///
/// # Errors
/// Those of the database.
pub async fn count_statement(session: &mut Session, day: Day) -> Result<Count, Error> {
    count(session, day, (1, 0)).await
}

/// Counts a comparison of a day.
///
/// # Errors
/// Those of the database.
pub async fn count_run(session: &mut Session, day: Day) -> Result<Count, Error> {
    count(session, day, (0, 1)).await
}

async fn count(session: &mut Session, day: Day, (statements, runs): (i64, i64)) -> Result<Count, Error> {
    let row = args![day.district.as_str(), day.on, statements, runs];
    let row = session.maybe_row(UPSERT_DAY, row).await?.ok_or(Error::Contended)?;
    counted(&row)
}

/// What happened on a day.
///
/// # Errors
/// Those of the database.
pub async fn find_day(session: &mut Session, day: Day) -> Result<Count, Error> {
    let row = session.maybe_row(SELECT_DAY, args![day.district.as_str(), day.on]).await?;
    row.as_ref().map_or(Ok(Count::default()), counted)
}

fn counted(row: &Row) -> Result<Count, Error> {
    Ok(Count { statements: row.int("statements")?, runs: row.int("runs")?, compared: row.int("compared")? })
}

/// Notes which statement of its day was compared last.
///
/// # Errors
/// Those of the database.
pub async fn note_compared(session: &mut Session, reconciliation: &Reconciliation) -> Result<(), Error> {
    let day = reconciliation.day;
    session.execute(UPDATE_COMPARED, args![day.district.as_str(), day.on, reconciliation.number]).await?;
    Ok(())
}

/// Stores a new reconciliation with the totals of the tax side.
///
/// # Errors
/// [`Error::Duplicate`] when the statement is there.
pub async fn insert(session: &mut Session, new: &Reconciliation, units: &[Unit]) -> Result<(), Error> {
    let outcome = &new.outcome;
    let mut row = args![
        Value::text(new.id),
        new.day.district.as_str(),
        new.day.on,
        new.statement_id.as_str(),
        new.number,
        new.state.as_str(),
        Value::Bool(Some(new.whole)),
        new.row_count,
        new.rows_received,
        outcome.tax.get(),
        outcome.own.get(),
        outcome.explained.get(),
        outcome.unexplained.get(),
        outcome.units_different,
        outcome.exceptions,
        new.created_at,
    ];
    row.extend(caller_to_row(&new.recorded_by));
    session.execute(INSERT, row).await?;
    let of_unit = |unit: &Unit| {
        args![
            Value::text(new.id),
            unit.unit_id.as_str(),
            unit.tax.count,
            unit.tax.sum.get(),
            unit.own.count,
            unit.own.sum.get(),
            Value::Bool(Some(unit.detailed)),
        ]
    };
    if !units.is_empty() {
        session.insert_all(&UNITS, units.iter().flat_map(of_unit).collect()).await?;
    }
    Ok(())
}

/// Stores state, scope and outcome.
///
/// # Errors
/// Those of the database.
pub async fn update(session: &mut Session, changed: &Reconciliation) -> Result<(), Error> {
    let outcome = &changed.outcome;
    let row = args![
        Value::text(changed.id),
        changed.state.as_str(),
        Value::Bool(Some(changed.whole)),
        changed.row_count,
        outcome.tax.get(),
        outcome.own.get(),
        outcome.explained.get(),
        outcome.unexplained.get(),
        outcome.units_different,
        outcome.exceptions,
    ];
    session.execute(UPDATE, row).await?;
    Ok(())
}

/// Notes that rows have come, from `before` on.
///
/// # Errors
/// [`Error::Contended`] when others came in between.
pub async fn receive(session: &mut Session, id: ReconciliationId, before: i64, received: i64) -> Result<(), Error> {
    let touched = session.execute(UPDATE_RECEIVED, args![Value::text(id), before, received]).await?;
    if touched == 1 { Ok(()) } else { Err(Error::Contended) }
}

/// Stores what is booked here by unit, in place of what was.
///
/// # Errors
/// Those of the database.
pub async fn put_own(session: &mut Session, of: &Reconciliation, own: &[(String, Total)]) -> Result<(), Error> {
    session.execute(UPDATE_NO_OWN, args![Value::text(of.id)]).await?;
    for (unit_id, total) in own {
        let row =
            args![Value::text(of.id), unit_id.as_str(), total.count, total.sum.get(), Value::Bool(Some(of.whole))];
        session.execute(UPSERT_OWN, row).await?;
    }
    Ok(())
}

/// Marks the units whose rows come; without any, all.
///
/// # Errors
/// Those of the database.
pub async fn mark_detailed(session: &mut Session, id: ReconciliationId, units: &[String]) -> Result<(), Error> {
    if units.is_empty() {
        session.execute(UPDATE_ALL_DETAILED, args![Value::text(id)]).await?;
    }
    for unit_id in units {
        session.execute(UPSERT_DETAILED, args![Value::text(id), unit_id.as_str()]).await?;
    }
    Ok(())
}

/// The units of a reconciliation, individuals first.
///
/// # Errors
/// Those of the database.
pub async fn units(session: &mut Session, id: ReconciliationId) -> Result<Vec<Unit>, Error> {
    let read = |row: &Row| {
        Ok(Unit {
            unit_id: row.text("unit_id")?,
            tax: Total { count: row.int("tax_count")?, sum: Fen::new(row.int("tax_fen")?) },
            own: Total { count: row.int("own_count")?, sum: Fen::new(row.int("own_fen")?) },
            detailed: row.bool("detailed")?,
        })
    };
    session.rows(SELECT_UNITS, args![Value::text(id)]).await?.iter().map(read).collect()
}

/// A reconciliation by id.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(session: &mut Session, id: ReconciliationId) -> Result<Option<Reconciliation>, Error> {
    session.maybe_row(SELECT, args![Value::text(id)]).await?.as_ref().map(from_row).transpose()
}

/// The reconciliation of a statement.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find_of_statement(
    session: &mut Session,
    district: District,
    statement_id: &str,
) -> Result<Option<Reconciliation>, Error> {
    let row = session.maybe_row(SELECT_OF_STATEMENT, args![district.as_str(), statement_id]).await?;
    row.as_ref().map(from_row).transpose()
}

/// Which reconciliations are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// District.
    pub district: District,
    /// Day.
    pub on: Option<NaiveDate>,
    /// State.
    pub state: Option<ReconciliationState>,
    /// Before this one.
    pub before: Option<ReconciliationId>,
    /// At most so many.
    pub size: i64,
}

/// A page of reconciliations, newest first.
///
/// # Errors
/// Those of the database.
pub async fn page(session: &mut Session, wanted: &Wanted) -> Result<Vec<Reconciliation>, Error> {
    let key = args![
        wanted.district.as_str(),
        Value::maybe_text(wanted.before),
        wanted.on,
        Value::maybe_text(wanted.state),
        wanted.size,
    ];
    session.rows(SELECT_PAGE, key).await?.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<Reconciliation, Error> {
    Ok(Reconciliation {
        id: row.parse("reconciliation_id")?,
        day: Day { district: row.parse("district")?, on: row.date("booked_on")? },
        statement_id: row.text("statement_id")?,
        number: row.int("number")?,
        state: row.parse("state")?,
        whole: row.bool("whole")?,
        row_count: row.int("row_count")?,
        rows_received: row.int("rows_received")?,
        outcome: Outcome {
            tax: Fen::new(row.int("tax_fen")?),
            own: Fen::new(row.int("own_fen")?),
            explained: Fen::new(row.int("explained_fen")?),
            unexplained: Fen::new(row.int("unexplained_fen")?),
            units_different: row.int("units_different")?,
            exceptions: row.int("exceptions")?,
        },
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
