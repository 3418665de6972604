//! The ledger: what each settlement posted. Rows are added and never changed.

use std::str::FromStr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use juyi_db::{Bulk, Keyed, Row, Session, Value, args};
use juyi_domain::codes::{District, Office};
use juyi_domain::id::{EntryId, RecomputationId, ResidentId, SettlementId};
use juyi_domain::money::Fen;
use juyi_domain::receipt::Receipt;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row, receipt_from_json, receipt_to_json};

use super::settlements::Settlement;
use crate::shares::Shares;

juyi_db::statements! {
    SELECT_RECEIPT = "SELECT receipt FROM entry WHERE resident_id = $1 AND entry_id = $2";
    SELECT_OF_YEAR = "SELECT entry.* FROM entry JOIN settlement ON settlement.resident_id = entry.resident_id \
        AND settlement.settlement_id = entry.settlement_id \
        WHERE settlement.resident_id = $1 AND settlement.policy_year = $2 ORDER BY entry.entry_id";
}

static ENTRIES: Bulk = Bulk::new(
    "entry",
    &[
        "resident_id",
        "entry_id",
        "settlement_id",
        "kind",
        "cause_settlement_id",
        "created_at",
        "total_fen",
        "eligible_fen",
        "basic_fund_fen",
        "critical_illness_fen",
        "medical_assistance_fen",
        "veterans_assistance_fen",
        "person_fen",
        "maternity_fen",
        "receipt",
        "recomputation_id",
        "payee_district",
        "payee_code",
        "office",
        "office_district",
        "office_name",
    ],
);
static OF_YEARS: Keyed = Keyed::select(
    &[("place", "BIGINT"), ("wanted", "TEXT"), ("wanted_year", "BIGINT")],
    "key.place, e.*",
    "settlement s JOIN entry e ON e.resident_id = s.resident_id AND e.settlement_id = s.settlement_id",
    "s.resident_id = key.wanted AND s.policy_year = key.wanted_year",
    "place, entry_id",
);

/// Kind of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The bill as first settled.
    Settlement,
    /// The mirror of everything posted before.
    Reversal,
    /// A difference after another bill of the year was filed or reversed, or the year was recomputed.
    Adjustment,
}

impl Kind {
    /// Every kind, in the order of the wire.
    pub const ALL: &'static [Self] = &[Self::Settlement, Self::Reversal, Self::Adjustment];

    /// The code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Settlement => "SETTLEMENT",
            Self::Reversal => "REVERSAL",
            Self::Adjustment => "ADJUSTMENT",
        }
    }
}

impl FromStr for Kind {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text).ok_or(())
    }
}

/// Why an entry was posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A settlement was filed or reversed.
    Settlement(SettlementId),
    /// The year was recomputed.
    Recomputation(RecomputationId),
}

impl Cause {
    /// The settlement; `None` where a recomputation was the cause.
    #[must_use]
    pub const fn settlement(self) -> Option<SettlementId> {
        match self {
            Self::Settlement(id) => Some(id),
            Self::Recomputation(_) => None,
        }
    }

    /// The recomputation; `None` where a settlement was the cause.
    #[must_use]
    pub const fn recomputation(self) -> Option<RecomputationId> {
        match self {
            Self::Settlement(_) => None,
            Self::Recomputation(id) => Some(id),
        }
    }
}

impl From<SettlementId> for Cause {
    fn from(id: SettlementId) -> Self {
        Self::Settlement(id)
    }
}

/// A provider that is due what is posted for the insured of a district.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payee {
    /// District of enrolment.
    pub district: District,
    /// Provider.
    pub provider_code: String,
}

impl Payee {
    /// The provider of a bill of which the person paid only the own share: the provider settled it, or an insurance office
    /// entered what came through the platform (J-10.4-b). What the person paid whole comes as a claim and is owed to the
    /// person.
    #[must_use]
    pub fn maybe_of(settlement: &Settlement) -> Option<Self> {
        let settles = [Office::Provider, Office::MedicalInsurance, Office::SocialInsurance];
        let owed = settles.contains(&settlement.recorded_by.office) && !settlement.cover.standing.self_paid;
        owed.then(|| Self {
            district: settlement.cover.district,
            provider_code: settlement.claim.provider_code.clone(),
        })
    }
}

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Whose.
    pub resident_id: ResidentId,
    /// Id.
    pub id: EntryId,
    /// The settlement it belongs to.
    pub settlement_id: SettlementId,
    /// Kind.
    pub kind: Kind,
    /// What it posts.
    pub shares: Shares,
    /// How the bill came to the amounts it stands at after the entry; without steps in a reversal.
    pub receipt: Arc<Receipt>,
    /// What caused it.
    pub cause: Cause,
    /// To whom it is due; `None` where the person paid at the counter.
    pub payee: Option<Payee>,
    /// Office that caused it.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Posts an entry.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, entry: &Entry) -> Result<(), Error> {
    insert_all(session, &[entry]).await
}

