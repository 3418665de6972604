//! What a change of recorded data changes in a resident's record and enrolments.

use chrono::NaiveDate;
use juyi_db::{Session, Value, args};
use juyi_domain::codes::District;
use juyi_domain::id::ResidentId;
use juyi_domain::registry::change::Registered;
use juyi_kit::error::Error;

juyi_db::statements! {
    RAISE_REVISION = "UPDATE resident SET revision = revision + 1 WHERE resident_id = $1 AND revision = $2";
    UPDATE_NAME = "UPDATE resident SET name = $2 WHERE resident_id = $1";
    UPDATE_NUMBER = "UPDATE resident SET identity_number = $2, born_on = $3 WHERE resident_id = $1";
    DELETE_NUMBER = "DELETE FROM identity_number WHERE identity_number = $1 AND resident_id = $2";
    INSERT_NUMBER = "INSERT INTO identity_number (identity_number, resident_id) VALUES ($1, $2)";
    UPDATE_RESIDENCE = "UPDATE resident SET residence_district = $2 WHERE resident_id = $1";
    SELECT_REGISTERED = "SELECT desk, district, desk_township, paid_on FROM enrolment \
        WHERE resident_id = $1 AND policy_year = $2";
    SELECT_RUNNING = "SELECT policy_year FROM enrolment WHERE resident_id = $1 AND policy_year >= $2 \
        AND district = $3 AND unit_id IS NULL AND (township IS NULL OR township <> $4) ORDER BY policy_year";
}

/// Raises the version of a resident's record; false when somebody else did in between.
///
/// # Errors
/// Those of the database.
pub async fn raise_revision(session: &mut Session, resident_id: ResidentId, from: i64) -> Result<bool, Error> {
    Ok(session.execute(RAISE_REVISION, args![Value::text(resident_id), from]).await? == 1)
}

/// Changes a name.
///
/// # Errors
/// Those of the database.
pub async fn update_name(session: &mut Session, resident_id: ResidentId, name: &str) -> Result<(), Error> {
    session.execute(UPDATE_NAME, args![Value::text(resident_id), name]).await?;
    Ok(())
}

/// Changes an identity number and the birth date it states. The old number finds nobody any more. A number in use is
/// `Duplicate`.
///
/// # Errors
/// Those of the database.
pub async fn update_number(
    session: &mut Session,
    resident_id: ResidentId,
    (old, new): (&str, &str),
    born_on: NaiveDate,
) -> Result<(), Error> {
    session.execute(DELETE_NUMBER, args![old, Value::text(resident_id)]).await?;
    session.execute(INSERT_NUMBER, args![new, Value::text(resident_id)]).await?;
    session.execute(UPDATE_NUMBER, args![Value::text(resident_id), new, born_on]).await?;
    Ok(())
}

/// Puts the district of residence into a resident's record.
///
/// # Errors
/// Those of the database.
pub async fn update_residence(session: &mut Session, resident_id: ResidentId, district: District) -> Result<(), Error> {
    session.execute(UPDATE_RESIDENCE, args![Value::text(resident_id), Value::text(district)]).await?;
    Ok(())
}

/// How the resident is enrolled for a year.
///
/// # Errors
/// Those of the database.
pub async fn maybe_registered(
    session: &mut Session,
    resident_id: ResidentId,
    policy_year: i32,
) -> Result<Option<Registered>, Error> {
    let row = session.maybe_row(SELECT_REGISTERED, args![Value::text(resident_id), policy_year]).await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Registered {
        desk: row.parse("desk")?,
        district: row.parse("district")?,
        township: row.maybe_text("desk_township")?,
        paid_on: row.maybe_date("paid_on")?,
    }))
}

/// The years from `from_year` on in which the resident is enrolled in a district by family, and counts towards another
/// township than the one given.
///
/// # Errors
/// Those of the database.
pub async fn years_elsewhere(
    session: &mut Session,
    resident_id: ResidentId,
    from_year: i32,
    (district, township): (District, &str),
) -> Result<Vec<i32>, Error> {
    let key = args![Value::text(resident_id), from_year, Value::text(district), township];
    let rows = session.rows(SELECT_RUNNING, key).await?;
    Ok(rows.iter().map(|row| row.small("policy_year")).collect::<Result<_, _>>()?)
}
