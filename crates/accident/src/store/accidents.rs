//! Reported accidents, one per resident and day.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Row, Session, Value, args};
use juyi_domain::codes::{District, InsuredGroup, Insurer};
use juyi_domain::id::{ClaimId, ResidentId};
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row};
use juyi_proto::accident::v1 as pb;
use prost::Message;

juyi_db::statements! {
    INSERT = "INSERT INTO accident (resident_id, claim_id, accident_on, reported_on, report_due_on, late, \
        policy_year, insured_group, district, insurer, route, created_at, office, office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    SELECT = "SELECT * FROM accident WHERE resident_id = $1 AND claim_id = $2";
    SELECT_ON = "SELECT claim_id FROM accident WHERE resident_id = $1 AND accident_on = $2";
}

/// A reported accident.
#[derive(Clone, Debug, PartialEq)]
pub struct Accident {
    /// Whose.
    pub resident_id: ResidentId,
    /// Id.
    pub id: ClaimId,
    /// Day of the accident.
    pub accident_on: NaiveDate,
    /// Day of the report.
    pub reported_on: NaiveDate,
    /// Last day of a report in time.
    pub report_due_on: NaiveDate,
    /// True when reported after that day.
    pub late: bool,
    /// Year whose document routed it.
    pub policy_year: i32,
    /// Group routed.
    pub group: InsuredGroup,
    /// District routed.
    pub district: District,
    /// The responsible insurer.
    pub insurer: Insurer,
    /// The route as it was answered.
    pub route: pb::Route,
    /// Office that recorded it.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Stores an accident. A second one of the day is `Duplicate`.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, accident: &Accident) -> Result<(), Error> {
    let mut row = args![
        Value::text(accident.resident_id),
        Value::text(accident.id),
        accident.accident_on,
        accident.reported_on,
        accident.report_due_on,
        accident.late,
        accident.policy_year,
        accident.group.as_str(),
        accident.district.as_str(),
        accident.insurer.as_str(),
        accident.route.encode_to_vec(),
        accident.created_at,
    ];
    row.extend(caller_to_row(&accident.recorded_by));
    session.execute(INSERT, row).await?;
    Ok(())
}

/// An accident by id.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(
    session: &mut Session,
    resident_id: ResidentId,
    id: ClaimId,
) -> Result<Option<Accident>, Error> {
    let row = session.maybe_row(SELECT, args![Value::text(resident_id), Value::text(id)]).await?;
    row.as_ref().map(from_row).transpose()
}

/// The accident of a day.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find_on(
    session: &mut Session,
    resident_id: ResidentId,
    accident_on: NaiveDate,
) -> Result<Option<ClaimId>, Error> {
    let row = session.maybe_row(SELECT_ON, args![Value::text(resident_id), accident_on]).await?;
    Ok(row.map(|row| row.parse("claim_id")).transpose()?)
}

fn from_row(row: &Row) -> Result<Accident, Error> {
    Ok(Accident {
        resident_id: row.parse("resident_id")?,
        id: row.parse("claim_id")?,
        accident_on: row.date("accident_on")?,
        reported_on: row.date("reported_on")?,
        report_due_on: row.date("report_due_on")?,
        late: row.bool("late")?,
        policy_year: row.small("policy_year")?,
        group: row.parse("insured_group")?,
        district: row.parse("district")?,
        insurer: row.parse("insurer")?,
        route: pb::Route::decode(row.bytes("route")?.as_slice())
            .map_err(|_| juyi_db::Error::Corrupt { column: "route" })?,
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
