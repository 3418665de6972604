//! Statements of providers: their totals beside ours, and their rows.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use juyi_db::{Bulk, Keyed, Row, Session, Value, args};
use juyi_domain::codes::District;
use juyi_domain::dates::Period;
use juyi_domain::id::ReconciliationId;
use juyi_domain::settlement::care::CareKind;
use juyi_domain::settlement::provider_reconciliation::{PayerAmounts, ProviderReconciliationState, ProviderTotal};
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row};
use serde::{Deserialize, Serialize};

use super::dues::{Place, Scope};
use super::{from_json, to_json};

/// What is said of a value that has no JSON.
const UNWRITTEN: &str = "a reconciliation cannot be written";

juyi_db::statements! {
    INSERT = "INSERT INTO provider_reconciliation (reconciliation_id, provider_code, district, begins_on, ends_on, \
        statement_id, state, row_count, rows_received, sums, progress, created_at, office, office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    INSERT_TOTAL = "INSERT INTO provider_total (reconciliation_id, care_kind, theirs, ours) VALUES ($1, $2, $3, $4)";
    SELECT = "SELECT * FROM provider_reconciliation WHERE reconciliation_id = $1";
    SELECT_STATEMENT = "SELECT reconciliation_id FROM provider_reconciliation WHERE provider_code = $1 \
        AND statement_id = $2";
    SELECT_TOTALS = "SELECT * FROM provider_total WHERE reconciliation_id = $1";
    SELECT_PAGE = "SELECT * FROM provider_reconciliation WHERE district = $1 AND reconciliation_id > $2 \
        AND ($3 = '' OR provider_code = $3) \
        AND ($4 = '' OR (office = $4 AND COALESCE(office_district, '') = $5 AND office_name = $6) \
        OR EXISTS (SELECT 1 FROM provider_office named WHERE named.provider_code = provider_reconciliation.provider_code \
        AND COALESCE(named.stating_district, '') = $5 AND named.stating_name = $6 \
        AND NOT EXISTS (SELECT 1 FROM provider_office later WHERE later.provider_code = named.provider_code \
        AND later.number > named.number))) \
        ORDER BY reconciliation_id LIMIT $7";
    RECEIVE = "UPDATE provider_reconciliation SET state = $4, row_count = $5, rows_received = $3, sums = $6, \
        progress = $7 WHERE reconciliation_id = $1 AND rows_received = $2 AND state IN ('TOTALS', 'RECEIVING')";
    PROCEED = "UPDATE provider_reconciliation SET progress = $3 WHERE reconciliation_id = $1 AND progress = $2 \
        AND state = 'COMPARING'";
    FINISH = "UPDATE provider_reconciliation SET state = 'COMPARED', progress = '' WHERE reconciliation_id = $1 \
        AND progress = $2 AND state = 'COMPARING'";
    SUPERSEDE = "UPDATE provider_reconciliation SET state = 'SUPERSEDED' WHERE provider_code = $1 AND district = $2 \
        AND begins_on = $3 AND ends_on = $4 AND state = 'COMPARED' AND EXISTS (SELECT 1 \
        FROM provider_reconciliation later WHERE later.provider_code = $1 AND later.district = $2 \
        AND later.begins_on = $3 AND later.ends_on = $4 AND later.state = 'COMPARED' \
        AND later.reconciliation_id > provider_reconciliation.reconciliation_id)";
    SELECT_COMPARING = "SELECT reconciliation_id FROM provider_reconciliation WHERE state = 'COMPARING' \
        AND reconciliation_id > $1 ORDER BY reconciliation_id LIMIT 1";
    SELECT_ROWS = "SELECT settlement_id, shares FROM provider_row WHERE reconciliation_id = $1 \
        AND settlement_id > $2 AND settlement_id <= $3";
    SELECT_LAST_ROWS = "SELECT settlement_id, shares FROM provider_row WHERE reconciliation_id = $1 \
        AND settlement_id > $2";
}

/// Rows of a statement.
static ROWS: Bulk =
    Bulk::new("provider_row", &["reconciliation_id", "row_number", "settlement_id", "care_kind", "shares"]);

/// How many rows of a statement there are of a settlement.
static STATED: Keyed = Keyed::select(
    &[("place", "BIGINT"), ("wanted", "TEXT"), ("wanted_settlement", "TEXT")],
    "key.place, (SELECT COUNT(*) FROM provider_row r WHERE r.reconciliation_id = key.wanted \
        AND r.settlement_id = key.wanted_settlement) AS stated",
    "(SELECT 1) one",
    "TRUE",
    "place",
);

