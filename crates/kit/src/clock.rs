//! Time and ids, injected so that tests decide both.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use rand::RngExt;
use uuid::Uuid;

/// China Standard Time.
const CST_SECONDS: i32 = 8 * 3600;

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;

    /// The present day in China Standard Time.
    fn today(&self) -> NaiveDate {
        self.local().date()
    }

    /// The present moment in China Standard Time.
    fn local(&self) -> NaiveDateTime {
        in_china(self.now())
    }
}

/// The day of an instant in China Standard Time.
#[must_use]
pub fn day_in_china(instant: DateTime<Utc>) -> NaiveDate {
    in_china(instant).date()
}

/// The instant a day begins in China Standard Time.
#[must_use]
pub fn start_in_china(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc() - TimeDelta::seconds(CST_SECONDS.into())
}

fn in_china(instant: DateTime<Utc>) -> NaiveDateTime {
    FixedOffset::east_opt(CST_SECONDS)
        .map_or_else(|| instant.naive_utc(), |cst| instant.with_timezone(&cst).naive_local())
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the clock that everything else is given")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// Makes time-ordered ids (UUID version 7), strictly increasing within one process.
#[derive(Debug, Default)]
pub struct Ids {
    /// Millisecond and counter of the last id.
    last: Mutex<(u64, u16)>,
}

impl Ids {
    /// The counter has the twelve bits that version 7 leaves after the millisecond.
    const COUNTER_END: u16 = 1 << 12;

    /// The next id at an instant.
    pub fn next<T: From<Uuid>>(&self, now: DateTime<Utc>) -> T {
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
        let (millis, counter) = {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            *last = match *last {
                (before, _) if before < millis => (millis, 0),
                (before, counter) if counter + 1 < Self::COUNTER_END => (before, counter + 1),
                (before, _) => (before + 1, 0),
            };
            *last
        };
        let mut bytes: [u8; 10] = rand::rng().random();
        bytes[..2].copy_from_slice(&counter.to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_increase_even_within_a_millisecond_and_when_the_clock_steps_back() {
        let ids = Ids::default();
        let now = DateTime::from_timestamp_millis(1_600_000_000_000).unwrap();
        let mut before: Uuid = ids.next(now);
        for step in 0..10_000 {
            let next: Uuid = ids.next(if step == 5_000 { now - chrono::Duration::seconds(9) } else { now });
            assert!(before < next);
            before = next;
        }
    }

    #[test]
    fn the_day_begins_in_china() {
        struct At(DateTime<Utc>);
        impl Clock for At {
            fn now(&self) -> DateTime<Utc> {
                self.0
            }
        }
        let clock = At("2020-12-31T16:00:00Z".parse().unwrap());
        assert_eq!(clock.today(), NaiveDate::from_ymd_opt(2021, 1, 1).unwrap());
        assert_eq!(start_in_china(clock.today()), clock.now());
    }
}
