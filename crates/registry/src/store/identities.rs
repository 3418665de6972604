//! Special identities: when they are true and when they became known.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Error, Row, Session, Value, args};
use juyi_domain::codes::Identity;
use juyi_domain::id::{IdentityId, ResidentId};
use juyi_kit::caller::Caller;
use juyi_kit::wire::{caller_from_row, caller_to_row};

use crate::read::Assert;

juyi_db::statements! {
    INSERT = "INSERT INTO special_identity (resident_id, identity_id, identity, start_on, end_on, created_at, \
        office, office_district, office_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    SELECT = "SELECT * FROM special_identity WHERE resident_id = $1 ORDER BY start_on, identity_id";
    SELECT_OVERLAPPING = "SELECT identity_id FROM special_identity WHERE resident_id = $1 AND identity = $2 \
        AND (end_on IS NULL OR end_on > $3) AND (CAST($4 AS DATE) IS NULL OR start_on < $4) LIMIT 1";
    SELECT_ON = "SELECT * FROM special_identity WHERE resident_id = $1 AND start_on <= $2 \
        AND (end_on IS NULL OR end_on > $2) ORDER BY start_on, identity_id";
}

/// A special identity over a half-open time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityPeriod {
    /// Whose.
    pub resident_id: ResidentId,
    /// Id.
    pub id: IdentityId,
    /// Which.
    pub identity: Identity,
    /// First day.
    pub start_on: NaiveDate,
    /// First day after; `None` while open.
    pub end_on: Option<NaiveDate>,
    /// Authority that asserted it.
    pub recorded_by: Caller,
    /// When it became known.
    pub created_at: DateTime<Utc>,
}

/// Stores a period.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, period: &IdentityPeriod) -> Result<(), Error> {
    let mut row = args![
        Value::text(period.resident_id),
        Value::text(period.id),
        period.identity.as_str(),
        period.start_on,
        period.end_on,
        period.created_at,
    ];
    row.extend(caller_to_row(&period.recorded_by));
    session.execute(INSERT, row).await?;
    Ok(())
}

/// A period of the same identity that shares a day with the one asserted.
///
/// # Errors
/// Those of the database.
pub(crate) async fn maybe_overlapping(session: &mut Session, asserted: &Assert) -> Result<Option<IdentityId>, Error> {
    let key = args![Value::text(asserted.resident_id), asserted.identity.as_str(), asserted.start_on, asserted.end_on,];
    session.maybe_row(SELECT_OVERLAPPING, key).await?.map(|row| row.parse("identity_id")).transpose()
}

/// The periods of a resident, all or those that hold on a day.
///
/// # Errors
/// Those of the database.
pub async fn list(
    session: &mut Session,
    resident_id: ResidentId,
    on: Option<NaiveDate>,
) -> Result<Vec<IdentityPeriod>, Error> {
    let rows = match on {
        Some(day) => session.rows(SELECT_ON, args![Value::text(resident_id), day]).await?,
        None => session.rows(SELECT, args![Value::text(resident_id)]).await?,
    };
    rows.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<IdentityPeriod, Error> {
    Ok(IdentityPeriod {
        resident_id: row.parse("resident_id")?,
        id: row.parse("identity_id")?,
        identity: row.parse("identity")?,
        start_on: row.date("start_on")?,
        end_on: row.maybe_date("end_on")?,
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
