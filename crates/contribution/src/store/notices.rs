//! Papers on which people pay.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Row, Session, Value, args};
use juyi_domain::codes::{Class, District, Tier};
use juyi_domain::contribution::codes::PaymentPaper;
use juyi_domain::id::{EnrolmentId, NoticeId, ResidentId};
use juyi_domain::money::Fen;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row};

juyi_db::statements! {
    INSERT = "INSERT INTO notice (resident_id, notice_id, enrolment_id, policy_year, district, kind, number, class, \
        tier, payable_fen, issued_on, rule_id, created_at, office, office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    SELECT_SAME = "SELECT * FROM notice WHERE resident_id = $1 AND enrolment_id = $2 AND kind = $3 \
        AND payable_fen = $4";
    SELECT_OF_NUMBER = "SELECT * FROM notice WHERE number = $1";
    SELECT_PAGE = "SELECT * FROM notice WHERE resident_id = $1 AND (CAST($2 AS TEXT) IS NULL OR notice_id < $2) \
        ORDER BY notice_id DESC LIMIT $3";
}

/// A paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Whose.
    pub resident_id: ResidentId,
    /// Id.
    pub id: NoticeId,
    /// Enrolment to be paid.
    pub enrolment_id: EnrolmentId,
    /// Policy year.
    pub policy_year: i32,
    /// District of enrolment.
    pub district: District,
    /// Kind.
    pub kind: PaymentPaper,
    /// Number on the paper.
    pub number: String,
    /// Class.
    pub class: Class,
    /// Tier.
    pub tier: Tier,
    /// What is to be paid.
    pub payable: Fen,
    /// Day of issue.
    pub issued_on: NaiveDate,
    /// Clause.
    pub rule_id: String,
    /// Office that issued it.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Stores a paper. A second one for the same enrolment, kind and amount, or of the same number, is `Duplicate`.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, notice: &Notice) -> Result<(), Error> {
    let mut row = args![
        Value::text(notice.resident_id),
        Value::text(notice.id),
        Value::text(notice.enrolment_id),
        notice.policy_year,
        notice.district.as_str(),
        notice.kind.as_str(),
        notice.number.as_str(),
        notice.class.as_str(),
        notice.tier.as_str(),
        notice.payable.get(),
        notice.issued_on,
        notice.rule_id.as_str(),
        notice.created_at,
    ];
    row.extend(caller_to_row(&notice.recorded_by));
    session.execute(INSERT, row).await?;
    Ok(())
}

/// The paper of this kind and amount for an enrolment.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find_same(
    session: &mut Session,
    resident_id: ResidentId,
    enrolment_id: EnrolmentId,
    kind: PaymentPaper,
    payable: Fen,
) -> Result<Option<Notice>, Error> {
    let row = args![Value::text(resident_id), Value::text(enrolment_id), kind.as_str(), payable.get()];
    session.maybe_row(SELECT_SAME, row).await?.as_ref().map(from_row).transpose()
}

/// The paper of a number.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find_of_number(session: &mut Session, number: &str) -> Result<Option<Notice>, Error> {
    session.maybe_row(SELECT_OF_NUMBER, args![number]).await?.as_ref().map(from_row).transpose()
}

/// A page of a resident's papers, newest first, of those before `before`.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    resident_id: ResidentId,
    before: Option<NoticeId>,
    size: i64,
) -> Result<Vec<Notice>, Error> {
    let rows = session.rows(SELECT_PAGE, args![Value::text(resident_id), Value::maybe_text(before), size]).await?;
    rows.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<Notice, Error> {
    Ok(Notice {
        resident_id: row.parse("resident_id")?,
        id: row.parse("notice_id")?,
        enrolment_id: row.parse("enrolment_id")?,
        policy_year: row.small("policy_year")?,
        district: row.parse("district")?,
        kind: row.parse("kind")?,
        number: row.text("number")?,
        class: row.parse("class")?,
        tier: row.parse("tier")?,
        payable: Fen::new(row.int("payable_fen")?),
        issued_on: row.date("issued_on")?,
        rule_id: row.text("rule_id")?,
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
