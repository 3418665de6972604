//! Providers, each as it stands from a day on.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Error, Keyed, Row, Session, Value, args};
use juyi_domain::codes::{District, ProviderLevel};
use juyi_kit::caller::Caller;
use juyi_kit::wire::{caller_from_row, caller_to_row};

juyi_db::statements! {
    /// What is recorded for the same first day again replaces what was.
    PUT = "INSERT INTO provider (provider_code, start_on, name, district, level, designated, reform_registered, \
        assistance_designated, home_bed, village_clinic, source, created_at, office, office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
        ON CONFLICT (provider_code, start_on) DO UPDATE SET name = excluded.name, district = excluded.district, \
        level = excluded.level, designated = excluded.designated, reform_registered = excluded.reform_registered, \
        assistance_designated = excluded.assistance_designated, home_bed = excluded.home_bed, \
        village_clinic = excluded.village_clinic, source = excluded.source, created_at = excluded.created_at, \
        office = excluded.office, office_district = excluded.office_district, office_name = excluded.office_name";
    SELECT_FROM = "SELECT * FROM provider WHERE provider_code = $1 AND start_on = $2";
    SELECT_ON = "SELECT * FROM provider WHERE provider_code = $1 AND start_on <= $2 ORDER BY start_on DESC LIMIT 1";
    /// As it stands on a day or, before it is known, on the first day that it is.
    SELECT_ABOUT = "SELECT * FROM provider WHERE provider_code = $1 \
        ORDER BY CASE WHEN start_on <= $2 THEN 0 ELSE 1 END, \
        CASE WHEN start_on <= $2 THEN start_on END DESC, start_on LIMIT 1";
    SELECT_PAGE = "SELECT provider.* FROM provider WHERE (CAST($1 AS TEXT) IS NULL OR district = $1) \
        AND start_on = (SELECT MAX(other.start_on) FROM provider AS other \
        WHERE other.provider_code = provider.provider_code AND other.start_on <= $2) \
        AND provider_code > $3 ORDER BY provider_code LIMIT $4";
}

static ON: Keyed = Keyed::select(
    &[("question", "BIGINT"), ("wanted", "TEXT"), ("wanted_on", "DATE")],
    "key.question, p.*",
    "provider p",
    "p.provider_code = key.wanted AND p.start_on = (SELECT MAX(other.start_on) FROM provider other \
        WHERE other.provider_code = key.wanted AND other.start_on <= key.wanted_on)",
    "question",
);

/// A provider from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Code, 12 characters.
    pub code: String,
    /// First day on which it stands so.
    pub start_on: NaiveDate,
    /// Name.
    pub name: String,
    /// District.
    pub district: District,
    /// Level.
    pub level: ProviderLevel,
    /// Designated for medical insurance.
    pub designated: bool,
    /// Registered level 2 hospital without drug mark-up.
    pub reform_registered: bool,
    /// Designated for medical assistance.
    pub assistance_designated: bool,
    /// Offers home beds.
    pub home_bed: bool,
    /// Village clinic under integrated management.
    pub village_clinic: bool,
    /// Document and clause, or the office, that the row comes from.
    pub source: String,
    /// Office that wrote it last; the suite itself for rows of files.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl Provider {
    /// True when both say the same, whoever wrote them and when.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let created_at = other.created_at;
        Self { created_at, recorded_by: other.recorded_by.clone(), ..self.clone() } == *other
    }
}

/// Records how a provider stands from a day on.
///
/// # Errors
/// Those of the database.
pub async fn put(session: &mut Session, provider: &Provider) -> Result<(), Error> {
    let mut row = args![
        provider.code.as_str(),
        provider.start_on,
        provider.name.as_str(),
        provider.district.as_str(),
        provider.level.as_str(),
        provider.designated,
        provider.reform_registered,
        provider.assistance_designated,
        provider.home_bed,
        provider.village_clinic,
        provider.source.as_str(),
        provider.created_at,
    ];
    row.extend(caller_to_row(&provider.recorded_by));
    session.execute(PUT, row).await?;
    Ok(())
}

/// What is recorded from just that day on.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find_from(
    session: &mut Session,
    code: &str,
    start_on: NaiveDate,
) -> Result<Option<Provider>, Error> {
    session.maybe_row(SELECT_FROM, args![code, start_on]).await?.as_ref().map(from_row).transpose()
}

/// A provider as it stands on a day.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find_on(session: &mut Session, code: &str, on: NaiveDate) -> Result<Option<Provider>, Error> {
    session.maybe_row(SELECT_ON, args![code, on]).await?.as_ref().map(from_row).transpose()
}

/// Those of the providers asked about that are known on the day, each with the place of its question, in the order asked.
///
/// # Errors
/// Those of the database.
pub async fn list_on(
    session: &mut Session,
    questions: &[(String, NaiveDate)],
) -> Result<Vec<(usize, Provider)>, Error> {
    let keys = (0_i64..).zip(questions).flat_map(|(question, (code, on))| args![question, code.as_str(), *on]);
    let rows = session.rows_of(&ON, &keys.collect::<Vec<_>>()).await?;
    let found = |row: &Row| {
        let question = usize::try_from(row.int("question")?).map_err(|_| Error::Corrupt { column: "question" })?;
        Ok((question, from_row(row)?))
    };
    rows.iter().map(found).collect()
}

/// A provider as it stands on a day; where it is known from a later day on only, as it stands then.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find_about(session: &mut Session, code: &str, on: NaiveDate) -> Result<Option<Provider>, Error> {
    session.maybe_row(SELECT_ABOUT, args![code, on]).await?.as_ref().map(from_row).transpose()
}

/// A page of providers as they stand on a day, by code, from the one after `after`.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    district: Option<District>,
    on: NaiveDate,
    after: &str,
    size: i64,
) -> Result<Vec<Provider>, Error> {
    let rows = session.rows(SELECT_PAGE, args![Value::maybe_text(district), on, after, size]).await?;
    rows.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<Provider, Error> {
    Ok(Provider {
        code: row.text("provider_code")?,
        start_on: row.date("start_on")?,
        name: row.text("name")?,
        district: row.parse("district")?,
        level: row.parse("level")?,
        designated: row.bool("designated")?,
        reform_registered: row.bool("reform_registered")?,
        assistance_designated: row.bool("assistance_designated")?,
        home_bed: row.bool("home_bed")?,
        village_clinic: row.bool("village_clinic")?,
        source: row.text("source")?,
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
