//! The contract `juyi.assistance.v1`, method by method.

use juyi_db::Database;
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::{Error, answer};
use juyi_kit::wire::next_page;
use juyi_proto::assistance::v1 as pb;
use juyi_proto::assistance::v1::assistance_service_server::AssistanceService;
use tonic::{Request, Response, Status};

use crate::store::aids;
use crate::{read, service, write};

pub(crate) struct Grpc {
    database: Database,
    context: Context,
}

impl Grpc {
    pub(crate) const fn new(database: Database, context: Context) -> Self {
        Self { database, context }
    }

    fn assess(&self, request: &pb::AssessAidRequest) -> Result<pb::AssessAidResponse, Error> {
        let outcomes = service::assess(&self.context, &read::assess(request)?)?;
        Ok(pb::AssessAidResponse { outcomes: outcomes.iter().map(write::outcome).collect() })
    }

    async fn record(&self, request: &pb::RecordAidRequest) -> Result<pb::RecordAidResponse, Error> {
        let caller = Caller::current()?;
        let read = read::record(request)?;
        let mut session = self.database.begin().await?;
        service::record(&mut session, &self.context, &caller, &read).await?;
        session.commit().await?;
        Ok(pb::RecordAidResponse {})
    }

    async fn list(&self, request: &pb::ListAidRequest) -> Result<pb::ListAidResponse, Error> {
        let (resident_id, before, size) = read::list(request)?;
        let page = aids::page(&mut self.database.read().await?, resident_id, before, size).await?;
        let next_page_token = next_page(&page, size, |last| last.settlement_id.to_string());
        Ok(pb::ListAidResponse { aids: page.iter().map(write::aid).collect(), next_page_token })
    }
}

#[tonic::async_trait]
impl AssistanceService for Grpc {
    async fn assess_aid(
        &self,
        request: Request<pb::AssessAidRequest>,
    ) -> Result<Response<pb::AssessAidResponse>, Status> {
        answer(async { self.assess(request.get_ref()) }).await
    }

    async fn record_aid(
        &self,
        request: Request<pb::RecordAidRequest>,
    ) -> Result<Response<pb::RecordAidResponse>, Status> {
        answer(self.record(request.get_ref())).await
    }

    async fn list_aid(&self, request: Request<pb::ListAidRequest>) -> Result<Response<pb::ListAidResponse>, Status> {
        answer(self.list(request.get_ref())).await
    }
}
