//! Which office states for a provider: the one that the bureau named last, else the one that stated first.

use chrono::{DateTime, Utc};
use juyi_db::{Row, Session, Value, args};
use juyi_domain::codes::Office;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row};

juyi_db::statements! {
    INSERT = "INSERT INTO provider_office (provider_code, number, stating_district, stating_name, reason, created_at, \
        office, office_district, office_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    SELECT_NEWEST = "SELECT number, stating_district, stating_name FROM provider_office WHERE provider_code = $1 \
        ORDER BY number DESC LIMIT 1";
    SELECT_FIRST = "SELECT office, office_district, office_name FROM provider_reconciliation WHERE provider_code = $1 \
        ORDER BY reconciliation_id LIMIT 1";
}

/// An office that was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Provider.
    pub provider_code: String,
    /// The office that states from now on.
    pub stating: Caller,
    /// Why.
    pub reason: String,
    /// Office that named it.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// The office that states for a provider; `None` where nobody did and none was named.
///
/// # Errors
/// Those of the database.
pub async fn maybe_stating(session: &mut Session, provider_code: &str) -> Result<Option<Caller>, Error> {
    if let Some(row) = session.maybe_row(SELECT_NEWEST, args![provider_code]).await? {
        return Ok(Some(stating(&row)?));
    }
    let row = session.maybe_row(SELECT_FIRST, args![provider_code]).await?;
    Ok(row.as_ref().map(caller_from_row).transpose()?)
}

/// Stores an office after those named before. Where another one is named at the same time it is `Duplicate`.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, named: &Named) -> Result<(), Error> {
    let newest = session.maybe_row(SELECT_NEWEST, args![named.provider_code.as_str()]).await?;
    let number = newest.map_or(Ok(0), |row| row.int("number"))? + 1;
    let mut row = args![
        named.provider_code.as_str(),
        number,
        Value::maybe_text(named.stating.district),
        named.stating.name.as_str(),
        named.reason.as_str(),
        named.created_at,
    ];
    row.extend(caller_to_row(&named.recorded_by));
    session.execute(INSERT, row).await?;
    Ok(())
}

fn stating(row: &Row) -> Result<Caller, juyi_db::Error> {
    let (district, name) = (row.maybe_parse("stating_district")?, row.text("stating_name")?);
    Ok(Caller { office: Office::Provider, district, name })
}
