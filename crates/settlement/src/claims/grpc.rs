//! The contract `SelfPaidClaimService`, method by method.

use juyi_domain::settlement::claims::progress::Claim;
use juyi_kit::command::Command;
use juyi_kit::error::{Error, answer};
use juyi_proto::settlement::v1 as pb;
use juyi_proto::settlement::v1::self_paid_claim_service_server::SelfPaidClaimService;
use tonic::{Request, Response, Status};

use super::{Claims, read};

impl Claims {
    async fn enter(&self, request: pb::EnterClaimRequest) -> Result<pb::EnterClaimResponse, Error> {
        let command = Command::new("EnterClaim", &request.resident_id, &request.request_id, &request);
        let which = read::step(&request.request_id, &request.resident_id, &request.claim_id)?;
        Ok(pb::EnterClaimResponse { claim: Some(self.step(&command, which, Claim::enter).await?) })
    }

    async fn upload(&self, request: pb::UploadClaimRequest) -> Result<pb::UploadClaimResponse, Error> {
        let command = Command::new("UploadClaim", &request.resident_id, &request.request_id, &request);
        let which = read::step(&request.request_id, &request.resident_id, &request.claim_id)?;
        Ok(pb::UploadClaimResponse { claim: Some(self.step(&command, which, Claim::upload).await?) })
    }

    async fn hand_over(&self, request: pb::HandOverClaimRequest) -> Result<pb::HandOverClaimResponse, Error> {
        let command = Command::new("HandOverClaim", &request.resident_id, &request.request_id, &request);
        let which = read::step(&request.request_id, &request.resident_id, &request.claim_id)?;
        Ok(pb::HandOverClaimResponse { claim: Some(self.step(&command, which, Claim::hand_over).await?) })
    }
}

#[tonic::async_trait]
impl SelfPaidClaimService for Claims {
    async fn file_claim(
        &self,
        request: Request<pb::FileClaimRequest>,
    ) -> Result<Response<pb::FileClaimResponse>, Status> {
        answer(self.file(request.into_inner())).await
    }

    async fn enter_claim(
        &self,
        request: Request<pb::EnterClaimRequest>,
    ) -> Result<Response<pb::EnterClaimResponse>, Status> {
        answer(self.enter(request.into_inner())).await
    }

    async fn upload_claim(
        &self,
        request: Request<pb::UploadClaimRequest>,
    ) -> Result<Response<pb::UploadClaimResponse>, Status> {
        answer(self.upload(request.into_inner())).await
    }

    async fn hand_over_claim(
        &self,
        request: Request<pb::HandOverClaimRequest>,
    ) -> Result<Response<pb::HandOverClaimResponse>, Status> {
        answer(self.hand_over(request.into_inner())).await
    }

    async fn review_claim(
        &self,
        request: Request<pb::ReviewClaimRequest>,
    ) -> Result<Response<pb::ReviewClaimResponse>, Status> {
        answer(self.review(request.into_inner())).await
    }

    async fn pay_claim(&self, request: Request<pb::PayClaimRequest>) -> Result<Response<pb::PayClaimResponse>, Status> {
        answer(self.pay(request.into_inner())).await
    }

    async fn recover_claim(
        &self,
        request: Request<pb::RecoverClaimRequest>,
    ) -> Result<Response<pb::RecoverClaimResponse>, Status> {
        answer(self.recover(request.into_inner())).await
    }

    async fn open_account(
        &self,
        request: Request<pb::OpenAccountRequest>,
    ) -> Result<Response<pb::OpenAccountResponse>, Status> {
        answer(self.open(request.into_inner())).await
    }

    async fn activate_account(
        &self,
        request: Request<pb::ActivateAccountRequest>,
    ) -> Result<Response<pb::ActivateAccountResponse>, Status> {
        answer(self.activate(request.into_inner())).await
    }

    async fn get_claim(&self, request: Request<pb::GetClaimRequest>) -> Result<Response<pb::GetClaimResponse>, Status> {
        answer(self.get(request.get_ref())).await
    }

    async fn list_claims(
        &self,
        request: Request<pb::ListClaimsRequest>,
    ) -> Result<Response<pb::ListClaimsResponse>, Status> {
        answer(self.list(request.get_ref())).await
    }
}
