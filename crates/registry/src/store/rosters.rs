//! Accepted rosters, and the uploads that are not yet one.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Error, Row, Session, Value, args};
use juyi_domain::codes::{Desk, Disposition, District, RosterKind, UnitKind};
use juyi_domain::id::UploadId;
use juyi_kit::caller::Caller;
use juyi_kit::wire::{caller_from_row, caller_to_row};

juyi_db::statements! {
    INSERT = "INSERT INTO roster (district, kind, roster_id, upload_id, unit_id, previous_upload_id, \
        previous_roster_id, policy_year, as_of_on, complete, desk, fingerprint, received, accepted, added, unchanged, \
        changed, duplicate, rejected, departed, applied, applied_to, created_at, office, office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, \
        $23, $24, $25, $26)";
    SELECT = "SELECT * FROM roster WHERE district = $1 AND kind = $2 AND roster_id = $3";
    SELECT_LAST = "SELECT * FROM roster WHERE district = $1 AND kind = $2 AND unit_id = $3 AND NOT EXISTS \
        (SELECT 1 FROM roster AS later WHERE later.district = $1 AND later.kind = $2 AND later.unit_id = $3 \
        AND later.previous_upload_id = roster.upload_id)";
    SELECT_NEWEST = "SELECT * FROM roster WHERE district = $1 AND kind = $2 AND policy_year = $3 AND as_of_on <= $4 \
        ORDER BY as_of_on DESC, upload_id DESC LIMIT 1";
    SELECT_PAGE = "SELECT * FROM roster WHERE district = $1 AND (CAST($2 AS TEXT) IS NULL OR kind = $2) \
        AND (CAST($3 AS TEXT) IS NULL OR upload_id < $3) ORDER BY upload_id DESC LIMIT $4";
    SELECT_UNAPPLIED = "SELECT * FROM roster WHERE applied < accepted AND (CAST($1 AS TEXT) IS NULL OR upload_id > $1) \
        ORDER BY upload_id LIMIT 1";
    CLAIM = "UPDATE roster SET applied_to = $5 WHERE district = $1 AND kind = $2 AND roster_id = $3 \
        AND applied_to = $4";
    UPDATE_COUNTS = "UPDATE roster SET accepted = $4, added = $5, unchanged = $6, changed = $7, rejected = $8, \
        applied = $9 WHERE district = $1 AND kind = $2 AND roster_id = $3";
    INSERT_UPLOAD = "INSERT INTO roster_upload (upload_id, touched_at, given_up) VALUES ($1, $2, FALSE)";
    TOUCH_UPLOAD = "UPDATE roster_upload SET touched_at = $2 WHERE upload_id = $1 AND given_up = FALSE";
    CLOSE_UPLOAD = "DELETE FROM roster_upload WHERE upload_id = $1 AND given_up = FALSE";
    GIVE_UP_UPLOAD = "UPDATE roster_upload SET given_up = TRUE WHERE upload_id = $1";
    DELETE_UPLOAD = "DELETE FROM roster_upload WHERE upload_id = $1";
    SELECT_UNITS = "SELECT unit_id, kind FROM unit WHERE district = $1";
    SELECT_STALE = "SELECT upload_id FROM roster_upload WHERE given_up = TRUE OR touched_at < $1 \
        ORDER BY upload_id LIMIT 1";
}

/// Counts of a roster. received = accepted + duplicate + rejected, accepted = added + unchanged + changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows received.
    pub received: i64,
    /// Rows accepted.
    pub accepted: i64,
    /// Accepted, and not on the list before.
    pub added: i64,
    /// Accepted, saying the same as before.
    pub unchanged: i64,
    /// Accepted, saying something else than before.
    pub changed: i64,
    /// Named in an earlier row.
    pub duplicate: i64,
    /// Not accepted.
    pub rejected: i64,
    /// On the complete list before, and not on this one.
    pub departed: i64,
}

impl Counts {
    /// Moves a row from the accepted ones, among which it was this, to the rejected ones.
    pub(crate) const fn refuse(&mut self, was: Disposition) {
        self.accepted -= 1;
        self.rejected += 1;
        match was {
            Disposition::Unchanged => self.unchanged -= 1,
            Disposition::Changed => self.changed -= 1,
            Disposition::New | Disposition::Duplicate | Disposition::Rejected => self.added -= 1,
        }
    }
}

