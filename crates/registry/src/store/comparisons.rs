//! Comparisons, from their beginning.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Error, Row, Session, Value, args};
use juyi_domain::codes::{District, FindingKind, RosterKind};
use juyi_domain::id::ComparisonId;
use juyi_kit::caller::Caller;
use juyi_kit::wire::{caller_from_row, caller_to_row};

juyi_db::statements! {
    SELECT_ROSTER = "SELECT upload_id, policy_year, as_of_on, complete, COALESCE(unit_id, '') AS unit_id, accepted, \
        applied FROM roster WHERE district = $1 AND kind = $2 AND roster_id = $3";
    INSERT = "INSERT INTO comparison (comparison_id, district, kind, roster_id, request_id, policy_year, finished, \
        listed, matched, not_enrolled, findings, opened, cleared, created_at, office, office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $6, FALSE, 0, 0, 0, '', 0, 0, $7, $8, $9, $10) ON CONFLICT DO NOTHING";
    SELECT_BEGUN = "SELECT comparison_id FROM comparison WHERE district = $1 AND kind = $2 AND roster_id = $3 \
        AND request_id = $4";
    FINISH = "UPDATE comparison SET finished = TRUE, listed = $2, matched = $3, not_enrolled = $4, findings = $5, \
        opened = $6, cleared = $7 WHERE comparison_id = $1";
    SELECT = "SELECT * FROM comparison WHERE comparison_id = $1 AND finished";
}

/// A roster as far as a comparison needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    /// District.
    pub district: District,
    /// Kind.
    pub kind: RosterKind,
    /// Id chosen by the supplier.
    pub id: String,
    /// The stream that brought its rows.
    pub upload_id: String,
    /// Policy year.
    pub policy_year: i32,
    /// Day on which it is true.
    pub as_of: NaiveDate,
    /// True when who is not on it is not in the group.
    pub complete: bool,
    /// Unit it is of; empty for the whole district.
    pub unit_id: String,
    /// True when every row has had its effect on the registry.
    pub applied: bool,
}

/// Where a comparison stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Id.
    pub id: ComparisonId,
    /// District.
    pub district: District,
    /// Kind of the roster.
    pub kind: RosterKind,
    /// The roster.
    pub roster_id: String,
    /// Policy year.
    pub policy_year: i32,
    /// Persons on the list.
    pub listed: i64,
    /// Of those, in the registry as the list says.
    pub matched: i64,
    /// Of those, not enrolled.
    pub not_enrolled: i64,
    /// Findings by kind, also those with none.
    pub findings: BTreeMap<FindingKind, i64>,
    /// Findings it opened.
    pub opened: i64,
    /// Findings it cleared.
    pub cleared: i64,
    /// Office that asked.
    pub recorded_by: Caller,
    /// When it began.
    pub created_at: DateTime<Utc>,
}

/// An accepted roster.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find_roster(
    session: &mut Session,
    district: District,
    kind: RosterKind,
    id: &str,
) -> Result<Option<Roster>, Error> {
    let row = session.maybe_row(SELECT_ROSTER, args![district.as_str(), kind.as_str(), id]).await?;
    let read = |row: Row| {
        Ok(Roster {
            district,
            kind,
            id: id.to_owned(),
            upload_id: row.text("upload_id")?,
            policy_year: row.small("policy_year")?,
            as_of: row.date("as_of_on")?,
            complete: row.bool("complete")?,
            unit_id: row.text("unit_id")?,
            applied: row.int("applied")? >= row.int("accepted")?,
        })
    };
    row.map(read).transpose()
}

/// Begins a comparison, or finds the one that the same request began.
///
/// # Errors
/// Those of the database.
pub async fn begin(session: &mut Session, begun: &Comparison, request_id: &str) -> Result<ComparisonId, Error> {
    let key = || args![begun.district.as_str(), begun.kind.as_str(), begun.roster_id.as_str(), request_id];
    let mut row = args![Value::text(begun.id)];
    row.extend(key());
    row.extend(args![begun.policy_year, begun.created_at]);
    row.extend(caller_to_row(&begun.recorded_by));
    session.execute(INSERT, row).await?;
    let found = session.maybe_row(SELECT_BEGUN, key()).await?;
    found.map_or(Ok(begun.id), |row| row.parse("comparison_id"))
}

/// Stores what a comparison came to.
///
/// # Errors
/// Those of the database.
pub async fn finish(session: &mut Session, done: &Comparison) -> Result<(), Error> {
    let findings: Vec<_> = done.findings.iter().map(|(kind, count)| format!("{kind}={count}")).collect();
    let row = args![
        Value::text(done.id),
        done.listed,
        done.matched,
        done.not_enrolled,
        findings.join(","),
        done.opened,
        done.cleared,
    ];
    session.execute(FINISH, row).await?;
    Ok(())
}

/// A finished comparison.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(session: &mut Session, id: ComparisonId) -> Result<Option<Comparison>, Error> {
    session.maybe_row(SELECT, args![Value::text(id)]).await?.as_ref().map(from_row).transpose()
}

fn from_row(row: &Row) -> Result<Comparison, Error> {
    let corrupt = || Error::Corrupt { column: "findings" };
    let count = |entry: &str| {
        let (kind, count) = entry.split_once('=').ok_or_else(corrupt)?;
        Ok((kind.parse().map_err(|_| corrupt())?, count.parse().map_err(|_| corrupt())?))
    };
    let findings = row.text("findings")?;
    Ok(Comparison {
        id: row.parse("comparison_id")?,
        district: row.parse("district")?,
        kind: row.parse("kind")?,
        roster_id: row.text("roster_id")?,
        policy_year: row.small("policy_year")?,
        listed: row.int("listed")?,
        matched: row.int("matched")?,
        not_enrolled: row.int("not_enrolled")?,
        findings: findings.split(',').map(count).collect::<Result<_, Error>>()?,
        opened: row.int("opened")?,
        cleared: row.int("cleared")?,
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
