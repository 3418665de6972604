//! What a collective registration needs of the persons that a chunk of a roster names, and what it stores of them, many
//! rows at a time.

use juyi_db::{Bulk, Session, Value, args};
use juyi_domain::id::{EnrolmentId, ResidentId};
use juyi_kit::error::Error;

use crate::store::enrolments::{self, Enrolment};
use crate::store::facts::{self, RecordedFact};
use crate::store::identities::{self, IdentityPeriod};
use crate::store::residents::{self, Resident};
use crate::store::roster_people::Span;

static FACTS: Bulk = Bulk::new(
    "resident_fact",
    &[
        "resident_id",
        "fact_id",
        "kind",
        "start_on",
        "end_on",
        "fact",
        "created_at",
        "office",
        "office_district",
        "office_name",
    ],
);
static ENROLMENTS: Bulk = Bulk::new("enrolment", enrolments::COLUMNS);
static ENROLLED: Bulk = Bulk::new("enrolled", &["policy_year", "identity_number", "name", "district", "category"]);

juyi_db::statements! {
    SELECT_RESIDENTS = "SELECT holder.* FROM roster_row AS own \
        JOIN identity_number AS known ON known.identity_number = own.identity_number \
        JOIN resident AS holder ON holder.resident_id = known.resident_id \
        WHERE own.upload_id = $1 AND own.identity_number >= $2 AND own.identity_number <= $3";
    SELECT_FACTS = "SELECT held.* FROM roster_row AS own \
        JOIN identity_number AS known ON known.identity_number = own.identity_number \
        JOIN resident_fact AS held ON held.resident_id = known.resident_id \
        WHERE own.upload_id = $1 AND own.identity_number >= $2 AND own.identity_number <= $3 \
        ORDER BY held.resident_id, held.created_at, held.fact_id";
    SELECT_IDENTITIES = "SELECT held.* FROM roster_row AS own \
        JOIN identity_number AS known ON known.identity_number = own.identity_number \
        JOIN special_identity AS held ON held.resident_id = known.resident_id \
        WHERE own.upload_id = $1 AND own.identity_number >= $2 AND own.identity_number <= $3 \
        ORDER BY held.resident_id, held.start_on, held.identity_id";
    SELECT_ENROLMENTS = "SELECT held.resident_id, held.enrolment_id FROM roster_row AS own \
        JOIN identity_number AS known ON known.identity_number = own.identity_number \
        JOIN enrolment AS held ON held.resident_id = known.resident_id \
        WHERE own.upload_id = $1 AND own.identity_number >= $2 AND own.identity_number <= $3 \
        AND held.policy_year = $4";
}

/// The residents whom the rows name.
///
/// # Errors
/// Those of the database.
pub async fn residents(session: &mut Session, span: Span<'_>) -> Result<Vec<Resident>, Error> {
    let rows = session.rows(SELECT_RESIDENTS, span.key()).await?;
    Ok(rows.iter().map(residents::from_row).collect::<Result<_, _>>()?)
}

/// Their facts, by resident in the order of recording.
///
/// # Errors
/// Those of the database.
pub async fn facts(session: &mut Session, span: Span<'_>) -> Result<Vec<RecordedFact>, Error> {
    session.rows(SELECT_FACTS, span.key()).await?.iter().map(facts::from_row).collect()
}

/// Their special identities, by resident and first day.
///
/// # Errors
/// Those of the database.
pub async fn identities(session: &mut Session, span: Span<'_>) -> Result<Vec<IdentityPeriod>, Error> {
    let rows = session.rows(SELECT_IDENTITIES, span.key()).await?;
    Ok(rows.iter().map(identities::from_row).collect::<Result<_, _>>()?)
}

/// Who of them is enrolled for a year, and as which enrolment.
///
/// # Errors
/// Those of the database.
pub async fn enrolled(
    session: &mut Session,
    span: Span<'_>,
    policy_year: i32,
) -> Result<Vec<(ResidentId, EnrolmentId)>, Error> {
    let mut key = span.key();
    key.push(Value::from(policy_year));
    let rows = session.rows(SELECT_ENROLMENTS, key).await?;
    let of_row = |row: &juyi_db::Row| Ok((row.parse("resident_id")?, row.parse("enrolment_id")?));
    rows.iter().map(of_row).collect()
}

/// Stores facts.
///
/// # Errors
/// Those of the database.
pub async fn insert_facts(session: &mut Session, recorded: &[RecordedFact]) -> Result<(), Error> {
    let mut rows = Vec::with_capacity(recorded.len() * 10);
    for fact in recorded {
        rows.extend(facts::to_row(fact)?);
    }
    session.insert_all(&FACTS, rows).await?;
    Ok(())
}

/// An enrolment with what its person is looked up by.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// The enrolment.
    pub enrolment: Enrolment,
    /// Citizen identity number.
    pub identity_number: String,
    /// Name.
    pub name: String,
    /// False when a death is recorded; who died after applying is still enrolled.
    pub is_alive: bool,
}

/// Stores enrolments, those of the living also where comparisons look people up.
///
/// # Errors
/// Those of the database; a second enrolment of the year is `Duplicate`.
pub async fn insert_enrolments(session: &mut Session, decided: &[Decided]) -> Result<(), Error> {
    let mut rows = Vec::with_capacity(decided.len() * enrolments::COLUMNS.len());
    let mut entries = Vec::with_capacity(decided.len() * 5);
    for Decided { enrolment, identity_number, name, is_alive } in decided {
        rows.extend(enrolments::to_row(enrolment)?);
        if !is_alive {
            continue;
        }
        entries.extend(args![
            enrolment.policy_year,
            identity_number.as_str(),
            name.as_str(),
            enrolment.district.as_str(),
            enrolment.category.as_str(),
        ]);
    }
    session.insert_all(&ENROLMENTS, rows).await?;
    session.insert_all(&ENROLLED, entries).await?;
    Ok(())
}
