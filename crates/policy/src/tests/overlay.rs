//! Operators' figures over the law.

use std::sync::Arc;

use juyi_domain::assistance::params::BandScope;
use juyi_domain::codes::{Class, District, Identity, ProviderLevel, Tier};
use juyi_domain::money::{Fen, Rate};
use juyi_domain::refusal::{Reason, Refusal};
use juyi_domain::settlement::params::MaximumBasis;

use super::day;
use crate::{LoadError, Policy, Snapshot};

fn set(parameter: &str, value: &str, since: &str) -> String {
    format!(
        "[[set]]\nparameter = '{parameter}'\nvalue = {value}\nsince = {since}\n\
         source = {{ document = '津医保局发〔2021〕9号', section = '第一条' }}\n"
    )
}

fn on(overlay: &str, date: &str) -> Arc<Snapshot> {
    let policy = Policy::embedded().unwrap().with_overlay(overlay).unwrap();
    policy.for_(District::Jinghai, 2021, day(date)).unwrap()
}

fn rejected(overlay: &str) -> LoadError {
    Policy::embedded().unwrap().with_overlay(overlay).unwrap_err()
}

const THRESHOLD: &str = "tianjin-2021.critical_illness.threshold";

#[test]
fn a_threshold_of_the_year_is_not_provisional_and_cites_its_source() {
    let overlay = set(THRESHOLD, "'21950.50'", "2021-04-01");
    let march = on(&overlay, "2021-03-31").critical_illness.clone().unwrap();
    assert_eq!((march.threshold.value, march.threshold_is_provisional), (Fen::yuan(21_202), true));
    // J-13.N-c: a newer figure replaces the outline's from its day.
    let april = on(&overlay, "2021-04-01").critical_illness.clone().unwrap();
    assert_eq!((april.threshold.value, april.threshold_is_provisional), (Fen::new(2_195_050), false));
    let cited = &april.threshold.reference;
    assert_eq!((&*cited.document, &*cited.section, &*cited.rule_id), ("津医保局发〔2021〕9号", "第一条", "J-5.2-f"));
    assert_eq!(april.threshold.name, THRESHOLD);
}

#[test]
fn strict_mode_refuses_another_years_threshold() {
    let strict = set("tianjin-2021.critical_illness.strict_threshold", "true", "2021-01-01");
    let gap = on(&strict, "2021-03-01").critical_illness.clone().unwrap_err();
    assert_eq!((&*gap.parameter, &*gap.rule_id), (THRESHOLD, "J-5.2-f"));
    assert_eq!(Refusal::from(gap).reason, Reason::ParameterNotSet, "AMB-077");
    let both = format!("{strict}{}", set(THRESHOLD, "21950", "2021-01-01"));
    assert!(on(&both, "2021-03-01").critical_illness.is_ok());
}

/// J-5.2-e: half of 42404.00 is the 21202.00 that is printed; from the day of the income on, and a threshold of the year
/// prevails. In strict mode one of the two has to be set (AMB-077).
#[test]
fn a_threshold_follows_from_the_income_of_the_year_before() {
    let income = set("tianjin-2021.critical_illness.income", "'42404'", "2021-04-01");
    let march = on(&income, "2021-03-31").critical_illness.clone().unwrap();
    assert!(march.threshold_is_provisional && march.income.is_none());
    let april = on(&income, "2021-04-01").critical_illness.clone().unwrap();
    assert_eq!((april.threshold.value, april.threshold_is_provisional), (Fen::yuan(21_202), false));
    let cited = &april.threshold.reference;
    assert_eq!((&*cited.document, &*cited.rule_id), ("津医保局发〔2021〕9号", "J-5.2-e"));
    assert_eq!(april.income.unwrap().share.value, Rate::percent(50));
    let strict = set("tianjin-2021.critical_illness.strict_threshold", "true", "2021-01-01");
    assert!(on(&format!("{strict}{income}"), "2021-04-01").critical_illness.is_ok());
    assert!(on(&format!("{strict}{income}"), "2021-03-31").critical_illness.is_err());
    let both = format!("{income}{}", set(THRESHOLD, "21950", "2021-01-01"));
    let stated = on(&both, "2021-04-01").critical_illness.clone().unwrap();
    assert_eq!((stated.threshold.value, stated.income), (Fen::yuan(21_950), None));
}

