//! Findings: what comparisons and deaths showed, and what became of it.
//!
//! A finding is one per district, policy year, kind of list, kind of finding and number. Seen again with the same facts
//! it stays as it is; a resolved one opens again when its facts changed, also when it had cleared in between. Another
//! cleared one opens whenever it is seen.

use std::fmt::Write as _;
use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use juyi_db::{Error, Row, Session, Value, args};
use juyi_domain::codes::{District, FindingKind, FindingState, RosterKind, UnitKind};
use juyi_domain::id::{ComparisonId, FindingId, ResidentId};

use crate::store::comparisons::Roster;

/// True when a finding that is seen again opens again.
macro_rules! reopens {
    () => {
        "((finding.state = 'CLEARED' AND finding.resolution = '') \
        OR (finding.state IN ('CLEARED', 'RESOLVED') AND finding.facts <> excluded.facts))"
    };
}

/// True when a finding that is seen again, with the facts it was resolved with before it cleared, is resolved again.
macro_rules! returns {
    () => {
        "(finding.state = 'CLEARED' AND finding.resolution <> '' AND finding.facts = excluded.facts)"
    };
}

/// Findings of the district $1, year $2 and kind of list $3 that a list of the unit $4 speaks of and the comparison $5
/// did not see: of a complete list ($6) all, of another those about persons in its rows ($7). A row that was refused
/// says nothing of its person. They lie after the kind $8 and number $9.
macro_rules! unseen {
    () => {
        "f.district = $1 AND f.policy_year = $2 AND f.roster_kind = $3 AND (f.unit_id = $4 OR $4 = '') \
        AND f.kind <> 'SERVICE_AFTER_DEATH' AND f.state <> 'CLEARED' AND f.seen_by < $5 \
        AND ($6 OR EXISTS (SELECT 1 FROM roster_row r WHERE r.upload_id = $7 \
        AND r.identity_number = f.identity_number)) AND NOT EXISTS (SELECT 1 FROM roster_exception x \
        WHERE x.upload_id = $7 AND x.identity_number = f.identity_number AND x.disposition = 'REJECTED') \
        AND (f.kind, f.identity_number) > ($8, $9)"
    };
}

/// Columns of a finding as it is seen; the first fourteen are the same for all of one statement.
const UPSERT: &str = "INSERT INTO finding (district, policy_year, roster_kind, roster_id, unit_id, seen_by, opened_by, \
    created_at, updated_at, state, resolution, cleared_by, reopened, revision, finding_id, kind, identity_number, \
    name, resident_id, township, detail, remedy, rule_id, facts) VALUES ";

/// What becomes of a finding that was seen before.
const ON_CONFLICT: &str = concat!(
    " ON CONFLICT (district, policy_year, roster_kind, kind, identity_number) DO UPDATE SET \
    state = CASE WHEN ",
    reopens!(),
    " THEN 'OPEN' WHEN ",
    returns!(),
    " THEN 'RESOLVED' ELSE finding.state END, resolution = CASE WHEN ",
    reopens!(),
    " THEN '' ELSE finding.resolution END, reopened = finding.reopened + CASE WHEN ",
    reopens!(),
    " THEN 1 ELSE 0 END, revision = finding.revision + CASE WHEN ",
    reopens!(),
    " OR finding.facts <> excluded.facts OR ",
    returns!(),
    " THEN 1 ELSE 0 END, opened_by = CASE WHEN ",
    reopens!(),
    " THEN excluded.seen_by ELSE finding.opened_by END, cleared_by = CASE WHEN ",
    reopens!(),
    " OR ",
    returns!(),
    " THEN '' ELSE finding.cleared_by END, updated_at = CASE WHEN ",
    reopens!(),
    " OR ",
    returns!(),
    " THEN excluded.updated_at ELSE finding.updated_at END, township = CASE WHEN ",
    reopens!(),
    " OR finding.state = 'OPEN' THEN excluded.township ELSE finding.township END, \
    seen_by = CASE WHEN finding.seen_by < excluded.seen_by THEN excluded.seen_by ELSE finding.seen_by END, \
    roster_id = excluded.roster_id, unit_id = excluded.unit_id, name = excluded.name, \
    resident_id = excluded.resident_id, detail = excluded.detail, remedy = excluded.remedy, \
    rule_id = excluded.rule_id, facts = excluded.facts"
);

