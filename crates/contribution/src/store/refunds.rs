//! Refunds, one per payment that is neither rejected nor changed nothing.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Row, Session, Value, args};
use juyi_domain::codes::{District, RefundGround, RefundState};
use juyi_domain::contribution::refund::{Ground, progress};
use juyi_domain::id::{EnrolmentId, PaymentId, RefundId, ResidentId};
use juyi_domain::money::Fen;
use juyi_domain::receipt::Receipt;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row, receipt_from_json, receipt_to_json};

juyi_db::statements! {
    INSERT = "INSERT INTO refund (resident_id, refund_id, payment_id, enrolment_id, policy_year, district, ground, \
        admitted_on, loaned_on, died_on, applied_on, benefit_start, refund_fen, receipt, state, is_closed, \
        replacing_payment_id, created_at, office, office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";
    UPDATE = "UPDATE refund SET died_on = $3, benefit_start = $4, refund_fen = $5, receipt = $6, state = $7, \
        is_closed = $8, replacing_payment_id = $9 WHERE resident_id = $1 AND refund_id = $2 AND state = $10";
    SELECT = "SELECT * FROM refund WHERE resident_id = $1 AND refund_id = $2";
    SELECT_OF_PAYMENT = "SELECT refund_id FROM refund WHERE resident_id = $1 AND payment_id = $2 \
        AND state <> 'REJECTED' AND (ground <> 'STUDENT_LOAN' OR state <> 'VERIFIED' OR refund_fen <> 0)";
    SELECT_PAGE = "SELECT * FROM refund WHERE resident_id = $1 AND (CAST($2 AS TEXT) IS NULL OR refund_id < $2) \
        ORDER BY refund_id DESC LIMIT $3";
    SELECT_OPEN = "SELECT * FROM refund WHERE district = $1 AND is_closed = FALSE \
        AND (CAST($2 AS TEXT) IS NULL OR refund_id > $2) ORDER BY refund_id LIMIT $3";
}

/// A refund as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Refund {
    /// Whose.
    pub resident_id: ResidentId,
    /// Id.
    pub id: RefundId,
    /// Payment to be paid back.
    pub payment_id: PaymentId,
    /// Enrolment it settled.
    pub enrolment_id: EnrolmentId,
    /// Policy year paid for.
    pub policy_year: i32,
    /// District of enrolment.
    pub district: District,
    /// Ground with its facts.
    pub ground: Ground,
    /// Day of application.
    pub applied_on: NaiveDate,
    /// First day of the benefits of the payment.
    pub benefit_start: NaiveDate,
    /// Amount to be paid back.
    pub refund: Fen,
    /// How it was decided.
    pub receipt: Receipt,
    /// How far it has come.
    pub state: RefundState,
    /// Payment of the government that took the place of the person's.
    pub replacing_payment_id: Option<PaymentId>,
    /// Office that accepted the application.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Facts of a ground as columns: admission, loan, death.
type Columns = (Option<NaiveDate>, Option<NaiveDate>, Option<NaiveDate>);

const fn columns(ground: Ground) -> Columns {
    match ground {
        Ground::Withdrawal => (None, None, None),
        Ground::StudentLoan { admitted_on, loaned_on } => (Some(admitted_on), Some(loaned_on), None),
        Ground::Death { died_on } => (None, None, Some(died_on)),
    }
}

/// Stores a refund. A second one of the payment is `Duplicate`.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, refund: &Refund) -> Result<(), Error> {
    let (admitted_on, loaned_on, died_on) = columns(refund.ground);
    let mut row = args![
        Value::text(refund.resident_id),
        Value::text(refund.id),
        Value::text(refund.payment_id),
        Value::text(refund.enrolment_id),
        refund.policy_year,
        refund.district.as_str(),
        refund.ground.code().as_str(),
        admitted_on,
        loaned_on,
        died_on,
        refund.applied_on,
        refund.benefit_start,
        refund.refund.get(),
        receipt_to_json(&refund.receipt)?,
        refund.state.as_str(),
        progress::is_closed(refund.state, refund.refund),
        Value::maybe_text(refund.replacing_payment_id),
        refund.created_at,
    ];
    row.extend(caller_to_row(&refund.recorded_by));
    session.execute(INSERT, row).await?;
    Ok(())
}

