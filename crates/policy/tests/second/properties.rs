//! What the law keeps on every year, by the list of `CLIFFS.md`; what it does not keep is not asked.

use juyi_domain::codes::{Identity, Tier};
use juyi_domain::settlement::case::Case;

use crate::engine::Regime;
use crate::rules::{Parts, Rules};
use crate::years::{ENABLED, Year, Years};

const YEARS: usize = 5_000;

fn each(seed: u64, mut check: impl FnMut(&Rules, &mut Years, &Year)) {
    let (rules, mut years) = (Rules::of(Regime::Tianjin2021), Years::new(seed, 2021, ENABLED));
    for _ in 0..YEARS {
        let person = years.year();
        check(&rules, &mut years, &person);
    }
}

fn sum(parts: &[Parts], part: fn(&Parts) -> i64) -> i64 {
    parts.iter().map(part).sum()
}

/// AMB-005, J-6.1-b: the personal share is the remainder, so nothing is lost; and nobody pays a negative amount.
#[test]
fn parts_sum_to_the_whole_and_nothing_is_negative() {
    each(0x1405_7B7E_F767_814F, |rules, _, person| {
        for parts in rules.settle(&person.cases, &person.opening).0 {
            let all = [parts.basic, parts.critical, parts.medical, parts.veterans, parts.person];
            assert_eq!(all.iter().sum::<i64>(), parts.total, "{person:#?}");
            assert!(all.iter().all(|part| *part >= 0), "{parts:?} of {person:#?}");
        }
    });
}

/// J-5.1.T-f, J-5.1.T-j, J-5.1.2-b, J-5.2-d; the rules keep their own order whatever the order of filing.
#[test]
fn no_maximum_is_exceeded_in_any_order() {
    each(0xA076_1D64_78BD_642F, |rules, years, person| {
        let balances: i64 = person.opening.balances.iter().map(|balance| balance.amount.get()).sum();
        for cases in [person.cases.clone(), refiled(years, &person.cases)] {
            let (parts, end) = rules.settle(&cases, &person.opening);
            assert!(end.basic_paid.get() <= 18_000_000 + balances, "{person:#?}");
            assert!(end.deductible_used.get() <= 50_000, "{person:#?}");
            if person.cases.iter().all(|case| case.identities.is_empty()) {
                assert!(sum(&parts, |parts| parts.critical) <= 18_227_880, "{person:#?}");
            }
        }
    });
}

/// The same bills, filed in another order.
fn refiled(years: &mut Years, cases: &[Case]) -> Vec<Case> {
    let orders: Vec<i64> = cases.iter().map(|case| case.filed_order).collect();
    let orders = years.shuffled(&orders);
    let again = |(case, filed_order): (&Case, i64)| Case { filed_order, ..case.clone() };
    cases.iter().zip(orders).map(again).collect()
}

/// AMB-055, AMB-138: a year recomputed as a whole does not know in which order its bills arrived.
#[test]
fn any_order_of_arrival_gives_one_result() {
    each(0xE703_7ED1_A0B4_28DB, |rules, years, person| {
        let arrived = years.shuffled(&person.cases);
        assert_eq!(rules.settle(&person.cases, &person.opening), rules.settle(&arrived, &person.opening));
    });
}

/// Reversing a bill equals never having filed it, and earlier bills do not change.
#[test]
fn a_reversed_bill_was_never_filed() {
    each(0x8EBC_6AF0_9C88_C6E3, |rules, years, person| {
        let with = rules.settle(&person.cases, &person.opening);
        let mut rest = years.shuffled(&person.cases);
        let reversed = rest.remove(0);
        let without = rules.settle(&rest, &person.opening);
        let earlier = with.0.iter().take_while(|parts| parts.id != reversed.id).count();
        assert_eq!(with.0[..earlier], without.0[..earlier], "{person:#?}");
        rest.push(reversed);
        assert_eq!(rules.settle(&rest, &person.opening), with);
    });
}

/// Over a year a better tier never receives less from basic insurance; on one bill it may (C21).
#[test]
fn a_better_tier_never_receives_less_over_the_year() {
    each(0x5895_65F4_E8B3_7C1B, |rules, _, person| {
        let paid = [Tier::Low, Tier::Middle, Tier::High].map(|tier| {
            let cases: Vec<Case> = person.cases.iter().map(|case| Case { tier, ..case.clone() }).collect();
            sum(&rules.settle(&cases, &person.opening).0, |parts| parts.basic)
        });
        assert!(paid.is_sorted(), "{paid:?} of {person:#?}");
    });
}

/// An aid status held through the year, tilt and assistance together, never leaves a person worse off over it.
#[test]
fn a_status_held_all_year_costs_nobody_money() {
    each(0x589F_49D5_E0C3_BB93, |rules, years, person| {
        let status = years.pick(Identity::ALL);
        let [with, without] = [vec![status], Vec::new()].map(|identities| {
            let held = |case: &Case| Case { identities: identities.clone(), ..case.clone() };
            let cases: Vec<Case> = person.cases.iter().map(held).collect();
            sum(&rules.settle(&cases, &person.opening).0, |parts| parts.person)
        });
        assert!(with <= without, "{status}: {with} and {without} of {person:#?}");
    });
}

/// The running totals around each step of a receipt are those that are kept, and the same without a receipt.
#[test]
fn receipts_tell_what_is_kept() {
    each(0x9FB2_1C65_1E98_DF25, |rules, _, person| {
        let explained = rules.insurances(&person.cases, &person.opening);
        let counted = rules.amounts(&person.cases, &person.opening);
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
            ("burden", kept.burden),
            ("critical_illness_paid", kept.critical_illness_paid),
        ] {
            assert_eq!(told(name).unwrap_or_default(), kept, "{name} of {person:#?}");
        }
    });
}
