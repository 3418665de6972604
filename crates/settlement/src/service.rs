//! Decisions of settlement: a plan of what a filing or a reversal posts, made without a transaction because it asks
//! other services, and its storing, which succeeds only on the state of the year that was planned on.

use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use juyi_db::{Database, Session};
use juyi_domain::codes::Office;
use juyi_domain::id::{ResidentId, SettlementId};
use juyi_domain::refusal::{Reason, Refusal};
use juyi_domain::settlement::claims::progress::require_recovered;
use juyi_kit::caller::{Caller, NAME};
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::outbox::{self, Event};
use juyi_kit::telemetry;

use crate::ledger::{self, Account, Year};
use crate::posting::Poster;
use crate::store::entries::{self, Entry};
use crate::store::openings;
use crate::store::self_paid_claims;
use crate::store::settlements::{self, Claim, Cover, Settlement, State};
use crate::{Peers, adjudicate, aid, coverage, filings, posting, providers, standing, years};

/// Offices that settle: providers, both insurance offices, townships for bills the person paid.
const DUTY: &[Office] =
    &[Office::Provider, Office::MedicalInsurance, Office::SocialInsurance, Office::Township, Office::System];

/// Those of them that reverse whatever was settled; the others only what they settled themselves.
const REVERSES_ANY: &[Office] = &[Office::MedicalInsurance, Office::SocialInsurance, Office::System];

/// What moves a year.
#[derive(Clone, Debug)]
pub(crate) enum Order {
    /// A bill is filed.
    File(Box<Claim>),
    /// A bill that the person paid is settled by the approval of a claim, which was filed on a day.
    Claimed(Box<Claim>, NaiveDate),
    /// A settlement is reversed.
    Reverse(SettlementId),
}

/// What an order posts, and the year as it will stand.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) resident_id: ResidentId,
    pub(crate) policy_year: i32,
    /// The year with everything posted, at its next revision.
    pub(crate) year: Year,
    /// The settlement filed or reversed.
    pub(crate) subject: SettlementId,
    /// New entries, of the subject and of others.
    pub(crate) posted: Vec<Entry>,
    /// Settlements whose receipt changed.
    pub(crate) explained: Vec<SettlementId>,
    /// What assistance has to be told, each with the trace of the call.
    pub(crate) events: Vec<(Event, String)>,
}

impl Plan {
    /// A plan that posts nothing yet.
    pub(crate) fn new(resident_id: ResidentId, policy_year: i32, year: Year, subject: SettlementId) -> Self {
        let (posted, explained, events) = (Vec::new(), Vec::new(), Vec::new());
        Self { resident_id, policy_year, year, subject, posted, explained, events }
    }

    /// True when assistance has to be told.
    pub(crate) fn moves_aid(&self) -> bool {
        self.posted.iter().any(|entry| entry.shares.moves_aid())
    }
}

/// An office on duty, which plans.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Desk<'a> {
    database: &'a Database,
    context: &'a Context,
    peers: &'a Peers,
    caller: &'a Caller,
}

impl<'a> Desk<'a> {
    /// The desk of an office.
    ///
    /// # Errors
    /// ROLE_NOT_ALLOWED for an office that does not settle.
    pub(crate) fn try_new(
        database: &'a Database,
        context: &'a Context,
        peers: &'a Peers,
        caller: &'a Caller,
    ) -> Result<Self, Refusal> {
        caller.require(DUTY)?;
        // Who may reverse depends on who settled, and these offices are many.
        if matches!(caller.office, Office::Provider | Office::Township) && caller.name.is_empty() {
            let detail = format!("an office of kind {} names itself in {NAME}", caller.office);
            return Err(Refusal::new(Reason::RoleNotAllowed, detail).at(NAME));
        }
        Ok(Self { database, context, peers, caller })
    }

    /// Plans an order of a resident.
    ///
    /// # Errors
    /// Every other refusal of the contract.
    pub(crate) async fn plan(&self, resident_id: ResidentId, order: &Order) -> Result<Plan, Error> {
        match order {
            Order::File(claim) => self.file(resident_id, claim, None).await,
            Order::Claimed(claim, filed_on) => self.file(resident_id, claim, Some(*filed_on)).await,
            Order::Reverse(id) => self.reverse(resident_id, *id).await,
        }
    }

