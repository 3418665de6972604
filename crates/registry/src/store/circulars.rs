//! Circulars with the progress they circulated.

use chrono::{DateTime, Utc};
use juyi_db::{Row, Session, Value, args};
use juyi_domain::codes::District;
use juyi_domain::id::CircularId;
use juyi_domain::registry::supervision::progress::Report;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row};

juyi_db::statements! {
    INSERT = "INSERT INTO circular (circular_id, district, policy_year, title, unit_ids, progress, created_at, office, \
        office_district, office_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    SELECT_PAGE = "SELECT * FROM circular WHERE district = $1 AND policy_year = $2 \
        AND (CAST($3 AS TEXT) IS NULL OR circular_id < $3) ORDER BY circular_id DESC LIMIT $4";
}

/// A circular.
#[derive(Clone, Debug, PartialEq)]
pub struct Circular {
    /// Id; ids are in the order of time.
    pub id: CircularId,
    /// District.
    pub district: District,
    /// Policy year.
    pub policy_year: i32,
    /// Title.
    pub title: String,
    /// Units it is about; none for all of the table.
    pub unit_ids: Vec<String>,
    /// The progress, as it was.
    pub progress: Report,
    /// Office that issued it.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Stores a circular.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, circular: &Circular) -> Result<(), Error> {
    let progress = serde_json::to_string(&circular.progress).map_err(|_| Error::Fault("a report cannot be written"))?;
    let mut row = args![
        Value::text(circular.id),
        circular.district.as_str(),
        circular.policy_year,
        circular.title.as_str(),
        circular.unit_ids.join(","),
        progress,
        circular.created_at,
    ];
    row.extend(caller_to_row(&circular.recorded_by));
    session.execute(INSERT, row).await?;
    Ok(())
}

/// A page of circulars, newest first, of those before `before`.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    (district, policy_year): (District, i32),
    before: Option<CircularId>,
    size: i64,
) -> Result<Vec<Circular>, Error> {
    let key = args![district.as_str(), policy_year, Value::maybe_text(before), size];
    session.rows(SELECT_PAGE, key).await?.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<Circular, Error> {
    let progress = serde_json::from_str(&row.text("progress")?);
    Ok(Circular {
        id: row.parse("circular_id")?,
        district: row.parse("district")?,
        policy_year: row.small("policy_year")?,
        title: row.text("title")?,
        unit_ids: list(&row.text("unit_ids")?),
        progress: progress.map_err(|_| Error::Fault("a stored report is unreadable"))?,
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}

/// Words separated by commas, which none of them holds.
pub(super) fn list(text: &str) -> Vec<String> {
    text.split(',').filter(|word| !word.is_empty()).map(ToOwned::to_owned).collect()
}
