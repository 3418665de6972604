//! Answers to the wire.

use juyi_kit::wire::{instant, receipt, recorded_by};
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as pb;

use crate::ledger::{Account, Totals, Year};
use crate::service::Plan;
use crate::shares::Shares;
use crate::store::entries::{Entry, Kind};
use crate::store::settlements::{Service, State};
use crate::write_bill::bill;

pub(crate) fn settlement(year: &Year, account: &Account) -> pb::Settlement {
    let receipt = Some(receipt(&account.settlement.receipt));
    pb::Settlement { receipt, ..unexplained(year, account) }
}

/// A settlement without its receipt.
pub(crate) fn unexplained(year: &Year, account: &Account) -> pb::Settlement {
    let settlement = &account.settlement;
    let cover = &settlement.cover;
    let state = match settlement.state {
        State::Settled => pb::SettlementState::Settled,
        State::Reversed => pb::SettlementState::Reversed,
    };
    let totals = year.maybe_totals_after(settlement.id);
    pb::Settlement {
        settlement_id: settlement.id.to_string(),
        resident_id: settlement.resident_id.to_string(),
        policy_year: cover.policy_year,
        district: cover.district.to_string(),
        tier: cover.tier.to_wire(),
        identities: cover.identities.iter().map(|identity| identity.to_wire()).collect(),
        bill: Some(bill(&settlement.claim)),
        state: state.into(),
        shares: Some(shares(&account.shares())),
        receipt: None,
        entries: entries(&account.entries),
        accumulators: totals.map(|totals| accumulators(cover.policy_year, &totals)),
        recorded_by: Some(recorded_by(&settlement.recorded_by)),
        create_time: instant(settlement.created_at),
    }
}

pub(crate) fn service(service: &Service) -> pb::Service {
    pb::Service {
        settlement_id: service.id.to_string(),
        admission_date: service.admitted_on.to_string(),
        discharge_date: service.discharged_on.to_string(),
        provider_code: service.provider_code.clone(),
    }
}

/// Differences that a plan posts to other settlements than its own.
pub(crate) fn adjustments(plan: &Plan) -> Vec<pb::Adjustment> {
    let others = plan.posted.iter().filter(|entry| entry.settlement_id != plan.subject);
    let adjustment = |entry: &Entry| pb::Adjustment {
        settlement_id: entry.settlement_id.to_string(),
        difference: Some(shares(&entry.shares)),
    };
    others.map(adjustment).collect()
}

pub(crate) fn accumulators(policy_year: i32, totals: &Totals) -> pb::Accumulators {
    let insurance = &totals.insurance;
    pb::Accumulators {
        policy_year,
        deductible_used_fen: insurance.deductible_used.get(),
        stays: i32::try_from(insurance.stays).unwrap_or(i32::MAX),
        basic_paid_fen: insurance.basic_paid.get(),
        eligible_fen: insurance.eligible.get(),
        burden_fen: insurance.burden.get(),
        critical_illness_paid_fen: insurance.critical_illness_paid.get(),
        assistance_base_fen: totals.assistance_base.get(),
        medical_assistance_paid_fen: totals.medical_assistance_paid.get(),
        veterans_assistance_paid_fen: totals.veterans_assistance_paid.get(),
        home_bed_days: i32::try_from(insurance.home_bed_days).unwrap_or(i32::MAX),
        balance_used_fen: insurance.balance_used.get(),
        outpatient_eligible_fen: insurance.outpatient_eligible.get(),
        general_fee_fen: insurance.general_fee.get(),
        outpatient_paid_fen: insurance.outpatient_paid.get(),
        general_fee_paid_fen: insurance.general_fee_paid.get(),
    }
}

/// Earlier entries with what explained them then; the newest is explained by the receipt of the settlement.
fn entries(entries: &[Entry]) -> Vec<pb::Entry> {
    let mut list: Vec<_> = entries.iter().map(entry).collect();
    if let Some(newest) = list.last_mut() {
        newest.receipt = None;
    }
    list
}

fn entry(entry: &Entry) -> pb::Entry {
    let kind = match entry.kind {
        Kind::Settlement => pb::EntryKind::Settlement,
        Kind::Reversal => pb::EntryKind::Reversal,
        Kind::Adjustment => pb::EntryKind::Adjustment,
    };
    pb::Entry {
        entry_id: entry.id.to_string(),
        kind: kind.into(),
        shares: Some(shares(&entry.shares)),
        cause_settlement_id: entry.cause.settlement().map(|id| id.to_string()).unwrap_or_default(),
        recorded_by: Some(recorded_by(&entry.recorded_by)),
        create_time: instant(entry.created_at),
        receipt: (entry.kind != Kind::Reversal).then(|| receipt(&entry.receipt)),
        cause_recomputation_id: entry.cause.recomputation().map(|id| id.to_string()).unwrap_or_default(),
    }
}

pub(crate) fn shares(shares: &Shares) -> pb::Shares {
    pb::Shares {
        total_fen: shares.total.get(),
        eligible_fen: shares.eligible.get(),
        basic_fund_fen: shares.basic_fund.get(),
        critical_illness_fen: shares.critical_illness.get(),
        medical_assistance_fen: shares.medical_assistance.get(),
        veterans_assistance_fen: shares.veterans_assistance.get(),
        person_fen: shares.person.get(),
        maternity_fen: shares.maternity.get(),
        maternity_above_cost_fen: shares.maternity_above_cost().get(),
    }
}
