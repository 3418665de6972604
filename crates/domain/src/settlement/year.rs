//! The bills of one person and benefit year, settled in the order of the law.

use super::accumulators::{Accumulators, Opening};
use super::care::CareKind;
use super::case::Case;
use super::critical_illness::Burden;
use super::outpatient::params::OutpatientParams;
use super::params::{BasicParams, CriticalIllnessParams};
use super::trace::Trace;
use super::{basic, critical_illness, outpatient};
use crate::codes::Payer;
use crate::effective::Gap;
use crate::id::SettlementId;
use crate::money::Fen;
use crate::refusal::{Reason, Refusal, Refusals};

/// The law that governs one bill. What the documents do not print is a gap, and refuses the bills that need it.
#[derive(Clone, Copy, Debug)]
pub struct Law<'a> {
    /// Of basic insurance for inpatient care.
    pub basic: Result<&'a BasicParams, &'a Gap>,
    /// Of critical illness insurance.
    pub critical_illness: Result<&'a CriticalIllnessParams, &'a Gap>,
    /// Of basic insurance for outpatient care.
    pub outpatient: Result<&'a OutpatientParams, &'a Gap>,
}

/// What the insurances pay on one bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome<T> {
    /// The bill.
    pub id: SettlementId,
    /// Whole cost of the bill.
    pub total: Fen,
    /// Eligible part of it.
    pub eligible: Fen,
    /// Steps of the insurances, with the running totals around each.
    pub trace: T,
    /// Paid by the basic fund.
    pub basic: Fen,
    /// Paid by critical illness insurance.
    pub critical: Fen,
    /// What is left of the eligible cost: the base of assistance (J-5.5.2-a).
    pub aid_base: Fen,
    /// Running totals after the bill.
    pub state_after: Accumulators,
}

/// Settles the bills of one person and benefit year, in the order in which their stays began and, for one day, of
/// filing (AMB-055, AMB-138). The outcomes come in that order, whatever the order of `cases`, so that a bill filed late or
/// reversed changes exactly what it would have changed had it come in time.
///
/// # Errors
/// What `law_for` or the rules refuse, for all bills.
pub fn adjudicate_year<'a, T: Trace>(
    cases: &[Case],
    opening: &Opening,
    law_for: impl Fn(&Case) -> Result<Law<'a>, Refusals>,
) -> Result<Vec<Outcome<T>>, Refusals> {
    let mut in_order: Vec<&Case> = cases.iter().collect();
    in_order.sort_by_key(|case| (case.bill.began_on(), case.filed_order));
    let mut refusals = Refusals::default();
    let mut outcomes = Vec::with_capacity(cases.len());
    let mut state = Accumulators::default();
    for case in in_order {
        let before = state;
        let outcome = law_for(case).and_then(|law| adjudicate(case, &mut state, opening, law));
        match refusals.keep(outcome) {
            Some(outcome) => outcomes.push(outcome),
            None => state = before,
        }
    }
    refusals.into_result()?;
    Ok(outcomes)
}

/// Settles one bill on the state of the year, and moves it.
fn adjudicate<T: Trace>(
    case: &Case,
    state: &mut Accumulators,
    opening: &Opening,
    law: Law<'_>,
) -> Result<Outcome<T>, Refusals> {
    let (mut trace, before) = (T::default(), *state);
    match case.bill.kind {
        CareKind::Inpatient => stay(case, state, law, &mut trace)?,
        CareKind::Outpatient => {
            let params = law.outpatient.map_err(Clone::clone)?;
            outpatient::settle(case, state, opening, params, &mut trace)?;
        }
        kind => {
            let detail = format!("no rule is printed for a bill of kind {kind}");
            return Err(Refusal::new(Reason::RuleNotDefined, detail).at("bill.care_kind").into());
        }
    }
    let (basic, critical) = (trace.total(Payer::BasicFund), trace.total(Payer::CriticalIllness));
    let eligible = case.bill.eligible();
    // Of outpatient care only what basic insurance counted is a personal share (J-5.5.1-a, J-5.5.1-b).
    let counted = match case.bill.kind {
        CareKind::Outpatient => state.outpatient_cost() - before.outpatient_cost(),
        _ => eligible,
    };
    Ok(Outcome {
        id: case.id,
        total: case.bill.total,
        eligible,
        trace,
        basic,
        critical,
        aid_base: counted - basic - critical,
        state_after: *state,
    })
}

