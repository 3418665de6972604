//! What one payment opened: the terms of the enrolment and the date arithmetic, once per payment.

use chrono::{DateTime, Utc};
use juyi_db::{Row, Session, Value, args};
use juyi_domain::codes::{Class, District, Tier};
use juyi_domain::id::{EnrolmentId, PaymentId, ResidentId};
use juyi_domain::receipt::Receipt;
use juyi_kit::error::Error;
use juyi_kit::wire::{receipt_from_json, receipt_to_json};

juyi_db::statements! {
    INSERT = "INSERT INTO derivation (resident_id, payment_id, enrolment_id, policy_year, district, class, tier, \
        receipt, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    SELECT = "SELECT * FROM derivation WHERE resident_id = $1 AND payment_id = $2";
}

/// The outcome of one payment.
#[derive(Clone, Debug, PartialEq)]
pub struct Derivation {
    /// Whose.
    pub resident_id: ResidentId,
    /// The payment.
    pub payment_id: PaymentId,
    /// The enrolment it settled.
    pub enrolment_id: EnrolmentId,
    /// Policy year paid for.
    pub policy_year: i32,
    /// District of enrolment.
    pub district: District,
    /// Class of the enrolment.
    pub class: Class,
    /// Tier of the enrolment.
    pub tier: Tier,
    /// How the spans were derived.
    pub receipt: Receipt,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Stores the outcome of a payment. A second one of the same payment is `Duplicate`.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, derivation: &Derivation) -> Result<(), Error> {
    let row = args![
        Value::text(derivation.resident_id),
        Value::text(derivation.payment_id),
        Value::text(derivation.enrolment_id),
        derivation.policy_year,
        derivation.district.as_str(),
        derivation.class.as_str(),
        derivation.tier.as_str(),
        receipt_to_json(&derivation.receipt)?,
        derivation.created_at,
    ];
    session.execute(INSERT, row).await?;
    Ok(())
}

/// The outcome of a payment.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(
    session: &mut Session,
    resident_id: ResidentId,
    payment_id: PaymentId,
) -> Result<Option<Derivation>, Error> {
    let row = session.maybe_row(SELECT, args![Value::text(resident_id), Value::text(payment_id)]).await?;
    row.as_ref().map(from_row).transpose()
}

fn from_row(row: &Row) -> Result<Derivation, Error> {
    Ok(Derivation {
        resident_id: row.parse("resident_id")?,
        payment_id: row.parse("payment_id")?,
        enrolment_id: row.parse("enrolment_id")?,
        policy_year: row.small("policy_year")?,
        district: row.parse("district")?,
        class: row.parse("class")?,
        tier: row.parse("tier")?,
        receipt: receipt_from_json(&row.text("receipt")?)?,
        created_at: row.instant("created_at")?,
    })
}
