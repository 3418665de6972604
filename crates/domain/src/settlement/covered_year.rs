//! How the days of a year are covered: from when to when, and whether without a gap.

use chrono::NaiveDate;

use crate::dates::Period;

/// The covered days of a year, of which there is one at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoveredYear {
    /// The first of them.
    pub first_on: NaiveDate,
    /// The last of them.
    pub last_on: NaiveDate,
    /// Every day of the year is one of them (B-5.3-a).
    pub whole_year: bool,
}

impl CoveredYear {
    /// What periods in any order, which may overlap, cover of a year; `None` for nothing.
    #[must_use]
    pub fn maybe_of(policy_year: i32, periods: &[Period]) -> Option<Self> {
        let year = Period::of_year(policy_year)?;
        let mut periods: Vec<Period> = periods.iter().copied().filter(|period| period.overlaps(year)).collect();
        periods.sort_unstable();
        let last_on = periods.iter().map(|period| period.last_day()).max()?;
        // The first day that is not covered, the periods being in the order of their beginnings.
        let reach = |open: NaiveDate, period: &Period| if period.contains(open) { period.end() } else { open };
        Some(Self {
            first_on: periods.first()?.start().max(year.start()),
            last_on: last_on.min(year.last_day()),
            whole_year: periods.iter().fold(year.start(), reach) >= year.end(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::written::day;

    /// Half-open.
    fn covered(periods: &[(&str, &str)]) -> Option<(String, String, bool)> {
        let periods: Vec<Period> =
            periods.iter().map(|(start, end)| Period::maybe_new(day(start), day(end)).unwrap()).collect();
        let covered = CoveredYear::maybe_of(2021, &periods)?;
        Some((covered.first_on.to_string(), covered.last_on.to_string(), covered.whole_year))
    }

    fn days(first: &str, last: &str, whole_year: bool) -> Option<(String, String, bool)> {
        Some((day(first).to_string(), day(last).to_string(), whole_year))
    }

    /// B-5.3-a: one day missing is not the whole year.
    #[test]
    fn the_whole_year_is_covered_without_a_gap() {
        let year = days("2021-01-01", "2021-12-31", true);
        assert_eq!(covered(&[("2021-01-01", "2022-01-01")]), year);
        assert_eq!(covered(&[("2020-09-01", "2022-09-01")]), year);
        assert_eq!(covered(&[("2021-07-01", "2022-01-01"), ("2021-01-01", "2021-07-01")]), year);
        assert_eq!(
            covered(&[("2021-01-01", "2021-09-01"), ("2021-02-01", "2021-03-01"), ("2021-08-01", "2022-01-01")]),
            year
        );
        let gap = days("2021-01-01", "2021-12-31", false);
        assert_eq!(covered(&[("2021-01-01", "2021-07-01"), ("2021-07-02", "2022-01-01")]), gap);
        assert_eq!(covered(&[("2021-01-02", "2022-01-01")]), days("2021-01-02", "2021-12-31", false));
        assert_eq!(covered(&[("2021-01-01", "2021-12-31")]), days("2021-01-01", "2021-12-30", false));
    }

    #[test]
    fn days_of_other_years_are_none() {
        assert_eq!(covered(&[]), None);
        assert_eq!(covered(&[("2020-01-01", "2021-01-01"), ("2022-01-01", "2022-02-01")]), None);
        assert_eq!(covered(&[("2020-01-01", "2021-01-02")]), days("2021-01-01", "2021-01-01", false));
    }
}
