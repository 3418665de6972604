//! What one payment comes to: the receipt of the date arithmetic, or the reasons why it opens nothing.

use chrono::{DateTime, Utc};
use juyi_db::{Bulk, Row, Session, Value, args};
use juyi_domain::id::{EventId, PaymentId, ResidentId};
use juyi_domain::receipt::Receipt;
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::error::Error;
use juyi_kit::wire::{receipt_from_json, receipt_to_json};
use serde::{Deserialize, Serialize};

use super::{from_json, to_json};

juyi_db::statements! {
    SELECT = "SELECT * FROM derivation WHERE resident_id = $1 ORDER BY payment_id";
    DELETE_OF_BATCH = "DELETE FROM derivation WHERE resident_id IN \
        (SELECT resident_id FROM batch_person WHERE batch_id = $1)";
}

static DERIVATIONS: Bulk = Bulk::new("derivation", &["resident_id", "payment_id", "receipt", "reasons", "derived_at"]);

/// The outcome of one payment.
#[derive(Clone, Debug, PartialEq)]
pub struct Derivation {
    /// Whose.
    pub resident_id: ResidentId,
    /// The payment.
    pub payment_id: PaymentId,
    /// How spans were derived, if any.
    pub receipt: Option<Receipt>,
    /// Why it opens nothing, if it does not.
    pub reasons: Vec<Ground>,
    /// When.
    pub derived_at: DateTime<Utc>,
}

/// A refusal as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    /// Reason code.
    pub reason: String,
    /// Rule, if one decided.
    pub rule_id: Option<String>,
    /// Explanation.
    pub detail: String,
    /// Facts for a program.
    pub metadata: Vec<(String, String)>,
}

impl From<&Refusal> for Ground {
    fn from(refusal: &Refusal) -> Self {
        Self {
            reason: refusal.reason.code().to_owned(),
            rule_id: refusal.rule_id.as_deref().map(str::to_owned),
            detail: refusal.detail.clone(),
            metadata: refusal.metadata.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect(),
        }
    }
}

impl Ground {
    /// What a person at a desk reads.
    #[must_use]
    pub fn message(&self) -> &'static str {
        let reason = Reason::ALL.iter().find(|reason| reason.code() == self.reason);
        reason.map_or("", |reason| reason.message_zh())
    }
}

/// Puts outcomes in place of those of the persons of a batch.
///
/// # Errors
/// Those of the database.
pub async fn replace(session: &mut Session, batch_id: EventId, derivations: &[Derivation]) -> Result<(), Error> {
    session.execute(DELETE_OF_BATCH, args![Value::text(batch_id)]).await?;
    let mut rows = Vec::with_capacity(derivations.len() * 5);
    for it in derivations {
        rows.extend(args![
            Value::text(it.resident_id),
            Value::text(it.payment_id),
            it.receipt.as_ref().map(receipt_to_json).transpose()?,
            (!it.reasons.is_empty()).then(|| to_json(&it.reasons)).transpose()?,
            it.derived_at,
        ]);
    }
    session.insert_all(&DERIVATIONS, rows).await?;
    Ok(())
}

/// The outcomes of all payments of a resident.
///
/// # Errors
/// Those of the database.
pub async fn list(session: &mut Session, resident_id: ResidentId) -> Result<Vec<Derivation>, Error> {
    session.rows(SELECT, args![Value::text(resident_id)]).await?.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<Derivation, Error> {
    Ok(Derivation {
        resident_id: row.parse("resident_id")?,
        payment_id: row.parse("payment_id")?,
        receipt: row.maybe_text("receipt")?.map(|json| receipt_from_json(&json)).transpose()?,
        reasons: row.maybe_text("reasons")?.map(|json| from_json(&json)).transpose()?.unwrap_or_default(),
        derived_at: row.instant("derived_at")?,
    })
}
