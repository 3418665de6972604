//! Requests from the wire, with every field violation at once.

use juyi_domain::codes::{District, RosterKind};
use juyi_domain::id::{ComparisonId, FindingId};
use juyi_domain::refusal::{Reason, Refusals};
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use crate::store::findings::Wanted;

/// Characters of a unit id.
const UNIT: std::ops::RangeInclusive<usize> = 1..=40;

pub(super) struct Compare {
    pub(super) district: District,
    pub(super) kind: RosterKind,
    pub(super) roster_id: String,
}

pub(super) fn compare(request: &pb::CompareRosterRequest) -> Result<Compare, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let read = Compare {
        district: fields.district("district", &request.district),
        kind: fields.code("kind", request.kind),
        roster_id: fields.text("roster_id", &request.roster_id, 1..=64),
    };
    fields.finish(read)
}

pub(super) fn get(request: &pb::GetComparisonRequest) -> Result<ComparisonId, Refusals> {
    let mut fields = Fields::new();
    let id = fields.id("comparison_id", &request.comparison_id);
    fields.finish(id)
}

pub(super) fn list(request: &pb::ListFindingsRequest) -> Result<Wanted, Refusals> {
    let mut fields = Fields::new();
    let policy_year = match request.policy_year {
        0 => None,
        year => Some(fields.policy_year("policy_year", year)),
    };
    let read = Wanted {
        district: fields.district("district", &request.district),
        policy_year,
        kind: fields.maybe_code("kind", request.kind),
        state: fields.maybe_code("state", request.state),
        roster_kind: fields.maybe_code("roster_kind", request.roster_kind),
        township: fields.text("township", &request.township, 0..=*UNIT.end()),
        after: fields.page_after(&request.page_token),
        size: fields.page_size(request.page_size),
    };
    fields.finish(read)
}

pub(super) struct Assign {
    pub(super) id: FindingId,
    pub(super) revision: i64,
    pub(super) township: String,
}

pub(super) fn assign(request: &pb::AssignFindingRequest) -> Result<Assign, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let read = Assign {
        id: fields.id("finding_id", &request.finding_id),
        revision: revision(&mut fields, &request.etag),
        township: fields.text("township", &request.township, UNIT),
    };
    fields.finish(read)
}

pub(super) struct Resolve {
    pub(super) id: FindingId,
    pub(super) revision: i64,
    pub(super) resolution: String,
}

pub(super) fn resolve(request: &pb::ResolveFindingRequest) -> Result<Resolve, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let read = Resolve {
        id: fields.id("finding_id", &request.finding_id),
        revision: revision(&mut fields, &request.etag),
        resolution: fields.text("resolution", &request.resolution, 1..=200),
    };
    fields.finish(read)
}

/// The version that was read.
fn revision(fields: &mut Fields, etag: &str) -> i64 {
    if etag.is_empty() {
        fields.text("etag", etag, 1..=20);
        return 0;
    }
    etag.parse().unwrap_or_else(|_| {
        fields.refuse("etag", Reason::ValueNotAllowed, "etag comes from the finding as it was read");
        0
    })
}