#[test]
fn readings_can_be_chosen() {
    let overlay = format!(
        "{}{}",
        set("tianjin-2021.inpatient.maximum_basis", "'ELIGIBLE_COST'", "2021-01-01"),
        set("tianjin-2021.assistance.band_scope", "'PER_SETTLEMENT'", "2021-01-01")
    );
    let snapshot = on(&overlay, "2021-03-01");
    assert_eq!(*snapshot.basic.as_ref().unwrap().maximum_basis, MaximumBasis::EligibleCost, "AMB-053");
    assert_eq!(*snapshot.assistance.as_ref().unwrap().band_scope, BandScope::PerSettlement, "AMB-091");
}

/// AMB-084: whether a fixed amount ends at the cost. A row has the figure of its way of paying, and the level of its key.
#[test]
fn the_maternity_table_can_be_set() {
    let capped = set("tianjin-2021.maternity.fixed_capped_at_cost", "true", "2021-04-01");
    let capped_on = |day: &str| *on(&capped, day).maternity.as_ref().unwrap().fixed_capped_at_cost;
    assert_eq!((capped_on("2021-03-31"), capped_on("2021-04-01")), (false, true));
    let row = |key: &str, columns: &str| {
        let value = format!("{{ category = 'FAMILY_PLANNING', name = '引产', {columns} }}");
        set(&format!("tianjin-2021.maternity.item.{key}"), &value, "2021-01-01")
    };
    on(&row("INDUCED_LABOUR.LEVEL_1", "mode = 'FIXED', level = 'LEVEL_1', amount = 650"), "2021-03-01");
    for (key, columns) in [
        ("INDUCED_LABOUR.LEVEL_1", "mode = 'FIXED', level = 'LEVEL_1', rate = 60"),
        ("INDUCED_LABOUR.LEVEL_1", "mode = 'FIXED', level = 'LEVEL_2', amount = 650"),
        ("ABORTION", "mode = 'ITEM_RATIO', amount = 180"),
        ("ABORTION", "mode = 'LIMIT', amount = 180, weeks_from = 12, weeks_to = 12"),
    ] {
        rejected(&row(key, columns));
    }
}

#[test]
fn figures_not_printed_can_be_supplied() {
    let overlay = [
        set("tianjin-2021.benefit_period.epidemic", "{ first = 2020-01-24, last = 2021-03-31 }", "2021-01-01"),
        set("tianjin-2021.premium.subsidised_tier.SEVERE_DISABILITY", "'MIDDLE'", "2020-09-01"),
        set("tianjin-2021.premium.government.ADULT.HIGH", "580", "2020-09-01"),
        set("tianjin-2021.accident.average_monthly_wage_2019", "6000", "2021-01-01"),
    ]
    .concat();
    let snapshot = on(&overlay, "2021-03-01");
    let epidemic = snapshot.benefit_period.epidemic.as_ref().unwrap();
    assert_eq!(
        (epidemic.to_string().as_str(), &*epidemic.reference.rule_id),
        ("2020-01-24 to 2021-03-31", "J-4.1.2-a")
    );
    let [tier] = snapshot.premium.prescribed_tiers.as_slice() else { panic!("one tier") };
    assert_eq!((tier.identity, tier.tier), (Identity::SevereDisability, Tier::Middle), "AMB-032");
    let government = snapshot.premium.government.as_ref().unwrap();
    assert_eq!(*government[&(Class::Adult, Tier::High)], Fen::yuan(580), "J-2.3-j");
    assert_eq!(government.get(&(Class::Adult, Tier::Low)), None);
    let wage = snapshot.accident_benefits.as_ref().unwrap().average_monthly_wage.as_ref().unwrap();
    assert_eq!(**wage, Fen::yuan(6000), "AMB-108");
}

#[test]
fn a_gap_closes_when_all_its_figures_are_supplied() {
    let path = |name: &str| format!("baodi-2017.inpatient.{name}");
    let mut overlay = set(&path("rate.LEVEL_3.MIDDLE"), "60", "2017-01-01");
    let baodi = |overlay: &str| {
        let policy = Policy::embedded().unwrap().with_overlay(overlay).unwrap();
        policy.for_(District::Baodi, 2017, day("2017-03-01")).unwrap().basic.clone()
    };
    assert_eq!(baodi(&overlay).unwrap_err().parameter, "baodi-2017.inpatient");
    for (name, value) in [
        ("deductible", "500"),
        ("waived_from_stay", "2"),
        ("maximum", "180000"),
        ("maximum_basis", "'FUND_PAYMENT'"),
        ("deductible_account", "'INPATIENT_AND_SPECIAL'"),
        ("maximum_account", "'INPATIENT_AND_SPECIAL'"),
    ] {
        overlay.push_str(&set(&path(name), value, "2017-01-01"));
    }
    let basic = baodi(&overlay).unwrap();
    assert_eq!(*basic.inpatient_rate[&(ProviderLevel::Three, Tier::Middle)], Rate::percent(60));
    // What belongs to it has gaps of its own.
    let gaps = [
        basic.special_outpatient.unwrap_err().parameter,
        basic.home_bed.unwrap_err().parameter,
        basic.elsewhere.unwrap_err().parameter,
    ];
    let expected = ["special_outpatient", "home_bed", "out_of_area"].map(|name| format!("baodi-2017.{name}"));
    assert_eq!(gaps.map(|gap| gap.into_owned()), expected);
    assert_eq!(&*basic.balance_raises_maximum.unwrap().reference.rule_id, "B-5.4-b");
}

