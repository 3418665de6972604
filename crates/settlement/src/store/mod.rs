//! Rows of settlement. One file per table, each with its statements.

pub mod claim_accounts;
pub mod dues;
pub mod entries;
pub mod family_doctors;
pub mod filing_steps;
pub mod filings;
pub mod maternity;
pub mod openings;
pub mod partnerships;
pub mod person_years;
pub mod provider_exceptions;
pub mod provider_offices;
pub mod provider_posted;
pub mod provider_reconciliations;
pub mod replaced_covers;
pub mod school_calendars;
pub mod self_paid_claim_steps;
pub mod self_paid_claims;
pub mod settlements;

use juyi_db::{Error, Migration, Row, Session, Value, args};
use juyi_domain::id::ResidentId;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Every migration of this service, the kit's included.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    let own = [
        (1001, "settlement", include_str!("../../migrations/1001_settlement.sql")),
        (1003, "person years", include_str!("../../migrations/1003_person_years.sql")),
        (1004, "maternity", include_str!("../../migrations/1004_maternity.sql")),
        (1005, "filings", include_str!("../../migrations/1005_filings.sql")),
        (1006, "self-paid claims", include_str!("../../migrations/1006_self_paid_claims.sql")),
        (1007, "ledger", include_str!("../../migrations/1007_ledger.sql")),
        (1008, "family doctors", include_str!("../../migrations/1008_family_doctors.sql")),
        (1009, "reversed claims", include_str!("../../migrations/1009_reversed_claims.sql")),
        (1010, "dues", include_str!("../../migrations/1010_dues.sql")),
        (1011, "explanations", include_str!("../../migrations/1011_explanations.sql")),
        (1012, "provider offices", include_str!("../../migrations/1012_provider_offices.sql")),
    ];
    let own = own.into_iter().map(|(version, name, sql)| Migration { version, name, sql });
    juyi_kit::command::MIGRATIONS.iter().copied().chain(own).collect()
}

/// Every statement of this service.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    [
        settlements::STATEMENTS,
        entries::STATEMENTS,
        person_years::STATEMENTS,
        maternity::STATEMENTS,
        filings::STATEMENTS,
        filing_steps::STATEMENTS,
        partnerships::STATEMENTS,
        school_calendars::STATEMENTS,
        self_paid_claims::STATEMENTS,
        self_paid_claim_steps::STATEMENTS,
        claim_accounts::STATEMENTS,
        replaced_covers::STATEMENTS,
        dues::STATEMENTS,
        provider_reconciliations::STATEMENTS,
        provider_offices::STATEMENTS,
        provider_posted::STATEMENTS,
        provider_exceptions::STATEMENTS,
        openings::STATEMENTS,
        family_doctors::STATEMENTS,
    ]
    .concat()
}

/// Years of different people as keys, each with its place.
fn keys(years: &[(ResidentId, i32)]) -> Vec<Value> {
    let key = |(place, (id, policy_year)): (i64, &(ResidentId, i32))| args![place, Value::text(id), *policy_year];
    (0..).zip(years).flat_map(key).collect()
}

/// Moves the head of what a person has on, by the statements that read and write it; `Contended` when another writer was
/// first.
async fn move_head(
    session: &mut Session,
    resident_id: ResidentId,
    (select, update): (&'static str, &'static str),
) -> Result<(), juyi_kit::error::Error> {
    let row = session.maybe_row(select, args![Value::text(resident_id)]).await?;
    let revision = row.map_or(Ok(0), |row| row.int("revision"))?;
    let moved = session.execute(update, args![Value::text(resident_id), revision + 1, revision]).await?;
    if moved == 1 { Ok(()) } else { Err(Error::Contended.into()) }
}

/// A value as a column of JSON, or the fault that is said of it.
fn to_json<T: Serialize>(value: &T, fault: &'static str) -> Result<String, juyi_kit::error::Error> {
    serde_json::to_string(value).map_err(|_| juyi_kit::error::Error::Fault(fault))
}

/// A column from JSON.
fn from_json<T: DeserializeOwned>(row: &Row, column: &'static str) -> Result<T, juyi_kit::error::Error> {
    serde_json::from_str(&row.text(column)?).map_err(|_| Error::Corrupt { column }.into())
}

/// What belongs to the key of a row.
fn at<'a, T>(row: &Row, of_keys: &'a mut [T]) -> Result<&'a mut T, Error> {
    let place = usize::try_from(row.int("place")?).ok();
    place.and_then(|place| of_keys.get_mut(place)).ok_or(Error::Corrupt { column: "place" })
}
