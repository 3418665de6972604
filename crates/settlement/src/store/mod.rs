//! Rows of settlement. One file per table, each with its statements.

pub mod entries;
pub mod filing_steps;
pub mod filings;
pub mod partnerships;
pub mod person_years;
pub mod school_calendars;
pub mod settlements;

use juyi_db::Migration;

/// Every migration of this service, the kit's included.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    let own =
        Migration { version: 1001, name: "settlement", sql: include_str!("../../migrations/1001_settlement.sql") };
    let filings = Migration { version: 1005, name: "filings", sql: include_str!("../../migrations/1005_filings.sql") };
    juyi_kit::command::MIGRATIONS.iter().copied().chain([own, filings]).collect()
}

/// Every statement of this service.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    [
        settlements::STATEMENTS,
        entries::STATEMENTS,
        person_years::STATEMENTS,
        filings::STATEMENTS,
        filing_steps::STATEMENTS,
        partnerships::STATEMENTS,
        school_calendars::STATEMENTS,
    ]
    .concat()
}
