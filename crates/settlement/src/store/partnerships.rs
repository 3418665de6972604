//! Institutions that work with one that receives transfers.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Row, Session, Value, args};
use juyi_domain::id::PartnershipId;
use juyi_domain::settlement::filings::partner::Partnership;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row};

juyi_db::statements! {
    INSERT = "INSERT INTO partnership (receiving_code, partnership_id, partner_code, arrangement, document_number, \
        first_on, last_on, created_at, office, office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    SELECT_OVERLAPPING = "SELECT partnership_id FROM partnership WHERE receiving_code = $1 AND partner_code = $2 \
        AND (last_on IS NULL OR last_on >= $3) AND (CAST($4 AS DATE) IS NULL OR first_on <= $4) \
        ORDER BY partnership_id LIMIT 1";
    SELECT_RECEIVING = "SELECT receiving_code FROM partnership WHERE partner_code = $1 AND first_on <= $2 \
        AND (last_on IS NULL OR last_on >= $2) ORDER BY receiving_code";
    SELECT_PAGE = "SELECT * FROM partnership WHERE receiving_code = $1 AND partnership_id > $2 \
        ORDER BY partnership_id LIMIT $3";
}

/// A registered relation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partner {
    /// Id.
    pub id: PartnershipId,
    /// The relation.
    pub partnership: Partnership,
    /// First day.
    pub first_on: NaiveDate,
    /// Last day, included.
    pub last_on: Option<NaiveDate>,
    /// Office that registered it.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Stores a relation. A second one of the pair with its first day is `Duplicate`.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, partner: &Partner) -> Result<(), Error> {
    let Partnership { receiving_code, partner_code, arrangement, document_number } = &partner.partnership;
    let mut row = args![
        receiving_code.as_str(),
        Value::text(partner.id),
        partner_code.as_str(),
        arrangement.as_str(),
        document_number.as_str(),
        partner.first_on,
        partner.last_on,
        partner.created_at,
    ];
    row.extend(caller_to_row(&partner.recorded_by));
    session.execute(INSERT, row).await?;
    Ok(())
}

/// A relation of the same pair that shares a day with a new one.
///
/// # Errors
/// Those of the database.
pub async fn maybe_overlapping(session: &mut Session, new: &Partner) -> Result<Option<PartnershipId>, Error> {
    let Partnership { receiving_code, partner_code, .. } = &new.partnership;
    let key = args![receiving_code.as_str(), partner_code.as_str(), new.first_on, new.last_on];
    let row = session.maybe_row(SELECT_OVERLAPPING, key).await?;
    Ok(row.map(|row| row.parse("partnership_id")).transpose()?)
}

/// The receiving institutions that a provider works with on a day.
///
/// # Errors
/// Those of the database.
pub async fn receiving_of(session: &mut Session, partner_code: &str, on: NaiveDate) -> Result<Vec<String>, Error> {
    let rows = session.rows(SELECT_RECEIVING, args![partner_code, on]).await?;
    rows.iter().map(|row| Ok(row.text("receiving_code")?)).collect()
}

/// A page of the partners of an institution, after `after`.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    receiving_code: &str,
    after: Option<PartnershipId>,
    size: i64,
) -> Result<Vec<Partner>, Error> {
    let after = after.map_or_else(|| "".into(), Value::text);
    let rows = session.rows(SELECT_PAGE, args![receiving_code, after, size]).await?;
    rows.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<Partner, Error> {
    Ok(Partner {
        id: row.parse("partnership_id")?,
        partnership: Partnership {
            receiving_code: row.text("receiving_code")?,
            partner_code: row.text("partner_code")?,
            arrangement: row.parse("arrangement")?,
            document_number: row.text("document_number")?,
        },
        first_on: row.date("first_on")?,
        last_on: row.maybe_date("last_on")?,
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
