//! Answers to the wire.

use chrono::NaiveDate;
use juyi_domain::settlement::claims::account::Account;
use juyi_kit::wire::{instant, receipt, recorded_by};
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as pb;

use super::Standing;
use crate::store::self_paid_claim_steps::ClaimStep;
use crate::write_bill::bill;

/// A claim with the account as it stands.
pub(super) fn claim(standing: &Standing) -> pb::SelfPaidClaim {
    let claim = &standing.claim;
    pb::SelfPaidClaim {
        claim_id: claim.id.to_string(),
        resident_id: claim.resident_id.to_string(),
        policy_year: claim.policy_year,
        district: claim.district.to_string(),
        category: claim.category.to_wire(),
        desk: claim.desk.to_wire(),
        filed_by_institution: claim.filed_by_institution,
        bill: Some(bill(&claim.bill)),
        papers: claim.papers.iter().map(|paper| paper.to_wire()).collect(),
        filing_date: claim.filed_on.to_string(),
        state: claim.state.to_wire(),
        steps: standing.steps.iter().map(step).collect(),
        settlement_id: claim.settlement_id.map(|id| id.to_string()).unwrap_or_default(),
        due_fen: standing.due.get(),
        paid_fen: claim.paid.get(),
        receipt: Some(receipt(&claim.receipt)),
        account: standing.account.map(account),
        settlement_reversed: claim.settlement_reversed,
        to_recover_fen: if standing.progress().is_to_recover() { claim.paid.get() } else { 0 },
    }
}

pub(super) fn account(account: Account) -> pb::ClaimAccount {
    pb::ClaimAccount { kind: account.kind.to_wire(), state: account.state.to_wire() }
}

fn step(step: &ClaimStep) -> pb::ClaimStep {
    pb::ClaimStep {
        state: step.state.to_wire(),
        reasons: step.reasons.clone(),
        voucher_number: step.voucher_number.clone(),
        payment_date: step.paid_on.as_ref().map(NaiveDate::to_string).unwrap_or_default(),
        recorded_by: Some(recorded_by(&step.recorded_by)),
        create_time: instant(step.created_at),
    }
}
