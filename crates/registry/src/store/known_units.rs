//! Units as far as facts and enrolments depend on them; offices keep the table itself elsewhere.

use juyi_db::{Error, Row, Session, Value, args};
use juyi_domain::codes::District;
use juyi_domain::registry::unit::Unit;

juyi_db::statements! {
    SELECT = "SELECT unit_id, kind, district, township, target_unit FROM unit WHERE unit_id = $1";
    SELECT_TOWNSHIP = "SELECT unit_id FROM unit WHERE district = $1 AND kind = 'TOWNSHIP' LIMIT 1";
}

/// A unit by id.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(session: &mut Session, unit_id: &str) -> Result<Option<Unit>, Error> {
    session.maybe_row(SELECT, args![unit_id]).await?.as_ref().map(from_row).transpose()
}

/// True when the townships of the district are on record.
///
/// # Errors
/// Those of the database.
pub async fn has_townships(session: &mut Session, district: District) -> Result<bool, Error> {
    Ok(session.maybe_row(SELECT_TOWNSHIP, args![Value::text(district)]).await?.is_some())
}

pub(crate) fn from_row(row: &Row) -> Result<Unit, Error> {
    Ok(Unit {
        id: row.text("unit_id")?,
        kind: row.parse("kind")?,
        district: row.parse("district")?,
        township: row.maybe_text("township")?,
        target_unit: row.maybe_text("target_unit")?,
    })
}
