//! Registered pregnancies: the birth, and the benefit once it is registered too.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Row, Session, Value, args};
use juyi_domain::id::{RegistrationId, ResidentId};
use juyi_domain::settlement::maternity::registration::{BirthRegistration, MaternityDesk, earliest_conception};
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row};

juyi_db::statements! {
    INSERT_BIRTH = "INSERT INTO birth_registration (resident_id, registration_id, conceived_on, registered_on, \
        desk_township, residence_township, household_township, created_at, office, office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    INSERT_BENEFIT = "INSERT INTO benefit_registration (resident_id, registration_id, registered_on, desk, provider_code, \
        desk_township, reason, created_at, office, office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    SELECT_PREGNANT = "SELECT * FROM birth_registration \
        WHERE resident_id = $1 AND conceived_on >= $2 AND conceived_on <= $3 ORDER BY conceived_on DESC LIMIT 1";
    SELECT_BENEFIT = "SELECT * FROM benefit_registration WHERE resident_id = $1 AND registration_id = $2";
    SELECT_BENEFITS = "SELECT * FROM benefit_registration \
        WHERE resident_id = $1 AND registration_id >= $2 AND registration_id <= $3";
    SELECT_COVERING = "SELECT birth_registration.conceived_on FROM benefit_registration JOIN birth_registration \
        ON birth_registration.resident_id = benefit_registration.resident_id \
        AND birth_registration.registration_id = benefit_registration.registration_id \
        WHERE benefit_registration.resident_id = $1 AND birth_registration.conceived_on >= $2 \
        AND birth_registration.conceived_on <= $3 AND benefit_registration.registered_on <= $4 \
        ORDER BY birth_registration.conceived_on DESC LIMIT 1";
    SELECT_PAGE = "SELECT * FROM birth_registration WHERE resident_id = $1 AND registration_id > $2 \
        ORDER BY registration_id LIMIT $3";
}

/// A registered birth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Birth {
    /// Whose.
    pub resident_id: ResidentId,
    /// Id.
    pub id: RegistrationId,
    /// What was registered.
    pub birth: BirthRegistration,
    /// Township office that registered it.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// The registered benefit of a birth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Benefit {
    /// Day of the registration.
    pub registered_on: NaiveDate,
    /// Where.
    pub desk: MaternityDesk,
    /// Of an institution.
    pub provider_code: Option<String>,
    /// Of a township service.
    pub desk_township: Option<String>,
    /// Why it was not registered online; empty at an institution.
    pub reason: String,
    /// Office that registered it.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Stores a birth. A second one with the day of conception is `Duplicate`.
///
/// # Errors
/// Those of the database.
pub async fn insert_birth(session: &mut Session, registered: &Birth) -> Result<(), Error> {
    let birth = &registered.birth;
    let mut row = args![
        Value::text(registered.resident_id),
        Value::text(registered.id),
        birth.conceived_on,
        birth.registered_on,
        birth.desk_township.as_str(),
        Value::maybe_text(birth.residence_township.as_ref()),
        Value::maybe_text(birth.household_township.as_ref()),
        registered.created_at,
    ];
    row.extend(caller_to_row(&registered.recorded_by));
    session.execute(INSERT_BIRTH, row).await?;
    Ok(())
}

/// Stores the benefit of a birth. A second one is `Duplicate`.
///
/// # Errors
/// Those of the database.
pub async fn insert_benefit(
    session: &mut Session,
    resident_id: ResidentId,
    id: RegistrationId,
    benefit: &Benefit,
) -> Result<(), Error> {
    let mut row = args![
        Value::text(resident_id),
        Value::text(id),
        benefit.registered_on,
        benefit.desk.as_str(),
        Value::maybe_text(benefit.provider_code.as_ref()),
        Value::maybe_text(benefit.desk_township.as_ref()),
        benefit.reason.as_str(),
        benefit.created_at,
    ];
    row.extend(caller_to_row(&benefit.recorded_by));
    session.execute(INSERT_BENEFIT, row).await?;
    Ok(())
}

/// The newest pregnancy that has a day.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find_pregnancy(
    session: &mut Session,
    resident_id: ResidentId,
    on: NaiveDate,
) -> Result<Option<Birth>, Error> {
    let between = args![Value::text(resident_id), earliest_conception(on), on];
    let row = session.maybe_row(SELECT_PREGNANT, between).await?;
    row.as_ref().map(birth_from_row).transpose()
}

/// The benefit of a birth.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find_benefit(
    session: &mut Session,
    resident_id: ResidentId,
    id: RegistrationId,
) -> Result<Option<Benefit>, Error> {
    let row = session.maybe_row(SELECT_BENEFIT, args![Value::text(resident_id), Value::text(id)]).await?;
    row.as_ref().map(benefit_from_row).transpose()
}

/// The benefits of a page of births, by registration.
///
/// # Errors
/// Those of the database.
pub async fn benefits(
    session: &mut Session,
    resident_id: ResidentId,
    page: &[Birth],
) -> Result<BTreeMap<RegistrationId, Benefit>, Error> {
    let (Some(first), Some(last)) = (page.first(), page.last()) else { return Ok(BTreeMap::new()) };
    let between = args![Value::text(resident_id), Value::text(first.id), Value::text(last.id)];
    let rows = session.rows(SELECT_BENEFITS, between).await?;
    rows.iter().map(|row| Ok((row.parse("registration_id")?, benefit_from_row(row)?))).collect()
}

/// First day of the pregnancy that has the first day of a bill and whose benefit is registered by its last; the latest, if
/// there are several.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find_registered(
    session: &mut Session,
    resident_id: ResidentId,
    admitted_on: NaiveDate,
    discharged_on: NaiveDate,
) -> Result<Option<NaiveDate>, Error> {
    let between = args![Value::text(resident_id), earliest_conception(admitted_on), admitted_on, discharged_on];
    let row = session.maybe_row(SELECT_COVERING, between).await?;
    Ok(row.map(|row| row.date("conceived_on")).transpose()?)
}

/// A page of the resident's pregnancies in order of registration, after `after`.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    resident_id: ResidentId,
    after: Option<RegistrationId>,
    size: i64,
) -> Result<Vec<Birth>, Error> {
    let after = after.map_or_else(|| "".into(), Value::text);
    let rows = session.rows(SELECT_PAGE, args![Value::text(resident_id), after, size]).await?;
    rows.iter().map(birth_from_row).collect()
}

fn birth_from_row(row: &Row) -> Result<Birth, Error> {
    Ok(Birth {
        resident_id: row.parse("resident_id")?,
        id: row.parse("registration_id")?,
        birth: BirthRegistration {
            conceived_on: row.date("conceived_on")?,
            registered_on: row.date("registered_on")?,
            desk_township: row.text("desk_township")?,
            residence_township: row.maybe_parse("residence_township")?,
            household_township: row.maybe_parse("household_township")?,
        },
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}

fn benefit_from_row(row: &Row) -> Result<Benefit, Error> {
    Ok(Benefit {
        registered_on: row.date("registered_on")?,
        desk: row.parse("desk")?,
        provider_code: row.maybe_parse("provider_code")?,
        desk_township: row.maybe_parse("desk_township")?,
        reason: row.text("reason")?,
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
