//! Rows of settlement. One file per table, each with its statements.

pub mod entries;
pub mod person_years;
pub mod settlements;

use juyi_db::{Error, Migration, Row, Value, args};
use juyi_domain::id::ResidentId;

/// Every migration of this service, the kit's included.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    let own =
        Migration { version: 1001, name: "settlement", sql: include_str!("../../migrations/1001_settlement.sql") };
    juyi_kit::command::MIGRATIONS.iter().copied().chain([own]).collect()
}

/// Every statement of this service.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    [settlements::STATEMENTS, entries::STATEMENTS, person_years::STATEMENTS].concat()
}

/// Years of different people as keys, each with its place.
fn keys(years: &[(ResidentId, i32)]) -> Vec<Value> {
    let key = |(place, (id, policy_year)): (i64, &(ResidentId, i32))| args![place, Value::text(id), *policy_year];
    (0..).zip(years).flat_map(key).collect()
}

/// What belongs to the key of a row.
fn at<'a, T>(row: &Row, of_keys: &'a mut [T]) -> Result<&'a mut T, Error> {
    let place = usize::try_from(row.int("place")?).ok();
    place.and_then(|place| of_keys.get_mut(place)).ok_or(Error::Corrupt { column: "place" })
}
