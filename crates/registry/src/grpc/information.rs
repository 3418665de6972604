//! The contract of `InformationService`, method by method.

use juyi_kit::error::answer;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::information_service_server::InformationService;
use tonic::{Request, Response, Status};

use crate::information;
use crate::registry::Registry;

#[tonic::async_trait]
impl InformationService for Registry {
    async fn find_outlets(
        &self,
        request: Request<pb::FindOutletsRequest>,
    ) -> Result<Response<pb::FindOutletsResponse>, Status> {
        answer(information::find_outlets(self, request.into_inner())).await
    }

    async fn list_outlets(
        &self,
        request: Request<pb::ListOutletsRequest>,
    ) -> Result<Response<pb::ListOutletsResponse>, Status> {
        answer(information::list_outlets(self, request.into_inner())).await
    }

    async fn get_outlet(
        &self,
        request: Request<pb::GetOutletRequest>,
    ) -> Result<Response<pb::GetOutletResponse>, Status> {
        answer(information::get_outlet(self, request.into_inner())).await
    }

    async fn get_office_hours(
        &self,
        request: Request<pb::GetOfficeHoursRequest>,
    ) -> Result<Response<pb::GetOfficeHoursResponse>, Status> {
        answer(information::get_office_hours(self, request.into_inner())).await
    }

    async fn get_card_guide(
        &self,
        request: Request<pb::GetCardGuideRequest>,
    ) -> Result<Response<pb::GetCardGuideResponse>, Status> {
        answer(information::get_card_guide(self, request.into_inner())).await
    }

    async fn check_card_application(
        &self,
        request: Request<pb::CheckCardApplicationRequest>,
    ) -> Result<Response<pb::CheckCardApplicationResponse>, Status> {
        answer(information::check_card_application(self, request.into_inner())).await
    }

    async fn look_up_card_bank(
        &self,
        request: Request<pb::LookUpCardBankRequest>,
    ) -> Result<Response<pb::LookUpCardBankResponse>, Status> {
        answer(information::look_up_card_bank(self, request.into_inner())).await
    }

    async fn list_card_outlets(
        &self,
        request: Request<pb::ListCardOutletsRequest>,
    ) -> Result<Response<pb::ListCardOutletsResponse>, Status> {
        answer(information::list_card_outlets(self, request.into_inner())).await
    }

    async fn list_contacts(
        &self,
        request: Request<pb::ListContactsRequest>,
    ) -> Result<Response<pb::ListContactsResponse>, Status> {
        answer(information::list_contacts(self, request.into_inner())).await
    }

    async fn get_document(
        &self,
        request: Request<pb::GetDocumentRequest>,
    ) -> Result<Response<pb::GetDocumentResponse>, Status> {
        answer(information::get_document(self, request.into_inner())).await
    }

    async fn list_publicity_channels(
        &self,
        request: Request<pb::ListPublicityChannelsRequest>,
    ) -> Result<Response<pb::ListPublicityChannelsResponse>, Status> {
        answer(information::list_publicity_channels(self, request.into_inner())).await
    }
}
