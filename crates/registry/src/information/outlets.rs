//! Outlets of accident insurance (J-13.T-a to J-13.T-c).

use juyi_domain::accident::params::{AccidentParams, Outlet};
use juyi_domain::accident::routing::{self, OutletKind, RoutedOutlet};
use juyi_domain::codes::{District, InsuredGroup};
use juyi_domain::effective::Effective;
use juyi_domain::information::outlets;
use juyi_domain::refusal::Reason;
use juyi_kit::error::Error;
use juyi_kit::wire::receipt;
use juyi_proto::code::Coded;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use super::{law, law_of_year};
use crate::registry::Registry;

pub(crate) async fn find_outlets(
    registry: &Registry,
    request: pb::FindOutletsRequest,
) -> Result<pb::FindOutletsResponse, Error> {
    let mut fields = Fields::new();
    let district = fields.district("district", &request.district);
    let group: InsuredGroup = fields.code("group", request.group);
    let year = fields.policy_year("policy_year", request.policy_year);
    let (district, group, year) = fields.finish((district, group, year))?;
    let law = law(&registry.context, district, year)?;
    let route = routing::route(group, district, &law.accident)?;
    let phone = route.phone.clone().unwrap_or_default();
    let choice = |routed: &RoutedOutlet| pb::OutletChoice {
        place: place(routed.kind).into(),
        outlet: routed.outlet.as_ref().map(|outlet| wire(outlet, &law.accident)),
        phone: phone.clone(),
    };
    Ok(pb::FindOutletsResponse {
        insurer: route.insurer.to_wire(),
        insurer_full_name: route.full_name.clone(),
        insurer_address: route.address.clone().unwrap_or_default(),
        choices: route.outlets.iter().map(choice).collect(),
        receipt: Some(receipt(&route.receipt)),
    })
}

pub(crate) async fn list_outlets(
    registry: &Registry,
    request: pb::ListOutletsRequest,
) -> Result<pb::ListOutletsResponse, Error> {
    let mut fields = Fields::new();
    let district = fields.maybe_district("district", &request.district);
    let year = fields.policy_year("policy_year", request.policy_year);
    let size = usize::try_from(fields.page_size(request.page_size)).unwrap_or_default();
    let after: u32 = if request.page_token.is_empty() { 0 } else { request.page_token.parse().unwrap_or(u32::MAX) };
    if after == u32::MAX {
        fields.refuse("page_token", Reason::ValueNotAllowed, "page_token comes from the answer before");
    }
    fields.finish(())?;
    let law = match district {
        Some(district) => law(&registry.context, district, year)?,
        None => law_of_year(&registry.context, year)?,
    };
    let (page, next) = page(outlets::table(&law.accident)?, district, after, size);
    Ok(pb::ListOutletsResponse {
        outlets: page.iter().map(|outlet| wire(outlet, &law.accident)).collect(),
        next_page_token: next.map(|number| number.to_string()).unwrap_or_default(),
    })
}

/// Rows behind a number, and the number to go on from while there are more.
fn page(
    table: &[Effective<Outlet>],
    district: Option<District>,
    after: u32,
    size: usize,
) -> (Vec<&Effective<Outlet>>, Option<u32>) {
    let here = table.iter().filter(|outlet| district.is_none() || outlet.district == district);
    let mut page: Vec<_> = here.filter(|outlet| outlet.number > after).take(size + 1).collect();
    let more = page.len() > size;
    page.truncate(size);
    let next = page.last().filter(|_| more).map(|last| last.number);
    (page, next)
}

pub(crate) async fn get_outlet(
    registry: &Registry,
    request: pb::GetOutletRequest,
) -> Result<pb::GetOutletResponse, Error> {
    let mut fields = Fields::new();
    let year = fields.policy_year("policy_year", request.policy_year);
    let number = u32::try_from(request.number).unwrap_or_default();
    if number == 0 {
        fields.refuse("number", Reason::ValueNotAllowed, "number is a number of the table, from 1");
    }
    fields.finish(())?;
    let law = law_of_year(&registry.context, year)?;
    let outlet = outlets::find(number, &law.accident)?;
    Ok(pb::GetOutletResponse { outlet: Some(wire(outlet, &law.accident)) })
}

const fn place(kind: OutletKind) -> pb::OutletPlace {
    match kind {
        OutletKind::Local => pb::OutletPlace::Local,
        OutletKind::CityHall => pb::OutletPlace::CityHall,
        OutletKind::Phone => pb::OutletPlace::Phone,
    }
}

fn wire(outlet: &Outlet, params: &AccidentParams) -> pb::InsuranceOutlet {
    let groups = outlets::routed_groups(outlet, params);
    let routed = |(group, routed_here): (InsuredGroup, bool)| pb::RoutedGroup { group: group.to_wire(), routed_here };
    pb::InsuranceOutlet {
        number: i32::try_from(outlet.number).unwrap_or(i32::MAX),
        district: outlet.district.map(|district| district.to_string()).unwrap_or_default(),
        name: outlet.name.clone(),
        phone: outlet.phone.clone().unwrap_or_default(),
        address: outlet.address.clone(),
        insurers: outlet.insurers.iter().map(|insurer| insurer.to_wire()).collect(),
        window_group: outlet.group.map(Coded::to_wire).unwrap_or_default(),
        groups: groups.into_iter().map(routed).collect(),
        district_text: outlet.district_text.clone(),
        company_text: outlet.company_text.clone(),
    }
}
