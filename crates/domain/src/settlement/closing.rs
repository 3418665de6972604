//! What a year leaves to the next: unspent balances and the outpatient deductible (J-5.1.2-a, J-5.1.1, B-5.3, B-5.4).

use super::accumulators::{Accumulators, CarriedBalance, Opening};
use super::outpatient::deductible;
use super::outpatient::params::{GeneralFeeParams, OutpatientParams};
use super::params::BasicParams;
use crate::money::Fen;
use crate::receipt::{Receipt, Step};

/// A year as it ended.
#[derive(Clone, Copy, Debug)]
pub struct Ended<'a> {
    /// The year.
    pub policy_year: i32,
    /// Running totals after its last bill.
    pub state: &'a Accumulators,
    /// What the person brought into it.
    pub opening: &'a Opening,
    /// Insured on every day of it (B-5.3-a).
    pub whole_year: bool,
    /// A family doctor's contract was in effect on its last day (AMB-060).
    pub family_doctor: bool,
}

/// What it leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// Unspent outpatient maximum of the year.
    pub carried: Fen,
    /// What the next year begins with.
    pub opening: Opening,
    /// Outpatient deductible of the next year, by the figures of this one.
    pub next_deductible: Fen,
    /// Why.
    pub receipt: Receipt,
}

/// Closes a year. `basic` is `None` where no inpatient maximum is printed, so that no balance can have been used.
#[must_use]
pub fn close(ended: &Ended<'_>, params: &OutpatientParams, basic: Option<&BasicParams>) -> Closing {
    let mut receipt = Receipt::default();
    let carried = carry_over(ended, params, &mut receipt);
    let mut balances = left_balances(ended, basic, &mut receipt);
    balances.push(CarriedBalance { origin_year: ended.policy_year, amount: carried });
    let unused_outpatient_years = unused_years(ended, params, &mut receipt);
    let next_deductible = deductible::of_year(unused_outpatient_years, params);
    if let Some(reduction) = deductible::reduction(unused_outpatient_years, params) {
        receipt.push(deductible::step(reduction, unused_outpatient_years, params));
    }
    Closing { carried, opening: Opening { balances, unused_outpatient_years }, next_deductible, receipt }
}

/// Maximum less cost, not less payment (J-5.1.2-a, B-5.4-a, AMB-063); fees and cost below the deductible count, cost at
/// venues outside the scheme does not.
fn carry_over(ended: &Ended<'_>, params: &OutpatientParams, receipt: &mut Receipt) -> Fen {
    let doctor = params.family_doctor.as_ref().filter(|_| ended.family_doctor);
    let bonus = doctor.filter(|doctor| doctor.carried_over.value);
    let maximum = params.maximum.value + bonus.map_or(Fen::ZERO, |doctor| doctor.amount.value);
    let cost = ended.state.outpatient_cost();
    let carried = if params.carry_over.value { maximum.above(cost) } else { Fen::ZERO };
    let mut step = Step::by(&params.carry_over, |_| "TRUE".into()).using(&params.maximum, |fen| (*fen).into());
    if let Some(doctor) = doctor {
        step = step
            .using(&doctor.amount, |fen| (*fen).into())
            .using(&doctor.carried_over, |carried| flag(*carried).into());
    }
    receipt.push(step.given("cost", cost).found("maximum", maximum).found("carried", carried));
    carried
}

/// Balances of earlier years after what the year used of them, the oldest first (J-5.1.2-b, B-5.4-b, AMB-064).
fn left_balances(ended: &Ended<'_>, basic: Option<&BasicParams>, receipt: &mut Receipt) -> Vec<CarriedBalance> {
    let brought = ended.opening.balance();
    let used = ended.state.balance_used.min(brought);
    let left: Vec<CarriedBalance> = ended.opening.left_after(used).collect();
    if let Some(basic) = basic.filter(|_| !brought.is_zero()) {
        let step = Step::by(&basic.maximum, |fen| (*fen).into());
        receipt.push(step.given("brought", brought).given("used", used).found("balance_left", brought - used));
    }
    left
}

