//! Steps of accident routing.

use juyi_domain::codes::{District, InsuredGroup, Insurer, Office};
use juyi_proto::accident::v1 as accident;
use juyi_proto::accident::v1::route_accident_request::Subject;
use juyi_proto::code::Coded;
use juyi_tests::offices::by;
use serde::Deserialize;

use super::differences::Differences;
use super::stage::Stage;
use super::values::{Day, Expect};

/// Routes an accident, of a person or of a group in a district.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Route {
    pub(crate) person: Option<String>,
    pub(crate) group: Option<InsuredGroup>,
    pub(crate) district: Option<District>,
    pub(crate) accident: Day,
    pub(crate) expect: Expect<Routed>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Routed {
    pub(crate) insurer: Option<Insurer>,
    pub(crate) phone: Option<String>,
    pub(crate) address: Option<String>,
    /// Numbers of the outlets in the district.
    pub(crate) local: Option<Vec<i32>>,
    /// Numbers of the windows of the city service hall.
    pub(crate) city_hall: Option<Vec<i32>>,
    pub(crate) group: Option<InsuredGroup>,
    pub(crate) district: Option<District>,
}

pub(crate) async fn route(stage: &Stage<'_>, step: Route, differences: &mut Differences) -> Result<(), String> {
    let subject = match (&step.person, step.group, step.district) {
        (Some(person), None, None) => Subject::ResidentId(stage.actor(person)?.resident_id.clone()),
        (None, Some(group), Some(district)) => {
            Subject::Group(accident::GroupInDistrict { group: group.to_wire(), district: district.to_string() })
        }
        _ => return Err("a route is of a person, or of a group in a district".to_owned()),
    };
    let request = accident::RouteAccidentRequest { subject: Some(subject), accident_date: step.accident.0 };
    let answer = by(Office::Insurer, stage.clients.accident.clone().route_accident(request)).await;
    let Some((answer, expected)) = differences.answer(answer, step.expect) else { return Ok(()) };
    let route = answer.route.ok_or("no route in the answer")?;
    let Routed { insurer, phone, address, local, city_hall, group, district } = expected;
    differences.code("insurer", insurer, route.insurer);
    differences.same("phone", phone, &route.phone);
    differences.same("address", address, &route.desk_address);
    let of_kind = |kind| route.outlets.iter().filter(move |outlet| outlet.kind() == kind).map(|outlet| outlet.number);
    differences.list("local", local.as_deref(), of_kind(accident::OutletKind::Local));
    differences.list("city_hall", city_hall.as_deref(), of_kind(accident::OutletKind::CityHall));
    differences.code("group", group, route.group);
    differences.same("district", district, &route.district);
    Ok(())
}
