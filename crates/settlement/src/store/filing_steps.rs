//! What became of a filing, step by step.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Row, Session, Value, args};
use juyi_domain::id::{FilingId, ResidentId};
use juyi_domain::settlement::filings::codes::FilingState;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row};

juyi_db::statements! {
    INSERT = "INSERT INTO filing_step (resident_id, filing_id, ordinal, state, last_on, reason, created_at, office, \
        office_district, office_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    SELECT = "SELECT * FROM filing_step WHERE resident_id = $1 AND filing_id = $2 ORDER BY ordinal";
}

/// A step of a filing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilingStep {
    /// State reached.
    pub state: FilingState,
    /// Last day as it stood after the step.
    pub last_on: Option<NaiveDate>,
    /// Why; empty where nothing has to be said.
    pub reason: String,
    /// Office.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Adds a step as the `ordinal`-th of its filing.
///
/// # Errors
/// Those of the database.
pub async fn insert(
    session: &mut Session,
    (resident_id, filing_id): (ResidentId, FilingId),
    ordinal: i64,
    step: &FilingStep,
) -> Result<(), Error> {
    let mut row = args![
        Value::text(resident_id),
        Value::text(filing_id),
        ordinal,
        step.state.as_str(),
        step.last_on,
        step.reason.as_str(),
        step.created_at,
    ];
    row.extend(caller_to_row(&step.recorded_by));
    session.execute(INSERT, row).await?;
    Ok(())
}

/// The steps of a filing, first to last.
///
/// # Errors
/// Those of the database.
pub async fn list(session: &mut Session, resident_id: ResidentId, id: FilingId) -> Result<Vec<FilingStep>, Error> {
    let rows = session.rows(SELECT, args![Value::text(resident_id), Value::text(id)]).await?;
    rows.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<FilingStep, Error> {
    Ok(FilingStep {
        state: row.parse("state")?,
        last_on: row.maybe_date("last_on")?,
        reason: row.text("reason")?,
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
