//! What holds for every year of bills, on generated ones.

use super::{Law, adjudicate_year, receipts_of_year};
use crate::codes::Tier;
use crate::money::Fen;
use crate::settlement::accumulators::{Accumulators, CarriedBalance, Opening};
use crate::settlement::case::Case;
use crate::settlement::fixtures::{Cases, basic_2021, critical_illness_2021, settle, try_settle};
use crate::settlement::maternity::fixtures::maternity_2021;
use crate::settlement::outpatient::fixtures::law_2021;
use crate::settlement::params::MaximumBasis;
use crate::settlement::trace::Amounts;

#[test]
fn the_order_of_filing_does_not_matter() {
    let mut cases = Cases(0x9E37_79B9_7F4A_7C15);
    for _ in 0..500 {
        let year = cases.year();
        let shuffled = cases.shuffled(&year);
        assert_eq!(settle(&year), settle(&shuffled));
    }
}

/// Reversing a bill leaves the year as if it had never been filed, and later bills alone change.
#[test]
fn a_reversed_bill_was_never_filed() {
    let mut cases = Cases(0xD1B5_4A32_D192_ED03);
    for _ in 0..500 {
        let mut year = cases.year();
        let with = settle(&year);
        let reversed = year.remove(0);
        let without = settle(&year);
        let earlier = with.iter().take_while(|outcome| outcome.id != reversed.id).count();
        assert_eq!(with[..earlier], without[..earlier]);
        year.push(reversed);
        assert_eq!(settle(&year), with);
    }
}

/// In both readings: nothing negative, nothing above the cost, the maximum kept, and the receipt tells the state.
#[test]
fn parts_and_maxima_hold() {
    let mut cases = Cases(0x2545_F491_4F6C_DD1D);
    for basis in [MaximumBasis::FundPayment, MaximumBasis::EligibleCost] {
        let law = basic_2021(basis);
        let critical_illness = critical_illness_2021();
        for _ in 0..500 {
            let year = cases.year();
            let (maternity, outpatient) = (maternity_2021(), law_2021());
            let whole = Law {
                basic: Ok(&law),
                critical_illness: Ok(&critical_illness),
                maternity: Ok(&maternity),
                outpatient: Ok(&outpatient),
                raised_rate: None,
            };
            let outcomes = receipts_of_year(&year, &Opening::default(), |_| Ok(whole)).unwrap();
            // Without an explanation the same is paid.
            let amounts = adjudicate_year(&year, &Opening::default(), |_| Ok(whole), &mut Amounts::default()).unwrap();
            assert!(outcomes.iter().map(|it| it.state_after).eq(amounts.iter().map(|it| it.state_after)));
            for outcome in &outcomes {
                let parts = [outcome.basic, outcome.critical, outcome.aid_base];
                assert!(parts.iter().all(|part| !part.is_negative()));
                assert_eq!(parts.into_iter().sum::<Fen>(), outcome.eligible);
                let (state, receipt) = (outcome.state_after, &outcome.trace);
                assert_eq!(receipt.accumulated("basic_paid"), Some(state.basic_paid));
                assert_eq!(receipt.accumulated("burden"), Some(state.burden));
                assert_eq!(receipt.accumulated("critical_illness_paid"), Some(state.critical_illness_paid));
            }
            let state = outcomes.last().unwrap().state_after;
            assert!(state.basic_paid <= law.maximum.value && state.deductible_used <= law.deductible.value);
            assert_eq!(state.eligible, state.basic_paid + state.burden);
            assert_eq!(state.basic_paid, outcomes.iter().map(|outcome| outcome.basic).sum());
        }
    }
}

/// In both readings and with every kind of care: the same holds, carried balances are never used twice, a bill that is
/// not covered moves nothing (AMB-140), and neither filing nor reversing in another order changes anything.
#[test]
fn mixed_years_hold_together() {
    let mut cases = Cases(0xA076_1D64_78BD_642F);
    let balance = |origin_year, yuan| CarriedBalance { origin_year, amount: Fen::yuan(yuan) };
    let opening = Opening { balances: vec![balance(2019, 2_500), balance(2020, 4_000)], ..Opening::default() };
    let mut not_covered = 0;
    for basis in [MaximumBasis::FundPayment, MaximumBasis::EligibleCost] {
        let law = basic_2021(basis);
        for _ in 0..500 {
            let mut year = cases.mixed_year();
            let outcomes = try_settle(&year, &opening, &law).unwrap();
            assert_eq!(try_settle(&cases.shuffled(&year), &opening, &law).unwrap(), outcomes);
            let mut before = Accumulators::default();
            for outcome in &outcomes {
                let (state, parts) = (outcome.state_after, [outcome.basic, outcome.critical, outcome.aid_base]);
                assert!(parts.iter().all(|part| !part.is_negative()));
                assert_eq!(parts.into_iter().sum::<Fen>(), outcome.eligible);
                assert!(state.stays - before.stays <= 1 && state.home_bed_days <= 90);
                if outcome.trace.accumulated("basic_paid").is_none() {
                    not_covered += 1;
                    assert!(outcome.trace.is_marked("NOT_COVERED"));
                    assert_eq!((state, outcome.eligible), (before, Fen::ZERO));
                }
                before = state;
            }
            assert!(before.basic_paid <= law.maximum.value + opening.balance());
            assert!(before.balance_used <= opening.balance() && before.deductible_used <= law.deductible.value);
            let taken = year.pop();
            try_settle(&year, &opening, &law).unwrap();
            year.extend(taken);
            assert_eq!(try_settle(&year, &opening, &law).unwrap(), outcomes);
        }
    }
    assert!(not_covered > 500, "{not_covered}");
}

/// Over a year a better tier never receives less from basic insurance; on one bill it may (C21).
#[test]
fn a_better_tier_never_receives_less_over_the_year() {
    let mut cases = Cases(0x0123_4567_89AB_CDEF);
    for _ in 0..500 {
        let year = cases.year();
        let paid = [Tier::Low, Tier::Middle, Tier::High].map(|tier| {
            let year: Vec<Case> = year.iter().map(|case| Case { tier, ..case.clone() }).collect();
            settle(&year).last().unwrap().state_after.basic_paid
        });
        assert!(paid.is_sorted());
    }
}
