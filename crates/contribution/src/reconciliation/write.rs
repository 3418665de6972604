//! Answers to the wire.

use juyi_domain::contribution::reconciliation::totals_match;
use juyi_kit::wire::{instant, recorded_by};
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as pb;

use crate::store::exceptions::Exception;
use crate::store::reconciliations::{Reconciliation, Unit};

pub(super) fn reconciliation(found: &Reconciliation, units: &[Unit]) -> pb::Reconciliation {
    let outcome = &found.outcome;
    pb::Reconciliation {
        reconciliation_id: found.id.to_string(),
        statement_id: found.statement_id.clone(),
        district: found.day.district.to_string(),
        booked_date: found.day.on.to_string(),
        state: found.state.to_wire(),
        row_count: found.row_count,
        rows_received: found.rows_received,
        tax_fen: outcome.tax.get(),
        own_fen: outcome.own.get(),
        explained_fen: outcome.explained.get(),
        unexplained_fen: outcome.unexplained.get(),
        units_different: i32::try_from(outcome.units_different).unwrap_or(i32::MAX),
        exceptions: outcome.exceptions,
        units: units.iter().map(unit).collect(),
        recorded_by: Some(recorded_by(&found.recorded_by)),
        create_time: instant(found.created_at),
    }
}

fn unit(unit: &Unit) -> pb::UnitOutcome {
    pb::UnitOutcome {
        unit_id: unit.unit_id.clone(),
        tax_count: unit.tax.count,
        tax_fen: unit.tax.sum.get(),
        own_count: unit.own.count,
        own_fen: unit.own.sum.get(),
        matched: totals_match(unit.tax, unit.own),
        compared: unit.detailed,
    }
}

pub(super) fn exception(exception: &Exception) -> pb::ReconciliationException {
    let declared = exception.resident_id.is_empty();
    let subject = |is_it: bool| if is_it { exception.key.subject.clone() } else { String::new() };
    pb::ReconciliationException {
        exception_id: exception.id.to_string(),
        district: exception.day.district.to_string(),
        booked_date: exception.day.on.to_string(),
        statement_id: exception.statement_id.clone(),
        unit_id: exception.key.unit_id.clone(),
        kind: exception.found.kind.to_wire(),
        state: exception.state.to_wire(),
        voucher_number: exception.key.voucher_number.clone(),
        resident_id: exception.resident_id.clone(),
        enrolment_id: subject(!declared),
        declaration_id: subject(declared),
        tax_fen: exception.found.tax.get(),
        own_fen: exception.found.own.get(),
        difference_fen: exception.found.amount().get(),
        entries: exception.found.entries,
        resolution: exception.resolution.clone(),
        resolved_by: exception.resolved_by.as_ref().map(recorded_by),
        reopened: exception.reopened,
        etag: exception.revision.to_string(),
        create_time: instant(exception.created_at),
        update_time: instant(exception.updated_at),
    }
}
