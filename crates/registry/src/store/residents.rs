//! Residents and the numbers that find them.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Error, Row, Session, Value, args};
use juyi_domain::codes::District;
use juyi_domain::id::ResidentId;
use juyi_kit::caller::Caller;
use juyi_kit::wire::{caller_from_row, caller_to_row};

juyi_db::statements! {
    INSERT = "INSERT INTO resident (resident_id, identity_number, name, born_on, household_district, \
        residence_district, created_at, office, office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    INSERT_NUMBER = "INSERT INTO identity_number (identity_number, resident_id) VALUES ($1, $2)";
    SELECT = "SELECT * FROM resident WHERE resident_id = $1";
    TOUCH = "UPDATE resident SET revision = revision + 1 WHERE resident_id = $1";
    MOVE = "UPDATE resident SET household_district = $2, residence_district = $3, revision = revision + 1 \
        WHERE resident_id = $1";
    SELECT_NUMBER = "SELECT resident_id FROM identity_number WHERE identity_number = $1";
}

/// A resident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resident {
    /// Id.
    pub id: ResidentId,
    /// Citizen identity number.
    pub identity_number: String,
    /// Name.
    pub name: String,
    /// Date of birth, from the number.
    pub born_on: NaiveDate,
    /// District of household registration; `None` outside Tianjin.
    pub household_district: Option<District>,
    /// District of residence.
    pub residence_district: District,
    /// Recorded day of death.
    pub died_on: Option<NaiveDate>,
    /// Version of the record.
    pub revision: i64,
    /// Office that registered the resident.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Stores a resident, alive and in the first version. A number in use is [`Error::Duplicate`].
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, resident: &Resident) -> Result<(), Error> {
    let number = args![resident.identity_number.as_str(), Value::text(resident.id)];
    session.execute(INSERT_NUMBER, number).await?;
    let mut row = args![
        Value::text(resident.id),
        resident.identity_number.as_str(),
        resident.name.as_str(),
        resident.born_on,
        Value::maybe_text(resident.household_district),
        Value::text(resident.residence_district),
        resident.created_at,
    ];
    row.extend(caller_to_row(&resident.recorded_by));
    session.execute(INSERT, row).await?;
    Ok(())
}

/// Makes a new version of the record, and with it lets nobody else write about the person before this transaction ends.
/// False when nobody has the id.
///
/// # Errors
/// Those of the database.
pub async fn touch(session: &mut Session, id: ResidentId) -> Result<bool, Error> {
    Ok(session.execute(TOUCH, args![Value::text(id)]).await? > 0)
}

/// Puts the districts of registration and residence as they are today into a new version of the record.
///
/// # Errors
/// Those of the database.
pub async fn move_to(
    session: &mut Session,
    id: ResidentId,
    household: Option<District>,
    residence: District,
) -> Result<(), Error> {
    session.execute(MOVE, args![Value::text(id), Value::maybe_text(household), Value::text(residence)]).await?;
    Ok(())
}

/// A resident by id.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(session: &mut Session, id: ResidentId) -> Result<Option<Resident>, Error> {
    session.maybe_row(SELECT, args![Value::text(id)]).await?.as_ref().map(from_row).transpose()
}

/// The resident who holds a number.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find_id(session: &mut Session, identity_number: &str) -> Result<Option<ResidentId>, Error> {
    session.maybe_row(SELECT_NUMBER, args![identity_number]).await?.map(|row| row.parse("resident_id")).transpose()
}

pub(crate) fn from_row(row: &Row) -> Result<Resident, Error> {
    Ok(Resident {
        id: row.parse("resident_id")?,
        identity_number: row.text("identity_number")?,
        name: row.text("name")?,
        born_on: row.date("born_on")?,
        household_district: row.maybe_parse("household_district")?,
        residence_district: row.parse("residence_district")?,
        died_on: row.maybe_date("died_on")?,
        revision: row.int("revision")?,
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
