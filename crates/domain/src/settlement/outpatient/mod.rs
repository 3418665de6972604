//! Outpatient and emergency care, drugs bought at pharmacies, and village clinics (J-5.1.T-m to -p, J-5.1.5, B-5.2).
//!
//! [`settle`] settles one bill: `exclusions` and `venue` say whether it is paid at all and what of it counts, then the
//! general fee of a village clinic takes the maximum of the year first and the rest of the bill after it (AMB-143). The
//! outpatient account of the year is separate from the inpatient one, and nothing of it enters critical illness
//! insurance (J-5.2-a).

pub mod deductible;
pub mod family_doctor;
#[cfg(test)]
pub(crate) mod fixtures;
mod general_fee;
pub mod params;
mod venue;
mod visit;

use super::accumulators::{Accumulators, Opening};
use super::case::Case;
use super::exclusions;
use super::params::MaximumBasis;
use super::trace::Trace;
use crate::money::Fen;
use crate::receipt::Step;
use crate::refusal::Refusals;
use params::OutpatientParams;

/// Settles a visit or a purchase, moves the running totals of the year, and answers what the fund pays. A bill that is not
/// covered moves nothing.
///
/// # Errors
/// `RULE_NOT_DEFINED` for a venue or a reason for care elsewhere that the documents do not speak of, and
/// `REQUIRED_FIELD_MISSING` where the holidays of a student at home are not known (AMB-076).
pub fn settle<'a, T: Trace<'a>>(
    case: &'a Case,
    state: &mut Accumulators,
    opening: &'a Opening,
    params: &'a OutpatientParams,
    trace: &mut T,
) -> Result<Fen, Refusals> {
    if exclusions::whole_bill(case, &params.exclusions, trace)? {
        return Ok(Fen::ZERO);
    }
    let Some(venue) = venue::find(case, params, trace)? else { return Ok(Fen::ZERO) };
    let rate = visit::rate(case, venue, params)?;
    let eligible = exclusions::eligible_cost(case, move || venue::clause(venue, params), &params.exclusions, trace)?;
    let bonus = family_doctor::bonus(case, params);
    let maximum = family_doctor::maximum(bonus, params);
    let fee = general_fee::settle(case, state, (venue, maximum), params, trace)?;
    let rest = eligible - fee.cost;
    let paid = visit::settle(rest, state, visit::Terms { rate, bonus, maximum, opening }, params, trace);
    Ok(fee.paid + paid)
}

/// How the maximum limits what the fund pays, on a step that names it.
fn limits(step: Step, params: &OutpatientParams, reached: bool) -> Step {
    let step = step.using(&params.maximum_basis, |basis| basis.as_str().into());
    if reached { step.marked("MAXIMUM_REACHED") } else { step }
}

/// What the maximum still allows: payment, or cost, by its reading (AMB-053).
fn left(state: &Accumulators, maximum: Fen, params: &OutpatientParams) -> Fen {
    maximum.above(match params.maximum_basis.value {
        MaximumBasis::FundPayment => state.outpatient_paid,
        MaximumBasis::EligibleCost => state.outpatient_cost(),
    })
}

#[cfg(test)]
mod tests {
    use super::fixtures::{law_2017, law_2021, settled, try_settle, visit};
    use super::*;
    use crate::codes::Payer;
    use crate::receipt::{Receipt, Step, Value};
    use crate::refusal::Reason;
    use crate::settlement::care::{Place, ProviderKind};

    fn excluding(receipt: &Receipt) -> Vec<&str> {
        let excludes = |step: &&Step| step.marks().any(|mark| mark == "NOT_COVERED");
        receipt.steps.iter().filter(excludes).map(|step| step.rule_id.as_ref()).collect()
    }

