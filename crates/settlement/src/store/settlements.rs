//! Settled bills: the claim, the cover that settles it, and an explanation where it is newer than the entries.

use std::str::FromStr;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Bulk, Keyed, Row, Session, Value, args};
use juyi_domain::codes::{Class, District, Identity, Tier};
use juyi_domain::id::{ResidentId, SettlementId};
use juyi_domain::receipt::Receipt;
use juyi_domain::settlement::bill::Bill;
use juyi_domain::settlement::case::Standing;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row, receipt_from_json, receipt_to_json};

use super::{from_json, to_json};

/// What is said of a value that has no JSON.
const UNWRITTEN: &str = "a bill cannot be written";

juyi_db::statements! {
    UPDATE_STATE = "UPDATE settlement SET state = $3 WHERE resident_id = $1 AND settlement_id = $2";
    UPDATE_EXPLANATION = "UPDATE settlement SET explanation = $3 WHERE resident_id = $1 AND settlement_id = $2";
    UPDATE_COVER = "UPDATE settlement SET class = $3, tier = $4, identities = $5, standing = $6 \
        WHERE resident_id = $1 AND settlement_id = $2";
    SELECT_YEAR = "SELECT policy_year FROM settlement WHERE resident_id = $1 AND settlement_id = $2";
    SELECT_OF_BILL = "SELECT settlement_id FROM settlement WHERE resident_id = $1 AND provider_code = $2 \
        AND bill_number = $3 AND state = 'SETTLED'";
    SELECT_YEARS = "SELECT DISTINCT policy_year FROM settlement WHERE resident_id = $1 AND policy_year >= $2 \
        AND state = 'SETTLED' ORDER BY policy_year";
    SELECT_OF_YEAR = "SELECT * FROM settlement WHERE resident_id = $1 AND policy_year = $2 ORDER BY filed_order";
    SELECT_PAGE = "SELECT settlement_id, policy_year FROM settlement WHERE resident_id = $1 AND settlement_id > $2 \
        ORDER BY settlement_id LIMIT $3";
    SELECT_BEGUN_AFTER = "SELECT settlement_id, admitted_on, discharged_on, provider_code FROM settlement \
        WHERE resident_id = $1 AND discharged_on > $2 AND state = 'SETTLED' AND settlement_id > $3 \
        ORDER BY settlement_id LIMIT $4";
}

static SETTLEMENTS: Bulk = Bulk::new(
    "settlement",
    &[
        "resident_id",
        "settlement_id",
        "policy_year",
        "filed_order",
        "care_kind",
        "bill_number",
        "provider_code",
        "began_on",
        "admitted_on",
        "discharged_on",
        "bill",
        "district",
        "class",
        "tier",
        "identities",
        "standing",
        "state",
        "created_at",
        "office",
        "office_district",
        "office_name",
    ],
);
static OF_YEARS: Keyed = Keyed::select(
    &[
        ("place", "BIGINT"),
        ("wanted", "TEXT"),
        ("wanted_year", "BIGINT"),
        ("wanted_provider", "TEXT"),
        ("wanted_bill", "TEXT"),
    ],
    "key.place, s.*",
    "settlement s",
    "s.resident_id = key.wanted AND (s.policy_year = key.wanted_year \
        OR (s.provider_code = key.wanted_provider AND s.bill_number = key.wanted_bill AND s.state = 'SETTLED'))",
    "place, filed_order",
);

/// State of a settlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// In force.
    Settled,
    /// Reversed.
    Reversed,
}

impl State {
    /// Every state, in the order of the wire.
    pub const ALL: &'static [Self] = &[Self::Settled, Self::Reversed];

    /// The code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Settled => "SETTLED",
            Self::Reversed => "REVERSED",
        }
    }
}

impl FromStr for State {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|state| state.as_str() == text).ok_or(())
    }
}

/// A bill as it was filed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Number of the bill at its provider.
    pub bill_number: String,
    /// Provider.
    pub provider_code: String,
    /// The bill.
    pub bill: Bill,
    /// The bill says where the care was given, in the city or anywhere else; every settled one does (AMB-070).
    pub is_placed: bool,
}

impl Claim {
    /// True when another claim has the number of this one at the same provider.
    #[must_use]
    pub fn is_of_same_number(&self, other: &Self) -> bool {
        self.provider_code == other.provider_code && self.bill_number == other.bill_number
    }
}

/// What covers a person, on the day of admission unless a field says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// Year whose benefits apply.
    pub policy_year: i32,
    /// District of enrolment.
    pub district: District,
    /// Class of the enrolment.
    pub class: Class,
    /// Tier of the enrolment.
    pub tier: Tier,
    /// Special identities held on the day the stay began (AMB-139).
    pub identities: Vec<Identity>,
    /// What registers say about the bill.
    pub standing: Standing,
}

