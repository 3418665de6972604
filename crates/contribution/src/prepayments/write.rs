//! Answers to the wire.

use juyi_kit::wire::{instant, receipt, recorded_by};
use juyi_proto::contribution::v1 as pb;

use crate::store::prepayments::Prepayment;

pub(super) fn term(prepayment: &Prepayment) -> pb::PrepaidTerm {
    pb::PrepaidTerm {
        prepayment_id: prepayment.id.to_string(),
        resident_id: prepayment.resident_id.to_string(),
        enrolment_id: prepayment.enrolment_id.map(|id| id.to_string()).unwrap_or_default(),
        district: prepayment.district.to_string(),
        first_policy_year: prepayment.term.first_year,
        last_policy_year: prepayment.term.last_year,
        academic_years: i32::try_from(prepayment.term.academic_years).unwrap_or(i32::MAX),
        prepaid_amount_fen: prepayment.amount.get(),
        payment_date: prepayment.paid_on.to_string(),
        voucher_number: prepayment.voucher_number.clone(),
        receipt: Some(receipt(&prepayment.receipt)),
        recorded_by: Some(recorded_by(&prepayment.recorded_by)),
        create_time: instant(prepayment.created_at),
    }
}
