//! The day of an entry, and from when on a day does not change any more.
//!
//! An entry belongs to the day on which it is posted. It is stamped when it is planned, and only a plan of the same day is
//! stored ([`are_of_today`]); so nothing is missing of a day once the transactions that began in it have ended. They end
//! within seconds, and a period is told an hour after it is over ([`is_closed`]): what was told of it stays true. The day is
//! asked inside the transaction, which PostgreSQL ends when its process stands still for a minute (`juyi_db::Database`); a
//! process that wakes an hour later posts nothing. On SQLite nobody ends it.

use chrono::{DateTime, TimeDelta, Utc};
use juyi_domain::dates::Period;
use juyi_kit::clock::{day_in_china, start_in_china};

use crate::store::entries::Entry;

/// How long after a day its last transactions are waited for, and clocks of processes may differ.
const GRACE: TimeDelta = TimeDelta::hours(1);

/// True when every entry is stamped on the day that is now.
pub(crate) fn are_of_today<'a>(posted: impl IntoIterator<Item = &'a Entry>, now: DateTime<Utc>) -> bool {
    let today = day_in_china(now);
    posted.into_iter().all(|entry| day_in_china(entry.created_at) == today)
}

/// True when nothing can be posted in a period any more.
pub(crate) fn is_closed(period: Period, now: DateTime<Utc>) -> bool {
    start_in_china(period.end()) + GRACE <= now
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The last day of January ends at 16:00 in UTC.
    #[test]
    fn a_period_is_closed_an_hour_after_its_last_day() {
        let january = Period::maybe_inclusive("2022-01-01".parse().unwrap(), "2022-01-31".parse().unwrap()).unwrap();
        let closed = |now: &str| is_closed(january, now.parse().unwrap());
        assert!(!closed("2022-01-31T15:59:59Z"));
        assert!(!closed("2022-01-31T16:59:59.999999Z"));
        assert!(closed("2022-01-31T17:00:00Z"));
        assert!(closed("2022-02-10T00:00:00Z"));
    }
}
