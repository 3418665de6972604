//! The annual maximum of stays and special outpatient care together, in both readings (J-5.1.T-f, J-5.1.T-l, AMB-053).

use super::balance;
use super::rate::FundRate;
use crate::codes::Payer;
use crate::money::Fen;
use crate::receipt::Step;
use crate::settlement::accumulators::{Accumulators, Opening};
use crate::settlement::params::{BasicParams, MaximumBasis, SpecialOutpatientParams};
use crate::settlement::trace::Trace;

/// A covered bill on its way to the maximum.
pub(super) struct Due<'a> {
    pub(super) eligible: Fen,
    pub(super) deductible: Fen,
    pub(super) rate: FundRate<'a>,
}

/// What limits it.
pub(super) struct Limits<'a> {
    pub(super) params: &'a BasicParams,
    /// The law of special outpatient care, of such a bill.
    pub(super) special: Option<&'a SpecialOutpatientParams>,
    /// Maximum of the year, carried balances included.
    pub(super) maximum: Fen,
    /// What the person brought into the year.
    pub(super) opening: &'a Opening,
}

/// What comes of it.
pub(super) struct Paid {
    /// Paid by the basic fund.
    pub(super) fund: Fen,
    /// Borne by the person outside the policy (AMB-075).
    pub(super) outside_burden: Fen,
    /// Used of the carried balances in the year so far.
    pub(super) balance_used: Fen,
}

/// Pays the bill up to the maximum.
pub(super) fn pay<'a, T: Trace<'a>>(due: &Due<'a>, before: &Accumulators, limits: &Limits<'a>, trace: &mut T) -> Paid {
    match limits.params.maximum_basis.value {
        MaximumBasis::FundPayment => limited_by_payment(due, before, limits, trace),
        MaximumBasis::EligibleCost => limited_by_cost(due, before, limits, trace),
    }
}

/// The maximum as the most the fund pays in the year: min(round((E − D) × R), M).
fn limited_by_payment<'a, T: Trace<'a>>(
    due: &Due<'a>,
    before: &Accumulators,
    limits: &Limits<'a>,
    trace: &mut T,
) -> Paid {
    let above = due.eligible - due.deductible;
    let computed = above.at(due.rate.value()).round();
    let left = limits.maximum.above(before.basic_paid);
    let fund = computed.min(left);
    let (rate, maximum, marks) = (due.rate_step(due.eligible), limits.step(computed > left), due.marks());
    trace.step(move || rate().found("computed", computed));
    let paid_before = before.basic_paid;
    trace.pay(Payer::BasicFund, fund, move || {
        marks(maximum().given("computed", computed).moving("basic_paid", paid_before, paid_before + fund))
    });
    Paid {
        fund,
        outside_burden: above.at(due.rate.in_policy()).round().min(left) - fund,
        balance_used: balance::consume(before.basic_paid + fund, before, limits.opening, limits.params, trace),
    }
}

/// The other reading, as the eligible cost up to which the fund pays.
fn limited_by_cost<'a, T: Trace<'a>>(due: &Due<'a>, before: &Accumulators, limits: &Limits<'a>, trace: &mut T) -> Paid {
    let left = limits.maximum.above(before.eligible);
    let payable = due.eligible.min(left);
    let above = payable.above(due.deductible);
    let fund = above.at(due.rate.value()).round();
    let (rate, maximum, marks) = (due.rate_step(payable), limits.step(due.eligible > left), due.marks());
    let (eligible_before, eligible, paid_before) = (before.eligible, due.eligible, before.basic_paid);
    trace.step(move || {
        maximum().moving("eligible", eligible_before, eligible_before + eligible).found("payable_cost", payable)
    });
    trace.pay(Payer::BasicFund, fund, move || marks(rate().moving("basic_paid", paid_before, paid_before + fund)));
    let charged = (before.eligible + due.eligible).min(limits.maximum);
    Paid {
        fund,
        outside_burden: above.at(due.rate.in_policy()).round() - fund,
        balance_used: balance::consume(charged, before, limits.opening, limits.params, trace),
    }
}

impl<'a> Due<'a> {
    fn rate_step(&self, cost: Fen) -> impl Fn() -> Step + Copy + use<'a> {
        let (rate, deductible) = (self.rate.step(), self.deductible);
        move || rate().given("eligible", cost).given("deductible", deductible)
    }

    fn marks(&self) -> impl Fn(Step) -> Step + Copy + use<> {
        let (nothing, below) = (self.eligible.is_zero(), self.eligible <= self.deductible);
        move |step| {
            if nothing {
                step.marked("NOT_COVERED")
            } else if below {
                step.marked("BELOW_DEDUCTIBLE")
            } else {
                step
            }
        }
    }
}

