//! Enrolments, one per resident and policy year.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Row, Session, Value, args};
use juyi_domain::codes::{Category, Class, CountGroup, Desk, District, Tier, Window};
use juyi_domain::id::{EnrolmentId, ResidentId};
use juyi_domain::receipt::Receipt;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row, receipt_from_json, receipt_to_json};

use crate::store::enrolled;

juyi_db::statements! {
    INSERT = "INSERT INTO enrolment (resident_id, enrolment_id, policy_year, district, category, class, tier, desk, \
        enrolment_window, applied_on, previous_year_insured, interrupted_on, unit_id, township, desk_township, \
        count_group, receipt, created_at, office, office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";
    SELECT = "SELECT * FROM enrolment WHERE resident_id = $1 AND enrolment_id = $2";
    SELECT_OF_YEAR = "SELECT * FROM enrolment WHERE resident_id = $1 AND policy_year = $2";
    SELECT_PAID = "SELECT enrolment_id FROM enrolment WHERE resident_id = $1 AND policy_year >= $2 \
        AND paid_on IS NOT NULL LIMIT 1";
    SELECT_PAGE = "SELECT * FROM enrolment WHERE resident_id = $1 AND policy_year < $2 \
        ORDER BY policy_year DESC LIMIT $3";
}

/// The columns of [`INSERT`], in their order.
pub(crate) const COLUMNS: &[&str] = &[
    "resident_id",
    "enrolment_id",
    "policy_year",
    "district",
    "category",
    "class",
    "tier",
    "desk",
    "enrolment_window",
    "applied_on",
    "previous_year_insured",
    "interrupted_on",
    "unit_id",
    "township",
    "desk_township",
    "count_group",
    "receipt",
    "created_at",
    "office",
    "office_district",
    "office_name",
];

/// An enrolment.
#[derive(Clone, Debug, PartialEq)]
pub struct Enrolment {
    /// Whose.
    pub resident_id: ResidentId,
    /// Id.
    pub id: EnrolmentId,
    /// Policy year.
    pub policy_year: i32,
    /// District of enrolment.
    pub district: District,
    /// Category.
    pub category: Category,
    /// Class, fixed for the year.
    pub class: Class,
    /// Tier, fixed for the year.
    pub tier: Tier,
    /// Desk.
    pub desk: Desk,
    /// Window.
    pub window: Window,
    /// Day of application.
    pub applied_on: NaiveDate,
    /// Insured the year before.
    pub previous_year_insured: Option<bool>,
    /// Day of the interruption of employees' insurance.
    pub interrupted_on: Option<NaiveDate>,
    /// Unit that filed; `None` for a family or a single person.
    pub unit_id: Option<String>,
    /// Unit in whose figures it counts, where it is known.
    pub township: Option<String>,
    /// Township at whose service it was filed; stays when the person moves (J-3.4.2-b).
    pub desk_township: Option<String>,
    /// Group of the target table it counts in.
    pub count_group: CountGroup,
    /// Day of payment; `None` while unpaid.
    pub paid_on: Option<NaiveDate>,
    /// How it was decided.
    pub receipt: Receipt,
    /// Office that enrolled.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Stores an enrolment, unpaid. A second one of the year is `Duplicate`.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, enrolment: &Enrolment) -> Result<(), Error> {
    session.execute(INSERT, to_row(enrolment)?).await?;
    Ok(enrolled::add(session, enrolment.resident_id).await?)
}

/// The row of an enrolment, in the order of the columns of [`INSERT`].
pub(crate) fn to_row(enrolment: &Enrolment) -> Result<Vec<Value>, Error> {
    let mut row = args![
        Value::text(enrolment.resident_id),
        Value::text(enrolment.id),
        enrolment.policy_year,
        enrolment.district.as_str(),
        enrolment.category.as_str(),
        enrolment.class.as_str(),
        enrolment.tier.as_str(),
        enrolment.desk.as_str(),
        enrolment.window.as_str(),
        enrolment.applied_on,
        enrolment.previous_year_insured,
        enrolment.interrupted_on,
        enrolment.unit_id.clone(),
        enrolment.township.clone(),
        enrolment.desk_township.clone(),
        enrolment.count_group.as_str(),
        receipt_to_json(&enrolment.receipt)?,
        enrolment.created_at,
    ];
    row.extend(caller_to_row(&enrolment.recorded_by));
    Ok(row)
}

/// An enrolment by id.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(
    session: &mut Session,
    resident_id: ResidentId,
    id: EnrolmentId,
) -> Result<Option<Enrolment>, Error> {
    let row = session.maybe_row(SELECT, args![Value::text(resident_id), Value::text(id)]).await?;
    row.as_ref().map(from_row).transpose()
}

/// The enrolment of a year.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find_of_year(
    session: &mut Session,
    resident_id: ResidentId,
    policy_year: i32,
) -> Result<Option<Enrolment>, Error> {
    let row = session.maybe_row(SELECT_OF_YEAR, args![Value::text(resident_id), policy_year]).await?;
    row.as_ref().map(from_row).transpose()
}

/// True when the resident has a paid enrolment of a year or a later one.
///
/// # Errors
/// Those of the database.
pub async fn any_paid_since(session: &mut Session, resident_id: ResidentId, policy_year: i32) -> Result<bool, Error> {
    Ok(session.maybe_row(SELECT_PAID, args![Value::text(resident_id), policy_year]).await?.is_some())
}

/// A page of the resident's enrolments, newest policy year first, of years before `before`.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    resident_id: ResidentId,
    before: i32,
    size: i64,
) -> Result<Vec<Enrolment>, Error> {
    let rows = session.rows(SELECT_PAGE, args![Value::text(resident_id), before, size]).await?;
    rows.iter().map(from_row).collect()
}

pub(crate) fn from_row(row: &Row) -> Result<Enrolment, Error> {
    Ok(Enrolment {
        resident_id: row.parse("resident_id")?,
        id: row.parse("enrolment_id")?,
        policy_year: row.small("policy_year")?,
        district: row.parse("district")?,
        category: row.parse("category")?,
        class: row.parse("class")?,
        tier: row.parse("tier")?,
        desk: row.parse("desk")?,
        window: row.parse("enrolment_window")?,
        applied_on: row.date("applied_on")?,
        previous_year_insured: row.maybe_bool("previous_year_insured")?,
        interrupted_on: row.maybe_date("interrupted_on")?,
        unit_id: row.maybe_text("unit_id")?,
        township: row.maybe_text("township")?,
        desk_township: row.maybe_text("desk_township")?,
        count_group: row.parse("count_group")?,
        paid_on: row.maybe_date("paid_on")?,
        receipt: receipt_from_json(&row.text("receipt")?)?,
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
