//! Requests about reference data, with every field violation at once.

use chrono::NaiveDate;
use juyi_domain::codes::{District, InstitutionKind, ProviderLevel, UnitKind};
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::registry::units;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use crate::store::units::Filter;

/// Endings of ids that name sums and rests of a target table, and no unit.
const RESERVED: [&str; 3] = [".SUBTOTAL", ".TOTAL", ".UNASSIGNED"];

/// An id of a unit: letters, digits, `.`, `-` and `_`, at most 40; empty when `required` is false.
pub(crate) fn unit_id(fields: &mut Fields, name: &str, text: &str, required: bool) -> String {
    let id = fields.text(name, text, usize::from(required)..=40);
    if !id.chars().all(|it| it.is_ascii_alphanumeric() || ".-_".contains(it)) {
        fields.refuse(name, Reason::ValueNotAllowed, format!("{name} has letters, digits, `.`, `-` and `_`"));
    }
    id
}

pub(super) fn get_unit(request: &pb::GetUnitRequest) -> Result<String, Refusals> {
    let mut fields = Fields::new();
    let id = unit_id(&mut fields, "unit_id", &request.unit_id, true);
    fields.finish(id)
}

pub(super) fn list_units(request: &pb::ListUnitsRequest) -> Result<(Filter, String, i64), Refusals> {
    let mut fields = Fields::new();
    let township = unit_id(&mut fields, "township", &request.township, false);
    let filter = Filter {
        district: fields.maybe_district("district", &request.district),
        kind: fields.maybe_code("kind", request.kind),
        township: Some(township).filter(|township| !township.is_empty()),
    };
    let after = unit_id(&mut fields, "page_token", &request.page_token, false);
    let size = fields.page_size(request.page_size);
    fields.finish((filter, after, size))
}

pub(super) struct PutUnit {
    pub(super) id: String,
    pub(super) kind: UnitKind,
    pub(super) name: String,
    pub(super) district: District,
    pub(super) township: Option<String>,
    pub(super) target_unit: Option<String>,
    pub(super) institution_kind: Option<InstitutionKind>,
    pub(super) etag: Option<i64>,
}

pub(super) fn put_unit(request: &pb::PutUnitRequest) -> Result<PutUnit, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let Some(unit) = fields.message("unit", request.unit.as_ref()) else {
        return Err(fields.finish(()).err().unwrap_or_default());
    };
    let given = |text: String| (!text.is_empty()).then_some(text);
    let kind = fields.code("unit.kind", unit.kind);
    let mut read = PutUnit {
        id: unit_id(&mut fields, "unit.unit_id", &unit.unit_id, true),
        kind,
        name: fields.text("unit.name", &unit.name, 1..=100),
        district: fields.district("unit.district", &unit.district),
        township: given(unit_id(&mut fields, "unit.township", &unit.township, false)),
        target_unit: given(unit_id(&mut fields, "unit.target_unit", &unit.target_unit, false)),
        institution_kind: fields.maybe_code("unit.institution_kind", unit.institution_kind),
        etag: etag(&mut fields, "unit.etag", &unit.etag),
    };
    if RESERVED.iter().any(|ending| read.id.ends_with(ending)) {
        fields.refuse("unit.unit_id", Reason::ValueNotAllowed, "unit_id has an ending that names a sum");
    }
    if unit.kind != 0 {
        match units::institution(kind, read.institution_kind) {
            Ok(institution_kind) => read.institution_kind = institution_kind,
            Err(refusal) => fields.add(refusal),
        }
        if let Err(refusal) = units::township(kind, read.township.is_some()) {
            fields.add(refusal);
        }
    }
    fields.finish(read)
}

/// A version that was read; `None` where none was.
pub(crate) fn etag(fields: &mut Fields, name: &str, text: &str) -> Option<i64> {
    if text.is_empty() {
        return None;
    }
    let revision = text.parse().ok().filter(|revision| *revision > 0);
    if revision.is_none() {
        fields.refuse(name, Reason::ValueNotAllowed, format!("{name} comes from an answer"));
    }
    revision
}

pub(super) fn get_provider(
    request: &pb::GetProviderRequest,
    today: NaiveDate,
) -> Result<(String, NaiveDate), Refusals> {
    let mut fields = Fields::new();
    let code = fields.provider_code("provider_code", &request.provider_code);
    let on = fields.maybe_date("on_date", &request.on_date).unwrap_or(today);
    fields.finish((code, on))
}

pub(super) struct ListProviders {
    pub(super) district: Option<District>,
    pub(super) on: NaiveDate,
    pub(super) after: String,
    pub(super) size: i64,
}

pub(super) fn list_providers(request: &pb::ListProvidersRequest, today: NaiveDate) -> Result<ListProviders, Refusals> {
    let mut fields = Fields::new();
    let read = ListProviders {
        district: fields.maybe_district("district", &request.district),
        on: fields.maybe_date("on_date", &request.on_date).unwrap_or(today),
        after: fields.text("page_token", &request.page_token, 0..=12),
        size: fields.page_size(request.page_size),
    };
    fields.finish(read)
}

pub(super) struct PutProvider {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) district: District,
    pub(super) level: ProviderLevel,
    pub(super) start_on: NaiveDate,
}

pub(super) fn put_provider(request: &pb::PutProviderRequest) -> Result<PutProvider, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let Some(provider) = fields.message("provider", request.provider.as_ref()) else {
        return Err(fields.finish(()).err().unwrap_or_default());
    };
    let read = PutProvider {
        code: fields.provider_code("provider.provider_code", &provider.provider_code),
        name: fields.text("provider.name", &provider.name, 1..=100),
        district: fields.district("provider.district", &provider.district),
        level: fields.code("provider.level", provider.level),
        start_on: fields.date("provider.start_date", &provider.start_date),
    };
    let mut only = |flag: bool, level: ProviderLevel, field: &'static str, rule_id: &'static str| {
        if flag && provider.level != 0 && read.level != level {
            let detail = format!("only a provider of level {level} is one");
            fields.add(Refusal::new(Reason::ValueNotAllowed, detail).at(field).by(rule_id));
        }
    };
    only(provider.reform_registered, ProviderLevel::Two, "provider.reform_registered", "J-5.1.T-p");
    only(provider.village_clinic, ProviderLevel::One, "provider.village_clinic", "J-5.1.5-a");
    fields.finish(read)
}
