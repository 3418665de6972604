//! Requests about enrolments, with every field violation at once.

use chrono::NaiveDate;
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::{Reason, Refusals};
use juyi_domain::registry::facts::DatedFact;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use super::decision::Filing;
use crate::residents;

/// Length of a unit id that may be left out.
const UNIT_ID: std::ops::RangeInclusive<usize> = 0..=40;

pub(super) struct Enrol {
    pub(super) resident_id: ResidentId,
    pub(super) filing: Filing,
    /// Facts learned at the desk.
    pub(super) facts: Vec<DatedFact>,
}

pub(super) fn enrol(request: &pb::EnrolRequest, today: NaiveDate) -> Result<Enrol, Refusals> {
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
    let resident_id = fields.id("resident_id", &request.resident_id);
    let filing = Filing {
        policy_year: fields.policy_year("policy_year", request.policy_year),
        district: fields.district("district", &request.district),
        desk: fields.code("desk", request.desk),
        desk_township: maybe_unit_id(&mut fields, "desk_township", &request.desk_township),
        unit_id: maybe_unit_id(&mut fields, "unit_id", &request.unit_id),
        applied_on: fields.past_date("application_date", &request.application_date, today),
        tier: fields.maybe_code("tier", request.tier),
        previous_year_insured,
        papers: fields.codes("papers", &request.papers),
    };
    let facts = residents::read_facts(&mut fields, &request.facts);
    fields.finish(Enrol { resident_id, filing, facts })
}

fn maybe_unit_id(fields: &mut Fields, name: &str, text: &str) -> Option<String> {
    let text = fields.text(name, text, UNIT_ID);
    (!text.is_empty()).then_some(text)
}

pub(super) fn list(request: &pb::ListEnrolmentsRequest) -> Result<(ResidentId, i32, i64), Refusals> {
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &request.resident_id);
    let size = fields.page_size(request.page_size);
    let before = if request.page_token.is_empty() { Ok(i32::MAX) } else { request.page_token.parse() };
    if before.is_err() {
        fields.refuse("page_token", Reason::ValueNotAllowed, "page_token comes from the answer before");
    }
    fields.finish((resident_id, before.unwrap_or(i32::MAX), size))
}
