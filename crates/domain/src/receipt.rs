//! The receipt is the result: ordered steps from which every total is computed.

use std::borrow::Cow;
use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::codes::Payer;
use crate::dates::Period;
use crate::effective::{Effective, Reference};
use crate::money::{Fen, Rate};

/// One thing a step read or wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// An amount.
    Fen(Fen),
    /// A rate.
    Rate(Rate),
    /// A day.
    Date(NaiveDate),
    /// A half-open period.
    Period(Period),
    /// A count of things.
    Count(i64),
    /// A code of the glossary, for example `MIDDLE`.
    Code(Cow<'static, str>),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fen(fen) => fen.fmt(f),
            Self::Rate(rate) => rate.fmt(f),
            Self::Date(day) => day.fmt(f),
            Self::Period(period) => period.fmt(f),
            Self::Count(count) => count.fmt(f),
            Self::Code(code) => f.write_str(code),
        }
    }
}

macro_rules! value_from {
    ($($kind:ident($type:ty)),*) => {$(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::$kind(value)
            }
        }
    )*};
}
value_from!(Fen(Fen), Rate(Rate), Date(NaiveDate), Period(Period), Count(i64));
impl From<&'static str> for Value {
    fn from(code: &'static str) -> Self {
        Self::Code(Cow::Borrowed(code))
    }
}

/// A named value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Field name in the glossary, for example `eligible`.
    pub name: Cow<'static, str>,
    /// Its value.
    pub value: Value,
}

/// A parameter of the law that a step used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterUse {
    /// Path in the law's tree.
    pub name: Cow<'static, str>,
    /// The value used.
    pub value: Value,
    /// First day the value holds.
    pub since: NaiveDate,
    /// The clause that prints it.
    pub reference: Reference,
}

/// A running total of the year around a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accumulator {
    /// Its name, for example `deductible_used`.
    pub name: Cow<'static, str>,
    /// Before the step.
    pub before: Fen,
    /// After the step.
    pub after: Fen,
}

/// One application of one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Rule id of the catalogue.
    pub rule_id: Cow<'static, str>,
    /// Parameters of the law it used.
    pub parameters: Vec<ParameterUse>,
    /// Facts it used.
    pub inputs: Vec<Named>,
    /// Running totals it read or moved.
    pub accumulators: Vec<Accumulator>,
    /// What it found.
    pub outputs: Vec<Named>,
    /// The payment line it is, if it is one. Totals are the sums of these lines.
    pub pays: Option<Payment>,
    /// Outcome or mark codes, for example `BELOW_DEDUCTIBLE` or `PROVISIONAL_FOR_2021`.
    pub marks: Vec<Cow<'static, str>>,
}

/// A payment line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Who pays.
    pub payer: Payer,
    /// How much; negative in a reversal.
    pub amount: Fen,
}

impl Step {
    /// An empty step of a rule whose id the code knows.
    #[must_use]
    pub fn new(rule_id: &'static str) -> Self {
        Self::of(Cow::Borrowed(rule_id))
    }

    /// A step of the rule that prints a parameter, with the parameter recorded: the way one piece of code
    /// serves both regimes, each under its own rule id.
    #[must_use]
    pub fn by<T>(parameter: &Effective<T>, as_value: impl FnOnce(&T) -> Value) -> Self {
        Self::of(parameter.reference.rule_id.clone()).using(parameter, as_value)
    }

    /// An empty step of a rule.
    #[must_use]
    pub fn of(rule_id: Cow<'static, str>) -> Self {
        Self {
            rule_id,
            parameters: Vec::new(),
            inputs: Vec::new(),
            accumulators: Vec::new(),
            outputs: Vec::new(),
            pays: None,
            marks: Vec::new(),
        }
    }

    /// Records a parameter; `as_value` shows the part of it that was used.
    #[must_use]
    pub fn using<T>(mut self, parameter: &Effective<T>, as_value: impl FnOnce(&T) -> Value) -> Self {
        self.parameters.push(ParameterUse {
            name: parameter.name.clone(),
            value: as_value(&parameter.value),
            since: parameter.since,
            reference: parameter.reference.clone(),
        });
        self
    }

    /// Records a fact.
    #[must_use]
    pub fn given(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.inputs.push(Named { name: Cow::Borrowed(name), value: value.into() });
        self
    }

    /// Records a running total before and after.
    #[must_use]
    pub fn moving(mut self, name: &'static str, before: Fen, after: Fen) -> Self {
        self.accumulators.push(Accumulator { name: Cow::Borrowed(name), before, after });
        self
    }

    /// Records a result.
    #[must_use]
    pub fn found(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.outputs.push(Named { name: Cow::Borrowed(name), value: value.into() });
        self
    }

    /// Makes the step a payment line.
    #[must_use]
    pub fn paying(mut self, payer: Payer, amount: Fen) -> Self {
        self.pays = Some(Payment { payer, amount });
        self
    }

    /// Adds an outcome or mark code.
    #[must_use]
    pub fn marked(mut self, mark: &'static str) -> Self {
        self.marks.push(Cow::Borrowed(mark));
        self
    }

    /// A result by name.
    #[must_use]
    pub fn output(&self, name: &str) -> Option<&Value> {
        self.outputs.iter().find(|output| output.name == name).map(|output| &output.value)
    }
}

/// The ordered steps of one decision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Steps in the order the law applies them.
    pub steps: Vec<Step>,
}

impl Receipt {
    /// Appends a step.
    pub fn push(&mut self, step: Step) {
        self.steps.push(step);
    }

    /// Appends the steps of a later part of the same decision.
    pub fn extend(&mut self, later: Self) {
        self.steps.extend(later.steps);
    }

    /// What one payer pays, from the payment lines.
    #[must_use]
    pub fn total(&self, payer: Payer) -> Fen {
        self.payments().filter(|line| line.payer == payer).map(|line| line.amount).sum()
    }

    /// What all payers pay together, from the payment lines.
    #[must_use]
    pub fn sum(&self) -> Fen {
        self.payments().map(|line| line.amount).sum()
    }

    /// The payment lines in order.
    pub fn payments(&self) -> impl Iterator<Item = Payment> {
        self.steps.iter().filter_map(|step| step.pays)
    }

    /// The last value of an output of that name.
    #[must_use]
    pub fn output(&self, name: &str) -> Option<&Value> {
        self.steps.iter().rev().find_map(|step| step.output(name))
    }

    /// Where a running total stands after the last step that moved it.
    #[must_use]
    pub fn accumulated(&self, name: &str) -> Option<Fen> {
        let moves =
            |step: &Step| step.accumulators.iter().rev().find(|total| total.name == name).map(|total| total.after);
        self.steps.iter().rev().find_map(moves)
    }

    /// True when a step carries the mark.
    #[must_use]
    pub fn is_marked(&self, mark: &str) -> bool {
        self.steps.iter().any(|step| step.marks.iter().any(|own| own == mark))
    }

    /// True when a step applies the rule.
    #[must_use]
    pub fn applies(&self, rule_id: &str) -> bool {
        self.steps.iter().any(|step| step.rule_id == rule_id)
    }
}
