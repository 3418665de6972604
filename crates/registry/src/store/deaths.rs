//! What a death concerns: the person, the day, and where findings about it belong.

use chrono::NaiveDate;
use juyi_db::{Error, Session, Value, args};
use juyi_domain::codes::District;
use juyi_domain::id::ResidentId;

juyi_db::statements! {
    SELECT = "SELECT identity_number, name, died_on, residence_district FROM resident WHERE resident_id = $1";
    SELECT_PLACE = "SELECT district, township FROM enrolment WHERE resident_id = $1 AND policy_year = $2";
    SELECT_LIST = "SELECT o.roster_id FROM roster o JOIN roster_row r ON r.upload_id = o.upload_id \
        WHERE o.kind = 'DEATHS' AND r.identity_number = $1 ORDER BY o.created_at DESC, o.roster_id DESC LIMIT 1";
}

/// A resident, as far as a death concerns one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deceased {
    /// Identity number.
    pub identity_number: String,
    /// Name.
    pub name: String,
    /// Recorded day of death; `None` while none is known.
    pub died_on: Option<NaiveDate>,
    /// District of residence.
    pub residence_district: District,
}

/// A resident with the recorded day of death.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(session: &mut Session, id: ResidentId) -> Result<Option<Deceased>, Error> {
    let row = session.maybe_row(SELECT, args![Value::text(id)]).await?;
    let read = |row: juyi_db::Row| {
        Ok(Deceased {
            identity_number: row.text("identity_number")?,
            name: row.text("name")?,
            died_on: row.maybe_date("died_on")?,
            residence_district: row.parse("residence_district")?,
        })
    };
    row.map(read).transpose()
}

/// District and township of the enrolment for a year.
///
/// # Errors
/// Those of the database.
pub async fn maybe_place(
    session: &mut Session,
    id: ResidentId,
    policy_year: i32,
) -> Result<Option<(District, Option<String>)>, Error> {
    let row = session.maybe_row(SELECT_PLACE, args![Value::text(id), policy_year]).await?;
    row.map(|row| Ok((row.parse("district")?, row.maybe_text("township")?))).transpose()
}

/// The list of deaths that named a number last; empty where none did.
///
/// # Errors
/// Those of the database.
pub async fn list_naming(session: &mut Session, identity_number: &str) -> Result<String, Error> {
    let row = session.maybe_row(SELECT_LIST, args![identity_number]).await?;
    row.map_or_else(|| Ok(String::new()), |row| row.text("roster_id"))
}
