//! The contract `juyi.benefit_period.v1`, method by method.

use juyi_db::Database;
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::{Error, answer};
use juyi_kit::wire::receipt;
use juyi_proto::benefit_period::v1 as pb;
use juyi_proto::benefit_period::v1::benefit_period_service_server::BenefitPeriodService;
use tonic::{Request, Response, Status};

use crate::registry::Registry;
use crate::store::spans;
use crate::{read, service, write};

pub(crate) struct Grpc {
    database: Database,
    context: Context,
    registry: Registry,
}

impl Grpc {
    pub(crate) const fn new(database: Database, context: Context, registry: Registry) -> Self {
        Self { database, context, registry }
    }

    async fn apply(&self, request: &pb::ApplyPaymentRequest) -> Result<pb::ApplyPaymentResponse, Error> {
        service::require_duty(&Caller::current()?)?;
        let read = read::apply(request)?;
        let spans = service::apply(&self.database, &self.context, &self.registry, &read).await?;
        Ok(pb::ApplyPaymentResponse { spans: spans.iter().map(write::span).collect() })
    }

    async fn coverage(&self, request: &pb::GetCoverageRequest) -> Result<pb::GetCoverageResponse, Error> {
        let read = read::coverage(request)?;
        let mut coverage = service::coverage(&self.database, &self.registry, &read).await?;
        if !service::may_see_identities(Caller::maybe_current().as_ref()) {
            coverage.identities.clear();
        }
        Ok(write::coverage(&coverage))
    }

    async fn list(&self, request: &pb::ListCoverageRequest) -> Result<pb::ListCoverageResponse, Error> {
        let (resident_id, after, size) = read::list(request)?;
        let page = spans::page(&mut self.database.read().await?, resident_id, after, size).await?;
        if page.is_empty() && after.is_none() {
            self.registry.require_resident(resident_id).await?;
        }
        let full = i64::try_from(page.len()) == Ok(size);
        let next = page.last().filter(|_| full).map(|last| last.id.to_string());
        Ok(pb::ListCoverageResponse {
            spans: page.iter().map(write::span).collect(),
            next_page_token: next.unwrap_or_default(),
        })
    }

    fn preview(&self, request: &pb::PreviewCoverageRequest) -> Result<pb::PreviewCoverageResponse, Error> {
        let derived = service::preview(&self.context, &read::preview(request)?)?;
        Ok(pb::PreviewCoverageResponse {
            spans: derived.spans.iter().map(write::preview).collect(),
            receipt: Some(receipt(&derived.receipt)),
        })
    }
}

#[tonic::async_trait]
impl BenefitPeriodService for Grpc {
    async fn apply_payment(
        &self,
        request: Request<pb::ApplyPaymentRequest>,
    ) -> Result<Response<pb::ApplyPaymentResponse>, Status> {
        answer(self.apply(request.get_ref())).await
    }

    async fn get_coverage(
        &self,
        request: Request<pb::GetCoverageRequest>,
    ) -> Result<Response<pb::GetCoverageResponse>, Status> {
        answer(self.coverage(request.get_ref())).await
    }

    async fn list_coverage(
        &self,
        request: Request<pb::ListCoverageRequest>,
    ) -> Result<Response<pb::ListCoverageResponse>, Status> {
        answer(self.list(request.get_ref())).await
    }

    async fn preview_coverage(
        &self,
        request: Request<pb::PreviewCoverageRequest>,
    ) -> Result<Response<pb::PreviewCoverageResponse>, Status> {
        answer(async { self.preview(request.get_ref()) }).await
    }
}
