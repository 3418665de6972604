//! The outlet table read against the routing of insurers (J-13.T-a, J-13.T-b, AMB-126 to AMB-128).

use super::not_printed;
use crate::accident::params::{AccidentParams, Outlet};
use crate::codes::{District, InsuredGroup};
use crate::effective::Effective;
use crate::refusal::{Reason, Refusal};

/// Whether the company of an outlet is routed for each group where the outlet lies. A name that claims all groups
/// changes nothing (AMB-128), and a window of the city hall serves its own group alone, for the districts whose routed
/// insurer sits there (J-13.T-b).
#[must_use]
pub fn routed_groups(outlet: &Outlet, params: &AccidentParams) -> Vec<(InsuredGroup, bool)> {
    let is_routed = |group: InsuredGroup| {
        let sits_here = |district: District| {
            params.routing.get(&(group, district)).is_some_and(|desk| outlet.insurers.contains(&desk.insurer))
        };
        match outlet.district {
            Some(district) => sits_here(district),
            None => outlet.group == Some(group) && District::ALL.iter().copied().any(sits_here),
        }
    };
    InsuredGroup::ALL.iter().map(|group| (*group, is_routed(*group))).collect()
}

/// A row by its number in the table (J-13.T-a).
///
/// # Errors
/// `OUTLET_NOT_FOUND`, which tells a number that the table leaves out (107, AMB-125) from one beyond its end;
/// `RULE_NOT_DEFINED` where the year prints no table (AMB-133).
pub fn find(number: u32, params: &AccidentParams) -> Result<&Effective<Outlet>, Refusal> {
    let table = table(params)?;
    if let Some(outlet) = table.iter().find(|outlet| outlet.number == number) {
        return Ok(outlet);
    }
    let last = table.iter().map(|outlet| outlet.number).max().unwrap_or_default();
    let detail = if (1..last).contains(&number) {
        "number not used in the source table".to_owned()
    } else {
        format!("the source table has the numbers 1 to {last}")
    };
    Err(Refusal::new(Reason::OutletNotFound, detail).at("number").by("J-13.T-a").with("number", number))
}

/// The whole table (J-13.T-a).
///
/// # Errors
/// `RULE_NOT_DEFINED` where the year prints none (AMB-133).
pub fn table(params: &AccidentParams) -> Result<&[Effective<Outlet>], Refusal> {
    if params.outlets.is_empty() {
        return Err(not_printed("accident.outlet", "the document of the year prints no outlet table").by("J-13.T-a"));
    }
    Ok(&params.outlets)
}

/// Rows of a company that is routed for no group where it lies; they are listed and never offered for claims (AMB-126).
pub fn unrouted(params: &AccidentParams) -> impl Iterator<Item = &Effective<Outlet>> {
    params.outlets.iter().filter(|outlet| routed_groups(outlet, params).iter().all(|(_, routed)| !routed))
}

/// Groups and districts whose routed insurer has no outlet in the district (AMB-127).
#[must_use]
pub fn without_local_outlet(params: &AccidentParams) -> Vec<(InsuredGroup, District)> {
    let has_local = |group, district| {
        let here = params.outlets.iter().filter(|outlet| outlet.district == Some(district));
        here.into_iter().any(|outlet| routed_groups(outlet, params).contains(&(group, true)))
    };
    params.routing.keys().copied().filter(|(group, district)| !has_local(*group, *district)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{accident_2017, accident_2021};
    use super::*;
    use crate::codes::District::{Hedong, Hexi};
    use crate::codes::InsuredGroup::{AdultResident, Employee, StudentChild};

    fn routed(number: u32) -> Vec<InsuredGroup> {
        let law = accident_2021();
        let groups = routed_groups(find(number, &law).unwrap(), &law);
        groups.into_iter().filter(|(_, routed)| *routed).map(|(group, _)| group).collect()
    }

    /// J-13.T-a, AMB-128: an outlet is offered for the groups routed to its company, whatever its name says.
    #[test]
    fn a_name_routes_nobody() {
        assert_eq!(routed(106), [Employee], "named for all three groups");
        assert_eq!(routed(98), [StudentChild]);
    }

    /// AMB-126: China Life serves nobody in Hexi or Jinghai.
    #[test]
    fn a_company_routed_for_nobody_is_listed_and_marked() {
        assert!(routed(6).is_empty());
        let law = accident_2021();
        assert_eq!(unrouted(&law).map(|outlet| outlet.number).collect::<Vec<_>>(), [6, 44]);
    }

    /// J-13.T-b: each window serves its own group.
    #[test]
    fn a_window_of_the_hall_serves_its_group() {
        assert_eq!([routed(1), routed(2), routed(3)], [vec![Employee], vec![AdultResident], vec![StudentChild]]);
    }

    /// J-13.T-a, AMB-125: 107 is skipped by the table, 121 lies behind its end.
    #[test]
    fn an_unknown_number_is_not_found() {
        let law = accident_2021();
        let refusal = find(107, &law).unwrap_err();
        assert_eq!(
            (refusal.reason, refusal.detail.as_str()),
            (Reason::OutletNotFound, "number not used in the source table")
        );
        for beyond in [0, 121] {
            let refusal = find(beyond, &law).unwrap_err();
            assert_eq!(refusal.reason, Reason::OutletNotFound);
            assert_eq!(refusal.detail, "the source table has the numbers 1 to 120");
            assert_eq!(refusal.rule_id.as_deref(), Some("J-13.T-a"));
        }
    }

    /// AMB-133: the outlets of 2021 say nothing about 2017.
    #[test]
    fn a_year_without_a_table_has_no_outlets() {
        assert_eq!(find(63, &accident_2017()).unwrap_err().reason, Reason::RuleNotDefined);
        assert_eq!(table(&accident_2017()).unwrap_err().reason, Reason::RuleNotDefined);
    }

    /// AMB-127.
    #[test]
    fn districts_without_an_outlet_of_their_insurer() {
        let missing = without_local_outlet(&accident_2021());
        assert!(missing.contains(&(AdultResident, Hexi)) && missing.contains(&(StudentChild, Hedong)));
        assert!(!missing.contains(&(Employee, Hexi)) && !missing.contains(&(StudentChild, Hexi)));
    }
}
