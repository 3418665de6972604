//! Rows of contribution. One file per table, each with its statements.

pub mod payments;
pub mod vouchers;

use juyi_db::Migration;

/// Every migration of this service, the kit's included.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    let sql = include_str!("../../migrations/1001_contribution.sql");
    let own = Migration { version: 1001, name: "contribution", sql };
    juyi_kit::command::MIGRATIONS.iter().copied().chain([own]).collect()
}

/// Every statement of this service.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    [payments::STATEMENTS, vouchers::STATEMENTS].concat()
}
