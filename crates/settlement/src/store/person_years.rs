//! The revision of a person's year.

use juyi_db::{Error, Keyed, Session, Value, args};
use juyi_domain::id::ResidentId;

juyi_db::statements! {
    SELECT = "SELECT revision FROM person_year WHERE resident_id = $1 AND policy_year = $2";
    SELECT_LATER = "SELECT policy_year FROM person_year WHERE resident_id = $1 AND policy_year > $2";
}

static REVISIONS: Keyed = Keyed::select(
    &[("place", "BIGINT"), ("wanted", "TEXT"), ("wanted_year", "BIGINT")],
    "key.place, y.revision",
    "person_year y",
    "y.resident_id = key.wanted AND y.policy_year = key.wanted_year",
    "place",
);
static MOVE: Keyed = Keyed::upsert(
    "person_year",
    &[("resident_id", "TEXT"), ("policy_year", "BIGINT"), ("revision", "BIGINT")],
    "(resident_id, policy_year) DO UPDATE SET revision = excluded.revision \
        WHERE person_year.revision = excluded.revision - 1",
);

/// The revision of the year; 0 for a year without bills.
///
/// # Errors
/// Those of the database.
pub async fn revision(session: &mut Session, resident_id: ResidentId, policy_year: i32) -> Result<i64, Error> {
    let row = session.maybe_row(SELECT, args![Value::text(resident_id), policy_year]).await?;
    row.map_or(Ok(0), |row| row.int("revision"))
}

/// The years after one that something moved.
///
/// # Errors
/// Those of the database.
pub async fn later(session: &mut Session, resident_id: ResidentId, policy_year: i32) -> Result<Vec<i32>, Error> {
    let rows = session.rows(SELECT_LATER, args![Value::text(resident_id), policy_year]).await?;
    rows.iter().map(|row| row.small("policy_year")).collect()
}

/// The revisions of many years in their order.
///
/// # Errors
/// Those of the database.
pub async fn revisions(session: &mut Session, years: &[(ResidentId, i32)]) -> Result<Vec<i64>, Error> {
    let mut revisions = vec![0; years.len()];
    for row in session.rows_of(&REVISIONS, &super::keys(years)).await? {
        *super::at(&row, &mut revisions)? = row.int("revision")?;
    }
    Ok(revisions)
}

/// Moves years to a revision; `false` when another writer moved one of them since the revision before was read: then
/// nothing of the transaction may stay.
///
/// # Errors
/// Those of the database.
pub async fn advance(session: &mut Session, years: &[(ResidentId, i32, i64)]) -> Result<bool, Error> {
    let row = |(id, policy_year, revision): &(ResidentId, i32, i64)| args![Value::text(id), *policy_year, *revision];
    let rows: Vec<_> = years.iter().flat_map(row).collect();
    Ok(session.execute_for(&MOVE, &rows).await? == years.len() as u64)
}
