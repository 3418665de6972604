//! Self-paid claims, one per bill that is neither returned nor of a reversed settlement.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Keyed, Row, Session, Value, args};
use juyi_domain::codes::{Category, District};
use juyi_domain::id::{ResidentId, SelfPaidClaimId, SettlementId};
use juyi_domain::money::Fen;
use juyi_domain::receipt::Receipt;
use juyi_domain::settlement::claims::codes::{ClaimDesk, ClaimPaper, ClaimState};
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row, receipt_from_json, receipt_to_json};

use super::settlements::Claim;
use super::{from_json, to_json};

/// What is said of a value that has no JSON.
const UNWRITTEN: &str = "a claim cannot be written";

juyi_db::statements! {
    INSERT = "INSERT INTO self_paid_claim (resident_id, claim_id, policy_year, district, category, desk, \
        filed_by_institution, bill_number, provider_code, bill, papers, filed_on, state, settlement_id, paid_fen, \
        receipt, settlement_reversed, created_at, office, office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";
    MOVE = "UPDATE self_paid_claim SET state = $3, settlement_id = $4, paid_fen = $5 \
        WHERE resident_id = $1 AND claim_id = $2 AND state = $6 AND settlement_reversed = $7";
    REVERSE = "UPDATE self_paid_claim SET settlement_reversed = TRUE WHERE resident_id = $1 AND settlement_id = $2";
    SELECT = "SELECT * FROM self_paid_claim WHERE resident_id = $1 AND claim_id = $2";
    SELECT_OF_BILL = "SELECT claim_id FROM self_paid_claim WHERE resident_id = $1 AND provider_code = $2 \
        AND bill_number = $3 AND state <> 'RETURNED' AND NOT settlement_reversed";
    SELECT_UNRECOVERED = "SELECT claim_id FROM self_paid_claim WHERE resident_id = $1 AND provider_code = $2 \
        AND bill_number = $3 AND state = 'PAID' AND settlement_reversed ORDER BY claim_id LIMIT 1";
    SELECT_DISTRICTS = "SELECT DISTINCT district FROM self_paid_claim WHERE resident_id = $1";
    SELECT_ANY = "SELECT claim_id FROM self_paid_claim WHERE resident_id = $1 LIMIT 1";
    SELECT_PAGE = "SELECT * FROM self_paid_claim WHERE resident_id = $1 AND claim_id > $2 ORDER BY claim_id LIMIT $3";
    SELECT_QUEUE = "SELECT * FROM self_paid_claim WHERE district = $1 AND ($2 = '' OR desk = $2) \
        AND ($3 = '' OR state = $3) AND claim_id > $4 ORDER BY claim_id LIMIT $5";
}

static UNRECOVERED: Keyed = Keyed::select(
    &[("place", "BIGINT"), ("wanted", "TEXT"), ("wanted_provider", "TEXT"), ("wanted_bill", "TEXT")],
    "key.place",
    "self_paid_claim c",
    "c.resident_id = key.wanted AND c.provider_code = key.wanted_provider AND c.bill_number = key.wanted_bill \
        AND c.state = 'PAID' AND c.settlement_reversed",
    "place",
);

// A fixed amount of maternity insurance may be more than the bill, so that the funds are summed, not taken from the total.
static DUES: Keyed = Keyed::select(
    &[("place", "BIGINT"), ("wanted", "TEXT"), ("wanted_settlement", "TEXT")],
    "key.place, e.basic_fund_fen + e.critical_illness_fen + e.medical_assistance_fen + e.veterans_assistance_fen \
        + e.maternity_fen AS due_fen",
    "entry e",
    "e.resident_id = key.wanted AND e.settlement_id = key.wanted_settlement",
    "place",
);

