//! What a unit paid in a policy year, voucher by voucher. Persons are counted, not read.

use chrono::NaiveDate;
use juyi_db::{Error, Row, Session, args};
use juyi_domain::codes::District;
use juyi_domain::money::Fen;

juyi_db::statements! {
    SELECT_OF_UNIT = "SELECT paid_on, voucher_number, COALESCE(declaration_id, '') AS declaration_id, \
        COUNT(*) AS persons, CAST(SUM(amount_fen) AS BIGINT) AS fen, CAST(SUM(subsidy_fen) AS BIGINT) AS subsidy, \
        COUNT(refund_id) AS refunded, \
        CAST(SUM(CASE WHEN refund_id IS NULL THEN 0 ELSE amount_fen END) AS BIGINT) AS refunded_fen \
        FROM payment WHERE unit_id = $1 AND policy_year = $2 AND district = $3 \
        GROUP BY paid_on, voucher_number, COALESCE(declaration_id, '') \
        ORDER BY paid_on, voucher_number, COALESCE(declaration_id, '') LIMIT $4";
    SELECT_SUM = "SELECT CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT) AS fen, \
        CAST(COALESCE(SUM(CASE WHEN refund_id IS NULL THEN subsidy_fen ELSE 0 END), 0) AS BIGINT) AS subsidy, \
        CAST(COALESCE(SUM(CASE WHEN refund_id IS NULL THEN 0 ELSE amount_fen END), 0) AS BIGINT) AS refunded_fen \
        FROM payment WHERE unit_id = $1 AND policy_year = $2 AND district = $3";
    SELECT_DECLARED = "SELECT CAST(COALESCE(SUM(payable_fen), 0) AS BIGINT) AS declared, \
        CAST(COALESCE(SUM(CASE WHEN state = 'DECLARED' THEN payable_fen ELSE 0 END), 0) AS BIGINT) AS unpaid, \
        CAST(COALESCE(SUM(confirmed_fen), 0) AS BIGINT) AS confirmed, \
        CAST(COALESCE(SUM(exception_fen), 0) AS BIGINT) AS excepted \
        FROM declaration WHERE unit_id = $1 AND policy_year = $2 AND district = $3 AND state NOT IN ('COUNTING', 'WITHDRAWN')";
}

/// What was paid by one voucher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitPayment {
    /// Day.
    pub paid_on: NaiveDate,
    /// Voucher.
    pub voucher_number: String,
    /// Declaration; empty without one.
    pub declaration_id: String,
    /// Persons.
    pub persons: i64,
    /// Amount, refunds not taken off.
    pub amount: Fen,
    /// Paid by the government in their place.
    pub subsidy: Fen,
    /// Persons whose payment was refunded.
    pub refunded_persons: i64,
    /// Amount refunded.
    pub refunded: Fen,
}

/// What was paid in a year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UnitSum {
    /// Amount, refunds not taken off.
    pub paid: Fen,
    /// Paid by the government, for persons whose payment counts.
    pub subsidy: Fen,
    /// Amount refunded.
    pub refunded: Fen,
}

/// What a unit declared for a year, as its declarations have it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// What the declarations come to.
    pub declared: Fen,
    /// What of it is not paid.
    pub open: Fen,
    /// What was paid and confirmed.
    pub confirmed: Fen,
    /// What was paid for persons who could not be confirmed.
    pub exceptions: Fen,
}

/// Whose year is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitYear {
    /// Unit.
    pub unit_id: String,
    /// Policy year.
    pub policy_year: i32,
    /// District.
    pub district: District,
}

/// Payments of a unit by voucher, the earliest first, so many at most.
///
/// # Errors
/// Those of the database.
pub async fn of_unit(session: &mut Session, of: &UnitYear, most: i64) -> Result<Vec<UnitPayment>, Error> {
    let key = args![of.unit_id.as_str(), of.policy_year, of.district.as_str(), most];
    let read = |row: &Row| {
        Ok(UnitPayment {
            paid_on: row.date("paid_on")?,
            voucher_number: row.text("voucher_number")?,
            declaration_id: row.text("declaration_id")?,
            persons: row.int("persons")?,
            amount: Fen::new(row.int("fen")?),
            subsidy: Fen::new(row.int("subsidy")?),
            refunded_persons: row.int("refunded")?,
            refunded: Fen::new(row.int("refunded_fen")?),
        })
    };
    session.rows(SELECT_OF_UNIT, key).await?.iter().map(read).collect()
}

/// The sums of a unit.
///
/// # Errors
/// Those of the database.
pub async fn sum(session: &mut Session, of: &UnitYear) -> Result<UnitSum, Error> {
    let row = session.maybe_row(SELECT_SUM, args![of.unit_id.as_str(), of.policy_year, of.district.as_str()]).await?;
    row.map_or(Ok(UnitSum::default()), |row| {
        Ok(UnitSum {
            paid: Fen::new(row.int("fen")?),
            subsidy: Fen::new(row.int("subsidy")?),
            refunded: Fen::new(row.int("refunded_fen")?),
        })
    })
}

/// What a unit declared.
///
/// # Errors
/// Those of the database.
pub async fn declared(session: &mut Session, of: &UnitYear) -> Result<Declared, Error> {
    let key = args![of.unit_id.as_str(), of.policy_year, of.district.as_str()];
    session.maybe_row(SELECT_DECLARED, key).await?.map_or(Ok(Declared::default()), |row| {
        Ok(Declared {
            declared: Fen::new(row.int("declared")?),
            open: Fen::new(row.int("unpaid")?),
            confirmed: Fen::new(row.int("confirmed")?),
            exceptions: Fen::new(row.int("excepted")?),
        })
    })
}
