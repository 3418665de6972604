//! Rows of contribution. One file per table, each with its statements.

pub mod account_refunds;
pub mod agency_systems;
pub mod booked;
pub mod declaration_lines;
pub mod declaration_returns;
pub mod declarations;
pub mod deductions_begun;
pub mod exceptions;
pub mod notices;
pub mod payments;
pub mod prepayments;
pub mod reconciliations;
pub mod refund_steps;
pub mod refunds;
pub mod tax_rows;
pub mod unit_payments;
pub mod vouchers;

use juyi_db::Migration;

const OWN: [Migration; 7] = [
    Migration { version: 1001, name: "contribution", sql: include_str!("../../migrations/1001_contribution.sql") },
    Migration { version: 1002, name: "declarations", sql: include_str!("../../migrations/1002_declarations.sql") },
    Migration { version: 1003, name: "refunds", sql: include_str!("../../migrations/1003_refunds.sql") },
    Migration { version: 1004, name: "reconciliation", sql: include_str!("../../migrations/1004_reconciliation.sql") },
    Migration {
        version: 1005,
        name: "deductions begun",
        sql: include_str!("../../migrations/1005_deductions_begun.sql"),
    },
    Migration {
        version: 1006,
        name: "prepaid by year",
        sql: include_str!("../../migrations/1006_prepaid_by_year.sql"),
    },
    Migration { version: 1007, name: "refunds again", sql: include_str!("../../migrations/1007_refunds_again.sql") },
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
        declaration_returns::STATEMENTS,
        deductions_begun::STATEMENTS,
        notices::STATEMENTS,
        refunds::STATEMENTS,
        refund_steps::STATEMENTS,
        prepayments::STATEMENTS,
        account_refunds::STATEMENTS,
        booked::STATEMENTS,
        exceptions::STATEMENTS,
        reconciliations::STATEMENTS,
        tax_rows::STATEMENTS,
        unit_payments::STATEMENTS,
    ];
    tables.concat()
}
