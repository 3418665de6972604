//! Reference data to the wire.

use juyi_domain::codes::District;
use juyi_kit::caller::Caller;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;

use crate::store::providers::Provider;
use crate::store::units::Unit;

/// Where a row of an office comes from: the office.
pub(super) fn source(caller: &Caller) -> String {
    let district = caller.district.map_or("", District::as_str);
    [caller.office.as_str(), district, &caller.name]
        .iter()
        .filter(|part| !part.is_empty())
        .copied()
        .collect::<Vec<_>>()
        .join(" ")
}

pub(super) fn unit(unit: &Unit) -> pb::Unit {
    pb::Unit {
        unit_id: unit.id.clone(),
        kind: unit.kind.to_wire(),
        name: unit.name.clone(),
        district: unit.district.to_string(),
        township: unit.township.clone().unwrap_or_default(),
        target_unit: unit.target_unit.clone().unwrap_or_default(),
        institution_kind: unit.institution_kind.map(Coded::to_wire).unwrap_or_default(),
        source: unit.source.clone(),
        etag: unit.revision.to_string(),
    }
}

pub(super) fn provider(provider: &Provider) -> pb::MedicalProvider {
    pb::MedicalProvider {
        provider_code: provider.code.clone(),
        name: provider.name.clone(),
        district: provider.district.to_string(),
        level: provider.level.to_wire(),
        designated: provider.designated,
        reform_registered: provider.reform_registered,
        assistance_designated: provider.assistance_designated,
        home_bed: provider.home_bed,
        village_clinic: provider.village_clinic,
        start_date: provider.start_on.to_string(),
        source: provider.source.clone(),
    }
}
