//! Targets, progress and supervision.

#[cfg(test)]
pub(crate) mod fixtures;

use juyi_kit::error::Error;
use juyi_proto::registry::v1 as pb;

use crate::registry::{Registry, not_built};

pub(crate) async fn get_target(_: &Registry, _: pb::GetTargetRequest) -> Result<pb::GetTargetResponse, Error> {
    not_built()
}

pub(crate) async fn list_targets(_: &Registry, _: pb::ListTargetsRequest) -> Result<pb::ListTargetsResponse, Error> {
    not_built()
}

pub(crate) async fn get_progress(_: &Registry, _: pb::GetProgressRequest) -> Result<pb::GetProgressResponse, Error> {
    not_built()
}

pub(crate) async fn list_progress_history(
    _: &Registry,
    _: pb::ListProgressHistoryRequest,
) -> Result<pb::ListProgressHistoryResponse, Error> {
    not_built()
}

pub(crate) async fn recount_progress(
    _: &Registry,
    _: pb::RecountProgressRequest,
) -> Result<pb::RecountProgressResponse, Error> {
    not_built()
}

pub(crate) async fn set_sub_targets(
    _: &Registry,
    _: pb::SetSubTargetsRequest,
) -> Result<pb::SetSubTargetsResponse, Error> {
    not_built()
}

pub(crate) async fn list_sub_targets(
    _: &Registry,
    _: pb::ListSubTargetsRequest,
) -> Result<pb::ListSubTargetsResponse, Error> {
    not_built()
}

pub(crate) async fn issue_circular(
    _: &Registry,
    _: pb::IssueCircularRequest,
) -> Result<pb::IssueCircularResponse, Error> {
    not_built()
}

pub(crate) async fn list_circulars(
    _: &Registry,
    _: pb::ListCircularsRequest,
) -> Result<pb::ListCircularsResponse, Error> {
    not_built()
}

pub(crate) async fn set_appraisal_criteria(
    _: &Registry,
    _: pb::SetAppraisalCriteriaRequest,
) -> Result<pb::SetAppraisalCriteriaResponse, Error> {
    not_built()
}

pub(crate) async fn appraise(_: &Registry, _: pb::AppraiseRequest) -> Result<pb::AppraiseResponse, Error> {
    not_built()
}

pub(crate) async fn list_appraisals(
    _: &Registry,
    _: pb::ListAppraisalsRequest,
) -> Result<pb::ListAppraisalsResponse, Error> {
    not_built()
}

pub(crate) async fn open_work_item(
    _: &Registry,
    _: pb::OpenWorkItemRequest,
) -> Result<pb::OpenWorkItemResponse, Error> {
    not_built()
}

pub(crate) async fn assign_work_item(
    _: &Registry,
    _: pb::AssignWorkItemRequest,
) -> Result<pb::AssignWorkItemResponse, Error> {
    not_built()
}

pub(crate) async fn close_work_item(
    _: &Registry,
    _: pb::CloseWorkItemRequest,
) -> Result<pb::CloseWorkItemResponse, Error> {
    not_built()
}

pub(crate) async fn list_work_items(
    _: &Registry,
    _: pb::ListWorkItemsRequest,
) -> Result<pb::ListWorkItemsResponse, Error> {
    not_built()
}

pub(crate) async fn set_responsibility(
    _: &Registry,
    _: pb::SetResponsibilityRequest,
) -> Result<pb::SetResponsibilityResponse, Error> {
    not_built()
}

pub(crate) async fn list_responsibilities(
    _: &Registry,
    _: pb::ListResponsibilitiesRequest,
) -> Result<pb::ListResponsibilitiesResponse, Error> {
    not_built()
}

pub(crate) async fn get_organisation(
    _: &Registry,
    _: pb::GetOrganisationRequest,
) -> Result<pb::GetOrganisationResponse, Error> {
    not_built()
}
