//! What was posted for the bills of which the person paid only the own share, by posting day.
//!
//! What the person paid whole at the counter comes as a claim and is owed to the person, not to the provider. The
//! index over district, instant and provider bounds what is read by the period, however old the ledger is.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use juyi_db::{Row, Session, args};
use juyi_domain::codes::District;
use juyi_domain::dates::Period;
use juyi_domain::money::Fen;
use juyi_domain::settlement::care::CareKind;
use juyi_domain::settlement::provider_reconciliation::{PayerAmounts, ProviderTotal};
use juyi_kit::clock::start_in_china;
use juyi_kit::error::Error;
use serde::{Deserialize, Serialize};

/// Entries that are due to providers, posted in a period, for the insured of a district.
macro_rules! posted {
    () => {
        " FROM entry e WHERE e.payee_district = $3 AND e.created_at >= $1 AND e.created_at < $2"
    };
}

/// What each payer bears of them.
macro_rules! sums {
    () => {
        "CAST(SUM(e.basic_fund_fen) AS BIGINT) AS basic_fund_fen, \
        CAST(SUM(e.critical_illness_fen) AS BIGINT) AS critical_illness_fen, \
        CAST(SUM(e.maternity_fen) AS BIGINT) AS maternity_fen, \
        CAST(SUM(e.medical_assistance_fen) AS BIGINT) AS medical_assistance_fen, \
        CAST(SUM(e.veterans_assistance_fen) AS BIGINT) AS veterans_assistance_fen, \
        CAST(SUM(e.person_fen) AS BIGINT) AS person_fen"
    };
}

juyi_db::statements! {
    SELECT_KINDS = concat!("SELECT s.care_kind, COUNT(DISTINCT s.settlement_id) AS settlements, ", sums!(),
        " FROM entry e JOIN settlement s ON s.resident_id = e.resident_id AND s.settlement_id = e.settlement_id \
        WHERE e.payee_district = $3 AND e.created_at >= $1 AND e.created_at < $2 AND e.payee_code = $4 \
        GROUP BY s.care_kind ORDER BY s.care_kind");
    SELECT_ENTRIES = concat!("SELECT e.created_at, e.entry_id, e.settlement_id, e.basic_fund_fen, \
        e.critical_illness_fen, e.maternity_fen, e.medical_assistance_fen, e.veterans_assistance_fen, e.person_fen",
        posted!(), " AND e.payee_code = $4 AND (e.created_at > $1 OR e.entry_id > $5) \
        ORDER BY e.created_at, e.entry_id LIMIT $6");
    SELECT_PROVIDERS = concat!("SELECT e.payee_code, COUNT(DISTINCT e.settlement_id) AS settlements, ", sums!(),
        posted!(), " AND e.payee_code > $4 GROUP BY e.payee_code ORDER BY e.payee_code LIMIT $5");
}

/// What is due to one provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Provider.
    pub provider_code: String,
    /// Everything posted for it.
    pub total: ProviderTotal,
}

/// Insured of a district, and the posting days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// District of enrolment.
    pub district: District,
    /// Posting days in China Standard Time.
    pub period: Period,
}

impl Scope {
    fn args(self) -> Vec<juyi_db::Value> {
        let (from, until) = (start_in_china(self.period.start()), start_in_china(self.period.end()));
        args![from, until, self.district.as_str()]
    }
}

/// What was posted for a provider, per kind of care.
///
/// # Errors
/// Those of the database.
pub async fn by_kind(
    session: &mut Session,
    scope: Scope,
    provider_code: &str,
) -> Result<BTreeMap<CareKind, ProviderTotal>, Error> {
    let mut key = scope.args();
    key.extend(args![provider_code]);
    session.rows(SELECT_KINDS, key).await?.iter().map(|row| Ok((row.parse("care_kind")?, total(row)?))).collect()
}

/// The place of an entry among those of a provider, which are in the order in which they were stamped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    created_at: DateTime<Utc>,
    entry_id: String,
}

/// What was posted for a provider, entry by entry after a place, at most `size`: the settlement with its amounts, and the
/// place of the last one.
///
/// # Errors
/// Those of the database.
pub async fn entries(
    session: &mut Session,
    scope: Scope,
    provider_code: &str,
    (after, size): (Option<&Place>, i64),
) -> Result<(Vec<(String, PayerAmounts)>, Option<Place>), Error> {
    let mut key = scope.args();
    if let (Some(after), Some(first)) = (after, key.first_mut()) {
        *first = after.created_at.into();
    }
    key.extend(args![provider_code, after.map(|it| it.entry_id.as_str()).unwrap_or_default(), size]);
    let rows = session.rows(SELECT_ENTRIES, key).await?;
    let place =
        |row: &Row| Ok::<_, Error>(Place { created_at: row.instant("created_at")?, entry_id: row.text("entry_id")? });
    let last = rows.last().map(place).transpose()?;
    let entries = rows.iter().map(|row| Ok((row.text("settlement_id")?, amounts(row)?)));
    Ok((entries.collect::<Result<_, Error>>()?, last))
}

/// A page of what was posted for each provider, in the order of their codes, after `after`.
///
/// # Errors
/// Those of the database.
pub async fn by_provider(session: &mut Session, scope: Scope, after: &str, size: i64) -> Result<Vec<Due>, Error> {
    let mut key = scope.args();
    key.extend(args![after, size]);
    let rows = session.rows(SELECT_PROVIDERS, key).await?;
    rows.iter().map(|row| Ok(Due { provider_code: row.text("payee_code")?, total: total(row)? })).collect()
}

fn total(row: &Row) -> Result<ProviderTotal, Error> {
    Ok(ProviderTotal { settlements: row.int("settlements")?, amounts: amounts(row)? })
}

pub(super) fn amounts(row: &Row) -> Result<PayerAmounts, Error> {
    let fen = |column| row.int(column).map(Fen::new);
    Ok(PayerAmounts {
        basic_fund: fen("basic_fund_fen")?,
        critical_illness: fen("critical_illness_fen")?,
        maternity: fen("maternity_fen")?,
        medical_assistance: fen("medical_assistance_fen")?,
        veterans_assistance: fen("veterans_assistance_fen")?,
        person: fen("person_fen")?,
    })
}
