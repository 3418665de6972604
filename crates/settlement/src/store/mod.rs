//! Rows of settlement. One file per table, each with its statements.

pub mod entries;
pub mod maternity;
pub mod person_years;
pub mod settlements;

use juyi_db::Migration;

/// Every migration of this service, the kit's included.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    let own = [
        Migration { version: 1001, name: "settlement", sql: include_str!("../../migrations/1001_settlement.sql") },
        Migration { version: 1004, name: "maternity", sql: include_str!("../../migrations/1004_maternity.sql") },
    ];
    juyi_kit::command::MIGRATIONS.iter().copied().chain(own).collect()
}

/// Every statement of this service.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    [settlements::STATEMENTS, entries::STATEMENTS, person_years::STATEMENTS, maternity::STATEMENTS].concat()
}
