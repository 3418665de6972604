//! Requests from the wire, with every field violation at once.

use chrono::NaiveDate;
use juyi_domain::id::{ResidentId, SettlementId};
use juyi_domain::refusal::Refusals;
use juyi_domain::settlement::claims::codes::CardState;
use juyi_proto::fields::Fields;
use juyi_proto::settlement::v1 as pb;

use crate::read_bill::claim;
use crate::store::settlements::Claim;

/// A bill of a resident.
pub(crate) struct File {
    pub(crate) resident_id: ResidentId,
    pub(crate) claim: Claim,
}

pub(crate) fn preview(request: &pb::PreviewSettlementRequest, today: NaiveDate) -> Result<File, Refusals> {
    file(Fields::new(), &request.resident_id, request.bill.as_ref(), today)
}

pub(crate) fn settle(request: &pb::SettleRequest, today: NaiveDate) -> Result<File, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    fields.maybe_code::<CardState>("card_state", request.card_state);
    file(fields, &request.resident_id, request.bill.as_ref(), today)
}

fn file(mut fields: Fields, resident_id: &str, bill: Option<&pb::Bill>, today: NaiveDate) -> Result<File, Refusals> {
    let resident_id = fields.id("resident_id", resident_id);
    let claim = fields.message("bill", bill).map(|bill| claim(&mut fields, bill, today, "J-10.3.1-a"));
    let claim = fields.finish(claim)?;
    claim.map(|claim| File { resident_id, claim }).ok_or_else(Refusals::default)
}

pub(crate) fn reverse(request: &pb::ReverseSettlementRequest) -> Result<(ResidentId, SettlementId), Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let resident_id = fields.id("resident_id", &request.resident_id);
    let id = fields.id("settlement_id", &request.settlement_id);
    fields.finish((resident_id, id))
}

pub(crate) fn get(request: &pb::GetSettlementRequest) -> Result<(ResidentId, SettlementId), Refusals> {
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &request.resident_id);
    let id = fields.id("settlement_id", &request.settlement_id);
    fields.finish((resident_id, id))
}

pub(crate) fn list(request: &pb::ListSettlementsRequest) -> Result<(ResidentId, Option<SettlementId>, i64), Refusals> {
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &request.resident_id);
    let size = fields.page_size(request.page_size);
    let after = fields.page_after(&request.page_token);
    fields.finish((resident_id, after, size))
}

/// Services of a resident after a day.
pub(crate) struct ServicesAfter {
    pub(crate) resident_id: ResidentId,
    pub(crate) day: NaiveDate,
    pub(crate) after: Option<SettlementId>,
    pub(crate) size: i64,
}

pub(crate) fn services_after(request: &pb::ListServicesAfterRequest) -> Result<ServicesAfter, Refusals> {
    let mut fields = Fields::new();
    let read = ServicesAfter {
        resident_id: fields.id("resident_id", &request.resident_id),
        day: fields.date("date", &request.date),
        after: fields.page_after(&request.page_token),
        size: fields.page_size(request.page_size),
    };
    fields.finish(read)
}

/// Whose running totals, of what year, and as of what day.
pub(crate) fn accumulators(
    request: &pb::GetAccumulatorsRequest,
) -> Result<(ResidentId, i32, Option<NaiveDate>), Refusals> {
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &request.resident_id);
    let policy_year = fields.policy_year("policy_year", request.policy_year);
    let as_of = fields.maybe_date("as_of_date", &request.as_of_date);
    fields.finish((resident_id, policy_year, as_of))
}