/// A reconciliation with a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciliation {
    /// Id.
    pub id: ReconciliationId,
    /// Provider.
    pub provider_code: String,
    /// Whose bills, posted when.
    pub scope: Scope,
    /// The provider's id of the statement.
    pub statement_id: String,
    /// How far it has come.
    pub state: ProviderReconciliationState,
    /// Rows in all; 0 until the first chunk says so.
    pub row_count: i64,
    /// Rows that have come.
    pub rows_received: i64,
    /// What they add up to.
    pub sums: BTreeMap<CareKind, PayerAmounts>,
    /// How far its comparison has come; `None` before and after.
    pub progress: Option<Progress>,
    /// Office that sent the totals.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// How far a comparison has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Progress {
    /// Our side is collected up to an entry; `None` before the first.
    Collecting(Option<Place>),
    /// Settlements are compared up to one; empty before the first.
    Comparing(String),
}

/// Both sides of a kind of care.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// What the provider states.
    pub theirs: ProviderTotal,
    /// What was posted here.
    pub ours: ProviderTotal,
}

/// A row of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedRow {
    /// The settlement, as the provider writes its id.
    pub settlement_id: String,
    /// Kind of care.
    pub care_kind: CareKind,
    /// What each payer bears.
    pub amounts: PayerAmounts,
}

/// Stores a new reconciliation with its totals. A second statement of the provider with its id is `Duplicate`.
///
/// # Errors
/// Those of the database.
pub async fn insert(
    session: &mut Session,
    new: &Reconciliation,
    totals: &BTreeMap<CareKind, Totals>,
) -> Result<(), Error> {
    let mut row = args![
        Value::text(new.id),
        new.provider_code.as_str(),
        new.scope.district.as_str(),
        new.scope.period.start(),
        new.scope.period.end(),
        new.statement_id.as_str(),
        new.state.as_str(),
        new.row_count,
        new.rows_received,
        to_json(&new.sums, UNWRITTEN)?,
        progress(new.progress.as_ref())?,
        new.created_at,
    ];
    row.extend(caller_to_row(&new.recorded_by));
    session.execute(INSERT, row).await?;
    for (care_kind, total) in totals {
        let row = args![
            Value::text(new.id),
            care_kind.as_str(),
            to_json(&total.theirs, UNWRITTEN)?,
            to_json(&total.ours, UNWRITTEN)?
        ];
        session.execute(INSERT_TOTAL, row).await?;
    }
    Ok(())
}

/// True when the provider used the id of a statement before.
///
/// # Errors
/// Those of the database.
pub async fn is_used(session: &mut Session, provider_code: &str, statement_id: &str) -> Result<bool, Error> {
    Ok(session.maybe_row(SELECT_STATEMENT, args![provider_code, statement_id]).await?.is_some())
}

/// A reconciliation by id.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(session: &mut Session, id: ReconciliationId) -> Result<Option<Reconciliation>, Error> {
    session.maybe_row(SELECT, args![Value::text(id)]).await?.as_ref().map(from_row).transpose()
}

/// Both sides per kind of care.
///
/// # Errors
/// Those of the database.
pub async fn totals(session: &mut Session, id: ReconciliationId) -> Result<BTreeMap<CareKind, Totals>, Error> {
    let rows = session.rows(SELECT_TOTALS, args![Value::text(id)]).await?;
    let read = |row: &Row| {
        let totals = Totals { theirs: from_json(row, "theirs")?, ours: from_json(row, "ours")? };
        Ok((row.parse("care_kind")?, totals))
    };
    rows.iter().map(read).collect()
}

/// Which reconciliations are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// District of enrolment.
    pub district: District,
    /// Provider; empty for all.
    pub provider_code: String,
    /// Office of a provider that sent the totals, or states for the provider now; `None` for any.
    pub of: Option<Caller>,
    /// After this one.
    pub after: Option<ReconciliationId>,
    /// At most so many.
    pub size: i64,
}

/// A page of reconciliations, in the order in which they came.
///
/// # Errors
/// Those of the database.
pub async fn page(session: &mut Session, wanted: &Wanted) -> Result<Vec<Reconciliation>, Error> {
    let of = wanted.of.as_ref();
    let district = of.and_then(|of| of.district).map_or("", District::as_str);
    let key = args![
        wanted.district.as_str(),
        wanted.after.map(|id| id.to_string()).unwrap_or_default(),
        wanted.provider_code.as_str(),
        of.map_or("", |of| of.office.as_str()),
        district,
        of.map_or("", |of| of.name.as_str()),
        wanted.size,
    ];
    session.rows(SELECT_PAGE, key).await?.iter().map(from_row).collect()
}

