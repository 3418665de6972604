//! Who answers for an area, a village or a household: a post, never a name.

use chrono::{DateTime, Utc};
use juyi_db::{Error, Row, Session, Value, args};
use juyi_kit::caller::Caller;
use juyi_kit::wire::caller_to_row;

juyi_db::statements! {
    SET = "INSERT INTO responsibility (unit_id, policy_year, post, created_at, office, office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (unit_id, policy_year) DO UPDATE SET post = excluded.post, \
        created_at = excluded.created_at, office = excluded.office, office_district = excluded.office_district, \
        office_name = excluded.office_name";
    SELECT_PAGE = "SELECT unit.unit_id, responsibility.post FROM unit LEFT JOIN responsibility \
        ON responsibility.unit_id = unit.unit_id AND responsibility.policy_year = $2 \
        WHERE (unit.township = $1 OR unit.unit_id = $1) \
        AND unit.kind IN ('TOWNSHIP', 'VILLAGE', 'COMMUNITY', 'HOUSEHOLD') AND unit.unit_id > $3 \
        AND (responsibility.post IS NULL OR $4 = 0) ORDER BY unit.unit_id LIMIT $5";
}

/// Names the post that answers for a unit in a year, instead of the one named before.
///
/// # Errors
/// Those of the database.
pub async fn set(
    session: &mut Session,
    (unit_id, policy_year): (&str, i32),
    post: &str,
    (caller, now): (&Caller, DateTime<Utc>),
) -> Result<(), Error> {
    let mut row = args![unit_id, policy_year, post, now];
    row.extend(caller_to_row(caller));
    session.execute(SET, row).await?;
    Ok(())
}

/// A page of the township and its units by id, from the one after `after`, each with the post that answers for it, if
/// one does; `open_only` leaves out the others.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    (township, policy_year): (&str, i32),
    open_only: bool,
    after: &str,
    size: i64,
) -> Result<Vec<(String, Option<String>)>, Error> {
    let key = args![township, policy_year, after, Value::Int(Some(i64::from(open_only))), size];
    let rows = session.rows(SELECT_PAGE, key).await?;
    rows.iter().map(|row: &Row| Ok((row.text("unit_id")?, row.maybe_text("post")?))).collect()
}
