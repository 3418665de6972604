//! Requests from the wire, with every field violation at once.

use chrono::NaiveDate;
use juyi_domain::codes::ProviderLevel;
use juyi_domain::dates;
use juyi_domain::id::{ResidentId, SettlementId};
use juyi_domain::money::Fen;
use juyi_domain::refusal::{Reason, Refusals};
use juyi_proto::fields::Fields;
use juyi_proto::settlement::v1 as pb;

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
    file(fields, &request.resident_id, request.bill.as_ref(), today)
}

fn file(mut fields: Fields, resident_id: &str, bill: Option<&pb::Bill>, today: NaiveDate) -> Result<File, Refusals> {
    let resident_id = fields.id("resident_id", resident_id);
    let claim = fields.message("bill", bill).map(|bill| claim(&mut fields, bill, today));
    let claim = fields.finish(claim)?;
    claim.map(|claim| File { resident_id, claim }).ok_or_else(Refusals::default)
}

fn claim(fields: &mut Fields, bill: &pb::Bill, today: NaiveDate) -> Claim {
    fields.within("bill.");
    let bill_number = fields.text("bill_number", &bill.bill_number, 1..=40);
    match pb::CareKind::try_from(bill.care_kind) {
        Ok(pb::CareKind::Inpatient) => {}
        Ok(pb::CareKind::Unspecified) => {
            fields.refuse("care_kind", Reason::RequiredFieldMissing, "care_kind is required");
        }
        Err(_) => fields.refuse("care_kind", Reason::UnknownEnum, "care_kind is not a code of its enumeration"),
    }
    let admitted_on = fields.date("admission_date", &bill.admission_date);
    let discharged_on = fields.date("discharge_date", &bill.discharge_date);
    let stay_began_on = fields.maybe_date("stay_admission_date", &bill.stay_admission_date);
    if discharged_on > today {
        fields.refuse("discharge_date", Reason::DateOrder, "discharge_date lies in the future");
    }
    let (provider_code, provider_level, aid_designated) = match fields.message("provider", bill.provider.as_ref()) {
        Some(provider) => {
            fields.within("bill.provider.");
            let code = fields.text("provider_code", &provider.provider_code, 1..=30);
            (code, fields.code("level", provider.level), provider.assistance_designated)
        }
        None => (String::new(), ProviderLevel::One, false),
    };
    let claim = Claim {
        bill_number,
        provider_code,
        provider_level,
        aid_designated,
        admitted_on,
        discharged_on,
        stay_began_on,
        total: Fen::new(bill.total_fen),
        eligible: Fen::new(bill.eligible_fen),
    };
    check(fields, &claim);
    claim
}

/// What is wrong with the bill by itself. A day that could not be read was refused above; its stand-in is not
/// compared with the others.
fn check(fields: &mut Fields, claim: &Claim) {
    let mut bill = claim.bill();
    if bill.admitted_on == dates::EARLIEST || bill.discharged_on == dates::EARLIEST {
        bill.discharged_on = bill.admitted_on;
    }
    if bill.admitted_on == dates::EARLIEST || bill.stay_began_on == Some(dates::EARLIEST) {
        bill.stay_began_on = None;
    }
    if let Err(refusals) = bill.check() {
        refusals.0.into_iter().for_each(|refusal| fields.add(refusal));
    }
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

pub(crate) fn accumulators(request: &pb::GetAccumulatorsRequest) -> Result<(ResidentId, i32), Refusals> {
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &request.resident_id);
    let policy_year = fields.policy_year("policy_year", request.policy_year);
    fields.finish((resident_id, policy_year))
}
