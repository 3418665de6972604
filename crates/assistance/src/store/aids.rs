//! Aid as settlement posted it: differences, summed per bill when read.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Error, Row, Session, Value, args};
use juyi_domain::id::{EventId, ResidentId, SettlementId};
use juyi_domain::money::Fen;

juyi_db::statements! {
    INSERT = "INSERT INTO aid (resident_id, event_id, settlement_id, policy_year, service_on, medical_fen, \
        veterans_fen, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
    SELECT_PAGE = "SELECT settlement_id, policy_year, service_on, CAST(SUM(medical_fen) AS BIGINT) AS medical_fen, \
        CAST(SUM(veterans_fen) AS BIGINT) AS veterans_fen FROM aid WHERE resident_id = $1 AND settlement_id < $2 \
        GROUP BY settlement_id, policy_year, service_on ORDER BY settlement_id DESC LIMIT $3";
}

/// Above every id of a settlement.
const BEYOND: &str = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/// A difference of the aid on one bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Whose.
    pub resident_id: ResidentId,
    /// The event that brought it; a second delivery changes nothing.
    pub event_id: EventId,
    /// The bill and its aid, here the difference.
    pub aid: Aid,
    /// When it arrived.
    pub created_at: DateTime<Utc>,
}

/// Aid on one bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aid {
    /// The settlement.
    pub settlement_id: SettlementId,
    /// Policy year.
    pub policy_year: i32,
    /// Service date.
    pub service_on: NaiveDate,
    /// Medical assistance.
    pub medical: Fen,
    /// Veterans' assistance.
    pub veterans: Fen,
}

/// Stores a difference, unless its event was stored before.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, posting: &Posting) -> Result<(), Error> {
    let row = args![
        Value::text(posting.resident_id),
        Value::text(posting.event_id),
        Value::text(posting.aid.settlement_id),
        posting.aid.policy_year,
        posting.aid.service_on,
        posting.aid.medical.get(),
        posting.aid.veterans.get(),
        posting.created_at,
    ];
    session.execute(INSERT, row).await?;
    Ok(())
}

/// A page of the resident's aid, newest bill first, of bills before `before`.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    resident_id: ResidentId,
    before: Option<SettlementId>,
    size: i64,
) -> Result<Vec<Aid>, Error> {
    let before = before.map_or_else(|| BEYOND.into(), Value::text);
    let rows = session.rows(SELECT_PAGE, args![Value::text(resident_id), before, size]).await?;
    rows.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<Aid, Error> {
    Ok(Aid {
        settlement_id: row.parse("settlement_id")?,
        policy_year: row.small("policy_year")?,
        service_on: row.date("service_on")?,
        medical: Fen::new(row.int("medical_fen")?),
        veterans: Fen::new(row.int("veterans_fen")?),
    })
}
