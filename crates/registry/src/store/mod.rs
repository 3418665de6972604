//! Rows of the registry. One file per table, each with its statements.

pub mod enrolments;
pub mod identities;
pub mod residents;
pub mod roster_people;
pub mod roster_rows;
pub mod rosters;

use juyi_db::Migration;

macro_rules! own {
    ($($version:literal $name:literal $file:literal,)*) => {
        [$(Migration { version: $version, name: $name, sql: include_str!(concat!("../../migrations/", $file)) },)*]
    };
}

const OWN: [Migration; 4] = own![
    1001 "registry" "1001_registry.sql",
    1002 "people" "1002_people.sql",
    1003 "reference" "1003_reference.sql",
    1004 "rosters" "1004_rosters.sql",
];

/// Every migration of this service, the kit's included.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    juyi_kit::command::MIGRATIONS.iter().copied().chain(OWN).collect()
}

/// Every statement of this service.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    [
        residents::STATEMENTS,
        identities::STATEMENTS,
        enrolments::STATEMENTS,
        rosters::STATEMENTS,
        roster_people::STATEMENTS,
        roster_rows::STATEMENTS,
    ]
    .concat()
}
