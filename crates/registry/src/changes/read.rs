//! Requests about changes, with every field violation at once.

use chrono::NaiveDate;
use juyi_domain::codes::{Desk, District};
use juyi_domain::id::{ChangeId, ResidentId};
use juyi_domain::refusal::{Reason, Refusals};
use juyi_domain::registry::facts::Residence;
use juyi_domain::registry::identity_number::IdentityNumber;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

/// What is to be changed.
pub(super) enum Wanted {
    NameOrNumber { name: Option<String>, number: Option<IdentityNumber> },
    Residence(Residence),
}

pub(super) struct File {
    pub(super) resident_id: ResidentId,
    pub(super) revision: i64,
    pub(super) desk: Desk,
    pub(super) desk_district: Option<District>,
    pub(super) desk_township: Option<String>,
    pub(super) filed_on: NaiveDate,
    pub(super) wanted: Wanted,
    pub(super) proof: String,
    pub(super) policy_year: i32,
}

pub(super) fn file(request: &pb::FileChangeRequest, today: NaiveDate) -> Result<File, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let resident_id = fields.id("resident_id", &request.resident_id);
    let revision = revision(&mut fields, &request.etag);
    let desk = fields.code("desk", request.desk);
    let of_the_city = desk == Desk::CitySocialInsuranceCentre && request.desk_district.is_empty();
    let desk_district = if of_the_city { None } else { Some(fields.district("desk_district", &request.desk_district)) };
    let least = usize::from(desk == Desk::TownshipService);
    let desk_township = maybe(fields.text("desk_township", &request.desk_township, least..=40));
    let filed_on = fields.past_date("filing_date", &request.filing_date, today);
    let wanted = wanted(&mut fields, request, today);
    // A missing proof is refused by the rule that asks for it.
    let proof = fields.text("proof", &request.proof, 0..=100);
    let policy_year = fields.policy_year("policy_year", request.policy_year);
    let wanted = fields.finish(wanted)?.ok_or_else(Refusals::default)?;
    // A centre of the city lies in no district.
    let desk_district = desk_district.filter(|_| desk != Desk::CitySocialInsuranceCentre);
    Ok(File { resident_id, revision, desk, desk_district, desk_township, filed_on, wanted, proof, policy_year })
}

fn revision(fields: &mut Fields, etag: &str) -> i64 {
    let text = fields.text("etag", etag, 1..=20);
    text.parse().unwrap_or_else(|_| {
        if !text.is_empty() {
            fields.refuse("etag", Reason::ValueNotAllowed, "etag comes from the resident's record");
        }
        0
    })
}

/// `None` only when a field failed.
fn wanted(fields: &mut Fields, request: &pb::FileChangeRequest, today: NaiveDate) -> Option<Wanted> {
    let identifies = !request.new_name.is_empty() || !request.new_identity_number.is_empty();
    match (&request.new_residence, identifies) {
        (None, false) => {
            fields.refuse("new_name", Reason::RequiredFieldMissing, "name, number or residence has to be given");
            None
        }
        (Some(_), true) => {
            let detail = "a change is either of name or number, or of residence: they have different desks";
            fields.refuse("new_residence", Reason::ValueNotAllowed, detail);
            None
        }
        (Some(residence), false) => {
            fields.within("new_residence.");
            let district = fields.district("district", &residence.district);
            let township = maybe(fields.text("township", &residence.township, 0..=40));
            let address = maybe(fields.text("address", &residence.address, 0..=200));
            fields.within("");
            Some(Wanted::Residence(Residence { district, township, address }))
        }
        (None, true) => {
            let name = maybe(fields.text("new_name", &request.new_name, 0..=50));
            let number = maybe_number(fields, &request.new_identity_number, today);
            Some(Wanted::NameOrNumber { name, number })
        }
    }
}

fn maybe_number(fields: &mut Fields, text: &str, today: NaiveDate) -> Option<IdentityNumber> {
    if text.is_empty() {
        return None;
    }
    let field = "new_identity_number";
    match IdentityNumber::parse(text) {
        Ok(number) if number.born_on() > today => {
            fields.refuse(field, Reason::DateOrder, "the birth date in the number lies in the future");
            None
        }
        Ok(number) => Some(number),
        Err(refusal) => {
            fields.add(refusal.at(field));
            None
        }
    }
}

fn maybe(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

pub(super) struct Decide {
    pub(super) resident_id: ResidentId,
    pub(super) change_id: ChangeId,
    pub(super) return_reason: Option<String>,
    pub(super) decided_on: NaiveDate,
}

pub(super) fn decide(request: &pb::DecideChangeRequest, today: NaiveDate) -> Result<Decide, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let read = Decide {
        resident_id: fields.id("resident_id", &request.resident_id),
        change_id: fields.id("change_id", &request.change_id),
        return_reason: maybe(fields.text("return_reason", &request.return_reason, 0..=200)),
        decided_on: fields.past_date("decision_date", &request.decision_date, today),
    };
    fields.finish(read)
}

pub(super) struct ConfirmTax {
    pub(super) resident_id: ResidentId,
    pub(super) change_id: ChangeId,
    pub(super) tax_changed_on: NaiveDate,
}

pub(super) fn confirm_tax(request: &pb::ConfirmTaxChangeRequest, today: NaiveDate) -> Result<ConfirmTax, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let read = ConfirmTax {
        resident_id: fields.id("resident_id", &request.resident_id),
        change_id: fields.id("change_id", &request.change_id),
        tax_changed_on: fields.past_date("tax_change_date", &request.tax_change_date, today),
    };
    fields.finish(read)
}

pub(super) fn list(request: &pb::ListChangesRequest) -> Result<(ResidentId, Option<ChangeId>, i64), Refusals> {
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &request.resident_id);
    let size = fields.page_size(request.page_size);
    let before = fields.page_after(&request.page_token);
    fields.finish((resident_id, before, size))
}