/// Parameters that all findings of a statement share.
const SHARED: usize = 7;
/// Parameters of each finding.
const OWN: usize = 10;
/// Findings of the largest statement; every smaller power of two has a text of its own. SQLite's driver looks every
/// parameter up by its name, which takes time with the square of their number: sixteen are faster than a hundred.
const LARGEST: usize = 16;
const SIZES: usize = LARGEST.ilog2() as usize + 1;
static UPSERTS: [OnceLock<String>; SIZES] = [const { OnceLock::new() }; SIZES];

juyi_db::statements! {
    SELECT_UNSEEN = concat!("SELECT u.kind, u.identity_number FROM (SELECT f.kind, f.identity_number FROM finding f \
        WHERE ", unseen!(), " ORDER BY f.kind, f.identity_number LIMIT $10) u \
        ORDER BY u.kind DESC, u.identity_number DESC LIMIT 1");
    CLEAR_BETWEEN = concat!("UPDATE finding SET state = 'CLEARED', cleared_by = $5, updated_at = $12, \
        revision = revision + 1 WHERE finding_id IN (SELECT f.finding_id FROM finding f WHERE ", unseen!(), " \
        AND (f.kind, f.identity_number) <= ($10, $11))");
    COUNT_CHANGED = "SELECT CAST(COALESCE(SUM(CASE WHEN opened_by = $1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS opened, \
        CAST(COALESCE(SUM(CASE WHEN cleared_by = $1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS cleared FROM finding \
        WHERE district = $2 AND policy_year = $3 AND roster_kind = $4";
    COUNT_STANDING = "SELECT COUNT(*) AS standing FROM finding WHERE district = $1 AND policy_year = $2 \
        AND roster_kind = $3 AND kind = $4 AND state <> 'CLEARED'";
    SELECT = "SELECT * FROM finding WHERE finding_id = $1";
    SELECT_OF_RESIDENT = "SELECT * FROM finding WHERE resident_id = $1 AND kind = $2 ORDER BY finding_id";
    SELECT_PAGE = "SELECT * FROM finding WHERE district = $1 AND finding_id > $2 \
        AND (CAST($3 AS BIGINT) IS NULL OR policy_year = $3) AND (CAST($4 AS TEXT) IS NULL OR kind = $4) \
        AND (CAST($5 AS TEXT) IS NULL OR state = $5) AND (CAST($6 AS TEXT) IS NULL OR roster_kind = $6) \
        ORDER BY finding_id LIMIT $7";
    SELECT_PAGE_OF_TOWNSHIP = "SELECT * FROM finding WHERE district = $1 AND finding_id > $2 \
        AND (CAST($3 AS BIGINT) IS NULL OR policy_year = $3) AND (CAST($4 AS TEXT) IS NULL OR kind = $4) \
        AND (CAST($5 AS TEXT) IS NULL OR state = $5) AND (CAST($6 AS TEXT) IS NULL OR roster_kind = $6) \
        AND township = $8 ORDER BY finding_id LIMIT $7";
    UPDATE_STATE = "UPDATE finding SET state = $3, township = $4, resolution = $5, cleared_by = '', updated_at = $6, \
        revision = revision + 1 WHERE finding_id = $1 AND revision = $2";
    SELECT_UNIT = "SELECT kind, district FROM unit WHERE unit_id = $1";
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Kind.
    pub kind: FindingKind,
    /// Identity number on the list.
    pub identity_number: String,
    /// Name on the list.
    pub name: String,
    /// Who holds the number.
    pub resident_id: Option<String>,
    /// Township on the list or of the enrolment.
    pub township: Option<String>,
    /// What was found, without a person's data.
    pub detail: String,
    /// What would end it.
    pub remedy: String,
    /// Rule; empty where the year's document has none.
    pub rule_id: String,
    /// What it rests on.
    pub facts: String,
}

/// Where and by what findings are seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// District.
    pub district: District,
    /// Policy year.
    pub policy_year: i32,
    /// Kind of list.
    pub roster_kind: RosterKind,
    /// Roster.
    pub roster_id: String,
    /// Unit whose list it is; empty for the whole district.
    pub unit_id: String,
    /// The comparison; `None` where none was made.
    pub by: Option<ComparisonId>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Id.
    pub id: FindingId,
    /// District.
    pub district: District,
    /// Policy year.
    pub policy_year: i32,
    /// Kind of list that showed it.
    pub roster_kind: RosterKind,
    /// Roster that showed it last.
    pub roster_id: String,
    /// State.
    pub state: FindingState,
    /// What was found.
    pub found: Found,
    /// Reason of the resolution; empty while there is none.
    pub resolution: String,
    /// How often it opened again.
    pub reopened: i32,
    /// Version.
    pub revision: i64,
    /// When it was first found.
    pub created_at: DateTime<Utc>,
    /// When its state changed last.
    pub updated_at: DateTime<Utc>,
}

