//! The contract `juyi.benefit_period.v1` for the offices, method by method.

use juyi_db::Database;
use juyi_domain::codes::Office;
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::{Error, answer};
use juyi_kit::wire::{next_page, receipt};
use juyi_proto::benefit_period::v1 as pb;
use juyi_proto::benefit_period::v1::benefit_period_service_server::BenefitPeriodService;
use juyi_proto::benefit_period::v1::covered_service_server::CoveredService;
use juyi_proto::code::Coded;
use tonic::{Request, Response, Status};

use crate::registry::Registry;
use crate::store::spans;
use crate::{coverage, explain, preview, read, write};

#[derive(Clone)]
pub(crate) struct Grpc {
    database: Database,
    context: Context,
    registry: Registry,
}

impl Grpc {
    pub(crate) const fn new(database: Database, context: Context, registry: Registry) -> Self {
        Self { database, context, registry }
    }

    async fn coverage(&self, request: &pb::GetCoverageRequest) -> Result<pb::GetCoverageResponse, Error> {
        let read = read::coverage(request)?;
        let mut found = coverage::find(&self.database, &self.context, &self.registry, &read).await?;
        coverage::withhold(&mut found, Caller::maybe_current().as_ref());
        Ok(write::coverage(&found))
    }

    async fn covered(&self, request: &pb::BatchGetCoveredRequest) -> Result<pb::BatchGetCoveredResponse, Error> {
        Caller::current()?.require(&[Office::System])?;
        let questions = read::covered(request)?;
        let answers = coverage::find_all(&self.database, &self.context, &self.registry, &questions).await?;
        Ok(write::covered(&answers))
    }

    async fn list(&self, request: &pb::ListCoverageRequest) -> Result<pb::ListCoverageResponse, Error> {
        let (resident_id, wanted) = read::list(request)?;
        let mut session = self.database.read().await?;
        if let Some(after) = wanted.after
            && !spans::exists(&mut session, resident_id, after).await?
        {
            let refusal = Refusal::new(Reason::ValueNotAllowed, "the page token is none of this list");
            return Err(refusal.at("page_token").into());
        }
        let page = spans::page(&mut session, resident_id, wanted).await?;
        drop(session);
        if page.is_empty() && wanted.after.is_none() {
            self.registry.require_resident(resident_id).await?;
        }
        let next_page_token = next_page(&page, wanted.size, |last| last.id.to_string());
        Ok(pb::ListCoverageResponse { spans: page.iter().map(write::span).collect(), next_page_token })
    }

    async fn explain(&self, request: &pb::ExplainCoverageRequest) -> Result<pb::ExplainCoverageResponse, Error> {
        let resident_id = read::explain(request)?;
        let explanation = explain::explain(&self.database, &self.registry, resident_id).await?;
        Ok(write::explanation(&explanation))
    }

    fn preview(&self, request: &pb::PreviewCoverageRequest) -> Result<pb::PreviewCoverageResponse, Error> {
        let preview::Answer { spans, receipt: derived, paying } =
            preview::preview(&self.context, &read::preview(request)?)?;
        Ok(pb::PreviewCoverageResponse {
            spans: spans.iter().map(|it| write::preview(&it.span)).collect(),
            receipt: Some(receipt(&derived)),
            paying_scheme: paying.map_or(0, Coded::to_wire),
        })
    }
}

#[tonic::async_trait]
impl BenefitPeriodService for Grpc {
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

    async fn explain_coverage(
        &self,
        request: Request<pb::ExplainCoverageRequest>,
    ) -> Result<Response<pb::ExplainCoverageResponse>, Status> {
        answer(self.explain(request.get_ref())).await
    }

    async fn preview_coverage(
        &self,
        request: Request<pb::PreviewCoverageRequest>,
    ) -> Result<Response<pb::PreviewCoverageResponse>, Status> {
        answer(async { self.preview(request.get_ref()) }).await
    }
}

#[tonic::async_trait]
impl CoveredService for Grpc {
    async fn batch_get_covered(
        &self,
        request: Request<pb::BatchGetCoveredRequest>,
    ) -> Result<Response<pb::BatchGetCoveredResponse>, Status> {
        answer(self.covered(request.get_ref())).await
    }
}
