//! A year settled anew on the facts as they are now: a plan of what changes, and its storing.
//!
//! What covers each bill is asked again for its day. A settlement keeps its district and its year, which decide in whose
//! accounts its entries stand: a bill that belongs elsewhere by now is reversed and settled anew, and refuses here.

use std::sync::Arc;

use juyi_db::{Database, Session};
use juyi_domain::codes::{Identity, Office};
use juyi_domain::id::{RecomputationId, ResidentId, SettlementId};
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::settlement::case::Standing;
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::outbox;
use juyi_proto::code::Coded;
use juyi_proto::fields::Fields;
use juyi_proto::settlement::v1 as pb;

use crate::ledger::{self, Account, Year};
use crate::posting::Poster;
use crate::store::entries::{self, Cause, Entry};
use crate::store::openings;
use crate::store::replaced_covers::{self, Replacement};
use crate::store::settlements::{self, Cover, Settlement, State};
use crate::{Peers, adjudicate, aid, coverage, posting, service, standing, write, years};

/// Offices that have a year recomputed; providers and townships reverse and settle.
const DUTY: &[Office] = &[Office::MedicalInsurance, Office::SocialInsurance, Office::System];

/// Recomputes years.
pub(crate) struct Recomputing<'a> {
    pub(crate) database: &'a Database,
    pub(crate) context: &'a Context,
    pub(crate) peers: &'a Peers,
    pub(crate) caller: &'a Caller,
}

/// What is recomputed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order {
    pub(crate) resident_id: ResidentId,
    pub(crate) policy_year: i32,
    validate_only: bool,
}

/// What a recomputation posts, and the year as it will stand.
struct Plan {
    order: Order,
    by: Replacement,
    /// The year as it stands.
    before: Year,
    /// The year with everything posted.
    after: Year,
    /// Settlements with another cover than before.
    covered: Vec<SettlementId>,
    /// Settlements whose receipt changed.
    explained: Vec<SettlementId>,
    posted: Vec<Entry>,
}

impl Plan {
    const fn is_unchanged(&self) -> bool {
        self.covered.is_empty()
            && self.explained.is_empty()
            && self.posted.is_empty()
            && self.after.brought.closed_anew.is_none()
    }

    fn changes(&self, id: SettlementId) -> bool {
        self.covered.contains(&id)
            || self.explained.contains(&id)
            || self.posted.iter().any(|entry| entry.settlement_id == id)
    }
}

