//! The contract `RefundService`, method by method.

use juyi_kit::error::answer;
use juyi_proto::contribution::v1 as pb;
use juyi_proto::contribution::v1::refund_service_server::RefundService;
use tonic::{Request, Response, Status};

use crate::desk::Desk;

#[tonic::async_trait]
impl RefundService for Desk {
    async fn apply_refund(
        &self,
        request: Request<pb::ApplyRefundRequest>,
    ) -> Result<Response<pb::ApplyRefundResponse>, Status> {
        answer(super::apply(self, request.into_inner())).await
    }

    async fn verify_refund(
        &self,
        request: Request<pb::VerifyRefundRequest>,
    ) -> Result<Response<pb::VerifyRefundResponse>, Status> {
        answer(super::verify(self, request.into_inner())).await
    }

    async fn repay_refund(
        &self,
        request: Request<pb::RepayRefundRequest>,
    ) -> Result<Response<pb::RepayRefundResponse>, Status> {
        answer(super::repay(self, request.into_inner())).await
    }

    async fn get_refund(
        &self,
        request: Request<pb::GetRefundRequest>,
    ) -> Result<Response<pb::GetRefundResponse>, Status> {
        answer(super::get(self, request.get_ref())).await
    }

    async fn list_refunds(
        &self,
        request: Request<pb::ListRefundsRequest>,
    ) -> Result<Response<pb::ListRefundsResponse>, Status> {
        answer(super::list(self, request.get_ref())).await
    }
}
