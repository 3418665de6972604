//! The insurer of a group in a district, and where its people sit.

use super::params::{AccidentParams, InsurerDesk, Outlet};
use crate::codes::{District, InsuredGroup, Insurer};
use crate::effective::Effective;
use crate::receipt::{Receipt, Step, Value};
use crate::refusal::{Reason, Refusal, Refusals};

/// Where to turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The responsible insurer.
    pub insurer: Insurer,
    /// Its full name as printed.
    pub full_name: String,
    /// Its address, where the routing clause prints one (2017).
    pub address: Option<String>,
    /// Service phone of the group, where printed.
    pub phone: Option<String>,
    /// Places to turn to, best first.
    pub outlets: Vec<RoutedOutlet>,
    /// How it was found.
    pub receipt: Receipt,
}

/// A place to turn to (AMB-127).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoutedOutlet {
    /// What kind of place.
    pub kind: OutletKind,
    /// The row of the outlet table; `None` for the phone.
    pub outlet: Option<Outlet>,
}

/// Kind of a place to turn to, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutletKind {
    /// An outlet of the insurer in the district.
    Local,
    /// The group's window in the city service hall.
    CityHall,
    /// The service phone alone.
    Phone,
}

/// Routes a group in a district (J-6.2.3.6-a to -i, B-6.2.1-a, B-6.2.2-a).
///
/// Only outlets of the routed insurer are places to claim: those in the district; if there are none, the city
/// hall's window of the group when the insurer sits there (J-13.T-b); and in any case the phone (J-13.T-c).
///
/// # Errors
/// `RULE_NOT_DEFINED` when no insurer is printed for the pair.
pub fn route(group: InsuredGroup, district: District, params: &AccidentParams) -> Result<Route, Refusals> {
    let Some(desk) = params.routing.get(&(group, district)) else {
        let detail = format!("no insurer is printed for {group} in district {district}");
        return Err(Refusal::new(Reason::RuleNotDefined, detail)
            .at("group")
            .with("parameter", format!("accident.routing.{group}.{district}"))
            .into());
    };
    let phone = params.phones.get(&group);
    let rows = outlets(group, district, desk.insurer, &params.outlets);

    let mut receipt = Receipt::default();
    receipt.push(
        Step::by(desk, |desk| desk.insurer.into())
            .given("group", group)
            .given("district", district)
            .found("insurer", desk.insurer),
    );
    for (kind, outlet) in &rows {
        receipt.push(found_outlet(*kind, outlet));
    }
    if let Some(phone) = phone {
        receipt.push(Step::by(phone, |phone| Value::Code(phone.clone().into())).given("group", group));
    }
    let mut outlets: Vec<RoutedOutlet> =
        rows.into_iter().map(|(kind, row)| RoutedOutlet { kind, outlet: Some(row.value.clone()) }).collect();
    outlets.extend(phone.map(|_| RoutedOutlet { kind: OutletKind::Phone, outlet: None }));
    let InsurerDesk { insurer, full_name, address } = desk.value.clone();
    Ok(Route { insurer, full_name, address, phone: phone.map(|phone| phone.value.clone()), outlets, receipt })
}

/// Checks that a claim goes to the routed insurer (J-6.2.3.6-i).
///
/// # Errors
/// `WRONG_INSURER` with metadata `right_insurer`.
pub fn check_insurer(route: &Route, insurer: Insurer) -> Result<(), Refusal> {
    if route.insurer == insurer {
        return Ok(());
    }
    Err(Refusal::new(Reason::WrongInsurer, format!("{} is responsible, not {insurer}", route.insurer))
        .at("insurer")
        .with("right_insurer", route.insurer)
        .by("J-6.2.3.6-i"))
}

/// Rows of the table to turn to: local ones, else the hall window.
fn outlets(
    group: InsuredGroup,
    district: District,
    insurer: Insurer,
    table: &[Effective<Outlet>],
) -> Vec<(OutletKind, &Effective<Outlet>)> {
    let of_insurer = || table.iter().filter(|outlet| outlet.insurers.contains(&insurer));
    let local: Vec<_> = of_insurer()
        .filter(|outlet| outlet.district == Some(district))
        .map(|outlet| (OutletKind::Local, outlet))
        .collect();
    if !local.is_empty() {
        return local;
    }
    of_insurer()
        .filter(|outlet| outlet.district.is_none() && outlet.group == Some(group))
        .map(|outlet| (OutletKind::CityHall, outlet))
        .collect()
}

