//! Holidays of schools, by calendar year.

use chrono::{DateTime, Utc};
use juyi_db::{Session, Value, args};
use juyi_domain::settlement::filings::student::Holiday;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row};

juyi_db::statements! {
    INSERT = "INSERT INTO school_calendar (unit_id, calendar_year, holidays, created_at, office, office_district, \
        office_name) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    REPLACE = "UPDATE school_calendar SET holidays = $3, created_at = $4, office = $5, office_district = $6, \
        office_name = $7 WHERE unit_id = $1 AND calendar_year = $2 AND created_at = $8";
    SELECT = "SELECT * FROM school_calendar WHERE unit_id = $1 AND calendar_year = $2";
}

/// The holidays of a school in a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// School.
    pub unit_id: String,
    /// Calendar year.
    pub year: i32,
    /// Holidays.
    pub holidays: Vec<Holiday>,
    /// Office that set it.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Stores the first calendar of a school and year. Another one of them is `Duplicate`.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, calendar: &Calendar) -> Result<(), Error> {
    session.execute(INSERT, to_row(calendar)?).await?;
    Ok(())
}

/// Stores a calendar in the place of the one before; `Contended` when that is no longer the one before.
///
/// # Errors
/// Those of the database.
pub async fn replace(session: &mut Session, before: &Calendar, calendar: &Calendar) -> Result<(), Error> {
    let mut row = to_row(calendar)?;
    row.extend(args![before.created_at]);
    let replaced = session.execute(REPLACE, row).await?;
    if replaced == 1 { Ok(()) } else { Err(juyi_db::Error::Contended.into()) }
}

/// The calendar of a school and year.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(session: &mut Session, unit_id: &str, year: i32) -> Result<Option<Calendar>, Error> {
    let Some(row) = session.maybe_row(SELECT, args![unit_id, year]).await? else { return Ok(None) };
    let holidays = serde_json::from_str(&row.text("holidays")?);
    Ok(Some(Calendar {
        unit_id: row.text("unit_id")?,
        year: row.small("calendar_year")?,
        holidays: holidays.map_err(|_| juyi_db::Error::Corrupt { column: "holidays" })?,
        recorded_by: caller_from_row(&row)?,
        created_at: row.instant("created_at")?,
    }))
}

fn to_row(calendar: &Calendar) -> Result<Vec<Value>, Error> {
    let holidays = serde_json::to_string(&calendar.holidays);
    let holidays = holidays.map_err(|_| Error::Fault("a calendar cannot be written"))?;
    let mut row = args![calendar.unit_id.as_str(), calendar.year, holidays, calendar.created_at];
    row.extend(caller_to_row(&calendar.recorded_by));
    Ok(row)
}
