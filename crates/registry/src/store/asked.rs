//! Many ids in one argument: they are written one behind the other, and the statement takes them apart. An id has 36
//! characters wherever it comes from, so that neither database needs a list or a separator.

use juyi_db::Value;
use juyi_domain::id::{EnrolmentId, ResidentId};

/// Begins a statement that joins `asked (resident_id)`, the ids of `$1`.
macro_rules! with_residents {
    () => {
        "WITH RECURSIVE place (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM place \
         WHERE (n + 1) * 36 < LENGTH(CAST($1 AS TEXT))), \
         asked (resident_id) AS (SELECT SUBSTR(CAST($1 AS TEXT), n * 36 + 1, 36) FROM place) "
    };
}

/// Begins a statement that joins `asked (resident_id, enrolment_id)`, the pairs of `$1`.
macro_rules! with_enrolments {
    () => {
        "WITH RECURSIVE place (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM place \
         WHERE (n + 1) * 72 < LENGTH(CAST($1 AS TEXT))), \
         asked (resident_id, enrolment_id) AS (SELECT SUBSTR(CAST($1 AS TEXT), n * 72 + 1, 36), \
         SUBSTR(CAST($1 AS TEXT), n * 72 + 37, 36) FROM place) "
    };
}

pub(super) use {with_enrolments, with_residents};

/// The argument of a statement that begins with `with_residents!`; an id stands in it once.
pub(super) fn residents(ids: impl IntoIterator<Item = ResidentId>) -> Value {
    let mut ids: Vec<_> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    Value::from(ids.iter().map(ToString::to_string).collect::<String>())
}

/// The argument of a statement that begins with `with_enrolments!`; a pair stands in it once.
pub(super) fn enrolments(pairs: impl IntoIterator<Item = (ResidentId, EnrolmentId)>) -> Value {
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    pairs.sort_unstable();
    pairs.dedup();
    Value::from(pairs.iter().map(|(resident, enrolment)| format!("{resident}{enrolment}")).collect::<String>())
}