/// The text that sees 2 to the power of `exponent` findings at once.
fn upsert(exponent: usize) -> &'static str {
    UPSERTS[exponent].get_or_init(|| {
        let mut text = UPSERT.to_owned();
        for row in 0..1_usize << exponent {
            let separator = if row == 0 { "" } else { ", " };
            // Writing to a String cannot fail.
            let _ = write!(text, "{separator}($1, $2, $3, $4, $5, $6, $6, $7, $7, 'OPEN', '', '', 0, 1");
            for own in 1..=OWN {
                let _ = write!(text, ", ${}", SHARED + row * OWN + own);
            }
            text.push(')');
        }
        text + ON_CONFLICT
    })
}

/// The texts that see findings, for the test that prepares every statement.
pub fn upserts() -> impl Iterator<Item = &'static str> {
    (0..SIZES).map(upsert)
}

/// Stores what was found, each number once per kind.
///
/// # Errors
/// Those of the database.
pub async fn see(session: &mut Session, sight: &Sight, found: &[(FindingId, Found)]) -> Result<(), Error> {
    let mut left = found;
    while !left.is_empty() {
        let exponent = usize::try_from(left.len().ilog2()).unwrap_or_default().min(SIZES - 1);
        let (now, later) = left.split_at(1 << exponent);
        let mut row = args![
            sight.district.as_str(),
            sight.policy_year,
            sight.roster_kind.as_str(),
            sight.roster_id.as_str(),
            sight.unit_id.as_str(),
            sight.by.map(|id| id.to_string()).unwrap_or_default(),
            sight.at,
        ];
        for (id, found) in now {
            row.extend(args![
                Value::text(id),
                found.kind.as_str(),
                found.identity_number.as_str(),
                found.name.as_str(),
                found.resident_id.clone(),
                found.township.clone(),
                found.detail.as_str(),
                found.remedy.as_str(),
                found.rule_id.as_str(),
                found.facts.as_str(),
            ]);
        }
        session.execute(upsert(exponent), row).await?;
        left = later;
    }
    Ok(())
}

/// A place among the findings of a district, year and kind of list: a kind and a number.
pub type Place = (String, String);

/// The last of the next findings of the roster's kind, year and unit that the comparison did not see: of a complete list
/// all, of another those about persons on it. `None` when there are no more.
///
/// # Errors
/// Those of the database.
pub async fn maybe_clear_to(
    session: &mut Session,
    roster: &Roster,
    by: ComparisonId,
    after: &Place,
    most: i64,
) -> Result<Option<Place>, Error> {
    let mut key = unseen(roster, by, after);
    key.push(most.into());
    let row = session.maybe_row(SELECT_UNSEEN, key).await?;
    row.map(|row| Ok((row.text("kind")?, row.text("identity_number")?))).transpose()
}

/// Clears the findings that [`maybe_clear_to`] names, after the first place and up to the second.
///
/// # Errors
/// Those of the database.
pub async fn clear_between(
    session: &mut Session,
    roster: &Roster,
    (by, at): (ComparisonId, DateTime<Utc>),
    (after, to): (&Place, &Place),
) -> Result<(), Error> {
    let mut key = unseen(roster, by, after);
    key.extend(args![to.0.as_str(), to.1.as_str(), at]);
    session.execute(CLEAR_BETWEEN, key).await?;
    Ok(())
}

fn unseen(roster: &Roster, by: ComparisonId, after: &Place) -> Vec<Value> {
    args![
        roster.district.as_str(),
        roster.policy_year,
        roster.kind.as_str(),
        roster.unit_id.as_str(),
        Value::text(by),
        Value::Bool(Some(roster.complete)),
        roster.upload_id.as_str(),
        after.0.as_str(),
        after.1.as_str(),
    ]
}

/// How many findings a comparison opened, and how many it cleared.
///
/// # Errors
/// Those of the database.
pub async fn count_changed(session: &mut Session, roster: &Roster, by: ComparisonId) -> Result<(i64, i64), Error> {
    let key = args![Value::text(by), roster.district.as_str(), roster.policy_year, roster.kind.as_str()];
    let row = session.maybe_row(COUNT_CHANGED, key).await?;
    row.map_or(Ok((0, 0)), |row| Ok((row.int("opened")?, row.int("cleared")?)))
}

