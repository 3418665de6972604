//! What the basic fund pays on one stay: deductible, rate, annual maximum.

use chrono::Datelike;

use super::accumulators::Accumulators;
use super::case::Case;
use super::params::{BasicParams, MaximumBasis};
use super::trace::Trace;
use crate::codes::Payer;
use crate::effective::Effective;
use crate::money::{Fen, Rate};
use crate::receipt::{Step, Value};
use crate::refusal::{Reason, Refusal};

/// Settles a stay against the basic fund, moves the running totals of the year, and answers what the fund pays.
///
/// # Errors
/// `RULE_NOT_DEFINED` when no rate is printed for the level and tier.
pub fn settle<T: Trace>(
    case: &Case,
    state: &mut Accumulators,
    params: &BasicParams,
    trace: &mut T,
) -> Result<Fen, Refusal> {
    let rate = rate(case, params)?;
    trace.step(|| eligible_cost(case));
    let deductible = deductible(case, state, params, trace);
    if case.bill.stay_began_on.is_some() {
        trace.step(|| own_maximum(case));
    }
    let stay = Stay { eligible: case.bill.eligible(), deductible, rate };
    let paid = match params.maximum_basis.value {
        MaximumBasis::FundPayment => limited_by_payment(&stay, state, params, trace),
        MaximumBasis::EligibleCost => limited_by_cost(&stay, state, params, trace),
    };
    // A stay counts in the year it began in (AMB-057).
    state.stays += u32::from(case.bill.stay_began_on.is_none());
    state.deductible_used += deductible;
    state.eligible += stay.eligible;
    state.basic_paid += paid;
    Ok(paid)
}

fn rate<'a>(case: &Case, params: &'a BasicParams) -> Result<&'a Effective<Rate>, Refusal> {
    let not_defined = |name: &str| {
        let detail = format!("no inpatient rate is printed for {name}, tier {}", case.tier);
        Refusal::new(Reason::RuleNotDefined, detail).with("parameter", format!("inpatient.rate.{name}.{}", case.tier))
    };
    let Some(level) = case.bill.provider.level else { return Err(not_defined("UNGRADED")) };
    params.inpatient_rate.get(&(level, case.tier)).ok_or_else(|| not_defined(level.as_str()))
}

/// A stay on the way through the rules.
struct Stay<'a> {
    eligible: Fen,
    deductible: Fen,
    rate: &'a Effective<Rate>,
}

impl Stay<'_> {
    fn marked(&self, step: Step) -> Step {
        if self.eligible.is_zero() {
            step.marked("NOT_COVERED")
        } else if self.eligible <= self.deductible {
            step.marked("BELOW_DEDUCTIBLE")
        } else {
            step
        }
    }
}

/// Only cost inside the three catalogues counts (J-5.1.3-a). The person was tested on the first day of the stay
/// (AMB-139).
fn eligible_cost(case: &Case) -> Step {
    let (total, eligible) = (case.bill.total, case.bill.eligible());
    Step::new("J-5.1.3-a")
        .given("test_date", case.bill.began_on())
        .given("total", total)
        .given("out_of_scope", total - eligible)
        .found("eligible", eligible)
}

/// The deductible due: once a year (J-5.1.T-d), none from the second stay on, whatever the first one cost
/// (J-5.1.T-e, AMB-055), and none for the rest of a stay that bore its deductible in an earlier year (J-5.1.6-a, AMB-057).
fn deductible<T: Trace>(case: &Case, before: &Accumulators, params: &BasicParams, trace: &mut T) -> Fen {
    let used = before.deductible_used;
    if let Some(began_on) = case.bill.stay_began_on {
        trace.step(|| {
            Step::new("J-5.1.6-a")
                .given("stay_admission_date", began_on)
                .moving("deductible_used", used, used)
                .found("deductible", Fen::ZERO)
        });
        return Fen::ZERO;
    }
    let stay = before.stays + 1;
    let waived = stay >= params.waived_from_stay.value;
    let due = if waived { Fen::ZERO } else { params.deductible.above(used).min(case.bill.eligible()) };
    trace.step(|| {
        let step = if waived {
            Step::by(&params.waived_from_stay, |stay| Value::Count((*stay).into()))
        } else {
            Step::by(&params.deductible, |fen| (*fen).into())
        };
        step.given("stay", i64::from(stay)).moving("deductible_used", used, used + due).found("deductible", due)
    });
    due
}

/// A part of a stay that crosses New Year uses the maximum of its own year (J-5.1.6-b).
fn own_maximum(case: &Case) -> Step {
    let admitted_on = case.bill.admitted_on;
    let year = Value::Count(admitted_on.year().into());
    Step::new("J-5.1.6-b").given("admission_date", admitted_on).found("maximum_of", year)
}

