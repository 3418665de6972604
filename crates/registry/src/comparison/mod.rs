//! Comparison of rosters with the registry, and the findings.

use juyi_kit::error::Error;
use juyi_proto::registry::v1 as pb;

use crate::registry::{Registry, not_built};

pub(crate) async fn compare_roster(
    _: &Registry,
    _: pb::CompareRosterRequest,
) -> Result<pb::CompareRosterResponse, Error> {
    not_built()
}

pub(crate) async fn get_comparison(
    _: &Registry,
    _: pb::GetComparisonRequest,
) -> Result<pb::GetComparisonResponse, Error> {
    not_built()
}

pub(crate) async fn list_findings(_: &Registry, _: pb::ListFindingsRequest) -> Result<pb::ListFindingsResponse, Error> {
    not_built()
}

pub(crate) async fn assign_finding(
    _: &Registry,
    _: pb::AssignFindingRequest,
) -> Result<pb::AssignFindingResponse, Error> {
    not_built()
}

pub(crate) async fn resolve_finding(
    _: &Registry,
    _: pb::ResolveFindingRequest,
) -> Result<pb::ResolveFindingResponse, Error> {
    not_built()
}
