//! Requests of registration, with every field violation at once.

use chrono::NaiveDate;
use juyi_domain::codes::Office;
use juyi_domain::id::{RegistrationId, ResidentId};
use juyi_domain::refusal::{Reason, Refusals};
use juyi_domain::settlement::care::Provider;
use juyi_domain::settlement::maternity::registration::{BirthRegistration, district_of};
use juyi_kit::caller::Caller;
use juyi_proto::fields::Fields;
use juyi_proto::settlement::v1 as pb;

use crate::read_bill;

/// A birth to register.
pub(super) struct Birth {
    pub(super) resident_id: ResidentId,
    pub(super) birth: BirthRegistration,
}

pub(super) fn birth(request: &pb::RegisterBirthRequest, today: NaiveDate) -> Result<Birth, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let resident_id = fields.id("resident_id", &request.resident_id);
    let birth = BirthRegistration {
        conceived_on: fields.date("conception_date", &request.conception_date),
        registered_on: fields.past_date("registration_date", &request.registration_date, today),
        desk_township: township(&mut fields, "desk_township", &request.desk_township, 1),
        residence_township: maybe_township(&mut fields, "residence_township", &request.residence_township),
        household_township: maybe_township(&mut fields, "household_township", &request.household_township),
    };
    fields.finish(Birth { resident_id, birth })
}

/// A benefit to register.
pub(super) struct Benefit {
    pub(super) resident_id: ResidentId,
    pub(super) registered_on: NaiveDate,
    /// Of a provider.
    pub(super) institution: Option<(String, Provider)>,
    /// Of a township.
    pub(super) desk_township: Option<String>,
    pub(super) reason: String,
}

pub(super) fn benefit(
    request: &pb::RegisterBenefitRequest,
    caller: &Caller,
    today: NaiveDate,
) -> Result<Benefit, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let resident_id = fields.id("resident_id", &request.resident_id);
    let registered_on = fields.past_date("registration_date", &request.registration_date, today);
    let reason = fields.text("reason", &request.reason, 0..=200);
    let (online, at_township) = (caller.office == Office::Provider, caller.office == Office::Township);
    let desk_township = if at_township {
        Some(township(&mut fields, "desk_township", &request.desk_township, 1))
    } else {
        not_given(&mut fields, "desk_township", request.desk_township.is_empty());
        None
    };
    let institution = if online {
        fields.message("provider", request.provider.as_ref()).map(|provider| institution(&mut fields, provider))
    } else {
        not_given(&mut fields, "provider", request.provider.is_none());
        None
    };
    fields.finish(Benefit { resident_id, registered_on, institution, desk_township, reason })
}

pub(super) fn list(
    request: &pb::ListMaternityRegistrationsRequest,
) -> Result<(ResidentId, Option<RegistrationId>, i64), Refusals> {
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &request.resident_id);
    let size = fields.page_size(request.page_size);
    let after = fields.page_after(&request.page_token);
    fields.finish((resident_id, after, size))
}

fn institution(fields: &mut Fields, provider: &pb::Provider) -> (String, Provider) {
    fields.within("provider.");
    let read = read_bill::provider(fields, provider);
    let code = fields.provider_code("provider_code", &provider.provider_code);
    fields.within("");
    (code, read)
}

/// A township is a unit id that begins with the code of its district.
fn township(fields: &mut Fields, name: &str, text: &str, least: usize) -> String {
    let id = fields.text(name, text, least..=40);
    if !id.is_empty() && district_of(&id).is_none() {
        let detail = format!("{name} is the unit id of a township of the city, such as 120118.4");
        fields.refuse(name, Reason::ValueNotAllowed, detail);
    }
    id
}

fn maybe_township(fields: &mut Fields, name: &str, text: &str) -> Option<String> {
    Some(township(fields, name, text, 0)).filter(|id| !id.is_empty())
}

/// What only another kind of office says.
fn not_given(fields: &mut Fields, name: &str, empty: bool) {
    if !empty {
        let detail = format!("an office of this kind gives no {name}");
        fields.refuse(name, Reason::ValueNotAllowed, detail);
    }
}
