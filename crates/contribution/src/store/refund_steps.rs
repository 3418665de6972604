//! The steps of refunds, each taken once.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Row, Session, Value, args};
use juyi_domain::codes::RefundState;
use juyi_domain::id::{RefundId, ResidentId};
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row};

juyi_db::statements! {
    INSERT = "INSERT INTO refund_step (resident_id, refund_id, state, taken_on, reason, voucher_number, created_at, \
        office, office_district, office_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
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
    Ok(RefundStep {
        state: row.parse("state")?,
        on: row.date("taken_on")?,
        reason: row.text("reason")?,
        voucher_number: row.maybe_text("voucher_number")?,
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
