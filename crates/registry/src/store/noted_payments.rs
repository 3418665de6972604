//! Whether enrolments are paid, as contribution tells it: of one enrolment the highest version stays.

use std::collections::HashSet;

use chrono::NaiveDate;
use juyi_db::{Error, Session, args};
use juyi_domain::id::{EnrolmentId, ResidentId};

use super::asked::{self, with_enrolments};

juyi_db::statements! {
    SELECT_KNOWN = concat!(with_enrolments!(), "SELECT own.resident_id, own.enrolment_id FROM asked JOIN enrolment AS own \
        ON own.resident_id = asked.resident_id AND own.enrolment_id = asked.enrolment_id");
    UPDATE = concat!(with_enrolments!(), "UPDATE enrolment SET paid_on = $2, paid_version = $3 \
        WHERE paid_version < $3 AND (resident_id, enrolment_id) IN (SELECT resident_id, enrolment_id FROM asked)");
}

/// Those of the enrolments that there are.
///
/// # Errors
/// Those of the database.
pub async fn known(
    session: &mut Session,
    enrolments: impl IntoIterator<Item = (ResidentId, EnrolmentId)>,
) -> Result<HashSet<(ResidentId, EnrolmentId)>, Error> {
    let rows = session.rows(SELECT_KNOWN, vec![asked::enrolments(enrolments)]).await?;
    rows.iter().map(|row| Ok((row.parse("resident_id")?, row.parse("enrolment_id")?))).collect()
}

/// Notes of enrolments that they are paid since a day, or with `None` that they are not, in those of an earlier version.
///
/// # Errors
/// Those of the database.
pub async fn note(
    session: &mut Session,
    enrolments: impl IntoIterator<Item = (ResidentId, EnrolmentId)>,
    paid_on: Option<NaiveDate>,
    version: i64,
) -> Result<(), Error> {
    let mut values = vec![asked::enrolments(enrolments)];
    values.extend(args![paid_on, version]);
    session.execute(UPDATE, values).await?;
    Ok(())
}
