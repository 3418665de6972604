//! Days covered, by insurance. Spans that count, and those that a recomputation took away.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Bulk, Error, Keyed, Row, Session, Value, args};
use juyi_domain::benefit_period::derive;
use juyi_domain::benefit_period::history::Covered;
use juyi_domain::codes::Insurance;
use juyi_domain::dates::Period;
use juyi_domain::id::{EnrolmentId, EventId, PaymentId, RecomputationId, ResidentId, SpanId};
use juyi_domain::receipt::Receipt;
use juyi_kit::wire::receipt_from_json;

use super::persons::{self, Known};

juyi_db::statements! {
    SELECT_COVERING = "SELECT c.*, d.receipt, s.revision, s.born_on, s.died_on, s.left_school_on, s.interrupted_on, s.enrolments, \
        s.employees, s.routes FROM coverage_span c \
        JOIN person_state s ON s.resident_id = c.resident_id \
        JOIN derivation d ON d.resident_id = c.resident_id AND d.payment_id = c.payment_id \
        WHERE c.resident_id = $1 AND c.insurance = $2 AND c.start_on <= $3 AND c.end_on > $3 \
        AND c.withdrawn_at IS NULL";
    SELECT = "SELECT * FROM coverage_span WHERE resident_id = $1 AND withdrawn_at IS NULL \
        ORDER BY insurance, start_on, span_id";
    SELECT_OF_BATCH = "SELECT c.* FROM batch_person b JOIN coverage_span c ON c.resident_id = b.resident_id \
        WHERE b.batch_id = $1 AND c.withdrawn_at IS NULL";
    SELECT_PAGE = "SELECT * FROM coverage_span WHERE resident_id = $1 AND ($4 OR withdrawn_at IS NULL) AND \
        (CAST($2 AS TEXT) IS NULL OR \
        (insurance, start_on, span_id) > (SELECT insurance, start_on, span_id FROM coverage_span \
        WHERE resident_id = $1 AND span_id = $2)) ORDER BY insurance, start_on, span_id LIMIT $3";
    SELECT_ID = "SELECT span_id FROM coverage_span WHERE resident_id = $1 AND span_id = $2";
    WITHDRAW = "UPDATE coverage_span SET withdrawn_by = $3, withdrawn_at = $4 WHERE resident_id = $1 AND span_id = $2";
}

static COVERING: Keyed = Keyed::select(
    &[("question", "BIGINT"), ("wanted", "TEXT"), ("wanted_insurance", "TEXT"), ("wanted_on", "DATE")],
    "key.question, c.*, s.revision, s.born_on, s.died_on, s.left_school_on, s.interrupted_on, s.enrolments, s.employees, \
        s.routes",
    "coverage_span c JOIN person_state s ON s.resident_id = c.resident_id",
    "c.resident_id = key.wanted AND c.insurance = key.wanted_insurance AND c.start_on <= key.wanted_on \
        AND c.end_on > key.wanted_on AND c.withdrawn_at IS NULL",
    "question",
);

static SPANS: Bulk = Bulk::new(
    "coverage_span",
    &[
        "resident_id",
        "span_id",
        "payment_id",
        "enrolment_id",
        "insurance",
        "start_on",
        "end_on",
        "benefit_year",
        "opened_by",
        "withdrawn_by",
        "withdrawn_at",
    ],
);

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
    /// The recomputation that opened it.
    pub opened_by: RecomputationId,
    /// The recomputation that took it away, and when.
    pub withdrawn: Option<(RecomputationId, DateTime<Utc>)>,
}

impl Span {
    /// The same in the domain's terms.
    #[must_use]
    pub const fn covered(&self) -> Covered {
        let span = derive::Span { insurance: self.insurance, period: self.period, benefit_year: self.benefit_year };
        Covered { payment_id: self.payment_id, enrolment_id: self.enrolment_id, span }
    }
}

/// A span that covers a day, with all that is known of the person.
#[derive(Clone, Debug, PartialEq)]
pub struct Covering {
    /// The span.
    pub span: Span,
    /// The person.
    pub known: Known,
    /// How the span was derived.
    pub receipt: Receipt,
}

/// Stores spans. Two of one insurance and start that both count are [`Error::Duplicate`].
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, spans: &[Span]) -> Result<(), Error> {
    let row = |span: &Span| {
        let withdrawn_at: Value = span.withdrawn.map_or(Value::Instant(None), |(_, at)| at.into());
        args![
            Value::text(span.resident_id),
            Value::text(span.id),
            Value::text(span.payment_id),
            Value::text(span.enrolment_id),
            span.insurance.as_str(),
            span.period.start(),
            span.period.end(),
            span.benefit_year,
            Value::text(span.opened_by),
            Value::maybe_text(span.withdrawn.map(|(by, _)| by)),
            withdrawn_at,
        ]
    };
    session.insert_all(&SPANS, spans.iter().flat_map(row).collect()).await?;
    Ok(())
}