/// A roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    /// District.
    pub district: District,
    /// Kind.
    pub kind: RosterKind,
    /// Id chosen by the supplier.
    pub roster_id: String,
    /// Its rows.
    pub upload_id: UploadId,
    /// Unit the list is of; empty for a list of the district.
    pub unit_id: String,
    /// Rows of the roster before it of this kind, district and unit.
    pub previous_upload_id: Option<UploadId>,
    /// Id of that roster; empty for the first.
    pub previous_roster_id: String,
    /// Policy year it is about.
    pub policy_year: i32,
    /// Day on which it is true.
    pub as_of_on: NaiveDate,
    /// Who is not on it is not in the group.
    pub complete: bool,
    /// Desk, for a collective registration.
    pub desk: Option<Desk>,
    /// Hash of what it is and of its rows in their order.
    pub fingerprint: String,
    /// Counts.
    pub counts: Counts,
    /// Accepted rows that had their effect.
    pub applied: i64,
    /// Identity number up to which rows had their effect.
    pub applied_to: String,
    /// Office that pushed it.
    pub recorded_by: Caller,
    /// When it was accepted.
    pub created_at: DateTime<Utc>,
}

/// Stores a roster. Its id again, or a second successor of the roster before it, is [`Error::Duplicate`].
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, roster: &Roster) -> Result<(), Error> {
    let Counts { received, accepted, added, unchanged, changed, duplicate, rejected, departed } = roster.counts;
    let mut row = key(roster);
    row.extend(args![
        Value::text(roster.upload_id),
        roster.unit_id.as_str(),
        roster.previous_upload_id.map(|id| id.to_string()).unwrap_or_default(),
        roster.previous_roster_id.as_str(),
        roster.policy_year,
        roster.as_of_on,
        roster.complete,
        Value::maybe_text(roster.desk),
        roster.fingerprint.as_str(),
        received,
        accepted,
        added,
        unchanged,
        changed,
        duplicate,
        rejected,
        departed,
        roster.applied,
        roster.applied_to.as_str(),
        roster.created_at,
    ]);
    row.extend(caller_to_row(&roster.recorded_by));
    session.execute(INSERT, row).await?;
    Ok(())
}

fn key(roster: &Roster) -> Vec<Value> {
    args![roster.district.as_str(), roster.kind.as_str(), roster.roster_id.as_str()]
}

/// A roster by its id.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(
    session: &mut Session,
    district: District,
    kind: RosterKind,
    roster_id: &str,
) -> Result<Option<Roster>, Error> {
    let key = args![district.as_str(), kind.as_str(), roster_id];
    session.maybe_row(SELECT, key).await?.as_ref().map(from_row).transpose()
}

/// The roster of a kind, district and unit that none follows yet.
///
/// # Errors
/// Those of the database.
pub async fn maybe_last(
    session: &mut Session,
    district: District,
    kind: RosterKind,
    unit_id: &str,
) -> Result<Option<Roster>, Error> {
    let key = args![district.as_str(), kind.as_str(), unit_id];
    session.maybe_row(SELECT_LAST, key).await?.as_ref().map(from_row).transpose()
}

/// The newest roster of a kind that is about a policy year and true on or before a day.
///
/// # Errors
/// Those of the database.
pub async fn maybe_newest(
    session: &mut Session,
    district: District,
    kind: RosterKind,
    policy_year: i32,
    on: NaiveDate,
) -> Result<Option<Roster>, Error> {
    let key = args![district.as_str(), kind.as_str(), policy_year, on];
    session.maybe_row(SELECT_NEWEST, key).await?.as_ref().map(from_row).transpose()
}

/// A page of a district's rosters, newest first, of those whose upload began before `before`.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    district: District,
    kind: Option<RosterKind>,
    before: Option<UploadId>,
    size: i64,
) -> Result<Vec<Roster>, Error> {
    let key = args![district.as_str(), Value::maybe_text(kind), Value::maybe_text(before), size];
    session.rows(SELECT_PAGE, key).await?.iter().map(from_row).collect()
}

/// The next roster after an upload whose rows have not all had their effect.
///
/// # Errors
/// Those of the database.
pub async fn maybe_unapplied(session: &mut Session, after: Option<UploadId>) -> Result<Option<Roster>, Error> {
    session.maybe_row(SELECT_UNAPPLIED, args![Value::maybe_text(after)]).await?.as_ref().map(from_row).transpose()
}

