//! Work items: opened by whom the documents give the duty, assigned, and closed with an outcome.

mod read;

use chrono::NaiveDate;
use juyi_db::Session;
use juyi_domain::codes::{District, Office, WorkState};
use juyi_domain::id::WorkItemId;
use juyi_domain::information::publicity;
use juyi_domain::money::Fen;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::registry::supervision::params::SupervisionParams;
use juyi_domain::registry::supervision::work;
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::wire::{instant, next_page, recorded_by};
use juyi_policy::Snapshot;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;

use super::law;
use crate::reference::{find_unit, stale};
use crate::registry::Registry;
use crate::store::work_items::{self as store, WorkItem};

pub(crate) async fn open_work_item(
    registry: &Registry,
    request: pb::OpenWorkItemRequest,
) -> Result<pb::OpenWorkItemResponse, Error> {
    let caller = &Caller::current()?;
    let context = &registry.context;
    let today = context.clock().today();
    let read = &read::open(&request, today)?;
    let snapshot = &law(registry, (read.district, read.policy_year), today)?;
    let scope = format!("work/{}/{}", read.district, read.policy_year);
    let command = Command::new("OpenWorkItem", &scope, &request.request_id, &request);
    let work = |mut session| async move {
        let item = open(&mut session, context, caller, snapshot, read).await?;
        Ok((pb::OpenWorkItemResponse { work_item: Some(to_wire(&item, today)) }, session))
    };
    command.run(&registry.database, context, work).await
}

async fn open(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    snapshot: &Snapshot,
    read: &read::Open,
) -> Result<WorkItem, Error> {
    let law = &snapshot.supervision;
    let mut refusals = Refusals::default();
    let rule_ids = refusals.keep(work::rules(read.kind, read.district, caller.office, law));
    refusals.keep(caller.require_district(read.district));
    let amount = if read.require_amount { refusals.keep(work::working_funds(law)) } else { None };
    if let Some(code) = &read.publicity_channel {
        refusals.keep(publicity::check(code, read.district, caller.office, &snapshot.information));
    }
    if let Some(id) = &read.unit_id {
        refusals.keep(in_district(session, id, read.district, "unit_id").await?);
    }
    if let Some(id) = read.finding_id
        && !store::knows_finding(session, id, read.district, read.policy_year).await?
    {
        let detail = "no comparison of the district and year has this finding";
        refusals.push(Refusal::new(Reason::FindingNotFound, detail).at("finding_id").by("J-A2.2-a"));
    }
    refusals.into_result()?;
    let item = WorkItem {
        id: context.id(),
        kind: read.kind,
        state: WorkState::Open,
        district: read.district,
        policy_year: read.policy_year,
        subject: read.subject.clone(),
        unit_id: read.unit_id.clone(),
        finding_id: read.finding_id,
        publicity_channel: read.publicity_channel.clone(),
        assignee: None,
        due_on: read.due_on,
        outcome: None,
        amount,
        rule_ids: rule_ids.unwrap_or_default(),
        revision: 1,
        recorded_by: caller.clone(),
        created_at: context.now(),
    };
    store::insert(session, &item).await?;
    Ok(item)
}

/// Whether a unit is there and lies in the district; the outer error is the database's.
async fn in_district(
    session: &mut Session,
    id: &str,
    district: District,
    field: &'static str,
) -> Result<Result<(), Refusals>, Error> {
    match find_unit(session, id, field).await {
        Ok(unit) if unit.district == district => Ok(Ok(())),
        Ok(unit) => {
            let detail = format!("the unit lies in district {}", unit.district);
            Ok(Err(Refusal::new(Reason::ValueNotAllowed, detail).at(field).into()))
        }
        Err(Error::Refused(refusals)) => Ok(Err(refusals)),
        Err(error) => Err(error),
    }
}

pub(crate) async fn assign_work_item(
    registry: &Registry,
    request: pb::AssignWorkItemRequest,
) -> Result<pb::AssignWorkItemResponse, Error> {
    let caller = &Caller::current()?;
    let today = registry.context.clock().today();
    let read = &read::assign(&request, today)?;
    let command = Command::new("AssignWorkItem", &format!("work/{}", read.id), &request.request_id, &request);
    let work = |mut session| async move {
        let mut item = find(&mut session, read.id).await?;
        let law = law(registry, (item.district, item.policy_year), today)?;
        let mut refusals = may(&law.supervision, caller, &item, false);
        refusals.0.extend(not_closed(&item));
        match read.assignee.parse() {
            Ok(office) => refusals.keep(work::assignee(office, item.district, &law.supervision)),
            Err(_) => refusals.keep(in_district(&mut session, &read.assignee, item.district, "assignee").await?),
        };
        refusals.into_result()?;
        item.state = WorkState::Assigned;
        item.assignee = Some(read.assignee.clone());
        item.due_on = read.due_on.or(item.due_on);
        let item = store_next(&mut session, item, read.etag).await?;
        Ok((pb::AssignWorkItemResponse { work_item: Some(to_wire(&item, today)) }, session))
    };
    command.run(&registry.database, &registry.context, work).await
}

