//! The receipt is the result: ordered steps from which every total is computed.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::codes::Payer;
use crate::dates::Period;
use crate::effective::{Effective, Printed, Reference};
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

/// A parameter of the law that a step used: its value, and by the reference its name, clause and first day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "written::ParameterUse", into = "written::ParameterUse")]
pub struct ParameterUse {
    /// The value used.
    pub value: Value,
    /// The clause that prints it.
    pub reference: Reference,
}

impl Deref for ParameterUse {
    type Target = Printed;
    fn deref(&self) -> &Printed {
        &self.reference
    }
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
///
/// What it says lies in one list: a receipt makes one for each of its rules, and five lists cost as much as the rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "written::Step")]
pub struct Step {
    /// Rule id of the catalogue.
    pub rule_id: Cow<'static, str>,
    /// The payment line it is, if it is one. Totals are the sums of these lines.
    pub pays: Option<Payment>,
    said: Vec<Said>,
}

/// One thing a step says.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    Parameter(ParameterUse),
    Input(Named),
    Accumulator(Accumulator),
    Output(Named),
    Mark(Cow<'static, str>),
}

/// The order among the kinds says nothing.
impl PartialEq for Step {
    fn eq(&self, other: &Self) -> bool {
        self.rule_id == other.rule_id
            && self.pays == other.pays
            && self.parameters().eq(other.parameters())
            && self.inputs().eq(other.inputs())
            && self.accumulators().eq(other.accumulators())
            && self.outputs().eq(other.outputs())
            && self.marks().eq(other.marks())
    }
}
impl Eq for Step {}

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
    #[inline]
    pub fn by<T>(parameter: &Effective<T>, as_value: impl FnOnce(&T) -> Value) -> Self {
        Self::of(parameter.reference.rule_id.clone()).using(parameter, as_value)
    }

    /// An empty step of a rule.
    #[must_use]
    #[inline]
    pub const fn of(rule_id: Cow<'static, str>) -> Self {
        Self { rule_id, pays: None, said: Vec::new() }
    }

    /// Most steps say no more than six things.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "what is said is then written where it stays, once")]
    fn say(&mut self, said: Said) {
        if self.said.len() == self.said.capacity() {
            self.grow();
        }
        self.said.push(said);
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        self.said.reserve_exact(if self.said.is_empty() { 6 } else { self.said.len() });
    }

    /// Records a parameter; `as_value` shows the part of it that was used.
    #[must_use]
    #[inline]
    pub fn using<T>(self, parameter: &Effective<T>, as_value: impl FnOnce(&T) -> Value) -> Self {
        self.citing(parameter.reference, as_value(&parameter.value))
    }

    /// Records what was used of a clause.
    #[must_use]
    #[inline]
    pub fn citing(mut self, printed: &'static Printed, value: impl Into<Value>) -> Self {
        self.say(Said::Parameter(ParameterUse { value: value.into(), reference: Reference::Law(printed) }));
        self
    }

    /// Records a fact.
    #[must_use]
    #[inline]
    pub fn given(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.say(Said::Input(Named { name: Cow::Borrowed(name), value: value.into() }));
        self
    }

    /// Records a running total before and after.
    #[must_use]
    #[inline]
    pub fn moving(mut self, name: &'static str, before: Fen, after: Fen) -> Self {
        self.say(Said::Accumulator(Accumulator { name: Cow::Borrowed(name), before, after }));
        self
    }

    /// Records a result.
    #[must_use]
    #[inline]
    pub fn found(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.say(Said::Output(Named { name: Cow::Borrowed(name), value: value.into() }));
        self
    }

    /// Makes the step a payment line.
    #[must_use]
    #[inline]
    pub const fn paying(mut self, payer: Payer, amount: Fen) -> Self {
        self.pays = Some(Payment { payer, amount });
        self
    }

    /// Adds an outcome or mark code.
    #[must_use]
    #[inline]
    pub fn marked(mut self, mark: &'static str) -> Self {
        self.say(Said::Mark(Cow::Borrowed(mark)));
        self
    }

    /// Parameters of the law it used.
    pub fn parameters(&self) -> impl DoubleEndedIterator<Item = &ParameterUse> {
        self.said.iter().filter_map(|said| if let Said::Parameter(own) = said { Some(own) } else { None })
    }

    /// Facts it used.
    pub fn inputs(&self) -> impl DoubleEndedIterator<Item = &Named> {
        self.said.iter().filter_map(|said| if let Said::Input(own) = said { Some(own) } else { None })
    }

    /// Running totals it read or moved.
    pub fn accumulators(&self) -> impl DoubleEndedIterator<Item = &Accumulator> {
        self.said.iter().filter_map(|said| if let Said::Accumulator(own) = said { Some(own) } else { None })
    }

    /// What it found.
    pub fn outputs(&self) -> impl DoubleEndedIterator<Item = &Named> {
        self.said.iter().filter_map(|said| if let Said::Output(own) = said { Some(own) } else { None })
    }

    /// Outcome or mark codes, for example `BELOW_DEDUCTIBLE` or `PROVISIONAL_FOR_2021`.
    pub fn marks(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.said.iter().filter_map(|said| if let Said::Mark(own) = said { Some(&**own) } else { None })
    }

