//! Where the steps of a settlement go: onto a receipt, or, where nobody reads them, nowhere.
//!
//! Rules are written once against [`Trace`]. Amounts count by the same call that writes their line, so that an explanation
//! can never differ from what is paid.

use crate::codes::Payer;
use crate::money::Fen;
use crate::receipt::{Receipt, Step};

/// Takes the steps of one bill in their order.
pub trait Trace: Default {
    /// A step that pays nothing. It is made only where somebody reads it.
    fn step(&mut self, step: impl FnOnce() -> Step);

    /// A payment line.
    fn pay(&mut self, payer: Payer, amount: Fen, step: impl FnOnce() -> Step);

    /// What a payer pays so far.
    fn total(&self, payer: Payer) -> Fen;
}

impl Trace for Receipt {
    fn step(&mut self, step: impl FnOnce() -> Step) {
        self.push(step());
    }

    fn pay(&mut self, payer: Payer, amount: Fen, step: impl FnOnce() -> Step) {
        self.push(step().paying(payer, amount));
    }

    fn total(&self, payer: Payer) -> Fen {
        Self::total(self, payer)
    }
}

/// Amounts without their explanation, for recounts of whole districts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    by_payer: [Fen; Payer::ALL.len()],
}

impl Trace for Amounts {
    fn step(&mut self, _step: impl FnOnce() -> Step) {}

    fn pay(&mut self, payer: Payer, amount: Fen, _step: impl FnOnce() -> Step) {
        self.by_payer[payer as usize] += amount;
    }

    fn total(&self, payer: Payer) -> Fen {
        self.by_payer[payer as usize]
    }
}