impl Cover {
    pub(super) fn identity_codes(&self) -> String {
        self.identities.iter().map(|identity| identity.as_str()).collect::<Vec<_>>().join(",")
    }
}

/// A settled bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// Whose.
    pub resident_id: ResidentId,
    /// Id.
    pub id: SettlementId,
    /// Order of filing in the person's year: the revision of the year that filed it.
    pub filed_order: i64,
    /// The bill.
    pub claim: Claim,
    /// The cover.
    pub cover: Cover,
    /// State.
    pub state: State,
    /// Why each payer owes what; of a reversed bill, owed. It is stored with the entry that it explains; where it stands
    /// without steps here, the last such entry has it.
    pub receipt: Arc<Receipt>,
    /// Office that settled it.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Stores a settlement. A second bill of the provider with its number is `Duplicate`.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, settlement: &Settlement) -> Result<(), Error> {
    insert_all(session, &[settlement]).await
}

/// Stores settlements. A second bill of the provider with the number of one is `Duplicate`.
///
/// # Errors
/// Those of the database.
pub async fn insert_all(session: &mut Session, settlements: &[&Settlement]) -> Result<(), Error> {
    let mut rows = Vec::with_capacity(settlements.len() * 21);
    for settlement in settlements {
        rows.extend(row_of(settlement)?);
    }
    session.insert_all(&SETTLEMENTS, rows).await?;
    Ok(())
}

fn row_of(settlement: &Settlement) -> Result<Vec<Value>, Error> {
    let Settlement { claim, cover, .. } = settlement;
    let mut row = args![
        Value::text(settlement.resident_id),
        Value::text(settlement.id),
        cover.policy_year,
        settlement.filed_order,
        claim.bill.kind.as_str(),
        claim.bill_number.as_str(),
        claim.provider_code.as_str(),
        claim.bill.began_on(),
        claim.bill.admitted_on,
        claim.bill.discharged_on,
        to_json(&claim.bill, UNWRITTEN)?,
        cover.district.as_str(),
        cover.class.as_str(),
        cover.tier.as_str(),
        cover.identity_codes(),
        to_json(&cover.standing, UNWRITTEN)?,
        settlement.state.as_str(),
        settlement.created_at,
    ];
    row.extend(caller_to_row(&settlement.recorded_by));
    Ok(row)
}

/// Moves a settlement to another state.
///
/// # Errors
/// Those of the database.
pub async fn set_state(
    session: &mut Session,
    resident_id: ResidentId,
    id: SettlementId,
    state: State,
) -> Result<(), Error> {
    session.execute(UPDATE_STATE, args![Value::text(resident_id), Value::text(id), state.as_str()]).await?;
    Ok(())
}

/// Replaces the explanation of a settlement: `None` where its last entry has it, as after every posting.
///
/// # Errors
/// Those of the database.
pub async fn set_explanation(
    session: &mut Session,
    resident_id: ResidentId,
    id: SettlementId,
    receipt: Option<&Receipt>,
) -> Result<(), Error> {
    let receipt = receipt.map(receipt_to_json).transpose()?;
    session.execute(UPDATE_EXPLANATION, args![Value::text(resident_id), Value::text(id), receipt]).await?;
    Ok(())
}

/// Replaces what covers a settlement; its district and its year stay.
///
/// # Errors
/// Those of the database.
pub async fn set_cover(
    session: &mut Session,
    resident_id: ResidentId,
    id: SettlementId,
    cover: &Cover,
) -> Result<(), Error> {
    let row = args![
        Value::text(resident_id),
        Value::text(id),
        cover.class.as_str(),
        cover.tier.as_str(),
        cover.identity_codes(),
        to_json(&cover.standing, UNWRITTEN)?,
    ];
    session.execute(UPDATE_COVER, row).await?;
    Ok(())
}

/// The year of a settlement.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find_year(
    session: &mut Session,
    resident_id: ResidentId,
    id: SettlementId,
) -> Result<Option<i32>, Error> {
    let row = session.maybe_row(SELECT_YEAR, args![Value::text(resident_id), Value::text(id)]).await?;
    Ok(row.map(|row| row.small("policy_year")).transpose()?)
}

/// The settlement in force of a provider's bill.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find_of_bill(
    session: &mut Session,
    resident_id: ResidentId,
    claim: &Claim,
) -> Result<Option<SettlementId>, Error> {
    let key = args![Value::text(resident_id), claim.provider_code.as_str(), claim.bill_number.as_str()];
    let row = session.maybe_row(SELECT_OF_BILL, key).await?;
    Ok(row.map(|row| row.parse("settlement_id")).transpose()?)
}