/// A hall window is found by J-13.T-b, a local outlet by J-13.T-c.
fn found_outlet(kind: OutletKind, outlet: &Effective<Outlet>) -> Step {
    let step = match kind {
        OutletKind::CityHall => Step::new("J-13.T-b"),
        OutletKind::Local | OutletKind::Phone => Step::new("J-13.T-c"),
    };
    step.using(outlet, |outlet| Value::Count(outlet.number.into())).found("outlet", i64::from(outlet.number))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{baodi_2017, tianjin_2021};
    use super::*;
    use crate::codes::District::{Baodi, Hedong, Jinghai};
    use crate::codes::InsuredGroup::{AdultResident, Employee, StudentChild};

    /// Insurer, rule, and the places by number (0 is the phone).
    fn routed(group: InsuredGroup, district: District) -> (Insurer, String, Vec<(OutletKind, u32)>) {
        let route = route(group, district, &tianjin_2021()).unwrap();
        let number = |place: &RoutedOutlet| place.outlet.as_ref().map_or(0, |outlet| outlet.number);
        let places = route.outlets.iter().map(|place| (place.kind, number(place))).collect();
        (route.insurer, route.receipt.steps[0].rule_id.to_string(), places)
    }

    const PHONE: (OutletKind, u32) = (OutletKind::Phone, 0);

    /// S-56: J-6.2.3.6-e, J-13.T-b, J-6.2.3.1-c.
    #[test]
    fn a_jinghai_student_goes_to_the_city_hall() {
        let places = vec![(OutletKind::CityHall, 3), PHONE];
        assert_eq!(routed(StudentChild, Jinghai), (Insurer::TaikangLife, "J-6.2.3.6-e".into(), places));
        let route = route(StudentChild, Jinghai, &tianjin_2021()).unwrap();
        assert_eq!(route.phone.as_deref(), Some("4006596193"));
        assert!(route.receipt.applies("J-13.T-b") && route.receipt.applies("J-6.2.3.1-c"));
    }

    /// S-56: J-6.2.3.6-d, J-13.T-c; another company's outlet in the district is not offered.
    #[test]
    fn a_jinghai_adult_has_a_local_outlet() {
        let places = vec![(OutletKind::Local, 102), PHONE];
        assert_eq!(routed(AdultResident, Jinghai), (Insurer::SunlifeEverbright, "J-6.2.3.6-d".into(), places));
        assert!(route(AdultResident, Jinghai, &tianjin_2021()).unwrap().receipt.applies("J-13.T-c"));
    }

    /// S-56: J-6.2.3.6-a to -c and -h.
    #[test]
    fn each_group_has_its_insurer() {
        let local = |number| vec![(OutletKind::Local, number), PHONE];
        assert_eq!(routed(StudentChild, Baodi), (Insurer::TaikangLife, "J-6.2.3.6-e".into(), local(111)));
        assert_eq!(routed(AdultResident, Baodi), (Insurer::PiccHealth, "J-6.2.3.6-c".into(), local(114)));
        let hall = vec![(OutletKind::CityHall, 1), PHONE];
        assert_eq!(routed(Employee, Baodi), (Insurer::ChinaLife, "J-6.2.3.6-a".into(), hall.clone()));
        assert_eq!(routed(Employee, Jinghai), (Insurer::TaikangLife, "J-6.2.3.6-b".into(), hall));
        // AMB-127: neither outlet nor window.
        assert_eq!(routed(StudentChild, Hedong), (Insurer::PiccHealth, "J-6.2.3.6-h".into(), vec![PHONE]));
    }

    /// S-56: B-6.2.1-a and B-6.2.2-a print addresses and nothing else.
    #[test]
    fn baodi_in_2017() {
        let student = route(StudentChild, Baodi, &baodi_2017()).unwrap();
        assert_eq!(student.insurer, Insurer::ChinaLife);
        assert_eq!(student.address.as_deref(), Some("宝平街广川路19号"));
        assert_eq!((student.phone, student.outlets), (None, Vec::new()));
        assert!(student.receipt.applies("B-6.2.1-a"));
        let adult = route(AdultResident, Baodi, &baodi_2017()).unwrap();
        assert_eq!(adult.insurer, Insurer::PiccHealth);
        assert!(adult.receipt.applies("B-6.2.2-a"));
        assert!(route(Employee, Baodi, &baodi_2017()).unwrap_err().has(Reason::RuleNotDefined));
    }

    /// S-55: J-6.2.3.6-i.
    #[test]
    fn the_wrong_insurer_is_refused_with_the_right_one() {
        let route = route(AdultResident, Jinghai, &tianjin_2021()).unwrap();
        let refusal = check_insurer(&route, Insurer::ChinaLife).unwrap_err();
        assert_eq!(refusal.reason, Reason::WrongInsurer);
        assert_eq!(refusal.rule_id.as_deref(), Some("J-6.2.3.6-i"));
        assert_eq!(refusal.metadata, [("right_insurer", "SUNLIFE_EVERBRIGHT".to_owned())]);
        assert_eq!(check_insurer(&route, Insurer::SunlifeEverbright), Ok(()));
    }
}
