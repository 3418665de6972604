//! Rows of settlement. One file per table, each with its statements.

pub mod entries;
pub mod family_doctors;
pub mod openings;
pub mod person_years;
pub mod settlements;

use juyi_db::Migration;

/// Every migration of this service, the kit's included.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    let own =
        Migration { version: 1001, name: "settlement", sql: include_str!("../../migrations/1001_settlement.sql") };
    let years =
        Migration { version: 1003, name: "person years", sql: include_str!("../../migrations/1003_person_years.sql") };
    juyi_kit::command::MIGRATIONS.iter().copied().chain([own, years]).collect()
}

/// Every statement of this service.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    [
        settlements::STATEMENTS,
        entries::STATEMENTS,
        person_years::STATEMENTS,
        openings::STATEMENTS,
        family_doctors::STATEMENTS,
    ]
    .concat()
}
