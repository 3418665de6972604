//! A burden of inpatient or special outpatient care that was settled elsewhere, because no document of the year prints
//! the basic rates (B-5.1-b, AMB-082). Basic insurance and assistance have no part in it.

use super::case::Case;
use super::params::CriticalIllnessParams;
use super::trace::Trace;
use crate::money::Fen;
use crate::receipt::Step;
use crate::refusal::{Reason, Refusal};

/// Takes the burden, which critical illness insurance pays on for everybody insured (B-5.1-a).
///
/// # Errors
/// `ORDER_VIOLATION` where basic insurance has to settle the bill first (J-5.2-a).
pub fn take<'a, T: Trace<'a>>(
    case: &'a Case,
    params: &'a CriticalIllnessParams,
    trace: &mut T,
) -> Result<Fen, Refusal> {
    let rule = &params.supplied_burden;
    if !rule.value {
        let detail = "the burden of a bill follows from its settlement by basic insurance; file the bill itself";
        let refusal = Refusal::new(Reason::OrderViolation, detail).at("bill.care_kind");
        return Err(refusal.by(rule.reference.rule_id.clone()));
    }
    let burden = case.bill.eligible();
    trace.step(move || Step::by(rule, |_| "TRUE".into()).given("total", case.bill.total).found("own_burden", burden));
    Ok(burden)
}

#[cfg(test)]
mod tests {
    use super::super::accumulators::Opening;
    use super::super::care::CareKind;
    use super::super::fixtures::{basic_2021, case, critical_illness_2017, critical_illness_2021};
    use super::super::params::{CriticalIllnessParams, MaximumBasis};
    use super::super::year::{Law, Outcome, receipts_of_year};
    use super::*;
    use crate::codes::{Class, Identity, Tier};
    use crate::effective::Gap;
    use crate::receipt::Receipt;
    use crate::refusal::Refusals;

    fn settle(cases: &[Case], params: &CriticalIllnessParams) -> Result<Vec<Outcome<Receipt>>, Refusals> {
        let gap = Gap { parameter: "inpatient".into(), rule_id: "B-5-a".into(), configurable: false };
        let law = Law {
            basic: Err(&gap),
            critical_illness: Ok(params),
            maternity: Err(&gap),
            outpatient: Err(&gap),
            raised_rate: None,
        };
        receipts_of_year(cases, &Opening::default(), |_| Ok(law))
    }

    fn burden(order: i64, fen: Fen) -> Case {
        let mut case = case(order, fen);
        case.bill.kind = CareKind::SuppliedBurden;
        case
    }

    /// S-40: B-5.1-b to B-5.1-f, each a year of its own, without a law for inpatient care.
    #[test]
    fn critical_illness_pays_on_a_burden_settled_elsewhere() {
        for (yuan, expected) in [(20_000, 0), (100_000, 40_000), (250_000, 135_000), (400_000, 170_000)] {
            let outcome = settle(&[burden(1, Fen::yuan(yuan))], &critical_illness_2017()).unwrap().remove(0);
            assert_eq!((outcome.basic, outcome.critical), (Fen::ZERO, Fen::yuan(expected)));
            assert_eq!((outcome.eligible, outcome.aid_base), (Fen::yuan(yuan), Fen::ZERO));
            assert!(outcome.trace.applies("B-5.1-b") && outcome.trace.applies("B-5.1-f"));
        }
        // The example of B-5.1-b.
        let above = settle(&[burden(1, Fen::new(2_000_001))], &critical_illness_2017()).unwrap();
        assert_eq!(above[0].critical, Fen::new(1));
    }

    /// B-5.1-f: two burdens of a year are paid as their sum.
    #[test]
    fn burdens_of_a_year_cumulate() {
        let burdens = [burden(1, Fen::yuan(100_000)), burden(2, Fen::yuan(150_000))];
        let outcomes = settle(&burdens, &critical_illness_2017()).unwrap();
        assert_eq!(outcomes.iter().map(|it| it.critical).sum::<Fen>(), Fen::yuan(135_000));
        assert_eq!(outcomes[1].state_after.burden, Fen::yuan(250_000));
        assert_eq!(outcomes[1].state_after.stays, 0);
    }

    /// B-5.1-a: whoever is insured, without exception and without better terms.
    #[test]
    fn everybody_insured_has_it() {
        for (class, tier, identities) in [
            (Class::StudentChild, Tier::StudentChild, vec![]),
            (Class::Adult, Tier::Low, vec![Identity::SubsistenceAllowance]),
        ] {
            let case = Case { class, tier, identities, ..burden(1, Fen::yuan(100_000)) };
            assert_eq!(settle(&[case], &critical_illness_2017()).unwrap()[0].critical, Fen::yuan(40_000));
        }
    }

    /// J-5.2-a: in 2021 a burden of a bill that basic insurance did not settle is out of order; B-5.1-b: in 2017 a bill
    /// gives none.
    #[test]
    fn each_year_has_its_order() {
        let refusals = settle(&[burden(1, Fen::yuan(30_000))], &critical_illness_2021()).unwrap_err();
        assert_eq!((refusals.0[0].reason, refusals.0[0].rule_id.as_deref()), (Reason::OrderViolation, Some("J-5.2-a")));
        let refusals = settle(&[case(1, Fen::yuan(30_000))], &critical_illness_2017()).unwrap_err();
        assert_eq!((refusals.0[0].reason, refusals.0[0].rule_id.as_deref()), (Reason::RuleNotDefined, Some("B-5-a")));
        // A year with both laws settles both, each in its way.
        let (basic, critical) = (basic_2021(MaximumBasis::FundPayment), critical_illness_2017());
        let gap = Gap { parameter: "maternity".into(), rule_id: "B-5-a".into(), configurable: false };
        let law = Law {
            basic: Ok(&basic),
            critical_illness: Ok(&critical),
            maternity: Err(&gap),
            outpatient: Err(&gap),
            raised_rate: None,
        };
        let cases = [case(1, Fen::yuan(20_000)), burden(2, Fen::yuan(20_000))];
        let outcomes = receipts_of_year(&cases, &Opening::default(), |_| Ok(law)).unwrap();
        assert_eq!(outcomes[1].state_after.burden, Fen::yuan(26_350));
        assert_eq!(outcomes[1].critical, Fen::yuan(3_175));
    }
}