impl Recomputing<'_> {
    /// Plans and stores, again when another process stored a bill of the person in between; with the answer, whether aid
    /// was posted.
    ///
    /// # Errors
    /// Every refusal of the contract.
    pub(crate) async fn year(
        &self,
        request: &pb::RecomputeYearRequest,
        order: Order,
    ) -> Result<(pb::RecomputeYearResponse, bool), Error> {
        let command = Command::new("RecomputeYear", &request.resident_id, &request.request_id, request);
        let command = command.validating(order.validate_only);
        let plan = || self.plan(order);
        let work = |mut session: Session, plan: Arc<Plan>| async move {
            if !order.validate_only {
                self.store(&mut session, &plan).await?;
            }
            Ok((answer(&plan), session))
        };
        let (answer, plan) = command.run_planned(self.database, self.context, plan, work).await?;
        let moves_aid = plan.is_some_and(|plan| plan.posted.iter().any(|entry| entry.shares.moves_aid()));
        Ok((answer, moves_aid && !order.validate_only))
    }

    async fn plan(&self, order: Order) -> Result<Plan, Error> {
        let Order { resident_id, policy_year, .. } = order;
        let mut session = self.database.read().await?;
        let mut before = ledger::load(&mut session, resident_id, policy_year).await?;
        before.brought = years::brought(&mut session, resident_id, policy_year).await?;
        drop(session);
        if before.accounts.is_empty() {
            coverage::require_person(&self.peers.benefit_period, resident_id).await?;
        }
        for account in &before.accounts {
            self.caller.require_district(account.settlement.cover.district)?;
        }
        let asking = (self.database, self.peers, self.caller);
        years::ask_anew(asking, (resident_id, policy_year), &mut before.brought).await?;
        let by =
            Replacement { id: self.context.id(), recorded_by: self.caller.clone(), created_at: self.context.now() };
        let (covered, explained, posted) = Default::default();
        let after = before.clone();
        let mut plan = Plan { order, by, before, after, covered, explained, posted };
        self.cover(&mut plan).await?;
        let settled = adjudicate::adjudicate(self.context, &self.peers.assistance, &plan.after).await?;
        let cause = Cause::Recomputation(plan.by.id);
        let poster = Poster { context: self.context, caller: self.caller, cause, at: plan.by.created_at };
        for (id, settled) in settled {
            let (is_explained_anew, entry) = poster.post(service::find_mut(&mut plan.after, id)?, settled)?;
            plan.explained.extend(is_explained_anew.then_some(id));
            plan.posted.extend(entry);
        }
        years::close_anew((self.database, self.context, self.caller), &mut plan.after).await?;
        Ok(plan)
    }

    /// Asks again what covers the bills in force. Every bill that is covered no more is named.
    async fn cover(&self, plan: &mut Plan) -> Result<(), Error> {
        let mut refusals = Refusals::default();
        let in_force = |account: &&Account| account.settlement.state == State::Settled;
        let bills: Vec<_> = plan.before.accounts.iter().filter(in_force).map(|account| &account.settlement).collect();
        let questions: Vec<_> = bills.iter().map(|it| (it.resident_id, &it.claim)).collect();
        // Benefit period answers many questions to services only.
        let asked = coverage::find_all(&self.peers.benefit_period, &questions);
        let covers = Caller::scope(Some(Caller::system()), asked).await?;
        for (settlement, found) in bills.into_iter().zip(covers) {
            let id = settlement.id;
            let account = service::find_mut(&mut plan.after, id)?;
            match self.facts(settlement, found).await {
                Ok(cover) if cover != account.settlement.cover => {
                    account.settlement.cover = cover;
                    plan.covered.push(id);
                }
                Ok(_) => {}
                Err(Error::Refused(refused)) => refusals.0.extend(refused.0.into_iter().map(|it| naming(it, id))),
                Err(error) => return Err(error),
            }
        }
        Ok(refusals.into_result()?)
    }

    /// What covers a bill on its day, as the other services know it now: as was found for all bills at once, or asked by
    /// itself where there is something to say.
    async fn facts(&self, settlement: &Settlement, found: Option<Cover>) -> Result<Cover, Error> {
        let (claim, stored) = (&settlement.claim, &settlement.cover);
        let found = match found {
            Some(found) => found,
            None => {
                let policy_years = self.context.policy().policy_years();
                coverage::find(&self.peers.benefit_period, settlement.resident_id, claim, &policy_years).await?
            }
        };
        if (found.district, found.policy_year) != (stored.district, stored.policy_year) {
            let detail = format!(
                "the bill is covered in district {} for {} by now; reverse it and settle it anew",
                found.district, found.policy_year
            );
            let refusal = Refusal::new(Reason::SettleAnew, detail).with("district", found.district);
            return Err(refusal.with("policy_year", found.policy_year).into());
        }
        // The order in which identities are told says nothing.
        let identities =
            if same(&found.identities, &stored.identities) { stored.identities.clone() } else { found.identities };
        let found = Cover { identities, ..found };
        let session = &mut self.database.read().await?;
        // How the bill was brought does not change; no register tells it.
        let self_paid = stored.standing.self_paid;
        let asked = (settlement.resident_id, claim);
        let standing = Standing { self_paid, ..standing::find(session, self.context.policy(), asked, &found).await? };
        Ok(Cover { standing, ..found })
    }

    /// Stores a plan with the events that tell assistance, in the transaction it is given. An unchanged year is not
    /// touched.
    async fn store(&self, session: &mut Session, plan: &Plan) -> Result<(), Error> {
        if plan.is_unchanged() {
            return Ok(());
        }
        if !posting::are_of_today(&plan.posted, self.context.now()) {
            return Err(service::conflict());
        }
        let Order { resident_id, policy_year, .. } = plan.order;
        let closed: Vec<_> = plan.after.brought.closed_anew.iter().collect();
        let year = (resident_id, policy_year, plan.before.revision + 1);
        if !years::advance_all(session, vec![year], &closed).await? {
            return Err(service::conflict());
        }
        for closed in closed {
            openings::insert(session, closed).await?;
        }
        for id in &plan.covered {
            let replaced = &service::find(&plan.before, *id)?.settlement.cover;
            replaced_covers::insert(session, &plan.by, (resident_id, *id), replaced).await?;
            let cover = &service::find(&plan.after, *id)?.settlement.cover;
            settlements::set_cover(session, resident_id, *id, cover).await?;
        }
        for id in &plan.explained {
            service::find(&plan.after, *id)?.store_explanation(session).await?;
        }
        entries::insert_all(session, &plan.posted.iter().collect::<Vec<_>>()).await?;
        for entry in &plan.posted {
            let account = service::find(&plan.after, entry.settlement_id)?;
            if let Some(event) = aid::maybe_event(self.context, account, entry) {
                outbox::enqueue(session, &event, self.context.now()).await?;
            }
        }
        Ok(())
    }
}