/// The maximum as the most the fund pays in the year: min(round((E − D) × R), M) (J-5.1.T-f).
fn limited_by_payment<T: Trace>(stay: &Stay<'_>, before: &Accumulators, params: &BasicParams, trace: &mut T) -> Fen {
    let computed = (stay.eligible - stay.deductible).at(stay.rate.value).round();
    let left = params.maximum.above(before.basic_paid);
    let paid = computed.min(left);
    trace.step(|| rate_step(stay, stay.eligible).found("computed", computed));
    trace.pay(Payer::BasicFund, paid, || {
        stay.marked(limit_step(params, computed > left).given("computed", computed).moving(
            "basic_paid",
            before.basic_paid,
            before.basic_paid + paid,
        ))
    });
    paid
}

/// The other reading of the maximum, as the eligible cost up to which the fund pays (AMB-053).
fn limited_by_cost<T: Trace>(stay: &Stay<'_>, before: &Accumulators, params: &BasicParams, trace: &mut T) -> Fen {
    let left = params.maximum.above(before.eligible);
    let payable = stay.eligible.min(left);
    let paid = payable.above(stay.deductible).at(stay.rate.value).round();
    trace.step(|| {
        limit_step(params, stay.eligible > left)
            .moving("eligible", before.eligible, before.eligible + stay.eligible)
            .found("payable_cost", payable)
    });
    trace.pay(Payer::BasicFund, paid, || {
        stay.marked(rate_step(stay, payable).moving("basic_paid", before.basic_paid, before.basic_paid + paid))
    });
    paid
}

fn rate_step(stay: &Stay<'_>, cost: Fen) -> Step {
    Step::by(stay.rate, |rate| (*rate).into()).given("eligible", cost).given("deductible", stay.deductible)
}

