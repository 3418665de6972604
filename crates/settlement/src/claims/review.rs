//! Deciding about a claim. The approval settles the bill in the transaction that moves the claim, in the turn of the person.

use std::sync::Arc;

use juyi_db::Session;
use juyi_domain::codes::Office;
use juyi_domain::settlement::claims::codes::{ClaimDecision, ClaimState};
use juyi_domain::settlement::claims::progress;
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::error::Error;
use juyi_proto::settlement::v1 as pb;

use super::read::{self, Review};
use super::{Claims, Standing, named_caller, write};
use crate::service::{self, Desk, Order, Plan};
use crate::store::self_paid_claim_steps::ClaimStep;

/// Offices that decide, in one year or the other.
const REVIEWERS: &[Office] = &[Office::MedicalInsurance, Office::SocialInsurance];

impl Claims {
    pub(super) async fn review(&self, request: pb::ReviewClaimRequest) -> Result<pb::ReviewClaimResponse, Error> {
        let command = &Command::new("ReviewClaim", &request.resident_id, &request.request_id, &request);
        let caller = &named_caller(REVIEWERS)?;
        let read = &read::review(&request)?;
        let turn = self.collector.turn(read.which.resident_id).await?;
        let reviewed = self.carry_out(command, caller, read).await;
        drop(turn);
        let (answer, moves_aid) = reviewed?;
        if moves_aid {
            self.outbox.flush(&read.which.resident_id.to_string()).await;
        }
        Ok(answer)
    }

    /// Plans and stores a decision; with the answer, whether aid was posted. Other processes are in no queue with this one:
    /// they are met by the revision of the year.
    async fn carry_out(
        &self,
        command: &Command,
        caller: &Caller,
        read: &Review,
    ) -> Result<(pb::ReviewClaimResponse, bool), Error> {
        let plan = || self.plan(caller, read);
        let work = |mut session, plan: Arc<Option<Plan>>| async move {
            let claim = self.decide(&mut session, caller, read, Option::as_ref(&plan)).await?;
            Ok((pb::ReviewClaimResponse { claim: Some(claim) }, session))
        };
        let (answer, plan) = command.run_planned(&self.database, &self.context, plan, work).await?;
        Ok((answer, plan.is_some_and(|plan| Option::as_ref(&plan).is_some_and(Plan::moves_aid))))
    }

    /// What an approval posts, made before the transaction because it asks other services; `None` of a return.
    async fn plan(&self, caller: &Caller, read: &Review) -> Result<Option<Plan>, Error> {
        let mut session = self.database.read().await?;
        let standing = Standing::find(&mut session, read.which.resident_id, read.which.id).await?;
        drop(session);
        self.next_state(caller, read, &standing)?;
        if read.decision == ClaimDecision::Return {
            return Ok(None);
        }
        let desk = Desk::try_new(&self.database, &self.context, &self.peers, caller)?;
        let order = Order::Claimed(Box::new(standing.claim.bill), standing.claim.filed_on);
        // On the heap: it is most of the call.
        Box::pin(desk.plan(read.which.resident_id, &order)).await.map(Some)
    }

    async fn decide(
        &self,
        session: &mut Session,
        caller: &Caller,
        read: &Review,
        plan: Option<&Plan>,
    ) -> Result<pb::SelfPaidClaim, Error> {
        let mut standing = Standing::find(session, read.which.resident_id, read.which.id).await?;
        let state = self.next_state(caller, read, &standing)?;
        if let Some(plan) = plan {
            service::store(session, &self.context, plan).await?;
            standing.claim.settlement_id = Some(plan.subject);
        }
        let step = ClaimStep { reasons: read.reasons.clone(), ..self.plain_step(caller, state) };
        standing.take(session, step).await?;
        Ok(write::claim(&Standing::of(session, standing.claim).await?))
    }

    /// Whether the caller may decide so now.
    fn next_state(&self, caller: &Caller, read: &Review, standing: &Standing) -> Result<ClaimState, Error> {
        let law = self.law(&standing.claim)?;
        let params = &law.self_paid_claims;
        caller.require(&params.handed_over_to)?;
        caller.require_district(standing.claim.district)?;
        let made = standing.steps.iter().filter(|step| is_making(step.state));
        let makers = made.map(|step| (step.recorded_by.office, step.recorded_by.name.as_str()));
        progress::require_other((caller.office, &caller.name), makers)?;
        Ok(standing.progress().review(read.decision, params)?)
    }
}

/// True for the steps that make a claim, before somebody decides about it.
const fn is_making(state: ClaimState) -> bool {
    matches!(state, ClaimState::Filed | ClaimState::Entered | ClaimState::Uploaded | ClaimState::HandedOver)
}
