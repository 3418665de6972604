//! Answers to the wire.

use juyi_domain::accident::params::Outlet;
use juyi_domain::accident::routing::{OutletKind, Route, RoutedOutlet};
use juyi_kit::wire::{instant, receipt, recorded_by};
use juyi_proto::accident::v1 as pb;
use juyi_proto::code::Coded;

use crate::service::Insured;
use crate::store::accidents::Accident;

pub(crate) fn route(route: &Route, insured: &Insured) -> pb::Route {
    pb::Route {
        insurer: route.insurer.to_wire(),
        insurer_name: route.full_name.clone(),
        desk_address: route.address.clone().unwrap_or_default(),
        phone: route.phone.clone().unwrap_or_default(),
        outlets: route.outlets.iter().filter_map(maybe_outlet).collect(),
        group: insured.group.to_wire(),
        district: insured.district.to_string(),
        receipt: Some(receipt(&route.receipt)),
    }
}

/// A place to go to; the phone is a field of the route.
fn maybe_outlet(routed: &RoutedOutlet) -> Option<pb::Outlet> {
    let kind = match routed.kind {
        OutletKind::Local => pb::OutletKind::Local,
        OutletKind::CityHall => pb::OutletKind::CityHall,
        OutletKind::Phone => return None,
    };
    let Outlet { number, name, address, phone, .. } = routed.outlet.as_ref()?;
    Some(pb::Outlet {
        kind: kind.into(),
        number: i32::try_from(*number).unwrap_or(i32::MAX),
        name: name.clone(),
        address: address.clone(),
        phone: phone.clone().unwrap_or_default(),
    })
}

pub(crate) fn accident(accident: &Accident) -> pb::Accident {
    pb::Accident {
        claim_id: accident.id.to_string(),
        resident_id: accident.resident_id.to_string(),
        accident_date: accident.accident_on.to_string(),
        report_date: accident.reported_on.to_string(),
        report_due_date: accident.report_due_on.to_string(),
        late: accident.late,
        route: Some(accident.route.clone()),
        recorded_by: Some(recorded_by(&accident.recorded_by)),
        create_time: instant(accident.created_at),
    }
}
