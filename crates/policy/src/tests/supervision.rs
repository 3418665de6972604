//! Targets, counting, supervision and organisation as the documents have them.

use std::collections::BTreeMap;

use juyi_domain::codes::{Category, Class, CountGroup, Desk, District, Office, WorkKind};
use juyi_domain::refusal::{Reason, Refusal};
use juyi_domain::registry::counting;
use juyi_domain::registry::supervision::{progress, targets, work};

use super::{assert_printed, day, year_2017, year_2021};
use crate::Policy;

/// J-A2.T-a to J-A2.T-d, B-T-a, B-8.3-a.
#[test]
fn the_stored_tables_add_up() {
    let (jinghai, baodi) = (year_2021().supervision.clone(), year_2017().supervision.clone());
    let table = targets::table(&jinghai, District::Jinghai).unwrap();
    assert!(table.add_up(&jinghai).0);
    assert_eq!((table.units.len(), table.subtotal.unwrap().total, table.total.total), (19, 447_548, 461_563));
    let rules: Vec<_> = table.units.iter().map(|row| &*row.reference.rule_id).collect();
    assert!(rules[..18].iter().all(|rule| *rule == "J-A2.T-a") && rules[18] == "J-A2.T-c");
    let college = table.unit("120118.19", &jinghai).unwrap();
    assert_eq!((college.total, college.general_residents, college.special_groups), (14_015, None, None));
    let students = table.total.figure(CountGroup::StudentsChildren);
    assert_eq!((students, table.subtotal.unwrap().students_children), (Some(115_610), Some(101_595)));

    let table = targets::table(&baodi, District::Baodi).unwrap();
    assert!(table.add_up(&baodi).0);
    assert_eq!((table.units.len(), table.total.total), (24, 401_400));
    assert_printed(baodi.district_target.as_ref().unwrap(), &401_400, "B-8.3-a");
    assert_eq!(targets::table(&jinghai, District::Nankai).unwrap_err().reason, Reason::TargetNotFound);
}

/// AMB-119, AMB-118, J-A2-a, J-A2.1-a, B-0-a.
#[test]
fn what_is_said_about_the_targets() {
    let (jinghai, baodi) = (year_2021().supervision.clone(), year_2017().supervision.clone());
    let table = targets::table(&jinghai, District::Jinghai).unwrap();
    let huakang = table.unit("120118.HUAKANG", &jinghai).unwrap_err();
    assert!(huakang.metadata.contains(&("entry", "AMB-119".to_owned())), "{}", huakang.detail);
    assert!(jinghai.remark.as_ref().unwrap().contains("AMB-118"));
    assert_printed(jinghai.nature.as_ref().unwrap(), &"GUIDANCE".to_owned(), "J-A2-a");
    assert_printed(&jinghai.responsible, &"各乡镇人民政府".to_owned(), "J-A2.1-a");
    assert_printed(&baodi.responsible, &"各街道办事处、各镇人民政府".to_owned(), "B-0-a");
    assert_eq!((baodi.remark, baodi.untargeted.len()), (None, 0));
}

/// J-A2.T-a, B-8.3-b, with the lines as stored.
#[test]
fn counting_follows_the_table() {
    let group = |law: &crate::Snapshot, category, class, desk| {
        let (group, step) = counting::group(category, class, Some(desk), &law.supervision.counting).unwrap();
        (group, step.rule_id.into_owned())
    };
    let (school, centre) = (Desk::DistrictSocialInsuranceBranch, Desk::CitySocialInsuranceCentre);
    for (category, class, desk, in_2021, in_2017) in [
        (Category::SchoolStudent, Class::StudentChild, school, "STUDENTS_CHILDREN", "NOT_COUNTED"),
        (Category::NurseryChild, Class::StudentChild, school, "STUDENTS_CHILDREN", "NOT_COUNTED"),
        (Category::SpecialPerson, Class::Adult, centre, "SPECIAL_GROUPS", "NOT_COUNTED"),
        (Category::UrbanResident, Class::Adult, centre, "GENERAL_RESIDENTS", "NOT_COUNTED"),
        (Category::Newborn, Class::StudentChild, Desk::TownshipService, "STUDENTS_CHILDREN", "GENERAL_RESIDENTS"),
        (Category::RuralResident, Class::Adult, Desk::TownshipService, "GENERAL_RESIDENTS", "GENERAL_RESIDENTS"),
    ] {
        let expected = |code: &str, rule: &str| (code.parse().unwrap(), rule.to_owned());
        assert_eq!(group(&year_2021(), category, class, desk), expected(in_2021, "J-A2.T-a"), "{category}");
        assert_eq!(group(&year_2017(), category, class, desk), expected(in_2017, "B-8.3-b"), "{category}");
    }
}