/// The rules of settlement know one account for stays and special outpatient care; another reading cannot be configured.
#[test]
fn the_shared_account_is_not_a_reading() {
    let overlay = set("tianjin-2021.special_outpatient.deductible_account", "'OUTPATIENT'", "2021-01-01");
    assert!(rejected(&overlay).to_string().contains("INPATIENT_AND_SPECIAL"));
}

#[test]
fn a_later_overlay_wins() {
    let first = set(THRESHOLD, "22000", "2021-01-01");
    let second = set(THRESHOLD, "23000", "2021-01-01");
    let policy = Policy::embedded().unwrap().with_overlay(&first).unwrap().with_overlay(&second).unwrap();
    let snapshot = policy.for_(District::Jinghai, 2021, day("2021-03-01")).unwrap();
    assert_eq!(*snapshot.critical_illness.as_ref().unwrap().threshold, Fen::yuan(23_000));
    assert!(Policy::embedded().unwrap().with_overlay("").is_ok());
}

/// J-13.N-c: two figures from one day overlap, from two days they follow one another.
#[test]
fn overlapping_effective_dates_are_rejected() {
    let twice = format!("{}{}", set(THRESHOLD, "22000", "2021-04-01"), set(THRESHOLD, "23000", "2021-04-01"));
    let error = rejected(&twice);
    assert!(matches!(error, LoadError::Overlapping { .. }));
    assert!(error.to_string().starts_with("VALUE_NOT_ALLOWED"), "{error}");
    let follow = format!("{}{}", set(THRESHOLD, "22000", "2021-04-01"), set(THRESHOLD, "23000", "2021-05-01"));
    let threshold = |day| *on(&follow, day).critical_illness.clone().unwrap().threshold;
    let figures = ["2021-03-31", "2021-04-01", "2021-04-30", "2021-05-01"].map(threshold);
    assert_eq!(figures, [21_202, 22_000, 22_000, 23_000].map(Fen::yuan));
}

#[test]
fn an_entry_without_a_source_is_rejected() {
    let good = set(THRESHOLD, "22000", "2021-01-01");
    let without: String =
        good.lines().filter(|line| !line.starts_with("source")).map(|line| format!("{line}\n")).collect();
    assert!(matches!(rejected(&without), LoadError::SourceMissing { .. }));
    assert!(matches!(rejected(&good.replace("第一条", " ")), LoadError::SourceMissing { .. }));
    assert!(matches!(rejected(&good.replace(", section = '第一条'", "")), LoadError::Malformed { .. }));
}

#[test]
fn unknown_paths_keys_and_wrong_values_are_rejected() {
    let good = set(THRESHOLD, "22000", "2021-01-01");
    assert!(matches!(rejected(&good.replace("threshold", "treshold")), LoadError::UnknownParameter { .. }));
    assert!(matches!(rejected(&good.replace("since", "from")), LoadError::Malformed { .. }));
    assert!(matches!(rejected(&good.replace("22000", "'much'")), LoadError::Value { .. }));
    assert!(matches!(rejected(&good.replace("22000", "220.5")), LoadError::Value { .. }));
    assert!(matches!(rejected(&good.replace("2021-01-01", "'2021-01-01'")), LoadError::Malformed { .. }));
    let tier = set("tianjin-2021.premium.subsidised_tier.SEVERE_DISABILITY", "'BEST'", "2020-09-01");
    assert!(matches!(rejected(&tier), LoadError::Value { .. }));
}

#[test]
fn the_overlay_of_the_documentation_is_accepted() {
    let text = include_str!("../lib.rs");
    let lines = text.lines().skip_while(|line| *line != "//! ```toml").skip(1).take_while(|line| *line != "//! ```");
    let overlay: String = lines.map(|line| format!("{}\n", line.trim_start_matches("//!"))).collect();
    assert_eq!(overlay.matches("[[set]]").count(), 6);
    assert!(Policy::embedded().unwrap().with_overlay(&overlay).is_ok());
}
