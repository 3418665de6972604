//! Enrolments filed by deduction from the old-age living subsidy. The mark is set on the stored row, so that every other
//! way of enrolling stores a row without knowing of it.

use chrono::{DateTime, Utc};
use juyi_db::{Error, Session, Value, args};
use juyi_domain::id::{EnrolmentId, ResidentId};

juyi_db::statements! {
    SELECT_PAYMENTS = "SELECT paid_version FROM enrolment WHERE resident_id = $1 AND enrolment_id = $2 AND by_deduction";
    KEEP = "INSERT INTO cancelled_enrolment (resident_id, enrolment_id, policy_year, district, tier, applied_on, receipt, \
        created_at, cancelled_at) SELECT resident_id, enrolment_id, policy_year, district, tier, applied_on, receipt, \
        created_at, $3 FROM enrolment WHERE resident_id = $1 AND enrolment_id = $2";
    DELETE = "DELETE FROM enrolment WHERE resident_id = $1 AND enrolment_id = $2";
    SELECT_CANCELLED = "SELECT enrolment_id FROM cancelled_enrolment WHERE resident_id = $1 AND enrolment_id = $2";
    MARK = "UPDATE enrolment SET by_deduction = TRUE WHERE resident_id = $1 AND enrolment_id = $2";
}

/// Marks an enrolment as filed by deduction.
///
/// # Errors
/// Those of the database.
pub async fn mark(session: &mut Session, resident_id: ResidentId, id: EnrolmentId) -> Result<(), Error> {
    session.execute(MARK, args![Value::text(resident_id), Value::text(id)]).await?;
    Ok(())
}

/// How many payments and refunds were noted of an enrolment by deduction; `None` when it was filed otherwise.
///
/// # Errors
/// Those of the database.
pub async fn maybe_payments(
    session: &mut Session,
    resident_id: ResidentId,
    id: EnrolmentId,
) -> Result<Option<i64>, Error> {
    let row = session.maybe_row(SELECT_PAYMENTS, args![Value::text(resident_id), Value::text(id)]).await?;
    row.map(|row| row.int("paid_version")).transpose()
}

/// True for an enrolment that was taken away.
///
/// # Errors
/// Those of the database.
pub async fn is_cancelled(session: &mut Session, resident_id: ResidentId, id: EnrolmentId) -> Result<bool, Error> {
    Ok(session.maybe_row(SELECT_CANCELLED, args![Value::text(resident_id), Value::text(id)]).await?.is_some())
}

/// Takes an enrolment away and keeps a record of it.
///
/// # Errors
/// Those of the database.
pub async fn cancel(
    session: &mut Session,
    resident_id: ResidentId,
    id: EnrolmentId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    session.execute(KEEP, args![Value::text(resident_id), Value::text(id), now]).await?;
    session.execute(DELETE, args![Value::text(resident_id), Value::text(id)]).await?;
    Ok(())
}
