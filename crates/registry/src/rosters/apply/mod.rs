//! The effect of a roster on the registry, some rows at a time: each time effects, counts and progress are stored in one
//! transaction, so that whoever comes next goes on where it stopped.

mod deaths;
mod enrolments;
mod identities;
mod people;
#[cfg(test)]
mod tests;

use juyi_db::Session;
use juyi_domain::codes::{Disposition, RosterKind};
use juyi_domain::id::UploadId;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::registry::roster::has_effect;
use juyi_kit::error::Error;

use crate::registry::Registry;
use crate::rosters::row::grounds;
use crate::rosters::stage::given_up;
use crate::store::roster_rows::{self, NotAccepted, Outcome};
use crate::store::rosters::{self, Roster};

/// Persons of one transaction.
const CHUNK: i64 = 2_000;
/// How often a chunk is tried when other writers keep winning.
const ATTEMPTS: usize = 8;

/// What is done with the effects of a chunk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// They are stored.
    Store,
    /// They are undone; only the refusals stay, with the upload.
    Rehearse,
}

/// Why a row had no effect, by its place in the chunk.
type Refused = Vec<(usize, Refusals)>;

/// Makes the effects of a stored roster that have not been made.
///
/// # Errors
/// Those of the database; REVISION_CONFLICT when other writers keep winning.
pub(super) async fn run(registry: &Registry, roster: &mut Roster) -> Result<(), Error> {
    go_on(registry, roster, Mode::Store).await
}

/// Finds what the effects of a roster would be refused for, and stores nothing of them.
///
/// # Errors
/// As [`run`].
pub(super) async fn rehearse(registry: &Registry, roster: &mut Roster) -> Result<(), Error> {
    go_on(registry, roster, Mode::Rehearse).await
}

/// Goes on with every roster whose effects a process that died did not finish.
///
/// # Errors
/// As [`run`]; one roster that fails does not keep the others.
pub(super) async fn resume(registry: &Registry) -> Result<(), Error> {
    let mut after: Option<UploadId> = None;
    let mut outcome = Ok(());
    loop {
        let next = rosters::maybe_unapplied(&mut registry.database.read().await?, after).await?;
        let Some(mut roster) = next else { return outcome };
        after = Some(roster.upload_id);
        let run = run(registry, &mut roster).await;
        outcome = outcome.and(run);
    }
}

async fn go_on(registry: &Registry, roster: &mut Roster, mode: Mode) -> Result<(), Error> {
    let mut attempts = 0;
    while has_effect(roster.kind) && roster.applied < roster.counts.accepted {
        match step(registry, roster, mode).await {
            Ok(()) => attempts = 0,
            Err(Error::Storage(juyi_db::Error::Duplicate | juyi_db::Error::Contended)) if attempts < ATTEMPTS => {
                attempts += 1;
                if mode == Mode::Store {
                    let mut session = registry.database.read().await?;
                    let now = rosters::maybe_find(&mut session, roster.district, roster.kind, &roster.roster_id);
                    let now = now.await?.ok_or(Error::Fault("a roster has vanished"))?;
                    if now.applied_to != roster.applied_to {
                        attempts = 0;
                    }
                    *roster = now;
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The effects of the next rows.
pub(super) async fn step(registry: &Registry, roster: &mut Roster, mode: Mode) -> Result<(), Error> {
    let mut session = registry.database.begin().await?;
    let uploads = (roster.upload_id, roster.previous_upload_id);
    let rows = roster_rows::chunk(&mut session, uploads, &roster.applied_to, CHUNK).await?;
    let Some(last) = rows.last() else { return Err(Error::Fault("a roster has fewer rows than it counts")) };
    let up_to = last.identity_number.clone();
    if mode == Mode::Store && !rosters::claim(&mut session, roster, &up_to).await? {
        return Err(juyi_db::Error::Contended.into());
    }
    let refused = effects(&mut session, registry, roster, &rows).await?;
    if mode == Mode::Rehearse {
        drop(session);
        session = registry.database.begin().await?;
        if !rosters::touch_upload(&mut session, roster.upload_id, registry.context.now()).await? {
            return Err(given_up().into());
        }
    }
    let mut next = roster.clone();
    next.applied_to = up_to;
    next.applied += i64::try_from(rows.len() - refused.len()).unwrap_or_default();
    let refused = refused.into_iter().map(|(place, refusals)| not_accepted(&rows[place], refusals)).collect::<Vec<_>>();
    for row in &refused {
        let disposition = rows.iter().find(|own| own.row_number == row.row_number).map(|own| own.disposition);
        next.counts.refuse(disposition.unwrap_or(Disposition::New));
    }
    roster_rows::refuse(&mut session, roster.upload_id, refused).await?;
    if mode == Mode::Store {
        rosters::update_counts(&mut session, &next).await?;
    }
    session.commit().await?;
    *roster = next;
    Ok(())
}

async fn effects(
    session: &mut Session,
    registry: &Registry,
    roster: &Roster,
    rows: &[Outcome],
) -> Result<Refused, Error> {
    match roster.kind {
        RosterKind::Deaths => deaths::effects(session, &registry.context, roster, rows).await,
        RosterKind::Enrolment => enrolments::effects(session, registry, roster, rows).await,
        _ => identities::effects(session, &registry.context, roster, rows).await,
    }
}

fn not_accepted(row: &Outcome, refusals: Refusals) -> NotAccepted {
    NotAccepted {
        row_number: row.row_number,
        disposition: Disposition::Rejected,
        identity_number: row.identity_number.clone(),
        content: row.content.clone(),
        grounds: grounds(refusals),
    }
}

/// The number is known, and its holder has another name: nothing is done to a person who may be another one.
fn another_person() -> Refusals {
    let detail = "the registry knows this identity number under another name";
    Refusal::new(Reason::IdentityInUse, detail).at("name").into()
}
