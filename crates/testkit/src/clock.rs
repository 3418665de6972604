//! A clock that stands where it is put.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};
use juyi_kit::clock::Clock;

/// A clock that stands where it is put.
#[derive(Debug)]
pub struct ManualClock {
    now: Mutex<DateTime<Utc>>,
}

impl ManualClock {
    /// A clock at noon, China Standard Time, of a day written `YYYY-MM-DD`.
    #[must_use]
    pub fn on(day: &str) -> Self {
        Self { now: Mutex::new(noon(day)) }
    }

    /// Moves it to noon of another day.
    pub fn set_day(&self, day: &str) {
        self.set(noon(day));
    }

    /// Moves it to an instant.
    pub fn set(&self, now: DateTime<Utc>) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn noon(day: &str) -> DateTime<Utc> {
    let day: NaiveDate = day.parse().expect("a day as YYYY-MM-DD");
    // Noon in China is four hours after midnight in UTC.
    day.and_hms_opt(4, 0, 0).expect("a time of the day").and_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stands_on_the_day_it_was_put() {
        let clock = ManualClock::on("2020-12-31");
        assert_eq!(clock.today().to_string(), "2020-12-31");
        clock.set_day("2021-01-01");
        assert_eq!(clock.today().to_string(), "2021-01-01");
    }
}
