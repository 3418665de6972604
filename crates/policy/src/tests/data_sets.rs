//! Whose duty each list is, in both documents.

use juyi_domain::codes::{Office, RosterKind};
use juyi_domain::refusal::Reason;
use juyi_domain::registry::roster;

use super::{assert_printed, year_2017, year_2021};
use crate::Policy;

/// J-A1.3-f, -h, -j, -k, -l, -m, -o and -p, and J-3.2.5-d: the figures of 2021.
#[test]
fn each_list_of_2021_has_its_office() {
    let law = year_2021();
    let printed = [
        (RosterKind::Students, Office::Education, "J-A1.3-f"),
        (RosterKind::SubsistenceAllowance, Office::CivilAffairs, "J-A1.3-h"),
        (RosterKind::LowIncome, Office::CivilAffairs, "J-A1.3-h"),
        (RosterKind::ExtremePoverty, Office::CivilAffairs, "J-A1.3-h"),
        (RosterKind::OtherAid, Office::CivilAffairs, "J-A1.3-h"),
        (RosterKind::SevereDisability, Office::DisabledPersonsFederation, "J-A1.3-m"),
        (RosterKind::EntitledGroups, Office::VeteransAffairs, "J-A1.3-o"),
        (RosterKind::CadreSpouses, Office::VeteranCadres, "J-A1.3-p"),
        (RosterKind::StudentLoans, Office::Education, "J-3.2.5-d"),
        (RosterKind::Population, Office::PublicSecurity, "J-A1.3-l"),
        (RosterKind::Deaths, Office::CivilAffairs, "J-A1.3-j"),
        (RosterKind::Payments, Office::Tax, "J-A1.3-k"),
    ];
    assert_eq!(law.data_sets.len(), printed.len());
    for (set, (kind, office, rule_id)) in law.data_sets.iter().zip(printed) {
        assert_eq!(set.kind, kind);
        assert_printed(&set.offices, &vec![office], rule_id);
        assert_eq!(set.interval_days, None, "AMB-120: no interval is printed");
    }
}

/// J-3.2.5-b, AMB-123: the authority in the outline's words.
#[test]
fn the_outline_names_who_supplies() {
    let law = year_2021();
    for (kind, authority) in [
        (RosterKind::SubsistenceAllowance, "各区民政局"),
        (RosterKind::LowIncome, "各区民政局"),
        (RosterKind::ExtremePoverty, "各区民政局"),
        (RosterKind::EntitledGroups, "市退役军人局"),
        (RosterKind::SevereDisability, "市残联"),
        (RosterKind::CadreSpouses, "市委老干部管理部门"),
    ] {
        let set = roster::find(kind, &law.data_sets).unwrap();
        assert_printed(set.supplied_by.as_ref().unwrap(), &authority.to_owned(), "J-3.2.5-b");
    }
    assert_eq!(law.data_sets.iter().filter(|set| set.supplied_by.is_some()).count(), 6);
}

/// B-8.2.5-a and B-8.2.6-a; nobody is named for deaths, residents and payments.
#[test]
fn each_list_of_2017_has_its_office() {
    let law = year_2017();
    for (kind, office, rule_id) in [
        (RosterKind::Students, Office::Education, "B-8.2.5-a"),
        (RosterKind::EntitledGroups, Office::CivilAffairs, "B-8.2.6-a"),
        (RosterKind::SevereDisability, Office::DisabledPersonsFederation, "B-8.2.6-a"),
        (RosterKind::CadreSpouses, Office::VeteranCadres, "B-8.2.6-a"),
    ] {
        let set = roster::find(kind, &law.data_sets).unwrap();
        assert_printed(&set.offices, &vec![office], rule_id);
        let refusal = set.check_supplier(Office::Tax).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RoleNotAllowed, Some(rule_id)));
    }
    let nobody = roster::find(RosterKind::Deaths, &law.data_sets).unwrap_err();
    assert_eq!(nobody.reason, Reason::RuleNotDefined);
}

/// AMB-120: an operator sets the interval.
#[test]
fn an_interval_is_configured() {
    let overlay = "[[set]]\nparameter = 'tianjin-2021.data_set.interval_days.DEATHS'\nvalue = 30\n\
        since = 2021-01-01\nsource = { document = '局务会议纪要', section = '一' }\n";
    let policy = Policy::embedded().unwrap().with_overlay(overlay).unwrap();
    let law = policy.for_(juyi_domain::codes::District::Jinghai, 2021, super::day("2021-02-01")).unwrap();
    let deaths = roster::find(RosterKind::Deaths, &law.data_sets).unwrap();
    assert_eq!(deaths.maybe_due_on(Some(super::day("2021-02-01"))), Some(super::day("2021-03-03")));
}
