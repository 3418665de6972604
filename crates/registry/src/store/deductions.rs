//! Enrolments filed by deduction from the old-age living subsidy. The mark is set on the stored row, so that every other
//! way of enrolling stores a row without knowing of it.

use juyi_db::{Error, Session, Value, args};
use juyi_domain::id::{EnrolmentId, ResidentId};

juyi_db::statements! {
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
