//! Collection systems of units, one each.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Row, Session, args};
use juyi_domain::codes::District;
use juyi_domain::contribution::agency::AgencyState;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row};

juyi_db::statements! {
    INSERT = "INSERT INTO agency_system (unit_id, district, state, created_at, office, office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    UPDATE_GRANTED = "UPDATE agency_system SET state = $2, key_serial_number = $3, granted_on = $4, \
        granted_office = $5, granted_office_district = $6, granted_office_name = $7 \
        WHERE unit_id = $1 AND key_serial_number IS NULL";
    SELECT = "SELECT * FROM agency_system WHERE unit_id = $1";
}

/// A unit's collection system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgencySystem {
    /// Unit.
    pub unit_id: String,
    /// District of the unit.
    pub district: District,
    /// State.
    pub state: AgencyState,
    /// The key that was issued.
    pub key: Option<Key>,
    /// Office that asked.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// That a key was issued. The key itself is nobody's to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Serial number.
    pub serial_number: String,
    /// Day of issue.
    pub granted_on: NaiveDate,
    /// Tax office that issued it.
    pub granted_by: Caller,
}

/// Stores a request. A second one of the unit is `Duplicate`.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, system: &AgencySystem) -> Result<(), Error> {
    let mut row = args![system.unit_id.as_str(), system.district.as_str(), system.state.as_str(), system.created_at,];
    row.extend(caller_to_row(&system.recorded_by));
    session.execute(INSERT, row).await?;
    Ok(())
}

/// Records the key; false when one is recorded already.
///
/// # Errors
/// Those of the database.
pub async fn grant(session: &mut Session, unit_id: &str, key: &Key) -> Result<bool, Error> {
    let mut row = args![unit_id, AgencyState::Granted.as_str(), key.serial_number.as_str(), key.granted_on];
    row.extend(caller_to_row(&key.granted_by));
    Ok(session.execute(UPDATE_GRANTED, row).await? == 1)
}

/// The system of a unit.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(session: &mut Session, unit_id: &str) -> Result<Option<AgencySystem>, Error> {
    session.maybe_row(SELECT, args![unit_id]).await?.as_ref().map(from_row).transpose()
}

fn from_row(row: &Row) -> Result<AgencySystem, Error> {
    let key = match (row.maybe_text("key_serial_number")?, row.maybe_date("granted_on")?) {
        (Some(serial_number), Some(granted_on)) => Some(Key {
            serial_number,
            granted_on,
            granted_by: Caller {
                office: row.parse("granted_office")?,
                district: row.maybe_parse("granted_office_district")?,
                name: row.text("granted_office_name")?,
            },
        }),
        _ => None,
    };
    Ok(AgencySystem {
        unit_id: row.text("unit_id")?,
        district: row.parse("district")?,
        state: row.parse("state")?,
        key,
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
