//! The persons whom a chunk of a roster names, and what a roster records of persons, many rows at a time.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Bulk, Error, Row, Session, Value, args};
use juyi_domain::codes::{District, Identity};
use juyi_domain::id::{IdentityId, ResidentId, UploadId};
use juyi_kit::caller::Caller;
use juyi_kit::wire::caller_to_row;

use crate::store::residents::Resident;

static NUMBERS: Bulk = Bulk::new("identity_number", &["identity_number", "resident_id"]);
static RESIDENTS: Bulk = Bulk::new(
    "resident",
    &[
        "resident_id",
        "identity_number",
        "name",
        "born_on",
        "household_district",
        "residence_district",
        "created_at",
        "office",
        "office_district",
        "office_name",
    ],
);
static IDENTITIES: Bulk = Bulk::new(
    "special_identity",
    &[
        "resident_id",
        "identity_id",
        "identity",
        "start_on",
        "end_on",
        "asserted_end_on",
        "recognised_outside",
        "created_at",
        "office",
        "office_district",
        "office_name",
    ],
);

juyi_db::statements! {
    SELECT_KNOWN = "SELECT holder.resident_id, holder.identity_number, holder.name, holder.household_district, \
        holder.residence_district, holder.died_on FROM roster_row AS own \
        JOIN identity_number AS known ON known.identity_number = own.identity_number \
        JOIN resident AS holder ON holder.resident_id = known.resident_id \
        WHERE own.upload_id = $1 AND own.identity_number >= $2 AND own.identity_number <= $3";
    SELECT_IDENTITIES = "SELECT held.resident_id, held.identity_id, held.identity, held.start_on, held.end_on \
        FROM roster_row AS own JOIN identity_number AS known ON known.identity_number = own.identity_number \
        JOIN special_identity AS held ON held.resident_id = known.resident_id \
        WHERE own.upload_id = $1 AND own.identity_number >= $2 AND own.identity_number <= $3 \
        ORDER BY held.resident_id, held.start_on, held.identity_id";
    LOCK = "UPDATE resident SET revision = revision + 1 WHERE resident_id IN (SELECT known.resident_id \
        FROM roster_row AS own JOIN identity_number AS known ON known.identity_number = own.identity_number \
        WHERE own.upload_id = $1 AND own.identity_number >= $2 AND own.identity_number <= $3)";
    UPDATE_DEATH = "UPDATE resident SET died_on = $2, revision = revision + 1 WHERE resident_id = $1";
}

/// The rows of an upload between two identity numbers, both included.
#[derive(Clone, Copy, Debug)]
pub struct Span<'a> {
    /// Upload.
    pub upload_id: UploadId,
    /// First number.
    pub first: &'a str,
    /// Last number.
    pub last: &'a str,
}

impl Span<'_> {
    pub(crate) fn key(&self) -> Vec<Value> {
        args![Value::text(self.upload_id), self.first, self.last]
    }
}

/// What the registry knows of a person named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Id.
    pub resident_id: ResidentId,
    /// Citizen identity number.
    pub identity_number: String,
    /// Name.
    pub name: String,
    /// District of household registration.
    pub household_district: Option<District>,
    /// District of residence.
    pub residence_district: District,
    /// Recorded day of death.
    pub died_on: Option<NaiveDate>,
}

/// A period of an identity of a person named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownIdentity {
    /// Whose.
    pub resident_id: ResidentId,
    /// Id.
    pub id: IdentityId,
    /// Which.
    pub identity: Identity,
    /// First day.
    pub start_on: NaiveDate,
    /// First day after; `None` while open.
    pub end_on: Option<NaiveDate>,
}

/// A period that a list asserts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asserted {
    /// The period.
    pub period: KnownIdentity,
    /// Recognised by an authority of another province.
    pub recognised_outside: bool,
}

/// Makes a new version of the records of the residents whom the rows name, and with it lets nobody else write about them
/// before this transaction ends. What is read afterwards stands.
///
/// # Errors
/// Those of the database; `Contended` when another writer waits for this one.
pub async fn lock(session: &mut Session, span: Span<'_>) -> Result<(), Error> {
    session.execute(LOCK, span.key()).await?;
    Ok(())
}

/// The residents whom the rows name.
///
/// # Errors
/// Those of the database.
pub async fn known(session: &mut Session, span: Span<'_>) -> Result<Vec<Known>, Error> {
    let known = |row: &Row| {
        Ok(Known {
            resident_id: row.parse("resident_id")?,
            identity_number: row.text("identity_number")?,
            name: row.text("name")?,
            household_district: row.maybe_parse("household_district")?,
            residence_district: row.parse("residence_district")?,
            died_on: row.maybe_date("died_on")?,
        })
    };
    session.rows(SELECT_KNOWN, span.key()).await?.iter().map(known).collect()
}

/// The identities of the residents whom the rows name, by resident and first day.
///
/// # Errors
/// Those of the database.
pub async fn identities(session: &mut Session, span: Span<'_>) -> Result<Vec<KnownIdentity>, Error> {
    let held = |row: &Row| {
        Ok(KnownIdentity {
            resident_id: row.parse("resident_id")?,
            id: row.parse("identity_id")?,
            identity: row.parse("identity")?,
            start_on: row.date("start_on")?,
            end_on: row.maybe_date("end_on")?,
        })
    };
    session.rows(SELECT_IDENTITIES, span.key()).await?.iter().map(held).collect()
}

/// Stores residents. A number in use is [`Error::Duplicate`].
///
/// # Errors
/// Those of the database.
pub async fn insert_residents(session: &mut Session, residents: &[Resident]) -> Result<(), Error> {
    let mut numbers = Vec::with_capacity(residents.len() * 2);
    let mut rows = Vec::with_capacity(residents.len() * 10);
    for resident in residents {
        numbers.extend(args![resident.identity_number.as_str(), Value::text(resident.id)]);
        rows.extend(args![
            Value::text(resident.id),
            resident.identity_number.as_str(),
            resident.name.as_str(),
            resident.born_on,
            Value::maybe_text(resident.household_district),
            Value::text(resident.residence_district),
            resident.created_at,
        ]);
        rows.extend(caller_to_row(&resident.recorded_by));
    }
    session.insert_all(&NUMBERS, numbers).await?;
    session.insert_all(&RESIDENTS, rows).await?;
    Ok(())
}

/// Stores periods of identities, all recorded by one office at one instant.
///
/// # Errors
/// Those of the database.
pub async fn insert_identities(
    session: &mut Session,
    asserted: Vec<Asserted>,
    by: &Caller,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let mut rows = Vec::with_capacity(asserted.len() * 11);
    for Asserted { period, recognised_outside } in asserted {
        rows.extend(args![
            Value::text(period.resident_id),
            Value::text(period.id),
            period.identity.as_str(),
            period.start_on,
            period.end_on,
            period.end_on,
            recognised_outside,
            now,
        ]);
        rows.extend(caller_to_row(by));
    }
    session.insert_all(&IDENTITIES, rows).await?;
    Ok(())
}

/// Records the day of a death, or that there was none.
///
/// # Errors
/// Those of the database.
pub async fn update_death(
    session: &mut Session,
    resident_id: ResidentId,
    died_on: Option<NaiveDate>,
) -> Result<(), Error> {
    session.execute(UPDATE_DEATH, args![Value::text(resident_id), died_on]).await?;
    Ok(())
}
