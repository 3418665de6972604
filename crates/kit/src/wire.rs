//! Conversions that need more than the domain: titles of rules, offices, instants.

use chrono::{DateTime, SecondsFormat, Utc};
use juyi_db::{Row, Value, args};
use juyi_domain::receipt::Receipt;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_policy::catalogue;
use juyi_proto::code::Coded;
use juyi_proto::common::v1 as pb;

use crate::caller::Caller;
use crate::error::Error;

/// A receipt with the title and clause of each rule.
#[must_use]
pub fn receipt(receipt: &Receipt) -> pb::Receipt {
    let mut receipt = juyi_proto::receipt::to_wire(receipt);
    for step in &mut receipt.steps {
        if let Some(rule) = catalogue().find(&step.rule_id) {
            step.title.clone_from(&rule.title);
            step.clause = format!("{} {}", rule.document, rule.clause);
        }
    }
    receipt
}

/// A receipt as it is stored.
///
/// # Errors
/// A fault, when a receipt cannot be written; it always can.
pub fn receipt_to_json(receipt: &Receipt) -> Result<String, Error> {
    serde_json::to_string(receipt).map_err(|_| Error::Fault("a receipt cannot be written"))
}

/// A stored receipt.
///
/// # Errors
/// A fault, when the stored text is not a receipt.
pub fn receipt_from_json(json: &str) -> Result<Receipt, Error> {
    serde_json::from_str(json).map_err(|_| Error::Fault("a stored receipt is unreadable"))
}

/// Refuses for the conditions that another service answered "no" with, about a field of the request.
#[must_use]
pub fn refused(field: &'static str, conditions: Vec<pb::Condition>) -> Refusals {
    let refusals = conditions.into_iter().map(|condition| {
        let reason = Reason::ALL.iter().copied().find(|reason| reason.code() == condition.reason);
        let refusal = Refusal::new(reason.unwrap_or(Reason::NotInBenefitPeriod), condition.detail).at(field);
        if condition.rule_id.is_empty() { refusal } else { refusal.by(condition.rule_id) }
    });
    match Refusals(refusals.collect()).into_result() {
        Err(refusals) => refusals,
        Ok(()) => Refusal::new(Reason::NotInBenefitPeriod, "not covered on that day").at(field).into(),
    }
}

/// An instant as RFC 3339 in UTC, whole microseconds.
#[must_use]
pub fn instant(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// The office behind a write, on the wire.
#[must_use]
pub fn recorded_by(caller: &Caller) -> pb::RecordedBy {
    pb::RecordedBy {
        office: caller.office.to_wire(),
        district: caller.district.map(|district| district.to_string()).unwrap_or_default(),
        name: caller.name.clone(),
    }
}

/// The three columns `office, office_district, office_name` of a row.
#[must_use]
pub fn caller_to_row(caller: &Caller) -> Vec<Value> {
    args![caller.office.as_str(), Value::maybe_text(caller.district), caller.name.as_str()]
}

/// The office from those columns.
///
/// # Errors
/// [`juyi_db::Error::Corrupt`].
pub fn caller_from_row(row: &Row) -> Result<Caller, juyi_db::Error> {
    Ok(Caller {
        office: row.parse("office")?,
        district: row.maybe_parse("office_district")?,
        name: row.text("office_name")?,
    })
}