/// Years in a row, this one included, whose outpatient cost did not exceed the deductible that applied. Equal cost does not
/// exceed it, and a year with a lowered deductible that was used begins the count anew (J-5.1.1-d, B-5.3-d, AMB-061, -062).
fn unused_years(ended: &Ended<'_>, params: &OutpatientParams, receipt: &mut Receipt) -> u32 {
    let before = ended.opening.unused_outpatient_years;
    let applied = deductible::of_year(before, params);
    let fee = params.general_fee.as_ref();
    let counts = fee.is_some_and(|fee| fee.counts_for_reduction.value);
    let cost = if counts { ended.state.outpatient_cost() } else { ended.state.outpatient_eligible };
    let insured = ended.whole_year || !params.reduction_requires_full_year.value;
    let reimbursed_fee = fee.is_some_and(|fee| fee.restores.value) && !ended.state.general_fee_paid.is_zero();
    let restored = before > 0 && (cost > applied || reimbursed_fee);
    let unused = cost <= applied && insured && !restored;
    let years = if unused { before + 1 } else { 0 };
    let parameter = &params.reduction_requires_full_year;
    let step = Step::by(parameter, |required| flag(*required).into());
    let step = fee.map_or(step.clone(), |fee| fee_readings(step, fee));
    receipt.push(
        step.given("cost", cost)
            .given("deductible", applied)
            .given("insured_the_whole_year", flag(ended.whole_year))
            .given("unused_years_before", i64::from(before))
            .found("unused_years", i64::from(years)),
    );
    if restored {
        receipt.push(
            Step::by(&params.restoration, |_| "TRUE".into())
                .given("deductible", applied)
                .found("deductible", params.deductible.value),
        );
    }
    years
}

fn fee_readings(step: Step, fee: &GeneralFeeParams) -> Step {
    step.using(&fee.counts_for_reduction, |counts| flag(*counts).into())
        .using(&fee.restores, |restores| flag(*restores).into())
}

