//! The contract `juyi.settlement.v1`, method by method.

use std::collections::BTreeMap;
use std::sync::Arc;

use juyi_db::Database;
use juyi_domain::codes::Office;
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::Reason;
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::context::Context;
use juyi_kit::error::{Error, answer};
use juyi_kit::outbox::Outbox;
use juyi_proto::settlement::v1 as pb;
use juyi_proto::settlement::v1::settlement_service_server::SettlementService;
use prost::Message;
use tonic::{Request, Response, Status};

use crate::ledger::Year;
use crate::queues::Queues;
use crate::recompute::Recomputing;
use crate::service::{Desk, Order, Plan};
use crate::store::settlements;
use crate::{Peers, claims, coverage, ledger, preview, read, recompute, service, write};

/// How often an order is planned anew when other bills of the person win.
const ATTEMPTS: usize = 8;

pub(crate) struct Grpc {
    database: Database,
    context: Context,
    peers: Peers,
    outbox: Arc<Outbox>,
    queues: Queues,
}

impl Grpc {
    pub(crate) const fn new(database: Database, context: Context, peers: Peers, outbox: Arc<Outbox>) -> Self {
        Self { database, context, peers, outbox, queues: Queues::new() }
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
        let adjustments = write::adjustments(&plan);
        Ok(pb::PreviewSettlementResponse { settlement: Some(settlement), adjustments, alternatives })
    }

    async fn settle(&self, request: pb::SettleRequest) -> Result<pb::SettleResponse, Error> {
        let command = Command::new("Settle", &request.resident_id, &request.request_id, &request);
        let caller = Caller::current()?;
        let desk = self.desk(&caller)?;
        let read = read::settle(&request, self.context.clock().today())?;
        claims::require_card(&self.context, request.card_state, &read.claim.bill)?;
        let order = Order::File(Box::new(read.claim));
        let reply = |settlement, adjustments| pb::SettleResponse { settlement: Some(settlement), adjustments };
        self.carry_out(&command, desk, (read.resident_id, &order), reply).await
    }

    async fn reverse(&self, request: pb::ReverseSettlementRequest) -> Result<pb::ReverseSettlementResponse, Error> {
        let command = Command::new("ReverseSettlement", &request.resident_id, &request.request_id, &request);
        let caller = Caller::current()?;
        let desk = self.desk(&caller)?;
        let (resident_id, id) = read::reverse(&request)?;
        let order = Order::Reverse(id);
        let reply =
            |settlement, adjustments| pb::ReverseSettlementResponse { settlement: Some(settlement), adjustments };
        self.carry_out(&command, desk, (resident_id, &order), reply).await
    }

    /// Carries an order out when it is the person's turn, and tells assistance.
    async fn carry_out<R: Message + Default>(
        &self,
        command: &Command,
        desk: Desk<'_>,
        (resident_id, order): (ResidentId, &Order),
        reply: fn(pb::Settlement, Vec<pb::Adjustment>) -> R,
    ) -> Result<R, Error> {
        let (answer, moves_aid) = {
            let _turn = self.queues.turn(resident_id).await;
            self.attempt(command, desk, (resident_id, order), reply).await?
        };
        if moves_aid {
            self.outbox.flush(&resident_id.to_string()).await;
        }
        Ok(answer)
    }

    /// Plans and stores, again when another process stored a bill of the person in between; with the answer, whether
    /// aid was posted. A repetition is answered as the first time, even where it could not be planned any more.
    async fn attempt<R: Message + Default>(
        &self,
        command: &Command,
        desk: Desk<'_>,
        (resident_id, order): (ResidentId, &Order),
        reply: fn(pb::Settlement, Vec<pb::Adjustment>) -> R,
    ) -> Result<(R, bool), Error> {
        for _ in 0..ATTEMPTS {
            let plan = match desk.plan(resident_id, order).await {
                Ok(plan) => plan,
                // The answer is not told to an office that may not ask.
                Err(Error::Refused(refusals)) if refusals.has(Reason::RoleNotAllowed) => return Err(refusals.into()),
                Err(error) => {
                    let earlier = command.maybe_earlier(&self.database).await?;
                    return earlier.map(|answer| (answer, false)).ok_or(error);
                }
            };
            let plan = &plan;
            let work = |mut session| async move {
                service::store(&mut session, &self.context, plan).await?;
                Ok((Self::reply(plan, reply)?, session))
            };
            match command.run(&self.database, &self.context, work).await {
                Err(Error::Refused(refusals)) if refusals.has(Reason::RevisionConflict) => {}
                outcome => return outcome.map(|answer| (answer, plan.moves_aid())),
            }
        }
        Err(service::conflict())
    }

    fn reply<R>(plan: &Plan, reply: fn(pb::Settlement, Vec<pb::Adjustment>) -> R) -> Result<R, Error> {
        let account = service::find(&plan.year, plan.subject)?;
        Ok(reply(write::settlement(&plan.year, account), write::adjustments(plan)))
    }

    async fn recompute(&self, request: &pb::RecomputeYearRequest) -> Result<pb::RecomputeYearResponse, Error> {
        let (caller, order) = recompute::read(request)?;
        service::require_law(&self.context, order.policy_year, "policy_year")?;
        let Self { database, context, peers, .. } = self;
        let (answer, moves_aid) = {
            let _turn = self.queues.turn(order.resident_id).await;
            Recomputing { database, context, peers, caller: &caller }.year(request, order).await?
        };
        if moves_aid {
            self.outbox.flush(&order.resident_id.to_string()).await;
        }
        Ok(answer)
    }

    async fn get(&self, request: &pb::GetSettlementRequest) -> Result<pb::GetSettlementResponse, Error> {
        let (resident_id, id) = read::get(request)?;
        let mut session = self.database.read().await?;
        let policy_year = service::find_year(&mut session, resident_id, id).await?;
        let year = ledger::load(&mut session, resident_id, policy_year).await?;
        let settlement = write::settlement(&year, service::find(&year, id)?);
        Ok(pb::GetSettlementResponse { settlement: Some(settlement) })
    }

    async fn list(&self, request: &pb::ListSettlementsRequest) -> Result<pb::ListSettlementsResponse, Error> {
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
            Some(write::settlement(year, year.maybe_find(*id)?))
        });
        let full = i64::try_from(page.len()) == Ok(size);
        let next = page.last().filter(|_| full).map(|(last, _)| last.to_string());
        Ok(pb::ListSettlementsResponse { settlements: found.collect(), next_page_token: next.unwrap_or_default() })
    }

    async fn accumulators(&self, request: &pb::GetAccumulatorsRequest) -> Result<pb::GetAccumulatorsResponse, Error> {
        let (resident_id, policy_year, as_of) = read::accumulators(request)?;
        service::require_law(&self.context, policy_year, "policy_year")?;
        let year = ledger::load(&mut self.database.read().await?, resident_id, policy_year).await?;
        if year.accounts.is_empty() {
            coverage::require_person(&self.peers.benefit_period, resident_id).await?;
        }
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
        let full = i64::try_from(page.len()) == Ok(size);
        let next = page.last().filter(|_| full).map(|last| last.id.to_string());
        let services = page.iter().map(write::service).collect();
        Ok(pb::ListServicesAfterResponse { services, next_page_token: next.unwrap_or_default() })
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
        answer(self.reverse(request.into_inner())).await
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