    /// A bill, with the day its claim was filed where the person paid it and claims it.
    async fn file(&self, resident_id: ResidentId, claim: &Claim, claimed_on: Option<NaiveDate>) -> Result<Plan, Error> {
        require_law(self.context, claim.bill.admitted_on.year(), "bill.admission_date")?;
        let policy_years = self.context.policy().policy_years();
        let (cover, claim) = tokio::join!(
            coverage::find(&self.peers.benefit_period, resident_id, claim, &policy_years),
            providers::confirmed(&self.peers.registry, claim)
        );
        let (mut cover, claim) = providers::both(cover, claim)?;
        let claim = &claim;
        self.caller.require_district(cover.district)?;
        // Before what registers say: what changes there from now on moves the year, and the bill is planned anew.
        let year = self.load(resident_id, cover.policy_year, Some(claim)).await?;
        let mut session = self.database.read().await?;
        cover.standing = standing::find(&mut session, self.context.policy(), (resident_id, claim), &cover).await?;
        cover.standing.self_paid = claimed_on.is_some();
        let filed_on = claimed_on.unwrap_or_else(|| self.context.clock().today());
        filings::admit(&mut session, self.context, self.caller, (resident_id, claim, &cover, filed_on)).await?;
        // What the insurances still owe back on a bill they do not pay to its provider as well.
        require_recovered(self_paid_claims::maybe_find_unrecovered(&mut session, resident_id, claim).await?)
            .or_else(|refused| if claimed_on.is_some() { Ok(()) } else { Err(refused) })?;
        drop(session);
        standing::require(self.caller, claim, &cover.standing)?;
        self.filed(resident_id, claim, cover, year).await
    }

    /// Plans the filing of a bill of which is known what covers it and what registers say, on the year as it stands.
    ///
    /// # Errors
    /// Every refusal of the contract but those about cover, registers and a bill settled before.
    pub(crate) async fn filed(
        &self,
        resident_id: ResidentId,
        claim: &Claim,
        cover: Cover,
        mut year: Year,
    ) -> Result<Plan, Error> {
        require_law(self.context, claim.bill.admitted_on.year(), "bill.admission_date")?;
        self.caller.require_district(cover.district)?;
        let policy_year = cover.policy_year;
        year.revision += 1;
        let settlement = Settlement {
            resident_id,
            id: self.context.id(),
            filed_order: year.revision,
            claim: claim.clone(),
            cover,
            state: State::Settled,
            receipt: Arc::default(),
            recorded_by: self.caller.clone(),
            created_at: self.context.now(),
        };
        let subject = settlement.id;
        year.accounts.push(Account { settlement, entries: Vec::new(), is_explained_apart: false });
        let plan = self.settle_anew(Plan::new(resident_id, policy_year, year, subject)).await;
        plan.map_err(|error| about_another(error, subject))
    }

    async fn reverse(&self, resident_id: ResidentId, subject: SettlementId) -> Result<Plan, Error> {
        let policy_year = find_year(&mut self.database.read().await?, resident_id, subject).await?;
        let mut year = self.load(resident_id, policy_year, None).await?;
        year.revision += 1;
        let account = find_mut(&mut year, subject)?;
        self.require_reversal(&account.settlement)?;
        if account.settlement.state == State::Reversed {
            let detail = "the settlement was reversed before";
            return Err(Refusal::new(Reason::AlreadyReversed, detail).at("settlement_id").into());
        }
        account.settlement.state = State::Reversed;
        let mirror = self.poster(subject).mirror(account);
        let plan = Plan { posted: vec![mirror], ..Plan::new(resident_id, policy_year, year, subject) };
        self.settle_anew(plan).await
    }

    /// Whether the office may reverse a settlement.
    fn require_reversal(&self, settlement: &Settlement) -> Result<(), Refusal> {
        self.caller.require_district(settlement.cover.district)?;
        if REVERSES_ANY.contains(&self.caller.office) || settlement.recorded_by == *self.caller {
            return Ok(());
        }
        let detail = "another office settled this bill; that office reverses it, or medical or social insurance does";
        Err(Refusal::new(Reason::RoleNotAllowed, detail).with("office", self.caller.office))
    }

    /// The year as it stands; a bill that is already in force is refused.
    async fn load(&self, resident_id: ResidentId, policy_year: i32, new: Option<&Claim>) -> Result<Year, Error> {
        let mut session = self.database.read().await?;
        let mut year = ledger::load(&mut session, resident_id, policy_year).await?;
        year.brought = years::brought(&mut session, resident_id, policy_year).await?;
        if let Some(claim) = new
            && let Some(id) = settlements::maybe_find_of_bill(&mut session, resident_id, claim).await?
        {
            let detail = "this bill of the provider is settled; reverse it first to settle it anew";
            let refusal = Refusal::new(Reason::DuplicateBill, detail).at("bill.bill_number");
            return Err(refusal.with("settlement_id", id).into());
        }
        Ok(year)
    }

    /// The office posting what a settlement causes.
    fn poster(&self, subject: SettlementId) -> Poster<'a> {
        Poster { context: self.context, caller: self.caller, cause: subject.into(), at: self.context.now() }
    }

    /// Settles the bills in force anew and posts what changes.
    async fn settle_anew(&self, mut plan: Plan) -> Result<Plan, Error> {
        let settled = adjudicate::adjudicate(self.context, &self.peers.assistance, &plan.year).await?;
        let poster = self.poster(plan.subject);
        for (id, settled) in settled {
            let (is_explained_anew, entry) = poster.post(find_mut(&mut plan.year, id)?, settled)?;
            plan.explained.extend(is_explained_anew.then_some(id));
            plan.posted.extend(entry);
        }
        years::close_anew((self.database, self.context, self.caller), &mut plan.year).await?;
        for entry in &plan.posted {
            let event = aid::maybe_event(self.context, find(&plan.year, entry.settlement_id)?, entry);
            plan.events.extend(event.map(|event| (event, telemetry::current_trace())));
        }
        Ok(plan)
    }
}

