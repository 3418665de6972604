//! Criteria of the yearly appraisal, what they measure, and the appraisals made.

use chrono::{DateTime, Utc};
use juyi_db::{Row, Session, args};
use juyi_domain::codes::District;
use juyi_domain::receipt::Receipt;
use juyi_domain::registry::supervision::appraisal::Criterion;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row, receipt_from_json, receipt_to_json};

juyi_db::statements! {
    DELETE_CRITERIA = "DELETE FROM appraisal_criterion WHERE district = $1 AND policy_year = $2";
    INSERT_CRITERION = "INSERT INTO appraisal_criterion (district, policy_year, measure, weight_percent, source, \
        created_at, office, office_district, office_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    SELECT_CRITERIA = "SELECT measure, weight_percent FROM appraisal_criterion \
        WHERE district = $1 AND policy_year = $2 ORDER BY weight_percent DESC, measure";
    COUNT_FINDINGS = "SELECT COUNT(*) AS whole, CAST(COALESCE(SUM(CASE WHEN state IN ('RESOLVED', 'CLEARED') \
        THEN 1 ELSE 0 END), 0) AS BIGINT) AS done FROM finding \
        WHERE district = $1 AND policy_year = $2 AND township = $3";
    COUNT_WORK = "SELECT COUNT(*) AS whole, CAST(COALESCE(SUM(CASE WHEN state = 'CLOSED' THEN 1 ELSE 0 END), 0) \
        AS BIGINT) AS done FROM work_item \
        WHERE district = $1 AND policy_year = $2 AND (unit_id = $3 OR assignee = $3 \
        OR unit_id IN (SELECT unit_id FROM unit WHERE township = $3) \
        OR assignee IN (SELECT unit_id FROM unit WHERE township = $3))";
    INSERT = "INSERT INTO appraisal (unit_id, policy_year, district, score_basis_points, receipt, created_at, office, \
        office_district, office_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    SELECT = "SELECT * FROM appraisal WHERE unit_id = $1 AND policy_year = $2";
    SELECT_ALL = "SELECT * FROM appraisal WHERE district = $1 AND policy_year = $2 \
        ORDER BY score_basis_points DESC, unit_id";
}

/// An appraisal.
#[derive(Clone, Debug, PartialEq)]
pub struct Appraisal {
    /// Township, a unit id.
    pub unit_id: String,
    /// Policy year.
    pub policy_year: i32,
    /// District.
    pub district: District,
    /// Score in basis points.
    pub score: i64,
    /// How it was reached.
    pub receipt: Receipt,
    /// Office that appraised.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Replaces the criteria of a district and year by others, with the document that decided them.
///
/// # Errors
/// Those of the database.
pub async fn set_criteria(
    session: &mut Session,
    (district, policy_year): (District, i32),
    (criteria, source): (&[Criterion], &str),
    (caller, now): (&Caller, DateTime<Utc>),
) -> Result<(), Error> {
    session.execute(DELETE_CRITERIA, args![district.as_str(), policy_year]).await?;
    for criterion in criteria {
        let (measure, weight) = (criterion.measure.as_str(), criterion.weight_percent);
        let mut row = args![district.as_str(), policy_year, measure, weight, source, now];
        row.extend(caller_to_row(caller));
        session.execute(INSERT_CRITERION, row).await?;
    }
    Ok(())
}

/// The criteria of a district and year, the weightiest first.
///
/// # Errors
/// Those of the database.
pub async fn criteria(session: &mut Session, district: District, policy_year: i32) -> Result<Vec<Criterion>, Error> {
    let rows = session.rows(SELECT_CRITERIA, args![district.as_str(), policy_year]).await?;
    let criterion =
        |row: &Row| Ok(Criterion { measure: row.parse("measure")?, weight_percent: row.small("weight_percent")? });
    rows.iter().map(criterion).collect()
}

/// How many findings of a township are resolved or cleared, and how many there are.
///
/// # Errors
/// Those of the database.
pub async fn findings(session: &mut Session, of: (District, i32), township: &str) -> Result<(i64, i64), Error> {
    done(session, COUNT_FINDINGS, of, township).await
}

/// How many work items about a township or one of its units, or assigned to one of them, are closed, and how many there are.
///
/// # Errors
/// Those of the database.
pub async fn work(session: &mut Session, of: (District, i32), township: &str) -> Result<(i64, i64), Error> {
    done(session, COUNT_WORK, of, township).await
}

async fn done(
    session: &mut Session,
    sql: &'static str,
    (district, policy_year): (District, i32),
    township: &str,
) -> Result<(i64, i64), Error> {
    let row = session.maybe_row(sql, args![district.as_str(), policy_year, township]).await?;
    row.map_or(Ok((0, 0)), |row| Ok((row.int("done")?, row.int("whole")?)))
}

/// Stores an appraisal. A second one of the year is `Duplicate`.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, appraisal: &Appraisal) -> Result<(), Error> {
    let mut row = args![
        appraisal.unit_id.as_str(),
        appraisal.policy_year,
        appraisal.district.as_str(),
        appraisal.score,
        receipt_to_json(&appraisal.receipt)?,
        appraisal.created_at,
    ];
    row.extend(caller_to_row(&appraisal.recorded_by));
    session.execute(INSERT, row).await?;
    Ok(())
}

/// The appraisal of a unit in a year.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(session: &mut Session, unit_id: &str, policy_year: i32) -> Result<Option<Appraisal>, Error> {
    session.maybe_row(SELECT, args![unit_id, policy_year]).await?.as_ref().map(from_row).transpose()
}

/// The appraisals of a district and year, best first.
///
/// # Errors
/// Those of the database.
pub async fn list(session: &mut Session, district: District, policy_year: i32) -> Result<Vec<Appraisal>, Error> {
    session.rows(SELECT_ALL, args![district.as_str(), policy_year]).await?.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<Appraisal, Error> {
    Ok(Appraisal {
        unit_id: row.text("unit_id")?,
        policy_year: row.small("policy_year")?,
        district: row.parse("district")?,
        score: row.int("score_basis_points")?,
        receipt: receipt_from_json(&row.text("receipt")?)?,
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
