//! The contract of `RegistryService`, method by method.

use juyi_kit::error::answer;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::registry_service_server::RegistryService;
use tonic::{Request, Response, Status};

use crate::registry::Registry;
use crate::{changes, deaths, enrolment, identities, residents};

#[tonic::async_trait]
impl RegistryService for Registry {
    async fn register_resident(
        &self,
        request: Request<pb::RegisterResidentRequest>,
    ) -> Result<Response<pb::RegisterResidentResponse>, Status> {
        answer(residents::register(self, request.into_inner())).await
    }

    async fn get_resident(
        &self,
        request: Request<pb::GetResidentRequest>,
    ) -> Result<Response<pb::GetResidentResponse>, Status> {
        answer(residents::get(self, request.get_ref())).await
    }

    async fn look_up_resident(
        &self,
        request: Request<pb::LookUpResidentRequest>,
    ) -> Result<Response<pb::LookUpResidentResponse>, Status> {
        answer(residents::look_up(self, request.get_ref())).await
    }

    async fn assert_identity(
        &self,
        request: Request<pb::AssertIdentityRequest>,
    ) -> Result<Response<pb::AssertIdentityResponse>, Status> {
        answer(identities::assert(self, request.into_inner())).await
    }

    async fn list_identities(
        &self,
        request: Request<pb::ListIdentitiesRequest>,
    ) -> Result<Response<pb::ListIdentitiesResponse>, Status> {
        answer(identities::list(self, request.get_ref())).await
    }

    async fn enrol(&self, request: Request<pb::EnrolRequest>) -> Result<Response<pb::EnrolResponse>, Status> {
        answer(enrolment::enrol(self, request.into_inner())).await
    }

    async fn get_enrolment(
        &self,
        request: Request<pb::GetEnrolmentRequest>,
    ) -> Result<Response<pb::GetEnrolmentResponse>, Status> {
        answer(enrolment::get(self, request.get_ref())).await
    }

    async fn list_enrolments(
        &self,
        request: Request<pb::ListEnrolmentsRequest>,
    ) -> Result<Response<pb::ListEnrolmentsResponse>, Status> {
        answer(enrolment::list(self, request.get_ref())).await
    }

    async fn end_identity(
        &self,
        request: Request<pb::EndIdentityRequest>,
    ) -> Result<Response<pb::EndIdentityResponse>, Status> {
        answer(identities::end(self, request.into_inner())).await
    }

    async fn record_facts(
        &self,
        request: Request<pb::RecordFactsRequest>,
    ) -> Result<Response<pb::RecordFactsResponse>, Status> {
        answer(residents::record_facts(self, request.into_inner())).await
    }

    async fn list_facts(
        &self,
        request: Request<pb::ListFactsRequest>,
    ) -> Result<Response<pb::ListFactsResponse>, Status> {
        answer(residents::list_facts(self, request.into_inner())).await
    }

    async fn file_change(
        &self,
        request: Request<pb::FileChangeRequest>,
    ) -> Result<Response<pb::FileChangeResponse>, Status> {
        answer(changes::file_change(self, request.into_inner())).await
    }

    async fn decide_change(
        &self,
        request: Request<pb::DecideChangeRequest>,
    ) -> Result<Response<pb::DecideChangeResponse>, Status> {
        answer(changes::decide_change(self, request.into_inner())).await
    }

    async fn confirm_tax_change(
        &self,
        request: Request<pb::ConfirmTaxChangeRequest>,
    ) -> Result<Response<pb::ConfirmTaxChangeResponse>, Status> {
        answer(changes::confirm_tax_change(self, request.into_inner())).await
    }

    async fn list_changes(
        &self,
        request: Request<pb::ListChangesRequest>,
    ) -> Result<Response<pb::ListChangesResponse>, Status> {
        answer(changes::list_changes(self, request.into_inner())).await
    }

    async fn get_standing(
        &self,
        request: Request<pb::GetStandingRequest>,
    ) -> Result<Response<pb::GetStandingResponse>, Status> {
        answer(deaths::get_standing(self, request.into_inner())).await
    }
}
