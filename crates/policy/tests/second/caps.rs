//! Every maximum, limit and deductible, on every year and however its bills are filed.

use std::collections::BTreeMap;

use juyi_domain::codes::Identity;
use juyi_domain::settlement::care::CareKind;
use juyi_domain::settlement::case::Case;
use juyi_domain::settlement::maternity::MaternityEvent;
use juyi_domain::settlement::maternity::event::{FamilyPlanningProcedure, PregnancyEnd};

use crate::aid::is_tilted;
use crate::properties::hold;
use crate::rules::{Parts, Rules, Settled};
use crate::years::{Year, Years};

const YUAN: i64 = 100;

hold! {
    no_maximum_is_exceeded_in_any_order,
    no_limit_of_births_is_exceeded,
}

/// J-5.1.T-d, -f, -j, -l, -o, -r, J-5.1.2-b, J-5.1.4-a, J-5.2-b to -d, -h to -j, J-5.5.1-c, -d, B-5.1-c to -e, B-5.2-b, -c; the
/// rules keep their own order whatever the order of filing.
fn no_maximum_is_exceeded_in_any_order(rules: &Rules, years: &mut Years, person: &Year) {
    for cases in [person.cases.clone(), refiled(years, &person.cases)] {
        let settled = rules.settle(&cases, &person.opening);
        of_basic_insurance(rules, &settled, person);
        of_critical_illness_insurance(rules, &settled, person);
        of_outpatient_assistance(&settled, person);
    }
}

/// The same bills, filed in another order.
fn refiled(years: &mut Years, cases: &[Case]) -> Vec<Case> {
    let orders: Vec<i64> = cases.iter().map(|case| case.filed_order).collect();
    let orders = years.shuffled(&orders);
    let again = |(case, filed_order): (&Case, i64)| Case { filed_order, ..case.clone() };
    cases.iter().zip(orders).map(again).collect()
}

fn find(person: &Year, parts: &Parts) -> Case {
    person.cases.iter().find(|case| case.id == parts.id).unwrap().clone()
}

/// Stays and special outpatient care 180000.00 and the balances; outpatient care 4000.00, with a family doctor 4200.00, in
/// 2017 3000.00; one deductible of 500.00; 90 days of home bed.
fn of_basic_insurance(rules: &Rules, settled: &Settled, person: &Year) {
    let end = settled.end();
    let balances = person.opening.balance().get();
    assert!(end.basic_paid.get() <= 180_000 * YUAN + balances, "{person:#?}");
    assert!(end.balance_used.get() <= balances, "{person:#?}");
    assert!(end.deductible_used.get() <= 500 * YUAN, "{person:#?}");
    assert!(end.home_bed_days <= 90, "{person:#?}");
    let signed = person.cases.iter().any(|case| case.standing.family_doctor);
    let maximum = match (rules.policy_year(), signed) {
        (..2021, _) => 3_000,
        (_, true) => 4_200,
        (_, false) => 4_000,
    };
    assert!(end.outpatient_paid.get() <= maximum * YUAN, "{person:#?}");
    // Without a contract the quota of one is not there, also where another bill of the year had it.
    let mut outpatient = 0;
    for (parts, state) in settled.parts.iter().zip(&settled.states) {
        let paid = state.outpatient_paid.get() - outpatient;
        outpatient = state.outpatient_paid.get();
        let without = paid > 0 && !find(person, parts).standing.family_doctor;
        assert!(!without || outpatient <= 4_000 * YUAN, "{parts:?} of {person:#?}");
    }
    let covered: i64 = settled.parts.iter().map(|parts| parts.basic).sum();
    assert_eq!(covered, (end.basic_paid + end.outpatient_paid).get(), "{person:#?}");
}

