//! Special identities: when they are true, and when that became known.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Error, Row, Session, Value, args};
use juyi_domain::codes::Identity;
use juyi_domain::id::{IdentityId, ResidentId};
use juyi_kit::caller::Caller;
use juyi_kit::wire::{caller_from_row, caller_to_row};

juyi_db::statements! {
    INSERT = "INSERT INTO special_identity (resident_id, identity_id, identity, start_on, end_on, asserted_end_on, \
        recognised_outside, created_at, office, office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10)";
    SELECT = "SELECT * FROM special_identity WHERE resident_id = $1 ORDER BY start_on, identity_id";
    SELECT_ONE = "SELECT * FROM special_identity WHERE resident_id = $1 AND identity_id = $2";
    SELECT_OVERLAPPING = "SELECT identity_id FROM special_identity WHERE resident_id = $1 AND identity = $2 \
        AND identity_id <> $3 AND (end_on IS NULL OR (end_on > $4 AND end_on > start_on)) \
        AND (CAST($5 AS DATE) IS NULL OR start_on < $5) LIMIT 1";
    SELECT_ON = "SELECT * FROM special_identity WHERE resident_id = $1 AND start_on <= $2 \
        AND (end_on IS NULL OR end_on > $2) ORDER BY start_on, identity_id";
    SELECT_PAGE = "SELECT * FROM special_identity WHERE resident_id = $1 \
        AND (CAST($2 AS DATE) IS NULL OR (start_on <= $2 AND (end_on IS NULL OR end_on > $2))) \
        AND (CAST($3 AS TEXT) IS NULL OR identity_id > $3) ORDER BY identity_id LIMIT $4";
    SELECT_KNOWN = "SELECT * FROM special_identity WHERE resident_id = $1 AND created_at <= $2 ORDER BY identity_id";
    SELECT_KNOWN_ENDS = "SELECT * FROM identity_end WHERE resident_id = $1 AND ended_at <= $2 \
        ORDER BY identity_id, number";
    UPDATE_END = "UPDATE special_identity SET end_on = $3, ended_at = $4, ended_by_office = $5, \
        ended_by_district = $6, ended_by_name = $7 WHERE resident_id = $1 AND identity_id = $2";
    COUNT_ENDS = "SELECT COUNT(*) AS ends FROM identity_end WHERE resident_id = $1 AND identity_id = $2";
    INSERT_END = "INSERT INTO identity_end (resident_id, identity_id, end_on, ended_at, \
        office, office_district, office_name, number) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
}

/// A special identity over a half-open time; taken back altogether when it ends where it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityPeriod {
    /// Whose.
    pub resident_id: ResidentId,
    /// Id; periods asserted later have a greater one.
    pub id: IdentityId,
    /// Which.
    pub identity: Identity,
    /// First day.
    pub start_on: NaiveDate,
    /// First day after; `None` while open.
    pub end_on: Option<NaiveDate>,
    /// True when an authority of another province recognised it (J-3.2.5-d).
    pub recognised_outside: bool,
    /// Authority that asserted it.
    pub recorded_by: Caller,
    /// When it became known.
    pub created_at: DateTime<Utc>,
    /// How its end became known; `None` while the end is as first asserted.
    pub ended: Option<Ended>,
}

/// How an end became known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// When.
    pub at: DateTime<Utc>,
    /// Authority that ended it.
    pub by: Caller,
}

impl IdentityPeriod {
    /// True on a day on which the identity is held.
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.start_on <= day && self.end_on.is_none_or(|end_on| day < end_on)
    }
}

/// Stores a period as it is asserted.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, period: &IdentityPeriod) -> Result<(), Error> {
    session.execute(INSERT, to_row(period)).await?;
    Ok(())
}

/// The row of a period as it is asserted, in the order of the parameters of [`INSERT`].
pub(crate) fn to_row(period: &IdentityPeriod) -> Vec<Value> {
    let mut row = args![
        Value::text(period.resident_id),
        Value::text(period.id),
        period.identity.as_str(),
        period.start_on,
        period.end_on,
        period.recognised_outside,
        period.created_at,
    ];
    row.extend(caller_to_row(&period.recorded_by));
    row
}

