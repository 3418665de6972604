//! The contract of `EnrolledService`, method by method.

use juyi_kit::error::answer;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::enrolled_service_server::EnrolledService;
use tonic::{Request, Response, Status};

use crate::registry::Registry;
use crate::{enrolment, payments, person_states};

#[tonic::async_trait]
impl EnrolledService for Registry {
    type StreamEnrolledStream = person_states::Batches;

    async fn batch_get_enrolled(
        &self,
        request: Request<pb::BatchGetEnrolledRequest>,
    ) -> Result<Response<pb::BatchGetEnrolledResponse>, Status> {
        answer(person_states::get_batch(self, request.into_inner())).await
    }

    async fn stream_enrolled(
        &self,
        request: Request<pb::StreamEnrolledRequest>,
    ) -> Result<Response<Self::StreamEnrolledStream>, Status> {
        answer(person_states::stream(self, request.into_inner())).await
    }

    async fn note_payments(
        &self,
        request: Request<pb::NotePaymentsRequest>,
    ) -> Result<Response<pb::NotePaymentsResponse>, Status> {
        answer(payments::note_payments(self, request.into_inner())).await
    }

    async fn enrol_by_deduction(
        &self,
        request: Request<pb::EnrolByDeductionRequest>,
    ) -> Result<Response<pb::EnrolByDeductionResponse>, Status> {
        answer(enrolment::by_deduction(self, request.into_inner())).await
    }

    async fn enrol_by_prepayment(
        &self,
        request: Request<pb::EnrolByPrepaymentRequest>,
    ) -> Result<Response<pb::EnrolByPrepaymentResponse>, Status> {
        answer(enrolment::by_prepayment(self, request.into_inner())).await
    }

    async fn cancel_deduction(
        &self,
        request: Request<pb::CancelDeductionRequest>,
    ) -> Result<Response<pb::CancelDeductionResponse>, Status> {
        answer(enrolment::cancel_deduction(self, request.into_inner())).await
    }

    async fn note_prepayment(
        &self,
        request: Request<pb::NotePrepaymentRequest>,
    ) -> Result<Response<pb::NotePrepaymentResponse>, Status> {
        answer(payments::note_prepayment(self, request.into_inner())).await
    }
}
