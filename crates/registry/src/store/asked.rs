//! Many ids in one argument: they are written one behind the other, and the statement takes them apart. An id has 36
//! characters wherever it comes from, so that neither database needs a list or a separator.
//!
//! Text is cut in two steps, into blocks of 25 and then into ids, because a database walks from the beginning of a text to
//! each place in it: in one step the cost would grow with the square of the number of ids.

use juyi_db::Value;
use juyi_domain::id::{EnrolmentId, ResidentId};

/// The beginning of a statement about the ids of `$1`: blocks of `$block` characters, 25 items each of `$item`.
macro_rules! with_items {
    ($block:literal, $item:literal, $columns:literal, $cut:literal) => {
        concat!(
            "WITH RECURSIVE block (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM block WHERE (n + 1) * ",
            $block,
            " < LENGTH(CAST($1 AS TEXT))), part (ids) AS MATERIALIZED (SELECT SUBSTR(CAST($1 AS TEXT), n * ",
            $block,
            " + 1, ",
            $block,
            ") FROM block), place (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM place WHERE n < 24), asked (",
            $columns,
            ") AS MATERIALIZED (SELECT ",
            $cut,
            " FROM part, place WHERE n * ",
            $item,
            " < LENGTH(ids)) "
        )
    };
}

/// Begins a statement that joins `asked (resident_id)`, the ids of `$1`.
macro_rules! with_residents {
    () => {
        $crate::store::asked::with_items!(900, 36, "resident_id", "SUBSTR(ids, n * 36 + 1, 36)")
    };
}

/// Begins a statement that joins `asked (resident_id, enrolment_id)`, the pairs of `$1`.
macro_rules! with_enrolments {
    () => {
        $crate::store::asked::with_items!(
            1800,
            72,
            "resident_id, enrolment_id",
            "SUBSTR(ids, n * 72 + 1, 36), SUBSTR(ids, n * 72 + 37, 36)"
        )
    };
}

pub(super) use {with_enrolments, with_items, with_residents};

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
