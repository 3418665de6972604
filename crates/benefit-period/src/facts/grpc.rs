//! The contract of facts, method by method. For the suite alone.

use juyi_db::Database;
use juyi_domain::codes::Office;
use juyi_domain::refusal::Refusals;
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::{Error, answer};
use juyi_proto::benefit_period::v1 as pb;
use juyi_proto::benefit_period::v1::coverage_facts_service_server::CoverageFactsService;
use tonic::{Request, Response, Status};

use super::{Batch, apply, read};

pub(crate) struct Facts {
    database: Database,
    context: Context,
}

impl Facts {
    pub(crate) const fn new(database: Database, context: Context) -> Self {
        Self { database, context }
    }

    /// How many facts were left out.
    async fn take(&self, batch: impl FnOnce() -> Result<Batch, Refusals>) -> Result<i32, Error> {
        Caller::current()?.require(&[Office::System])?;
        let batch = batch()?;
        Box::pin(apply::apply(&self.database, &self.context, &batch)).await?;
        Ok(batch.left_out)
    }
}

#[tonic::async_trait]
impl CoverageFactsService for Facts {
    async fn apply_payments(
        &self,
        request: Request<pb::ApplyPaymentsRequest>,
    ) -> Result<Response<pb::ApplyPaymentsResponse>, Status> {
        let taken = self.take(|| read::payments(request.get_ref()));
        answer(async { taken.await.map(|left_out| pb::ApplyPaymentsResponse { left_out }) }).await
    }

    async fn apply_refunds(
        &self,
        request: Request<pb::ApplyRefundsRequest>,
    ) -> Result<Response<pb::ApplyRefundsResponse>, Status> {
        let taken = self.take(|| read::refunds(request.get_ref()));
        answer(async { taken.await.map(|left_out| pb::ApplyRefundsResponse { left_out }) }).await
    }

    async fn note_residents(
        &self,
        request: Request<pb::NoteResidentsRequest>,
    ) -> Result<Response<pb::NoteResidentsResponse>, Status> {
        let taken = self.take(|| read::persons(request.get_ref()));
        answer(async { taken.await.map(|left_out| pb::NoteResidentsResponse { left_out }) }).await
    }
}
