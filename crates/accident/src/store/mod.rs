//! Rows of accident insurance. One file per table, each with its statements.

pub mod accidents;

use juyi_db::Migration;

/// Every migration of this service, the kit's included.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    let own = Migration { version: 1001, name: "accident", sql: include_str!("../../migrations/1001_accident.sql") };
    juyi_kit::command::MIGRATIONS.iter().copied().chain([own]).collect()
}

/// Every statement of this service.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    accidents::STATEMENTS.to_vec()
}
