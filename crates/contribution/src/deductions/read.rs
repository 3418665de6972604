//! Requests from the wire, with every field violation at once.

use chrono::NaiveDate;
use juyi_domain::codes::District;
use juyi_domain::id::ResidentId;
use juyi_domain::money::Fen;
use juyi_domain::refusal::Refusals;
use juyi_proto::contribution::v1 as pb;
use juyi_proto::fields::Fields;

/// A deduction.
#[derive(Debug)]
pub(super) struct Deduct {
    pub(super) resident_id: ResidentId,
    pub(super) policy_year: i32,
    pub(super) district: District,
    pub(super) deducted_on: NaiveDate,
    pub(super) voucher_number: String,
    pub(super) subsidy: Option<Fen>,
}

pub(super) fn deduct(request: &pb::DeductPremiumRequest, today: NaiveDate) -> Result<Deduct, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let read = Deduct {
        resident_id: fields.id("resident_id", &request.resident_id),
        policy_year: fields.policy_year("policy_year", request.policy_year),
        district: fields.district("district", &request.district),
        deducted_on: fields.past_date("deduction_date", &request.deduction_date, today),
        voucher_number: fields.text("voucher_number", &request.voucher_number, 1..=40),
        subsidy: request.subsidy_fen.map(|fen| fields.amount("subsidy_fen", fen)),
    };
    fields.finish(read)
}
