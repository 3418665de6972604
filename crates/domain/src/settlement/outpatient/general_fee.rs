//! The general treatment fee of a village clinic: 80 to 20, without a deductible (J-5.1.5-b, -c).

use super::params::{OutpatientParams, Venue};
use super::{left, limits};
use crate::codes::Payer;
use crate::money::Fen;
use crate::receipt::Step;
use crate::refusal::{Reason, Refusal};
use crate::settlement::accumulators::Accumulators;
use crate::settlement::case::Case;
use crate::settlement::params::MaximumBasis;
use crate::settlement::trace::Trace;

/// What the fee of a bill came to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Fee {
    /// The part of the eligible cost that is the fee.
    pub(super) cost: Fen,
    /// Paid by the fund.
    pub(super) paid: Fen,
}

/// Settles the fee before the rest of the bill (AMB-143), within the maximum of the year and without filling the deductible
/// (AMB-065). Only a village clinic charges one; at other venues the same items are ordinary cost.
pub(super) fn settle<'a, T: Trace<'a>>(
    case: &'a Case,
    state: &mut Accumulators,
    (venue, maximum): (Venue, Fen),
    params: &'a OutpatientParams,
    trace: &mut T,
) -> Result<Fee, Refusal> {
    let Some(fee) = case.bill.general_fee.filter(|_| venue == Venue::VillageClinic) else { return Ok(Fee::default()) };
    let not_printed = || {
        let detail = format!("no rate of the general treatment fee is printed for tier {}", case.tier);
        Refusal::new(Reason::RuleNotDefined, detail).at("bill.general_fee").by(params.venues.reference.rule_id.clone())
    };
    let law = params.general_fee.as_ref().ok_or_else(not_printed)?;
    let rate = law.rate.get(&case.tier).ok_or_else(not_printed)?;
    let cost = fee.sum().min(case.bill.eligible());
    trace.step(move || {
        Step::by(&law.contains, |_| "TRUE".into())
            .given("registration", fee.registration)
            .given("consultation", fee.consultation)
            .given("injection", fee.injection)
            .found("general_fee", cost)
    });
    let before = *state;
    let left = left(&before, maximum, params);
    let paid = match params.maximum_basis.value {
        MaximumBasis::FundPayment => cost.at(rate.value).round().min(left),
        MaximumBasis::EligibleCost => cost.min(left).at(rate.value).round(),
    };
    state.general_fee += cost;
    state.general_fee_paid += paid;
    state.outpatient_paid += paid;
    let after = *state;
    trace.pay(Payer::BasicFund, paid, move || {
        let reached = match params.maximum_basis.value {
            MaximumBasis::FundPayment => cost.at(rate.value).round() > left,
            MaximumBasis::EligibleCost => cost > left,
        };
        let step = Step::by(rate, |rate| (*rate).into()).using(&params.maximum, |fen| (*fen).into());
        limits(step, params, reached)
            .given("general_fee", cost)
            .given("left", left)
            .moving("general_fee", before.general_fee, after.general_fee)
            .moving("general_fee_paid", before.general_fee_paid, after.general_fee_paid)
            .moving("outpatient_paid", before.outpatient_paid, after.outpatient_paid)
    });
    Ok(Fee { cost, paid })
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{clinic, law_2021, settled};
    use super::*;
    use crate::settlement::fixtures::Cases;

    /// S-35, J-5.1.5-b, J-5.1.5-c: three fees of 1.00 + 5.00 + 4.00, and J-5.1.5-a: drugs at the rate of level 1.
    #[test]
    fn eighty_to_twenty_without_a_deductible() {
        let visits = [clinic(1, 200), clinic(2, 200), clinic(3, 220)];
        let outcomes = settled(&visits, &law_2021());
        let paid: Vec<i64> = outcomes.iter().map(|outcome| outcome.basic.get()).collect();
        assert_eq!(paid, [800, 800, 6_800]);
        assert!(outcomes[2].trace.applies("J-5.1.5-a") && outcomes[2].trace.applies("J-5.1.5-c"));
        let state = outcomes[2].state_after;
        assert_eq!((state.outpatient_eligible, state.general_fee), (Fen::yuan(620), Fen::yuan(30)));
        assert_eq!((state.outpatient_paid, state.general_fee_paid), (Fen::yuan(84), Fen::yuan(24)));
    }

    /// J-5.1.5-a: E 200.00 after the deductible: 100.00.
    #[test]
    fn a_clinic_counts_as_level_one() {
        let mut first = clinic(1, 500);
        let mut second = clinic(2, 200);
        for case in [&mut first, &mut second] {
            case.bill.general_fee = None;
            case.bill.in_catalogue -= Fen::yuan(10);
        }
        assert_eq!(settled(&[first, second], &law_2021())[1].basic, Fen::yuan(100));
    }

    /// AMB-143: where little is left of the maximum, the fee takes it first.
    #[test]
    fn the_fee_takes_the_maximum_first() {
        let mut law = law_2021();
        law.maximum.value = Fen::yuan(5);
        let outcome = settled(&[clinic(1, 1_000)], &law).remove(0);
        assert_eq!((outcome.basic, outcome.state_after.general_fee_paid), (Fen::yuan(5), Fen::yuan(5)));
        assert!(outcome.trace.is_marked("MAXIMUM_REACHED"));
        law.maximum_basis.value = MaximumBasis::EligibleCost;
        let outcome = settled(&[clinic(1, 1_000)], &law).remove(0);
        assert_eq!(outcome.basic, Fen::yuan(4));
    }

    /// In both readings the maximum holds and no bill receives more than its cost.
    #[test]
    fn the_maximum_holds() {
        let mut cases = Cases(0x6A09_E667_F3BC_C908);
        for basis in [MaximumBasis::FundPayment, MaximumBasis::EligibleCost] {
            let mut law = law_2021();
            law.maximum_basis.value = basis;
            for _ in 0..200 {
                let visits: Vec<Case> = (1..=8).map(|order| clinic(order, cases.below(3_000).cast_signed())).collect();
                let outcomes = settled(&visits, &law);
                let state = outcomes.last().unwrap().state_after;
                assert!(state.outpatient_paid <= law.maximum.value);
                assert_eq!(state.outpatient_paid, outcomes.iter().map(|it| it.basic).sum());
                assert!(outcomes.iter().all(|it| !it.basic.is_negative() && it.basic <= it.eligible));
                assert_eq!(state.burden, Fen::ZERO);
            }
        }
    }
}
