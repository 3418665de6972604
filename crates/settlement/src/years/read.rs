//! Requests from the wire, with every field violation at once.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use juyi_domain::codes::District;
use juyi_domain::id::{ContractId, OpeningId, ResidentId};
use juyi_domain::refusal::{Reason, Refusals};
use juyi_domain::settlement::relief::UnprintedRelief;
use juyi_proto::fields::Fields;
use juyi_proto::settlement::v1 as pb;

use crate::store::openings::{Balance, Unused};

/// Balances that one import may state.
const MOST_BALANCES: usize = 50;

pub(super) struct Import {
    pub(super) resident_id: ResidentId,
    pub(super) district: District,
    pub(super) policy_year: i32,
    pub(super) balances: Vec<Balance>,
    pub(super) unused: Option<Unused>,
}

pub(super) fn import(request: &pb::ImportOpeningRequest) -> Result<Import, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let resident_id = fields.id("resident_id", &request.resident_id);
    let district = fields.district("district", &request.district);
    let policy_year = fields.policy_year("policy_year", request.policy_year);
    if request.balances.is_empty() && request.unused_years.is_none() {
        fields.refuse("balances", Reason::RequiredFieldMissing, "balances or unused_years are stated");
    }
    if request.balances.len() > MOST_BALANCES {
        let detail = format!("at most {MOST_BALANCES} balances are stated at once");
        fields.refuse("balances", Reason::ValueNotAllowed, detail);
    }
    let mut named = BTreeSet::new();
    fields.within("balances.");
    let mut balances = Vec::with_capacity(request.balances.len().min(MOST_BALANCES));
    for balance in request.balances.iter().take(MOST_BALANCES) {
        let origin_year = fields.policy_year("origin_year", balance.origin_year);
        if origin_year >= policy_year {
            fields.refuse("origin_year", Reason::DateOrder, "a balance comes from an earlier year");
        }
        if !named.insert(origin_year) {
            fields.refuse("origin_year", Reason::ValueNotAllowed, "each origin year is named once");
        }
        let amount = fields.amount("amount_fen", balance.amount_fen);
        balances.push(Balance { origin_year, amount, source: fields.text("source", &balance.source, 1..=200) });
    }
    fields.within("unused_years.");
    let unused = request.unused_years.as_ref().map(|unused| {
        let years = u32::try_from(unused.years).ok().filter(|years| *years <= 100).unwrap_or_else(|| {
            fields.refuse("years", Reason::ValueNotAllowed, "years is 0 to 100");
            0
        });
        Unused { years, source: fields.text("source", &unused.source, 1..=200) }
    });
    fields.finish(Import { resident_id, district, policy_year, balances, unused })
}

pub(super) fn get(request: &pb::GetOpeningRequest) -> Result<(ResidentId, i32), Refusals> {
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &request.resident_id);
    let policy_year = fields.policy_year("policy_year", request.policy_year);
    fields.finish((resident_id, policy_year))
}

/// Whose adjustments, on what day, and which are claimed without a figure.
pub(super) fn reliefs(
    request: &pb::GetReliefsRequest,
) -> Result<(ResidentId, NaiveDate, Vec<UnprintedRelief>), Refusals> {
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &request.resident_id);
    let on = fields.date("date", &request.date);
    let claimed = fields.codes("claimed", &request.claimed);
    fields.finish((resident_id, on, claimed))
}

pub(super) fn close(request: &pb::CloseYearRequest) -> Result<(ResidentId, i32), Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let resident_id = fields.id("resident_id", &request.resident_id);
    let policy_year = fields.policy_year("policy_year", request.policy_year);
    fields.finish((resident_id, policy_year))
}

pub(super) fn list(request: &pb::ListOpeningsRequest) -> Result<(ResidentId, Option<OpeningId>, i64), Refusals> {
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &request.resident_id);
    let size = fields.page_size(request.page_size);
    let after = fields.page_after(&request.page_token);
    fields.finish((resident_id, after, size))
}

pub(super) struct Sign {
    pub(super) resident_id: ResidentId,
    pub(super) institution_code: String,
    pub(super) primary_institution_code: String,
    pub(super) signed_on: NaiveDate,
}

pub(super) fn sign(request: &pb::SignFamilyDoctorRequest, today: NaiveDate) -> Result<Sign, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let primary = &request.primary_institution_code;
    let read = Sign {
        resident_id: fields.id("resident_id", &request.resident_id),
        institution_code: fields.provider_code("institution_code", &request.institution_code),
        primary_institution_code: fields.provider_code("primary_institution_code", primary),
        signed_on: fields.past_date("signed_date", &request.signed_date, today),
    };
    fields.finish(read)
}

pub(super) fn end(
    request: &pb::EndFamilyDoctorRequest,
    today: NaiveDate,
) -> Result<(ResidentId, ContractId, NaiveDate), Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let resident_id = fields.id("resident_id", &request.resident_id);
    let id = fields.id("contract_id", &request.contract_id);
    let ended_on = fields.past_date("end_date", &request.end_date, today);
    fields.finish((resident_id, id, ended_on))
}

pub(super) fn list_doctors(
    request: &pb::ListFamilyDoctorsRequest,
) -> Result<(ResidentId, Option<ContractId>, i64), Refusals> {
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &request.resident_id);
    let size = fields.page_size(request.page_size);
    let after = fields.page_after(&request.page_token);
    fields.finish((resident_id, after, size))
}