/// What the bands up to 300000.00 come to; with the tilt they go on at 75 % above half the threshold.
fn of_critical_illness_insurance(rules: &Rules, settled: &Settled, person: &Year) {
    let paid: i64 = settled.parts.iter().map(|parts| parts.critical).sum();
    let end = settled.end();
    assert_eq!(paid, end.critical_illness_paid.get(), "{person:#?}");
    let maximum = match rules.policy_year() {
        ..2021 => 170_000 * YUAN,
        _ if person.cases.iter().any(|case| is_tilted(&case.identities)) => {
            let bands: i64 = [(10_601, 100_000, 65), (100_000, 200_000, 70), (200_000, i64::MAX / 10_000, 75)]
                .iter()
                .map(|(from, to, percent)| (end.burden.get().min(to * YUAN) - from * YUAN).max(0) * percent)
                .sum();
            (bands + 50) / 100
        }
        _ => 18_227_880,
    };
    assert!(paid <= maximum && paid <= end.burden.get(), "{paid} above {maximum} of {person:#?}");
}

/// 500.00 a year for the extremely poor, 200.00 for other recipients.
fn of_outpatient_assistance(settled: &Settled, person: &Year) {
    let (mut paid, mut before) = (0, 0);
    for (parts, state) in settled.parts.iter().zip(&settled.states) {
        let case = find(person, parts);
        let visited = state.outpatient_eligible + state.general_fee;
        if visited.get() > before && parts.medical > 0 {
            paid += parts.medical;
            let poorest = [Identity::UrbanExtremePoverty, Identity::RuralExtremePoverty];
            let maximum = if poorest.iter().any(|own| case.identities.contains(own)) { 500 } else { 200 };
            assert!(paid <= maximum * YUAN, "{parts:?} of {person:#?}");
        }
        before = visited.get();
    }
}

/// J-5.3.T-a to -d, -i to -s, AMB-087: checks of one pregnancy up to 660.00, a miscarriage up to 150.00, every fixed amount as
/// it is printed; and nothing of it from or to another insurance.
fn no_limit_of_births_is_exceeded(rules: &Rules, _: &mut Years, person: &Year) {
    let settled = rules.settle(&person.cases, &person.opening);
    let (mut registered, mut by_day, mut by_end) = (0, BTreeMap::new(), BTreeMap::new());
    for parts in &settled.parts {
        let case = find(person, parts);
        if !matches!(case.bill.kind, CareKind::Maternity | CareKind::FamilyPlanning) {
            assert_eq!(parts.maternity, 0, "{parts:?} of {person:#?}");
            continue;
        }
        let others = [parts.basic, parts.critical, parts.medical, parts.veterans];
        assert_eq!(others, [0; 4], "{parts:?} of {person:#?}");
        match case.bill.maternity.as_ref().unwrap() {
            MaternityEvent::PrenatalChecks(checks) => {
                let on_day = by_day.entry(case.bill.admitted_on).or_insert(0);
                *on_day += parts.maternity;
                registered += if case.standing.conceived_on.is_some() { parts.maternity } else { 0 };
                let ended_alike = by_end.entry(checks.end).or_insert(0);
                *ended_alike += parts.maternity;
                let paid = [registered, *on_day, *ended_alike];
                assert!(paid.iter().all(|paid| *paid <= 660 * YUAN), "{parts:?} of {person:#?}");
                let early = checks.end == PregnancyEnd::Termination && checks.weeks.is_some_and(|weeks| weeks < 12);
                assert!(!early || parts.maternity <= 160 * YUAN, "{parts:?} of {person:#?}");
                assert!(parts.maternity <= parts.total, "{parts:?} of {person:#?}");
            }
            MaternityEvent::Childbirth(_) => {
                let most = case.bill.eligible().get().max(2_280 * YUAN);
                assert!(parts.maternity <= most, "{parts:?} of {person:#?}");
            }
            MaternityEvent::FamilyPlanning(planning) => {
                assert!(
                    planning_is_limited(planning.procedures[0], &case, parts.maternity),
                    "{parts:?} of {person:#?}"
                );
            }
        }
    }
}

fn planning_is_limited(procedure: FamilyPlanningProcedure, case: &Case, paid: i64) -> bool {
    use FamilyPlanningProcedure::{Abortion, DrugAbortion, InducedLabour, Miscarriage};
    let eligible = case.bill.eligible().get();
    match procedure {
        Miscarriage | DrugAbortion => paid <= eligible.min(150 * YUAN),
        Abortion => paid <= 180 * YUAN,
        InducedLabour => paid <= 960 * YUAN,
        // Fixed amounts end at 600.00; a share is 60 %.
        _ => paid <= (600 * YUAN).max((eligible * 60 + 50) / 100),
    }
}
