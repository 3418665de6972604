//! Unspent outpatient balances of earlier years raise the maximum and are consumed, oldest first (J-5.1.2-b, B-5.4-b,
//! AMB-064).

use chrono::Datelike;

use crate::money::Fen;
use crate::receipt::Step;
use crate::settlement::accumulators::{Accumulators, Opening};
use crate::settlement::case::Case;
use crate::settlement::params::BasicParams;

use crate::settlement::trace::Trace;

/// The maximum of the year with the balances the person brought into it. A part of a stay that crosses New Year uses
/// the maximum of its own year (J-5.1.6-b).
pub(super) fn raise<'a, T: Trace<'a>>(
    case: &'a Case,
    before: &Accumulators,
    opening: &'a Opening,
    params: &'a BasicParams,
    trace: &mut T,
) -> Fen {
    if case.bill.stay_began_on.is_some() {
        trace.step(move || {
            let admitted_on = case.bill.admitted_on;
            let year = i64::from(admitted_on.year());
            Step::new("J-5.1.6-b").given("admission_date", admitted_on).found("maximum_of", year)
        });
    }
    let own = params.maximum.value;
    let Some(raises) = params.balance_raises_maximum.as_ref().filter(|raises| raises.value) else { return own };
    let balance = opening.balance();
    if balance.is_zero() {
        return own;
    }
    let used = before.balance_used;
    trace.step(move || {
        let step = Step::by(raises, |_| "TRUE".into()).using(&params.maximum, |fen| (*fen).into());
        let left = opening.left_after(used);
        let step = left.fold(step, |step, left| {
            step.given("origin_year", i64::from(left.origin_year)).given("balance", left.amount)
        });
        step.found("maximum", own + balance)
    });
    own + balance
}

