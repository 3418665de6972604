//! What settlement says of its bills, written down as it is computed: one list, which one year after the other fills anew.
//!
//! Names and codes are those of the program and clauses those of the law, so that to say something is to store a few words:
//! nothing is allocated, counted or freed. A [`Receipt`], which owns what it says, is made where one is kept or answered.

use std::ops::Range;

use super::trace::{Amounts, Trace};
use crate::codes::Payer;
use crate::effective::{Effective, Printed};
use crate::money::Fen;
use crate::receipt::{Receipt, Step, ValueOf};

/// A value as it is computed: its code is one of the program.
pub type Value = ValueOf<&'static str>;

/// One thing said. A step begins with its rule.
#[derive(Clone, Copy, Debug)]
enum Said {
    Rule(&'static str),
    /// The rule that prints a parameter, and the parameter.
    By(&'static Printed, Value),
    Parameter(&'static Printed, Value),
    Input(&'static str, Value),
    Moving(&'static str, Fen, Fen),
    Output(&'static str, Value),
    Mark(&'static str),
    Pays(Payer, Fen),
}

impl Said {
    /// True for the first thing of a step.
    const fn begins(&self) -> bool {
        matches!(self, Self::Rule(_) | Self::By(..))
    }
}

/// What was said of the bills of a year.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// What was said up to `end`, and room that an earlier year used.
    said: Vec<Said>,
    end: usize,
    /// Where the bill at hand begins.
    begin: usize,
    amounts: Amounts,
}

impl Record {
    /// Forgets the year and keeps the room.
    pub const fn clear(&mut self) {
        (self.begin, self.end) = (0, 0);
    }

    /// The receipt of a bill.
    #[must_use]
    pub fn receipt(&self, bill: Range<usize>) -> Receipt {
        let said = self.said.get(bill).unwrap_or_default();
        // Counted first: room that grows is written twice.
        let mut steps = Vec::with_capacity(said.iter().filter(|said| said.begins()).count());
        steps.extend(said.chunk_by(|_, next| !next.begins()).map(step));
        Receipt { steps }
    }

    const fn blank(&mut self) -> Blank<'_> {
        Blank(Line { said: &mut self.said, end: self.end })
    }
}

impl Trace for Record {
    type Bill = Range<usize>;

    fn begin(&mut self) {
        self.end = self.begin;
        self.amounts.begin();
    }

    #[inline]
    fn step(&mut self, step: impl for<'a> FnOnce(Blank<'a>) -> Line<'a>) {
        self.end = step(self.blank()).end;
    }

    #[inline]
    fn pay(&mut self, payer: Payer, amount: Fen, step: impl for<'a> FnOnce(Blank<'a>) -> Line<'a>) {
        self.amounts.add(payer, amount);
        self.end = step(self.blank()).say(Said::Pays(payer, amount)).end;
    }

    fn total(&self, payer: Payer) -> Fen {
        self.amounts.total(payer)
    }

    fn end(&mut self) -> Self::Bill {
        let bill = self.begin..self.end;
        self.begin = self.end;
        bill
    }
}

/// The receipt of what rules say outside a year of bills, and what they answer.
pub fn explained<T>(decide: impl FnOnce(&mut Record) -> T) -> (T, Receipt) {
    let mut record = Record::default();
    let answer = decide(&mut record);
    (answer, record.receipt(0..record.end))
}

/// Where a step is to be written.
#[derive(Debug)]
pub struct Blank<'a>(Line<'a>);

/// A step as it is written.
#[derive(Debug)]
pub struct Line<'a> {
    said: &'a mut Vec<Said>,
    end: usize,
}

impl<'a> Blank<'a> {
    /// A step of a rule.
    #[must_use]
    #[inline]
    pub fn rule(self, rule_id: &'static str) -> Line<'a> {
        self.0.say(Said::Rule(rule_id))
    }

    /// A step of the rule that prints a parameter, with the parameter recorded: the way one piece of code serves both
    /// regimes, each under its own rule id.
    #[must_use]
    #[inline]
    pub fn by<T>(self, parameter: &Effective<T>, as_value: impl FnOnce(&T) -> Value) -> Line<'a> {
        self.0.say(Said::By(parameter.reference, as_value(&parameter.value)))
    }
}

impl Line<'_> {
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "what is said is then written where it stays, once")]
    fn say(mut self, said: Said) -> Self {
        if self.end >= self.said.len() {
            more(self.said);
        }
        self.said[self.end] = said;
        self.end += 1;
        self
    }

    /// Records a parameter; `as_value` shows the part of it that was used.
    #[must_use]
    #[inline]
    pub fn using<T>(self, parameter: &Effective<T>, as_value: impl FnOnce(&T) -> Value) -> Self {
        self.say(Said::Parameter(parameter.reference, as_value(&parameter.value)))
    }

    /// Records a fact.
    #[must_use]
    #[inline]
    pub fn given(self, name: &'static str, value: impl Into<Value>) -> Self {
        self.say(Said::Input(name, value.into()))
    }

    /// Records a running total before and after.
    #[must_use]
    #[inline]
    pub fn moving(self, name: &'static str, before: Fen, after: Fen) -> Self {
        self.say(Said::Moving(name, before, after))
    }

    /// Records a result.
    #[must_use]
    #[inline]
    pub fn found(self, name: &'static str, value: impl Into<Value>) -> Self {
        self.say(Said::Output(name, value.into()))
    }

    /// Adds an outcome or mark code.
    #[must_use]
    #[inline]
    pub fn marked(self, mark: &'static str) -> Self {
        self.say(Said::Mark(mark))
    }
}

