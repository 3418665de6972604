//! The long tables: benefits, routing, outlets, maternity, targets.

use std::collections::{BTreeMap, BTreeSet};

use juyi_domain::codes::{District, InsuredGroup, Insurer, ProviderLevel, Tier};
use juyi_domain::money::{Fen, Rate};

use super::{assert_printed, year_2021};
use crate::{Account, MatrixService, PayMode, Venue};

#[test]
fn the_benefit_table_has_36_rows() {
    let snapshot = year_2021();
    let mut counts = BTreeMap::new();
    let mut cells = BTreeSet::new();
    for row in &snapshot.benefit_matrix {
        *counts.entry(row.service).or_insert(0) += 1;
        assert!(cells.insert((row.service, row.venue, row.tier)), "{:?}", row.value);
    }
    let expected =
        [(MatrixService::Inpatient, 12), (MatrixService::SpecialOutpatient, 12), (MatrixService::HomeBed, 12)];
    assert_eq!(counts, BTreeMap::from(expected));
}

#[test]
fn rows_of_the_benefit_table() {
    let snapshot = year_2021();
    let row = |service, venue, tier| {
        let is = |row: &&_| {
            let row: &juyi_domain::effective::Effective<crate::BenefitRow> = row;
            (row.service, row.venue, row.tier) == (service, venue, tier)
        };
        snapshot.benefit_matrix.iter().find(is).unwrap()
    };
    let tiers = [Tier::StudentChild, Tier::High, Tier::Middle, Tier::Low];
    let special = [
        (Venue::Level1, [65, 65, 60, 55], "J-5.1.T-g"),
        (Venue::Level2, [60, 60, 55, 50], "J-5.1.T-h"),
        (Venue::Level3, [55, 55, 50, 45], "J-5.1.T-i"),
    ];
    for (venue, rates, rule_id) in special {
        for (tier, rate) in tiers.into_iter().zip(rates) {
            let row = row(MatrixService::SpecialOutpatient, venue, tier);
            assert_printed(&row.rate, &Rate::percent(rate), rule_id);
            // J-5.1.T-j and J-5.1.T-l: one deductible and one maximum with inpatient care.
            assert_eq!(
                row.deductible.as_ref().map(|own| (own.0, *own.1)),
                Some((Account::InpatientAndSpecial, Fen::yuan(500)))
            );
            assert_eq!((row.maximum.0, *row.maximum.1), (Account::InpatientAndSpecial, Fen::yuan(180_000)));
        }
    }
    for tier in tiers {
        for venue in [Venue::Level1, Venue::Level2, Venue::Level3] {
            let (bed, stay) = (row(MatrixService::HomeBed, venue, tier), row(MatrixService::Inpatient, venue, tier));
            assert_eq!((&bed.rate, &*bed.reference.rule_id), (&stay.rate, "J-5.1.T-q"));
            assert_printed(bed.days_per_year.as_ref().unwrap(), &90, "J-5.1.T-r");
        }
    }
}

#[test]
fn each_pair_of_group_and_district_has_one_insurer() {
    // J-6.2.3.6-i: 3 groups in 16 districts.
    let routing = year_2021().accident.routing.clone();
    assert_eq!(routing.len(), 48);
    let mut by_rule = BTreeMap::new();
    for ((group, _), desk) in &routing {
        *by_rule.entry((desk.reference.rule_id.to_string(), *group, desk.insurer)).or_insert(0) += 1;
    }
    let expected = [
        ("J-6.2.3.6-a", InsuredGroup::Employee, Insurer::ChinaLife, 8),
        ("J-6.2.3.6-b", InsuredGroup::Employee, Insurer::TaikangLife, 8),
        ("J-6.2.3.6-c", InsuredGroup::AdultResident, Insurer::PiccHealth, 8),
        ("J-6.2.3.6-d", InsuredGroup::AdultResident, Insurer::SunlifeEverbright, 8),
        ("J-6.2.3.6-e", InsuredGroup::StudentChild, Insurer::TaikangLife, 8),
        ("J-6.2.3.6-f", InsuredGroup::StudentChild, Insurer::PiccPc, 2),
        ("J-6.2.3.6-g", InsuredGroup::StudentChild, Insurer::CpicPc, 3),
        ("J-6.2.3.6-h", InsuredGroup::StudentChild, Insurer::PiccHealth, 3),
    ];
    let expected: BTreeMap<_, _> =
        expected.into_iter().map(|(rule, group, insurer, count)| ((rule.to_owned(), group, insurer), count)).collect();
    assert_eq!(by_rule, expected);
    let student = &routing[&(InsuredGroup::StudentChild, District::Jinghai)];
    assert_eq!(student.full_name, "泰康人寿保险有限责任公司天津分公司");
    assert_eq!(student.name, "tianjin-2021.accident.routing.STUDENT_CHILD.120118");
}

