//! Rows of settlement. One file per table, each with its statements.

pub mod dues;
pub mod entries;
pub mod person_years;
pub mod provider_exceptions;
pub mod provider_reconciliations;
pub mod replaced_covers;
pub mod settlements;

use juyi_db::Migration;

/// Every migration of this service, the kit's included.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    let own = [
        Migration { version: 1001, name: "settlement", sql: include_str!("../../migrations/1001_settlement.sql") },
        Migration { version: 1007, name: "ledger", sql: include_str!("../../migrations/1007_ledger.sql") },
    ];
    juyi_kit::command::MIGRATIONS.iter().copied().chain(own).collect()
}

/// Every statement of this service.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    [
        settlements::STATEMENTS,
        entries::STATEMENTS,
        person_years::STATEMENTS,
        replaced_covers::STATEMENTS,
        dues::STATEMENTS,
        provider_reconciliations::STATEMENTS,
        provider_exceptions::STATEMENTS,
    ]
    .concat()
}
