//! Orders that wait, and whose turn it is.
//!
//! Settlements of different people that wait together are one group and share a transaction, so that many wait for one
//! commit. A group takes whatever waits when it begins. Where no group is at work it begins at once. Beside others it begins
//! when half as many wait as an average group at work has: groups that begin with whoever comes first stay small, and each
//! asks every question anew. Nobody waits longer than [`PATIENCE`] for others to come. Orders of one person keep their
//! order: while one is at work the later ones wait. Other processes are not in this queue: they are met by the revision of
//! the year.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use juyi_domain::id::ResidentId;
use juyi_kit::error::Error;
use juyi_proto::settlement::v1 as pb;
use tokio::sync::oneshot;

use crate::group::{self, Base, Filed};

/// Groups at work at once: while one waits for its commit, the others ask and decide.
const GROUPS: usize = 3;
/// Orders of the largest group. Each asks about at most two days, and benefit period answers 500 questions.
const MOST: usize = 128;
/// How long an order waits before a group begins beside one that lasts, however few wait.
const PATIENCE: Duration = Duration::from_millis(100);

/// The answer to a bill, and whether aid was posted.
pub(crate) type Answer = Result<(pb::SettleResponse, bool), Error>;

const BROKEN_OFF: Answer = Err(Error::Fault("a group of settlements broke off"));

/// A bill whose turn it is.
pub(crate) struct Order {
    pub(crate) filed: Filed,
    pub(crate) answer: oneshot::Sender<Answer>,
    /// The person's turn, which lasts as long as this.
    pub(crate) turn: Turn,
}

/// Takes orders and forms groups.
pub(crate) struct Collector {
    base: Base,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<(ResidentId, Waiting)>,
    /// People of whom an order is at work.
    busy: HashSet<ResidentId>,
    groups: usize,
    /// Bills in them.
    at_work: usize,
}

enum Waiting {
    Bill(Box<Filed>, oneshot::Sender<Answer>),
    /// Somebody who does the work, as for a reversal.
    Turn(oneshot::Sender<Turn>),
}

impl Collector {
    pub(crate) fn new(base: Base) -> Arc<Self> {
        Arc::new(Self { base, state: Mutex::default() })
    }

    pub(crate) const fn base(&self) -> &Base {
        &self.base
    }

    /// Settles a bill with those that wait beside it. The work goes on when the caller is gone.
    pub(crate) async fn settle(self: &Arc<Self>, filed: Filed) -> Answer {
        let (answer, mut answered) = oneshot::channel();
        let resident_id = filed.resident_id;
        self.state().waiting.push_back((resident_id, Waiting::Bill(Box::new(filed), answer)));
        self.proceed(false);
        if let Ok(answered) = tokio::time::timeout(PATIENCE, &mut answered).await {
            return answered.unwrap_or(BROKEN_OFF);
        }
        self.proceed(true);
        answered.await.unwrap_or(BROKEN_OFF)
    }

    /// Waits for the person's turn.
    pub(crate) async fn turn(self: &Arc<Self>, resident_id: ResidentId) -> Result<Turn, Error> {
        let (sender, receiver) = oneshot::channel();
        self.state().waiting.push_back((resident_id, Waiting::Turn(sender)));
        self.proceed(false);
        receiver.await.map_err(|_| Error::Fault("a turn was lost"))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives turns to whom they belong, and begins a group if it may; where somebody waited long enough, a small one too.
    fn proceed(self: &Arc<Self>, is_late: bool) {
        let (bills, turns) = self.state().take(is_late);
        for (resident_id, sender) in turns {
            // Who does not wait any more drops the turn, which goes on to the next.
            let _ = sender.send(Turn { collector: Arc::clone(self), resident_id });
        }
        if bills.is_empty() {
            return;
        }
        let place = Place { collector: Arc::clone(self), bills: bills.len() };
        let order = |(resident_id, filed, answer): (ResidentId, Box<Filed>, _)| Order {
            filed: *filed,
            answer,
            turn: Turn { collector: Arc::clone(self), resident_id },
        };
        let orders: Vec<_> = bills.into_iter().map(order).collect();
        tokio::spawn(async move {
            Box::pin(group::settle(&place.collector.base, orders)).await;
            drop(place);
        });
    }
}

type Taken = (Vec<(ResidentId, Box<Filed>, oneshot::Sender<Answer>)>, Vec<(ResidentId, oneshot::Sender<Turn>)>);

impl State {
    /// Takes the orders whose turn it is: the next group with its place, and turns.
    fn take(&mut self, is_late: bool) -> Taken {
        let (mut bills, mut turns) = (Vec::new(), Vec::new());
        let room = self.groups < GROUPS && (is_late || self.is_worth_it());
        // Nobody overtakes an earlier order of the same person.
        let mut earlier = HashSet::new();
        for (resident_id, waiting) in std::mem::take(&mut self.waiting) {
            let free = !self.busy.contains(&resident_id) && !earlier.contains(&resident_id);
            match waiting {
                Waiting::Bill(filed, answer) if free && room && bills.len() < MOST => {
                    self.busy.insert(resident_id);
                    bills.push((resident_id, filed, answer));
                }
                Waiting::Turn(sender) if free => {
                    self.busy.insert(resident_id);
                    turns.push((resident_id, sender));
                }
                waiting => {
                    earlier.insert(resident_id);
                    self.waiting.push_back((resident_id, waiting));
                }
            }
        }
        self.groups += usize::from(!bills.is_empty());
        self.at_work += bills.len();
        (bills, turns)
    }

    /// True when half as many wait as an average group at work has, and when no group is.
    fn is_worth_it(&self) -> bool {
        2 * self.groups * self.waiting.len() >= self.at_work
    }
}

/// The place of a group at work; left even when the group breaks off.
struct Place {
    collector: Arc<Collector>,
    bills: usize,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.collector.state();
        state.groups -= 1;
        state.at_work -= self.bills;
        drop(state);
        self.collector.proceed(false);
    }
}

/// A person's turn, until it is dropped.
pub(crate) struct Turn {
    collector: Arc<Collector>,
    resident_id: ResidentId,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let waits = {
            let mut state = self.collector.state();
            state.busy.remove(&self.resident_id);
            // The end of a group looks for the next one; this is for who waits behind this one order.
            state.waiting.iter().any(|(resident_id, _)| *resident_id == self.resident_id)
        };
        if waits {
            self.collector.proceed(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn waiting(turns: u128) -> VecDeque<(ResidentId, Waiting)> {
        (0..turns).map(|number| (Uuid::from_u128(number).into(), Waiting::Turn(oneshot::channel().0))).collect()
    }

    /// A bill alone never waits; beside groups of 20 bills it waits until it is one of ten.
    #[test]
    fn a_group_begins_beside_others_when_it_is_worth_it() {
        assert!(State { waiting: waiting(1), ..State::default() }.is_worth_it());
        for (groups, at_work, enough) in [(1, 1, 1), (1, 2, 1), (1, 20, 10), (2, 40, 10), (2, 41, 11)] {
            let state = |turns| State { waiting: waiting(turns), groups, at_work, ..State::default() };
            assert!(!state(enough - 1).is_worth_it(), "{groups} groups of {at_work}");
            assert!(state(enough).is_worth_it(), "{groups} groups of {at_work}");
        }
    }
}