/// Who asks for what.
///
/// # Errors
/// ROLE_NOT_ALLOWED, and every field violation.
pub(crate) fn read(request: &pb::RecomputeYearRequest) -> Result<(Caller, Order), Error> {
    let caller = Caller::current()?;
    caller.require(DUTY)?;
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let order = Order {
        resident_id: fields.id("resident_id", &request.resident_id),
        policy_year: fields.policy_year("policy_year", request.policy_year),
        validate_only: request.validate_only,
    };
    Ok((caller, fields.finish(order)?))
}

fn same(one: &[Identity], other: &[Identity]) -> bool {
    let sorted = |identities: &[Identity]| {
        let mut identities = identities.to_vec();
        identities.sort_unstable();
        identities
    };
    sorted(one) == sorted(other)
}

/// The refusal, with the settlement where a person and where a program reads it.
fn naming(mut refusal: Refusal, id: SettlementId) -> Refusal {
    refusal.detail = format!("settlement {id}: {}", refusal.detail);
    refusal.field = None;
    refusal.with("settlement_id", id)
}

fn answer(plan: &Plan) -> pb::RecomputeYearResponse {
    let in_force = plan.after.in_force();
    let changed = in_force.iter().filter(|account| plan.changes(account.settlement.id));
    pb::RecomputeYearResponse {
        recomputation_id: recomputation_id(plan).map(|id| id.to_string()).unwrap_or_default(),
        settlements: i32::try_from(in_force.len()).unwrap_or(i32::MAX),
        changes: changed.map(|account| change(plan, account)).collect(),
        accumulators: Some(write::accumulators(plan.order.policy_year, &plan.after.totals())),
        years_to_recompute: plan.after.brought.years_to_recompute.clone(),
    }
}

fn recomputation_id(plan: &Plan) -> Option<RecomputationId> {
    (!plan.order.validate_only && !plan.is_unchanged()).then_some(plan.by.id)
}

fn change(plan: &Plan, account: &Account) -> pb::RecomputedSettlement {
    let id = account.settlement.id;
    let before = plan.before.maybe_find(id);
    let was = before.map(Account::shares).unwrap_or_default();
    pb::RecomputedSettlement {
        settlement_id: id.to_string(),
        difference: Some(write::shares(&(account.shares() - was))),
        shares: Some(write::shares(&account.shares())),
        before: before.map(|account| facts(&account.settlement.cover)),
        after: Some(facts(&account.settlement.cover)),
    }
}

fn facts(cover: &Cover) -> pb::CoverFacts {
    pb::CoverFacts {
        class: cover.class.to_wire(),
        tier: cover.tier.to_wire(),
        identities: cover.identities.iter().map(|identity| identity.to_wire()).collect(),
    }
}
