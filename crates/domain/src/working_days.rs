//! Working days: Monday to Friday, as statutory holidays and adjusted weekends move them.
//!
//! The holidays come from the table of the `chinese_holiday` crate, which holds what the State Council announced for 2004
//! to 2026. Outside it nothing is guessed: weekends alone decide, and the answer says so (AMB-111).

use chinese_holiday::{DayKind, Ymd, chinese_holiday};
use chrono::{Datelike, NaiveDate, Weekday};

/// Mark of an answer for which weekends alone decided.
pub const WEEKENDS_ONLY: &str = "CALENDAR_WEEKENDS_ONLY";

/// First day the table knows.
pub const FIRST_KNOWN: NaiveDate = NaiveDate::from_ymd_opt(2004, 1, 1).unwrap();
/// Last day the table knows: what is adjusted around the next New Year is announced later.
pub const LAST_KNOWN: NaiveDate = NaiveDate::from_ymd_opt(2026, 12, 25).unwrap();

/// Which days off are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calendar {
    /// Statutory holidays and adjusted weekends, as far as the table reaches.
    Holidays,
    /// Saturdays and Sundays alone.
    WeekendsOnly,
}

/// What a day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayStanding {
    /// Monday to Friday, no holiday.
    Working,
    /// Saturday or Sunday.
    Weekend,
    /// Statutory holiday with the days moved to it (法定节假日).
    Holiday,
    /// Saturday or Sunday on which work is made up for (调休上班).
    AdjustedWorking,
}

impl DayStanding {
    /// The code that receipts show.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Working => "WORKING",
            Self::Weekend => "WEEKEND",
            Self::Holiday => "HOLIDAY",
            Self::AdjustedWorking => "ADJUSTED_WORKING",
        }
    }
}

impl Calendar {
    /// True when holidays of the day are known to this calendar.
    #[must_use]
    pub fn knows(self, day: NaiveDate) -> bool {
        self == Self::Holidays && (FIRST_KNOWN..=LAST_KNOWN).contains(&day)
    }

    /// What a day is, as far as this calendar knows.
    #[must_use]
    pub fn standing(self, day: NaiveDate) -> DayStanding {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        match (self.maybe_works(day), weekend) {
            (Some(true), true) => DayStanding::AdjustedWorking,
            (Some(false), false) => DayStanding::Holiday,
            (Some(false), true) if self.is_statutory(day) => DayStanding::Holiday,
            (_, true) => DayStanding::Weekend,
            (_, false) => DayStanding::Working,
        }
    }

    fn kind(self, day: NaiveDate) -> Option<DayKind> {
        // The table's own function stops the program outside its days.
        if !self.knows(day) {
            return None;
        }
        let year = u16::try_from(day.year()).ok()?;
        let (month, of_month) = (u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
        Some(chinese_holiday(Ymd::new(year, month, of_month)))
    }

    fn maybe_works(self, day: NaiveDate) -> Option<bool> {
        self.kind(day).map(|kind| kind.is_workday())
    }

    fn is_statutory(self, day: NaiveDate) -> bool {
        self.kind(day).is_some_and(|kind| kind != DayKind::NormalHoliday)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::written::day;

    fn of(text: &str) -> DayStanding {
        Calendar::Holidays.standing(day(text))
    }

    /// Labour Day of 2021 (国办发明电〔2020〕27号): 1 to 5 May off, Sunday 25 April and Saturday 8 May worked.
    #[test]
    fn holidays_and_adjusted_weekends_of_2021() {
        assert_eq!(of("2021-05-05"), DayStanding::Holiday);
        assert_eq!(of("2021-05-01"), DayStanding::Holiday, "a Saturday of the holiday");
        assert_eq!(of("2021-05-06"), DayStanding::Working);
        assert_eq!([of("2021-04-25"), of("2021-05-08")], [DayStanding::AdjustedWorking; 2]);
        assert_eq!(of("2021-05-15"), DayStanding::Weekend);
        assert_eq!([of("2021-02-17"), of("2021-02-20")], [DayStanding::Holiday, DayStanding::AdjustedWorking]);
    }

    /// AMB-111: weekends alone, with no holiday and no adjusted weekend.
    #[test]
    fn weekends_alone_know_no_holiday() {
        let of = |text| Calendar::WeekendsOnly.standing(day(text));
        assert_eq!([of("2021-05-05"), of("2021-05-08")], [DayStanding::Working, DayStanding::Weekend]);
        assert!(!Calendar::WeekendsOnly.knows(day("2021-05-05")));
    }

    /// AMB-111: the days around both ends of the table.
    #[test]
    fn outside_the_table_weekends_decide() {
        for (text, known, standing) in [
            ("2003-12-31", false, DayStanding::Working),
            ("2004-01-01", true, DayStanding::Holiday),
            ("2026-12-25", true, DayStanding::Working),
            ("2026-12-26", false, DayStanding::Weekend),
            ("2027-01-01", false, DayStanding::Working),
            ("1900-01-01", false, DayStanding::Working),
            ("2099-12-31", false, DayStanding::Working),
        ] {
            assert_eq!((Calendar::Holidays.knows(day(text)), of(text)), (known, standing), "{text}");
        }
    }

    #[test]
    fn no_day_of_two_centuries_stops_the_program() {
        let (mut day, end) = (day("1900-01-01"), day("2100-01-01"));
        let mut adjusted = 0;
        while day < end {
            let standing = Calendar::Holidays.standing(day);
            adjusted += i32::from(standing == DayStanding::AdjustedWorking);
            assert!(standing != DayStanding::AdjustedWorking || Calendar::Holidays.knows(day));
            day = day.succ_opt().unwrap();
        }
        assert!(adjusted > 100, "{adjusted}");
    }
}
