//! The end of a stream: its rows become a roster in one short transaction, or leave nothing.

use juyi_domain::id::UploadId;
use juyi_domain::refusal::{Reason, Refusal};
use juyi_domain::registry::roster;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;

use crate::registry::Registry;
use crate::rosters::apply;
use crate::rosters::header::Header;
use crate::rosters::stage::{given_up, purge};
use crate::store::roster_rows;
use crate::store::rosters::{self, Counts, Roster};

/// How often closing is tried when other rosters of the kind keep coming first.
const ATTEMPTS: usize = 8;

/// A stream whose rows all came.
pub(super) struct Complete {
    pub(super) header: Header,
    /// Where its rows are; `None` when a roster of its id was there before and they were only compared.
    pub(super) upload_id: Option<UploadId>,
    pub(super) counts: Counts,
    pub(super) fingerprint: String,
    pub(super) caller: Caller,
}

impl Complete {
    /// Closes the stream. The roster that comes back is stored, or for a dry run it is what would be stored; its effects
    /// are not yet made, or not all.
    ///
    /// # Errors
    /// ROSTER_ID_REUSED; TIMED_OUT when the upload was given up; REVISION_CONFLICT when others keep coming first.
    pub(super) async fn close(self, registry: &Registry) -> Result<Roster, Error> {
        for _ in 0..ATTEMPTS {
            let Header { district, kind, ref roster_id, .. } = self.header;
            let stored = rosters::maybe_find(&mut registry.database.read().await?, district, kind, roster_id).await?;
            if let Some(stored) = stored {
                return self.repeated(registry, stored).await;
            }
            let Some(upload_id) = self.upload_id else { return Err(Error::Fault("a roster has vanished")) };
            match self.accept(registry, upload_id).await {
                Err(Error::Storage(juyi_db::Error::Duplicate | juyi_db::Error::Contended)) => {}
                outcome => return outcome,
            }
        }
        Err(Refusal::new(Reason::RevisionConflict, "other rosters of this kind keep coming first; try again").into())
    }

    /// The same roster again is answered as it is stored.
    async fn repeated(&self, registry: &Registry, stored: Roster) -> Result<Roster, Error> {
        if let Some(upload_id) = self.upload_id {
            purge(&registry.database, upload_id).await?;
        }
        if stored.fingerprint != self.fingerprint {
            let detail = "a roster of this id has other rows or another header; choose a new id for a new list";
            return Err(Refusal::new(Reason::RosterIdReused, detail).at("header.roster_id").into());
        }
        Ok(stored)
    }

    async fn accept(&self, registry: &Registry, upload_id: UploadId) -> Result<Roster, Error> {
        let roster = self.roster(registry, upload_id).await?;
        if self.header.dry_run {
            return Ok(roster);
        }
        let mut session = registry.database.begin().await?;
        if !rosters::close_upload(&mut session, upload_id).await? {
            return Err(given_up().into());
        }
        rosters::insert(&mut session, &roster).await?;
        session.commit().await?;
        Ok(roster)
    }

    /// The roster that the rows make, after the last one of its kind, district and unit.
    async fn roster(&self, registry: &Registry, upload_id: UploadId) -> Result<Roster, Error> {
        let Header { district, kind, ref unit_id, .. } = self.header;
        let mut last = rosters::maybe_last(&mut registry.database.read().await?, district, kind, unit_id).await?;
        if let (Some(last), false) = (&mut last, self.header.dry_run) {
            // Its rows stand for good only once they all had their effect.
            apply::run(registry, last).await?;
        }
        let counts = match &last {
            None => Counts { added: self.counts.accepted, ..self.counts },
            Some(last) => {
                let mut session = registry.database.read().await?;
                let (known, unchanged) = roster_rows::count_against(&mut session, upload_id, last.upload_id).await?;
                let departed = if last.complete && self.header.complete { last.counts.accepted - known } else { 0 };
                let added = self.counts.accepted - known;
                Counts { added, unchanged, changed: known - unchanged, departed, ..self.counts }
            }
        };
        Ok(Roster {
            district,
            kind,
            roster_id: self.header.roster_id.clone(),
            upload_id,
            unit_id: unit_id.clone(),
            previous_upload_id: last.as_ref().map(|last| last.upload_id),
            previous_roster_id: last.map(|last| last.roster_id).unwrap_or_default(),
            policy_year: self.header.policy_year,
            as_of_on: self.header.as_of_on,
            complete: self.header.complete,
            desk: self.header.desk,
            fingerprint: self.fingerprint.clone(),
            counts,
            applied: if roster::has_effect(kind) { 0 } else { counts.accepted },
            applied_to: String::new(),
            recorded_by: self.caller.clone(),
            created_at: registry.context.now(),
        })
    }
}
