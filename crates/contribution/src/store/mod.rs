//! Rows of contribution. One file per table, each with its statements.

pub mod agency_systems;
pub mod declaration_lines;
pub mod declarations;
pub mod notices;
pub mod payments;
pub mod vouchers;

use juyi_db::Migration;

const OWN: [Migration; 2] = [
    Migration { version: 1001, name: "contribution", sql: include_str!("../../migrations/1001_contribution.sql") },
    Migration { version: 1002, name: "declarations", sql: include_str!("../../migrations/1002_declarations.sql") },
];

/// Every migration of this service, the kit's included.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    juyi_kit::command::MIGRATIONS.iter().copied().chain(OWN).collect()
}

/// Every statement of this service.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    let tables = [
        payments::STATEMENTS,
        vouchers::STATEMENTS,
        agency_systems::STATEMENTS,
        declarations::STATEMENTS,
        declaration_lines::STATEMENTS,
        notices::STATEMENTS,
    ];
    tables.concat()
}
