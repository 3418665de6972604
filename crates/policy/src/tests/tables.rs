//! The long tables: benefits, routing, outlets, maternity, targets.

use std::collections::BTreeMap;

use juyi_domain::codes::{District, InsuredGroup, Insurer, ProviderLevel, Tier};
use juyi_domain::money::{Fen, Rate};
use juyi_domain::settlement::maternity::params::{MaternityCategory, MaternityPay};
use juyi_domain::settlement::params::Account;

use super::{assert_printed, year_2017, year_2021};

#[test]
fn stays_and_special_outpatient_care_have_24_rates() {
    let basic = year_2021().basic.clone().unwrap();
    assert_eq!((basic.inpatient_rate.len(), basic.special_outpatient.unwrap().rate.len()), (12, 12));
}

#[test]
fn rates_of_special_outpatient_care_and_home_beds() {
    let snapshot = year_2021();
    let basic = snapshot.basic.as_ref().unwrap();
    let special = basic.special_outpatient.as_ref().unwrap();
    let tiers = [Tier::StudentChild, Tier::High, Tier::Middle, Tier::Low];
    for (level, rates, rule_id) in [
        (ProviderLevel::One, [65, 65, 60, 55], "J-5.1.T-g"),
        (ProviderLevel::Two, [60, 60, 55, 50], "J-5.1.T-h"),
        (ProviderLevel::Three, [55, 55, 50, 45], "J-5.1.T-i"),
    ] {
        for (tier, rate) in tiers.into_iter().zip(rates) {
            assert_printed(&special.rate[&(level, tier)], &Rate::percent(rate), rule_id);
        }
    }
    assert_printed(&special.deductible, &Account::InpatientAndSpecial, "J-5.1.T-j");
    assert_printed(&special.maximum, &Account::InpatientAndSpecial, "J-5.1.T-l");
    let home_bed = basic.home_bed.as_ref().unwrap();
    assert_printed(&home_bed.account, &Account::InpatientAndSpecial, "J-5.1.T-q");
    assert_printed(&home_bed.days_per_year, &90, "J-5.1.T-r");
    assert_printed(basic.balance_raises_maximum.as_ref().unwrap(), &true, "J-5.1.2-b");
}

/// J-10.3.2-a to J-10.3.2-e with AMB-073 and AMB-075.
#[test]
fn rates_outside_the_city() {
    let snapshot = year_2021();
    let elsewhere = snapshot.basic.as_ref().unwrap().elsewhere.as_ref().unwrap();
    assert_printed(&elsewhere.normal_points, &0, "J-10.3.2-a");
    assert_printed(&elsewhere.transfer_points, &5, "J-10.3.2-b");
    assert_printed(&elsewhere.partner_points, &5, "J-10.3.2-c");
    assert_printed(&elsewhere.self_chosen_points, &10, "J-10.3.2-d");
    assert_printed(&elsewhere.self_chosen_levels, &vec![ProviderLevel::Two, ProviderLevel::Three], "J-10.3.2-e");
    assert_printed(&elsewhere.penalty_in_burden, &true, "J-10.3.2-d");
}

/// B-5.1-b, J-5.2-a: only where no basic rates are printed a burden comes from elsewhere.
#[test]
fn burdens_from_elsewhere() {
    let (baodi, tianjin) = (year_2017(), year_2021());
    assert_printed(&baodi.critical_illness.as_ref().unwrap().supplied_burden, &true, "B-5.1-b");
    assert_printed(&tianjin.critical_illness.as_ref().unwrap().supplied_burden, &false, "J-5.2-a");
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
    let limit = |yuan| MaternityPay::Limit(Fen::yuan(yuan));
    let fixed = |yuan| MaternityPay::Fixed(Fen::yuan(yuan));
    let share = MaternityPay::ItemRatio(Rate::percent(60));
    let printed = [
        ("TERMINATION_LT_12W", "J-5.3.T-a", limit(160)),
        ("TERMINATION_12_16W", "J-5.3.T-b", limit(280)),
        ("TERMINATION_16_28W", "J-5.3.T-c", limit(540)),
        ("TERMINATION_GE_28W_OR_DELIVERY", "J-5.3.T-d", limit(660)),
        ("NATURAL_DELIVERY", "J-5.3.T-e", fixed(2280)),
        ("ASSISTED_DELIVERY", "J-5.3.T-e", fixed(2280)),
        ("CAESAREAN_ONLY", "J-5.3.T-e", fixed(2280)),
        ("CAESAREAN_WITH_MYOMA_OR_CYST", "J-5.3.T-e", fixed(2280)),
        ("OBSTETRIC_COMPLICATION", "J-5.3.T-f", share),
        ("SEVERE_MEDICAL_OR_SURGICAL_DISEASE", "J-5.3.T-g", MaternityPay::InpatientRatio),
        ("TRANSFER_OUT_HOSPITAL", "J-5.3.T-h", share),
        ("INDUCED_LABOUR", "J-5.3.T-i", fixed(600)),
        ("INDUCED_LABOUR", "J-5.3.T-i", fixed(780)),
        ("INDUCED_LABOUR", "J-5.3.T-i", fixed(960)),
        ("ABORTION", "J-5.3.T-j", fixed(180)),
        ("HIGH_RISK_ABORTION", "J-5.3.T-k", fixed(360)),
        ("IUD_INSERT_OR_REMOVE", "J-5.3.T-l", fixed(120)),
        ("IUD_REPLACE", "J-5.3.T-m", fixed(200)),
        ("FEMALE_STERILISATION", "J-5.3.T-n", fixed(600)),
        ("MALE_STERILISATION", "J-5.3.T-o", fixed(360)),
        ("STERILISATION_REVERSAL", "J-5.3.T-p", share),
        ("IUD_REMOVAL_COMPLICATED", "J-5.3.T-q", share),
        ("FAMILY_PLANNING_COMPLICATION", "J-5.3.T-r", share),
        ("MISCARRIAGE_OR_DRUG_ABORTION", "J-5.3.T-s", limit(150)),
    ];
    let law = year_2021().maternity.clone().unwrap();
    let loaded: Vec<_> = law.rows.iter().map(|row| (row.item.as_str(), &*row.reference.rule_id, row.pay)).collect();
    for row in printed {
        assert!(loaded.contains(&row), "{row:?}");
    }
    assert_eq!(loaded.len(), printed.len());
    assert_printed(&law.fixed_capped_at_cost, &false, "J-5.3.T-t");
}

/// J-5.3.T-a to J-5.3.T-d: the bands meet; J-5.3.T-i: an amount for each level.
#[test]
fn bands_and_levels_of_the_maternity_table() {
    let rows = year_2021().maternity.clone().unwrap().rows;
    let weeks: Vec<_> = rows.iter().filter_map(|row| row.weeks).map(|weeks| (weeks.from, weeks.to)).collect();
    assert_eq!(weeks, [(0, Some(12)), (12, Some(16)), (16, Some(28)), (28, None)]);
    let checks = rows.iter().filter(|row| row.category == MaternityCategory::PrenatalCheck);
    assert!(checks.clone().all(|row| row.weeks.is_some()) && checks.count() == 4);
    let levels = rows.iter().filter(|row| row.level.is_some());
    let labour: Vec<_> = levels.map(|row| (&*row.reference.rule_id, row.level, row.pay)).collect();
    let expected = [(ProviderLevel::One, 600), (ProviderLevel::Two, 780), (ProviderLevel::Three, 960)]
        .map(|(level, yuan)| ("J-5.3.T-i", Some(level), MaternityPay::Fixed(Fen::yuan(yuan))));
    assert_eq!(labour, expected);
}
