//! The parts into which townships split their targets.

use chrono::{DateTime, Utc};
use juyi_db::{Error, Session, args};
use juyi_kit::caller::Caller;
use juyi_kit::wire::caller_to_row;

juyi_db::statements! {
    SELECT_REVISION = "SELECT revision FROM sub_target_set WHERE township = $1 AND policy_year = $2";
    /// A first set is inserted; a later one takes the place of the version that was read, if that is still stored.
    MOVE = "INSERT INTO sub_target_set (township, policy_year, revision, created_at, office, office_district, \
        office_name) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (township, policy_year) DO UPDATE SET \
        revision = excluded.revision, created_at = excluded.created_at, office = excluded.office, \
        office_district = excluded.office_district, office_name = excluded.office_name \
        WHERE sub_target_set.revision = excluded.revision - 1";
    DELETE = "DELETE FROM sub_target WHERE township = $1 AND policy_year = $2";
    INSERT = "INSERT INTO sub_target (township, policy_year, unit_id, persons) VALUES ($1, $2, $3, $4)";
    SELECT = "SELECT unit_id, persons FROM sub_target WHERE township = $1 AND policy_year = $2 ORDER BY unit_id";
}

/// The version of a township's parts; 0 when none were set.
///
/// # Errors
/// Those of the database.
pub async fn revision(session: &mut Session, township: &str, policy_year: i32) -> Result<i64, Error> {
    let row = session.maybe_row(SELECT_REVISION, args![township, policy_year]).await?;
    row.map_or(Ok(0), |row| row.int("revision"))
}

/// Parts, as a township sets them.
#[derive(Clone, Debug)]
pub struct SubTargets<'a> {
    /// Township, a unit id.
    pub township: &'a str,
    /// Policy year.
    pub policy_year: i32,
    /// Units with their persons.
    pub parts: &'a [(String, i64)],
    /// Version they are to have, one more than the version read.
    pub revision: i64,
    /// Office that sets them.
    pub recorded_by: &'a Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Replaces the parts; `false` when another version than the one read is stored.
///
/// # Errors
/// Those of the database.
pub async fn replace(session: &mut Session, set: &SubTargets<'_>) -> Result<bool, Error> {
    let mut row = args![set.township, set.policy_year, set.revision, set.created_at];
    row.extend(caller_to_row(set.recorded_by));
    if session.execute(MOVE, row).await? != 1 {
        return Ok(false);
    }
    session.execute(DELETE, args![set.township, set.policy_year]).await?;
    for (unit_id, persons) in set.parts {
        session.execute(INSERT, args![set.township, set.policy_year, unit_id.as_str(), *persons]).await?;
    }
    Ok(true)
}

/// The parts of a township with their persons, by unit id.
///
/// # Errors
/// Those of the database.
pub async fn list(session: &mut Session, township: &str, policy_year: i32) -> Result<Vec<(String, i64)>, Error> {
    let rows = session.rows(SELECT, args![township, policy_year]).await?;
    rows.iter().map(|row| Ok((row.text("unit_id")?, row.int("persons")?))).collect()
}
