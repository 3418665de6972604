//! What a person has used in a year. Derivable from the bills of the year, and never anything else.

use crate::money::Fen;

/// Running totals of one person and benefit year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accumulators {
    /// Covered stays that began in the year, home beds included (AMB-057, AMB-066, AMB-140).
    pub stays: u32,
    /// Deductible borne, of stays and special outpatient care together (AMB-056).
    pub deductible_used: Fen,
    /// Eligible cost of stays and special outpatient care.
    pub eligible: Fen,
    /// Paid by the basic fund against the maximum of stays and special outpatient care.
    pub basic_paid: Fen,
    /// Part of the carried balances that was used, oldest first (AMB-064).
    pub balance_used: Fen,
    /// Days of home bed that were paid (J-5.1.T-r).
    pub home_bed_days: u32,
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

impl Opening {
    /// All balances together.
    #[must_use]
    pub fn balance(&self) -> Fen {
        self.balances.iter().map(|balance| balance.amount).sum()
    }

    /// The balances after a part of them was used, oldest first: an unspent quota that is spent is gone (AMB-064).
    /// Balances that are used up stay with nothing left.
    pub fn left_after(&self, used: Fen) -> impl Iterator<Item = CarriedBalance> {
        let mut used = used;
        self.balances.iter().map(move |balance| {
            let taken = used.min(balance.amount);
            used -= taken;
            CarriedBalance { amount: balance.amount - taken, ..*balance }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// J-5.1.2-b, AMB-064: 2500.00 and 4000.00 are 6500.00, and the older is used first.
    #[test]
    fn the_oldest_balance_is_used_first() {
        let balance = |origin_year, yuan| CarriedBalance { origin_year, amount: Fen::yuan(yuan) };
        let opening = Opening { balances: vec![balance(2019, 2_500), balance(2020, 4_000)], ..Opening::default() };
        assert_eq!(opening.balance(), Fen::yuan(6_500));
        let left = |yuan| opening.left_after(Fen::yuan(yuan)).map(|left| left.amount).collect::<Vec<_>>();
        assert_eq!(left(0), [2_500, 4_000].map(Fen::yuan));
        assert_eq!(left(2_500), [0, 4_000].map(Fen::yuan));
        assert_eq!(left(3_000), [0, 3_500].map(Fen::yuan));
        assert_eq!(left(6_500), [0, 0].map(Fen::yuan));
    }
}
