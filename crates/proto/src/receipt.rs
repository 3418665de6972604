//! Receipts on the wire. Titles and clauses are added by whoever has the catalogue of rules at hand.

use std::borrow::Cow;

use chrono::NaiveDate;
use juyi_domain::codes::Payer;
use juyi_domain::dates::Period;
use juyi_domain::effective::{Printed, Reference};
use juyi_domain::money::{Fen, Rate};
use juyi_domain::receipt::{Accumulator, Named, ParameterUse, Payment, Receipt, Step, Value, written};

use crate::code::Coded;
use crate::common::v1 as wire;

/// A receipt from another service that does not have the agreed form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// A receipt as it travels.
#[must_use]
pub fn to_wire(receipt: &Receipt) -> wire::Receipt {
    wire::Receipt { steps: receipt.steps.iter().map(step_to_wire).collect() }
}

/// A receipt as another service sent it.
///
/// # Errors
/// [`Malformed`] when a value is absent or unreadable.
pub fn from_wire(receipt: wire::Receipt) -> Result<Receipt, Malformed> {
    let steps = receipt.steps.into_iter().map(step_from_wire).collect::<Result<_, _>>()?;
    Ok(Receipt { steps })
}

fn step_to_wire(step: &Step) -> wire::Step {
    wire::Step {
        rule_id: step.rule_id.to_string(),
        title: String::new(),
        clause: String::new(),
        parameters: step.parameters().map(parameter_to_wire).collect(),
        inputs: step.inputs().map(named_to_wire).collect(),
        accumulators: step
            .accumulators()
            .map(|total| wire::Accumulator {
                name: total.name.to_string(),
                before_fen: total.before.get(),
                after_fen: total.after.get(),
            })
            .collect(),
        outputs: step.outputs().map(named_to_wire).collect(),
        payment: step.pays.map(|line| wire::Payment { payer: line.payer.to_wire(), amount_fen: line.amount.get() }),
        marks: step.marks().map(ToOwned::to_owned).collect(),
    }
}

fn step_from_wire(step: wire::Step) -> Result<Step, Malformed> {
    let written = written::Step {
        rule_id: Cow::Owned(step.rule_id),
        parameters: step.parameters.into_iter().map(parameter_from_wire).collect::<Result<_, _>>()?,
        inputs: step.inputs.into_iter().map(named_from_wire).collect::<Result<_, _>>()?,
        accumulators: step
            .accumulators
            .into_iter()
            .map(|total| Accumulator {
                name: Cow::Owned(total.name),
                before: Fen::new(total.before_fen),
                after: Fen::new(total.after_fen),
            })
            .collect(),
        outputs: step.outputs.into_iter().map(named_from_wire).collect::<Result<_, _>>()?,
        pays: step
            .payment
            .map(|line| {
                let payer = Payer::from_wire(line.payer).map_err(|_| Malformed)?;
                Ok(Payment { payer, amount: Fen::new(line.amount_fen) })
            })
            .transpose()?,
        marks: step.marks.into_iter().map(Cow::Owned).collect(),
    };
    Ok(written.into())
}

fn parameter_to_wire(parameter: &ParameterUse) -> wire::ParameterUse {
    wire::ParameterUse {
        name: parameter.name.to_string(),
        value: Some(value_to_wire(&parameter.value)),
        since_date: parameter.since.to_string(),
        document: parameter.reference.document.to_string(),
        section: parameter.reference.section.to_string(),
        rule_id: parameter.reference.rule_id.to_string(),
    }
}

fn parameter_from_wire(parameter: wire::ParameterUse) -> Result<ParameterUse, Malformed> {
    let reference = Reference::told(Printed {
        name: Cow::Owned(parameter.name),
        since: parameter.since_date.parse().map_err(|_| Malformed)?,
        document: Cow::Owned(parameter.document),
        section: Cow::Owned(parameter.section),
        rule_id: Cow::Owned(parameter.rule_id),
    });
    Ok(ParameterUse { value: value_from_wire(parameter.value)?, reference })
}

fn named_to_wire(named: &Named) -> wire::NamedValue {
    wire::NamedValue { name: named.name.to_string(), value: Some(value_to_wire(&named.value)) }
}

fn named_from_wire(named: wire::NamedValue) -> Result<Named, Malformed> {
    Ok(Named { name: Cow::Owned(named.name), value: value_from_wire(named.value)? })
}

fn value_to_wire(value: &Value) -> wire::Value {
    use wire::value::Kind;
    let kind = match value {
        Value::Fen(fen) => Kind::Fen(fen.get()),
        Value::Rate(rate) => Kind::Rate(rate.as_decimal().to_string()),
        Value::Date(day) => Kind::Date(day.to_string()),
        Value::Period(period) => Kind::Period(wire::DateRange {
            start_date: period.start().to_string(),
            end_date: period.last_day().to_string(),
        }),
        Value::Count(count) => Kind::Count(*count),
        Value::Code(code) => Kind::Code(code.to_string()),
    };
    wire::Value { kind: Some(kind) }
}

fn value_from_wire(value: Option<wire::Value>) -> Result<Value, Malformed> {
    use wire::value::Kind;
    let day = |text: &str| text.parse::<NaiveDate>().map_err(|_| Malformed);
    Ok(match value.and_then(|value| value.kind).ok_or(Malformed)? {
        Kind::Fen(fen) => Value::Fen(Fen::new(fen)),
        Kind::Rate(rate) => {
            let decimal = rate.parse().map_err(|_| Malformed)?;
            Value::Rate(Rate::maybe_from_decimal(decimal).ok_or(Malformed)?)
        }
        Kind::Date(date) => Value::Date(day(&date)?),
        Kind::Period(range) => {
            let period = Period::maybe_inclusive(day(&range.start_date)?, day(&range.end_date)?);
            Value::Period(period.ok_or(Malformed)?)
        }
        Kind::Count(count) => Value::Count(count),
        Kind::Code(code) => Value::Code(Cow::Owned(code)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_survives_the_wire() {
        let mut receipt = Receipt::default();
        let year = Period::of_year(2021).unwrap();
        receipt.push(
            Step::new("J-5.1.T-c")
                .given("eligible", Fen::yuan(20_000))
                .given("rate", Rate::percent(70))
                .given("period", year)
                .given("admitted_on", year.start())
                .given("stays", 1)
                .given("tier", "MIDDLE")
                .moving("basic_paid", Fen::ZERO, Fen::yuan(13_650))
                .found("paid", Fen::yuan(13_650))
                .paying(Payer::BasicFund, Fen::yuan(13_650))
                .marked("BELOW_DEDUCTIBLE"),
        );
        assert_eq!(from_wire(to_wire(&receipt)), Ok(receipt));
        let empty = wire::NamedValue { name: "x".into(), value: None };
        let broken = wire::Receipt { steps: vec![wire::Step { inputs: vec![empty], ..Default::default() }] };
        assert_eq!(from_wire(broken), Err(Malformed));
    }
}
