//! Living persons by year, number and name as they are enrolled, which explains most rows of a list at once.
//!
//! Whoever stores an enrolment calls [`add`]; whoever changes number or name, or records a death, calls [`remove`]
//! before and [`add`] after. A comparison looks whatever this table does not explain up in the registry's tables; but who
//! is enrolled and not on a list it finds here alone, so that a missing entry hides a finding.

use juyi_db::{Error, Session, Value, args};
use juyi_domain::id::ResidentId;

juyi_db::statements! {
    INSERT = "INSERT INTO enrolled (policy_year, identity_number, name, district, category) \
        SELECT e.policy_year, p.identity_number, p.name, e.district, e.category \
        FROM resident p JOIN enrolment e ON e.resident_id = p.resident_id \
        WHERE p.resident_id = $1 AND p.died_on IS NULL ON CONFLICT DO NOTHING";
    DELETE = "DELETE FROM enrolled WHERE identity_number = (SELECT identity_number FROM resident \
        WHERE resident_id = $1) AND policy_year IN (SELECT policy_year FROM enrolment WHERE resident_id = $1)";
}

/// Enters a resident's enrolments as they stand; without effect for the dead and for what is entered.
///
/// # Errors
/// Those of the database.
pub async fn add(session: &mut Session, resident_id: ResidentId) -> Result<(), Error> {
    session.execute(INSERT, args![Value::text(resident_id)]).await?;
    Ok(())
}

/// Takes a resident's enrolments out, under the number that the resident holds.
///
/// # Errors
/// Those of the database.
pub async fn remove(session: &mut Session, resident_id: ResidentId) -> Result<(), Error> {
    session.execute(DELETE, args![Value::text(resident_id)]).await?;
    Ok(())
}