/// Stores another end of a period. What was known before stays known as of then.
///
/// # Errors
/// Those of the database.
pub async fn end(
    session: &mut Session,
    (resident_id, id): (ResidentId, IdentityId),
    end_on: NaiveDate,
    ended: &Ended,
) -> Result<(), Error> {
    let key = args![Value::text(resident_id), Value::text(id)];
    let ends = session.maybe_row(COUNT_ENDS, key.clone()).await?.map_or(Ok(0), |row| row.int("ends"))?;
    let mut row = key;
    row.extend(args![end_on, ended.at]);
    row.extend(caller_to_row(&ended.by));
    session.execute(UPDATE_END, row.clone()).await?;
    row.push(Value::from(ends + 1));
    session.execute(INSERT_END, row).await?;
    Ok(())
}

/// A period by id.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(
    session: &mut Session,
    resident_id: ResidentId,
    id: IdentityId,
) -> Result<Option<IdentityPeriod>, Error> {
    let row = session.maybe_row(SELECT_ONE, args![Value::text(resident_id), Value::text(id)]).await?;
    row.as_ref().map(from_row).transpose()
}

/// Another period of the same identity that shares a day with this one.
///
/// # Errors
/// Those of the database.
pub async fn maybe_overlapping(session: &mut Session, period: &IdentityPeriod) -> Result<Option<IdentityId>, Error> {
    let key = args![
        Value::text(period.resident_id),
        period.identity.as_str(),
        Value::text(period.id),
        period.start_on,
        period.end_on,
    ];
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

/// A page of the periods, all or those that hold on a day, in the order of assertion, after `after`.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    resident_id: ResidentId,
    on: Option<NaiveDate>,
    after: Option<IdentityId>,
    size: i64,
) -> Result<Vec<IdentityPeriod>, Error> {
    let key = args![Value::text(resident_id), on, Value::maybe_text(after), size];
    session.rows(SELECT_PAGE, key).await?.iter().map(from_row).collect()
}

/// The periods as they were known at an instant, in the order of assertion.
///
/// # Errors
/// Those of the database.
pub async fn known(
    session: &mut Session,
    resident_id: ResidentId,
    at: DateTime<Utc>,
) -> Result<Vec<IdentityPeriod>, Error> {
    let mut periods = Vec::new();
    for row in session.rows(SELECT_KNOWN, args![Value::text(resident_id), at]).await? {
        let period = from_row(&row)?;
        periods.push(IdentityPeriod { end_on: row.maybe_date("asserted_end_on")?, ended: None, ..period });
    }
    for row in session.rows(SELECT_KNOWN_ENDS, args![Value::text(resident_id), at]).await? {
        let id: IdentityId = row.parse("identity_id")?;
        if let Some(period) = periods.iter_mut().find(|period| period.id == id) {
            period.end_on = Some(row.date("end_on")?);
            period.ended = Some(Ended { at: row.instant("ended_at")?, by: caller_from_row(&row)? });
        }
    }
    Ok(periods)
}

pub(crate) fn from_row(row: &Row) -> Result<IdentityPeriod, Error> {
    let ended = match row.maybe_naive("ended_at")? {
        None => None,
        Some(at) => Some(Ended {
            at: at.and_utc(),
            by: Caller {
                office: row.parse("ended_by_office")?,
                district: row.maybe_parse("ended_by_district")?,
                name: row.text("ended_by_name")?,
            },
        }),
    };
    Ok(IdentityPeriod {
        resident_id: row.parse("resident_id")?,
        id: row.parse("identity_id")?,
        identity: row.parse("identity")?,
        start_on: row.date("start_on")?,
        end_on: row.maybe_date("end_on")?,
        recognised_outside: row.bool("recognised_outside")?,
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
        ended,
    })
}
