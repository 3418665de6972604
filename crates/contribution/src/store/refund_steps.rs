//! The steps of refunds, each taken once.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Row, Session, Value, args};
use juyi_domain::codes::RefundState;
use juyi_domain::id::{RefundId, ResidentId};
use juyi_domain::money::Fen;
use juyi_domain::receipt::Receipt;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row, receipt_from_json, receipt_to_json};

juyi_db::statements! {
    INSERT = "INSERT INTO refund_step (resident_id, refund_id, state, taken_on, reason, voucher_number, created_at, \
        refund_fen, receipt, office, office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    SELECT = "SELECT * FROM refund_step WHERE resident_id = $1 AND refund_id = $2 ORDER BY created_at, state";
}

/// A step of a refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundStep {
    /// State reached.
    pub state: RefundState,
    /// Day of the step.
    pub on: NaiveDate,
    /// Reason of a rejection; else empty.
    pub reason: String,
    /// Voucher of the repayment.
    pub voucher_number: Option<String>,
    /// What was decided with it, and how; `None` for a step that decides no amount, and for what was decided before it was
    /// kept.
    pub decided: Option<(Fen, Receipt)>,
    /// Office that took it.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Stores a step.
///
/// # Errors
/// Those of the database; `Duplicate` for a step taken before and for a voucher used before.
pub async fn insert(
    session: &mut Session,
    resident_id: ResidentId,
    refund_id: RefundId,
    step: &RefundStep,
) -> Result<(), Error> {
    let mut row = args![
        Value::text(resident_id),
        Value::text(refund_id),
        step.state.as_str(),
        step.on,
        step.reason.as_str(),
        step.voucher_number.clone(),
        step.created_at,
        step.decided.as_ref().map(|(refund, _)| refund.get()),
        step.decided.as_ref().map(|(_, receipt)| receipt_to_json(receipt)).transpose()?,
    ];
    row.extend(caller_to_row(&step.recorded_by));
    session.execute(INSERT, row).await?;
    Ok(())
}

/// The steps of a refund, first to last.
///
/// # Errors
/// Those of the database.
pub async fn list(
    session: &mut Session,
    resident_id: ResidentId,
    refund_id: RefundId,
) -> Result<Vec<RefundStep>, Error> {
    let rows = session.rows(SELECT, args![Value::text(resident_id), Value::text(refund_id)]).await?;
    rows.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<RefundStep, Error> {
    let receipt = row.maybe_text("receipt")?.map(|json| receipt_from_json(&json)).transpose()?;
    Ok(RefundStep {
        state: row.parse("state")?,
        on: row.date("taken_on")?,
        reason: row.text("reason")?,
        voucher_number: row.maybe_text("voucher_number")?,
        decided: row.maybe_int("refund_fen")?.map(Fen::new).zip(receipt),
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
