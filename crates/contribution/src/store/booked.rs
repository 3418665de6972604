//! What is booked here of a day, as the tax side sees it: payments on their day, refunds on the day they were decided.
//! Only the columns that are compared are read, and never a whole day at once.

use chrono::NaiveDate;
use juyi_db::{Error, Session, Value, args};
use juyi_domain::codes::District;
use juyi_domain::contribution::reconciliation::{Key, Total};
use juyi_domain::id::ReconciliationId;
use juyi_domain::money::Fen;

/// Payments that pass through the hands of the tax side, as `reconciliation::through_tax` says.
macro_rules! through_tax {
    () => {
        "p.amount_fen <> 0 AND p.method NOT IN ('GOVERNMENT_SUBSIDY', 'PENSION_DEDUCTION')"
    };
}

/// What the tax side took with the payment `p`: of a prepayment the whole, whose first year alone is in the payment
/// (J-3.3.3-a).
macro_rules! taken {
    () => {
        "CASE WHEN p.method = 'PREPAYMENT' THEN COALESCE((SELECT y.amount_fen FROM prepayment y \
        WHERE y.resident_id = p.resident_id AND y.enrolment_id = p.enrolment_id \
        AND y.voucher_number = p.voucher_number), p.amount_fen) ELSE p.amount_fen END"
    };
}

/// What one person paid, and what of it was reversed, under the key of the row `t` on the day $4 in district $5.
macro_rules! own_of_enrolment {
    () => {
        concat!(
            "COALESCE((SELECT SUM(",
            taken!(),
            ") FROM payment p WHERE p.resident_id = t.resident_id \
            AND p.enrolment_id = t.subject AND p.voucher_number = t.voucher_number AND p.paid_on = $4 \
            AND p.district = $5 AND p.declaration_id IS NULL AND COALESCE(p.unit_id, '') = t.unit_id AND ",
            through_tax!(),
            "), 0) - COALESCE((SELECT SUM(p.amount_fen) FROM payment p WHERE p.resident_id = t.resident_id \
            AND p.enrolment_id = t.subject AND p.refund_id = t.voucher_number AND p.refunded_on = $4 \
            AND p.district = $5 AND COALESCE(p.unit_id, '') = t.unit_id AND ",
            through_tax!(),
            "), 0)"
        )
    };
}

/// What was paid with a declaration, under the key of the row `t` on the day $4 in district $5.
macro_rules! own_of_declaration {
    () => {
        concat!(
            "COALESCE((SELECT SUM(p.amount_fen) FROM payment p WHERE p.declaration_id = t.subject \
            AND p.voucher_number = t.voucher_number AND p.paid_on = $4 AND p.district = $5 \
            AND COALESCE(p.unit_id, '') = t.unit_id AND ",
            through_tax!(),
            "), 0)"
        )
    };
}

/// True when the unit of the payment `p` is compared row by row in the reconciliation $1.
macro_rules! detailed {
    () => {
        "EXISTS (SELECT 1 FROM reconciliation_unit u WHERE u.reconciliation_id = $1 AND u.detailed \
        AND u.unit_id = COALESCE(p.unit_id, ''))"
    };
}

/// True when the statement of the reconciliation $1 has no row of the payment `p` by this voucher and subject.
macro_rules! not_stated {
    ($voucher:literal, $subject:literal) => {
        concat!(
            "NOT EXISTS (SELECT 1 FROM tax_row t WHERE t.reconciliation_id = $1 AND t.voucher_number = ",
            $voucher,
            " AND t.subject = ",
            $subject,
            " AND t.unit_id = COALESCE(p.unit_id, ''))"
        )
    };
}

