//! Deductions that were begun: the registry may have enrolled, and no payment is stored yet.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Row, Session, Value, args};
use juyi_domain::codes::District;
use juyi_domain::id::{EnrolmentId, ResidentId};
use juyi_kit::error::Error;

juyi_db::statements! {
    BEGIN = "INSERT INTO deduction_begun (resident_id, request_id, policy_year, district, deducted_on, undoing, begun_at) \
        VALUES ($1, $2, $3, $4, $5, FALSE, $6) ON CONFLICT (resident_id, request_id) \
        DO UPDATE SET begun_at = $6 WHERE deduction_begun.undoing = FALSE";
    SELECT_ONE = "SELECT * FROM deduction_begun WHERE resident_id = $1 AND request_id = $2";
    SELECT_LEFT = "SELECT * FROM deduction_begun WHERE (undoing OR begun_at < $1) \
        AND (resident_id > $2 OR (resident_id = $2 AND request_id > $3)) ORDER BY resident_id, request_id LIMIT $4";
    DELETE_DONE = "DELETE FROM deduction_begun WHERE resident_id = $1 AND request_id = $2 AND undoing = FALSE";
    UPDATE_UNDOING = "UPDATE deduction_begun SET undoing = TRUE, enrolment_id = $3 \
        WHERE resident_id = $1 AND request_id = $2 AND undoing = FALSE";
    UPDATE_LEFT = "UPDATE deduction_begun SET undoing = TRUE \
        WHERE resident_id = $1 AND request_id = $2 AND undoing = FALSE AND begun_at < $3";
    UPDATE_ENROLLED = "UPDATE deduction_begun SET enrolment_id = $3 \
        WHERE resident_id = $1 AND request_id = $2 AND undoing AND enrolment_id IS NULL";
    DELETE_UNDONE = "DELETE FROM deduction_begun WHERE resident_id = $1 AND request_id = $2 AND undoing";
}

/// A deduction that was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// Whose.
    pub resident_id: ResidentId,
    /// Request under which the registry enrols.
    pub request_id: String,
    /// Policy year.
    pub policy_year: i32,
    /// District.
    pub district: District,
    /// Day of the deduction.
    pub deducted_on: NaiveDate,
    /// The enrolment, where it is known.
    pub enrolment_id: Option<EnrolmentId>,
    /// True when it is to be taken back.
    pub undoing: bool,
}

/// Begins a deduction, or takes up one that broke off; false when that one is being taken back.
///
/// # Errors
/// Those of the database.
pub async fn begin(session: &mut Session, begun: &Begun, now: DateTime<Utc>) -> Result<bool, Error> {
    let row = args![
        Value::text(begun.resident_id),
        begun.request_id.as_str(),
        begun.policy_year,
        begun.district.as_str(),
        begun.deducted_on,
        now,
    ];
    Ok(session.execute(BEGIN, row).await? == 1)
}

/// What was begun under a request.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(session: &mut Session, of: ResidentId, request_id: &str) -> Result<Option<Begun>, Error> {
    let row = session.maybe_row(SELECT_ONE, args![Value::text(of), request_id]).await?;
    row.as_ref().map(from_row).transpose()
}

/// What is to be taken back, and what was begun before an instant and went on no more; a page of those after a person and
/// request.
///
/// # Errors
/// Those of the database.
pub async fn left(
    session: &mut Session,
    before: DateTime<Utc>,
    (resident_id, request_id): (&str, &str),
    size: i64,
) -> Result<Vec<Begun>, Error> {
    let rows = session.rows(SELECT_LEFT, args![before, resident_id, request_id, size]).await?;
    rows.iter().map(from_row).collect()
}

/// Ends a deduction, in the transaction of its payment or of its refusal; false when somebody takes it back.
///
/// # Errors
/// Those of the database.
pub async fn done(session: &mut Session, of: ResidentId, request_id: &str) -> Result<bool, Error> {
    Ok(session.execute(DELETE_DONE, args![Value::text(of), request_id]).await? == 1)
}

/// Marks a deduction whose enrolment is to be taken back; false when somebody else did.
///
/// # Errors
/// Those of the database.
pub async fn undo(
    session: &mut Session,
    of: ResidentId,
    request_id: &str,
    enrolment_id: EnrolmentId,
) -> Result<bool, Error> {
    let row = args![Value::text(of), request_id, Value::text(enrolment_id)];
    Ok(session.execute(UPDATE_UNDOING, row).await? == 1)
}

/// Marks a deduction that was begun before an instant and went on no more; false when it went on.
///
/// # Errors
/// Those of the database.
pub async fn give_up(
    session: &mut Session,
    of: ResidentId,
    request_id: &str,
    before: DateTime<Utc>,
) -> Result<bool, Error> {
    Ok(session.execute(UPDATE_LEFT, args![Value::text(of), request_id, before]).await? == 1)
}

/// Notes the enrolment that is to be taken back; false when somebody else went on meanwhile.
///
/// # Errors
/// Those of the database.
pub async fn note(
    session: &mut Session,
    of: ResidentId,
    request_id: &str,
    enrolment_id: EnrolmentId,
) -> Result<bool, Error> {
    let row = args![Value::text(of), request_id, Value::text(enrolment_id)];
    Ok(session.execute(UPDATE_ENROLLED, row).await? == 1)
}

/// Forgets a deduction that was taken back.
///
/// # Errors
/// Those of the database.
pub async fn undone(session: &mut Session, of: ResidentId, request_id: &str) -> Result<(), Error> {
    session.execute(DELETE_UNDONE, args![Value::text(of), request_id]).await?;
    Ok(())
}

fn from_row(row: &Row) -> Result<Begun, Error> {
    Ok(Begun {
        resident_id: row.parse("resident_id")?,
        request_id: row.text("request_id")?,
        policy_year: row.small("policy_year")?,
        district: row.parse("district")?,
        deducted_on: row.date("deducted_on")?,
        enrolment_id: row.maybe_parse("enrolment_id")?,
        undoing: row.bool("undoing")?,
    })
}
