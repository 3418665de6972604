//! Refunds of a person and year, each with the days of its steps.

use chrono::NaiveDate;
use juyi_db::{Row, Session, Value, args};
use juyi_domain::codes::RefundState;
use juyi_domain::id::{EnrolmentId, PaymentId, RefundId, ResidentId};
use juyi_domain::money::Fen;
use juyi_domain::receipt::Receipt;
use juyi_kit::error::Error;
use juyi_kit::wire::receipt_from_json;

juyi_db::statements! {
    SELECT_OF_YEAR = "SELECT r.refund_id, r.payment_id, r.enrolment_id, r.state, r.applied_on, r.refund_fen, r.receipt, \
        (SELECT s.taken_on FROM refund_step s WHERE s.resident_id = r.resident_id AND s.refund_id = r.refund_id \
        AND s.state = 'VERIFIED') AS verified_on, \
        (SELECT s.taken_on FROM refund_step s WHERE s.resident_id = r.resident_id AND s.refund_id = r.refund_id \
        AND s.state = 'REPAID') AS repaid_on \
        FROM refund r WHERE r.resident_id = $1 AND r.policy_year = $2 ORDER BY r.refund_id";
}

/// A refund as an account shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountRefund {
    /// Id.
    pub id: RefundId,
    /// Payment.
    pub payment_id: PaymentId,
    /// Enrolment.
    pub enrolment_id: EnrolmentId,
    /// How far it has come.
    pub state: RefundState,
    /// Amount to be paid back.
    pub amount: Fen,
    /// How it was decided.
    pub receipt: Receipt,
    /// Day of application.
    pub applied_on: NaiveDate,
    /// Day of verification.
    pub verified_on: Option<NaiveDate>,
    /// Day of repayment.
    pub repaid_on: Option<NaiveDate>,
}

/// The refunds of a person for a policy year, in their order.
///
/// # Errors
/// Those of the database.
pub async fn of_year(
    session: &mut Session,
    resident_id: ResidentId,
    policy_year: i32,
) -> Result<Vec<AccountRefund>, Error> {
    let rows = session.rows(SELECT_OF_YEAR, args![Value::text(resident_id), policy_year]).await?;
    rows.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<AccountRefund, Error> {
    Ok(AccountRefund {
        id: row.parse("refund_id")?,
        payment_id: row.parse("payment_id")?,
        enrolment_id: row.parse("enrolment_id")?,
        state: row.parse("state")?,
        amount: Fen::new(row.int("refund_fen")?),
        receipt: receipt_from_json(&row.text("receipt")?)?,
        applied_on: row.date("applied_on")?,
        verified_on: row.maybe_date("verified_on")?,
        repaid_on: row.maybe_date("repaid_on")?,
    })
}