#[test]
fn phones_and_report_days() {
    let accident = year_2021().accident.clone();
    let phones = [
        (InsuredGroup::StudentChild, "4006596193"),
        (InsuredGroup::AdultResident, "4006596196"),
        (InsuredGroup::Employee, "4006114196"),
    ];
    for (group, phone) in phones {
        // J-13.N-b prints the same numbers again.
        assert_printed(&accident.phones[&group], &phone.to_owned(), "J-6.2.3.1-c");
    }
    assert_printed(&accident.report_days.unwrap(), &5, "J-6.2.3.1-a");
}

#[test]
fn outlets() {
    let outlets = year_2021().accident.outlets.clone();
    assert_eq!(outlets.len(), 119, "J-13.T-a");
    assert_eq!(outlets.iter().filter(|outlet| outlet.phone.is_some()).count(), 28, "J-13.T-a");
    assert!(outlets.is_sorted_by_key(|outlet| outlet.number));
    let windows: Vec<_> = outlets.iter().filter(|outlet| outlet.reference.rule_id == "J-13.T-b").collect();
    let served: Vec<_> =
        windows.iter().map(|window| (window.number, window.group, window.insurers.as_slice())).collect();
    let expected = [
        (1, Some(InsuredGroup::Employee), &[Insurer::TaikangLife, Insurer::ChinaLife][..]),
        (2, Some(InsuredGroup::AdultResident), &[Insurer::PiccHealth, Insurer::SunlifeEverbright][..]),
        (3, Some(InsuredGroup::StudentChild), &[Insurer::TaikangLife][..]),
    ];
    assert_eq!(served, expected);
    assert!(outlets.iter().all(|outlet| outlet.group.is_some() != outlet.district.is_some()));
    let jinghai: Vec<_> = outlets.iter().filter(|outlet| outlet.district == Some(District::Jinghai)).collect();
    assert!(jinghai.iter().all(|outlet| !outlet.insurers.contains(&Insurer::TaikangLife)), "J-13.T-c");
}

#[test]
fn accident_benefits() {
    let benefits = year_2021().accident_benefits.clone().unwrap();
    assert_printed(&benefits.lower_up_to, &Fen::yuan(6000), "J-5.4.1-a");
    assert_printed(&benefits.lower_rate, &Rate::percent(70), "J-5.4.1-a");
    assert_printed(&benefits.upper_inpatient_rate, &Rate::percent(80), "J-5.4.1-b");
    assert_printed(&benefits.maximum, &Fen::yuan(350_000), "J-5.4.1-c");
    let grades =
        [(4, 20_000, "J-5.4.2-a"), (3, 25_000, "J-5.4.2-b"), (2, 30_000, "J-5.4.2-c"), (1, 35_000, "J-5.4.2-d")];
    assert_eq!(benefits.disability.len(), grades.len());
    for (grade, yuan, rule_id) in grades {
        assert_printed(&benefits.disability[&grade], &Fen::yuan(yuan), rule_id);
    }
    assert_printed(&benefits.death_months, &2, "J-5.4.3-a");
    let gap = benefits.average_monthly_wage.unwrap_err();
    assert_eq!((&*gap.rule_id, gap.configurable), ("J-5.4.3-a", true));
}

