//! The figures of progress, kept up to date with every enrolment.
//!
//! A figure is the change of a township's and group's count on a day. Writers add to it in the transaction of the
//! enrolment, so that figures and enrolments become visible together, and in the order of the keys, so that transactions
//! that run side by side never wait for one another in a circle.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use juyi_db::Session;
use juyi_domain::codes::{CountGroup, District};
use juyi_domain::id::{EnrolmentId, ResidentId};
use juyi_kit::error::Error;

use crate::store::enrolments::Enrolment;
use crate::store::progress::{self, Key, Move};

/// What the figures know of an enrolment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    /// District of enrolment.
    pub(crate) district: District,
    /// Policy year.
    pub(crate) policy_year: i32,
    /// Township it belongs to, a unit id.
    pub(crate) township: Option<String>,
    /// Group of the target table.
    pub(crate) group: CountGroup,
    /// Day of application.
    pub(crate) applied_on: NaiveDate,
}

impl From<&Enrolment> for Counted {
    fn from(enrolment: &Enrolment) -> Self {
        Self {
            district: enrolment.district,
            policy_year: enrolment.policy_year,
            township: enrolment.township.clone(),
            group: enrolment.count_group,
            applied_on: enrolment.applied_on,
        }
    }
}

impl Counted {
    /// The figure it belongs to.
    fn key(&self) -> Key {
        Key {
            district: self.district,
            policy_year: self.policy_year,
            township: self.township.clone().unwrap_or_default(),
            group: self.group,
            on: self.applied_on,
        }
    }
}

/// Adds enrolments to the figures, in the transaction that stores them. A transaction that stores many passes them all
/// at once: the figures are added up first, and each is written once.
///
/// # Errors
/// Those of the database.
pub(crate) async fn enrolled(session: &mut Session, enrolments: &[Enrolment]) -> Result<(), Error> {
    add(session, enrolments.iter().map(Counted::from)).await
}

/// The same for enrolments of which only this much is at hand.
///
/// # Errors
/// Those of the database.
pub(crate) async fn add(session: &mut Session, enrolments: impl IntoIterator<Item = Counted>) -> Result<(), Error> {
    let mut figures = BTreeMap::new();
    for enrolment in enrolments {
        *figures.entry(enrolment.key()).or_default() += 1;
    }
    write(session, figures).await
}

/// Moves an enrolment to another township from a day on, in the transaction of the change: its row, its figures and the
/// record of the move. `enrolment` is as it was before; up to the day it stays where it counted.
///
/// # Errors
/// Those of the database; `Duplicate` when the enrolment is moved twice at once.
pub(crate) async fn moved(
    session: &mut Session,
    enrolment: &Enrolment,
    to_township: Option<&str>,
    on: NaiveDate,
) -> Result<(), Error> {
    let who = (enrolment.resident_id, enrolment.id);
    move_counted(session, who, &Counted::from(enrolment), to_township, on).await
}

async fn move_counted(
    session: &mut Session,
    (resident_id, enrolment_id): (ResidentId, EnrolmentId),
    enrolment: &Counted,
    to_township: Option<&str>,
    on: NaiveDate,
) -> Result<(), Error> {
    let from = enrolment.key();
    if from.township == to_township.unwrap_or_default() {
        return Ok(());
    }
    // Nobody moves before the enrolment, nor away from a township before having come to it.
    let arrived_on = progress::maybe_last_move(session, resident_id, enrolment_id).await?;
    let on = on.max(arrived_on.unwrap_or(enrolment.applied_on));
    let to = Key { township: to_township.unwrap_or_default().to_owned(), on, ..from.clone() };
    let left = Key { on, ..from.clone() };
    progress::insert_move(session, &Move { resident_id, enrolment_id, from, to: to.clone() }).await?;
    write(session, BTreeMap::from([(left, -1), (to, 1)])).await
}

/// Takes an enrolment out of the figures as if it had never been, in the transaction that takes its row away.
///
/// # Errors
/// Those of the database.
pub(crate) async fn cancelled(session: &mut Session, enrolment: &Enrolment) -> Result<(), Error> {
    let key = Counted::from(enrolment).key();
    let mut figures = BTreeMap::new();
    let moves = progress::take_moves(session, enrolment.resident_id, enrolment.id).await?;
    let first = moves.first().map_or_else(|| key.township.clone(), |(from, _, _)| from.clone());
    *figures.entry(Key { township: first, ..key.clone() }).or_default() -= 1;
    for (from, to, on) in moves {
        *figures.entry(Key { township: from, on, ..key.clone() }).or_default() += 1;
        *figures.entry(Key { township: to, on, ..key.clone() }).or_default() -= 1;
    }
    write(session, figures).await
}

async fn write(session: &mut Session, figures: BTreeMap<Key, i64>) -> Result<(), Error> {
    for (key, persons) in figures {
        progress::add(session, &key, persons).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
