//! The law of changes of both years, as the tests need it.

use super::params::{ChangeCase, ChangeParams, ChangeRule, Place};
use crate::codes::Desk;
use crate::effective::Effective;

pub(super) const BRANCH: Desk = Desk::DistrictSocialInsuranceBranch;
pub(super) const CENTRE: Desk = Desk::CitySocialInsuranceCentre;
pub(super) const TOWNSHIP: Desk = Desk::TownshipService;
pub(super) const DULIU: &str = "120118.4";

fn rule(
    case: ChangeCase,
    desks: &[Desk],
    place: Place,
    decided_at: Option<Desk>,
    rule_id: &'static str,
) -> Effective<ChangeRule> {
    let one_body = rule_id == "B-8.2.3-b";
    Effective::printed(ChangeRule { case, desks: desks.to_vec(), place, decided_at, one_body }, rule_id)
}

pub(super) fn tianjin_2021() -> ChangeParams {
    ChangeParams {
        rules: vec![
            rule(ChangeCase::NameOrNumber, &[CENTRE, BRANCH, TOWNSHIP], Place::Own, None, "J-3.4.1-a"),
            rule(ChangeCase::AddressPaid, &[BRANCH], Place::Registration, None, "J-3.4.2-a"),
            rule(ChangeCase::AddressPaidThroughTownship, &[TOWNSHIP], Place::Registration, Some(BRANCH), "J-3.4.2-b"),
            rule(ChangeCase::AddressUnpaid, &[TOWNSHIP, BRANCH], Place::Anywhere, None, "J-3.4.2-c"),
        ],
        tax_desk: Some(Effective::printed(Desk::TaxHall, "J-3.4.1-b")),
    }
}

pub(super) fn baodi_2017() -> ChangeParams {
    let rule = |case: &ChangeCase| rule(*case, &[BRANCH], Place::Registration, None, "B-8.2.3-b");
    ChangeParams { rules: ChangeCase::ALL.iter().map(rule).collect(), tax_desk: None }
}
