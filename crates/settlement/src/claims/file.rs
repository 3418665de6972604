//! Filing a claim.

use std::sync::Arc;

use juyi_db::Session;
use juyi_domain::money::Fen;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::settlement::claims::account::{Account, AtFiling};
use juyi_domain::settlement::claims::codes::ClaimState;
use juyi_domain::settlement::claims::desk::office_of;
use juyi_domain::settlement::claims::filing::{self, Filing};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::error::Error;
use juyi_policy::Snapshot;
use juyi_proto::settlement::v1 as pb;

use super::insured::{self, Insured};
use super::{Claims, Standing, accounts, named_caller, read, write};
use crate::store::self_paid_claim_steps as step_rows;
use crate::store::self_paid_claims::{self as rows, SelfPaidClaim};
use crate::store::{claim_accounts, settlements};
use crate::{filings, providers};

impl Claims {
    /// Takes a claim. Benefit period is asked before the transaction, which must not wait for a peer, and not about a
    /// repetition, which is answered as the first time.
    pub(super) async fn file(&self, request: pb::FileClaimRequest) -> Result<pb::FileClaimResponse, Error> {
        let command = Command::new("FileClaim", &request.resident_id, &request.request_id, &request)
            .validating(request.validate_only);
        let read = &read::file(&request, self.context.clock().today())?;
        let caller = &named_caller(&[office_of(read.desk)])?;
        accounts::require_opener(caller, read.account)?;
        if let Some(earlier) = command.maybe_earlier(&self.database).await? {
            return Ok(earlier);
        }
        let (insured, law) = &self.known(read).await?;
        let work = |mut session| async move {
            let standing = self.accept(&mut session, caller, read, (*insured, law)).await?;
            Ok((pb::FileClaimResponse { claim: Some(write::claim(&standing)) }, session))
        };
        let mut reply = command.run(&self.database, &self.context, work).await?;
        if let (true, Some(claim)) = (request.validate_only, &mut reply.claim) {
            claim.claim_id.clear();
        }
        Ok(reply)
    }

    /// How the person is insured, and the law of the bill, whose provider is as the register has it.
    async fn known(&self, read: &read::File) -> Result<(Insured, Arc<Snapshot>), Error> {
        let bill = &read.bill.bill;
        // The approval asks the register again, and settles the bill as it stands there.
        let (insured, confirmed) = tokio::join!(
            insured::find(&self.peers.benefit_period, read.resident_id, bill),
            providers::confirmed(&self.peers.registry, &read.bill)
        );
        let (insured, _) = providers::both(insured, confirmed)?;
        let law = self.context.policy().for_(insured.district, insured.policy_year, bill.admitted_on)?;
        Ok((insured, law))
    }

    async fn accept(
        &self,
        session: &mut Session,
        caller: &Caller,
        read: &read::File,
        (insured, law): (Insured, &Snapshot),
    ) -> Result<Standing, Error> {
        let account = AtFiling {
            on_record: claim_accounts::maybe_find(session, read.resident_id).await?,
            recorded_now: read.account,
            claimed_before: rows::has_any(session, read.resident_id).await?,
        };
        let filing = Filing {
            bill: &read.bill.bill,
            category: insured.category,
            class: insured.class,
            insured_district: insured.district,
            desk: read.desk,
            desk_district: caller.district,
            by_institution: read.by_institution,
            leaving: read.leaving,
            papers: &read.papers,
            filed_on: read.filed_on,
            flagged_late: read.flagged_late,
            account,
        };
        let mut refusals = Refusals::default();
        let receipt = refusals.keep(filing::decide(&filing, &law.self_paid_claims));
        let of_student = (read.resident_id, &read.bill.bill, read.filed_on);
        refusals.keep(filings::of_student(session, law, of_student).await?);
        let Some(receipt) = receipt.filter(|_| refusals.0.is_empty()) else { return Err(refusals.into()) };
        require_unclaimed(session, read).await?;
        let claim = SelfPaidClaim {
            resident_id: read.resident_id,
            id: self.context.id(),
            policy_year: insured.policy_year,
            district: insured.district,
            category: insured.category,
            desk: read.desk,
            filed_by_institution: read.by_institution,
            bill: read.bill.clone(),
            papers: read.papers.clone(),
            filed_on: read.filed_on,
            state: ClaimState::Filed,
            settlement_id: None,
            settlement_reversed: false,
            paid: Fen::ZERO,
            receipt,
            recorded_by: caller.clone(),
            created_at: self.context.now(),
        };
        rows::insert(session, &claim).await?;
        let steps = vec![self.plain_step(caller, ClaimState::Filed)];
        step_rows::insert(session, (claim.resident_id, claim.id), 1, &steps[0]).await?;
        let account = self.record_account(session, caller, (read, &account)).await?;
        Ok(Standing { claim, steps, due: Fen::ZERO, account })
    }

    /// Keeps the account that came with the claim, where it is better than the one on record, and tells which one counts.
    async fn record_account(
        &self,
        session: &mut Session,
        caller: &Caller,
        (read, at_filing): (&read::File, &AtFiling),
    ) -> Result<Option<Account>, Error> {
        let counts = at_filing.account();
        if let Some(account) = counts.filter(|account| at_filing.on_record != Some(*account)) {
            let (which, by) = ((at_filing.on_record, account), (caller, self.context.now()));
            claim_accounts::replace(session, read.resident_id, which, by).await?;
        }
        Ok(counts)
    }
}

/// One claim one bill, and no bill that was settled at the provider (J-6.2.1-a).
async fn require_unclaimed(session: &mut Session, read: &read::File) -> Result<(), Error> {
    if let Some(id) = rows::maybe_find_of_bill(session, read.resident_id, &read.bill).await? {
        let detail = "the bill is claimed already; one claim covers basic and critical illness insurance";
        let refusal = Refusal::new(Reason::DuplicateClaim, detail).at("bill.bill_number").by("J-6.2.1-a");
        return Err(refusal.with("claim_id", id).into());
    }
    if let Some(id) = settlements::maybe_find_of_bill(session, read.resident_id, &read.bill).await? {
        let detail = "the bill was settled at the provider; the person paid no more than the own share";
        let refusal = Refusal::new(Reason::DuplicateBill, detail).at("bill.bill_number").by("J-6.1-a");
        return Err(refusal.with("settlement_id", id).into());
    }
    Ok(())
}
