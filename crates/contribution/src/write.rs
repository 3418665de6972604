//! Answers to the wire.

use juyi_domain::contribution::quote::Quote;
use juyi_domain::money::Fen;
use juyi_kit::wire::{instant, receipt, recorded_by};
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as pb;

use crate::store::payments::Payment;

pub(crate) fn quote(quote: &Quote) -> pb::Quote {
    pb::Quote {
        personal_fen: quote.personal.get(),
        subsidy_fen: quote.subsidy.get(),
        payable_fen: quote.payable.get(),
        government_fen: quote.government.map(Fen::get),
        subsidy_ground: quote.subsidy_ground.clone().unwrap_or_default(),
        receipt: Some(receipt(&quote.receipt)),
    }
}

pub(crate) fn payment(payment: &Payment) -> pb::Payment {
    pb::Payment {
        payment_id: payment.id.to_string(),
        resident_id: payment.resident_id.to_string(),
        enrolment_id: payment.enrolment_id.to_string(),
        policy_year: payment.policy_year,
        amount_fen: payment.amount.get(),
        subsidy_fen: payment.quote.subsidy.get(),
        payment_date: payment.paid_on.to_string(),
        method: payment.method.to_wire(),
        voucher_number: payment.voucher_number.clone(),
        quote: Some(quote(&payment.quote)),
        recorded_by: Some(recorded_by(&payment.recorded_by)),
        create_time: instant(payment.created_at),
    }
}
