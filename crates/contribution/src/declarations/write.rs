//! Answers to the wire.

use juyi_domain::contribution::declaration::DeclarationState;
use juyi_domain::receipt::Receipt;
use juyi_kit::wire::{instant, receipt, recorded_by};
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as pb;

use crate::store::agency_systems::AgencySystem;
use crate::store::declaration_lines::Line;
use crate::store::declaration_returns::DeclarationReturn;
use crate::store::declarations::{Declaration, Paid};

/// Mark of a payment whose electronic receipt is not recorded yet (J-3.3.1-d).
const PENDING_RECEIPT: &str = "PENDING_RECEIPT";

pub(super) fn declaration(declaration: &Declaration) -> pb::Declaration {
    let mut sum = Receipt::default();
    if declaration.state != DeclarationState::Counting {
        sum.push(declaration.totals.step(declaration.declarer, declaration.policy_year));
    }
    // The bank gives no receipt where no money passed it.
    let pending =
        declaration.payment.is_some() && declaration.receipt_number.is_none() && !declaration.totals.payable.is_zero();
    pb::Declaration {
        declaration_id: declaration.id.to_string(),
        unit_id: declaration.unit_id.clone(),
        declarer: declaration.declarer.to_wire(),
        policy_year: declaration.policy_year,
        district: declaration.district.to_string(),
        state: declaration.state.to_wire(),
        declaration_date: declaration.declared_on.to_string(),
        totals: Some(totals(declaration)),
        payment: declaration.payment.as_ref().map(payment),
        receipt_number: declaration.receipt_number.clone().unwrap_or_default(),
        marks: pending.then(|| PENDING_RECEIPT.to_owned()).into_iter().collect(),
        receipt: Some(receipt(&sum)),
        recorded_by: Some(recorded_by(&declaration.recorded_by)),
        create_time: instant(declaration.created_at),
    }
}

fn totals(declaration: &Declaration) -> pb::DeclarationTotals {
    let (totals, outcome) = (&declaration.totals, &declaration.outcome);
    pb::DeclarationTotals {
        persons: totals.persons,
        subsidised: totals.subsidised,
        prepaid: totals.prepaid,
        left_out: totals.left_out,
        personal_fen: totals.personal.get(),
        subsidy_fen: totals.subsidy.get(),
        payable_fen: totals.payable.get(),
        confirmed: outcome.confirmed,
        confirmed_fen: outcome.confirmed_sum.get(),
        exceptions: outcome.exceptions,
        exception_fen: outcome.exception_sum.get(),
        returned: outcome.returned,
        returned_fen: outcome.returned_sum.get(),
    }
}

fn payment(paid: &Paid) -> pb::DeclarationPayment {
    pb::DeclarationPayment {
        method: paid.method.to_wire(),
        payment_date: paid.on.to_string(),
        voucher_number: paid.voucher_number.clone(),
        recorded_by: Some(recorded_by(&paid.recorded_by)),
    }
}

pub(super) fn line(line: &Line, back: Option<&DeclarationReturn>) -> pb::DeclarationLine {
    pb::DeclarationLine {
        resident_id: line.resident_id.to_string(),
        enrolment_id: line.enrolment_id.to_string(),
        state: line.state.to_wire(),
        reason: line.reason.map(Coded::to_wire).unwrap_or_default(),
        detail: line.detail.clone(),
        class: line.class.to_wire(),
        tier: line.tier.to_wire(),
        personal_fen: line.amounts.personal.get(),
        subsidy_fen: line.amounts.subsidy.get(),
        payable_fen: line.amounts.payable.get(),
        subsidy_ground: line.subsidy_ground.clone().unwrap_or_default(),
        prepaid: line.amounts.prepaid,
        payment_id: line.payment_id.map(|id| id.to_string()).unwrap_or_default(),
        returned: back.map(returned),
    }
}

fn returned(back: &DeclarationReturn) -> pb::ReturnedMoney {
    pb::ReturnedMoney {
        voucher_number: back.voucher_number.clone(),
        return_date: back.on.to_string(),
        amount_fen: back.amount.get(),
        recorded_by: Some(recorded_by(&back.recorded_by)),
        create_time: instant(back.created_at),
    }
}

pub(super) fn agency_system(system: &AgencySystem) -> pb::AgencySystem {
    let key = system.key.as_ref();
    pb::AgencySystem {
        unit_id: system.unit_id.clone(),
        state: system.state.to_wire(),
        district: system.district.to_string(),
        request_time: instant(system.created_at),
        requested_by: Some(recorded_by(&system.recorded_by)),
        key_serial_number: key.map(|key| key.serial_number.clone()).unwrap_or_default(),
        grant_date: key.map(|key| key.granted_on.to_string()).unwrap_or_default(),
        granted_by: key.map(|key| recorded_by(&key.granted_by)),
    }
}
