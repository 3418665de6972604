//! Rows of the registry. One file per table, each with its statements.

pub mod enrolments;
pub mod identities;
pub mod residents;

use juyi_db::Migration;

/// Every migration of this service, the kit's included.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    let own = Migration { version: 1001, name: "registry", sql: include_str!("../../migrations/1001_registry.sql") };
    juyi_kit::command::MIGRATIONS.iter().copied().chain([own]).collect()
}

/// Every statement of this service.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    [residents::STATEMENTS, identities::STATEMENTS, enrolments::STATEMENTS].concat()
}
