//! Rows of contribution. One file per table, each with its statements.

pub mod account_refunds;
pub mod booked;
pub mod exceptions;
pub mod payments;
pub mod prepayments;
pub mod reconciliations;
pub mod refund_steps;
pub mod refunds;
pub mod tax_rows;
pub mod unit_payments;

use juyi_db::Migration;

/// Every migration of this service, the kit's included.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    let sql = include_str!("../../migrations/1001_contribution.sql");
    let own = Migration { version: 1001, name: "contribution", sql };
    let sql = include_str!("../../migrations/1003_refunds.sql");
    let refunds = Migration { version: 1003, name: "refunds", sql };
    let sql = include_str!("../../migrations/1004_reconciliation.sql");
    let reconciliation = Migration { version: 1004, name: "reconciliation", sql };
    juyi_kit::command::MIGRATIONS.iter().copied().chain([own, refunds, reconciliation]).collect()
}

/// Every statement of this service.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    [
        payments::STATEMENTS,
        prepayments::STATEMENTS,
        refund_steps::STATEMENTS,
        refunds::STATEMENTS,
        account_refunds::STATEMENTS,
        booked::STATEMENTS,
        exceptions::STATEMENTS,
        reconciliations::STATEMENTS,
        tax_rows::STATEMENTS,
        unit_payments::STATEMENTS,
    ]
    .concat()
}
