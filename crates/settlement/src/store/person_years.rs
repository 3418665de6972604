//! The revision of a person's year.

use juyi_db::{Error, Session, Value, args};
use juyi_domain::id::ResidentId;

juyi_db::statements! {
    SELECT = "SELECT revision FROM person_year WHERE resident_id = $1 AND policy_year = $2";
    MOVE = "INSERT INTO person_year (resident_id, policy_year, revision) VALUES ($1, $2, $3) \
        ON CONFLICT (resident_id, policy_year) DO UPDATE SET revision = $3 WHERE person_year.revision = $4";
}

/// The revision of the year; 0 for a year without bills.
///
/// # Errors
/// Those of the database.
pub async fn revision(session: &mut Session, resident_id: ResidentId, policy_year: i32) -> Result<i64, Error> {
    let row = session.maybe_row(SELECT, args![Value::text(resident_id), policy_year]).await?;
    row.map_or(Ok(0), |row| row.int("revision"))
}

/// Moves the year to a revision; `false` when another writer moved it since the one before was read.
///
/// # Errors
/// Those of the database.
pub async fn advance(
    session: &mut Session,
    resident_id: ResidentId,
    policy_year: i32,
    revision: i64,
) -> Result<bool, Error> {
    let row = args![Value::text(resident_id), policy_year, revision, revision - 1];
    Ok(session.execute(MOVE, row).await? == 1)
}
