//! Requests from the wire, with every field violation at once.

use chrono::NaiveDate;
use juyi_domain::codes::{Category, Desk, District, Identity, Tier};
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::{Reason, Refusals};
use juyi_domain::registry::identity_number::IdentityNumber;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

pub(crate) struct Register {
    pub(crate) number: IdentityNumber,
    pub(crate) name: String,
    pub(crate) household: Option<District>,
    pub(crate) residence: District,
}

pub(crate) fn register(request: &pb::RegisterResidentRequest, today: NaiveDate) -> Result<Register, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let number = number(&mut fields, &request.identity_number);
    if number.as_ref().is_some_and(|number| number.born_on() > today) {
        fields.refuse("identity_number", Reason::DateOrder, "the birth date in the number lies in the future");
    }
    let name = fields.text("name", &request.name, 1..=50);
    let household = fields.maybe_district("household_district", &request.household_district);
    let residence = fields.district("residence_district", &request.residence_district);
    let number = fields.finish(number)?;
    number.map(|number| Register { number, name, household, residence }).ok_or_else(Refusals::default)
}

/// The number, or a violation; `Fields::finish` fails whenever this is `None`.
fn number(fields: &mut Fields, text: &str) -> Option<IdentityNumber> {
    if text.is_empty() {
        fields.text("identity_number", text, 1..=18);
        return None;
    }
    match IdentityNumber::parse(text) {
        Ok(number) => Some(number),
        Err(refusal) => {
            fields.add(refusal.at("identity_number"));
            None
        }
    }
}

pub(crate) fn look_up(request: &pb::LookUpResidentRequest) -> Result<IdentityNumber, Refusals> {
    let mut fields = Fields::new();
    let number = number(&mut fields, &request.identity_number);
    fields.finish(number)?.ok_or_else(Refusals::default)
}

pub(crate) struct Assert {
    pub(crate) resident_id: ResidentId,
    pub(crate) identity: Identity,
    pub(crate) start_on: NaiveDate,
    pub(crate) end_on: Option<NaiveDate>,
}

pub(crate) fn assert(request: &pb::AssertIdentityRequest) -> Result<Assert, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let resident_id = fields.id("resident_id", &request.resident_id);
    let identity = fields.code("identity", request.identity);
    let start_on = fields.date("start_date", &request.start_date);
    let last_on = fields.maybe_date("end_date", &request.end_date);
    if last_on.is_some_and(|last_on| last_on < start_on) {
        fields.refuse("end_date", Reason::DateOrder, "end_date lies before start_date");
    }
    let end_on = last_on.and_then(|last_on| last_on.succ_opt());
    fields.finish(Assert { resident_id, identity, start_on, end_on })
}

pub(crate) struct Enrol {
    pub(crate) resident_id: ResidentId,
    pub(crate) policy_year: i32,
    pub(crate) district: District,
    pub(crate) category: Category,
    pub(crate) tier: Option<Tier>,
    pub(crate) desk: Desk,
    pub(crate) applied_on: NaiveDate,
    pub(crate) previous_year_insured: Option<bool>,
    pub(crate) interrupted_on: Option<NaiveDate>,
}

pub(crate) fn enrol(request: &pb::EnrolRequest, today: NaiveDate) -> Result<Enrol, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let previous_year_insured = match pb::PreviousYear::try_from(request.previous_year) {
        Ok(pb::PreviousYear::Unspecified) => None,
        Ok(previous) => Some(previous == pb::PreviousYear::Insured),
        Err(_) => {
            fields.refuse("previous_year", Reason::UnknownEnum, "previous_year is not a code of its enumeration");
            None
        }
    };
    let read = Enrol {
        resident_id: fields.id("resident_id", &request.resident_id),
        policy_year: fields.policy_year("policy_year", request.policy_year),
        district: fields.district("district", &request.district),
        category: fields.code("category", request.category),
        tier: fields.maybe_code("tier", request.tier),
        desk: fields.code("desk", request.desk),
        applied_on: fields.date("application_date", &request.application_date),
        previous_year_insured,
        interrupted_on: fields.maybe_date("interruption_date", &request.interruption_date),
    };
    if read.applied_on > today {
        fields.refuse("application_date", Reason::DateOrder, "application_date lies in the future");
    }
    fields.finish(read)
}

pub(crate) fn list_enrolments(request: &pb::ListEnrolmentsRequest) -> Result<(ResidentId, i32, i64), Refusals> {
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &request.resident_id);
    let size = fields.page_size(request.page_size);
    let before = if request.page_token.is_empty() { Ok(i32::MAX) } else { request.page_token.parse() };
    if before.is_err() {
        fields.refuse("page_token", Reason::ValueNotAllowed, "page_token comes from the answer before");
    }
    fields.finish((resident_id, before.unwrap_or(i32::MAX), size))
}