impl<'a> Limits<'a> {
    fn step(&self, reached: bool) -> impl Fn() -> Step + Copy + use<'a> {
        let (params, special) = (self.params, self.special);
        move || {
            let maximum = &params.maximum;
            let step = match special {
                Some(special) => {
                    Step::by(&special.maximum, |account| account.as_str().into()).using(maximum, |fen| (*fen).into())
                }
                None => Step::by(maximum, |fen| (*fen).into()),
            };
            let step = step.using(&params.maximum_basis, |basis| basis.as_str().into());
            if reached { step.marked("MAXIMUM_REACHED") } else { step }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::codes::{ProviderLevel, Tier};
    use crate::money::Fen;
    use crate::settlement::case::Case;
    use crate::settlement::fixtures::{basic_2021, settle, settle_with, special, stay};
    use crate::settlement::params::MaximumBasis;

    /// The example of J-5.1.T-f: 172000.00 paid, the next bill computes 13650.00: 8000.00 is paid, and 5650.00 more is burden.
    #[test]
    fn the_last_of_the_maximum_is_paid() {
        // (229833.33 − 500.00) × 75 %, and 18200.00 × 75 %.
        let bills = [Fen::new(22_983_333), Fen::yuan(18_200)];
        let bills: Vec<Case> =
            (1..).zip(bills).map(|(order, fen)| stay(order, fen, ProviderLevel::Three, Tier::High)).collect();
        let outcomes = settle(&bills);
        assert_eq!((outcomes[0].basic, outcomes[1].basic), (Fen::yuan(172_000), Fen::yuan(8_000)));
        let computed = outcomes[1].trace.output("computed");
        assert_eq!(computed, Some(&crate::receipt::Value::Fen(Fen::yuan(13_650))));
        let own = outcomes[1].state_after.burden - outcomes[0].state_after.burden;
        // The personal part of 25 % and what the maximum leaves of the fund's.
        assert_eq!(own, Fen::yuan(18_200 - 13_650 + 5_650));
        assert!(outcomes[1].trace.is_marked("MAXIMUM_REACHED"));
    }

    /// S-27, AMB-053: the maximum as a limit of payment.
    #[test]
    fn the_maximum_limits_what_the_fund_pays() {
        let stays = [200_500, 60_000, 100].map(Fen::yuan);
        let bills: Vec<Case> =
            (1..).zip(stays).map(|(order, fen)| stay(order, fen, ProviderLevel::Three, Tier::High)).collect();
        let outcomes = settle(&bills);
        assert_eq!(outcomes[0].basic, Fen::yuan(150_000));
        assert_eq!(outcomes[1].basic, Fen::yuan(30_000));
        assert_eq!(outcomes[1].state_after.burden, Fen::yuan(80_500));
        assert_eq!(outcomes[2].basic, Fen::ZERO);
        let reached: Vec<bool> = outcomes.iter().map(|outcome| outcome.trace.is_marked("MAXIMUM_REACHED")).collect();
        assert_eq!(reached, [false, true, true]);
    }

    /// S-27, the other reading (AMB-053): the maximum as a limit of cost.
    #[test]
    fn the_maximum_may_limit_the_cost_instead() {
        let bills = [200_500, 60_000].map(Fen::yuan);
        let bills: Vec<Case> =
            (1..).zip(bills).map(|(order, fen)| stay(order, fen, ProviderLevel::Three, Tier::High)).collect();
        let outcomes = settle_with(&bills, &basic_2021(MaximumBasis::EligibleCost));
        assert_eq!((outcomes[0].basic, outcomes[1].basic), (Fen::new(13_462_500), Fen::ZERO));
        assert!(outcomes.iter().all(|outcome| outcome.trace.is_marked("MAXIMUM_REACHED")));
    }

    /// J-5.1.T-l: inpatient 150000.00 paid leave special outpatient care 30000.00.
    #[test]
    fn special_outpatient_care_shares_the_maximum() {
        let bills = [
            stay(1, Fen::yuan(200_500), ProviderLevel::Three, Tier::High),
            special(2, Fen::yuan(100_000), ProviderLevel::One, Tier::High),
            stay(3, Fen::yuan(100), ProviderLevel::Three, Tier::High),
        ];
        let outcomes = settle(&bills);
        assert_eq!((outcomes[1].basic, outcomes[2].basic), (Fen::yuan(30_000), Fen::ZERO));
        assert!(outcomes[1].trace.applies("J-5.1.T-l") && outcomes[1].trace.is_marked("MAXIMUM_REACHED"));
        // J-5.2-a: what the maximum leaves is burden.
        assert_eq!(outcomes[1].state_after.burden, Fen::yuan(50_500 + 70_000));
        // As a limit of cost the first stay uses it up.
        let outcomes = settle_with(&bills, &basic_2021(MaximumBasis::EligibleCost));
        assert_eq!((outcomes[0].basic, outcomes[1].basic), (Fen::new(13_462_500), Fen::ZERO));
    }
}