/// Stores a chunk that follows on `before` rows.
///
/// # Errors
/// `Contended` when another chunk came in between.
pub async fn receive(
    session: &mut Session,
    changed: &Reconciliation,
    before: i64,
    rows: &[StatedRow],
) -> Result<(), Error> {
    let row = args![
        Value::text(changed.id),
        before,
        changed.rows_received,
        changed.state.as_str(),
        changed.row_count,
        to_json(&changed.sums, UNWRITTEN)?,
        progress(changed.progress.as_ref())?,
    ];
    if session.execute(RECEIVE, row).await? != 1 {
        return Err(juyi_db::Error::Contended.into());
    }
    let mut values = Vec::with_capacity(rows.len() * 5);
    for (row, number) in rows.iter().zip(before + 1..) {
        let amounts = to_json(&row.amounts, UNWRITTEN)?;
        values.extend(args![
            Value::text(changed.id),
            number,
            row.settlement_id.as_str(),
            row.care_kind.as_str(),
            amounts,
        ]);
    }
    if !values.is_empty() {
        session.insert_all(&ROWS, values).await?;
    }
    Ok(())
}

/// The place of the first of some stored rows of whose settlement the statement has more than `most` rows.
///
/// # Errors
/// Those of the database.
pub async fn maybe_repeated(
    session: &mut Session,
    id: ReconciliationId,
    rows: &[StatedRow],
    most: i64,
) -> Result<Option<i64>, Error> {
    // Each settlement is counted once.
    let mut places = BTreeMap::new();
    for (row, place) in rows.iter().zip(0_i64..) {
        places.entry(row.settlement_id.as_str()).or_insert(place);
    }
    let keys: Vec<Value> =
        places.into_iter().flat_map(|(settlement_id, place)| args![place, Value::text(id), settlement_id]).collect();
    for row in session.rows_of(&STATED, &keys).await? {
        if row.int("stated")? > most {
            return Ok(Some(row.int("place")?));
        }
    }
    Ok(None)
}

/// Stores that a comparison has come from one place to the next.
///
/// # Errors
/// `Contended` when it is elsewhere: another run of it came first.
pub async fn proceed(
    session: &mut Session,
    id: ReconciliationId,
    (from, to): (&Progress, &Progress),
) -> Result<(), Error> {
    let row = args![Value::text(id), progress(Some(from))?, progress(Some(to))?];
    if session.execute(PROCEED, row).await? == 1 { Ok(()) } else { Err(juyi_db::Error::Contended.into()) }
}

/// Stores that a comparison has come to its end.
///
/// # Errors
/// `Contended` when another run of it came first.
pub async fn finish(session: &mut Session, id: ReconciliationId, from: &Progress) -> Result<(), Error> {
    let row = args![Value::text(id), progress(Some(from))?];
    if session.execute(FINISH, row).await? == 1 { Ok(()) } else { Err(juyi_db::Error::Contended.into()) }
}

/// Marks the compared statements of a provider, district and period after which a later one was compared.
///
/// # Errors
/// Those of the database.
pub async fn supersede(session: &mut Session, of: &Reconciliation) -> Result<(), Error> {
    let period = of.scope.period;
    let row = args![of.provider_code.as_str(), of.scope.district.as_str(), period.start(), period.end()];
    session.execute(SUPERSEDE, row).await?;
    Ok(())
}

/// The first reconciliation after one whose comparison has not come to its end.
///
/// # Errors
/// Those of the database.
pub async fn maybe_comparing(
    session: &mut Session,
    after: Option<ReconciliationId>,
) -> Result<Option<ReconciliationId>, Error> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let row = session.maybe_row(SELECT_COMPARING, args![after]).await?;
    Ok(row.map(|row| row.parse("reconciliation_id")).transpose()?)
}

/// The rows of the settlements after one and up to another; up to the last where that is `None`.
///
/// # Errors
/// Those of the database.
pub async fn rows_between(
    session: &mut Session,
    id: ReconciliationId,
    (after, to): (&str, Option<&str>),
) -> Result<Vec<(String, PayerAmounts)>, Error> {
    let rows = match to {
        Some(to) => session.rows(SELECT_ROWS, args![Value::text(id), after, to]).await?,
        None => session.rows(SELECT_LAST_ROWS, args![Value::text(id), after]).await?,
    };
    rows.iter().map(|row| Ok((row.text("settlement_id")?, from_json(row, "shares")?))).collect()
}

/// As a column; empty for none.
fn progress(progress: Option<&Progress>) -> Result<String, Error> {
    progress.map_or_else(|| Ok(String::new()), |value| to_json(value, UNWRITTEN))
}

fn from_row(row: &Row) -> Result<Reconciliation, Error> {
    let period = Period::maybe_new(row.date("begins_on")?, row.date("ends_on")?);
    Ok(Reconciliation {
        id: row.parse("reconciliation_id")?,
        provider_code: row.text("provider_code")?,
        scope: Scope {
            district: row.parse("district")?,
            period: period.ok_or(juyi_db::Error::Corrupt { column: "ends_on" })?,
        },
        statement_id: row.text("statement_id")?,
        state: row.parse("state")?,
        row_count: row.int("row_count")?,
        rows_received: row.int("rows_received")?,
        sums: from_json(row, "sums")?,
        progress: if row.text("progress")?.is_empty() { None } else { Some(from_json(row, "progress")?) },
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
