//! What each payer owes on a bill, as the ledger keeps it.

use std::iter::Sum;
use std::ops::{Add, Neg, Sub};

use juyi_domain::money::Fen;
use juyi_domain::settlement::one_stop;
use juyi_kit::error::Error;

/// The bill and its parts by payer. A difference or a mirror has negative parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shares {
    /// Whole bill.
    pub total: Fen,
    /// Part inside the three catalogues.
    pub eligible: Fen,
    /// Residents' basic fund.
    pub basic_fund: Fen,
    /// Critical illness insurance.
    pub critical_illness: Fen,
    /// Medical assistance.
    pub medical_assistance: Fen,
    /// Veterans' assistance.
    pub veterans_assistance: Fen,
    /// The person.
    pub person: Fen,
    /// Maternity insurance.
    pub maternity: Fen,
}

impl Shares {
    /// The shares of a bill.
    #[must_use]
    pub const fn of(total: Fen, eligible: Fen, parts: &one_stop::Shares) -> Self {
        Self {
            total,
            eligible,
            basic_fund: parts.basic,
            critical_illness: parts.critical_illness,
            medical_assistance: parts.medical_assistance,
            veterans_assistance: parts.veterans_assistance,
            person: parts.person,
            maternity: parts.maternity,
        }
    }

    /// True when nothing is posted.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }

    /// True when aid is posted.
    #[must_use]
    pub const fn moves_aid(&self) -> bool {
        !self.medical_assistance.is_zero() || !self.veterans_assistance.is_zero()
    }

    /// What maternity insurance pays above the whole bill, where it pays a fixed amount (AMB-084): what the parts are more
    /// than the whole. Linear, so that it holds of differences and mirrors, too.
    #[must_use]
    pub fn maternity_above_cost(&self) -> Fen {
        self.parts().into_iter().sum::<Fen>() - self.total
    }

    const fn parts(&self) -> [Fen; 6] {
        [
            self.basic_fund,
            self.critical_illness,
            self.maternity,
            self.medical_assistance,
            self.veterans_assistance,
            self.person,
        ]
    }

    /// The identities that every settled bill keeps: the parts sum to the whole, no part is below zero, and the
    /// eligible part is no larger than the whole. Above the whole pays maternity insurance alone, when nobody else pays
    /// anything (AMB-084).
    ///
    /// # Errors
    /// A fault; such shares are never stored.
    pub fn conserve(&self) -> Result<(), Error> {
        let above = self.maternity_above_cost();
        if above.is_negative() || (!above.is_zero() && self.maternity != self.total + above) {
            return Err(Error::Fault("the shares of a bill do not sum to its total"));
        }
        if self.parts().iter().any(|part| part.is_negative()) || self.eligible.is_negative() {
            return Err(Error::Fault("a share of a bill is negative"));
        }
        if self.eligible > self.total {
            return Err(Error::Fault("the eligible part of a bill is larger than its total"));
        }
        Ok(())
    }
}

impl Add for Shares {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            total: self.total + other.total,
            eligible: self.eligible + other.eligible,
            basic_fund: self.basic_fund + other.basic_fund,
            critical_illness: self.critical_illness + other.critical_illness,
            medical_assistance: self.medical_assistance + other.medical_assistance,
            veterans_assistance: self.veterans_assistance + other.veterans_assistance,
            person: self.person + other.person,
            maternity: self.maternity + other.maternity,
        }
    }
}

impl Neg for Shares {
    type Output = Self;
    fn neg(self) -> Self {
        Self {
            total: -self.total,
            eligible: -self.eligible,
            basic_fund: -self.basic_fund,
            critical_illness: -self.critical_illness,
            medical_assistance: -self.medical_assistance,
            veterans_assistance: -self.veterans_assistance,
            person: -self.person,
            maternity: -self.maternity,
        }
    }
}

impl Sub for Shares {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Sum for Shares {
    fn sum<I: Iterator<Item = Self>>(shares: I) -> Self {
        shares.fold(Self::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_that_do_not_conserve_are_a_fault() {
        let sound = Shares {
            total: Fen::new(100),
            eligible: Fen::new(80),
            basic_fund: Fen::new(60),
            person: Fen::new(40),
            ..Shares::default()
        };
        assert!(sound.conserve().is_ok());
        assert!((sound - sound).is_zero());
        for unsound in [
            Shares { person: Fen::new(41), ..sound },
            Shares { person: Fen::new(39), ..sound },
            Shares { person: Fen::new(-1), critical_illness: Fen::new(41), ..sound },
            Shares { eligible: Fen::new(101), ..sound },
        ] {
            assert!(matches!(unsound.conserve(), Err(Error::Fault(_))));
        }
    }

    /// C07, AMB-084: total = funds + person − what maternity insurance pays above the whole.
    #[test]
    fn only_maternity_insurance_pays_above_the_whole() {
        let birth = |total, maternity, person| Shares {
            total: Fen::new(total),
            eligible: Fen::new(total),
            maternity: Fen::new(maternity),
            person: Fen::new(person),
            ..Shares::default()
        };
        for (shares, above) in [
            (birth(400_000, 228_000, 172_000), 0),
            (birth(228_000, 228_000, 0), 0),
            (birth(150_000, 228_000, 0), 78_000),
        ] {
            assert!(shares.conserve().is_ok());
            assert_eq!(shares.maternity_above_cost(), Fen::new(above));
            assert_eq!((-shares).maternity_above_cost(), Fen::new(-above));
            assert_eq!((shares - shares).maternity_above_cost(), Fen::ZERO);
        }
        for unsound in [
            birth(150_000, 228_000, 1),
            Shares { basic_fund: Fen::new(1), ..birth(150_000, 228_000, 0) },
            Shares { basic_fund: Fen::new(228_000), maternity: Fen::ZERO, ..birth(150_000, 0, 0) },
            birth(150_000, 149_999, 0),
        ] {
            assert!(matches!(unsound.conserve(), Err(Error::Fault(_))));
        }
    }
}
