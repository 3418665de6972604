//! What a person has used in a year. Derivable from the bills of the year, and never anything else.

use crate::money::Fen;

/// Running totals of one person and benefit year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accumulators {
    /// Stays that began in the year (AMB-057).
    pub stays: u32,
    /// Deductible borne.
    pub deductible_used: Fen,
    /// Eligible cost.
    pub eligible: Fen,
    /// Paid by the basic fund.
    pub basic_paid: Fen,
    /// Eligible cost less what the basic fund paid: the burden that critical illness insurance cumulates.
    pub burden: Fen,
    /// Paid by critical illness insurance.
    pub critical_illness_paid: Fen,
}
