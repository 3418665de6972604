//! Civil dates in China Standard Time and half-open periods.

use std::fmt;

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// The earliest date a request may carry.
pub const EARLIEST: NaiveDate = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap();
/// The first date a request may not carry.
pub const LATEST: NaiveDate = NaiveDate::from_ymd_opt(2100, 1, 1).unwrap();

/// A half-open period of days: `start` belongs to it, `end` does not. Never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    start: NaiveDate,
    end: NaiveDate,
}

impl Period {
    /// A period from its first day to the day after its last; `None` if it holds no day.
    #[must_use]
    pub fn maybe_new(start: NaiveDate, end: NaiveDate) -> Option<Self> {
        (start < end).then_some(Self { start, end })
    }

    /// A period as the law says it, last day included; `None` if `last` lies before `start`.
    #[must_use]
    pub fn maybe_inclusive(start: NaiveDate, last: NaiveDate) -> Option<Self> {
        Self::maybe_new(start, last.succ_opt()?)
    }

    /// The calendar year.
    #[must_use]
    pub fn of_year(year: i32) -> Option<Self> {
        Self::maybe_new(NaiveDate::from_ymd_opt(year, 1, 1)?, NaiveDate::from_ymd_opt(year + 1, 1, 1)?)
    }

    /// First day.
    #[must_use]
    pub const fn start(self) -> NaiveDate {
        self.start
    }

    /// First day after the period.
    #[must_use]
    pub const fn end(self) -> NaiveDate {
        self.end
    }

    /// Last day of the period, as the law speaks.
    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        self.end.pred_opt().unwrap_or(self.start)
    }

    /// True when the day belongs to the period.
    #[must_use]
    pub fn contains(self, day: NaiveDate) -> bool {
        self.start <= day && day < self.end
    }

    /// True when both share a day.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

impl fmt::Display for Period {
    /// Both days as the law names them: `2021-01-01 to 2021-12-31`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.start, self.last_day())
    }
}

/// First day of the month `months` after the one `day` lies in ("the month after" is 1).
#[must_use]
pub fn first_of_month_after(day: NaiveDate, months: u32) -> NaiveDate {
    day.with_day(1).and_then(|first| first.checked_add_months(Months::new(months))).unwrap_or(NaiveDate::MAX)
}

/// The same day some months later, clamped to the last day of a shorter month (AMB-006).
#[must_use]
pub fn add_months(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX)
}

/// Full years reached on `day` by a person born on `born_on`; a birthday counts from its own day (AMB-008).
#[must_use]
pub fn age_on(born_on: NaiveDate, day: NaiveDate) -> Option<u32> {
    day.years_since(born_on)
}

/// 31 December of a year.
#[must_use]
pub fn year_end(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(NaiveDate::MAX)
}

/// A day or an inclusive period as tests write them.
#[cfg(test)]
pub(crate) mod written {
    use super::{NaiveDate, Period};

    pub(crate) fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    pub(crate) fn period(first: &str, last: &str) -> Period {
        Period::maybe_inclusive(day(first), day(last)).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::written::day;
    use super::*;

    #[test]
    fn month_arithmetic_clamps() {
        assert_eq!(add_months(day("2021-01-31"), 3), day("2021-04-30"));
        assert_eq!(add_months(day("2020-10-31"), 4), day("2021-02-28"));
        assert_eq!(first_of_month_after(day("2021-02-26"), 3), day("2021-05-01"));
    }

    #[test]
    fn a_period_never_is_empty() {
        assert_eq!(Period::maybe_new(day("2021-01-01"), day("2021-01-01")), None);
        let year = Period::of_year(2021).unwrap();
        assert!(year.contains(day("2021-12-31")) && !year.contains(day("2022-01-01")));
        assert_eq!(year.to_string(), "2021-01-01 to 2021-12-31");
    }
}
