//! The contract of `ReferenceService`, method by method.

use juyi_kit::error::answer;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::reference_service_server::ReferenceService;
use tonic::{Request, Response, Status};

use crate::reference;
use crate::registry::Registry;

#[tonic::async_trait]
impl ReferenceService for Registry {
    async fn get_unit(&self, request: Request<pb::GetUnitRequest>) -> Result<Response<pb::GetUnitResponse>, Status> {
        answer(reference::get_unit(self, request.into_inner())).await
    }

    async fn list_units(
        &self,
        request: Request<pb::ListUnitsRequest>,
    ) -> Result<Response<pb::ListUnitsResponse>, Status> {
        answer(reference::list_units(self, request.into_inner())).await
    }

    async fn put_unit(&self, request: Request<pb::PutUnitRequest>) -> Result<Response<pb::PutUnitResponse>, Status> {
        answer(reference::put_unit(self, request.into_inner())).await
    }

    async fn get_provider(
        &self,
        request: Request<pb::GetProviderRequest>,
    ) -> Result<Response<pb::GetProviderResponse>, Status> {
        answer(reference::get_provider(self, request.into_inner())).await
    }

    async fn list_providers(
        &self,
        request: Request<pb::ListProvidersRequest>,
    ) -> Result<Response<pb::ListProvidersResponse>, Status> {
        answer(reference::list_providers(self, request.into_inner())).await
    }

    async fn put_provider(
        &self,
        request: Request<pb::PutProviderRequest>,
    ) -> Result<Response<pb::PutProviderResponse>, Status> {
        answer(reference::put_provider(self, request.into_inner())).await
    }

    async fn reload_reference(
        &self,
        request: Request<pb::ReloadReferenceRequest>,
    ) -> Result<Response<pb::ReloadReferenceResponse>, Status> {
        answer(reference::reload_reference(self, request.into_inner())).await
    }
}
