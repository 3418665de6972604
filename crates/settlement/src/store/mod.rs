//! Rows of settlement. One file per table, each with its statements.

pub mod claim_accounts;
pub mod entries;
pub mod person_years;
pub mod self_paid_claim_steps;
pub mod self_paid_claims;
pub mod settlements;

use juyi_db::Migration;

/// Every migration of this service, the kit's included.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    let own =
        Migration { version: 1001, name: "settlement", sql: include_str!("../../migrations/1001_settlement.sql") };
    let claims = Migration {
        version: 1006,
        name: "self-paid claims",
        sql: include_str!("../../migrations/1006_self_paid_claims.sql"),
    };
    juyi_kit::command::MIGRATIONS.iter().copied().chain([own, claims]).collect()
}

/// Every statement of this service.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    [
        settlements::STATEMENTS,
        entries::STATEMENTS,
        person_years::STATEMENTS,
        self_paid_claims::STATEMENTS,
        self_paid_claim_steps::STATEMENTS,
        claim_accounts::STATEMENTS,
    ]
    .concat()
}
