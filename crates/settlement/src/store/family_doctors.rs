//! Contracts with family doctors, with a head per resident that every change moves.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Row, Session, Value, args};
use juyi_domain::codes::District;
use juyi_domain::id::{ContractId, ResidentId};
use juyi_domain::settlement::outpatient::family_doctor::Contract;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row};

juyi_db::statements! {
    SELECT_HEAD = "SELECT revision FROM family_doctor_head WHERE resident_id = $1";
    MOVE_HEAD = "INSERT INTO family_doctor_head (resident_id, revision) VALUES ($1, $2) \
        ON CONFLICT (resident_id) DO UPDATE SET revision = $2 WHERE family_doctor_head.revision = $3";
    INSERT = "INSERT INTO family_doctor (resident_id, contract_id, district, institution_code, signed_on, created_at, \
        office, office_district, office_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    INSERT_END = "INSERT INTO family_doctor_end (resident_id, contract_id, ended_on, created_at, office, \
        office_district, office_name) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    SELECT_PAGE = "SELECT d.*, e.ended_on FROM family_doctor d LEFT JOIN family_doctor_end e \
        ON e.resident_id = d.resident_id AND e.contract_id = d.contract_id \
        WHERE d.resident_id = $1 AND d.contract_id > $2 ORDER BY d.contract_id LIMIT $3";
    SELECT_ALL = "SELECT d.*, e.ended_on FROM family_doctor d LEFT JOIN family_doctor_end e \
        ON e.resident_id = d.resident_id AND e.contract_id = d.contract_id \
        WHERE d.resident_id = $1 ORDER BY d.contract_id";
}

/// A contract as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Whose.
    pub resident_id: ResidentId,
    /// Id.
    pub id: ContractId,
    /// District of the cover on the day of signing; `None` of contracts recorded before it was kept.
    pub district: Option<District>,
    /// Institution of the doctor.
    pub institution_code: String,
    /// Signing and end.
    pub contract: Contract,
    /// Office that recorded it.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Moves the contracts of a person on; `Contended` when another writer was first.
///
/// # Errors
/// Those of the database.
pub async fn advance(session: &mut Session, resident_id: ResidentId) -> Result<(), Error> {
    super::move_head(session, resident_id, (SELECT_HEAD, MOVE_HEAD)).await
}

/// Stores a contract.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, signed: &Signed) -> Result<(), Error> {
    let mut row = args![
        Value::text(signed.resident_id),
        Value::text(signed.id),
        Value::maybe_text(signed.district),
        signed.institution_code.as_str(),
        signed.contract.signed_on,
        signed.created_at,
    ];
    row.extend(caller_to_row(&signed.recorded_by));
    session.execute(INSERT, row).await?;
    Ok(())
}

/// Stores the end of a contract.
///
/// # Errors
/// Those of the database.
pub async fn insert_end(
    session: &mut Session,
    (resident_id, id): (ResidentId, ContractId),
    ended_on: NaiveDate,
    (recorded_by, created_at): (&Caller, DateTime<Utc>),
) -> Result<(), Error> {
    let mut row = args![Value::text(resident_id), Value::text(id), ended_on, created_at];
    row.extend(caller_to_row(recorded_by));
    session.execute(INSERT_END, row).await?;
    Ok(())
}

/// All contracts of a person, in the order they were recorded.
///
/// # Errors
/// Those of the database.
pub async fn all(session: &mut Session, resident_id: ResidentId) -> Result<Vec<Signed>, Error> {
    let rows = session.rows(SELECT_ALL, args![Value::text(resident_id)]).await?;
    rows.iter().map(from_row).collect()
}

/// A page of them, after `after`.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    resident_id: ResidentId,
    after: Option<ContractId>,
    size: i64,
) -> Result<Vec<Signed>, Error> {
    let after = after.map_or_else(|| "".into(), Value::text);
    let rows = session.rows(SELECT_PAGE, args![Value::text(resident_id), after, size]).await?;
    rows.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<Signed, Error> {
    Ok(Signed {
        resident_id: row.parse("resident_id")?,
        id: row.parse("contract_id")?,
        district: row.maybe_parse("district")?,
        institution_code: row.text("institution_code")?,
        contract: Contract { signed_on: row.date("signed_on")?, ended_on: row.maybe_date("ended_on")? },
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
