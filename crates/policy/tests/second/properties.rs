//! What the law keeps on every year, on 200,000 generated years of 2021 and 50,000 of 2017; what it
//! does not keep is not asked. `caps` has the maxima, `filing` what holds while bills come and go one by one.

use std::collections::BTreeSet;

use juyi_domain::codes::{Identity, Tier};
use juyi_domain::money::Fen;
use juyi_domain::receipt::Value;
use juyi_domain::settlement::care::{CareKind, ObservationOutcome, OutOfArea, Place, ProviderKind};
use juyi_domain::settlement::case::Case;

use crate::engine::Regime;
use crate::rules::{Parts, Rules};
use crate::years::{ENABLED_2017, SETTLED, Year, Years};

/// Years of one seed; four seeds are 200,000 years.
const YEARS: usize = 50_000;

/// The seeds of 2021, and the one of 2017.
pub(crate) const SEEDS: [u64; 5] =
    [0x1405_7B7E_F767_814F, 0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB, 0x8EBC_6AF0_9C88_C6E3, 0x5895_65F4_E8B3_7C1B];

/// Holds a property against the years of a seed.
pub(crate) fn each(seed: usize, mut check: impl FnMut(&Rules, &mut Years, &Year)) {
    let (regime, policy_year, reach) = match seed {
        4 => (Regime::Baodi2017, 2017, ENABLED_2017),
        _ => (Regime::Tianjin2021, 2021, SETTLED),
    };
    let (rules, mut years) = (Rules::of(regime), Years::new(SEEDS[seed], policy_year, reach));
    for _ in 0..YEARS {
        let person = years.year();
        check(&rules, &mut years, &person);
    }
}

/// A test of each property for each seed, so that they run side by side.
macro_rules! hold {
    ($($property:ident,)*) => {$(
        mod $property {
            #[test]
            fn in_2021() {
                crate::properties::each(0, super::$property);
            }
            #[test]
            fn in_2021_again() {
                crate::properties::each(1, super::$property);
            }
            #[test]
            fn in_2021_a_third_time() {
                crate::properties::each(2, super::$property);
            }
            #[test]
            fn in_2021_a_fourth_time() {
                crate::properties::each(3, super::$property);
            }
            #[test]
            fn in_2017() {
                crate::properties::each(4, super::$property);
            }
        }
    )*};
}
pub(crate) use hold;

hold! {
    parts_sum_to_the_whole_and_nothing_is_negative,
    any_order_of_arrival_gives_one_result,
    a_better_tier_never_receives_less_over_the_year,
    a_status_held_all_year_costs_nobody_money,
}

fn sum(parts: &[Parts], part: fn(&Parts) -> i64) -> i64 {
    parts.iter().map(part).sum()
}

/// AMB-005, J-6.1-b, B-6.1.1-a: the personal share is the remainder, so nothing is lost; nobody pays a negative amount, and no
/// fund more than the bill, but for a fixed amount of maternity insurance (AMB-084).
fn parts_sum_to_the_whole_and_nothing_is_negative(rules: &Rules, _: &mut Years, person: &Year) {
    for parts in rules.settle(&person.cases, &person.opening).parts {
        let funds = [parts.basic, parts.critical, parts.maternity, parts.medical, parts.veterans];
        let paid = funds.iter().sum::<i64>() + parts.person;
        assert!(funds.iter().all(|part| *part >= 0) && parts.person >= 0, "{parts:?} of {person:#?}");
        if parts.maternity > parts.total {
            assert_eq!((paid, parts.person), (parts.maternity, 0), "{parts:?} of {person:#?}");
        } else {
            assert_eq!(paid, parts.total, "{parts:?} of {person:#?}");
        }
    }
}

/// AMB-055, AMB-138: a year recomputed as a whole does not know in which order its bills arrived.
fn any_order_of_arrival_gives_one_result(rules: &Rules, years: &mut Years, person: &Year) {
    let arrived = years.shuffled(&person.cases);
    assert_eq!(rules.settle(&person.cases, &person.opening), rules.settle(&arrived, &person.opening));
}

/// Over a year a better tier never receives less from basic insurance; on one bill it may (C21).
fn a_better_tier_never_receives_less_over_the_year(rules: &Rules, _: &mut Years, person: &Year) {
    let paid = [Tier::Low, Tier::Middle, Tier::High].map(|tier| {
        let cases: Vec<Case> = person.cases.iter().map(|case| Case { tier, ..case.clone() }).collect();
        sum(&rules.settle(&cases, &person.opening).parts, |parts| parts.basic)
    });
    assert!(paid.is_sorted(), "{paid:?} of {person:#?}");
}

/// An aid status held through the year, tilt and assistance together, never leaves a person worse off over it.
fn a_status_held_all_year_costs_nobody_money(rules: &Rules, years: &mut Years, person: &Year) {
    let status = years.pick(Identity::ALL);
    let [with, without] = [vec![status], Vec::new()].map(|identities| {
        let held = |case: &Case| Case { identities: identities.clone(), ..case.clone() };
        let cases: Vec<Case> = person.cases.iter().map(held).collect();
        sum(&rules.settle(&cases, &person.opening).parts, |parts| parts.person)
    });
    assert!(with <= without, "{status}: {with} and {without} of {person:#?}");
}