/// Basic insurance first, then critical illness insurance on what it leaves (J-6.1-b, J-5.2-a).
fn stay<T: Trace>(case: &Case, state: &mut Accumulators, law: Law<'_>, trace: &mut T) -> Result<(), Refusals> {
    let mut refusals = Refusals::default();
    let params =
        (refusals.keep(law.basic.map_err(Clone::clone)), refusals.keep(law.critical_illness.map_err(Clone::clone)));
    let (Some(basic_params), Some(critical_params)) = params else { return Err(refusals) };
    let paid = basic::settle(case, state, basic_params, trace)?;
    let own = case.bill.eligible() - paid;
    let burden = Burden { before: state.burden, own, paid_before: state.critical_illness_paid };
    let critical = critical_illness::pay(burden, &case.identities, critical_params, trace);
    state.burden += own;
    state.critical_illness_paid += critical;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{Cases, basic_2021, case, critical_illness_2021, settle};
    use super::super::outpatient::fixtures::law_2021;
    use super::super::params::MaximumBasis;
    use super::super::trace::Amounts;
    use super::*;
    use crate::codes::{Identity, Tier};
    use crate::receipt::Receipt;

    /// S-27: critical illness insurance on what the maximum leaves, J-5.2-b and J-5.2-f.
    #[test]
    fn critical_illness_answers_for_what_the_maximum_leaves() {
        let high = |order, yuan| Case { tier: Tier::High, ..case(order, Fen::yuan(yuan)) };
        let outcomes = settle(&[high(1, 200_500), high(2, 60_000)]);
        assert_eq!(outcomes[1].state_after.burden, Fen::new(8_050_000));
        assert_eq!(outcomes[1].state_after.critical_illness_paid, Fen::new(3_557_880));
    }

    /// S-45 and S-46 up to assistance: J-5.2-k.
    #[test]
    fn a_tilted_person_has_two_stays() {
        let poor =
            |order, yuan| Case { identities: vec![Identity::SubsistenceAllowance], ..case(order, Fen::yuan(yuan)) };
        let outcomes = settle(&[poor(1, 120_000), poor(2, 60_000)]);
        let parts: Vec<_> =
            outcomes.iter().map(|outcome| (outcome.basic, outcome.critical, outcome.aid_base)).collect();
        assert_eq!(
            parts,
            [
                (Fen::new(8_365_000), Fen::new(1_673_685), Fen::new(1_961_315)),
                (Fen::new(4_200_000), Fen::new(1_170_000), Fen::new(630_000)),
            ]
        );
        assert_eq!(outcomes[1].state_after.burden, Fen::new(5_435_000));
    }

    /// J-5.2-a: eligible 20000.00, basic 13650.00, burden 6350.00.
    #[test]
    fn the_burden_is_what_basic_insurance_leaves() {
        assert_eq!(settle(&[case(1, Fen::yuan(20_000))])[0].state_after.burden, Fen::yuan(6_350));
    }

    /// C01: the waiver counts stays, so being ill once more saves 349.00.
    #[test]
    fn an_earlier_small_stay_saves_money() {
        let left = |cases: &[Case]| settle(cases).iter().map(|outcome| outcome.aid_base).sum::<Fen>();
        assert_eq!(left(&[case(1, Fen::yuan(20_000))]), Fen::yuan(6_350));
        assert_eq!(left(&[case(1, Fen::yuan(1)), case(2, Fen::yuan(20_000))]), Fen::yuan(6_001));
    }

    /// AMB-055: which stay is the first is a question of admission, then of filing.
    #[test]
    fn a_bill_filed_late_takes_its_place() {
        let outcomes = settle(&[case(2, Fen::yuan(8_000)), case(1, Fen::yuan(20_000))]);
        assert_eq!(outcomes[0].basic, Fen::new(1_365_000));
        assert!(!outcomes[1].trace.applies("J-5.1.T-d"));
        let same_day = |order, yuan| {
            let mut case = case(order, Fen::yuan(yuan));
            case.bill.admitted_on = super::super::fixtures::case(1, Fen::ZERO).bill.admitted_on;
            case
        };
        let outcomes = settle(&[same_day(3, 600), same_day(2, 700)]);
        assert_eq!((outcomes[0].total, outcomes[1].total), (Fen::yuan(700), Fen::yuan(600)));
    }

    /// The refusals of all bills, each by its own law.
    #[test]
    fn every_refused_bill_is_reported() {
        let refuse = |_: &Case| Err(Refusal::new(Reason::RuleNotDefined, "no law").into());
        let refusals =
            adjudicate_year::<Receipt>(&[case(1, Fen::yuan(1)), case(2, Fen::yuan(2))], &Opening::default(), refuse)
                .unwrap_err();
        assert_eq!(refusals.0.len(), 2);
    }

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
                let outpatient = law_2021();
                let whole =
                    Law { basic: Ok(&law), critical_illness: Ok(&critical_illness), outpatient: Ok(&outpatient) };
                let outcomes = adjudicate_year::<Receipt>(&year, &Opening::default(), |_| Ok(whole)).unwrap();
                // Without an explanation the same is paid.
                let amounts = adjudicate_year::<Amounts>(&year, &Opening::default(), |_| Ok(whole)).unwrap();
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
}
