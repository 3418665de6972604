//! What facts changed, with the facts.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Bulk, Row, Session, Value, args};
use juyi_domain::codes::Insurance;
use juyi_domain::dates::Period;
use juyi_domain::id::{EnrolmentId, EventId, PaymentId, RecomputationId, ResidentId, SpanId};
use juyi_kit::error::Error;
use serde::{Deserialize, Serialize};

use super::spans::Span;
use super::{from_json, to_json};

juyi_db::statements! {
    SELECT = "SELECT * FROM recomputation WHERE resident_id = $1 \
        ORDER BY created_at DESC, recomputation_id DESC LIMIT $2";
}

static RECOMPUTATIONS: Bulk =
    Bulk::new("recomputation", &["resident_id", "recomputation_id", "event_id", "causes", "difference", "created_at"]);

/// One recomputation of a resident's coverage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recomputation {
    /// Whose.
    pub resident_id: ResidentId,
    /// Id.
    pub id: RecomputationId,
    /// The event that brought the facts.
    pub event_id: EventId,
    /// The facts.
    pub causes: Vec<Cause>,
    /// What they changed.
    pub changes: Changes,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Kind of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CauseKind {
    /// A payment.
    Payment,
    /// A refund.
    Refund,
    /// A state of the person.
    Person,
}

/// A fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// Kind.
    pub kind: CauseKind,
    /// Id of the payment or refund, revision of the person.
    pub id: String,
}

impl Cause {
    /// A fact by its id.
    pub fn new(kind: CauseKind, id: impl fmt::Display) -> Self {
        Self { kind, id: id.to_string() }
    }
}

/// Spans that changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// New.
    pub opened: Vec<Days>,
    /// Taken away.
    pub closed: Vec<Days>,
    /// End earlier: before and after.
    pub shortened: Vec<(Days, Days)>,
    /// End later: before and after.
    pub extended: Vec<(Days, Days)>,
}

/// A span as it stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days {
    /// Span.
    pub span_id: SpanId,
    /// Payment.
    pub payment_id: PaymentId,
    /// Enrolment.
    pub enrolment_id: EnrolmentId,
    /// Insurance.
    pub insurance: Insurance,
    /// First day.
    pub start_on: NaiveDate,
    /// First day after.
    pub end_on: NaiveDate,
    /// Year whose benefits apply.
    pub benefit_year: i32,
}

impl From<&Span> for Days {
    fn from(span: &Span) -> Self {
        Self {
            span_id: span.id,
            payment_id: span.payment_id,
            enrolment_id: span.enrolment_id,
            insurance: span.insurance,
            start_on: span.period.start(),
            end_on: span.period.end(),
            benefit_year: span.benefit_year,
        }
    }
}

impl Days {
    /// The days, unless what is stored holds none.
    #[must_use]
    pub fn maybe_period(&self) -> Option<Period> {
        Period::maybe_new(self.start_on, self.end_on)
    }
}

/// Stores recomputations.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, recomputations: &[Recomputation]) -> Result<(), Error> {
    let mut rows = Vec::with_capacity(recomputations.len() * 6);
    for it in recomputations {
        rows.extend(args![
            Value::text(it.resident_id),
            Value::text(it.id),
            Value::text(it.event_id),
            to_json(&it.causes)?,
            to_json(&it.changes)?,
            it.created_at,
        ]);
    }
    session.insert_all(&RECOMPUTATIONS, rows).await?;
    Ok(())
}

/// The last recomputations of a resident, at most so many, in order.
///
/// # Errors
/// Those of the database.
pub async fn last(session: &mut Session, resident_id: ResidentId, most: i64) -> Result<Vec<Recomputation>, Error> {
    let rows = session.rows(SELECT, args![Value::text(resident_id), most]).await?;
    rows.iter().rev().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<Recomputation, Error> {
    Ok(Recomputation {
        resident_id: row.parse("resident_id")?,
        id: row.parse("recomputation_id")?,
        event_id: row.parse("event_id")?,
        causes: from_json(&row.text("causes")?)?,
        changes: from_json(&row.text("difference")?)?,
        created_at: row.instant("created_at")?,
    })
}
