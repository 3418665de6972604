//! Persons as the registry told last.

use chrono::{DateTime, Utc};
use juyi_db::{Bulk, Row, Session, Value, args};
use juyi_domain::benefit_period::history::Person;
use juyi_domain::id::{EventId, ResidentId};
use juyi_kit::error::Error;

use super::{from_json, to_json};

juyi_db::statements! {
    SELECT = "SELECT * FROM person_state WHERE resident_id = $1";
    SELECT_OF_BATCH = "SELECT s.* FROM batch_person b JOIN person_state s ON s.resident_id = b.resident_id \
        WHERE b.batch_id = $1";
    DELETE_OF_BATCH = "DELETE FROM person_state WHERE resident_id IN \
        (SELECT resident_id FROM batch_person WHERE batch_id = $1)";
}

static STATES: Bulk = Bulk::new(
    "person_state",
    &[
        "resident_id",
        "revision",
        "born_on",
        "died_on",
        "left_school_on",
        "interrupted_on",
        "enrolments",
        "employees",
        "routes",
        "noted_at",
    ],
);

/// A person by the resident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Whose.
    pub resident_id: ResidentId,
    /// The person.
    pub person: Person,
}

/// A person, if the registry told of one.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(session: &mut Session, resident_id: ResidentId) -> Result<Option<Known>, Error> {
    session.maybe_row(SELECT, args![Value::text(resident_id)]).await?.as_ref().map(from_row).transpose()
}

/// The persons of a batch.
///
/// # Errors
/// Those of the database.
pub async fn of_batch(session: &mut Session, batch_id: EventId) -> Result<Vec<Known>, Error> {
    session.rows(SELECT_OF_BATCH, args![Value::text(batch_id)]).await?.iter().map(from_row).collect()
}

/// Puts persons in place of what is known of the persons of a batch.
///
/// # Errors
/// Those of the database.
pub async fn replace(
    session: &mut Session,
    batch_id: EventId,
    persons: &[&Known],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    session.execute(DELETE_OF_BATCH, args![Value::text(batch_id)]).await?;
    let mut rows = Vec::with_capacity(persons.len() * 10);
    for Known { resident_id, person } in persons {
        rows.extend(args![
            Value::text(resident_id),
            person.revision,
            person.born_on,
            person.died_on,
            to_json(&person.left_school_on)?,
            person.interrupted_on,
            to_json(&person.enrolments)?,
            to_json(&person.employees)?,
            to_json(&person.routes)?,
            now,
        ]);
    }
    session.insert_all(&STATES, rows).await?;
    Ok(())
}

/// A person from the columns of the table.
pub(super) fn from_row(row: &Row) -> Result<Known, Error> {
    Ok(Known {
        resident_id: row.parse("resident_id")?,
        person: Person {
            revision: row.int("revision")?,
            enrolments: from_json(&row.text("enrolments")?)?,
            born_on: row.date("born_on")?,
            died_on: row.maybe_date("died_on")?,
            left_school_on: from_json(&row.text("left_school_on")?)?,
            employees: from_json(&row.text("employees")?)?,
            interrupted_on: row.maybe_date("interrupted_on")?,
            routes: from_json(&row.text("routes")?)?,
        },
    })
}
