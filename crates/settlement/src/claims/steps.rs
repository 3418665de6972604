//! The steps of a claim before and after the decision.

use juyi_db::Session;
use juyi_domain::codes::Office;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::settlement::claims::codes::ClaimState;
use juyi_domain::settlement::claims::desk::office_of;
use juyi_domain::settlement::claims::params::ClaimParams;
use juyi_domain::settlement::claims::progress::{self, Claim};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::error::Error;
use juyi_proto::settlement::v1 as pb;

use super::read::{self, Which};
use super::{Claims, Standing, named_caller};
use crate::store::claim_accounts;
use crate::store::self_paid_claim_steps::ClaimStep;

/// Offices that keep a desk.
const DESKS: &[Office] = &[Office::Township, Office::MedicalInsurance, Office::Education];
/// Offices that pay, in one year or the other.
const PAYERS: &[Office] = &[Office::MedicalInsurance, Office::SocialInsurance];

/// How a step of the desk moves a claim.
pub(super) type Move = fn(Claim, &ClaimParams) -> Result<ClaimState, Refusal>;

impl Claims {
    /// Takes a step of the desk, by the office of the desk.
    pub(super) async fn step(&self, command: &Command, which: Which, to: Move) -> Result<pb::SelfPaidClaim, Error> {
        let caller = &named_caller(DESKS)?;
        let work = |mut session| async move {
            let claim = self.take_step(&mut session, caller, which, to).await?;
            Ok((pb::GetClaimResponse { claim: Some(claim) }, session))
        };
        let reply = command.run(&self.database, &self.context, work).await?;
        reply.claim.ok_or(Error::Fault("a stored answer has no claim"))
    }

    async fn take_step(
        &self,
        session: &mut Session,
        caller: &Caller,
        which: Which,
        to: Move,
    ) -> Result<pb::SelfPaidClaim, Error> {
        let mut standing = Standing::find(session, which.resident_id, which.id).await?;
        caller.require(&[office_of(standing.claim.desk)])?;
        caller.require_district(standing.claim.district)?;
        let law = self.law(&standing.claim)?;
        let state = to(standing.progress(), &law.self_paid_claims)?;
        standing.take(session, self.plain_step(caller, state)).await?;
        standing.answer(session).await
    }

    pub(super) async fn pay(&self, request: pb::PayClaimRequest) -> Result<pb::PayClaimResponse, Error> {
        let command = Command::new("PayClaim", &request.resident_id, &request.request_id, &request);
        let caller = &named_caller(PAYERS)?;
        let read = &read::pay(&request, self.context.clock().today())?;
        let work = |mut session| async move {
            let claim = self.take_payment(&mut session, caller, read).await?;
            Ok((pb::PayClaimResponse { claim: Some(claim) }, session))
        };
        command.run(&self.database, &self.context, work).await
    }

    async fn take_payment(
        &self,
        session: &mut Session,
        caller: &Caller,
        read: &read::Pay,
    ) -> Result<pb::SelfPaidClaim, Error> {
        let mut standing = Standing::find(session, read.which.resident_id, read.which.id).await?;
        let law = self.law(&standing.claim)?;
        let params = &law.self_paid_claims;
        caller.require(&params.paid_by)?;
        progress::require_city(caller.district, params)?;
        caller.require_district(standing.claim.district)?;
        let account = claim_accounts::maybe_find(session, read.which.resident_id).await?;
        let state = standing.progress().pay(standing.due.amount, account, params)?;
        require_amount(read, &standing)?;
        match state {
            ClaimState::Paid => {
                standing.claim.paid = read.amount;
                let voucher_number = read.voucher_number.clone();
                let paid_on = Some(read.paid_on);
                let step = ClaimStep { voucher_number, paid_on, ..self.plain_step(caller, state) };
                standing.take(session, step).await?;
            }
            // A further run that finds the account as it was is no further step.
            waiting if waiting == standing.claim.state => {}
            waiting => standing.take(session, self.plain_step(caller, waiting)).await?,
        }
        standing.answer(session).await
    }
}

/// The exact amount, not before the claim.
fn require_amount(read: &read::Pay, standing: &Standing) -> Result<(), Error> {
    let mut refusals = Refusals::default();
    let due = standing.due.amount;
    if read.amount != due {
        let detail = "the amount is not what the insurances and assistance owe on the bill";
        let refusal = Refusal::new(Reason::AmountMismatch, detail).at("amount_fen");
        refusals.push(refusal.with("due_fen", due.get()).with("paid_fen", read.amount.get()));
    }
    if read.paid_on < standing.claim.filed_on {
        refusals.push(Refusal::new(Reason::DateOrder, "the claim was filed later").at("payment_date"));
    }
    Ok(refusals.into_result()?)
}
