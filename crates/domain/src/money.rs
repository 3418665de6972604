//! Money in whole fen and rates as exact decimals; they meet in [`Portion`] alone.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};

/// An amount in fen (1/100 yuan). Negative only in differences and reversal entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(i64);

impl Fen {
    /// No money.
    pub const ZERO: Self = Self(0);
    /// The largest amount a request may carry: ten billion yuan, far above any bill and far below overflow.
    pub const MAX_INPUT: Self = Self(1_000_000_000_000);

    /// An amount in fen.
    #[must_use]
    pub const fn new(fen: i64) -> Self {
        Self(fen)
    }

    /// An amount of whole yuan, as the documents print it.
    #[must_use]
    pub const fn yuan(yuan: i64) -> Self {
        Self(yuan * 100)
    }

    /// The number of fen.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// True below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// True at zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// What remains of `self` above `other`, never below zero.
    #[must_use]
    pub fn above(self, other: Self) -> Self {
        Self((self.0 - other.0).max(0))
    }

    /// This amount at a rate, still exact: add portions up, then round once.
    #[must_use]
    pub fn at(self, rate: Rate) -> Portion {
        Portion(Decimal::from(self.0) * rate.0)
    }
}

// Plain operators overflow only beyond 92 quadrillion yuan; inputs are limited to `MAX_INPUT`, and the
// workspace builds with overflow checks, so an impossible sum stops instead of wrapping.
impl Add for Fen {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}
impl Sub for Fen {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}
impl Neg for Fen {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}
impl AddAssign for Fen {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}
impl SubAssign for Fen {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}
impl Sum for Fen {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}
impl fmt::Display for Fen {
    /// Yuan with two decimals: `13650.00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", fen / 100, fen % 100)
    }
}

/// A share between 0 and 1, exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rate(Decimal);

impl Rate {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// A rate in whole percentage points, as the documents print it.
    #[must_use]
    pub fn percent(points: u32) -> Self {
        Self(Decimal::new(i64::from(points), 2))
    }

    /// A rate from a decimal between 0 and 1; `None` outside.
    #[must_use]
    pub fn maybe_from_decimal(rate: Decimal) -> Option<Self> {
        (Decimal::ZERO..=Decimal::ONE).contains(&rate).then_some(Self(rate))
    }

    /// The rate as a decimal between 0 and 1.
    #[must_use]
    pub const fn as_decimal(self) -> Decimal {
        self.0
    }

    /// This rate raised by whole percentage points.
    #[must_use]
    pub fn plus_points(self, points: u32) -> Self {
        Self(self.0 + Self::percent(points).0)
    }

    /// This rate lowered by whole percentage points, never below nothing.
    #[must_use]
    pub fn minus_points(self, points: u32) -> Self {
        Self((self.0 - Self::percent(points).0).max(Decimal::ZERO))
    }

    /// The rate in basis points (70 % is 7000).
    #[must_use]
    pub fn basis_points(self) -> i64 {
        (self.0 * Decimal::from(10_000)).round().to_i64().unwrap_or(0)
    }
}

impl fmt::Display for Rate {
    /// Percent: `70%`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", (self.0 * Decimal::from(100)).normalize())
    }
}

/// An exact, not yet rounded amount. One payment line sums its portions and rounds once (AMB-005).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Portion(Decimal);

impl Portion {
    /// The amount, rounded half up to the fen. The only rounding in the suite.
    #[must_use]
    pub fn round(self) -> Fen {
        let fen = self.0.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        Fen(fen.to_i64().unwrap_or(i64::MAX))
    }
}

impl Add for Portion {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}
impl Sum for Portion {
    fn sum<I: Iterator<Item = Self>>(portions: I) -> Self {
        portions.fold(Self::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_half_up_once_per_line() {
        // AMB-005: 33.33 at 65 % is 21.6645; 33.35 at 50 % is 16.675.
        assert_eq!(Fen::new(3333).at(Rate::percent(65)).round(), Fen::new(2166));
        assert_eq!(Fen::new(3335).at(Rate::percent(50)).round(), Fen::new(1668));
        // Two halves of a fen are one fen when summed before rounding.
        let two: Portion = [Fen::new(1), Fen::new(1)].map(|fen| fen.at(Rate::percent(50))).into_iter().sum();
        assert_eq!(two.round(), Fen::new(1));
    }

    #[test]
    fn prints_yuan() {
        assert_eq!(Fen::new(1_365_000).to_string(), "13650.00");
        assert_eq!(Fen::new(-5).to_string(), "-0.05");
        assert_eq!(Rate::percent(70).to_string(), "70%");
        assert_eq!([5, 71].map(|points| Rate::percent(70).minus_points(points)), [65, 0].map(Rate::percent));
    }
}