fn limit_step(params: &BasicParams, reached: bool) -> Step {
    let step =
        Step::by(&params.maximum, |fen| (*fen).into()).using(&params.maximum_basis, |basis| basis.as_str().into());
    if reached { step.marked("MAXIMUM_REACHED") } else { step }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{basic_2021, case, settle, settle_with};
    use super::super::trace::Amounts;
    use super::*;
    use crate::codes::{ProviderLevel, Tier};
    use crate::dates::written::day;

    fn stay(order: i64, eligible: Fen, level: ProviderLevel, tier: Tier) -> Case {
        let mut case = Case { tier, ..case(order, eligible) };
        case.bill.provider.level = Some(level);
        case
    }

    fn paid(bills: &[Case]) -> Vec<Fen> {
        settle(bills).iter().map(|outcome| outcome.basic).collect()
    }

    /// The examples of J-5.1.T-a, J-5.1.T-b and J-5.1.T-c.
    #[test]
    fn each_level_has_its_rate() {
        for (yuan, level, tier, expected, rule_id) in [
            (3_000, ProviderLevel::One, Tier::Low, 1_875, "J-5.1.T-a"),
            (6_500, ProviderLevel::Two, Tier::StudentChild, 4_800, "J-5.1.T-b"),
            (20_000, ProviderLevel::Three, Tier::Middle, 13_650, "J-5.1.T-c"),
            // S-55, the basic part.
            (9_000, ProviderLevel::Three, Tier::Low, 5_525, "J-5.1.T-c"),
        ] {
            let outcome = settle(&[stay(1, Fen::yuan(yuan), level, tier)]).remove(0);
            assert_eq!(outcome.basic, Fen::yuan(expected));
            assert!(outcome.trace.applies(rule_id));
        }
    }

    /// S-24: J-5.1.T-d, then J-5.1.T-e.
    #[test]
    fn the_second_stay_has_no_deductible() {
        let first = stay(1, Fen::yuan(20_000), ProviderLevel::Three, Tier::Middle);
        let second = stay(2, Fen::yuan(8_000), ProviderLevel::Two, Tier::Middle);
        let outcomes = settle(&[first, second]);
        assert_eq!((outcomes[0].basic, outcomes[1].basic), (Fen::new(1_365_000), Fen::new(600_000)));
        assert_eq!(outcomes[1].state_after.burden, Fen::new(835_000));
        assert_eq!(outcomes[1].critical, Fen::ZERO);
        assert!(outcomes[0].trace.applies("J-5.1.T-d") && outcomes[1].trace.applies("J-5.1.T-e"));
    }

    /// S-25: 500.00 is borne whole, 500.01 pays a fen; the waiver counts stays, not money (AMB-055).
    #[test]
    fn the_deductible_ends_at_five_hundred() {
        let below = settle(&[case(1, Fen::yuan(500))]).remove(0);
        assert_eq!(below.basic, Fen::ZERO);
        assert!(below.trace.is_marked("BELOW_DEDUCTIBLE"));
        assert_eq!(paid(&[case(1, Fen::new(50_001))]), [Fen::new(1)]);
        let small = stay(1, Fen::yuan(300), ProviderLevel::One, Tier::Low);
        let next = stay(2, Fen::yuan(2_000), ProviderLevel::One, Tier::Low);
        assert_eq!(paid(&[small, next]), [Fen::ZERO, Fen::yuan(1_500)]);
    }

    /// S-27, the example of J-5.1.T-f, AMB-053: the maximum as a limit of payment.
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

    /// J-5.1.3-a: total 10000.00 of which 1200.00 outside.
    #[test]
    fn only_the_eligible_part_is_paid() {
        let mut case = case(1, Fen::yuan(8_800));
        case.bill.total = Fen::yuan(10_000);
        let outcome = settle(std::slice::from_ref(&case)).remove(0);
        assert_eq!(outcome.trace.steps[0].rule_id, "J-5.1.3-a");
        assert_eq!(outcome.trace.steps[0].output("eligible"), Some(&Value::Fen(Fen::yuan(8_800))));
        assert_eq!(outcome.basic, Fen::yuan(5_810));
        case.bill.in_catalogue = Fen::ZERO;
        let nothing = settle(&[case]).remove(0);
        assert!(nothing.trace.is_marked("NOT_COVERED"));
    }

    /// S-37: J-5.1.6-a, the rest of a stay that began in December has no deductible and is no stay of the year.
    #[test]
    fn the_rest_of_a_stay_across_new_year_has_no_deductible() {
        let rest = rest_of_a_stay(Fen::yuan(12_000));
        let march = case(8, Fen::yuan(5_000));
        let outcomes = settle(&[march, rest]);
        assert_eq!((outcomes[0].basic, outcomes[1].basic), (Fen::yuan(8_400), Fen::yuan(3_150)));
        assert!(outcomes[0].trace.applies("J-5.1.6-a") && outcomes[0].trace.applies("J-5.1.6-b"));
        assert_eq!(outcomes[0].trace.steps[0].inputs().next().unwrap().value, Value::Date(day("2020-12-20")));
        assert_eq!((outcomes[0].state_after.stays, outcomes[0].state_after.deductible_used), (0, Fen::ZERO));
        assert!(outcomes[1].trace.applies("J-5.1.T-d"));
        assert_eq!((outcomes[1].state_after.stays, outcomes[1].state_after.deductible_used), (1, Fen::yuan(500)));
        // Even a small cost is above a deductible of nothing.
        let small = settle(&[rest_of_a_stay(Fen::yuan(100))]).remove(0);
        assert!(small.basic == Fen::yuan(70) && !small.trace.is_marked("BELOW_DEDUCTIBLE"));
    }

    /// J-5.1.6-b: what is paid on the rest counts against the maximum of its own year.
    #[test]
    fn the_rest_of_a_stay_across_new_year_uses_the_maximum_of_its_year() {
        let outcomes = settle(&[rest_of_a_stay(Fen::yuan(250_000)), case(8, Fen::yuan(20_500))]);
        assert_eq!(outcomes[0].basic, Fen::yuan(175_000));
        assert_eq!(outcomes[1].basic, Fen::yuan(5_000));
        assert!(outcomes[1].trace.is_marked("MAXIMUM_REACHED"));
        let steps: Vec<&str> = outcomes[0].trace.steps.iter().map(|step| step.rule_id.as_ref()).collect();
        assert_eq!(steps[..5], ["J-5.1.3-a", "J-5.1.6-a", "J-5.1.6-b", "J-5.1.T-c", "J-5.1.T-f"]);
    }

    fn rest_of_a_stay(eligible: Fen) -> Case {
        let mut case = case(9, eligible);
        case.bill.admitted_on = day("2021-01-01");
        case.bill.discharged_on = day("2021-01-15");
        case.bill.stay_began_on = Some(day("2020-12-20"));
        case
    }

    #[test]
    fn an_unprinted_rate_is_refused() {
        let mut law = basic_2021(MaximumBasis::FundPayment);
        law.inpatient_rate.clear();
        let refusal = settle_one(&law).unwrap_err();
        assert_eq!(refusal.reason, Reason::RuleNotDefined);
    }

    fn settle_one(law: &BasicParams) -> Result<Fen, Refusal> {
        super::settle(&case(1, Fen::yuan(100)), &mut Accumulators::default(), law, &mut Amounts::default())
    }
}