/// How many findings of a kind stand.
///
/// # Errors
/// Those of the database.
pub async fn count_standing(session: &mut Session, roster: &Roster, kind: FindingKind) -> Result<i64, Error> {
    let key = args![roster.district.as_str(), roster.policy_year, roster.kind.as_str(), kind.as_str()];
    session.maybe_row(COUNT_STANDING, key).await?.map_or(Ok(0), |row| row.int("standing"))
}

/// A finding by id.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(session: &mut Session, id: FindingId) -> Result<Option<Finding>, Error> {
    session.maybe_row(SELECT, args![Value::text(id)]).await?.as_ref().map(from_row).transpose()
}

/// The findings of a kind about a resident.
///
/// # Errors
/// Those of the database.
pub async fn of_resident(
    session: &mut Session,
    resident_id: ResidentId,
    kind: FindingKind,
) -> Result<Vec<Finding>, Error> {
    let rows = session.rows(SELECT_OF_RESIDENT, args![Value::text(resident_id), kind.as_str()]).await?;
    rows.iter().map(from_row).collect()
}

/// Which findings are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// District.
    pub district: District,
    /// Policy year.
    pub policy_year: Option<i32>,
    /// Kind.
    pub kind: Option<FindingKind>,
    /// State.
    pub state: Option<FindingState>,
    /// Kind of list.
    pub roster_kind: Option<RosterKind>,
    /// Township; empty for all.
    pub township: String,
    /// After this one.
    pub after: Option<FindingId>,
    /// At most so many.
    pub size: i64,
}

/// A page of findings in the order in which they were first found.
///
/// # Errors
/// Those of the database.
pub async fn page(session: &mut Session, wanted: &Wanted) -> Result<Vec<Finding>, Error> {
    let mut key = args![
        wanted.district.as_str(),
        wanted.after.map(|id| id.to_string()).unwrap_or_default(),
        Value::Int(wanted.policy_year.map(i64::from)),
        Value::maybe_text(wanted.kind),
        Value::maybe_text(wanted.state),
        Value::maybe_text(wanted.roster_kind),
        wanted.size,
    ];
    let statement = if wanted.township.is_empty() {
        SELECT_PAGE
    } else {
        key.push(wanted.township.as_str().into());
        SELECT_PAGE_OF_TOWNSHIP
    };
    session.rows(statement, key).await?.iter().map(from_row).collect()
}

/// Stores state, township and resolution of a finding that still has the revision it was read with.
///
/// # Errors
/// [`Error::Contended`] when it has another one by now.
pub async fn update(session: &mut Session, finding: &Finding) -> Result<(), Error> {
    let row = args![
        Value::text(finding.id),
        finding.revision,
        finding.state.as_str(),
        finding.found.township.clone(),
        finding.resolution.as_str(),
        finding.updated_at,
    ];
    if session.execute(UPDATE_STATE, row).await? == 1 { Ok(()) } else { Err(Error::Contended) }
}

/// Kind and district of a unit.
///
/// # Errors
/// Those of the database.
pub async fn maybe_unit(session: &mut Session, unit_id: &str) -> Result<Option<(UnitKind, District)>, Error> {
    let row = session.maybe_row(SELECT_UNIT, args![unit_id]).await?;
    row.map(|row| Ok((row.parse("kind")?, row.parse("district")?))).transpose()
}

fn from_row(row: &Row) -> Result<Finding, Error> {
    Ok(Finding {
        id: row.parse("finding_id")?,
        district: row.parse("district")?,
        policy_year: row.small("policy_year")?,
        roster_kind: row.parse("roster_kind")?,
        roster_id: row.text("roster_id")?,
        state: row.parse("state")?,
        found: Found {
            kind: row.parse("kind")?,
            identity_number: row.text("identity_number")?,
            name: row.text("name")?,
            resident_id: row.maybe_text("resident_id")?,
            township: row.maybe_text("township")?,
            detail: row.text("detail")?,
            remedy: row.text("remedy")?,
            rule_id: row.text("rule_id")?,
            facts: row.text("facts")?,
        },
        resolution: row.text("resolution")?,
        reopened: row.small("reopened")?,
        revision: row.int("revision")?,
        created_at: row.instant("created_at")?,
        updated_at: row.instant("updated_at")?,
    })
}
