//! Money in whole fen and rates in whole billionths; they meet in [`Portion`] alone.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

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
        Portion(i128::from(self.0) * i128::from(rate.0))
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

/// A share between 0 and 1 in whole billionths: seven decimals of a percentage, where the documents print none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(i64);

/// Decimals of a rate.
const SCALE: u32 = 9;
/// Parts of a whole.
const PARTS: i64 = 1_000_000_000;

impl Rate {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// A rate in whole percentage points, as the documents print it.
    #[must_use]
    pub const fn percent(points: u32) -> Self {
        Self(points as i64 * (PARTS / 100))
    }

    /// A rate from a decimal between 0 and 1 of up to nine decimals; `None` outside.
    #[must_use]
    pub fn maybe_from_decimal(rate: Decimal) -> Option<Self> {
        let within = (Decimal::ZERO..=Decimal::ONE).contains(&rate);
        Self::maybe_exact(rate).filter(|_| within)
    }

    fn maybe_exact(rate: Decimal) -> Option<Self> {
        let parts = rate.checked_mul(Decimal::from(PARTS))?;
        if parts.fract().is_zero() { parts.to_i64().map(Self) } else { None }
    }

    /// The rate as a decimal between 0 and 1.
    #[must_use]
    pub fn as_decimal(self) -> Decimal {
        Decimal::new(self.0, SCALE).normalize()
    }

    /// This rate raised by whole percentage points, never above the whole.
    #[must_use]
    pub fn plus_points(self, points: u32) -> Self {
        Self((self.0 + Self::percent(points).0).min(Self::percent(100).0))
    }

    /// This rate lowered by whole percentage points, never below nothing.
    #[must_use]
    pub fn minus_points(self, points: u32) -> Self {
        Self((self.0 - Self::percent(points).0).max(0))
    }

    /// The rate in basis points (70 % is 7000).
    #[must_use]
    pub const fn basis_points(self) -> i64 {
        const POINT: i64 = PARTS / 10_000;
        (self.0 + POINT / 2) / POINT
    }
}

impl fmt::Display for Rate {
    /// Percent: `70%`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", Decimal::new(self.0, SCALE - 2).normalize())
    }
}

/// The decimal as a text: no reader takes it for a float.
impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.as_decimal())
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let exact = Self::maybe_exact(Deserialize::deserialize(deserializer)?);
        exact.ok_or_else(|| de::Error::custom("a rate of more than nine decimals"))
    }
}

/// An exact, not yet rounded amount, in billionths of a fen. One payment line sums its portions and rounds once (AMB-005).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Portion(i128);

impl Portion {
    /// The amount, rounded half up (a half away from zero) to the fen. The only rounding in the suite.
    #[must_use]
    pub fn round(self) -> Fen {
        // Up to 92 million yuan the parts fit a machine word, whose division by a constant is a multiplication.
        if let Ok(parts) = i64::try_from(self.0) {
            let (whole, rest) = (parts / PARTS, parts % PARTS);
            return Fen(whole + i64::from(rest >= PARTS / 2) - i64::from(rest <= -PARTS / 2));
        }
        let parts = i128::from(PARTS);
        let (whole, rest) = (self.0 / parts, self.0 % parts);
        let whole = whole + i128::from(rest >= parts / 2) - i128::from(rest <= -parts / 2);
        Fen(i64::try_from(whole).unwrap_or(i64::MAX))
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
        // A difference rounds as its mirror.
        assert_eq!(Fen::new(-3335).at(Rate::percent(50)).round(), Fen::new(-1668));
        assert_eq!(Fen::new(-3333).at(Rate::percent(65)).round(), Fen::new(-2166));
    }

    /// AMB-005: on both sides of what a machine word holds, and at every last digit, as exact decimals round.
    #[test]
    fn rounds_as_decimals_do() {
        let rates = [Rate::percent(0), Rate::percent(55), Rate::percent(100), Rate(666_666_667), Rate(1)];
        for fen in [0, 1, 9, 10, 4_999, 5_000, 5_001, 9_223_372_036, 9_223_372_037, Fen::MAX_INPUT.0] {
            for rate in rates {
                for fen in [fen, -fen] {
                    let exact = Decimal::from(fen) * rate.as_decimal();
                    let strategy = rust_decimal::RoundingStrategy::MidpointAwayFromZero;
                    let rounded = exact.round_dp_with_strategy(0, strategy).to_i64().unwrap();
                    assert_eq!(Fen(fen).at(rate).round(), Fen(rounded), "{fen} at {rate}");
                }
            }
        }
    }

    /// An overlay may print decimals; what cannot be held exactly is no rate.
    #[test]
    fn rates_are_exact() {
        let rate = |text: &str| Rate::maybe_from_decimal(text.parse().unwrap());
        assert_eq!(rate("0.025").map(|rate| (rate.to_string(), rate.basis_points())), Some(("2.5%".to_owned(), 250)));
        assert_eq!(rate("0.123456789").unwrap().as_decimal().to_string(), "0.123456789");
        assert_eq!((rate("1"), rate("1.000000001")), (Some(Rate::percent(100)), None));
        assert_eq!((rate("0.1234567891"), rate("-0.1")), (None, None));
        assert_eq!([5, 31].map(|points| Rate::percent(70).plus_points(points)), [75, 100].map(Rate::percent));
        assert_eq!([5, 71].map(|points| Rate::percent(70).minus_points(points)), [65, 0].map(Rate::percent));
    }

    #[test]
    fn prints_yuan() {
        assert_eq!(Fen::new(1_365_000).to_string(), "13650.00");
        assert_eq!(Fen::new(-5).to_string(), "-0.05");
        assert_eq!(Rate::percent(70).to_string(), "70%");
        assert_eq!([5, 71].map(|points| Rate::percent(70).minus_points(points)), [65, 0].map(Rate::percent));
    }
}
