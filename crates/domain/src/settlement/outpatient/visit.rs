//! Deductible, rate and maximum of outpatient cost (J-5.1.T-m to -o, B-5.2-b to -d).

use super::params::{FamilyDoctorParams, OutpatientParams, Venue};
use super::{deductible, family_doctor, left, limits};
use crate::codes::Payer;
use crate::effective::Effective;
use crate::money::{Fen, Rate};
use crate::receipt::Step;
use crate::refusal::{Reason, Refusal};
use crate::settlement::accumulators::{Accumulators, Opening};
use crate::settlement::case::Case;
use crate::settlement::params::MaximumBasis;
use crate::settlement::trace::Trace;

/// What a bill is settled by.
#[derive(Clone, Copy)]
pub(super) struct Terms<'a> {
    pub(super) rate: &'a Effective<Rate>,
    pub(super) bonus: Option<&'a FamilyDoctorParams>,
    pub(super) maximum: Fen,
    pub(super) opening: &'a Opening,
}

/// The printed rate of a venue.
pub(super) fn rate<'a>(
    case: &Case,
    venue: Venue,
    params: &'a OutpatientParams,
) -> Result<&'a Effective<Rate>, Refusal> {
    params.rate.get(&(venue, case.tier)).ok_or_else(|| {
        let detail = format!("no outpatient rate is printed for {venue}, tier {}", case.tier);
        let parameter = format!("outpatient.rate.{venue}.{}", case.tier);
        Refusal::new(Reason::RuleNotDefined, detail).at("bill.provider.kind").with("parameter", parameter).by(params
            .venues
            .reference
            .rule_id
            .clone())
    })
}

/// Settles what is not a general fee: the part above the deductible of the year at the rate, within the maximum.
pub(super) fn settle<'a, T: Trace<'a>>(
    cost: Fen,
    state: &mut Accumulators,
    Terms { rate: printed, bonus, maximum, opening }: Terms<'a>,
    params: &'a OutpatientParams,
    trace: &mut T,
) -> Fen {
    let before = *state;
    let of_year = deductible::explained(opening.unused_outpatient_years, params, trace);
    let due = of_year.above(before.outpatient_eligible).min(cost);
    trace.step(move || {
        Step::by(&params.deductible, |fen| (*fen).into())
            .given("deductible_of_the_year", of_year)
            .given("eligible", cost)
            .moving("outpatient_eligible", before.outpatient_eligible, before.outpatient_eligible + cost)
            .found("deductible", due)
    });
    let rate = family_doctor::raised(printed.value, bonus);
    if let Some(bonus) = bonus {
        trace.step(move || family_doctor::points_step(bonus, printed, rate));
        trace.step(move || more_quota(bonus, params, maximum));
    }
    let left = left(&before, maximum, params);
    let (payable, limited) = match params.maximum_basis.value {
        MaximumBasis::FundPayment => (cost, false),
        MaximumBasis::EligibleCost => (cost.min(left), cost > left),
    };
    let computed = payable.above(due).at(rate).round();
    let (paid, limited) = match params.maximum_basis.value {
        MaximumBasis::FundPayment => (computed.min(left), computed > left),
        MaximumBasis::EligibleCost => (computed, limited),
    };
    trace.step(move || {
        Step::by(printed, |rate| (*rate).into())
            .given("eligible", payable)
            .given("deductible", due)
            .found("rate", rate)
            .found("computed", computed)
    });
    state.outpatient_eligible += cost;
    state.outpatient_paid += paid;
    trace.pay(Payer::BasicFund, paid, move || {
        let step = limits(Step::by(&params.maximum, |fen| (*fen).into()), params, limited)
            .given("computed", computed)
            .given("left", left)
            .moving("outpatient_paid", before.outpatient_paid, before.outpatient_paid + paid);
        if cost <= due && !cost.is_zero() { step.marked("BELOW_DEDUCTIBLE") } else { step }
    });
    paid
}

