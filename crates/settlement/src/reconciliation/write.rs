//! Answers to the wire.

use std::collections::BTreeMap;

use juyi_domain::settlement::care::CareKind;
use juyi_domain::settlement::provider_reconciliation::{PayerAmounts, ProviderTotal};
use juyi_kit::wire::{instant, recorded_by};
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as pb;

use crate::store::dues::Due;
use crate::store::provider_exceptions::{Count, Exception};
use crate::store::provider_offices::Named;
use crate::store::provider_reconciliations::{Reconciliation, Totals};

pub(super) fn reconciliation(
    found: &Reconciliation,
    totals: &BTreeMap<CareKind, Totals>,
    exceptions: Count,
) -> pb::ProviderReconciliation {
    let outcome = |(kind, totals): (&CareKind, &Totals)| pb::ProviderTotalOutcome {
        care_kind: kind.to_wire(),
        theirs: Some(total(*kind, &totals.theirs)),
        ours: Some(total(*kind, &totals.ours)),
        matched: totals.theirs == totals.ours,
    };
    pb::ProviderReconciliation {
        reconciliation_id: found.id.to_string(),
        provider_code: found.provider_code.clone(),
        district: found.scope.district.to_string(),
        start_date: found.scope.period.start().to_string(),
        end_date: found.scope.period.last_day().to_string(),
        statement_id: found.statement_id.clone(),
        state: found.state.to_wire(),
        row_count: found.row_count,
        rows_received: found.rows_received,
        totals: totals.iter().map(outcome).collect(),
        open_exceptions: exceptions.open,
        exceptions: exceptions.found,
        recorded_by: Some(recorded_by(&found.recorded_by)),
        create_time: instant(found.created_at),
    }
}

pub(super) fn office(named: &Named) -> pb::ProviderOffice {
    pb::ProviderOffice {
        provider_code: named.provider_code.clone(),
        office_district: named.stating.district.map(|district| district.to_string()).unwrap_or_default(),
        office_name: named.stating.name.clone(),
        reason: named.reason.clone(),
        recorded_by: Some(recorded_by(&named.recorded_by)),
        create_time: instant(named.created_at),
    }
}

pub(super) fn exception(exception: &Exception) -> pb::ProviderException {
    let found = &exception.found;
    pb::ProviderException {
        exception_id: exception.id.to_string(),
        reconciliation_id: exception.reconciliation_id.to_string(),
        settlement_id: found.settlement_id.clone(),
        kind: found.kind.to_wire(),
        theirs: Some(amounts(&found.theirs)),
        ours: Some(amounts(&found.ours)),
        funds_difference_fen: (found.theirs.funds() - found.ours.funds()).get(),
        reason: exception.reason.clone(),
        resolved_by: exception.resolved_by.as_ref().map(recorded_by),
        create_time: instant(exception.created_at),
        update_time: instant(exception.updated_at),
    }
}

pub(super) fn due(due: &Due, kinds: &BTreeMap<CareKind, ProviderTotal>) -> pb::ProviderDue {
    pb::ProviderDue {
        provider_code: due.provider_code.clone(),
        amounts: Some(amounts(&due.total.amounts)),
        funds_fen: due.total.amounts.funds().get(),
        settlements: due.total.settlements,
        totals: kinds.iter().map(|(kind, stated)| total(*kind, stated)).collect(),
    }
}

fn total(kind: CareKind, total: &ProviderTotal) -> pb::ProviderTotal {
    pb::ProviderTotal {
        care_kind: kind.to_wire(),
        settlements: total.settlements,
        amounts: Some(amounts(&total.amounts)),
    }
}

fn amounts(amounts: &PayerAmounts) -> pb::PayerAmounts {
    pb::PayerAmounts {
        basic_fund_fen: amounts.basic_fund.get(),
        critical_illness_fen: amounts.critical_illness.get(),
        maternity_fen: amounts.maternity.get(),
        medical_assistance_fen: amounts.medical_assistance.get(),
        veterans_assistance_fen: amounts.veterans_assistance.get(),
        person_fen: amounts.person.get(),
    }
}
