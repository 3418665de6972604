//! The contract `juyi.settlement.v1`, method by method.

use std::collections::BTreeMap;
use std::sync::Arc;

use juyi_db::Database;
use juyi_domain::codes::Office;
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::context::Context;
use juyi_kit::error::{Error, answer};
use juyi_kit::outbox::Outbox;
use juyi_kit::wire::next_page;
use juyi_proto::settlement::v1 as pb;
use juyi_proto::settlement::v1::settlement_service_server::SettlementService;
use tonic::{Request, Response, Status};
use tracing::Span;

use crate::collector::Collector;
use crate::group::{self, Base, Filed};
use crate::ledger::Year;
use crate::reading::Reader;
use crate::recompute::Recomputing;
use crate::service::{Desk, Order, Plan};
use crate::store::settlements;
use crate::{Peers, claims, coverage, ledger, preview, read, recompute, service, write};

pub(crate) struct Grpc {
    database: Database,
    context: Context,
    peers: Peers,
    outbox: Arc<Outbox>,
    collector: Arc<Collector>,
}

impl Grpc {
    pub(crate) fn new(collector: Arc<Collector>, outbox: Arc<Outbox>) -> Self {
        let Base { database, context, peers } = collector.base().clone();
        Self { database, context, peers, outbox, collector }
    }

    fn desk<'a>(&'a self, caller: &'a Caller) -> Result<Desk<'a>, Error> {
        Ok(Desk::try_new(&self.database, &self.context, &self.peers, caller)?)
    }

    async fn preview(&self, request: &pb::PreviewSettlementRequest) -> Result<pb::PreviewSettlementResponse, Error> {
        let caller = Caller::current()?;
        let desk = self.desk(&caller)?;
        let read = read::preview(request, self.context.clock().today())?;
        let plan = desk.plan(read.resident_id, &Order::File(Box::new(read.claim))).await?;
        let alternatives =
            preview::alternatives(&self.context, &self.peers.assistance, &plan.year, plan.subject).await?;
        let mut settlement = write::settlement(&plan.year, service::find(&plan.year, plan.subject)?);
        settlement.settlement_id.clear();
        for entry in &mut settlement.entries {
            entry.entry_id.clear();
            entry.cause_settlement_id.clear();
        }
        let settlement = Some(Reader::of(caller.clone()).told(settlement));
        let adjustments = write::adjustments(&plan);
        Ok(pb::PreviewSettlementResponse { settlement, adjustments, alternatives })
    }

    async fn settle(&self, request: pb::SettleRequest) -> Result<pb::SettleResponse, Error> {
        let command = Command::new("Settle", &request.resident_id, &request.request_id, &request);
        let caller = Caller::current()?;
        self.desk(&caller)?;
        if caller.office == Office::Township {
            let detail = "a township files a claim of what a person paid, and another person decides about it";
            let refusal = Refusal::new(Reason::RoleNotAllowed, detail).with("instead", "SELF_PAID_CLAIM");
            return Err(refusal.by("J-6.2.1.1-b").into());
        }
        let read::File { resident_id, claim } = read::settle(&request, self.context.clock().today())?;
        claims::require_card(&self.context, request.card_state, &claim.bill)?;
        let span = Span::current();
        let settled = self.collector.settle(Filed { command, caller, resident_id, claim, span }).await;
        let answer = self.tell(resident_id, settled).await?;
        group::explained(self.collector.base(), resident_id, answer).await
    }

    async fn reverse(&self, request: pb::ReverseSettlementRequest) -> Result<pb::ReverseSettlementResponse, Error> {
        let command = Command::new("ReverseSettlement", &request.resident_id, &request.request_id, &request);
        let caller = Caller::current()?;
        let desk = self.desk(&caller)?;
        let (resident_id, id) = read::reverse(&request)?;
        let order = (resident_id, &Order::Reverse(id));
        let reader = Reader::of(caller.clone());
        let reply = |plan: &Plan| {
            let settlement = write::settlement(&plan.year, service::find(&plan.year, plan.subject)?);
            let adjustments = write::adjustments(plan);
            let years_to_recompute = plan.year.brought.years_to_recompute.clone();
            Ok(pb::ReverseSettlementResponse { settlement: Some(settlement), adjustments, years_to_recompute })
        };
        let turn = self.collector.turn(resident_id).await?;
        let reversed = group::carry_out(self.collector.base(), &command, desk, order, reply).await;
        drop(turn);
        let mut answer = self.tell(resident_id, reversed).await?;
        answer.settlement = answer.settlement.map(|settlement| reader.told(settlement));
        Ok(answer)
    }

    /// Tells assistance, if aid was posted, before the answer is given.
    async fn tell<R>(&self, resident_id: ResidentId, done: Result<(R, bool), Error>) -> Result<R, Error> {
        let (answer, moves_aid) = done?;
        if moves_aid {
            self.outbox.flush(&resident_id.to_string()).await;
        }
        Ok(answer)
    }

    async fn recompute(&self, request: &pb::RecomputeYearRequest) -> Result<pb::RecomputeYearResponse, Error> {
        let (caller, order) = recompute::read(request)?;
        service::require_law(&self.context, order.policy_year, "policy_year")?;
        let Self { database, context, peers, .. } = self;
        let turn = self.collector.turn(order.resident_id).await?;
        let recomputed = Recomputing { database, context, peers, caller: &caller }.year(request, order).await;
        drop(turn);
        self.tell(order.resident_id, recomputed).await
    }

