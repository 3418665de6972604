//! The contract of `SupervisionService`, method by method.

use juyi_kit::error::answer;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::supervision_service_server::SupervisionService;
use tonic::{Request, Response, Status};

use crate::registry::Registry;
use crate::supervision;

#[tonic::async_trait]
impl SupervisionService for Registry {
    async fn get_target(
        &self,
        request: Request<pb::GetTargetRequest>,
    ) -> Result<Response<pb::GetTargetResponse>, Status> {
        answer(supervision::get_target(self, request.into_inner())).await
    }

    async fn list_targets(
        &self,
        request: Request<pb::ListTargetsRequest>,
    ) -> Result<Response<pb::ListTargetsResponse>, Status> {
        answer(supervision::list_targets(self, request.into_inner())).await
    }

    async fn get_progress(
        &self,
        request: Request<pb::GetProgressRequest>,
    ) -> Result<Response<pb::GetProgressResponse>, Status> {
        answer(supervision::get_progress(self, request.into_inner())).await
    }

    async fn list_progress_history(
        &self,
        request: Request<pb::ListProgressHistoryRequest>,
    ) -> Result<Response<pb::ListProgressHistoryResponse>, Status> {
        answer(supervision::list_progress_history(self, request.into_inner())).await
    }

    async fn recount_progress(
        &self,
        request: Request<pb::RecountProgressRequest>,
    ) -> Result<Response<pb::RecountProgressResponse>, Status> {
        answer(supervision::recount_progress(self, request.into_inner())).await
    }

    async fn set_sub_targets(
        &self,
        request: Request<pb::SetSubTargetsRequest>,
    ) -> Result<Response<pb::SetSubTargetsResponse>, Status> {
        answer(supervision::set_sub_targets(self, request.into_inner())).await
    }

    async fn list_sub_targets(
        &self,
        request: Request<pb::ListSubTargetsRequest>,
    ) -> Result<Response<pb::ListSubTargetsResponse>, Status> {
        answer(supervision::list_sub_targets(self, request.into_inner())).await
    }

    async fn issue_circular(
        &self,
        request: Request<pb::IssueCircularRequest>,
    ) -> Result<Response<pb::IssueCircularResponse>, Status> {
        answer(supervision::issue_circular(self, request.into_inner())).await
    }

    async fn list_circulars(
        &self,
        request: Request<pb::ListCircularsRequest>,
    ) -> Result<Response<pb::ListCircularsResponse>, Status> {
        answer(supervision::list_circulars(self, request.into_inner())).await
    }

    async fn set_appraisal_criteria(
        &self,
        request: Request<pb::SetAppraisalCriteriaRequest>,
    ) -> Result<Response<pb::SetAppraisalCriteriaResponse>, Status> {
        answer(supervision::set_appraisal_criteria(self, request.into_inner())).await
    }

    async fn appraise(&self, request: Request<pb::AppraiseRequest>) -> Result<Response<pb::AppraiseResponse>, Status> {
        answer(supervision::appraise(self, request.into_inner())).await
    }

    async fn list_appraisals(
        &self,
        request: Request<pb::ListAppraisalsRequest>,
    ) -> Result<Response<pb::ListAppraisalsResponse>, Status> {
        answer(supervision::list_appraisals(self, request.into_inner())).await
    }

    async fn open_work_item(
        &self,
        request: Request<pb::OpenWorkItemRequest>,
    ) -> Result<Response<pb::OpenWorkItemResponse>, Status> {
        answer(supervision::open_work_item(self, request.into_inner())).await
    }

    async fn assign_work_item(
        &self,
        request: Request<pb::AssignWorkItemRequest>,
    ) -> Result<Response<pb::AssignWorkItemResponse>, Status> {
        answer(supervision::assign_work_item(self, request.into_inner())).await
    }

    async fn close_work_item(
        &self,
        request: Request<pb::CloseWorkItemRequest>,
    ) -> Result<Response<pb::CloseWorkItemResponse>, Status> {
        answer(supervision::close_work_item(self, request.into_inner())).await
    }

    async fn list_work_items(
        &self,
        request: Request<pb::ListWorkItemsRequest>,
    ) -> Result<Response<pb::ListWorkItemsResponse>, Status> {
        answer(supervision::list_work_items(self, request.into_inner())).await
    }

    async fn set_responsibility(
        &self,
        request: Request<pb::SetResponsibilityRequest>,
    ) -> Result<Response<pb::SetResponsibilityResponse>, Status> {
        answer(supervision::set_responsibility(self, request.into_inner())).await
    }

    async fn list_responsibilities(
        &self,
        request: Request<pb::ListResponsibilitiesRequest>,
    ) -> Result<Response<pb::ListResponsibilitiesResponse>, Status> {
        answer(supervision::list_responsibilities(self, request.into_inner())).await
    }

    async fn get_organisation(
        &self,
        request: Request<pb::GetOrganisationRequest>,
    ) -> Result<Response<pb::GetOrganisationResponse>, Status> {
        answer(supervision::get_organisation(self, request.into_inner())).await
    }
}
