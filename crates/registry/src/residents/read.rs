//! Requests about residents and facts, with every field violation at once.

use chrono::NaiveDate;
use juyi_domain::codes::District;
use juyi_domain::id::{FactId, ResidentId};
use juyi_domain::refusal::{Reason, Refusals};
use juyi_domain::registry::facts::{DatedFact, Fact, HouseholdRegistration, Residence};
use juyi_domain::registry::identity_number::IdentityNumber;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use super::fact::{ADDRESS, UNIT_ID};
use super::{MOST_FACTS, fact};

pub(super) struct Register {
    pub(super) number: IdentityNumber,
    pub(super) name: String,
    pub(super) household: Option<District>,
    pub(super) residence: District,
    /// Registration and residence, then what else is known; empty when they start before the birth.
    pub(super) facts: Vec<DatedFact>,
}

pub(super) fn register(request: &pb::RegisterResidentRequest, today: NaiveDate) -> Result<Register, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let number = number(&mut fields, &request.identity_number);
    if number.as_ref().is_some_and(|number| number.born_on() > today) {
        fields.refuse("identity_number", Reason::DateOrder, "the birth date in the number lies in the future");
    }
    let name = fields.text("name", &request.name, 1..=50);
    let household = fields.maybe_district("household_district", &request.household_district);
    let residence = fields.district("residence_district", &request.residence_district);
    let area = fields.maybe_code("household_area", request.household_area);
    let mut optional = |name: &str, text: &str, most: usize| {
        let text = fields.text(name, text, 0..=most);
        (!text.is_empty()).then_some(text)
    };
    let household_township = optional("household_township", &request.household_township, *UNIT_ID.end());
    let residence_township = optional("residence_township", &request.residence_township, *UNIT_ID.end());
    let address = optional("address", &request.address, *ADDRESS.end());
    let start_on = fields.maybe_date("start_date", &request.start_date);
    let more = facts(&mut fields, &request.facts);
    let number = fields.finish(number)?.ok_or_else(Refusals::default)?;
    let start_on = start_on.unwrap_or_else(|| number.born_on());
    let since = |fact| DatedFact { start_on, end_on: None, fact };
    let registration = HouseholdRegistration { district: household, area, township: household_township };
    let lives = Residence { district: residence, township: residence_township, address };
    let mut all = vec![since(Fact::HouseholdRegistration(registration)), since(Fact::Residence(lives))];
    all.extend(more);
    Ok(Register { number, name, household, residence, facts: all })
}

/// The facts of a request.
pub(crate) fn facts(fields: &mut Fields, facts: &[pb::Fact]) -> Vec<DatedFact> {
    if facts.len() > MOST_FACTS {
        fields.refuse("facts", Reason::ValueNotAllowed, format!("facts are at most {MOST_FACTS}"));
        return Vec::new();
    }
    let read = facts.iter().enumerate().map(|(place, fact)| fact::read(fields, &format!("facts[{place}]"), fact));
    read.collect::<Vec<_>>().into_iter().flatten().collect()
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

pub(super) fn look_up(request: &pb::LookUpResidentRequest) -> Result<IdentityNumber, Refusals> {
    let mut fields = Fields::new();
    let number = number(&mut fields, &request.identity_number);
    fields.finish(number)?.ok_or_else(Refusals::default)
}

pub(super) struct Record {
    pub(super) resident_id: ResidentId,
    pub(super) facts: Vec<DatedFact>,
}

pub(super) fn record(request: &pb::RecordFactsRequest) -> Result<Record, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let resident_id = fields.id("resident_id", &request.resident_id);
    if request.facts.is_empty() {
        fields.refuse("facts", Reason::RequiredFieldMissing, "at least one fact is needed");
    }
    let facts = facts(&mut fields, &request.facts);
    fields.finish(Record { resident_id, facts })
}

pub(super) struct List {
    pub(super) resident_id: ResidentId,
    pub(super) on: Option<NaiveDate>,
    pub(super) before: Option<FactId>,
    pub(super) size: i64,
}

pub(super) fn list(request: &pb::ListFactsRequest) -> Result<List, Refusals> {
    let mut fields = Fields::new();
    let read = List {
        resident_id: fields.id("resident_id", &request.resident_id),
        on: fields.maybe_date("on_date", &request.on_date),
        before: fields.page_after(&request.page_token),
        size: fields.page_size(request.page_size),
    };
    fields.finish(read)
}