/// Takes a span away and keeps it as withdrawn.
///
/// # Errors
/// Those of the database.
pub async fn withdraw(session: &mut Session, span: &Span, by: RecomputationId, at: DateTime<Utc>) -> Result<(), Error> {
    session.execute(WITHDRAW, args![Value::text(span.resident_id), Value::text(span.id), Value::text(by), at]).await?;
    Ok(())
}

/// The span of an insurance that covers a day, with everything an answer about the day needs: one read.
///
/// # Errors
/// Those of the database.
pub async fn maybe_covering(
    session: &mut Session,
    resident_id: ResidentId,
    insurance: Insurance,
    on: NaiveDate,
) -> Result<Option<Covering>, juyi_kit::error::Error> {
    let row = session.maybe_row(SELECT_COVERING, args![Value::text(resident_id), insurance.as_str(), on]).await?;
    let Some(row) = row else { return Ok(None) };
    let receipt = receipt_from_json(&row.text("receipt")?)?;
    Ok(Some(Covering { span: from_row(&row)?, known: persons::from_row(&row)?, receipt }))
}

/// The same of many persons, each on a day of one's own, with the place of the question and without the derivations: one
/// read for all.
///
/// # Errors
/// Those of the database.
pub async fn covering(
    session: &mut Session,
    insurance: Insurance,
    questions: &[(ResidentId, NaiveDate)],
) -> Result<Vec<(usize, Span, Known)>, juyi_kit::error::Error> {
    let key =
        |(place, (id, on)): (i64, &(ResidentId, NaiveDate))| args![place, Value::text(id), insurance.as_str(), *on];
    let keys: Vec<_> = (0_i64..).zip(questions).flat_map(key).collect();
    let rows = session.rows_of(&COVERING, &keys).await?;
    let read = |row: &Row| {
        let question = usize::try_from(row.int("question")?).map_err(|_| Error::Corrupt { column: "question" })?;
        Ok((question, from_row(row)?, persons::from_row(row)?))
    };
    rows.iter().map(read).collect()
}

/// Every span of a resident that counts; a handful for each year of insurance.
///
/// # Errors
/// Those of the database.
pub async fn list(session: &mut Session, resident_id: ResidentId) -> Result<Vec<Span>, Error> {
    session.rows(SELECT, args![Value::text(resident_id)]).await?.iter().map(from_row).collect()
}

/// The spans that count of the persons of a batch.
///
/// # Errors
/// Those of the database.
pub async fn of_batch(session: &mut Session, batch_id: EventId) -> Result<Vec<Span>, Error> {
    session.rows(SELECT_OF_BATCH, args![Value::text(batch_id)]).await?.iter().map(from_row).collect()
}

/// True for a span of the resident, withdrawn or not.
///
/// # Errors
/// Those of the database.
pub async fn exists(session: &mut Session, resident_id: ResidentId, id: SpanId) -> Result<bool, Error> {
    Ok(session.maybe_row(SELECT_ID, args![Value::text(resident_id), Value::text(id)]).await?.is_some())
}

/// Which spans of a resident a page lists.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Those after this one.
    pub after: Option<SpanId>,
    /// At most so many.
    pub size: i64,
    /// Withdrawn ones, too.
    pub with_withdrawn: bool,
}

/// A page of the resident's spans by insurance and start.
///
/// # Errors
/// Those of the database.
pub async fn page(session: &mut Session, resident_id: ResidentId, page: Page) -> Result<Vec<Span>, Error> {
    let key = args![Value::text(resident_id), Value::maybe_text(page.after), page.size, page.with_withdrawn];
    session.rows(SELECT_PAGE, key).await?.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<Span, Error> {
    let period = Period::maybe_new(row.date("start_on")?, row.date("end_on")?);
    let withdrawn = row.maybe_parse("withdrawn_by")?.map(|by| Ok::<_, Error>((by, row.instant("withdrawn_at")?)));
    Ok(Span {
        resident_id: row.parse("resident_id")?,
        id: row.parse("span_id")?,
        payment_id: row.parse("payment_id")?,
        enrolment_id: row.parse("enrolment_id")?,
        insurance: row.parse("insurance")?,
        period: period.ok_or(Error::Corrupt { column: "end_on" })?,
        benefit_year: row.small("benefit_year")?,
        opened_by: row.parse("opened_by")?,
        withdrawn: withdrawn.transpose()?,
    })
}