/// Most years have room already. It does not take what is said, which would have to lie in memory for it.
#[cold]
#[inline(never)]
fn more(all: &mut Vec<Said>) {
    all.resize((2 * all.len()).max(64), Said::Mark(""));
}

/// The step of a receipt.
fn step(said: &[Said]) -> Step {
    let rule_id: &'static str = match said.first() {
        Some(Said::Rule(rule_id)) => rule_id,
        Some(Said::By(parameter, _)) => &parameter.rule_id,
        _ => "",
    };
    let facts = said.iter().filter(|said| !matches!(said, Said::Rule(_) | Said::Pays(..))).count();
    said.iter().fold(Step::with_room(rule_id, facts), |step, said| match *said {
        Said::Rule(_) => step,
        Said::By(parameter, value) | Said::Parameter(parameter, value) => step.citing(parameter, value),
        Said::Input(name, value) => step.given(name, value),
        Said::Moving(name, before, after) => step.moving(name, before, after),
        Said::Output(name, value) => step.found(name, value),
        Said::Mark(mark) => step.marked(mark),
        Said::Pays(payer, amount) => step.paying(payer, amount),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Rate;

    fn step(record: &mut Record, fen: i64) {
        let rate = Effective::printed(Rate::percent(70), "J-5.1.T-c");
        record.pay(Payer::BasicFund, Fen::new(fen), |line| {
            let step = line.by(&rate, |rate| (*rate).into()).using(&rate, |_| "TRUE".into());
            let step = step.given("eligible", Fen::new(2 * fen)).moving("basic_paid", Fen::ZERO, Fen::new(fen));
            step.found("computed", Fen::new(fen)).marked("MAXIMUM_REACHED")
        });
    }

    /// A receipt says what an owned step says, under the rule that prints the parameter.
    #[test]
    fn a_receipt_says_what_was_written_down() {
        let ((), receipt) = explained(|record| {
            record.step(|line| line.rule("J-8-2").given("excluded", 7));
            step(record, 9);
        });
        let rate = Effective::printed(Rate::percent(70), "J-5.1.T-c");
        let paid = Step::by(&rate, |rate| (*rate).into()).using(&rate, |_| "TRUE".into());
        let paid = paid.given("eligible", Fen::new(18)).moving("basic_paid", Fen::ZERO, Fen::new(9));
        let paid = paid.found("computed", Fen::new(9)).marked("MAXIMUM_REACHED").paying(Payer::BasicFund, Fen::new(9));
        assert_eq!(receipt.steps, [Step::new("J-8-2").given("excluded", 7), paid]);
    }

    /// Each bill has its own receipt and total, however many there are, and the next year begins anew.
    #[test]
    fn bills_stay_apart() {
        let mut record = Record::default();
        for _ in 0..2 {
            let bills: Vec<_> = (0..50)
                .map(|fen| {
                    record.begin();
                    step(&mut record, fen);
                    assert_eq!(record.total(Payer::BasicFund), Fen::new(fen));
                    record.end()
                })
                .collect();
            for (fen, bill) in (0..50).zip(bills) {
                let receipt = record.receipt(bill);
                assert_eq!((receipt.steps.len(), receipt.sum()), (1, Fen::new(fen)));
                assert_eq!(receipt.accumulated("basic_paid"), Some(Fen::new(fen)));
            }
            record.clear();
        }
    }

    /// What was said of a bill that is refused half way is on no receipt.
    #[test]
    fn a_bill_that_did_not_end_is_forgotten() {
        let mut record = Record::default();
        record.begin();
        step(&mut record, 1);
        record.begin();
        step(&mut record, 2);
        assert_eq!(record.total(Payer::BasicFund), Fen::new(2));
        let bill = record.end();
        assert_eq!((record.receipt(bill).sum(), record.receipt(0..record.end).steps.len()), (Fen::new(2), 1));
    }
}