    async fn get(&self, request: &pb::GetSettlementRequest) -> Result<pb::GetSettlementResponse, Error> {
        let reader = Reader::current()?;
        let (resident_id, id) = read::get(request)?;
        let mut session = self.database.read().await?;
        let policy_year = service::find_year(&mut session, resident_id, id).await?;
        let year = ledger::load(&mut session, resident_id, policy_year).await?;
        let account = service::find(&year, id)?;
        reader.require(account.settlement.cover.district)?;
        Ok(pb::GetSettlementResponse { settlement: Some(reader.told(write::settlement(&year, account))) })
    }

    async fn list(&self, request: &pb::ListSettlementsRequest) -> Result<pb::ListSettlementsResponse, Error> {
        let reader = Reader::current()?;
        let (resident_id, after, size) = read::list(request)?;
        let mut session = self.database.read().await?;
        let page = settlements::page(&mut session, resident_id, after, size).await?;
        if page.is_empty() {
            drop(session);
            coverage::require_person(&self.peers.benefit_period, resident_id).await?;
            return Ok(pb::ListSettlementsResponse::default());
        }
        let mut years: BTreeMap<i32, Year> = BTreeMap::new();
        for (_, policy_year) in &page {
            if !years.contains_key(policy_year) {
                years.insert(*policy_year, ledger::load(&mut session, resident_id, *policy_year).await?);
            }
        }
        let found = page.iter().filter_map(|(id, policy_year)| {
            let year = years.get(policy_year)?;
            let account = year.maybe_find(*id).filter(|it| reader.sees(it.settlement.cover.district))?;
            Some(reader.told(write::settlement(year, account)))
        });
        let next_page_token = next_page(&page, size, |(last, _)| last.to_string());
        Ok(pb::ListSettlementsResponse { settlements: found.collect(), next_page_token })
    }

    async fn accumulators(&self, request: &pb::GetAccumulatorsRequest) -> Result<pb::GetAccumulatorsResponse, Error> {
        let reader = Reader::current()?;
        let (resident_id, policy_year, as_of) = read::accumulators(request)?;
        service::require_law(&self.context, policy_year, "policy_year")?;
        let year = ledger::load(&mut self.database.read().await?, resident_id, policy_year).await?;
        if year.accounts.is_empty() {
            coverage::require_person(&self.peers.benefit_period, resident_id).await?;
        }
        year.accounts.iter().try_for_each(|it| reader.require(it.settlement.cover.district))?;
        let totals = as_of.map_or_else(|| year.totals(), |day| year.totals_as_of(day));
        let accumulators = write::accumulators(policy_year, &totals);
        Ok(pb::GetAccumulatorsResponse { accumulators: Some(accumulators) })
    }
}

impl Grpc {
    /// The registry asks about a death (J-A1.3-j); its answer stands with the reversed bills left out.
    async fn services_after(
        &self,
        request: &pb::ListServicesAfterRequest,
    ) -> Result<pb::ListServicesAfterResponse, Error> {
        Caller::current()?.require(&[Office::System])?;
        let read::ServicesAfter { resident_id, day, after, size } = read::services_after(request)?;
        let mut session = self.database.read().await?;
        let page = settlements::begun_after(&mut session, resident_id, day, after, size).await?;
        let next_page_token = next_page(&page, size, |last| last.id.to_string());
        let services = page.iter().map(write::service).collect();
        Ok(pb::ListServicesAfterResponse { services, next_page_token })
    }
}

#[tonic::async_trait]
impl SettlementService for Grpc {
    async fn preview_settlement(
        &self,
        request: Request<pb::PreviewSettlementRequest>,
    ) -> Result<Response<pb::PreviewSettlementResponse>, Status> {
        answer(self.preview(request.get_ref())).await
    }

    async fn settle(&self, request: Request<pb::SettleRequest>) -> Result<Response<pb::SettleResponse>, Status> {
        answer(Self::settle(self, request.into_inner())).await
    }

    async fn reverse_settlement(
        &self,
        request: Request<pb::ReverseSettlementRequest>,
    ) -> Result<Response<pb::ReverseSettlementResponse>, Status> {
        answer(Box::pin(self.reverse(request.into_inner()))).await
    }

    async fn recompute_year(
        &self,
        request: Request<pb::RecomputeYearRequest>,
    ) -> Result<Response<pb::RecomputeYearResponse>, Status> {
        answer(self.recompute(request.get_ref())).await
    }

    async fn get_settlement(
        &self,
        request: Request<pb::GetSettlementRequest>,
    ) -> Result<Response<pb::GetSettlementResponse>, Status> {
        answer(self.get(request.get_ref())).await
    }

    async fn list_settlements(
        &self,
        request: Request<pb::ListSettlementsRequest>,
    ) -> Result<Response<pb::ListSettlementsResponse>, Status> {
        answer(self.list(request.get_ref())).await
    }

    async fn get_accumulators(
        &self,
        request: Request<pb::GetAccumulatorsRequest>,
    ) -> Result<Response<pb::GetAccumulatorsResponse>, Status> {
        answer(self.accumulators(request.get_ref())).await
    }

    async fn list_services_after(
        &self,
        request: Request<pb::ListServicesAfterRequest>,
    ) -> Result<Response<pb::ListServicesAfterResponse>, Status> {
        answer(self.services_after(request.get_ref())).await
    }
}