/// Claims the rows up to an identity number for this transaction; false when another writer was there first.
///
/// # Errors
/// Those of the database.
pub async fn claim(session: &mut Session, roster: &Roster, up_to: &str) -> Result<bool, Error> {
    let mut row = key(roster);
    row.extend(args![roster.applied_to.as_str(), up_to]);
    Ok(session.execute(CLAIM, row).await? == 1)
}

/// Stores the counts and how many rows had their effect.
///
/// # Errors
/// Those of the database.
pub async fn update_counts(session: &mut Session, roster: &Roster) -> Result<(), Error> {
    let Counts { accepted, added, unchanged, changed, rejected, .. } = roster.counts;
    let mut row = key(roster);
    row.extend(args![accepted, added, unchanged, changed, rejected, roster.applied]);
    session.execute(UPDATE_COUNTS, row).await?;
    Ok(())
}

/// The units of a district, which rows may name.
///
/// # Errors
/// Those of the database.
pub async fn units(session: &mut Session, district: District) -> Result<HashMap<String, UnitKind>, Error> {
    let rows = session.rows(SELECT_UNITS, args![district.as_str()]).await?;
    rows.iter().map(|row| Ok((row.text("unit_id")?, row.parse("kind")?))).collect()
}

/// Opens an upload.
///
/// # Errors
/// Those of the database.
pub async fn insert_upload(session: &mut Session, id: UploadId, now: DateTime<Utc>) -> Result<(), Error> {
    session.execute(INSERT_UPLOAD, args![Value::text(id), now]).await?;
    Ok(())
}

/// Notes that rows came; false when the upload was given up meanwhile.
///
/// # Errors
/// Those of the database.
pub async fn touch_upload(session: &mut Session, id: UploadId, now: DateTime<Utc>) -> Result<bool, Error> {
    Ok(session.execute(TOUCH_UPLOAD, args![Value::text(id), now]).await? == 1)
}

/// Closes an upload, whose rows stay; false when it was given up meanwhile.
///
/// # Errors
/// Those of the database.
pub async fn close_upload(session: &mut Session, id: UploadId) -> Result<bool, Error> {
    Ok(session.execute(CLOSE_UPLOAD, args![Value::text(id)]).await? == 1)
}

/// Gives an upload up: from now on it takes no rows and becomes no roster. False when it is none, or has become one.
///
/// # Errors
/// Those of the database.
pub async fn give_up_upload(session: &mut Session, id: UploadId) -> Result<bool, Error> {
    Ok(session.execute(GIVE_UP_UPLOAD, args![Value::text(id)]).await? == 1)
}

/// Deletes an upload whose rows are gone.
///
/// # Errors
/// Those of the database.
pub async fn delete_upload(session: &mut Session, id: UploadId) -> Result<(), Error> {
    session.execute(DELETE_UPLOAD, args![Value::text(id)]).await?;
    Ok(())
}

/// An upload that was given up, or to which nothing came since an instant.
///
/// # Errors
/// Those of the database.
pub async fn maybe_stale(session: &mut Session, since: DateTime<Utc>) -> Result<Option<UploadId>, Error> {
    session.maybe_row(SELECT_STALE, args![since]).await?.map(|row| row.parse("upload_id")).transpose()
}

fn from_row(row: &Row) -> Result<Roster, Error> {
    let previous = row.text("previous_upload_id")?;
    let corrupt = |_| Error::Corrupt { column: "previous_upload_id" };
    Ok(Roster {
        district: row.parse("district")?,
        kind: row.parse("kind")?,
        roster_id: row.text("roster_id")?,
        upload_id: row.parse("upload_id")?,
        unit_id: row.text("unit_id")?,
        previous_upload_id: if previous.is_empty() { None } else { Some(previous.parse().map_err(corrupt)?) },
        previous_roster_id: row.text("previous_roster_id")?,
        policy_year: row.small("policy_year")?,
        as_of_on: row.date("as_of_on")?,
        complete: row.bool("complete")?,
        desk: row.maybe_parse("desk")?,
        fingerprint: row.text("fingerprint")?,
        counts: Counts {
            received: row.int("received")?,
            accepted: row.int("accepted")?,
            added: row.int("added")?,
            unchanged: row.int("unchanged")?,
            changed: row.int("changed")?,
            duplicate: row.int("duplicate")?,
            rejected: row.int("rejected")?,
            departed: row.int("departed")?,
        },
        applied: row.int("applied")?,
        applied_to: row.text("applied_to")?,
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
