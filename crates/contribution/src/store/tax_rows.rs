//! Rows of the tax side's statements.

use juyi_db::{Bulk, Error, Row, Session, Value, args};
use juyi_domain::codes::PaymentMethod;
use juyi_domain::contribution::reconciliation::{Key, Total};
use juyi_domain::id::ReconciliationId;
use juyi_domain::money::Fen;

juyi_db::statements! {
    SELECT_RANGE = "SELECT unit_id, voucher_number, subject, resident_id, amount_fen, method FROM tax_row \
        WHERE reconciliation_id = $1 AND row_number >= $2 AND row_number <= $3 ORDER BY row_number";
    SELECT_AMOUNTS = "SELECT amount_fen FROM tax_row WHERE reconciliation_id = $1 AND voucher_number = $2 \
        AND subject = $3 AND unit_id = $4 ORDER BY row_number";
    SELECT_TOTALS = "SELECT unit_id, COUNT(*) AS entries, CAST(SUM(amount_fen) AS BIGINT) AS fen FROM tax_row \
        WHERE reconciliation_id = $1 GROUP BY unit_id ORDER BY unit_id";
}

static ROWS: Bulk = Bulk::new(
    "tax_row",
    &["reconciliation_id", "row_number", "unit_id", "voucher_number", "subject", "resident_id", "amount_fen", "method"],
);

/// A row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxRow {
    /// Key.
    pub key: Key,
    /// Resident; empty where the subject is a declaration.
    pub resident_id: String,
    /// Amount.
    pub amount: Fen,
    /// Way of payment.
    pub method: PaymentMethod,
}

/// Stores rows that follow each other, the first under number `first`.
///
/// # Errors
/// [`Error::Duplicate`] when one is there.
pub async fn insert(session: &mut Session, id: ReconciliationId, first: i64, rows: &[TaxRow]) -> Result<(), Error> {
    let values = rows.iter().zip(first..).flat_map(|(row, number)| {
        args![
            Value::text(id),
            number,
            row.key.unit_id.as_str(),
            row.key.voucher_number.as_str(),
            row.key.subject.as_str(),
            row.resident_id.as_str(),
            row.amount.get(),
            row.method.as_str(),
        ]
    });
    session.insert_all(&ROWS, values.collect()).await?;
    Ok(())
}

/// The rows of these numbers, both included.
///
/// # Errors
/// Those of the database.
pub async fn range(
    session: &mut Session,
    id: ReconciliationId,
    (first, last): (i64, i64),
) -> Result<Vec<TaxRow>, Error> {
    session.rows(SELECT_RANGE, args![Value::text(id), first, last]).await?.iter().map(from_row).collect()
}

/// The amounts under a key.
///
/// # Errors
/// Those of the database.
pub async fn amounts(session: &mut Session, id: ReconciliationId, key: &Key) -> Result<Vec<Fen>, Error> {
    let row = args![Value::text(id), key.voucher_number.as_str(), key.subject.as_str(), key.unit_id.as_str()];
    session.rows(SELECT_AMOUNTS, row).await?.iter().map(|row| Ok(Fen::new(row.int("amount_fen")?))).collect()
}

/// Totals of the rows by unit.
///
/// # Errors
/// Those of the database.
pub async fn totals(session: &mut Session, id: ReconciliationId) -> Result<Vec<(String, Total)>, Error> {
    let total =
        |row: &Row| Ok((row.text("unit_id")?, Total { count: row.int("entries")?, sum: Fen::new(row.int("fen")?) }));
    session.rows(SELECT_TOTALS, args![Value::text(id)]).await?.iter().map(total).collect()
}

fn from_row(row: &Row) -> Result<TaxRow, Error> {
    Ok(TaxRow {
        key: Key {
            unit_id: row.text("unit_id")?,
            voucher_number: row.text("voucher_number")?,
            subject: row.text("subject")?,
        },
        resident_id: row.text("resident_id")?,
        amount: Fen::new(row.int("amount_fen")?),
        method: row.parse("method")?,
    })
}
