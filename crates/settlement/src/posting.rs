//! How entries are posted: the difference to what a bill comes to, the mirror of a reversal, and the day they belong to.
//!
//! An entry belongs to the day on which it is posted. It is stamped when it is planned, and only a plan of the same day is
//! stored ([`are_of_today`]); so nothing is missing of a day once the transactions that began in it have ended. They end
//! within seconds, and a period is told an hour after it is over ([`is_closed`]): what was told of it stays true. The day is
//! asked inside the transaction, which PostgreSQL ends when its process stands still for a minute (`juyi_db::Database`); a
//! process that wakes an hour later posts nothing. On SQLite nobody ends it.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use juyi_domain::dates::Period;
use juyi_domain::settlement::one_stop::Settled;
use juyi_kit::caller::Caller;
use juyi_kit::clock::{day_in_china, start_in_china};
use juyi_kit::context::Context;
use juyi_kit::error::Error;

use crate::ledger::Account;
use crate::shares::Shares;
use crate::store::entries::{Cause, Entry, Kind};

/// How long after a day its last transactions are waited for, and clocks of processes may differ.
const GRACE: TimeDelta = TimeDelta::hours(1);

/// Who posts, why and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Poster<'a> {
    pub(crate) context: &'a Context,
    pub(crate) caller: &'a Caller,
    pub(crate) cause: Cause,
    pub(crate) at: DateTime<Utc>,
}

impl Poster<'_> {
    /// Takes over what a bill comes to by now and posts the difference to what its entries sum to: whether its explanation is
    /// another one, and the entry.
    ///
    /// # Errors
    /// A fault for shares that do not conserve the bill.
    pub(crate) fn post(&self, account: &mut Account, settled: Settled) -> Result<(bool, Option<Entry>), Error> {
        let due = Shares::of(account.settlement.claim.bill.total, settled.eligible, &settled.shares);
        due.conserve()?;
        let is_explained_anew = *account.settlement.receipt != settled.receipt;
        account.settlement.receipt = Arc::new(settled.receipt);
        let difference = due - account.shares();
        let kind = if account.entries.is_empty() { Kind::Settlement } else { Kind::Adjustment };
        Ok((is_explained_anew, (!difference.is_zero()).then(|| self.add(account, kind, difference))))
    }

    /// Mirrors everything that was posted for a bill.
    pub(crate) fn mirror(&self, account: &mut Account) -> Entry {
        self.add(account, Kind::Reversal, -account.shares())
    }

    fn add(&self, account: &mut Account, kind: Kind, shares: Shares) -> Entry {
        let entry = Entry {
            resident_id: account.settlement.resident_id,
            id: self.context.id(),
            settlement_id: account.settlement.id,
            kind,
            shares,
            receipt: if kind == Kind::Reversal { Arc::default() } else { Arc::clone(&account.settlement.receipt) },
            cause: self.cause,
            payee: account.maybe_payee(),
            recorded_by: self.caller.clone(),
            created_at: self.at,
        };
        account.entries.push(entry.clone());
        entry
    }
}

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
