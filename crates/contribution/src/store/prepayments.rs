//! Premiums prepaid by academic years; no policy year of a person twice.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Row, Session, Value, args};
use juyi_domain::codes::District;
use juyi_domain::contribution::prepayment::{Taken, Term};
use juyi_domain::id::{EnrolmentId, PrepaymentId, ResidentId};
use juyi_domain::money::Fen;
use juyi_domain::receipt::Receipt;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row, receipt_from_json, receipt_to_json};

/// Residents whom one statement looks up.
const AT_ONCE: usize = 32;

juyi_db::statements! {
    INSERT = "INSERT INTO prepayment (resident_id, prepayment_id, enrolment_id, district, first_year, last_year, \
        academic_years, amount_fen, paid_on, voucher_number, receipt, created_at, office, office_district, \
        office_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    INSERT_YEAR = "INSERT INTO prepaid_year (resident_id, policy_year, prepayment_id) VALUES ($1, $2, $3)";
    SELECT_COVERING = "SELECT * FROM prepayment WHERE resident_id = $1 AND first_year <= $2 AND last_year >= $3 \
        ORDER BY prepayment_id LIMIT 1";
    SELECT_COVERED = "SELECT resident_id FROM prepaid_year WHERE policy_year = $1 AND resident_id IN ($2, $3, $4, $5, \
        $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, \
        $29, $30, $31, $32, $33)";
    SELECT_UNUSED = "SELECT p.* FROM prepaid_year y JOIN prepayment p ON p.resident_id = y.resident_id \
        AND p.prepayment_id = y.prepayment_id WHERE y.policy_year = $1 AND p.district = $2 AND y.resident_id > $3 \
        AND NOT EXISTS (SELECT 1 FROM payment WHERE payment.resident_id = y.resident_id \
        AND payment.policy_year = y.policy_year AND payment.refund_id IS NULL) ORDER BY y.resident_id LIMIT $4";
    SELECT_PAGE = "SELECT * FROM prepayment WHERE resident_id = $1 \
        AND (CAST($2 AS TEXT) IS NULL OR prepayment_id < $2) AND (CAST($4 AS TEXT) IS NULL OR district = $4) \
        ORDER BY prepayment_id DESC LIMIT $3";
    SELECT_USED = "SELECT p.personal_fen - p.subsidy_fen AS fen FROM payment p \
        JOIN prepaid_year y ON y.resident_id = p.resident_id AND y.policy_year = p.policy_year \
        WHERE y.resident_id = $1 AND y.prepayment_id = $2 AND p.method = 'PREPAYMENT' AND p.refund_id IS NULL";
}

/// A premium prepaid for a term.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepayment {
    /// Whose.
    pub resident_id: ResidentId,
    /// Id.
    pub id: PrepaymentId,
    /// Enrolment it was made with; `None` for a term that began before the years whose law is loaded.
    pub enrolment_id: Option<EnrolmentId>,
    /// District.
    pub district: District,
    /// Years prepaid.
    pub term: Term,
    /// What the person paid for all of them.
    pub amount: Fen,
    /// Day of payment.
    pub paid_on: NaiveDate,
    /// Tax voucher.
    pub voucher_number: String,
    /// How it was decided.
    pub receipt: Receipt,
    /// Office that recorded it.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Stores a prepayment with its years. A year prepaid before is `Duplicate`.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, prepayment: &Prepayment) -> Result<(), Error> {
    let mut row = args![
        Value::text(prepayment.resident_id),
        Value::text(prepayment.id),
        Value::maybe_text(prepayment.enrolment_id),
        prepayment.district.as_str(),
        prepayment.term.first_year,
        prepayment.term.last_year,
        i64::from(prepayment.term.academic_years),
        prepayment.amount.get(),
        prepayment.paid_on,
        prepayment.voucher_number.as_str(),
        receipt_to_json(&prepayment.receipt)?,
        prepayment.created_at,
    ];
    row.extend(caller_to_row(&prepayment.recorded_by));
    session.execute(INSERT, row).await?;
    for year in prepayment.term.first_year..=prepayment.term.last_year {
        let row = args![Value::text(prepayment.resident_id), year, Value::text(prepayment.id)];
        session.execute(INSERT_YEAR, row).await?;
    }
    Ok(())
}