/// The running totals around each step of a receipt are those that are kept, and the same without a receipt.
#[test]
fn receipts_tell_what_is_kept() {
    let (rules, mut years) = (Rules::of(Regime::Tianjin2021), Years::new(0x9FB2_1C65_1E98_DF25, 2021, SETTLED));
    for _ in 0..10_000 {
        let person = years.year();
        let explained = rules.insurances(&person.cases, &person.opening);
        let counted = rules.amounts(&person.cases, &person.opening).unwrap();
        for (explained, counted) in explained.iter().zip(&counted) {
            assert_eq!(explained.state_after, counted.state_after, "{person:#?}");
            let with = (explained.basic, explained.critical, explained.aid_base);
            assert_eq!(with, (counted.basic, counted.critical, counted.aid_base), "{person:#?}");
        }
        let kept = explained.last().unwrap().state_after;
        let told = |name: &str| explained.iter().rev().find_map(|outcome| outcome.trace.accumulated(name));
        for (name, kept) in [
            ("deductible_used", kept.deductible_used),
            ("basic_paid", kept.basic_paid),
            ("balance_used", kept.balance_used),
            ("burden", kept.burden),
            ("critical_illness_paid", kept.critical_illness_paid),
            ("outpatient_eligible", kept.outpatient_eligible),
            ("outpatient_paid", kept.outpatient_paid),
            ("general_fee", kept.general_fee),
            ("general_fee_paid", kept.general_fee_paid),
        ] {
            assert_eq!(told(name).unwrap_or_default(), kept, "{name} of {person:#?}");
        }
    }
}

/// Every kind of bill in 2017, those that the plan does not print included: a step names a rule of the plan alone, and so
/// does a refusal. The catalogue has no exception.
#[test]
fn years_of_2017_know_the_plan_alone() {
    let (rules, mut years) = (Rules::of(Regime::Baodi2017), Years::new(0x2B99_2DDF_A232_49D6, 2017, ENABLED_2017));
    let mut named = BTreeSet::new();
    let mut note = |rule_id: &str, person: &Year| {
        assert!(rule_id.starts_with("B-"), "{rule_id} in {person:#?}");
        named.insert(rule_id.to_owned());
    };
    for _ in 0..5_000 {
        let mut person = years.year();
        for receipt in rules.receipts(&person.cases, &person.opening) {
            for step in &receipt.steps {
                note(&step.rule_id, &person);
                for reference in step.parameters().map(|used| &used.reference) {
                    note(&reference.rule_id, &person);
                }
                for code in step.inputs().chain(step.outputs()).filter_map(|named| match &named.value {
                    Value::Code(code) => Some(code),
                    _ => None,
                }) {
                    assert!(!code.starts_with("J-"), "{code} in {person:#?}");
                }
            }
        }
        let closed = rules.closed(&person.cases, &person.opening);
        closed.steps.iter().for_each(|step| note(&step.rule_id, &person));
        // What the plan does not print.
        for case in &mut person.cases {
            unprinted(&mut years, case);
        }
        for refusal in rules.refusals(&person.cases, &person.opening) {
            note(refusal.rule_id.as_deref().unwrap_or_default(), &person);
        }
    }
    let seen: Vec<&str> = named.iter().map(String::as_str).collect();
    let expected = [
        "B-5-a",
        "B-5.1-b",
        "B-5.1-c",
        "B-5.1-d",
        "B-5.1-e",
        "B-5.1-f",
        "B-5.2-a",
        "B-5.2-b",
        "B-5.2-c",
        "B-5.2-d",
        "B-5.3-a",
        "B-5.3-b",
        "B-5.3-c",
        "B-5.3-d",
        "B-5.4-a",
        "B-5.5-c",
        "B-6.1.1-a",
    ];
    assert_eq!(seen, expected);
}

/// Makes of a bill one of which the plan of 2017 says nothing.
fn unprinted(years: &mut Years, case: &mut Case) {
    let bill = &mut case.bill;
    bill.provider.designated = true;
    if bill.kind == CareKind::Outpatient {
        match years.below(6) {
            0 => bill.third_party = Some(Fen::new(1)),
            1 => bill.public_health = Fen::new(1),
            2 => bill.provider.kind = years.pick(&[ProviderKind::RetailPharmacy, ProviderKind::VillageClinic]),
            3 => bill.provider.level = None,
            4 => bill.place = Place::OutsideBorder,
            _ => {
                let category = years.pick(OutOfArea::ALL);
                bill.place = Place::Elsewhere { category, region: "130100".to_owned(), receiving_level: None };
            }
        }
    } else {
        let supplied = CareKind::SuppliedBurden;
        let others: Vec<CareKind> =
            CareKind::ALL.iter().copied().filter(|kind| ![supplied, CareKind::Outpatient].contains(kind)).collect();
        bill.kind = years.pick(&others);
        bill.observation = Some(ObservationOutcome::Death);
    }
}