    /// The example of J-8-1: an undesignated pharmacy, 120.00; J-8-5; an undesignated hospital without a level is not covered
    /// rather than refused. None of them moves a total (AMB-140).
    #[test]
    fn what_is_excluded_from_every_kind_is_excluded_here() {
        let mut pharmacy = visit(1, Fen::yuan(120));
        (pharmacy.bill.provider.kind, pharmacy.bill.provider.level) = (ProviderKind::RetailPharmacy, None);
        pharmacy.bill.provider.designated = false;
        let mut ungraded = visit(2, Fen::yuan(600));
        ungraded.bill.provider.level = None;
        assert!(try_settle(&ungraded, &law_2021()).unwrap_err().has(Reason::RuleNotDefined));
        ungraded.bill.provider.designated = false;
        let mut abroad = ungraded.clone();
        abroad.bill.place = Place::OutsideBorder;
        for (case, rules) in [(pharmacy, vec!["J-8-1"]), (ungraded, vec!["J-8-1"]), (abroad, vec!["J-8-5", "J-8-1"])] {
            let outcome = settled(&[case], &law_2021()).remove(0);
            assert_eq!(excluding(&outcome.trace), rules);
            assert_eq!((outcome.basic, outcome.eligible, outcome.state_after), Default::default());
            // A line of nothing for each.
            assert_eq!(outcome.trace.payments().filter(|line| line.payer == Payer::BasicFund).count(), rules.len());
        }
    }

    /// J-8-2, J-8-3 (90.00 of a public programme), J-8-4: left out before the deductible, each with its step (AMB-071).
    #[test]
    fn the_shares_of_others_have_their_steps() {
        let mut case = visit(1, Fen::yuan(1_000));
        case.bill.total = Fen::yuan(1_100);
        (case.bill.public_health, case.bill.third_party) = (Fen::yuan(90), Some(Fen::yuan(10)));
        let outcome = settled(&[case], &law_2021()).remove(0);
        assert_eq!(excluding(&outcome.trace), ["J-8-2", "J-8-3", "J-8-4"]);
        assert_eq!((outcome.eligible, outcome.basic), (Fen::yuan(900), Fen::yuan(200)));
        let catalogues = outcome.trace.steps.iter().find(|step| step.rule_id == "J-5.1.3-a").unwrap();
        assert_eq!(catalogues.output("eligible"), Some(&Value::Fen(Fen::yuan(1_000))));
        assert!(catalogues.inputs().any(|input| input.value == Value::Code("J-7-1".into())));
    }

    /// B-5.2-d, B-6.1.1-a, B-5-a: the plan of 2017 reckons with in-policy cost at designated institutions, and of shares of
    /// others and care outside the border it says nothing.
    #[test]
    fn the_plan_of_2017_has_its_own_clauses() {
        let mut partly = visit(1, Fen::yuan(700));
        partly.bill.total = Fen::yuan(800);
        let outcome = settled(&[partly.clone()], &law_2017()).remove(0);
        assert_eq!((outcome.eligible, outcome.basic), (Fen::yuan(700), Fen::yuan(100)));
        assert_eq!(excluding(&outcome.trace), ["B-5.2-d"]);
        assert!(outcome.trace.steps.iter().all(|step| step.rule_id.starts_with("B-")));
        let mut undesignated = partly.clone();
        undesignated.bill.provider.designated = false;
        let outcome = settled(&[undesignated], &law_2017()).remove(0);
        assert_eq!((excluding(&outcome.trace), outcome.state_after), (vec!["B-6.1.1-a"], Accumulators::default()));
        let changes: [fn(&mut Case); 3] = [
            |case| case.bill.third_party = Some(Fen::yuan(1)),
            |case| case.bill.public_health = Fen::yuan(1),
            |case| case.bill.place = Place::OutsideBorder,
        ];
        for change in changes {
            let mut case = partly.clone();
            change(&mut case);
            let refused = try_settle(&case, &law_2017()).unwrap_err();
            let by: Vec<_> = refused.0.iter().map(|it| (it.reason, it.rule_id.as_deref())).collect();
            assert_eq!(by, [(Reason::RuleNotDefined, Some("B-5-a"))]);
        }
    }
}
