//! Answers to the wire.

use juyi_domain::contribution::refund::Ground;
use juyi_kit::wire::{instant, receipt, recorded_by};
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as pb;

use crate::store::refund_steps::RefundStep;
use crate::store::refunds::Refund;

pub(super) fn refund(refund: &Refund, steps: &[RefundStep]) -> pb::Refund {
    let (student_loan, death_date) = match refund.ground {
        Ground::Withdrawal => (None, String::new()),
        Ground::StudentLoan { admitted_on, loaned_on } => {
            let facts =
                pb::StudentLoanFacts { admission_date: admitted_on.to_string(), loan_date: loaned_on.to_string() };
            (Some(facts), String::new())
        }
        Ground::Death { died_on } => (None, died_on.to_string()),
    };
    pb::Refund {
        refund_id: refund.id.to_string(),
        resident_id: refund.resident_id.to_string(),
        enrolment_id: refund.enrolment_id.to_string(),
        payment_id: refund.payment_id.to_string(),
        policy_year: refund.policy_year,
        district: refund.district.to_string(),
        ground: refund.ground.code().to_wire(),
        student_loan,
        death_date,
        application_date: refund.applied_on.to_string(),
        benefit_start_date: refund.benefit_start.to_string(),
        refund_fen: refund.refund.get(),
        state: refund.state.to_wire(),
        steps: steps.iter().map(step).collect(),
        replacing_payment_id: refund.replacing_payment_id.map(|id| id.to_string()).unwrap_or_default(),
        receipt: Some(receipt(&refund.receipt)),
    }
}

fn step(step: &RefundStep) -> pb::RefundStep {
    pb::RefundStep {
        state: step.state.to_wire(),
        date: step.on.to_string(),
        reason: step.reason.clone(),
        voucher_number: step.voucher_number.clone().unwrap_or_default(),
        recorded_by: Some(recorded_by(&step.recorded_by)),
        create_time: instant(step.created_at),
        refund_fen: step.decided.as_ref().map(|(refund, _)| refund.get()),
        receipt: step.decided.as_ref().map(|(_, decided)| receipt(decided)),
    }
}
