//! Rows of assistance. One file per table, each with its statements.

pub mod aids;

use juyi_db::Migration;

/// Every migration of this service, the kit's included.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    let own =
        Migration { version: 1001, name: "assistance", sql: include_str!("../../migrations/1001_assistance.sql") };
    juyi_kit::command::MIGRATIONS.iter().copied().chain([own]).collect()
}

/// Every statement of this service.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    aids::STATEMENTS.to_vec()
}
