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
    /// Eligible cost of outpatient care that fills its deductible; general treatment fees do not (AMB-065).
    pub outpatient_eligible: Fen,
    /// General treatment fees of village clinics (J-5.1.5-b).
    pub general_fee: Fen,
    /// Paid by the basic fund for outpatient care, general treatment fees included (J-5.1.T-o, AMB-065).
    pub outpatient_paid: Fen,
    /// The part of it that was paid for general treatment fees.
    pub general_fee_paid: Fen,
}

impl Accumulators {
    /// All outpatient cost that counts, fees included (AMB-063).
    #[must_use]
    pub fn outpatient_cost(&self) -> Fen {
        self.outpatient_eligible + self.general_fee
    }
}

/// What a person brings into a year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// Unspent outpatient balances of earlier years, oldest first (J-5.1.2-b, AMB-064).
    pub balances: Vec<CarriedBalance>,
    /// Years in a row before this one whose outpatient cost did not exceed their deductible (J-5.1.1-a to -c).
    pub unused_outpatient_years: u32,
}

/// What an earlier year left of its outpatient maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CarriedBalance {
    /// The year that left it.
    pub origin_year: i32,
    /// How much of it is left at the beginning of the year.
    pub amount: Fen,
}
