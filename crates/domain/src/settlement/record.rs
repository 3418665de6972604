//! What settlement says of its bills, kept as it is computed and told where a receipt is made.
//!
//! A step is kept as the closure that tells it, in an arena: the few amounts it speaks of, and where the law and the bill
//! stand. To keep one is to store these words; names, clauses and lists come into being only where somebody reads them.

use std::fmt;

use super::trace::{Amounts, Trace};
use crate::codes::Payer;
use crate::money::Fen;
use crate::receipt::{Receipt, Step};

/// Where steps are kept. Everything in it goes at once, and its room serves again after a `reset`.
pub type Arena = bumpalo::Bump;

/// What was said of the bills of a year.
pub struct Record<'a> {
    arena: &'a Arena,
    /// Of the bill at hand.
    steps: Steps<'a>,
    amounts: Amounts,
}

/// The steps of a bill: the last one, which knows the one before it.
#[derive(Clone, Copy, Default)]
pub struct Steps<'a>(Option<&'a Kept<'a, dyn Fn() -> Step + 'a>>);

struct Kept<'a, Tells: ?Sized> {
    earlier: Steps<'a>,
    tells: Tells,
}

impl<'a> Record<'a> {
    /// An empty record in an arena.
    #[must_use]
    pub fn new(arena: &'a Arena) -> Self {
        Self { arena, steps: Steps::default(), amounts: Amounts::default() }
    }

    #[inline]
    fn keep(&mut self, tells: impl Fn() -> Step + Copy + 'a) {
        self.steps = Steps(Some(self.arena.alloc(Kept { earlier: self.steps, tells })));
    }
}

impl<'a> Trace<'a> for Record<'a> {
    type Bill = Steps<'a>;

    fn begin(&mut self) {
        self.steps = Steps::default();
        self.amounts.begin();
    }

    #[inline]
    fn step(&mut self, step: impl Fn() -> Step + Copy + 'a) {
        self.keep(step);
    }

    #[inline]
    fn pay(&mut self, payer: Payer, amount: Fen, step: impl Fn() -> Step + Copy + 'a) {
        self.amounts.add(payer, amount);
        self.keep(move || step().paying(payer, amount));
    }

    fn total(&self, payer: Payer) -> Fen {
        self.amounts.of(payer)
    }

    fn end(&mut self) -> Self::Bill {
        self.steps
    }
}

impl<'a> Steps<'a> {
    /// The receipt.
    #[must_use]
    pub fn receipt(self) -> Receipt {
        let mut steps = Vec::with_capacity(self.last_first().count());
        steps.extend(self.last_first().map(|kept| (kept.tells)()));
        steps.reverse();
        Receipt { steps }
    }

    fn last_first(self) -> impl Iterator<Item = &'a Kept<'a, dyn Fn() -> Step + 'a>> {
        std::iter::successors(self.0, |kept| kept.earlier.0)
    }
}

/// Shown as what it says.
impl fmt::Debug for Steps<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.receipt().fmt(f)
    }
}

/// The receipt of what a rule by itself says, and what it answers.
#[cfg(test)]
pub fn explained<'a, T>(arena: &'a Arena, decide: impl FnOnce(&mut Record<'a>) -> T) -> (T, Receipt) {
    let mut record = Record::new(arena);
    let answer = decide(&mut record);
    (answer, record.end().receipt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effective::Effective;
    use crate::money::Rate;

    fn rate() -> Effective<Rate> {
        Effective::printed(Rate::percent(70), "J-5.1.T-c")
    }

    fn paid(rate: &Effective<Rate>, fen: i64) -> Step {
        let step = Step::by(rate, |rate| (*rate).into()).given("eligible", Fen::new(2 * fen));
        step.moving("basic_paid", Fen::ZERO, Fen::new(fen)).marked("MAXIMUM_REACHED")
    }

    fn pay<'a>(record: &mut Record<'a>, rate: &'a Effective<Rate>, fen: i64) {
        record.pay(Payer::BasicFund, Fen::new(fen), move || paid(rate, fen));
    }

    /// A receipt tells the steps in their order, payments as lines.
    #[test]
    fn a_receipt_tells_what_was_kept() {
        let (arena, rate) = (Arena::new(), rate());
        let excluded = || Step::new("J-8-2").given("excluded", 7);
        let ((), receipt) = explained(&arena, |record| {
            record.step(excluded);
            pay(record, &rate, 9);
        });
        assert_eq!(receipt.steps, [excluded(), paid(&rate, 9).paying(Payer::BasicFund, Fen::new(9))]);
    }

    /// Each bill has its own receipt and total, however many there are, and room that was used before serves again.
    #[test]
    fn bills_stay_apart() {
        let (mut arena, rate) = (Arena::new(), rate());
        for _ in 0..2 {
            arena.reset();
            let mut record = Record::new(&arena);
            let bills: Vec<_> = (0..50)
                .map(|fen| {
                    record.begin();
                    pay(&mut record, &rate, fen);
                    assert_eq!(record.total(Payer::BasicFund), Fen::new(fen));
                    record.end()
                })
                .collect();
            for (fen, bill) in (0..50).zip(bills) {
                let receipt = bill.receipt();
                assert_eq!((receipt.steps.len(), receipt.sum()), (1, Fen::new(fen)));
                assert_eq!(receipt.accumulated("basic_paid"), Some(Fen::new(fen)));
            }
        }
    }

    /// What was said of a bill that is refused half way is on no receipt.
    #[test]
    fn a_bill_that_did_not_end_is_forgotten() {
        let (arena, rate) = (Arena::new(), rate());
        let mut record = Record::new(&arena);
        record.begin();
        pay(&mut record, &rate, 1);
        record.begin();
        pay(&mut record, &rate, 2);
        assert_eq!(record.total(Payer::BasicFund), Fen::new(2));
        let receipt = record.end().receipt();
        assert_eq!((receipt.sum(), receipt.steps.len()), (Fen::new(2), 1));
    }
}