/// The years from one on in which bills of a person are in force.
///
/// # Errors
/// Those of the database.
pub async fn years_from(
    session: &mut Session,
    resident_id: ResidentId,
    policy_year: i32,
) -> Result<Vec<i32>, juyi_db::Error> {
    let rows = session.rows(SELECT_YEARS, args![Value::text(resident_id), policy_year]).await?;
    rows.iter().map(|row| row.small("policy_year")).collect()
}

/// The settlements of a person's year, in order of filing.
///
/// # Errors
/// Those of the database.
pub async fn of_year(
    session: &mut Session,
    resident_id: ResidentId,
    policy_year: i32,
) -> Result<Vec<Settlement>, Error> {
    let rows = session.rows(SELECT_OF_YEAR, args![Value::text(resident_id), policy_year]).await?;
    rows.iter().map(from_row).collect()
}

/// The settlements of many people's years, each year's in order of filing, and among them the one in force that has the
/// number of the claim, in whatever year.
///
/// # Errors
/// Those of the database.
pub async fn of_years(
    session: &mut Session,
    wanted: &[(ResidentId, i32, &Claim)],
) -> Result<Vec<Vec<Settlement>>, Error> {
    let key = |(place, (id, policy_year, claim)): (i64, &(ResidentId, i32, &Claim))| {
        args![place, Value::text(id), *policy_year, claim.provider_code.as_str(), claim.bill_number.as_str()]
    };
    let keys: Vec<_> = (0..).zip(wanted).flat_map(key).collect();
    let mut settlements = vec![Vec::new(); wanted.len()];
    for row in session.rows_of(&OF_YEARS, &keys).await? {
        super::at(&row, &mut settlements)?.push(from_row(&row)?);
    }
    Ok(settlements)
}

/// A page of the resident's settlements with their years, in order of filing, after `after`.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    resident_id: ResidentId,
    after: Option<SettlementId>,
    size: i64,
) -> Result<Vec<(SettlementId, i32)>, Error> {
    let after = after.map_or_else(|| "".into(), Value::text);
    let rows = session.rows(SELECT_PAGE, args![Value::text(resident_id), after, size]).await?;
    rows.iter().map(|row| Ok((row.parse("settlement_id")?, row.small("policy_year")?))).collect()
}

/// A service as far as a death concerns it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its settlement.
    pub id: SettlementId,
    /// First day.
    pub admitted_on: NaiveDate,
    /// Last day.
    pub discharged_on: NaiveDate,
    /// Provider.
    pub provider_code: String,
}

/// A page of the resident's services in force that begin or go on after a day, in order of filing, after `after`.
///
/// # Errors
/// Those of the database.
pub async fn begun_after(
    session: &mut Session,
    resident_id: ResidentId,
    day: NaiveDate,
    after: Option<SettlementId>,
    size: i64,
) -> Result<Vec<Service>, Error> {
    let after = after.map_or_else(|| "".into(), Value::text);
    let rows = session.rows(SELECT_BEGUN_AFTER, args![Value::text(resident_id), day, after, size]).await?;
    let read = |row: &Row| {
        Ok(Service {
            id: row.parse("settlement_id")?,
            admitted_on: row.date("admitted_on")?,
            discharged_on: row.date("discharged_on")?,
            provider_code: row.text("provider_code")?,
        })
    };
    rows.iter().map(read).collect()
}

fn from_row(row: &Row) -> Result<Settlement, Error> {
    let codes = row.text("identities")?;
    let identities = codes.split(',').filter(|code| !code.is_empty()).map(str::parse).collect::<Result<_, _>>();
    Ok(Settlement {
        resident_id: row.parse("resident_id")?,
        id: row.parse("settlement_id")?,
        filed_order: row.int("filed_order")?,
        claim: Claim {
            bill_number: row.text("bill_number")?,
            provider_code: row.text("provider_code")?,
            bill: from_json(row, "bill")?,
            is_placed: true,
        },
        cover: Cover {
            policy_year: row.small("policy_year")?,
            district: row.parse("district")?,
            class: row.parse("class")?,
            tier: row.parse("tier")?,
            identities: identities.map_err(|_| juyi_db::Error::Corrupt { column: "identities" })?,
            standing: from_json(row, "standing")?,
        },
        state: row.parse("state")?,
        receipt: Arc::new(
            row.maybe_text("explanation")?.map(|json| receipt_from_json(&json)).transpose()?.unwrap_or_default(),
        ),
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