/// Moves a refund on from a state; `Contended` when another writer was first.
///
/// # Errors
/// Those of the database.
pub async fn update(session: &mut Session, refund: &Refund, from: RefundState) -> Result<(), Error> {
    let row = args![
        Value::text(refund.resident_id),
        Value::text(refund.id),
        columns(refund.ground).2,
        refund.benefit_start,
        refund.refund.get(),
        receipt_to_json(&refund.receipt)?,
        refund.state.as_str(),
        progress::is_closed(refund.state, refund.refund),
        Value::maybe_text(refund.replacing_payment_id),
        from.as_str(),
    ];
    match session.execute(UPDATE, row).await? {
        1 => Ok(()),
        _ => Err(juyi_db::Error::Contended.into()),
    }
}

/// A refund by id.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(session: &mut Session, resident_id: ResidentId, id: RefundId) -> Result<Option<Refund>, Error> {
    let row = session.maybe_row(SELECT, args![Value::text(resident_id), Value::text(id)]).await?;
    row.as_ref().map(from_row).transpose()
}

/// The refund of a payment that was not rejected.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find_of_payment(
    session: &mut Session,
    resident_id: ResidentId,
    payment_id: PaymentId,
) -> Result<Option<RefundId>, Error> {
    let row = session.maybe_row(SELECT_OF_PAYMENT, args![Value::text(resident_id), Value::text(payment_id)]).await?;
    Ok(row.map(|row| row.parse("refund_id")).transpose()?)
}

/// A page of the resident's refunds, newest first, of those before `before`.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    resident_id: ResidentId,
    before: Option<RefundId>,
    size: i64,
) -> Result<Vec<Refund>, Error> {
    let rows = session.rows(SELECT_PAGE, args![Value::text(resident_id), Value::maybe_text(before), size]).await?;
    rows.iter().map(from_row).collect()
}

/// A page of the open refunds of a district, oldest first, of those after `after`.
///
/// # Errors
/// Those of the database.
pub async fn open(
    session: &mut Session,
    district: District,
    after: Option<RefundId>,
    size: i64,
) -> Result<Vec<Refund>, Error> {
    let rows = session.rows(SELECT_OPEN, args![district.as_str(), Value::maybe_text(after), size]).await?;
    rows.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<Refund, Error> {
    let facts = (row.maybe_date("admitted_on")?, row.maybe_date("loaned_on")?, row.maybe_date("died_on")?);
    let ground = match (row.parse("ground")?, facts) {
        (RefundGround::Withdrawal, _) => Ground::Withdrawal,
        (RefundGround::StudentLoan, (Some(admitted_on), Some(loaned_on), _)) => {
            Ground::StudentLoan { admitted_on, loaned_on }
        }
        (RefundGround::Death, (_, _, Some(died_on))) => Ground::Death { died_on },
        _ => return Err(Error::Fault("a stored refund lacks the facts of its ground")),
    };
    Ok(Refund {
        resident_id: row.parse("resident_id")?,
        id: row.parse("refund_id")?,
        payment_id: row.parse("payment_id")?,
        enrolment_id: row.parse("enrolment_id")?,
        policy_year: row.small("policy_year")?,
        district: row.parse("district")?,
        ground,
        applied_on: row.date("applied_on")?,
        benefit_start: row.date("benefit_start")?,
        refund: Fen::new(row.int("refund_fen")?),
        receipt: receipt_from_json(&row.text("receipt")?)?,
        state: row.parse("state")?,
        replacing_payment_id: row.maybe_parse("replacing_payment_id")?,
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