juyi_db::statements! {
    SELECT_TOTALS = concat!("SELECT b.unit_id, CAST(SUM(b.entries) AS BIGINT) AS entries, \
        CAST(SUM(b.fen) AS BIGINT) AS fen FROM (\
        SELECT COALESCE(p.unit_id, '') AS unit_id, COUNT(*) AS entries, SUM(", taken!(), ") AS fen FROM payment p \
        WHERE p.paid_on = $1 AND p.district = $2 AND p.declaration_id IS NULL AND ", through_tax!(), " GROUP BY p.unit_id \
        UNION ALL SELECT COALESCE(d.unit_id, ''), COUNT(*), SUM(d.fen) FROM (SELECT p.unit_id, p.declaration_id, \
        p.voucher_number, SUM(p.amount_fen) AS fen FROM payment p WHERE p.paid_on = $1 AND p.district = $2 \
        AND p.declaration_id IS NOT NULL AND ", through_tax!(), " GROUP BY p.unit_id, p.declaration_id, \
        p.voucher_number) d GROUP BY d.unit_id \
        UNION ALL SELECT COALESCE(p.unit_id, ''), COUNT(*), -SUM(p.amount_fen) FROM payment p \
        WHERE p.refunded_on = $1 AND p.district = $2 AND ", through_tax!(), " GROUP BY p.unit_id) b \
        GROUP BY b.unit_id ORDER BY b.unit_id");
    SELECT_UNEXPLAINED = concat!("SELECT s.row_number, s.unit_id, s.voucher_number, s.subject, s.resident_id, \
        s.amount_fen, s.times, s.first_row, CAST(s.own AS BIGINT) AS own_fen FROM (SELECT t.row_number, t.unit_id, \
        t.voucher_number, t.subject, t.resident_id, t.amount_fen, \
        (SELECT COUNT(*) FROM tax_row o WHERE o.reconciliation_id = $1 AND o.voucher_number = t.voucher_number \
        AND o.subject = t.subject AND o.unit_id = t.unit_id) AS times, \
        (SELECT MIN(o.row_number) FROM tax_row o WHERE o.reconciliation_id = $1 \
        AND o.voucher_number = t.voucher_number AND o.subject = t.subject AND o.unit_id = t.unit_id) AS first_row, \
        CASE WHEN t.resident_id = '' THEN ", own_of_declaration!(), " ELSE ", own_of_enrolment!(), " END AS own \
        FROM tax_row t WHERE t.reconciliation_id = $1 AND t.row_number > $2 AND t.row_number <= $3) s \
        WHERE s.times <> 1 OR s.own <> s.amount_fen ORDER BY s.row_number");
    SELECT_PAID = concat!("SELECT p.resident_id, p.enrolment_id AS subject, p.voucher_number, \
        COALESCE(p.unit_id, '') AS unit_id, COUNT(*) AS entries, CAST(SUM(", taken!(), ") AS BIGINT) AS fen \
        FROM payment p WHERE p.paid_on = $2 AND p.district = $3 AND p.declaration_id IS NULL \
        AND (p.resident_id, p.enrolment_id, p.voucher_number) > ($4, $5, $6) AND ", through_tax!(), " AND ",
        detailed!(), " AND ", not_stated!("p.voucher_number", "p.enrolment_id"),
        " GROUP BY p.resident_id, p.enrolment_id, p.voucher_number, COALESCE(p.unit_id, '') \
        ORDER BY p.resident_id, p.enrolment_id, p.voucher_number LIMIT $7");
    SELECT_REVERSED = concat!("SELECT p.resident_id, p.enrolment_id AS subject, p.refund_id AS voucher_number, \
        COALESCE(p.unit_id, '') AS unit_id, COUNT(*) AS entries, CAST(-SUM(p.amount_fen) AS BIGINT) AS fen \
        FROM payment p WHERE p.refunded_on = $2 AND p.district = $3 \
        AND (p.resident_id, p.enrolment_id, p.refund_id) > ($4, $5, $6) AND ", through_tax!(), " AND ",
        detailed!(), " AND ", not_stated!("p.refund_id", "p.enrolment_id"),
        " GROUP BY p.resident_id, p.enrolment_id, p.refund_id, COALESCE(p.unit_id, '') \
        ORDER BY p.resident_id, p.enrolment_id, p.refund_id LIMIT $7");
    SELECT_DECLARED = concat!("SELECT '' AS resident_id, p.declaration_id AS subject, p.voucher_number, \
        COALESCE(p.unit_id, '') AS unit_id, CAST(1 AS BIGINT) AS entries, CAST(SUM(p.amount_fen) AS BIGINT) AS fen \
        FROM payment p WHERE p.paid_on = $2 AND p.district = $3 AND p.declaration_id IS NOT NULL \
        AND ('', p.declaration_id, p.voucher_number) > ($4, $5, $6) AND ", through_tax!(), " AND ",
        detailed!(), " AND ", not_stated!("p.voucher_number", "p.declaration_id"),
        " GROUP BY p.declaration_id, p.voucher_number, COALESCE(p.unit_id, '') \
        ORDER BY p.declaration_id, p.voucher_number LIMIT $7");
    SELECT_LINES = concat!("SELECT ", taken!(), " AS fen FROM payment p WHERE p.resident_id = $1 \
        AND p.enrolment_id = $2 AND p.voucher_number = $3 AND p.paid_on = $4 AND p.district = $5 \
        AND COALESCE(p.unit_id, '') = $6 AND p.declaration_id IS NULL AND ", through_tax!(), " UNION ALL \
        SELECT -p.amount_fen FROM payment p WHERE p.resident_id = $1 AND p.enrolment_id = $2 AND p.refund_id = $3 \
        AND p.refunded_on = $4 AND p.district = $5 AND COALESCE(p.unit_id, '') = $6 AND ", through_tax!());
}

/// A day in a district.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// District of enrolment.
    pub district: District,
    /// Day.
    pub on: NaiveDate,
}

