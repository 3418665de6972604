//! The contract `juyi.accident.v1`, method by method.

use juyi_db::Database;
use juyi_domain::refusal::Reason;
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::context::Context;
use juyi_kit::error::{Error, answer};
use juyi_proto::accident::v1 as pb;
use juyi_proto::accident::v1::accident_service_server::AccidentService;
use tonic::{Request, Response, Status};

use crate::read::{Report, Subject};
use crate::store::accidents::Accident;
use crate::{Peers, read, service, write};

pub(crate) struct Grpc {
    database: Database,
    context: Context,
    peers: Peers,
}

impl Grpc {
    pub(crate) const fn new(database: Database, context: Context, peers: Peers) -> Self {
        Self { database, context, peers }
    }

    async fn route(&self, request: &pb::RouteAccidentRequest) -> Result<pb::RouteAccidentResponse, Error> {
        let (subject, on) = read::route(request)?;
        let insured = service::insured(&self.peers.benefit_period, subject, on).await?;
        let route = service::route(&self.context, &insured, on)?;
        Ok(pb::RouteAccidentResponse { route: Some(write::route(&route, &insured)) })
    }

    async fn report(&self, request: pb::ReportAccidentRequest) -> Result<pb::ReportAccidentResponse, Error> {
        let command = Command::new("ReportAccident", &request.resident_id, &request.request_id, &request)
            .validating(request.validate_only);
        let caller = Caller::current()?;
        service::require_duty(&caller)?;
        let read = read::report(&request, self.context.clock().today())?;
        let accident = &match self.prepare(&caller, &read).await {
            Ok(accident) => accident,
            // The answer is not told to an office that may not ask.
            Err(Error::Refused(refusals)) if refusals.has(Reason::RoleNotAllowed) => return Err(refusals.into()),
            // A repetition is answered as the first time, whatever the cover is now.
            Err(error) => return command.maybe_earlier(&self.database).await?.ok_or(error),
        };
        let work = |mut session| async move {
            service::store(&mut session, accident).await?;
            Ok((pb::ReportAccidentResponse { accident: Some(write::accident(accident)) }, session))
        };
        let mut reply = command.run(&self.database, &self.context, work).await?;
        if let (true, Some(accident)) = (request.validate_only, &mut reply.accident) {
            accident.claim_id.clear();
        }
        Ok(reply)
    }

    /// Asks for the cover outside the transaction and decides.
    async fn prepare(&self, caller: &Caller, report: &Report) -> Result<Accident, Error> {
        let subject = Subject::Resident(report.resident_id);
        let insured = service::insured(&self.peers.benefit_period, subject, report.accident_on).await?;
        service::accident(&self.context, caller, report, &insured)
    }

    async fn get(&self, request: &pb::GetAccidentRequest) -> Result<pb::GetAccidentResponse, Error> {
        let (resident_id, id) = read::get(request)?;
        let accident = service::find(&mut self.database.read().await?, resident_id, id).await?;
        Ok(pb::GetAccidentResponse { accident: Some(write::accident(&accident)) })
    }
}

#[tonic::async_trait]
impl AccidentService for Grpc {
    async fn route_accident(
        &self,
        request: Request<pb::RouteAccidentRequest>,
    ) -> Result<Response<pb::RouteAccidentResponse>, Status> {
        answer(self.route(request.get_ref())).await
    }

    async fn report_accident(
        &self,
        request: Request<pb::ReportAccidentRequest>,
    ) -> Result<Response<pb::ReportAccidentResponse>, Status> {
        answer(self.report(request.into_inner())).await
    }

    async fn get_accident(
        &self,
        request: Request<pb::GetAccidentRequest>,
    ) -> Result<Response<pb::GetAccidentResponse>, Status> {
        answer(self.get(request.get_ref())).await
    }
}
