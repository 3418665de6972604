//! The contract of `DeclarationService`, method by method.

use juyi_kit::error::answer;
use juyi_proto::contribution::v1 as pb;
use juyi_proto::contribution::v1::declaration_service_server::DeclarationService;
use tonic::{Request, Response, Status};

use super::{Declarations, agency, changes, count, exceptions, list, pay, special};
use crate::notices;

#[tonic::async_trait]
impl DeclarationService for Declarations {
    async fn request_agency_system(
        &self,
        request: Request<pb::RequestAgencySystemRequest>,
    ) -> Result<Response<pb::RequestAgencySystemResponse>, Status> {
        answer(agency::request(self, request.into_inner())).await
    }

    async fn grant_agency_system(
        &self,
        request: Request<pb::GrantAgencySystemRequest>,
    ) -> Result<Response<pb::GrantAgencySystemResponse>, Status> {
        answer(agency::grant(self, request.into_inner())).await
    }

    async fn get_agency_system(
        &self,
        request: Request<pb::GetAgencySystemRequest>,
    ) -> Result<Response<pb::GetAgencySystemResponse>, Status> {
        answer(agency::get(self, request.into_inner())).await
    }

    async fn declare(&self, request: Request<pb::DeclareRequest>) -> Result<Response<pb::DeclareResponse>, Status> {
        answer(count::declare(self, request.into_inner())).await
    }

    async fn declare_special_persons(
        &self,
        request: Request<pb::DeclareSpecialPersonsRequest>,
    ) -> Result<Response<pb::DeclareSpecialPersonsResponse>, Status> {
        answer(Box::pin(special::declare(self, request.into_inner()))).await
    }

    async fn pay_declaration(
        &self,
        request: Request<pb::PayDeclarationRequest>,
    ) -> Result<Response<pb::PayDeclarationResponse>, Status> {
        answer(pay::pay(self, request.into_inner())).await
    }

    async fn settle_exception(
        &self,
        request: Request<pb::SettleExceptionRequest>,
    ) -> Result<Response<pb::SettleExceptionResponse>, Status> {
        answer(exceptions::settle(self, request.into_inner())).await
    }

    async fn record_electronic_receipt(
        &self,
        request: Request<pb::RecordElectronicReceiptRequest>,
    ) -> Result<Response<pb::RecordElectronicReceiptResponse>, Status> {
        answer(changes::record_receipt(self, request.into_inner())).await
    }

    async fn withdraw_declaration(
        &self,
        request: Request<pb::WithdrawDeclarationRequest>,
    ) -> Result<Response<pb::WithdrawDeclarationResponse>, Status> {
        answer(changes::withdraw(self, request.into_inner())).await
    }

    async fn get_declaration(
        &self,
        request: Request<pb::GetDeclarationRequest>,
    ) -> Result<Response<pb::GetDeclarationResponse>, Status> {
        answer(list::get(self, request.into_inner())).await
    }

    async fn list_declarations(
        &self,
        request: Request<pb::ListDeclarationsRequest>,
    ) -> Result<Response<pb::ListDeclarationsResponse>, Status> {
        answer(list::list(self, request.into_inner())).await
    }

    async fn list_declaration_lines(
        &self,
        request: Request<pb::ListDeclarationLinesRequest>,
    ) -> Result<Response<pb::ListDeclarationLinesResponse>, Status> {
        answer(list::list_lines(self, request.into_inner())).await
    }

    async fn issue_notice(
        &self,
        request: Request<pb::IssueNoticeRequest>,
    ) -> Result<Response<pb::IssueNoticeResponse>, Status> {
        answer(Box::pin(notices::issue(self, request.into_inner()))).await
    }

    async fn get_notice(
        &self,
        request: Request<pb::GetNoticeRequest>,
    ) -> Result<Response<pb::GetNoticeResponse>, Status> {
        answer(notices::get(self, request.into_inner())).await
    }

    async fn list_notices(
        &self,
        request: Request<pb::ListNoticesRequest>,
    ) -> Result<Response<pb::ListNoticesResponse>, Status> {
        answer(notices::list(self, request.into_inner())).await
    }
}
