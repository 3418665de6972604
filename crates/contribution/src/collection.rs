//! The contract `CollectionService`, method by method.

use juyi_kit::error::answer;
use juyi_proto::contribution::v1 as pb;
use juyi_proto::contribution::v1::collection_service_server::CollectionService;
use tonic::{Request, Response, Status, Streaming};

use crate::desk::Desk;
use crate::{deductions, prepayments};

#[tonic::async_trait]
impl CollectionService for Desk {
    type DeductPremiumsStream = deductions::Answers;

    async fn prepay_premium(
        &self,
        request: Request<pb::PrepayPremiumRequest>,
    ) -> Result<Response<pb::PrepayPremiumResponse>, Status> {
        answer(prepayments::prepay(self, request.into_inner())).await
    }

    async fn use_prepayment(
        &self,
        request: Request<pb::UsePrepaymentRequest>,
    ) -> Result<Response<pb::UsePrepaymentResponse>, Status> {
        answer(prepayments::make_use(self, request.into_inner())).await
    }

    type UsePrepaymentsOfYearStream = prepayments::Answers;

    async fn use_prepayments_of_year(
        &self,
        request: Request<pb::UsePrepaymentsOfYearRequest>,
    ) -> Result<Response<Self::UsePrepaymentsOfYearStream>, Status> {
        Ok(Response::new(prepayments::make_use_of_year(self.clone(), request.get_ref())?))
    }

    async fn list_prepayments(
        &self,
        request: Request<pb::ListPrepaymentsRequest>,
    ) -> Result<Response<pb::ListPrepaymentsResponse>, Status> {
        answer(prepayments::list(self, request.get_ref())).await
    }

    async fn deduct_premium(
        &self,
        request: Request<pb::DeductPremiumRequest>,
    ) -> Result<Response<pb::DeductPremiumResponse>, Status> {
        answer(deductions::deduct(self, request.into_inner())).await
    }

    async fn deduct_premiums(
        &self,
        request: Request<Streaming<pb::DeductPremiumsRequest>>,
    ) -> Result<Response<Self::DeductPremiumsStream>, Status> {
        let answers = deductions::deduct_many(self.clone(), request.into_inner())?;
        Ok(Response::new(answers))
    }
}
