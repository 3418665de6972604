//! Units: townships, schools, villages, households.

use chrono::{DateTime, Utc};
use juyi_db::{Error, Row, Session, Value, args};
use juyi_domain::codes::{District, InstitutionKind, UnitKind};
use juyi_domain::registry::unit;
use juyi_kit::caller::Caller;
use juyi_kit::wire::{caller_from_row, caller_to_row};

juyi_db::statements! {
    INSERT = "INSERT INTO unit (unit_id, kind, name, district, township, target_unit, institution_kind, source, \
        revision, created_at, office, office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    UPDATE = "UPDATE unit SET kind = $2, name = $3, district = $4, township = $5, target_unit = $6, \
        institution_kind = $7, source = $8, revision = $9 + 1, created_at = $10, office = $11, office_district = $12, \
        office_name = $13 WHERE unit_id = $1 AND revision = $9";
    /// A row of a file: added, or changed where no office has made it its own.
    LOAD = "INSERT INTO unit (unit_id, kind, name, district, township, target_unit, institution_kind, source, \
        revision, created_at, office, office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
        ON CONFLICT (unit_id) DO UPDATE SET kind = excluded.kind, name = excluded.name, \
        district = excluded.district, township = excluded.township, target_unit = excluded.target_unit, \
        institution_kind = excluded.institution_kind, source = excluded.source, revision = unit.revision + 1, \
        created_at = excluded.created_at WHERE unit.office = 'SYSTEM'";
    SELECT = "SELECT * FROM unit WHERE unit_id = $1";
    SELECT_TOWNSHIP = "SELECT unit_id FROM unit WHERE district = $1 AND kind = 'TOWNSHIP' LIMIT 1";
    SELECT_FROM_FILES = "SELECT unit_id FROM unit WHERE office = 'SYSTEM' LIMIT 1";
    SELECT_PAGE = "SELECT * FROM unit WHERE (CAST($1 AS TEXT) IS NULL OR district = $1) \
        AND (CAST($2 AS TEXT) IS NULL OR kind = $2) AND unit_id > $3 ORDER BY unit_id LIMIT $4";
    SELECT_OF_TOWNSHIP = "SELECT * FROM unit WHERE township = $5 AND (CAST($1 AS TEXT) IS NULL OR district = $1) \
        AND (CAST($2 AS TEXT) IS NULL OR kind = $2) AND unit_id > $3 ORDER BY unit_id LIMIT $4";
}

/// A unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Id.
    pub id: String,
    /// Kind.
    pub kind: UnitKind,
    /// Name.
    pub name: String,
    /// District.
    pub district: District,
    /// Township it belongs to, a unit id.
    pub township: Option<String>,
    /// Row of the target table it counts towards, a unit id.
    pub target_unit: Option<String>,
    /// Kind of institution.
    pub institution_kind: Option<InstitutionKind>,
    /// Document and clause, or the office, that the row comes from.
    pub source: String,
    /// Version.
    pub revision: i64,
    /// Office that wrote it last; the suite itself for rows of files.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl Unit {
    /// The unit as far as enrolment depends on it.
    #[must_use]
    pub fn to_domain(&self) -> unit::Unit {
        unit::Unit {
            id: self.id.clone(),
            kind: self.kind,
            district: self.district,
            township: self.township.clone(),
            target_unit: self.target_unit.clone(),
        }
    }

    /// True when both say the same, whoever wrote them and in whatever version.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let (revision, created_at) = (other.revision, other.created_at);
        Self { revision, created_at, recorded_by: other.recorded_by.clone(), ..self.clone() } == *other
    }
}

/// Stores a new unit. An id in use is [`Error::Duplicate`].
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, unit: &Unit) -> Result<(), Error> {
    session.execute(INSERT, to_row(unit)).await?;
    Ok(())
}

/// Replaces the version `unit.revision` by the next; `false` when that is no longer the version stored.
///
/// # Errors
/// Those of the database.
pub async fn update(session: &mut Session, unit: &Unit) -> Result<bool, Error> {
    Ok(session.execute(UPDATE, to_row(unit)).await? == 1)
}

/// Stores a row of a file, unless an office has made the unit its own.
///
/// # Errors
/// Those of the database.
pub async fn load(session: &mut Session, unit: &Unit) -> Result<(), Error> {
    session.execute(LOAD, to_row(unit)).await?;
    Ok(())
}

/// A unit by id.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(session: &mut Session, id: &str) -> Result<Option<Unit>, Error> {
    session.maybe_row(SELECT, args![id]).await?.as_ref().map(from_row).transpose()
}

/// True when rows of files were loaded before.
///
/// # Errors
/// Those of the database.
pub async fn any_from_files(session: &mut Session) -> Result<bool, Error> {
    Ok(session.maybe_row(SELECT_FROM_FILES, Vec::new()).await?.is_some())
}

/// What a page of units is to hold.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// District; `None` for all.
    pub district: Option<District>,
    /// Kind; `None` for all.
    pub kind: Option<UnitKind>,
    /// Township, a unit id; `None` for all.
    pub township: Option<String>,
}

/// True when the townships of the district are on record.
///
/// # Errors
/// Those of the database.
pub async fn has_townships(session: &mut Session, district: District) -> Result<bool, Error> {
    Ok(session.maybe_row(SELECT_TOWNSHIP, args![Value::text(district)]).await?.is_some())
}

/// A page of units by id, from the one after `after`.
///
/// # Errors
/// Those of the database.
pub async fn page(session: &mut Session, filter: &Filter, after: &str, size: i64) -> Result<Vec<Unit>, Error> {
    let mut key = args![Value::maybe_text(filter.district), Value::maybe_text(filter.kind), after, size];
    let rows = match &filter.township {
        Some(township) => {
            key.push(township.clone().into());
            session.rows(SELECT_OF_TOWNSHIP, key).await?
        }
        None => session.rows(SELECT_PAGE, key).await?,
    };
    rows.iter().map(from_row).collect()
}

fn to_row(unit: &Unit) -> Vec<Value> {
    let mut row = args![
        unit.id.as_str(),
        unit.kind.as_str(),
        unit.name.as_str(),
        unit.district.as_str(),
        unit.township.clone(),
        unit.target_unit.clone(),
        Value::maybe_text(unit.institution_kind),
        unit.source.as_str(),
        unit.revision,
        unit.created_at,
    ];
    row.extend(caller_to_row(&unit.recorded_by));
    row
}

fn from_row(row: &Row) -> Result<Unit, Error> {
    Ok(Unit {
        id: row.text("unit_id")?,
        kind: row.parse("kind")?,
        name: row.text("name")?,
        district: row.parse("district")?,
        township: row.maybe_text("township")?,
        target_unit: row.maybe_text("target_unit")?,
        institution_kind: row.maybe_parse("institution_kind")?,
        source: row.text("source")?,
        revision: row.int("revision")?,
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