pub(crate) async fn close_work_item(
    registry: &Registry,
    request: pb::CloseWorkItemRequest,
) -> Result<pb::CloseWorkItemResponse, Error> {
    let caller = &Caller::current()?;
    let read = &read::close(&request)?;
    let today = registry.context.clock().today();
    let command = Command::new("CloseWorkItem", &format!("work/{}", read.id), &request.request_id, &request);
    let work = |mut session| async move {
        let mut item = find(&mut session, read.id).await?;
        let law = law(registry, (item.district, item.policy_year), today)?;
        let mut refusals = may(&law.supervision, caller, &item, true);
        refusals.0.extend(not_closed(&item));
        refusals.into_result()?;
        item.state = WorkState::Closed;
        item.outcome = Some(read.outcome.clone());
        let item = store_next(&mut session, item, read.etag).await?;
        Ok((pb::CloseWorkItemResponse { work_item: Some(to_wire(&item, today)) }, session))
    };
    command.run(&registry.database, &registry.context, work).await
}

async fn find(session: &mut Session, id: WorkItemId) -> Result<WorkItem, Error> {
    store::maybe_find(session, id)
        .await?
        .ok_or_else(|| Refusal::new(Reason::WorkItemNotFound, "no work item has this id").at("work_item_id").into())
}

/// Who has the duty by the item's own rules, and who opened it, work on it; who it is assigned to closes it too. A
/// unit's items are its township's.
fn may(law: &SupervisionParams, caller: &Caller, item: &WorkItem, closing: bool) -> Refusals {
    let mut offices = work::offices_by(&item.rule_ids, item.kind, item.district, law);
    offices.push(item.recorded_by.office);
    if let Some(assignee) = item.assignee.as_ref().filter(|_| closing) {
        offices.push(assignee.parse().unwrap_or(Office::Township));
    }
    let mut refusals = Refusals::default();
    let rule = item.rule_ids.first().cloned();
    refusals.keep(caller.require(&offices).map_err(|refusal| match rule {
        Some(rule) => refusal.by(rule),
        None => refusal,
    }));
    refusals.keep(caller.require_district(item.district));
    refusals
}

fn not_closed(item: &WorkItem) -> Option<Refusal> {
    (item.state == WorkState::Closed)
        .then(|| Refusal::new(Reason::OrderViolation, "the item is closed; open another one").at("work_item_id"))
}

/// Stores an item over the version that was read.
async fn store_next(session: &mut Session, mut item: WorkItem, etag: i64) -> Result<WorkItem, Error> {
    if item.revision != etag || !store::update(session, &item).await? {
        return Err(stale("etag").into());
    }
    item.revision += 1;
    Ok(item)
}

pub(crate) async fn list_work_items(
    registry: &Registry,
    request: pb::ListWorkItemsRequest,
) -> Result<pb::ListWorkItemsResponse, Error> {
    let (filter, before, size) = read::list(&request)?;
    let page = store::page(&mut registry.database.read().await?, &filter, before, size).await?;
    let today = registry.context.clock().today();
    let next_page_token = next_page(&page, size, |last| last.id.to_string());
    Ok(pb::ListWorkItemsResponse {
        work_items: page.iter().map(|item| to_wire(item, today)).collect(),
        next_page_token,
    })
}

fn to_wire(item: &WorkItem, today: NaiveDate) -> pb::WorkItem {
    let overdue = item.state != WorkState::Closed && item.due_on.is_some_and(|due_on| due_on < today);
    pb::WorkItem {
        work_item_id: item.id.to_string(),
        kind: item.kind.to_wire(),
        state: item.state.to_wire(),
        district: item.district.to_string(),
        policy_year: item.policy_year,
        subject: item.subject.clone(),
        unit_id: item.unit_id.clone().unwrap_or_default(),
        finding_id: item.finding_id.map(|id| id.to_string()).unwrap_or_default(),
        publicity_channel: item.publicity_channel.clone().unwrap_or_default(),
        assignee: item.assignee.clone().unwrap_or_default(),
        due_date: item.due_on.as_ref().map(NaiveDate::to_string).unwrap_or_default(),
        overdue,
        outcome: item.outcome.clone().unwrap_or_default(),
        recorded_by: Some(recorded_by(&item.recorded_by)),
        create_time: instant(item.created_at),
        etag: item.revision.to_string(),
        rule_ids: item.rule_ids.clone(),
        amount_fen: item.amount.map(Fen::get),
    }
}