/// Without the law of a year there is nothing to ask about a person (AMB-003).
///
/// # Errors
/// POLICY_YEAR_NOT_LOADED about a field.
pub(crate) fn require_law(context: &Context, policy_year: i32, field: &'static str) -> Result<(), Refusal> {
    if context.policy().policy_years().contains(&policy_year) {
        return Ok(());
    }
    let detail = format!("the law of {policy_year} is not loaded");
    Err(Refusal::new(Reason::PolicyYearNotLoaded, detail).at(field).with("policy_year", policy_year))
}

/// Stores a plan with the events that tell assistance, in the transaction it is given.
///
/// # Errors
/// REVISION_CONFLICT when the year moved since it was planned on: plan again.
pub(crate) async fn store(session: &mut Session, context: &Context, plan: &Plan) -> Result<(), Error> {
    store_all(session, &[plan], context.now()).await
}

/// Stores plans for different people with the events that tell assistance, in the transaction it is given.
///
/// # Errors
/// REVISION_CONFLICT when a year moved since it was planned on, or the day has changed: plan again.
pub(crate) async fn store_all(session: &mut Session, plans: &[&Plan], now: DateTime<Utc>) -> Result<(), Error> {
    if !posting::are_of_today(plans.iter().flat_map(|plan| &plan.posted), now) {
        return Err(conflict());
    }
    let years: Vec<_> = plans.iter().map(|plan| (plan.resident_id, plan.policy_year, plan.year.revision)).collect();
    let closed: Vec<_> = plans.iter().filter_map(|plan| plan.year.brought.closed_anew.as_ref()).collect();
    if !years::advance_all(session, years, &closed).await? {
        return Err(conflict());
    }
    for closed in closed {
        openings::insert(session, closed).await?;
    }
    let mut filed = Vec::with_capacity(plans.len());
    for plan in plans {
        let subject = find(&plan.year, plan.subject)?;
        if subject.settlement.filed_order == plan.year.revision {
            filed.push(&subject.settlement);
        } else {
            settlements::set_state(session, plan.resident_id, plan.subject, subject.settlement.state).await?;
            self_paid_claims::reverse(session, plan.resident_id, plan.subject).await?;
        }
    }
    settlements::insert_all(session, &filed).await?;
    for plan in plans {
        for id in plan.explained.iter().filter(|id| **id != plan.subject) {
            find(&plan.year, *id)?.store_explanation(session).await?;
        }
    }
    let posted: Vec<_> = plans.iter().flat_map(|plan| &plan.posted).collect();
    entries::insert_all(session, &posted).await?;
    let events: Vec<_> = plans.iter().flat_map(|plan| &plan.events).collect();
    if !events.is_empty() {
        outbox::enqueue_all(session, &events, now).await?;
    }
    Ok(())
}

/// The account of a settlement that is known to be in the year.
pub(crate) fn find(year: &Year, id: SettlementId) -> Result<&Account, Error> {
    year.maybe_find(id).ok_or(Error::Fault("a settlement is not in its year"))
}

/// The same, to be changed.
pub(crate) fn find_mut(year: &mut Year, id: SettlementId) -> Result<&mut Account, Error> {
    year.maybe_find_mut(id).ok_or(Error::Fault("a settlement is not in its year"))
}

/// The year of a settlement.
pub(crate) async fn find_year(session: &mut Session, resident_id: ResidentId, id: SettlementId) -> Result<i32, Error> {
    settlements::maybe_find_year(session, resident_id, id).await?.ok_or_else(|| {
        let detail = "the resident has no settlement with this id";
        Refusal::new(Reason::SettlementNotFound, detail).at("settlement_id").into()
    })
}

/// A refusal names the settlement that it is about only where that is another than the bill being filed, whose id nobody
/// knows; and then it is about no field of the request.
fn about_another(error: Error, subject: SettlementId) -> Error {
    let Error::Refused(mut refusals) = error else { return error };
    let subject = subject.to_string();
    for refusal in &mut refusals.0 {
        refusal.metadata.retain(|(key, id)| *key != "settlement_id" || *id != subject);
        if refusal.metadata.iter().any(|(key, _)| *key == "settlement_id") {
            refusal.field = None;
        }
    }
    refusals.into()
}

/// Others keep settling bills of the same person and year.
pub(crate) fn conflict() -> Error {
    Refusal::new(Reason::RevisionConflict, "other bills of this person keep being settled; try again").into()
}