/// The prepayment of a policy year (J-3.3.3-b).
///
/// # Errors
/// Those of the database.
pub async fn maybe_covering(
    session: &mut Session,
    resident_id: ResidentId,
    policy_year: i32,
) -> Result<Option<Prepayment>, Error> {
    let term = Term { first_year: policy_year, last_year: policy_year, academic_years: 0 };
    maybe_overlapping(session, resident_id, term).await
}

/// The first prepayment that shares a year with a term.
///
/// # Errors
/// Those of the database.
pub async fn maybe_overlapping(
    session: &mut Session,
    resident_id: ResidentId,
    term: Term,
) -> Result<Option<Prepayment>, Error> {
    let row = args![Value::text(resident_id), term.last_year, term.first_year];
    session.maybe_row(SELECT_COVERING, row).await?.as_ref().map(from_row).transpose()
}

/// What was taken for a term, and the premiums of the years that were paid with it.
///
/// # Errors
/// Those of the database.
pub async fn taken(session: &mut Session, prepayment: &Prepayment) -> Result<Taken, Error> {
    let key = args![Value::text(prepayment.resident_id), Value::text(prepayment.id)];
    let rows = session.rows(SELECT_USED, key).await?;
    let premiums = rows.iter().map(|row| row.int("fen").map(Fen::new)).collect::<Result<Vec<_>, _>>()?;
    Ok(Taken::by(prepayment.amount, premiums))
}

/// The terms with a policy year that nobody has paid yet, by resident, of those after one.
///
/// # Errors
/// Those of the database.
pub async fn unused(
    session: &mut Session,
    (policy_year, district): (i32, District),
    after: &str,
    size: i64,
) -> Result<Vec<Prepayment>, Error> {
    let rows = session.rows(SELECT_UNUSED, args![policy_year, district.as_str(), after, size]).await?;
    rows.iter().map(from_row).collect()
}

/// A page of the resident's prepayments, newest first, of those before `before`; of one district, or of all.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    (resident_id, district): (ResidentId, Option<District>),
    before: Option<PrepaymentId>,
    size: i64,
) -> Result<Vec<Prepayment>, Error> {
    let row = args![Value::text(resident_id), Value::maybe_text(before), size, Value::maybe_text(district)];
    let rows = session.rows(SELECT_PAGE, row).await?;
    rows.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<Prepayment, Error> {
    let years = u32::try_from(row.int("academic_years")?).map_err(|_| Error::Fault("a stored term is unreadable"))?;
    Ok(Prepayment {
        resident_id: row.parse("resident_id")?,
        id: row.parse("prepayment_id")?,
        enrolment_id: row.maybe_parse("enrolment_id")?,
        district: row.parse("district")?,
        term: Term { first_year: row.small("first_year")?, last_year: row.small("last_year")?, academic_years: years },
        amount: Fen::new(row.int("amount_fen")?),
        paid_on: row.date("paid_on")?,
        voucher_number: row.text("voucher_number")?,
        receipt: receipt_from_json(&row.text("receipt")?)?,
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}

/// Those of some residents whose policy year is prepaid.
///
/// # Errors
/// Those of the database.
pub async fn covering_many(
    session: &mut Session,
    residents: &[ResidentId],
    policy_year: i32,
) -> Result<HashSet<ResidentId>, Error> {
    let mut covered = HashSet::new();
    for part in residents.chunks(AT_ONCE) {
        let mut row = args![policy_year];
        // The last one fills the row.
        let last = part.last().into_iter().cycle();
        row.extend(part.iter().chain(last).take(AT_ONCE).map(Value::text));
        for found in session.rows(SELECT_COVERED, row).await? {
            covered.insert(found.parse("resident_id")?);
        }
    }
    Ok(covered)
}
