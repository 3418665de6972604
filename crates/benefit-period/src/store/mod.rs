//! Rows of the benefit period. One file per table or two, each with its statements.

pub mod batches;
pub mod derivations;
pub mod facts;
pub mod persons;
pub mod recomputations;
pub mod spans;

use juyi_db::Migration;
use juyi_kit::error::Error;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Every migration of this service, the kit's included.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    let sql = include_str!("../../migrations/1001_benefit_period.sql");
    let own = Migration { version: 1001, name: "benefit period", sql };
    juyi_kit::command::MIGRATIONS.iter().copied().chain([own]).collect()
}

/// Every statement of this service.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    [
        batches::STATEMENTS,
        derivations::STATEMENTS,
        facts::STATEMENTS,
        persons::STATEMENTS,
        recomputations::STATEMENTS,
        spans::STATEMENTS,
    ]
    .concat()
}

/// What is only ever read as a whole, as it is stored.
fn to_json<T: Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|_| Error::Fault("a value cannot be written as JSON"))
}

fn from_json<T: DeserializeOwned>(json: &str) -> Result<T, Error> {
    serde_json::from_str(json).map_err(|_| Error::Fault("a stored JSON text is unreadable"))
}