/// Records what a bill used of the balances, and answers what the year used so far. `charged` is what counts against the
/// maximum after the bill: what lies above the maximum of the law came from the balances.
pub(super) fn consume<'a, T: Trace<'a>>(
    charged: Fen,
    before: &Accumulators,
    opening: &'a Opening,
    params: &'a BasicParams,
    trace: &mut T,
) -> Fen {
    let used_before = before.balance_used;
    let used = charged.above(params.maximum.value).max(used_before);
    if let Some(raises) = params.balance_raises_maximum.as_ref().filter(|_| used > used_before) {
        trace.step(move || {
            let pairs = opening.left_after(used_before).zip(opening.left_after(used));
            let taken = pairs.filter(|(earlier, later)| earlier.amount > later.amount);
            let step = taken.fold(Step::by(raises, |_| "TRUE".into()), |step, (earlier, later)| {
                step.given("origin_year", i64::from(earlier.origin_year)).given("used", earlier.amount - later.amount)
            });
            step.moving("balance_used", used_before, used).found("balance_left", opening.balance() - used)
        });
    }
    used
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::{ProviderLevel, Tier};
    use crate::receipt::Value;
    use crate::settlement::accumulators::CarriedBalance;
    use crate::settlement::fixtures::{basic_2021, case, rest_of_a_stay, settle, special, stay, try_settle};
    use crate::settlement::params::MaximumBasis;

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

    fn opening(yuan: &[i64]) -> Opening {
        let balance = |(origin_year, yuan): (i32, &i64)| CarriedBalance { origin_year, amount: Fen::yuan(*yuan) };
        Opening { balances: (2019..).zip(yuan).map(balance).collect(), ..Opening::default() }
    }

    fn stays(yuan: &[i64]) -> Vec<Case> {
        (1..).zip(yuan).map(|(order, yuan)| stay(order, Fen::yuan(*yuan), ProviderLevel::Three, Tier::High)).collect()
    }

    /// S-28: J-5.1.2-b, J-5.1.T-f, J-5.2-b: balances of 2500.00 and 4000.00 raise the maximum to 186500.00.
    #[test]
    fn carried_balances_raise_the_maximum_and_are_used_up() {
        let (law, opening) = (basic_2021(MaximumBasis::FundPayment), opening(&[2_500, 4_000]));
        let outcomes = try_settle(&stays(&[200_500, 60_000]), &opening, &law).unwrap();
        let (first, second) = (&outcomes[0], &outcomes[1]);
        assert_eq!(first.trace.output("maximum"), Some(&Value::Fen(Fen::yuan(186_500))));
        assert_eq!((first.basic, first.state_after.balance_used), (Fen::yuan(150_000), Fen::ZERO));
        // Critical illness insurance answers for 74000.00 of the year.
        assert_eq!((second.basic, second.state_after.critical_illness_paid), (Fen::yuan(36_500), Fen::new(3_167_880)));
        assert_eq!(second.state_after.balance_used, Fen::yuan(6_500));
        assert_eq!(second.trace.accumulated("balance_used"), Some(Fen::yuan(6_500)));
        assert_eq!(second.trace.output("balance_left"), Some(&Value::Fen(Fen::ZERO)));
    }

    /// AMB-064: only what is used is consumed, the oldest first; what is left is still there for the next bill.
    #[test]
    fn a_balance_is_consumed_when_it_is_used() {
        let (law, opening) = (basic_2021(MaximumBasis::FundPayment), opening(&[2_500, 4_000]));
        // 75 % of 240000.00 is the maximum itself; 75 % of 4000.00 is 3000.00 above it.
        let outcomes = try_settle(&stays(&[240_500, 4_000, 10_000]), &opening, &law).unwrap();
        let used: Vec<_> = outcomes.iter().map(|outcome| outcome.state_after.balance_used).collect();
        assert_eq!(used, [0, 3_000, 6_500].map(Fen::yuan));
        let step = outcomes[1].trace.steps.iter().rfind(|step| step.rule_id == "J-5.1.2-b").unwrap();
        let taken: Vec<_> = step.inputs().map(|input| input.value.clone()).collect();
        let (first, second) = (Value::Fen(Fen::yuan(2_500)), Value::Fen(Fen::yuan(500)));
        assert_eq!(taken, [Value::Count(2019), first, Value::Count(2020), second]);
        assert_eq!(step.output("balance_left"), Some(&Value::Fen(Fen::yuan(3_500))));
        assert_eq!(outcomes[2].basic, Fen::yuan(3_500));
        assert!(outcomes[2].trace.is_marked("MAXIMUM_REACHED") && !outcomes[1].trace.is_marked("MAXIMUM_REACHED"));
    }

    /// AMB-064: it raises the combined maximum, so special outpatient care uses it as well; AMB-053: in the other reading
    /// it is cost that uses it.
    #[test]
    fn both_kinds_and_both_readings_use_it() {
        let opening = opening(&[4_000]);
        let mut bills = stays(&[300_500]);
        bills.push(special(2, Fen::yuan(10_000), ProviderLevel::One, Tier::High));
        let settle = |basis| try_settle(&bills, &opening, &basic_2021(basis)).unwrap();
        let outcomes = settle(MaximumBasis::FundPayment);
        assert_eq!((outcomes[0].basic, outcomes[1].basic), (Fen::yuan(184_000), Fen::ZERO));
        let outcomes = settle(MaximumBasis::EligibleCost);
        // (184000.00 − 500.00) × 75 %.
        assert_eq!((outcomes[0].basic, outcomes[1].basic), (Fen::new(13_762_500), Fen::ZERO));
        assert_eq!(outcomes[0].state_after.balance_used, Fen::yuan(4_000));
    }

    /// A year whose law does not print it leaves the balance alone.
    #[test]
    fn a_balance_counts_where_it_is_printed() {
        let law = BasicParams { balance_raises_maximum: None, ..basic_2021(MaximumBasis::FundPayment) };
        let outcomes = try_settle(&stays(&[300_500]), &opening(&[4_000]), &law).unwrap();
        assert_eq!((outcomes[0].basic, outcomes[0].state_after.balance_used), (Fen::yuan(180_000), Fen::ZERO));
    }
}
