//! Where the steps of a settlement go: onto a record, of which receipts are made, or, where nobody reads them, nowhere.
//!
//! Rules are written once against [`Trace`]. Amounts count by the same call that says their line, so that an explanation
//! can never differ from what is paid.

use crate::codes::Payer;
use crate::money::Fen;
use crate::receipt::Step;

/// Takes the steps of one bill after the other, each in their order.
///
/// A step comes as what can tell it: a closure that holds its amounts and points at the law and the bill, which outlive
/// the trace (`'a`). It is called where a receipt is made.
pub trait Trace<'a> {
    /// What it keeps of a bill.
    type Bill;

    /// Begins a bill. What was said of one that did not end is forgotten.
    fn begin(&mut self);

    /// A step that pays nothing.
    fn step(&mut self, step: impl Fn() -> Step + Copy + 'a);

    /// A payment line.
    fn pay(&mut self, payer: Payer, amount: Fen, step: impl Fn() -> Step + Copy + 'a);

    /// What a payer pays so far on the bill.
    fn total(&self, payer: Payer) -> Fen;

    /// Ends the bill.
    fn end(&mut self) -> Self::Bill;
}

/// Amounts without their explanation, for recounts of whole districts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    by_payer: [Fen; Payer::ALL.len()],
}

impl Amounts {
    pub(super) fn add(&mut self, payer: Payer, amount: Fen) {
        self.by_payer[payer as usize] += amount;
    }

    pub(super) const fn of(&self, payer: Payer) -> Fen {
        self.by_payer[payer as usize]
    }
}

impl<'a> Trace<'a> for Amounts {
    type Bill = Self;

    fn begin(&mut self) {
        *self = Self::default();
    }

    fn step(&mut self, _step: impl Fn() -> Step + Copy + 'a) {}

    fn pay(&mut self, payer: Payer, amount: Fen, _step: impl Fn() -> Step + Copy + 'a) {
        self.add(payer, amount);
    }

    fn total(&self, payer: Payer) -> Fen {
        self.of(payer)
    }

    fn end(&mut self) -> Self {
        *self
    }
}