/// B-8.3-c, B-8.3-d, B-T-b, J-A1.2-b, B-8.2.1-a, AMB-120.
#[test]
fn days_and_gaps() {
    let (jinghai, baodi) = (year_2021().supervision.clone(), year_2017().supervision.clone());
    assert_printed(baodi.due_on.as_ref().unwrap(), &day("2016-12-31"), "B-8.3-c");
    assert_eq!((&jinghai.due_on, &jinghai.earlier_target), (&None, &None));
    let gap = baodi.earlier_target.clone().unwrap().unwrap_err();
    assert_eq!((&*gap.rule_id, Refusal::from(gap.clone()).reason), ("B-8.3-d", Reason::RuleNotDefined));
    assert_eq!((&*jinghai.measure.reference.rule_id, &*baodi.measure.reference.rule_id), ("J-A1.2-c", "B-T-b"));
    for (law, rule_id) in [(&jinghai, "J-A1.2-b"), (&baodi, "B-8.2.1-a")] {
        let refusal = progress::next_report(day("2020-12-31"), law).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::ParameterNotSet, Some(rule_id)));
    }
    // An operator says how often.
    let overlay = "[[set]]\nparameter = 'tianjin-2021.supervision.report_interval_days'\nvalue = 30\n\
        since = 2020-09-01\nsource = { document = '局务会议纪要2020-9', section = '一' }\n";
    let law = Policy::embedded().unwrap().with_overlay(overlay).unwrap();
    let law = law.for_(District::Jinghai, 2021, day("2020-12-31")).unwrap();
    assert_eq!(progress::next_report(day("2020-12-31"), &law.supervision).unwrap().0, day("2021-01-30"));
}

/// J-A1.2-c, J-A1.2-d, B-8.2.1-a.
#[test]
fn who_circulates_and_who_appraises() {
    let (jinghai, baodi) = (year_2021().supervision.clone(), year_2017().supervision.clone());
    assert_printed(&jinghai.circular_offices, &vec![Office::MedicalInsurance], "J-A1.2-c");
    assert_printed(&baodi.circular_offices, &vec![Office::DistrictGovernment], "B-8.2.1-a");
    assert_printed(jinghai.appraisal_offices.as_ref().unwrap(), &vec![Office::MedicalInsurance], "J-A1.2-d");
    assert_eq!(baodi.appraisal_offices, None);
}

/// Kind by kind, with the rules that give the duty.
#[test]
fn work_items_of_both_years() {
    let of = |law: &crate::Snapshot| {
        let mut rules: BTreeMap<WorkKind, Vec<String>> = BTreeMap::new();
        for duty in &law.supervision.work {
            rules.entry(duty.kind).or_default().push(duty.reference.rule_id.to_string());
        }
        rules
    };
    let expected = |rows: &[(WorkKind, &[&str])]| -> BTreeMap<WorkKind, Vec<String>> {
        rows.iter().map(|(kind, rules)| (*kind, rules.iter().map(ToString::to_string).collect())).collect()
    };
    let in_2021: &[(WorkKind, &[&str])] = &[
        (WorkKind::Meeting, &["J-A1.1-a", "J-A1.2-a", "J-A1.3-c"]),
        (WorkKind::Difficulty, &["J-A1.1-b", "J-A2.3-b"]),
        (WorkKind::Task, &["J-A1.2-e"]),
        (WorkKind::Plan, &["J-A1.3-a"]),
        (WorkKind::Guidance, &["J-A1.3-c"]),
        (WorkKind::Budget, &["J-A1.3-d"]),
        (WorkKind::Training, &["J-A1.3-r", "J-A2.2-a", "J-A3-a"]),
        (WorkKind::Visit, &["J-A2.2-a"]),
        (WorkKind::Publicity, &["J-A2.3-c", "J-A3-a"]),
    ];
    assert_eq!(of(&year_2021()), expected(in_2021));
    let in_2017: &[(WorkKind, &[&str])] = &[
        (WorkKind::Training, &["B-7.1.1-a", "B-7.1.2-a"]),
        (WorkKind::Publicity, &["B-7.2.1-a", "B-7.2.2-a"]),
        (WorkKind::Task, &["B-0-a", "B-8.2.1-a", "B-8.2.5-a"]),
        (WorkKind::Guidance, &["B-8.2.2-a"]),
        (WorkKind::Difficulty, &["B-8.2.2-a"]),
        (WorkKind::Plan, &["B-8.2.4-a"]),
        (WorkKind::Meeting, &["B-8.2.4-b", "B-8.2.4-c"]),
        (WorkKind::Visit, &["B-8.2.4-d"]),
    ];
    assert_eq!(of(&year_2017()), expected(in_2017));
    let funds = work::working_funds(&year_2021().supervision).unwrap_err();
    assert_eq!((funds.reason, funds.rule_id.as_deref()), (Reason::RuleNotDefined, Some("J-A1.3-d")));
}

