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

/// The token of the page after a full one, by its last row; empty after a page that was not filled, which is the last.
pub fn next_page<T>(page: &[T], size: i64, token: impl FnOnce(&T) -> String) -> String {
    let is_full = i64::try_from(page.len()) == Ok(size);
    page.last().filter(|_| is_full).map(token).unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use juyi_domain::codes::Payer;
    use juyi_domain::money::Fen;
    use juyi_domain::receipt::Step;

    use super::*;

    /// A list whose last page is full ends with an empty one.
    #[test]
    fn a_page_that_is_full_may_have_a_next_one() {
        let next = |page: &[i64]| next_page(page, 2, i64::to_string);
        assert_eq!([next(&[]), next(&[7]), next(&[7, 9])], ["", "", "9"]);
    }

    /// What a step does not say is not written; receipts in which it was are read.
    #[test]
    fn a_stored_receipt_holds_what_is_said() {
        let fen = Fen::new(50);
        let steps = vec![
            Step::new("J-8-2").given("excluded", fen).found("eligible", fen).marked("NOT_COVERED"),
            Step::new("J-6.1-b").moving("burden", Fen::ZERO, fen).paying(Payer::Person, fen),
        ];
        let receipt = Receipt { steps };
        let json = receipt_to_json(&receipt).unwrap();
        assert_eq!(
            json,
            r#"{"steps":[{"rule_id":"J-8-2","inputs":[{"name":"excluded","value":{"fen":50}}],"#.to_owned()
                + r#""outputs":[{"name":"eligible","value":{"fen":50}}],"marks":["NOT_COVERED"]},"#
                + r#"{"rule_id":"J-6.1-b","accumulators":[{"name":"burden","before":0,"after":50}],"#
                + r#""pays":{"payer":"PERSON","amount":50}}]}"#
        );
        assert_eq!(receipt_from_json(&json).unwrap(), receipt);
        let earlier = json
            .replace(r#""J-8-2","#, r#""J-8-2","parameters":[],"accumulators":[],"pays":null,"#)
            .replace(r#""J-6.1-b","#, r#""J-6.1-b","parameters":[],"inputs":[],"outputs":[],"marks":[],"#);
        assert_eq!(receipt_from_json(&earlier).unwrap(), receipt);
    }
}
