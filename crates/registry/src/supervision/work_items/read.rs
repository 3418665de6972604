//! Requests about work items, with every field violation at once.

use chrono::NaiveDate;
use juyi_domain::codes::{District, Office, WorkKind};
use juyi_domain::id::{FindingId, WorkItemId};
use juyi_domain::refusal::{Reason, Refusals};
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use super::super::public_text;
use crate::reference::read::{etag, unit_id};
use crate::store::work_items::Filter;

pub(super) struct Open {
    pub(super) kind: WorkKind,
    pub(super) district: District,
    pub(super) policy_year: i32,
    pub(super) subject: String,
    pub(super) unit_id: Option<String>,
    pub(super) finding_id: Option<FindingId>,
    pub(super) publicity_channel: Option<String>,
    pub(super) due_on: Option<NaiveDate>,
    pub(super) require_amount: bool,
}

pub(super) fn open(request: &pb::OpenWorkItemRequest, today: NaiveDate) -> Result<Open, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let kind = fields.code("kind", request.kind);
    let unit_id = unit_id(&mut fields, "unit_id", &request.unit_id, false);
    let publicity_channel = fields.text("publicity_channel", &request.publicity_channel, 0..=60);
    if !publicity_channel.is_empty() && kind != WorkKind::Publicity {
        let detail = "only publicity has a way of publicity";
        fields.refuse("publicity_channel", Reason::ValueNotAllowed, detail);
    }
    if request.require_amount && kind != WorkKind::Budget {
        fields.refuse("require_amount", Reason::ValueNotAllowed, "only a budget line has working funds");
    }
    let finding_id = (!request.finding_id.is_empty()).then(|| fields.id("finding_id", &request.finding_id));
    let read = Open {
        kind,
        district: fields.district("district", &request.district),
        policy_year: fields.policy_year("policy_year", request.policy_year),
        subject: public_text(&mut fields, "subject", &request.subject, 100),
        unit_id: given(unit_id),
        finding_id,
        publicity_channel: given(publicity_channel),
        due_on: due_on(&mut fields, &request.due_date, today),
        require_amount: request.require_amount,
    };
    fields.finish(read)
}

fn given(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// Nothing is due before it is asked for.
fn due_on(fields: &mut Fields, text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let due_on = fields.maybe_date("due_date", text);
    if due_on.is_some_and(|due_on| due_on < today) {
        fields.refuse("due_date", Reason::DateOrder, "due_date lies in the past");
    }
    due_on
}

pub(super) struct Assign {
    pub(super) id: WorkItemId,
    pub(super) etag: i64,
    pub(super) assignee: String,
    pub(super) due_on: Option<NaiveDate>,
}

pub(super) fn assign(request: &pb::AssignWorkItemRequest, today: NaiveDate) -> Result<Assign, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let is_office = request.assignee.parse::<Office>().is_ok();
    let assignee =
        if is_office { request.assignee.clone() } else { unit_id(&mut fields, "assignee", &request.assignee, true) };
    let read = Assign {
        id: fields.id("work_item_id", &request.work_item_id),
        etag: version(&mut fields, &request.etag),
        assignee,
        due_on: due_on(&mut fields, &request.due_date, today),
    };
    fields.finish(read)
}

/// The version read, which has to be named.
fn version(fields: &mut Fields, text: &str) -> i64 {
    if text.is_empty() {
        fields.refuse("etag", Reason::RequiredFieldMissing, "etag is required");
    }
    etag(fields, "etag", text).unwrap_or_default()
}

pub(super) struct Close {
    pub(super) id: WorkItemId,
    pub(super) etag: i64,
    pub(super) outcome: String,
}

pub(super) fn close(request: &pb::CloseWorkItemRequest) -> Result<Close, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let read = Close {
        id: fields.id("work_item_id", &request.work_item_id),
        etag: version(&mut fields, &request.etag),
        outcome: public_text(&mut fields, "outcome", &request.outcome, 1000),
    };
    fields.finish(read)
}

pub(super) fn list(request: &pb::ListWorkItemsRequest) -> Result<(Filter, Option<WorkItemId>, i64), Refusals> {
    let mut fields = Fields::new();
    let filter = Filter {
        district: fields.district("district", &request.district),
        kind: fields.maybe_code("kind", request.kind),
        state: fields.maybe_code("state", request.state),
        unit_id: given(unit_id(&mut fields, "unit_id", &request.unit_id, false)),
    };
    let before = fields.page_after(&request.page_token);
    let size = fields.page_size(request.page_size);
    fields.finish((filter, before, size))
}
