//! Enrolments as supervision sees them, for tests.

use chrono::NaiveDate;
use juyi_db::{Session, Value, args};
use juyi_domain::id::{EnrolmentId, ResidentId};

use crate::counts::Counted;

/// A day as tests write it.
pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Stores a resident and an enrolment with what the figures know of it.
pub(crate) async fn insert_enrolment(
    session: &mut Session,
    (resident_id, enrolment_id): (ResidentId, EnrolmentId),
    counted: &Counted,
) {
    let resident = "INSERT INTO resident (resident_id, identity_number, name, born_on, residence_district, office, \
        office_name, created_at) VALUES ($1, $1, '', $2, $3, 'SYSTEM', '', $4)";
    let born_on = day("1970-05-01");
    let at = counted.applied_on.and_hms_opt(4, 0, 0).unwrap().and_utc();
    let row = args![Value::text(resident_id), born_on, counted.district.as_str(), at];
    session.execute(resident, row).await.unwrap();
    let enrolment = "INSERT INTO enrolment (resident_id, enrolment_id, policy_year, district, category, class, tier, \
        desk, enrolment_window, applied_on, receipt, office, office_name, created_at, township, count_group) \
        VALUES ($1, $2, $3, $4, 'RURAL_RESIDENT', 'ADULT', 'LOW', 'TOWNSHIP_SERVICE', 'ORDINARY', $5, \
        '{}', 'SYSTEM', '', $6, $7, $8)";
    let row = args![
        Value::text(resident_id),
        Value::text(enrolment_id),
        counted.policy_year,
        counted.district.as_str(),
        counted.applied_on,
        at,
        counted.township.clone(),
        counted.group.as_str(),
    ];
    session.execute(enrolment, row).await.unwrap();
}
