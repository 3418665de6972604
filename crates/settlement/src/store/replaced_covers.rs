//! What covered settlements until recomputations replaced it, so that the facts behind an entry can still be read.

use chrono::{DateTime, Utc};
use juyi_db::{Session, Value, args};
use juyi_domain::id::{RecomputationId, ResidentId, SettlementId};
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::caller_to_row;

use super::settlements::Cover;
use super::to_json;

/// What is said of a value that has no JSON.
const UNWRITTEN: &str = "a cover cannot be written";

juyi_db::statements! {
    INSERT = "INSERT INTO replaced_cover (resident_id, recomputation_id, settlement_id, class, tier, identities, standing, \
        created_at, office, office_district, office_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    COUNT = "SELECT COUNT(*) AS covers FROM replaced_cover WHERE resident_id = $1 AND settlement_id = $2";
}

/// By what a cover was replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The recomputation.
    pub id: RecomputationId,
    /// Office that asked for it.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Keeps the cover that is replaced.
///
/// # Errors
/// Those of the database.
pub async fn insert(
    session: &mut Session,
    by: &Replacement,
    (resident_id, id): (ResidentId, SettlementId),
    cover: &Cover,
) -> Result<(), Error> {
    let mut row = args![
        Value::text(resident_id),
        Value::text(by.id),
        Value::text(id),
        cover.class.as_str(),
        cover.tier.as_str(),
        cover.identity_codes(),
        to_json(&cover.standing, UNWRITTEN)?,
        by.created_at,
    ];
    row.extend(caller_to_row(&by.recorded_by));
    session.execute(INSERT, row).await?;
    Ok(())
}

/// How often the cover of a settlement was replaced.
///
/// # Errors
/// Those of the database.
pub async fn count(session: &mut Session, resident_id: ResidentId, id: SettlementId) -> Result<i64, Error> {
    let row = session.maybe_row(COUNT, args![Value::text(resident_id), Value::text(id)]).await?;
    row.map_or(Ok(0), |row| Ok(row.int("covers")?))
}
