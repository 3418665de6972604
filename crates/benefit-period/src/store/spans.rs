//! Days covered, by insurance.

use juyi_db::{Error, Row, Session, Value, args};
use juyi_domain::codes::Insurance;
use juyi_domain::dates::Period;
use juyi_domain::id::{EnrolmentId, PaymentId, ResidentId, SpanId};

juyi_db::statements! {
    INSERT = "INSERT INTO coverage_span (resident_id, span_id, payment_id, enrolment_id, insurance, start_on, \
        end_on, benefit_year) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    SELECT = "SELECT * FROM coverage_span WHERE resident_id = $1 ORDER BY insurance, start_on, span_id";
    SELECT_OF_PAYMENT = "SELECT * FROM coverage_span WHERE resident_id = $1 AND payment_id = $2 \
        ORDER BY insurance, start_on, span_id";
    SELECT_PAGE = "SELECT * FROM coverage_span WHERE resident_id = $1 AND (CAST($2 AS TEXT) IS NULL OR \
        (insurance, start_on, span_id) > (SELECT insurance, start_on, span_id FROM coverage_span \
        WHERE resident_id = $1 AND span_id = $2)) ORDER BY insurance, start_on, span_id LIMIT $3";
}

/// A period in which one insurance covers a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Whose.
    pub resident_id: ResidentId,
    /// Id.
    pub id: SpanId,
    /// The payment that opened it.
    pub payment_id: PaymentId,
    /// The enrolment that the payment settled.
    pub enrolment_id: EnrolmentId,
    /// Insurance.
    pub insurance: Insurance,
    /// Days covered.
    pub period: Period,
    /// Year whose benefits apply.
    pub benefit_year: i32,
}

/// Stores a span. A second one of the same payment, insurance and start is [`Error::Duplicate`].
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, span: &Span) -> Result<(), Error> {
    let row = args![
        Value::text(span.resident_id),
        Value::text(span.id),
        Value::text(span.payment_id),
        Value::text(span.enrolment_id),
        span.insurance.as_str(),
        span.period.start(),
        span.period.end(),
        span.benefit_year,
    ];
    session.execute(INSERT, row).await?;
    Ok(())
}

/// The spans that a payment opened.
///
/// # Errors
/// Those of the database.
pub async fn of_payment(
    session: &mut Session,
    resident_id: ResidentId,
    payment_id: PaymentId,
) -> Result<Vec<Span>, Error> {
    let rows = session.rows(SELECT_OF_PAYMENT, args![Value::text(resident_id), Value::text(payment_id)]).await?;
    rows.iter().map(from_row).collect()
}

/// Every span of a resident; a handful for each year of insurance.
///
/// # Errors
/// Those of the database.
pub async fn list(session: &mut Session, resident_id: ResidentId) -> Result<Vec<Span>, Error> {
    session.rows(SELECT, args![Value::text(resident_id)]).await?.iter().map(from_row).collect()
}

/// A page of the resident's spans by insurance and start, of those after `after`.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    resident_id: ResidentId,
    after: Option<SpanId>,
    size: i64,
) -> Result<Vec<Span>, Error> {
    let rows = session.rows(SELECT_PAGE, args![Value::text(resident_id), Value::maybe_text(after), size]).await?;
    rows.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<Span, Error> {
    let period = Period::maybe_new(row.date("start_on")?, row.date("end_on")?);
    Ok(Span {
        resident_id: row.parse("resident_id")?,
        id: row.parse("span_id")?,
        payment_id: row.parse("payment_id")?,
        enrolment_id: row.parse("enrolment_id")?,
        insurance: row.parse("insurance")?,
        period: period.ok_or(Error::Corrupt { column: "end_on" })?,
        benefit_year: row.small("benefit_year")?,
    })
}
