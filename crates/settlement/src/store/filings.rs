//! Filings, with a head per resident that every change moves.

use chrono::{DateTime, Utc};
use juyi_db::{Row, Session, Value, args};
use juyi_domain::codes::District;
use juyi_domain::id::{FilingId, ResidentId};
use juyi_domain::settlement::filings::register::Registered;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row};

use super::to_json;

/// What is said of a value that has no JSON.
const UNWRITTEN: &str = "a filing cannot be written";

juyi_db::statements! {
    SELECT_HEAD = "SELECT revision FROM filing_head WHERE resident_id = $1";
    MOVE_HEAD = "INSERT INTO filing_head (resident_id, revision) VALUES ($1, $2) \
        ON CONFLICT (resident_id) DO UPDATE SET revision = $2 WHERE filing_head.revision = $3";
    INSERT = "INSERT INTO filing (resident_id, filing_id, district, kind, state, first_on, last_on, details, created_at, \
        office, office_district, office_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    UPDATE = "UPDATE filing SET state = $3, last_on = $4, details = $5 WHERE resident_id = $1 AND filing_id = $2";
    SELECT = "SELECT * FROM filing WHERE resident_id = $1 AND filing_id = $2";
    SELECT_ALL = "SELECT * FROM filing WHERE resident_id = $1 ORDER BY filing_id";
    SELECT_PAGE = "SELECT * FROM filing WHERE resident_id = $1 AND filing_id > $2 ORDER BY filing_id LIMIT $3";
}

/// A filing of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filing {
    /// Whose.
    pub resident_id: ResidentId,
    /// Id.
    pub id: FilingId,
    /// District of the cover on its first day.
    pub district: District,
    /// What was filed, its days and its state.
    pub registered: Registered,
    /// Office that filed it.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Moves the filings of a person on; `Contended` when another writer was first.
///
/// # Errors
/// Those of the database.
pub async fn advance(session: &mut Session, resident_id: ResidentId) -> Result<(), Error> {
    super::move_head(session, resident_id, (SELECT_HEAD, MOVE_HEAD)).await
}

/// Stores a filing.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, filing: &Filing) -> Result<(), Error> {
    let registered = &filing.registered;
    let mut row = args![
        Value::text(filing.resident_id),
        Value::text(filing.id),
        filing.district.as_str(),
        registered.details.kind().as_str(),
        registered.state.as_str(),
        registered.first_on,
        registered.last_on,
        to_json(&registered.details, UNWRITTEN)?,
        filing.created_at,
    ];
    row.extend(caller_to_row(&filing.recorded_by));
    session.execute(INSERT, row).await?;
    Ok(())
}

/// Stores what changed of a filing: its state, its last day, what was told later.
///
/// # Errors
/// Those of the database.
pub async fn update(session: &mut Session, filing: &Filing) -> Result<(), Error> {
    let Registered { details, last_on, state, .. } = &filing.registered;
    let row = args![
        Value::text(filing.resident_id),
        Value::text(filing.id),
        state.as_str(),
        *last_on,
        to_json(details, UNWRITTEN)?
    ];
    session.execute(UPDATE, row).await?;
    Ok(())
}

/// A filing of the resident.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(session: &mut Session, resident_id: ResidentId, id: FilingId) -> Result<Option<Filing>, Error> {
    let row = session.maybe_row(SELECT, args![Value::text(resident_id), Value::text(id)]).await?;
    row.as_ref().map(from_row).transpose()
}

/// Every filing of the resident, in order.
///
/// # Errors
/// Those of the database.
pub async fn of_resident(session: &mut Session, resident_id: ResidentId) -> Result<Vec<Filing>, Error> {
    let rows = session.rows(SELECT_ALL, args![Value::text(resident_id)]).await?;
    rows.iter().map(from_row).collect()
}

/// A page of them, after `after`.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    resident_id: ResidentId,
    after: Option<FilingId>,
    size: i64,
) -> Result<Vec<Filing>, Error> {
    let after = after.map_or_else(|| "".into(), Value::text);
    let rows = session.rows(SELECT_PAGE, args![Value::text(resident_id), after, size]).await?;
    rows.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<Filing, Error> {
    let details = serde_json::from_str(&row.text("details")?);
    Ok(Filing {
        resident_id: row.parse("resident_id")?,
        id: row.parse("filing_id")?,
        district: row.parse("district")?,
        registered: Registered {
            details: details.map_err(|_| juyi_db::Error::Corrupt { column: "details" })?,
            first_on: row.date("first_on")?,
            last_on: row.maybe_date("last_on")?,
            state: row.parse("state")?,
        },
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
