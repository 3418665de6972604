//! The years of a prepayment.

use crate::refusal::{Reason, Refusal};

/// The years prepaid. The documents do not say how academic years and policy years meet, so that both are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// First policy year.
    pub first_year: i32,
    /// Last policy year.
    pub last_year: i32,
    /// Academic years.
    pub academic_years: u32,
}

impl Term {
    /// True when the policy year is prepaid.
    #[must_use]
    pub const fn covers(self, policy_year: i32) -> bool {
        self.first_year <= policy_year && policy_year <= self.last_year
    }

    /// True when both share a year.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.first_year <= other.last_year && other.first_year <= self.last_year
    }

    /// Checks that the term ends not before it begins, and has at most one policy year more than academic years: the
    /// documents do not say how they meet, but an academic year touches two policy years at most (AMB-036).
    ///
    /// # Errors
    /// `DATE_ORDER`, `VALUE_NOT_ALLOWED`.
    pub fn check(self) -> Result<(), Refusal> {
        if self.last_year < self.first_year {
            let detail = format!("the term ends before its first year {}", self.first_year);
            return Err(Refusal::new(Reason::DateOrder, detail).at("last_policy_year"));
        }
        if i64::from(self.policy_years()) > i64::from(self.academic_years) + 1 {
            let detail = format!("{} academic years have no {} policy years", self.academic_years, self.policy_years());
            return Err(Refusal::new(Reason::ValueNotAllowed, detail).at("last_policy_year").by("J-3.3.3-a"));
        }
        Ok(())
    }

    /// Number of policy years.
    #[must_use]
    pub const fn policy_years(self) -> i32 {
        self.last_year - self.first_year + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_meet_in_a_common_year() {
        let term = |first_year, last_year| Term { first_year, last_year, academic_years: 1 };
        assert!(term(2021, 2024).overlaps(term(2024, 2026)) && term(2024, 2026).overlaps(term(2021, 2024)));
        assert!(!term(2021, 2024).overlaps(term(2025, 2026)));
        assert!(term(2021, 2024).covers(2024) && !term(2021, 2024).covers(2025));
    }

    /// J-3.3.3-a, AMB-036.
    #[test]
    fn academic_years_bound_the_policy_years() {
        let term = |last_year| Term { first_year: 2021, last_year, academic_years: 4 };
        assert_eq!((term(2024).check(), term(2025).check()), (Ok(()), Ok(())));
        assert_eq!(term(2026).check().unwrap_err().reason, Reason::ValueNotAllowed);
        assert_eq!(term(2020).check().unwrap_err().reason, Reason::DateOrder);
    }
}