    /// Takes over the facts and parameters of a step that led to this one.
    #[must_use]
    pub fn after(mut self, earlier: Self) -> Self {
        let kept = earlier.said.into_iter().filter(|said| matches!(said, Said::Input(_) | Said::Parameter(_)));
        self.said.extend(kept);
        self
    }

    /// Withholds the facts that `keep` does not let through.
    pub fn retain_inputs(&mut self, keep: impl Fn(&Named) -> bool) {
        self.said.retain(|said| if let Said::Input(own) = said { keep(own) } else { true });
    }

    /// Withholds the results that `keep` does not let through.
    pub fn retain_outputs(&mut self, keep: impl Fn(&Named) -> bool) {
        self.said.retain(|said| if let Said::Output(own) = said { keep(own) } else { true });
    }

    /// A result by name.
    #[must_use]
    pub fn output(&self, name: &str) -> Option<&Value> {
        self.outputs().find(|output| output.name == name).map(|output| &output.value)
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
        if self.steps.capacity() == 0 {
            self.steps.reserve_exact(6);
        }
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
        let moves = |step: &Step| step.accumulators().rfind(|total| total.name == name).map(|total| total.after);
        self.steps.iter().rev().find_map(moves)
    }

    /// True when a step carries the mark.
    #[must_use]
    pub fn is_marked(&self, mark: &str) -> bool {
        self.steps.iter().any(|step| step.marks().any(|own| own == mark))
    }

    /// True when a step applies the rule.
    #[must_use]
    pub fn applies(&self, rule_id: &str) -> bool {
        self.steps.iter().any(|step| step.rule_id == rule_id)
    }
}

/// Receipts as they are stored: each kind in a list of its own.
pub mod written {
    use serde::ser::{SerializeStruct, Serializer};

    use super::{Accumulator, Cow, Deserialize, NaiveDate, Named, Payment, Printed, Said, Serialize, Value};

    /// A parameter of the law.
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

    /// A clause.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Reference {
        /// Document.
        pub document: Cow<'static, str>,
        /// Clause path.
        pub section: Cow<'static, str>,
        /// Rule id of the catalogue.
        pub rule_id: Cow<'static, str>,
    }

    impl From<ParameterUse> for super::ParameterUse {
        fn from(written: ParameterUse) -> Self {
            let ParameterUse { name, value, since, reference: Reference { document, section, rule_id } } = written;
            let reference = super::Reference::told(Printed { name, since, document, section, rule_id });
            Self { value, reference }
        }
    }

    impl From<super::ParameterUse> for ParameterUse {
        fn from(used: super::ParameterUse) -> Self {
            let Printed { name, since, document, section, rule_id } = (*used.reference).clone();
            Self { name, value: used.value, since, reference: Reference { document, section, rule_id } }
        }
    }

    /// A step. What it does not say is not written.
    #[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
    pub struct Step {
        /// Rule id of the catalogue.
        pub rule_id: Cow<'static, str>,
        /// Parameters of the law it used.
        #[serde(default)]
        pub parameters: Vec<super::ParameterUse>,
        /// Facts it used.
        #[serde(default)]
        pub inputs: Vec<Named>,
        /// Running totals it read or moved.
        #[serde(default)]
        pub accumulators: Vec<Accumulator>,
        /// What it found.
        #[serde(default)]
        pub outputs: Vec<Named>,
        /// The payment line it is, if it is one.
        #[serde(default)]
        pub pays: Option<Payment>,
        /// Outcome or mark codes.
        #[serde(default)]
        pub marks: Vec<Cow<'static, str>>,
    }

    /// Written from the one list that a step has, without a list in between.
    impl Serialize for super::Step {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut step = serializer.serialize_struct("Step", 7)?;
            step.serialize_field("rule_id", &self.rule_id)?;
            write_list(&mut step, "parameters", || self.parameters())?;
            write_list(&mut step, "inputs", || self.inputs())?;
            write_list(&mut step, "accumulators", || self.accumulators())?;
            write_list(&mut step, "outputs", || self.outputs())?;
            if let Some(pays) = &self.pays {
                step.serialize_field("pays", pays)?;
            }
            write_list(&mut step, "marks", || self.marks())?;
            step.end()
        }
    }

    /// Writes a list, unless it is empty.
    fn write_list<S: SerializeStruct, I: Iterator<Item: Serialize>>(
        step: &mut S,
        name: &'static str,
        list: impl Fn() -> I,
    ) -> Result<(), S::Error> {
        if list().next().is_some() { step.serialize_field(name, &List(list)) } else { step.skip_field(name) }
    }

    struct List<F>(F);

    impl<I: Iterator<Item: Serialize>, F: Fn() -> I> Serialize for List<F> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq((self.0)())
        }
    }

    impl From<Step> for super::Step {
        fn from(written: Step) -> Self {
            let Step { rule_id, parameters, inputs, accumulators, outputs, pays, marks } = written;
            let said = (parameters.into_iter().map(Said::Parameter))
                .chain(inputs.into_iter().map(Said::Input))
                .chain(accumulators.into_iter().map(Said::Accumulator))
                .chain(outputs.into_iter().map(Said::Output))
                .chain(marks.into_iter().map(Said::Mark));
            Self { rule_id, pays, said: said.collect() }
        }
    }
}