/// J-A1, J-A2, J-A3-a, J-1.3-b: every body of annex 1, and the addressees of annex 3 for every district.
#[test]
fn organisation_of_jinghai() {
    let organisation = year_2021().supervision.organisation.clone();
    assert_eq!((&organisation.head, &organisation.office_seat), (&None, &None));
    let of = |rule: &str| {
        let mut own = organisation.duties.iter().filter(|duty| duty.reference.rule_id == rule);
        let first = own.next().map(|duty| (duty.district, duty.office));
        (first, own.count())
    };
    let here = Some(District::Jinghai);
    for (rule, office) in [
        ("J-A1.3-a", Office::DistrictGovernment),
        ("J-A1.3-b", Office::MedicalInsurance),
        ("J-A1.3-c", Office::MedicalInsurance),
        ("J-A1.3-d", Office::Finance),
        ("J-A1.3-e", Office::Township),
        ("J-A1.3-f", Office::Education),
        ("J-A1.3-g", Office::Education),
        ("J-A1.3-h", Office::CivilAffairs),
        ("J-A1.3-i", Office::CivilAffairs),
        ("J-A1.3-j", Office::CivilAffairs),
        ("J-A1.3-k", Office::Tax),
        ("J-A1.3-l", Office::PublicSecurity),
        ("J-A1.3-m", Office::DisabledPersonsFederation),
        ("J-A1.3-n", Office::DisabledPersonsFederation),
        ("J-A1.3-o", Office::VeteransAffairs),
        ("J-A1.3-p", Office::VeteranCadres),
        ("J-A1.3-q", Office::SocialInsurance),
        ("J-A1.3-r", Office::SocialInsurance),
    ] {
        assert_eq!(of(rule), (Some((here, Some(office))), 0), "{rule}");
    }
    for rule in ["J-A1.1-a", "J-A1.1-b"] {
        assert_eq!(of(rule), (Some((here, None)), 0), "{rule}");
    }
    for rule in ["J-A1.2-a", "J-A1.2-b", "J-A1.2-c", "J-A1.2-d", "J-A1.2-e"] {
        assert_eq!(of(rule), (Some((here, Some(Office::MedicalInsurance))), 0), "{rule}");
    }
    for rule in ["J-A2.1-a", "J-A2.2-a", "J-A2.3-a", "J-A2.3-b", "J-A2.3-c"] {
        assert_eq!(of(rule), (Some((here, Some(Office::Township))), 0), "{rule}");
    }
    assert_eq!(of("J-A3-a"), (Some((None, Some(Office::MedicalInsurance))), 3));
    assert_eq!(of("J-1.3-b"), (Some((None, None)), 0));
}

/// B-8.1-a, B-8.1-b and the duties of B-8.2, B-7.1 and B-7.2: posts and offices, never persons (AMB-124).
#[test]
fn organisation_of_baodi() {
    let organisation = year_2017().supervision.organisation.clone();
    assert_printed(organisation.head.as_ref().unwrap(), &"常务副区长".to_owned(), "B-8.1-a");
    assert_printed(organisation.office_seat.as_ref().unwrap(), &"区人力社保局".to_owned(), "B-8.1-b");
    let offices = |rule: &str| -> Vec<Office> {
        let own = organisation.duties.iter().filter(|duty| duty.reference.rule_id == rule);
        own.map(|duty| duty.office.unwrap()).collect()
    };
    let members = [
        Office::DistrictGovernment,
        Office::HumanResources,
        Office::SocialInsurance,
        Office::CivilAffairs,
        Office::DisabledPersonsFederation,
        Office::VeteranCadres,
        Office::Education,
        Office::Township,
    ];
    assert_eq!(offices("B-8.1-a"), members);
    assert_eq!(offices("B-8.2.1-a"), [Office::DistrictGovernment]);
    assert_eq!(offices("B-8.2.2-a"), [Office::HumanResources]);
    assert_eq!(offices("B-7.1.1-a"), [Office::HumanResources, Office::SocialInsurance]);
    assert_eq!(offices("B-7.2.1-a"), [Office::HumanResources]);
    for rule in ["B-0-a", "B-7.1.2-a", "B-7.2.2-a", "B-8.2.4-a", "B-8.2.4-b", "B-8.2.4-c", "B-8.2.4-d"] {
        assert_eq!(offices(rule), [Office::Township], "{rule}");
    }
    assert_eq!(offices("B-8.2.3-a"), [Office::SocialInsurance]);
    assert_eq!(offices("B-8.2.5-a"), [Office::Education]);
    let special = [Office::CivilAffairs, Office::DisabledPersonsFederation, Office::VeteranCadres];
    assert_eq!(offices("B-8.2.6-a"), special);
}