const fn flag(value: bool) -> &'static str {
    if value { "TRUE" } else { "FALSE" }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{basic_2021, case, try_settle};
    use super::super::outpatient::fixtures::{clinic, law_2017, law_2021, settled, settled_with, visit};
    use super::super::params::MaximumBasis;
    use super::*;

    fn year(eligible: Fen, unused: u32, params: &OutpatientParams) -> Closing {
        let opening = Opening { unused_outpatient_years: unused, ..Opening::default() };
        let bills = if eligible.is_zero() { Vec::new() } else { vec![visit(1, eligible)] };
        let outcomes = settled_with(&bills, &opening, params);
        let state = outcomes.last().map(|outcome| outcome.state_after).unwrap_or_default();
        close(&ended(&state, &opening), params, None)
    }

    fn ended<'a>(state: &'a Accumulators, opening: &'a Opening) -> Ended<'a> {
        Ended { policy_year: 2021, state, opening, whole_year: true, family_doctor: false }
    }

    /// J-5.1.2-a: 1500.00 leaves 2500.00, 4000.00 nothing, no use the full maximum. B-5.4-a: 800.00 leaves 2200.00.
    #[test]
    fn cost_is_subtracted_and_not_payment() {
        let carried = |yuan, params: &OutpatientParams| year(Fen::yuan(yuan), 0, params).carried;
        let expected = [(0, 4_000), (1_500, 2_500), (4_000, 0), (9_000, 0)];
        for (cost, left) in expected {
            assert_eq!(carried(cost, &law_2021()), Fen::yuan(left));
        }
        assert_eq!(carried(800, &law_2017()), Fen::yuan(2_200));
        assert!(year(Fen::yuan(800), 0, &law_2017()).receipt.applies("B-5.4-a"));
        assert!(year(Fen::yuan(800), 0, &law_2021()).receipt.applies("J-5.1.2-a"));
    }

    /// S-31, J-5.1.4-a, AMB-060: with a contract at the end of the year from 4200.00, in the other reading from 4000.00.
    #[test]
    fn the_quota_of_a_family_doctor_is_carried_too() {
        let state = settled(&[visit(1, Fen::yuan(1_300))], &law_2021())[0].state_after;
        let opening = Opening::default();
        let signed = Ended { family_doctor: true, ..ended(&state, &opening) };
        assert_eq!(close(&signed, &law_2021(), None).carried, Fen::yuan(2_900));
        let mut law = law_2021();
        law.family_doctor.as_mut().unwrap().carried_over.value = false;
        assert_eq!(close(&signed, &law, None).carried, Fen::yuan(2_700));
    }

    /// J-5.1.1-a: 500.00 does not exceed 500.00. J-5.1.1-b, J-5.1.1-c, and no fourth step (AMB-061).
    #[test]
    fn unused_years_lower_the_deductible() {
        let next = |yuan, before| {
            let closing = year(Fen::yuan(yuan), before, &law_2021());
            (closing.next_deductible.get() / 100, closing.opening.unused_outpatient_years)
        };
        assert_eq!(next(500, 0), (400, 1));
        assert_eq!(year(Fen::new(50_001), 0, &law_2021()).next_deductible, Fen::yuan(500));
        assert_eq!((next(0, 1), next(0, 2), next(0, 3)), ((300, 2), (200, 3), (200, 4)));
        // The lowered figure is the measure (AMB-062).
        assert_eq!((next(400, 1), next(401, 1)), ((300, 2), (500, 0)));
    }

    /// S-32, J-5.1.1-d: deductible 200.00, cost 700.00: 500.00 again; 200.00 in the year stays at 200.00.
    #[test]
    fn use_under_a_lowered_deductible_restores_it() {
        let used = year(Fen::yuan(700), 3, &law_2021());
        assert_eq!((used.next_deductible, used.opening.unused_outpatient_years), (Fen::yuan(500), 0));
        assert!(used.receipt.applies("J-5.1.1-d"));
        let unused = year(Fen::yuan(200), 3, &law_2021());
        assert_eq!((unused.next_deductible, unused.opening.unused_outpatient_years), (Fen::yuan(200), 4));
        assert!(unused.receipt.applies("J-5.1.1-c") && !unused.receipt.applies("J-5.1.1-d"));
        // B-5.3-d: 400.00 and 600.00.
        let restored = year(Fen::yuan(600), 1, &law_2017());
        assert!(restored.next_deductible == Fen::yuan(500) && restored.receipt.applies("B-5.3-d"));
    }

    /// AMB-062, AMB-143, J-5.1.1-d: a general fee alone neither counts nor restores, unless a reading says so.
    #[test]
    fn a_general_fee_leaves_the_reduction() {
        let opening = Opening { unused_outpatient_years: 3, ..Opening::default() };
        let closed = |yuan, params: &OutpatientParams| {
            let state = settled_with(&[clinic(1, yuan)], &opening, params)[0].state_after;
            close(&ended(&state, &opening), params, None)
        };
        let usual = closed(195, &law_2021());
        assert_eq!((usual.next_deductible, usual.carried), (Fen::yuan(200), Fen::yuan(4_000 - 205)));
        let mut restores = law_2021();
        restores.general_fee.as_mut().unwrap().restores.value = true;
        assert_eq!(closed(195, &restores).next_deductible, Fen::yuan(500));
        let mut counts = law_2021();
        counts.general_fee.as_mut().unwrap().counts_for_reduction.value = true;
        assert_eq!(closed(195, &counts).next_deductible, Fen::yuan(500));
        assert_eq!(closed(190, &counts).next_deductible, Fen::yuan(200));
    }

    /// B-5.3-a: insured for part of the year, no reduction in 2017; in 2021 there is one (AMB-061).
    #[test]
    fn part_of_a_year_is_no_unused_year_in_2017() {
        let (state, opening) = (Accumulators::default(), Opening { unused_outpatient_years: 2, ..Opening::default() });
        let part = Ended { whole_year: false, ..ended(&state, &opening) };
        assert_eq!(close(&part, &law_2017(), None).next_deductible, Fen::yuan(500));
        assert_eq!(close(&part, &law_2021(), None).next_deductible, Fen::yuan(200));
        // B-5.3-b and B-5.3-c.
        assert_eq!(year(Fen::ZERO, 1, &law_2017()).next_deductible, Fen::yuan(300));
        assert!(year(Fen::ZERO, 2, &law_2017()).receipt.applies("B-5.3-c"));
        let mut other = law_2021();
        other.reduction_requires_full_year.value = true;
        assert_eq!(close(&part, &other, None).next_deductible, Fen::yuan(500));
    }

    /// S-28, J-5.1.2-b, AMB-064: what the year used above 180000.00 is gone, the oldest balance first.
    #[test]
    fn balances_are_used_oldest_first() {
        let balance = |origin_year, yuan| CarriedBalance { origin_year, amount: Fen::yuan(yuan) };
        let opening = Opening { balances: vec![balance(2019, 2_500), balance(2020, 4_000)], ..Opening::default() };
        let left = |used| {
            let state = Accumulators { balance_used: Fen::yuan(used), ..Accumulators::default() };
            let law = basic_2021(MaximumBasis::FundPayment);
            let closing = close(&ended(&state, &opening), &law_2021(), Some(&law));
            closing.opening.balances.iter().map(|it| it.amount.get() / 100).collect::<Vec<_>>()
        };
        assert_eq!(left(0), [2_500, 4_000, 4_000]);
        assert_eq!(left(1_000), [1_500, 4_000, 4_000]);
        assert_eq!(left(3_000), [0, 3_500, 4_000]);
        assert_eq!(left(6_500), [0, 0, 4_000]);
    }

    /// AMB-053: what raised the maximum in either reading is gone; where the balance raises nothing, nothing is.
    #[test]
    fn only_what_raised_the_maximum_is_used() {
        let opening = Opening {
            balances: vec![CarriedBalance { origin_year: 2020, amount: Fen::yuan(4_000) }],
            ..Opening::default()
        };
        let left = |basis, raises| {
            let mut law = basic_2021(basis);
            if let Some(parameter) = &mut law.balance_raises_maximum {
                parameter.value = raises;
            }
            let state = try_settle(&[case(1, Fen::yuan(183_000))], &opening, &law).unwrap()[0].state_after;
            close(&ended(&state, &opening), &law_2021(), Some(&law)).opening.balances[0].amount
        };
        assert_eq!(left(MaximumBasis::EligibleCost, true), Fen::yuan(1_000));
        assert_eq!(left(MaximumBasis::EligibleCost, false), Fen::yuan(4_000));
        // 183000.00 of cost is paid with less than 180000.00.
        assert_eq!(left(MaximumBasis::FundPayment, true), Fen::yuan(4_000));
    }

    /// S-34, B-5.4-b: three unused years at 3000.00.
    #[test]
    fn balances_accumulate() {
        let balances = [2015, 2016].map(|origin_year| CarriedBalance { origin_year, amount: Fen::yuan(3_000) });
        let opening = Opening { balances: balances.to_vec(), unused_outpatient_years: 2 };
        let state = Accumulators::default();
        let ended = Ended { policy_year: 2017, ..ended(&state, &opening) };
        let closing = close(&ended, &law_2017(), None);
        let sum: Fen = closing.opening.balances.iter().map(|it| it.amount).sum();
        assert_eq!((sum, closing.next_deductible), (Fen::yuan(9_000), Fen::yuan(200)));
    }
}
