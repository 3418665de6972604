//! Paying a claim, and taking the money back when its settlement was reversed afterwards.

use std::sync::Arc;

use chrono::NaiveDate;
use juyi_db::Session;
use juyi_domain::codes::Office;
use juyi_domain::money::Fen;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::settlement::claims::codes::ClaimState;
use juyi_domain::settlement::claims::progress;
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::error::Error;
use juyi_policy::Snapshot;
use juyi_proto::settlement::v1 as pb;

use super::read::{self, Transfer};
use super::{Claims, Standing, named_caller, write};
use crate::store::self_paid_claim_steps::ClaimStep;
use crate::store::self_paid_claims as rows;

/// Offices that pay, in one year or the other.
const PAYERS: &[Office] = &[Office::MedicalInsurance, Office::SocialInsurance];

impl Claims {
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
        read: &Transfer,
    ) -> Result<pb::SelfPaidClaim, Error> {
        let (mut standing, law) = self.before_payer(session, caller, read).await?;
        let state = standing.progress().pay(standing.due, standing.account, &law.self_paid_claims)?;
        let claim = &standing.claim;
        progress::require_recovered(rows::maybe_find_unrecovered(session, claim.resident_id, &claim.bill).await?)?;
        let what = "the amount is not what the insurances and assistance owe on the bill";
        require(read, (standing.due, what), ("payment_date", Some(claim.filed_on), "the claim was filed later"))?;
        match state {
            ClaimState::Paid => {
                standing.claim.paid = read.amount;
                standing.take(session, self.transfer_step(caller, read, state)).await?;
            }
            // A further run that finds the account as it was is no further step.
            waiting if waiting == standing.claim.state => {}
            waiting => standing.take(session, self.plain_step(caller, waiting)).await?,
        }
        Ok(write::claim(&standing))
    }

    pub(super) async fn recover(&self, request: pb::RecoverClaimRequest) -> Result<pb::RecoverClaimResponse, Error> {
        let command = Command::new("RecoverClaim", &request.resident_id, &request.request_id, &request);
        let caller = &named_caller(PAYERS)?;
        let read = &read::recover(&request, self.context.clock().today())?;
        let work = |mut session| async move {
            let claim = self.take_back(&mut session, caller, read).await?;
            Ok((pb::RecoverClaimResponse { claim: Some(claim) }, session))
        };
        command.run(&self.database, &self.context, work).await
    }

    async fn take_back(
        &self,
        session: &mut Session,
        caller: &Caller,
        read: &Transfer,
    ) -> Result<pb::SelfPaidClaim, Error> {
        let (mut standing, law) = self.before_payer(session, caller, read).await?;
        let state = standing.progress().recover(&law.self_paid_claims)?;
        let paid_on = standing.steps.iter().find_map(|step| step.paid_on);
        let what = "the amount is not what was paid on the claim";
        require(read, (standing.claim.paid, what), ("repayment_date", paid_on, "the claim was paid later"))?;
        standing.take(session, self.transfer_step(caller, read, state)).await?;
        Ok(write::claim(&standing))
    }

    /// A claim with the law of its bill, before the office that pays, and gets back what it paid.
    async fn before_payer(
        &self,
        session: &mut Session,
        caller: &Caller,
        read: &Transfer,
    ) -> Result<(Standing, Arc<Snapshot>), Error> {
        let standing = Standing::find(session, read.which.resident_id, read.which.id).await?;
        let law = self.law(&standing.claim)?;
        caller.require(&law.self_paid_claims.paid_by)?;
        progress::require_city(caller.district, &law.self_paid_claims)?;
        caller.require_district(standing.claim.district)?;
        Ok((standing, law))
    }

    fn transfer_step(&self, caller: &Caller, read: &Transfer, state: ClaimState) -> ClaimStep {
        let (voucher_number, paid_on) = (read.voucher_number.clone(), Some(read.on));
        ClaimStep { voucher_number, paid_on, ..self.plain_step(caller, state) }
    }
}

/// The exact amount, not before the day from which it can move.
fn require(
    read: &Transfer,
    (due, not_due): (Fen, &'static str),
    (field, first_on, too_early): (&'static str, Option<NaiveDate>, &'static str),
) -> Result<(), Error> {
    let mut refusals = Refusals::default();
    if read.amount != due {
        let refusal = Refusal::new(Reason::AmountMismatch, not_due).at("amount_fen");
        refusals.push(refusal.with("due_fen", due.get()).with("paid_fen", read.amount.get()));
    }
    if first_on.is_some_and(|first_on| read.on < first_on) {
        refusals.push(Refusal::new(Reason::DateOrder, too_early).at(field));
    }
    Ok(refusals.into_result()?)
}