/// A claim as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelfPaidClaim {
    /// Whose.
    pub resident_id: ResidentId,
    /// Id.
    pub id: SelfPaidClaimId,
    /// Year whose benefits apply.
    pub policy_year: i32,
    /// District of the insured place.
    pub district: District,
    /// Category of the enrolment.
    pub category: Category,
    /// Desk that took it.
    pub desk: ClaimDesk,
    /// The institution filed it.
    pub filed_by_institution: bool,
    /// The bill.
    pub bill: Claim,
    /// Papers presented.
    pub papers: Vec<ClaimPaper>,
    /// Day of filing.
    pub filed_on: NaiveDate,
    /// How far it has come.
    pub state: ClaimState,
    /// Its settlement, once approved.
    pub settlement_id: Option<SettlementId>,
    /// That settlement was reversed.
    pub settlement_reversed: bool,
    /// What was paid; 0 before.
    pub paid: Fen,
    /// Why it was taken.
    pub receipt: Receipt,
    /// Office that took it.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Stores a claim. Another one for its bill is `Duplicate`, unless that was returned or its settlement reversed.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, claim: &SelfPaidClaim) -> Result<(), Error> {
    let papers: Vec<_> = claim.papers.iter().map(|paper| paper.as_str()).collect();
    let mut row = args![
        Value::text(claim.resident_id),
        Value::text(claim.id),
        claim.policy_year,
        claim.district.as_str(),
        claim.category.as_str(),
        claim.desk.as_str(),
        claim.filed_by_institution,
        claim.bill.bill_number.as_str(),
        claim.bill.provider_code.as_str(),
        to_json(&claim.bill.bill, UNWRITTEN)?,
        papers.join(","),
        claim.filed_on,
        claim.state.as_str(),
        Value::maybe_text(claim.settlement_id),
        claim.paid.get(),
        receipt_to_json(&claim.receipt)?,
        claim.settlement_reversed,
        claim.created_at,
    ];
    row.extend(caller_to_row(&claim.recorded_by));
    session.execute(INSERT, row).await?;
    Ok(())
}

/// Stores the state that a claim moved to, with settlement and payment; `false` when another writer moved it since it was in
/// the state `from`, or reversed its settlement.
///
/// # Errors
/// Those of the database.
pub async fn advance(session: &mut Session, claim: &SelfPaidClaim, from: ClaimState) -> Result<bool, Error> {
    let row = args![
        Value::text(claim.resident_id),
        Value::text(claim.id),
        claim.state.as_str(),
        Value::maybe_text(claim.settlement_id),
        claim.paid.get(),
        from.as_str(),
        claim.settlement_reversed,
    ];
    Ok(session.execute(MOVE, row).await? == 1)
}

/// Marks the claim of a settlement, where it has one, in the transaction that reverses the settlement.
///
/// # Errors
/// Those of the database.
pub async fn reverse(session: &mut Session, resident_id: ResidentId, id: SettlementId) -> Result<(), Error> {
    session.execute(REVERSE, args![Value::text(resident_id), Value::text(id)]).await?;
    Ok(())
}

/// A claim by id.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(
    session: &mut Session,
    resident_id: ResidentId,
    id: SelfPaidClaimId,
) -> Result<Option<SelfPaidClaim>, Error> {
    let row = session.maybe_row(SELECT, args![Value::text(resident_id), Value::text(id)]).await?;
    row.as_ref().map(from_row).transpose()
}

/// The claim of a bill that is neither returned nor of a reversed settlement.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find_of_bill(
    session: &mut Session,
    resident_id: ResidentId,
    bill: &Claim,
) -> Result<Option<SelfPaidClaimId>, Error> {
    of_bill(session, SELECT_OF_BILL, (resident_id, bill)).await
}

/// An earlier claim of a bill that was paid, whose settlement was reversed, and of which the money has not come back.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find_unrecovered(
    session: &mut Session,
    resident_id: ResidentId,
    bill: &Claim,
) -> Result<Option<SelfPaidClaimId>, Error> {
    of_bill(session, SELECT_UNRECOVERED, (resident_id, bill)).await
}

/// The places of the bills of which there is such a claim.
///
/// # Errors
/// Those of the database.
pub async fn unrecovered(session: &mut Session, bills: &[(ResidentId, i32, &Claim)]) -> Result<Vec<usize>, Error> {
    let key = |(place, (id, _, bill)): (i64, &(ResidentId, i32, &Claim))| {
        args![place, Value::text(id), bill.provider_code.as_str(), bill.bill_number.as_str()]
    };
    let keys: Vec<_> = (0..).zip(bills).flat_map(key).collect();
    let place = |row: &Row| usize::try_from(row.int("place")?).map_err(|_| juyi_db::Error::Corrupt { column: "place" });
    session.rows_of(&UNRECOVERED, &keys).await?.iter().map(|row| Ok(place(row)?)).collect()
}

