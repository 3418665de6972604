//! Self-paid claims (J-6.2.1, B-6.1.2): filed at a desk, decided by another person, settled as any bill, and paid.
//!
//! `file` takes a claim, `steps` moves it, `review` decides and settles, `payment` pays and takes back, `accounts` keeps where
//! the money goes, `queries` shows. What the law says about each step is in `juyi_domain::settlement::claims`.

mod accounts;
mod file;
mod grpc;
mod insured;
mod payment;
mod queries;
mod read;
mod review;
mod steps;
mod write;

use std::sync::Arc;

use chrono::Datelike;
use juyi_db::{Database, Session};
use juyi_domain::codes::{District, Office};
use juyi_domain::id::{ResidentId, SelfPaidClaimId};
use juyi_domain::money::Fen;
use juyi_domain::refusal::{Reason, Refusal};
use juyi_domain::settlement::bill::Bill;
use juyi_domain::settlement::claims::account::Account;
use juyi_domain::settlement::claims::codes::{CardState, ClaimState};
use juyi_domain::settlement::claims::{card, progress};
use juyi_kit::caller::{Caller, NAME};
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::outbox::Outbox;
use juyi_policy::Snapshot;
use juyi_proto::code::Coded;

use crate::Peers;
use crate::collector::Collector;
use crate::group::Base;
use crate::store::claim_accounts;
use crate::store::self_paid_claim_steps::{self as step_rows, ClaimStep};
use crate::store::self_paid_claims::{self as rows, SelfPaidClaim};

/// The rows, the clock and the peers. Cloning shares them.
#[derive(Clone)]
pub(crate) struct Claims {
    database: Database,
    context: Context,
    peers: Peers,
    outbox: Arc<Outbox>,
    /// The queue of settlements, in which an approval takes its turn.
    collector: Arc<Collector>,
}

impl Claims {
    pub(crate) fn new(collector: Arc<Collector>, outbox: Arc<Outbox>) -> Self {
        let Base { database, context, peers } = collector.base().clone();
        Self { database, context, peers, outbox, collector }
    }

    /// The law of a claim: that of its bill.
    fn law(&self, claim: &SelfPaidClaim) -> Result<Arc<Snapshot>, Refusal> {
        self.context.policy().for_(claim.district, claim.policy_year, claim.bill.bill.admitted_on)
    }
}

/// Refuses to settle at the provider with a card that is not active (J-6.1-a), by the law of the day. Which district the
/// person is insured in is not yet known then, and for this no law of a year differs between districts.
///
/// # Errors
/// EVIDENCE_NOT_ACCEPTED.
pub(crate) fn require_card(context: &Context, card_state: i32, bill: &Bill) -> Result<(), Refusal> {
    let card = CardState::from_wire(card_state).ok().filter(|card| *card == CardState::NotActive);
    if card.is_none() {
        return Ok(());
    }
    let (policy, day) = (context.policy(), bill.admitted_on);
    let law = District::ALL.iter().find_map(|district| policy.for_(*district, day.year(), day).ok());
    law.map_or(Ok(()), |law| card::require_active(card, &law.self_paid_claims))
}

/// The caller, who has to be known by name: maker and checker are told apart by it.
///
/// # Errors
/// ROLE_NOT_ALLOWED for an office of another kind, and without a name.
fn named_caller(offices: &[Office]) -> Result<Caller, Error> {
    let caller = Caller::current()?;
    caller.require(offices)?;
    if caller.name.is_empty() {
        let detail = format!("who works on claims is named in {NAME}");
        return Err(Refusal::new(Reason::RoleNotAllowed, detail).at(NAME).into());
    }
    Ok(caller)
}

/// A claim with everything that its next step depends on.
struct Standing {
    claim: SelfPaidClaim,
    steps: Vec<ClaimStep>,
    /// What everybody but the person owes; 0 without a settlement in force.
    due: Fen,
    /// The account of the person.
    account: Option<Account>,
}

impl Standing {
    /// Errors: CLAIM_NOT_FOUND.
    async fn find(session: &mut Session, resident_id: ResidentId, id: SelfPaidClaimId) -> Result<Self, Error> {
        let claim = rows::maybe_find(session, resident_id, id).await?.ok_or_else(|| {
            Refusal::new(Reason::ClaimNotFound, "the resident has no claim with this id").at("claim_id")
        })?;
        Self::of(session, claim).await
    }

    async fn of(session: &mut Session, claim: SelfPaidClaim) -> Result<Self, Error> {
        let standing = Self::of_all(session, vec![claim]).await?.pop();
        standing.ok_or(Error::Fault("a claim was lost on the way to its steps"))
    }

    /// One statement per kind of row, however many claims.
    async fn of_all(session: &mut Session, claims: Vec<SelfPaidClaim>) -> Result<Vec<Self>, Error> {
        let keys: Vec<_> = claims.iter().map(|claim| (claim.resident_id, claim.id)).collect();
        let people: Vec<_> = claims.iter().map(|claim| claim.resident_id).collect();
        let steps = step_rows::list(session, &keys).await?;
        let dues = rows::dues(session, &claims).await?;
        let accounts = claim_accounts::of_people(session, &people).await?;
        let of = claims.into_iter().zip(steps).zip(dues).zip(accounts);
        Ok(of.map(|(((claim, steps), due), account)| Self { claim, steps, due, account }).collect())
    }

    /// The claim as its progress is decided.
    const fn progress(&self) -> progress::Claim {
        let SelfPaidClaim { desk, state, settlement_reversed: reversed, .. } = self.claim;
        progress::Claim { desk, state, reversed }
    }

    /// Stores a step and the state it leads to.
    ///
    /// # Errors
    /// `Contended` when another writer moved the claim or reversed its settlement in between: the command then runs again.
    async fn take(&mut self, session: &mut Session, step: ClaimStep) -> Result<(), Error> {
        let from = self.claim.state;
        self.claim.state = step.state;
        if !rows::advance(session, &self.claim, from).await? {
            return Err(juyi_db::Error::Contended.into());
        }
        self.steps.push(step);
        let (key, number) = ((self.claim.resident_id, self.claim.id), self.steps.len());
        step_rows::insert(session, key, number, &self.steps[number - 1]).await
    }
}

impl Claims {
    /// A step that bears nothing but its state and its office.
    fn plain_step(&self, caller: &Caller, state: ClaimState) -> ClaimStep {
        ClaimStep {
            state,
            reasons: Vec::new(),
            voucher_number: String::new(),
            paid_on: None,
            recorded_by: caller.clone(),
            created_at: self.context.now(),
        }
    }
}
