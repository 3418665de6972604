//! Work items: visits, difficulties, meetings, training, publicity and so on.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Error, Row, Session, Value, args};
use juyi_domain::codes::{District, WorkKind, WorkState};
use juyi_domain::id::{FindingId, WorkItemId};
use juyi_domain::money::Fen;
use juyi_kit::caller::Caller;
use juyi_kit::wire::{caller_from_row, caller_to_row};

use super::circulars::list;

juyi_db::statements! {
    INSERT = "INSERT INTO work_item (work_item_id, kind, state, district, policy_year, subject, unit_id, finding_id, \
        publicity_channel, assignee, due_on, outcome, amount_fen, rule_ids, revision, created_at, office, \
        office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";
    UPDATE = "UPDATE work_item SET state = $2, assignee = $3, due_on = $4, outcome = $5, revision = $6 + 1 \
        WHERE work_item_id = $1 AND revision = $6";
    SELECT = "SELECT * FROM work_item WHERE work_item_id = $1";
    SELECT_PAGE = "SELECT * FROM work_item WHERE district = $1 AND (CAST($2 AS TEXT) IS NULL OR kind = $2) \
        AND (CAST($3 AS TEXT) IS NULL OR state = $3) \
        AND (CAST($4 AS TEXT) IS NULL OR unit_id = $4 OR assignee = $4) \
        AND (CAST($5 AS TEXT) IS NULL OR work_item_id < $5) ORDER BY work_item_id DESC LIMIT $6";
    SELECT_FINDING = "SELECT finding_id FROM finding WHERE finding_id = $1 AND district = $2 AND policy_year = $3";
}

/// A work item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkItem {
    /// Id; ids are in the order of time.
    pub id: WorkItemId,
    /// Kind.
    pub kind: WorkKind,
    /// State.
    pub state: WorkState,
    /// District.
    pub district: District,
    /// Policy year.
    pub policy_year: i32,
    /// Subject, without a person's data.
    pub subject: String,
    /// Unit it is about.
    pub unit_id: Option<String>,
    /// Finding it works on.
    pub finding_id: Option<FindingId>,
    /// Way of publicity.
    pub publicity_channel: Option<String>,
    /// Who has it: a unit id, or a kind of office.
    pub assignee: Option<String>,
    /// Day it is due.
    pub due_on: Option<NaiveDate>,
    /// Outcome, once closed.
    pub outcome: Option<String>,
    /// Working funds, where they are known and were asked for.
    pub amount: Option<Fen>,
    /// Rules that give the duty.
    pub rule_ids: Vec<String>,
    /// Version.
    pub revision: i64,
    /// Office that opened it.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Stores a new item.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, item: &WorkItem) -> Result<(), Error> {
    let mut row = args![
        Value::text(item.id),
        item.kind.as_str(),
        item.state.as_str(),
        item.district.as_str(),
        item.policy_year,
        item.subject.as_str(),
        item.unit_id.clone(),
        Value::maybe_text(item.finding_id),
        item.publicity_channel.clone(),
        item.assignee.clone(),
        item.due_on,
        item.outcome.clone(),
        item.amount.map(Fen::get),
        item.rule_ids.join(","),
        item.revision,
        item.created_at,
    ];
    row.extend(caller_to_row(&item.recorded_by));
    session.execute(INSERT, row).await?;
    Ok(())
}

/// Stores state, assignee, day and outcome in place of the version `item.revision`; `false` when that is no longer the
/// version stored.
///
/// # Errors
/// Those of the database.
pub async fn update(session: &mut Session, item: &WorkItem) -> Result<bool, Error> {
    let row = args![
        Value::text(item.id),
        item.state.as_str(),
        item.assignee.clone(),
        item.due_on,
        item.outcome.clone(),
        item.revision,
    ];
    Ok(session.execute(UPDATE, row).await? == 1)
}

/// An item by id.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(session: &mut Session, id: WorkItemId) -> Result<Option<WorkItem>, Error> {
    session.maybe_row(SELECT, args![Value::text(id)]).await?.as_ref().map(from_row).transpose()
}

/// True when a comparison of the district and year found it.
///
/// # Errors
/// Those of the database.
pub async fn knows_finding(
    session: &mut Session,
    id: FindingId,
    district: District,
    policy_year: i32,
) -> Result<bool, Error> {
    let key = args![Value::text(id), district.as_str(), policy_year];
    Ok(session.maybe_row(SELECT_FINDING, key).await?.is_some())
}

/// What a page of items is to hold.
#[derive(Clone, Debug)]
pub struct Filter {
    /// District.
    pub district: District,
    /// Kind; `None` for all.
    pub kind: Option<WorkKind>,
    /// State; `None` for all.
    pub state: Option<WorkState>,
    /// Unit it is about or assigned to; `None` for all.
    pub unit_id: Option<String>,
}

/// A page of items, newest first, of those before `before`.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    filter: &Filter,
    before: Option<WorkItemId>,
    size: i64,
) -> Result<Vec<WorkItem>, Error> {
    let key = args![
        filter.district.as_str(),
        Value::maybe_text(filter.kind),
        Value::maybe_text(filter.state),
        filter.unit_id.clone(),
        Value::maybe_text(before),
        size,
    ];
    session.rows(SELECT_PAGE, key).await?.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<WorkItem, Error> {
    Ok(WorkItem {
        id: row.parse("work_item_id")?,
        kind: row.parse("kind")?,
        state: row.parse("state")?,
        district: row.parse("district")?,
        policy_year: row.small("policy_year")?,
        subject: row.text("subject")?,
        unit_id: row.maybe_text("unit_id")?,
        finding_id: row.maybe_parse("finding_id")?,
        publicity_channel: row.maybe_text("publicity_channel")?,
        assignee: row.maybe_text("assignee")?,
        due_on: row.maybe_date("due_on")?,
        outcome: row.maybe_text("outcome")?,
        amount: row.maybe_int("amount_fen")?.map(Fen::new),
        rule_ids: list(&row.text("rule_ids")?),
        revision: row.int("revision")?,
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
