//! Dated facts of residents. Rows are only ever added.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Row, Session, Value, args};
use juyi_domain::id::{FactId, ResidentId};
use juyi_domain::registry::facts::DatedFact;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row};

juyi_db::statements! {
    INSERT = "INSERT INTO resident_fact (resident_id, fact_id, kind, start_on, end_on, fact, created_at, \
        office, office_district, office_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    SELECT = "SELECT * FROM resident_fact WHERE resident_id = $1 ORDER BY created_at, fact_id";
    SELECT_PAGE = "SELECT * FROM resident_fact WHERE resident_id = $1 \
        AND (CAST($2 AS TEXT) IS NULL OR fact_id < $2) ORDER BY fact_id DESC LIMIT $3";
}

/// A fact as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedFact {
    /// Whose.
    pub resident_id: ResidentId,
    /// Id; facts recorded later have a greater one.
    pub id: FactId,
    /// What is true, and when.
    pub dated: DatedFact,
    /// Office that recorded it.
    pub recorded_by: Caller,
    /// When it became known.
    pub created_at: DateTime<Utc>,
}

/// Stores facts.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, facts: &[RecordedFact]) -> Result<(), Error> {
    for recorded in facts {
        session.execute(INSERT, to_row(recorded)?).await?;
    }
    Ok(())
}

/// The row of a fact, in the order of the columns of [`INSERT`].
pub(crate) fn to_row(recorded: &RecordedFact) -> Result<Vec<Value>, Error> {
    let DatedFact { start_on, end_on, fact } = &recorded.dated;
    let json = serde_json::to_string(fact).map_err(|_| Error::Fault("a fact cannot be written"))?;
    let mut row = args![
        Value::text(recorded.resident_id),
        Value::text(recorded.id),
        fact.kind(),
        *start_on,
        *end_on,
        json,
        recorded.created_at,
    ];
    row.extend(caller_to_row(&recorded.recorded_by));
    Ok(row)
}

/// Every fact of a resident, in the order of recording.
///
/// # Errors
/// Those of the database.
pub async fn history(session: &mut Session, resident_id: ResidentId) -> Result<Vec<RecordedFact>, Error> {
    session.rows(SELECT, args![Value::text(resident_id)]).await?.iter().map(from_row).collect()
}

/// A page of a resident's facts, the one recorded last first, of those before `before`.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    resident_id: ResidentId,
    before: Option<FactId>,
    size: i64,
) -> Result<Vec<RecordedFact>, Error> {
    let key = args![Value::text(resident_id), Value::maybe_text(before), size];
    session.rows(SELECT_PAGE, key).await?.iter().map(from_row).collect()
}

pub(crate) fn from_row(row: &Row) -> Result<RecordedFact, Error> {
    let (start_on, end_on): (NaiveDate, _) = (row.date("start_on")?, row.maybe_date("end_on")?);
    let fact = serde_json::from_str(&row.text("fact")?).map_err(|_| Error::Fault("a stored fact is unreadable"))?;
    Ok(RecordedFact {
        resident_id: row.parse("resident_id")?,
        id: row.parse("fact_id")?,
        dated: DatedFact { start_on, end_on, fact },
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
