//! The steps of self-paid claims, in order. Rows are added and never changed.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Keyed, Row, Session, Value, args};
use juyi_domain::id::{ResidentId, SelfPaidClaimId};
use juyi_domain::settlement::claims::codes::ClaimState;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row};

use super::{from_json, to_json};

/// What is said of a value that has no JSON.
const UNWRITTEN: &str = "reasons cannot be written";

juyi_db::statements! {
    INSERT = "INSERT INTO self_paid_claim_step (resident_id, claim_id, step_number, state, reasons, voucher_number, \
        paid_on, created_at, office, office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
}

static OF_CLAIMS: Keyed = Keyed::select(
    &[("place", "BIGINT"), ("wanted", "TEXT"), ("wanted_claim", "TEXT")],
    "key.place, s.*",
    "self_paid_claim_step s",
    "s.resident_id = key.wanted AND s.claim_id = key.wanted_claim",
    "place, step_number",
);

/// A step of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimStep {
    /// State reached.
    pub state: ClaimState,
    /// Reasons of a return.
    pub reasons: Vec<String>,
    /// Voucher of the payment; else empty.
    pub voucher_number: String,
    /// Day of the payment.
    pub paid_on: Option<NaiveDate>,
    /// Office that took it.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Stores a step under its number in the claim, from 1.
///
/// # Errors
/// Those of the database; `Duplicate` for a number that is taken.
pub async fn insert(
    session: &mut Session,
    (resident_id, claim_id): (ResidentId, SelfPaidClaimId),
    number: usize,
    step: &ClaimStep,
) -> Result<(), Error> {
    let mut row = args![
        Value::text(resident_id),
        Value::text(claim_id),
        i64::try_from(number).unwrap_or(i64::MAX),
        step.state.as_str(),
        to_json(&step.reasons, UNWRITTEN)?,
        step.voucher_number.as_str(),
        step.paid_on,
        step.created_at,
    ];
    row.extend(caller_to_row(&step.recorded_by));
    session.execute(INSERT, row).await?;
    Ok(())
}

/// The steps of claims, each first to last, in the order of the claims.
///
/// # Errors
/// Those of the database.
pub async fn list(
    session: &mut Session,
    claims: &[(ResidentId, SelfPaidClaimId)],
) -> Result<Vec<Vec<ClaimStep>>, Error> {
    let key = |(place, (resident_id, id)): (i64, &(ResidentId, SelfPaidClaimId))| {
        args![place, Value::text(resident_id), Value::text(id)]
    };
    let keys: Vec<_> = (0..).zip(claims).flat_map(key).collect();
    let mut steps = vec![Vec::new(); claims.len()];
    for row in session.rows_of(&OF_CLAIMS, &keys).await? {
        super::at(&row, &mut steps)?.push(from_row(&row)?);
    }
    Ok(steps)
}

fn from_row(row: &Row) -> Result<ClaimStep, Error> {
    Ok(ClaimStep {
        state: row.parse("state")?,
        reasons: from_json(row, "reasons")?,
        voucher_number: row.text("voucher_number")?,
        paid_on: row.maybe_date("paid_on")?,
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