/// The amount added to the maximum of the year (J-5.1.4-a).
fn more_quota(bonus: &FamilyDoctorParams, params: &OutpatientParams, maximum: Fen) -> Step {
    Step::by(&bonus.amount, |fen| (*fen).into()).using(&params.maximum, |fen| (*fen).into()).found("maximum", maximum)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{law_2017, law_2021, settled, settled_with, visit};
    use super::*;
    use crate::receipt::Receipt;
    use crate::settlement::year::Outcome;

    fn paid(yuan: &[i64], params: &OutpatientParams) -> Vec<Fen> {
        let bills: Vec<Case> = (1..).zip(yuan).map(|(order, yuan)| visit(order, Fen::yuan(*yuan))).collect();
        settled(&bills, params).iter().map(|outcome: &Outcome<Receipt>| outcome.basic).collect()
    }

    /// J-5.1.T-m: (3000.00 − 500.00) × 50 %. J-5.1.T-n: 420.00, then 280.00.
    #[test]
    fn half_of_what_exceeds_the_deductible() {
        assert_eq!(paid(&[3_000], &law_2021()), [Fen::yuan(1_250)]);
        assert_eq!(paid(&[420, 280], &law_2021()), [Fen::ZERO, Fen::yuan(100)]);
        let below = settled(&[visit(1, Fen::yuan(500))], &law_2021()).remove(0);
        assert!(below.basic.is_zero() && below.trace.is_marked("BELOW_DEDUCTIBLE"));
    }

    /// B-5.2-b: 500.00 and 501.00; B-5.2-d: 1800.00; B-5.2-c: 7000.00.
    #[test]
    fn the_figures_of_2017() {
        assert_eq!(paid(&[500], &law_2017()), [Fen::ZERO]);
        assert_eq!(paid(&[501], &law_2017()), [Fen::new(50)]);
        assert_eq!(paid(&[1_800], &law_2017()), [Fen::yuan(650)]);
        assert_eq!(paid(&[7_000], &law_2017()), [Fen::yuan(3_000)]);
        let receipt = settled(&[visit(1, Fen::yuan(1_800))], &law_2017()).remove(0).trace;
        assert!(["B-5.2-b", "B-5.2-c", "B-5.2-d"].iter().all(|rule| receipt.applies(rule)));
    }

    /// S-30, J-5.1.T-o, AMB-053: 4000.00, or 1750.00 in the other reading.
    #[test]
    fn both_readings_of_the_maximum() {
        assert_eq!(paid(&[9_000], &law_2021()), [Fen::yuan(4_000)]);
        assert_eq!(paid(&[8_500], &law_2021()), [Fen::yuan(4_000)]);
        assert_eq!(paid(&[8_500, 100], &law_2021())[1], Fen::ZERO);
        let mut law = law_2021();
        law.maximum_basis.value = MaximumBasis::EligibleCost;
        assert_eq!(paid(&[9_000], &law), [Fen::yuan(1_750)]);
        assert_eq!(paid(&[3_000, 6_000], &law), [Fen::yuan(1_250), Fen::yuan(500)]);
    }

    /// S-32, J-5.1.1-c: the fourth year begins with a deductible of 200.00. J-5.1.1-d: 300.00, E 700.00 pays 200.00.
    #[test]
    fn a_lowered_deductible_counts() {
        let pays = |unused_outpatient_years| {
            let opening = Opening { unused_outpatient_years, ..Opening::default() };
            settled_with(&[visit(1, Fen::yuan(700))], &opening, &law_2021()).remove(0)
        };
        assert_eq!([0, 1, 2, 3].map(|years| pays(years).basic), [100, 150, 200, 250].map(Fen::yuan));
        assert!(pays(3).trace.applies("J-5.1.1-c"));
    }

    /// J-5.2-a: outpatient burden is none of critical illness insurance.
    #[test]
    fn outside_critical_illness_insurance() {
        let outcome = settled(&[visit(1, Fen::yuan(500_000))], &law_2021()).remove(0);
        assert_eq!(
            (outcome.critical, outcome.state_after.burden, outcome.state_after.stays),
            (Fen::ZERO, Fen::ZERO, 0)
        );
        assert_eq!(outcome.aid_base, Fen::yuan(496_000));
    }
}