/// Item by item, as the table prints them: amounts in yuan, rates in percent.
#[test]
fn maternity_items_as_printed() {
    let yuan = |amount| (Some(Fen::yuan(amount)), None);
    let share = (None, Some(Rate::percent(60)));
    let printed = [
        ("TERMINATION_LT_12W", "J-5.3.T-a", yuan(160)),
        ("TERMINATION_12_16W", "J-5.3.T-b", yuan(280)),
        ("TERMINATION_16_28W", "J-5.3.T-c", yuan(540)),
        ("TERMINATION_GE_28W_OR_DELIVERY", "J-5.3.T-d", yuan(660)),
        ("NATURAL_DELIVERY", "J-5.3.T-e", yuan(2280)),
        ("ASSISTED_DELIVERY", "J-5.3.T-e", yuan(2280)),
        ("CAESAREAN_ONLY", "J-5.3.T-e", yuan(2280)),
        ("CAESAREAN_WITH_MYOMA_OR_CYST", "J-5.3.T-e", yuan(2280)),
        ("OBSTETRIC_COMPLICATION", "J-5.3.T-f", share),
        ("SEVERE_MEDICAL_OR_SURGICAL_DISEASE", "J-5.3.T-g", (None, None)),
        ("TRANSFER_OUT_HOSPITAL", "J-5.3.T-h", share),
        ("INDUCED_LABOUR.LEVEL_1", "J-5.3.T-i", yuan(600)),
        ("INDUCED_LABOUR.LEVEL_2", "J-5.3.T-i", yuan(780)),
        ("INDUCED_LABOUR.LEVEL_3", "J-5.3.T-i", yuan(960)),
        ("ABORTION", "J-5.3.T-j", yuan(180)),
        ("HIGH_RISK_ABORTION", "J-5.3.T-k", yuan(360)),
        ("IUD_INSERT_OR_REMOVE", "J-5.3.T-l", yuan(120)),
        ("IUD_REPLACE", "J-5.3.T-m", yuan(200)),
        ("FEMALE_STERILISATION", "J-5.3.T-n", yuan(600)),
        ("MALE_STERILISATION", "J-5.3.T-o", yuan(360)),
        ("STERILISATION_REVERSAL", "J-5.3.T-p", share),
        ("IUD_REMOVAL_COMPLICATED", "J-5.3.T-q", share),
        ("FAMILY_PLANNING_COMPLICATION", "J-5.3.T-r", share),
        ("MISCARRIAGE_OR_DRUG_ABORTION", "J-5.3.T-s", yuan(150)),
    ];
    let snapshot = year_2021();
    let items = snapshot.maternity.as_ref().unwrap();
    let loaded: Vec<_> =
        items.iter().map(|item| (item.code.as_str(), &*item.reference.rule_id, (item.amount, item.rate))).collect();
    for item in printed {
        assert!(loaded.contains(&item), "{item:?}");
    }
    assert_eq!(loaded.len(), printed.len());
}

#[test]
fn maternity_table() {
    let items = year_2021().maternity.clone().unwrap();
    assert_eq!(items.len(), 24);
    let rules: BTreeSet<_> = items.iter().map(|item| item.reference.rule_id.to_string()).collect();
    let expected: BTreeSet<_> = ('a'..='s').map(|letter| format!("J-5.3.T-{letter}")).collect();
    assert_eq!(rules, expected, "J-5.3.T-a to J-5.3.T-s");
    for item in &items {
        // J-5.3.T-t: LIMIT and FIXED have an amount, ITEM_RATIO a rate.
        let (amount, rate) = (item.amount.is_some(), item.rate.is_some());
        let expected = match item.mode {
            PayMode::Limit | PayMode::Fixed => (true, false),
            PayMode::ItemRatio => (false, true),
            PayMode::InpatientRatio => (false, false),
        };
        assert_eq!((amount, rate), expected, "{}", item.code);
    }
    let labour: Vec<_> = items
        .iter()
        .filter(|item| item.reference.rule_id == "J-5.3.T-i")
        .map(|item| (item.level, item.amount))
        .collect();
    let levels = [ProviderLevel::One, ProviderLevel::Two, ProviderLevel::Three].map(Some);
    let amounts = [600, 780, 960].map(|yuan| Some(Fen::yuan(yuan)));
    assert_eq!(labour, levels.into_iter().zip(amounts).collect::<Vec<_>>());
}
