//! The contract of `RosterService`, method by method.

use juyi_kit::error::answer;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::roster_service_server::RosterService;
use tonic::{Request, Response, Status, Streaming};

use crate::registry::Registry;
use crate::{comparison, rosters};

#[tonic::async_trait]
impl RosterService for Registry {
    async fn submit_roster(
        &self,
        request: Request<Streaming<pb::SubmitRosterRequest>>,
    ) -> Result<Response<pb::SubmitRosterResponse>, Status> {
        answer(rosters::submit_roster(self, request.into_inner())).await
    }

    async fn get_roster(
        &self,
        request: Request<pb::GetRosterRequest>,
    ) -> Result<Response<pb::GetRosterResponse>, Status> {
        answer(rosters::get_roster(self, request.into_inner())).await
    }

    async fn list_rosters(
        &self,
        request: Request<pb::ListRostersRequest>,
    ) -> Result<Response<pb::ListRostersResponse>, Status> {
        answer(rosters::list_rosters(self, request.into_inner())).await
    }

    async fn list_roster_rows(
        &self,
        request: Request<pb::ListRosterRowsRequest>,
    ) -> Result<Response<pb::ListRosterRowsResponse>, Status> {
        answer(rosters::list_roster_rows(self, request.into_inner())).await
    }

    async fn list_data_sets(
        &self,
        request: Request<pb::ListDataSetsRequest>,
    ) -> Result<Response<pb::ListDataSetsResponse>, Status> {
        answer(rosters::list_data_sets(self, request.into_inner())).await
    }

    async fn compare_roster(
        &self,
        request: Request<pb::CompareRosterRequest>,
    ) -> Result<Response<pb::CompareRosterResponse>, Status> {
        answer(comparison::compare_roster(self, request.into_inner())).await
    }

    async fn get_comparison(
        &self,
        request: Request<pb::GetComparisonRequest>,
    ) -> Result<Response<pb::GetComparisonResponse>, Status> {
        answer(comparison::get_comparison(self, request.into_inner())).await
    }

    async fn list_findings(
        &self,
        request: Request<pb::ListFindingsRequest>,
    ) -> Result<Response<pb::ListFindingsResponse>, Status> {
        answer(comparison::list_findings(self, request.into_inner())).await
    }

    async fn assign_finding(
        &self,
        request: Request<pb::AssignFindingRequest>,
    ) -> Result<Response<pb::AssignFindingResponse>, Status> {
        answer(comparison::assign_finding(self, request.into_inner())).await
    }

    async fn resolve_finding(
        &self,
        request: Request<pb::ResolveFindingRequest>,
    ) -> Result<Response<pb::ResolveFindingResponse>, Status> {
        answer(comparison::resolve_finding(self, request.into_inner())).await
    }
}