/// Posts entries.
///
/// # Errors
/// Those of the database.
pub async fn insert_all(session: &mut Session, entries: &[&Entry]) -> Result<(), Error> {
    let mut rows = Vec::with_capacity(entries.len() * 21);
    for entry in entries {
        rows.extend(row_of(entry)?);
    }
    session.insert_all(&ENTRIES, rows).await?;
    Ok(())
}

fn row_of(entry: &Entry) -> Result<Vec<Value>, Error> {
    let mut row = args![
        Value::text(entry.resident_id),
        Value::text(entry.id),
        Value::text(entry.settlement_id),
        entry.kind.as_str(),
        entry.cause.settlement().map(|id| id.to_string()).unwrap_or_default(),
        entry.created_at,
        entry.shares.total.get(),
        entry.shares.eligible.get(),
        entry.shares.basic_fund.get(),
        entry.shares.critical_illness.get(),
        entry.shares.medical_assistance.get(),
        entry.shares.veterans_assistance.get(),
        entry.shares.person.get(),
        entry.shares.maternity.get(),
        receipt_to_json(&entry.receipt)?,
        Value::maybe_text(entry.cause.recomputation()),
        Value::maybe_text(entry.payee.as_ref().map(|payee| payee.district)),
        Value::maybe_text(entry.payee.as_ref().map(|payee| &payee.provider_code)),
    ];
    row.extend(caller_to_row(&entry.recorded_by));
    Ok(row)
}

/// The receipt of an entry.
///
/// # Errors
/// Those of the database; a fault when there is no such entry.
pub async fn receipt(session: &mut Session, resident_id: ResidentId, id: EntryId) -> Result<Receipt, Error> {
    let row = session.maybe_row(SELECT_RECEIPT, args![Value::text(resident_id), Value::text(id)]).await?;
    receipt_from_json(&row.ok_or(Error::Fault("an answered entry is gone"))?.text("receipt")?)
}

/// The entries of many people's years, each year's in order.
///
/// # Errors
/// Those of the database.
pub async fn of_years(session: &mut Session, years: &[(ResidentId, i32)]) -> Result<Vec<Vec<Entry>>, Error> {
    let mut entries = vec![Vec::new(); years.len()];
    for row in session.rows_of(&OF_YEARS, &super::keys(years)).await? {
        super::at(&row, &mut entries)?.push(from_row(&row)?);
    }
    Ok(entries)
}

/// The entries of a person's year, in order.
///
/// # Errors
/// Those of the database.
pub async fn of_year(session: &mut Session, resident_id: ResidentId, policy_year: i32) -> Result<Vec<Entry>, Error> {
    let rows = session.rows(SELECT_OF_YEAR, args![Value::text(resident_id), policy_year]).await?;
    rows.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<Entry, Error> {
    let fen = |column| row.int(column).map(Fen::new);
    Ok(Entry {
        resident_id: row.parse("resident_id")?,
        id: row.parse("entry_id")?,
        settlement_id: row.parse("settlement_id")?,
        kind: row.parse("kind")?,
        shares: Shares {
            total: fen("total_fen")?,
            eligible: fen("eligible_fen")?,
            basic_fund: fen("basic_fund_fen")?,
            critical_illness: fen("critical_illness_fen")?,
            medical_assistance: fen("medical_assistance_fen")?,
            veterans_assistance: fen("veterans_assistance_fen")?,
            person: fen("person_fen")?,
            maternity: fen("maternity_fen")?,
        },
        receipt: Arc::new(receipt_from_json(&row.text("receipt")?)?),
        cause: match row.maybe_parse("recomputation_id")? {
            Some(id) => Cause::Recomputation(id),
            None => Cause::Settlement(row.parse("cause_settlement_id")?),
        },
        payee: match row.maybe_parse("payee_district")? {
            Some(district) => Some(Payee { district, provider_code: row.text("payee_code")? }),
            None => None,
        },
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