/// Totals of a day by unit.
///
/// # Errors
/// Those of the database.
pub async fn totals(session: &mut Session, day: Day) -> Result<Vec<(String, Total)>, Error> {
    let rows = session.rows(SELECT_TOTALS, args![day.on, day.district.as_str()]).await?;
    let total = |row: &juyi_db::Row| {
        Ok((row.text("unit_id")?, Total { count: row.int("entries")?, sum: Fen::new(row.int("fen")?) }))
    };
    rows.iter().map(total).collect()
}

/// A row of the statement that one booking of its amount does not explain by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unexplained {
    /// Its number.
    pub row: i64,
    /// Key.
    pub key: Key,
    /// Resident; empty for a declaration.
    pub resident_id: String,
    /// Amount.
    pub amount: Fen,
    /// Rows of the statement with this key.
    pub times: i64,
    /// The first of them.
    pub first_row: i64,
    /// What is booked here under the key.
    pub own: Fen,
}

/// The rows after `after` and up to `to` that need a closer look.
///
/// # Errors
/// Those of the database.
pub async fn unexplained(
    session: &mut Session,
    id: ReconciliationId,
    day: Day,
    (after, to): (i64, i64),
) -> Result<Vec<Unexplained>, Error> {
    let key = args![Value::text(id), after, to, day.on, day.district.as_str()];
    let rows = session.rows(SELECT_UNEXPLAINED, key).await?;
    let read = |row: &juyi_db::Row| {
        Ok(Unexplained {
            row: row.int("row_number")?,
            key: key_of(row)?,
            resident_id: row.text("resident_id")?,
            amount: Fen::new(row.int("amount_fen")?),
            times: row.int("times")?,
            first_row: row.int("first_row")?,
            own: Fen::new(row.int("own_fen")?),
        })
    };
    rows.iter().map(read).collect()
}

/// Which of our entries are passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Booked {
    /// Payments of single persons.
    Paid,
    /// Payments with a declaration, one entry each.
    Declared,
    /// Reversals.
    Reversed,
}

impl Booked {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Paid, Self::Declared, Self::Reversed];
}

/// An entry of ours that the statement has no row of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unstated {
    /// Key.
    pub key: Key,
    /// Resident; empty for a declaration.
    pub resident_id: String,
    /// Entries under the key.
    pub entries: i64,
    /// Their sum.
    pub own: Fen,
}

/// The next entries of the detailed units that the statement does not have, after the one named.
///
/// # Errors
/// Those of the database.
pub async fn unstated(
    session: &mut Session,
    id: ReconciliationId,
    day: Day,
    (which, after, most): (Booked, Option<&Unstated>, i64),
) -> Result<Vec<Unstated>, Error> {
    let statement = match which {
        Booked::Paid => SELECT_PAID,
        Booked::Declared => SELECT_DECLARED,
        Booked::Reversed => SELECT_REVERSED,
    };
    let place = |column: fn(&Unstated) -> &str| after.map_or("", column);
    let key = args![
        Value::text(id),
        day.on,
        day.district.as_str(),
        place(|entry| &entry.resident_id),
        place(|entry| &entry.key.subject),
        place(|entry| &entry.key.voucher_number),
        most,
    ];
    let rows = session.rows(statement, key).await?;
    let read = |row: &juyi_db::Row| {
        Ok(Unstated {
            key: key_of(row)?,
            resident_id: row.text("resident_id")?,
            entries: row.int("entries")?,
            own: Fen::new(row.int("fen")?),
        })
    };
    rows.iter().map(read).collect()
}

/// The amounts booked under the key of a person's payment or reversal.
///
/// # Errors
/// Those of the database.
pub async fn lines(session: &mut Session, day: Day, key: &Key, resident_id: &str) -> Result<Vec<Fen>, Error> {
    let row = args![
        resident_id,
        key.subject.as_str(),
        key.voucher_number.as_str(),
        day.on,
        day.district.as_str(),
        key.unit_id.as_str(),
    ];
    session.rows(SELECT_LINES, row).await?.iter().map(|row| Ok(Fen::new(row.int("fen")?))).collect()
}

fn key_of(row: &juyi_db::Row) -> Result<Key, Error> {
    Ok(Key {
        unit_id: row.text("unit_id")?,
        voucher_number: row.text("voucher_number")?,
        subject: row.text("subject")?,
    })
}

#[cfg(test)]
mod tests {
    use juyi_domain::codes::PaymentMethod;
    use juyi_domain::contribution::reconciliation::through_tax;

    /// J-2.3-j, J-3.3.4-a: the statements leave out just what the rule leaves out.
    #[test]
    fn the_statements_ask_for_what_the_rule_names() {
        let text = through_tax!();
        for method in PaymentMethod::ALL {
            assert_eq!(text.contains(&format!("'{method}'")), !through_tax(*method), "{method}");
        }
    }
}
