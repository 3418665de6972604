//! Our side of a comparison: what was posted in the period of a statement, net of each settlement.

use std::collections::BTreeMap;

use juyi_db::{Keyed, Session, Value, args};
use juyi_domain::id::ReconciliationId;
use juyi_domain::settlement::provider_reconciliation::PayerAmounts;
use juyi_kit::error::Error;

use super::dues;

juyi_db::statements! {
    SELECT_BOUND = "SELECT MIN(bound) AS bound FROM (\
        SELECT (SELECT settlement_id FROM provider_posted WHERE reconciliation_id = $1 AND settlement_id > $2 \
        ORDER BY settlement_id LIMIT 1 OFFSET $3) AS bound UNION ALL \
        SELECT (SELECT settlement_id FROM provider_row WHERE reconciliation_id = $1 AND settlement_id > $2 \
        ORDER BY settlement_id LIMIT 1 OFFSET $3) AS bound) bounds";
    SELECT = "SELECT * FROM provider_posted WHERE reconciliation_id = $1 AND settlement_id > $2 AND settlement_id <= $3";
    SELECT_LAST = "SELECT * FROM provider_posted WHERE reconciliation_id = $1 AND settlement_id > $2";
    DELETE = "DELETE FROM provider_posted WHERE reconciliation_id = $1 AND settlement_id <= $2";
    DELETE_LAST = "DELETE FROM provider_posted WHERE reconciliation_id = $1";
}

static ADD: Keyed = Keyed::upsert(
    "provider_posted",
    &[
        ("reconciliation_id", "TEXT"),
        ("settlement_id", "TEXT"),
        ("basic_fund_fen", "BIGINT"),
        ("critical_illness_fen", "BIGINT"),
        ("maternity_fen", "BIGINT"),
        ("medical_assistance_fen", "BIGINT"),
        ("veterans_assistance_fen", "BIGINT"),
        ("person_fen", "BIGINT"),
    ],
    "(reconciliation_id, settlement_id) DO UPDATE SET \
        basic_fund_fen = provider_posted.basic_fund_fen + excluded.basic_fund_fen, \
        critical_illness_fen = provider_posted.critical_illness_fen + excluded.critical_illness_fen, \
        maternity_fen = provider_posted.maternity_fen + excluded.maternity_fen, \
        medical_assistance_fen = provider_posted.medical_assistance_fen + excluded.medical_assistance_fen, \
        veterans_assistance_fen = provider_posted.veterans_assistance_fen + excluded.veterans_assistance_fen, \
        person_fen = provider_posted.person_fen + excluded.person_fen",
);

/// Adds what was posted for settlements to what is known of them.
///
/// # Errors
/// Those of the database.
pub async fn add(
    session: &mut Session,
    id: ReconciliationId,
    posted: &BTreeMap<String, PayerAmounts>,
) -> Result<(), Error> {
    let row = |(settlement_id, amounts): (&String, &PayerAmounts)| {
        args![
            Value::text(id),
            settlement_id.as_str(),
            amounts.basic_fund.get(),
            amounts.critical_illness.get(),
            amounts.maternity.get(),
            amounts.medical_assistance.get(),
            amounts.veterans_assistance.get(),
            amounts.person.get(),
        ]
    };
    let rows: Vec<Value> = posted.iter().flat_map(row).collect();
    session.execute_for(&ADD, &rows).await?;
    Ok(())
}

/// Forgets what was compared: the settlements up to one, or all of them.
///
/// # Errors
/// Those of the database.
pub async fn remove(session: &mut Session, id: ReconciliationId, up_to: Option<&str>) -> Result<(), Error> {
    match up_to {
        Some(up_to) => session.execute(DELETE, args![Value::text(id), up_to]).await?,
        None => session.execute(DELETE_LAST, args![Value::text(id)]).await?,
    };
    Ok(())
}

/// The settlement at which a page ends that begins after another one and has `size` settlements of ours or rows of theirs at
/// most, besides more rows of that settlement; `None` for the last page. The database decides, whose order of texts it is.
///
/// # Errors
/// Those of the database.
pub async fn maybe_bound(
    session: &mut Session,
    id: ReconciliationId,
    after: &str,
    size: i64,
) -> Result<Option<String>, Error> {
    let row = session.maybe_row(SELECT_BOUND, args![Value::text(id), after, size - 1]).await?;
    Ok(row.and_then(|row| row.maybe_text("bound").transpose()).transpose()?)
}

/// What was posted for the settlements after one and up to another; up to the last where that is `None`.
///
/// # Errors
/// Those of the database.
pub async fn between(
    session: &mut Session,
    id: ReconciliationId,
    (after, to): (&str, Option<&str>),
) -> Result<BTreeMap<String, PayerAmounts>, Error> {
    let rows = match to {
        Some(to) => session.rows(SELECT, args![Value::text(id), after, to]).await?,
        None => session.rows(SELECT_LAST, args![Value::text(id), after]).await?,
    };
    rows.iter().map(|row| Ok((row.text("settlement_id")?, dues::amounts(row)?))).collect()
}
