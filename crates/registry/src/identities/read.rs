//! Requests about identities, with every field violation at once.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_domain::codes::Identity;
use juyi_domain::id::{IdentityId, ResidentId};
use juyi_domain::refusal::{Reason, Refusals};
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

pub(super) struct Assert {
    pub(super) resident_id: ResidentId,
    pub(super) identity: Identity,
    pub(super) start_on: NaiveDate,
    pub(super) end_on: Option<NaiveDate>,
    pub(super) recognised_outside: bool,
}

pub(super) fn assert(request: &pb::AssertIdentityRequest) -> Result<Assert, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let resident_id = fields.id("resident_id", &request.resident_id);
    let identity = fields.code("identity", request.identity);
    let start_on = fields.date("start_date", &request.start_date);
    let last_on = fields.maybe_date("end_date", &request.end_date);
    if last_on.is_some_and(|last_on| last_on < start_on) {
        fields.refuse("end_date", Reason::DateOrder, "end_date lies before start_date");
    }
    let end_on = last_on.and_then(|last_on| last_on.succ_opt());
    let recognised_outside = request.recognised_outside;
    fields.finish(Assert { resident_id, identity, start_on, end_on, recognised_outside })
}

pub(super) struct End {
    pub(super) resident_id: ResidentId,
    pub(super) identity_id: IdentityId,
    /// First day after.
    pub(super) end_on: NaiveDate,
}

pub(super) fn end(request: &pb::EndIdentityRequest) -> Result<End, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let last_on = fields.date("end_date", &request.end_date);
    let read = End {
        resident_id: fields.id("resident_id", &request.resident_id),
        identity_id: fields.id("identity_id", &request.identity_id),
        end_on: last_on.succ_opt().unwrap_or(last_on),
    };
    fields.finish(read)
}

pub(super) struct List {
    pub(super) resident_id: ResidentId,
    pub(super) on: Option<NaiveDate>,
    pub(super) known_at: Option<DateTime<Utc>>,
    pub(super) after: Option<IdentityId>,
    pub(super) size: i64,
}

pub(super) fn list(request: &pb::ListIdentitiesRequest) -> Result<List, Refusals> {
    let mut fields = Fields::new();
    let known_at = match request.known_time.as_str() {
        "" => None,
        text => {
            let instant = DateTime::parse_from_rfc3339(text).ok().map(|instant| instant.to_utc());
            if instant.is_none() {
                fields.refuse("known_time", Reason::ValueNotAllowed, "known_time is an instant by RFC 3339");
            }
            instant
        }
    };
    let read = List {
        resident_id: fields.id("resident_id", &request.resident_id),
        on: fields.maybe_date("on_date", &request.on_date),
        known_at,
        after: fields.page_after(&request.page_token),
        size: fields.page_size(request.page_size),
    };
    fields.finish(read)
}