async fn of_bill(
    session: &mut Session,
    sql: &'static str,
    (resident_id, bill): (ResidentId, &Claim),
) -> Result<Option<SelfPaidClaimId>, Error> {
    let key = args![Value::text(resident_id), bill.provider_code.as_str(), bill.bill_number.as_str()];
    let row = session.maybe_row(sql, key).await?;
    Ok(row.map(|row| row.parse("claim_id")).transpose()?)
}

/// Districts in which claims of the person lie.
///
/// # Errors
/// Those of the database.
pub async fn districts(session: &mut Session, resident_id: ResidentId) -> Result<Vec<District>, Error> {
    let rows = session.rows(SELECT_DISTRICTS, args![Value::text(resident_id)]).await?;
    rows.iter().map(|row| Ok(row.parse("district")?)).collect()
}

/// True when the person filed a claim before, whatever became of it.
///
/// # Errors
/// Those of the database.
pub async fn has_any(session: &mut Session, resident_id: ResidentId) -> Result<bool, Error> {
    Ok(session.maybe_row(SELECT_ANY, args![Value::text(resident_id)]).await?.is_some())
}

/// A page of the resident's claims in order of filing, after `after`.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    resident_id: ResidentId,
    after: Option<SelfPaidClaimId>,
    size: i64,
) -> Result<Vec<SelfPaidClaim>, Error> {
    let after = after.map_or_else(|| "".into(), Value::text);
    let rows = session.rows(SELECT_PAGE, args![Value::text(resident_id), after, size]).await?;
    rows.iter().map(from_row).collect()
}

/// Which claims of a district.
#[derive(Clone, Copy, Debug)]
pub struct Queue {
    /// District of the insured place.
    pub district: District,
    /// Of one desk alone.
    pub desk: Option<ClaimDesk>,
    /// In one state alone.
    pub state: Option<ClaimState>,
}

/// A page of the claims of a district in order of filing, after `after`.
///
/// # Errors
/// Those of the database.
pub async fn queue(
    session: &mut Session,
    queue: Queue,
    after: Option<SelfPaidClaimId>,
    size: i64,
) -> Result<Vec<SelfPaidClaim>, Error> {
    let row = args![
        queue.district.as_str(),
        queue.desk.map_or("", ClaimDesk::as_str),
        queue.state.map_or("", ClaimState::as_str),
        after.map_or_else(|| "".into(), Value::text),
        size,
    ];
    let rows = session.rows(SELECT_QUEUE, row).await?;
    rows.iter().map(from_row).collect()
}

/// What everybody but the person owes on the settlements of claims by their entries, in the order of the claims; 0 without
/// a settlement, and after a reversal.
///
/// # Errors
/// Those of the database.
pub async fn dues(session: &mut Session, claims: &[SelfPaidClaim]) -> Result<Vec<Fen>, Error> {
    let key = |(place, claim): (i64, &SelfPaidClaim)| {
        claim.settlement_id.map(|id| args![place, Value::text(claim.resident_id), Value::text(id)])
    };
    let keys: Vec<_> = (0..).zip(claims).filter_map(key).flatten().collect();
    let mut dues = vec![Fen::ZERO; claims.len()];
    for row in session.rows_of(&DUES, &keys).await? {
        let due = super::at(&row, &mut dues)?;
        *due += Fen::new(row.int("due_fen")?);
    }
    Ok(dues)
}

fn from_row(row: &Row) -> Result<SelfPaidClaim, Error> {
    let papers = row.text("papers")?;
    let papers = papers.split(',').filter(|code| !code.is_empty()).map(str::parse).collect::<Result<_, _>>();
    Ok(SelfPaidClaim {
        resident_id: row.parse("resident_id")?,
        id: row.parse("claim_id")?,
        policy_year: row.small("policy_year")?,
        district: row.parse("district")?,
        category: row.parse("category")?,
        desk: row.parse("desk")?,
        filed_by_institution: row.bool("filed_by_institution")?,
        bill: Claim {
            bill_number: row.text("bill_number")?,
            provider_code: row.text("provider_code")?,
            bill: from_json(row, "bill")?,
            is_placed: true,
        },
        papers: papers.map_err(|_| juyi_db::Error::Corrupt { column: "papers" })?,
        filed_on: row.date("filed_on")?,
        state: row.parse("state")?,
        settlement_id: row.maybe_parse("settlement_id")?,
        settlement_reversed: row.bool("settlement_reversed")?,
        paid: Fen::new(row.int("paid_fen")?),
        receipt: receipt_from_json(&row.text("receipt")?)?,
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
