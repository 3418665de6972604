//! The bills of one person and benefit year, settled in the order of the law.

use super::accumulators::{Accumulators, Opening};
use super::care::{CareKind, Place};
use super::case::Case;
use super::critical_illness::Burden;
use super::maternity::params::MaternityParams;
use super::maternity::pregnancies::Pregnancies;
use super::outpatient::params::OutpatientParams;
use super::params::{BasicParams, CriticalIllnessParams};
use super::record::{Arena, Record, Steps};
use super::trace::Trace;
use super::{basic, critical_illness, maternity, outpatient, relief, supplied_burden};
use crate::codes::{Identity, Payer};
use crate::effective::{Effective, Gap};
use crate::id::SettlementId;
use crate::money::Fen;
use crate::receipt::Receipt;
use crate::refusal::{Refusal, Refusals};

/// The law that governs one bill. What the documents do not print is a gap, and refuses the bills that need it.
#[derive(Clone, Copy, Debug)]
pub struct Law<'a> {
    /// Of basic insurance for stays, special outpatient care, home beds and emergency observation.
    pub basic: Result<&'a BasicParams, &'a Gap>,
    /// Of critical illness insurance.
    pub critical_illness: Result<&'a CriticalIllnessParams, &'a Gap>,
    /// Of maternity insurance.
    pub maternity: Result<&'a MaternityParams, &'a Gap>,
    /// Of basic insurance for outpatient care.
    pub outpatient: Result<&'a OutpatientParams, &'a Gap>,
    /// Whose inpatient rate is higher, where the rate itself is not printed (B-5.5-c).
    pub raised_rate: Option<&'a Effective<Vec<Identity>>>,
}

/// What the insurances pay on one bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome<T> {
    /// The bill.
    pub id: SettlementId,
    /// Whole cost of the bill.
    pub total: Fen,
    /// Eligible part of it; nothing of a bill that is not covered.
    pub eligible: Fen,
    /// Steps of the insurances, with the running totals around each.
    pub trace: T,
    /// Paid by the basic fund.
    pub basic: Fen,
    /// Paid by critical illness insurance.
    pub critical: Fen,
    /// What is left of the eligible cost: the base of assistance (J-5.5.2-a). Nothing under maternity insurance, which no
    /// assistance follows (AMB-087).
    pub aid_base: Fen,
    /// Running totals after the bill.
    pub state_after: Accumulators,
}

impl<T> Outcome<T> {
    fn map<U>(self, of: impl FnOnce(T) -> U) -> Outcome<U> {
        let Self { id, total, eligible, trace, basic, critical, aid_base, state_after } = self;
        Outcome { id, total, eligible, trace: of(trace), basic, critical, aid_base, state_after }
    }
}

/// Settles the bills of one person and benefit year, in the order of their first days in the year and, for one day, of
/// filing (AMB-055, AMB-138); an observation comes before the stay of that day of which it is a part (AMB-068). The outcomes come in that order, whatever the order of `cases`, so that a bill filed late or
/// reversed changes exactly what it would have changed had it come in time.
///
/// # Errors
/// What `law_for` or the rules refuse, for all bills.
pub fn adjudicate_year<'a, T: Trace<'a>>(
    cases: &'a [Case],
    opening: &'a Opening,
    law_for: impl Fn(&Case) -> Result<Law<'a>, Refusals>,
    trace: &mut T,
) -> Result<Vec<Outcome<T::Bill>>, Refusals> {
    let mut in_order: Vec<&Case> = cases.iter().collect();
    in_order.sort_by_key(|case| case.bill.place_in_year(case.filed_order));
    let mut refusals = Refusals::default();
    let mut outcomes = Vec::with_capacity(cases.len());
    let (mut state, mut pregnancies) = (Accumulators::default(), Pregnancies::default());
    for case in in_order {
        let before = (state, pregnancies.clone());
        trace.begin();
        let counted =
            law_for(case).and_then(|law| adjudicate(case, (&mut state, &mut pregnancies), opening, law, trace));
        match refusals.keep(counted.map_err(|refused| about(refused, case.id))) {
            Some(counted) => outcomes.push(outcome(case, counted, state, trace)),
            None => (state, pregnancies) = before,
        }
    }
    refusals.into_result()?;
    Ok(outcomes)
}

/// The same with a receipt for each bill.
///
/// # Errors
/// The same.
pub fn receipts_of_year<'a>(
    cases: &[Case],
    opening: &Opening,
    law_for: impl Fn(&Case) -> Result<Law<'a>, Refusals>,
) -> Result<Vec<Outcome<Receipt>>, Refusals> {
    let arena = Arena::new();
    let outcomes = adjudicate_year(cases, opening, |case| law_for(case), &mut Record::new(&arena))?;
    Ok(outcomes.into_iter().map(|outcome| outcome.map(Steps::receipt)).collect())
}

/// Refusals of one bill among many name it.
fn about(mut refused: Refusals, id: SettlementId) -> Refusals {
    for refusal in &mut refused.0 {
        if refusal.metadata.iter().all(|(key, _)| *key != "settlement_id") {
            refusal.metadata.push(("settlement_id", id.to_string()));
        }
    }
    refused
}

/// What a bill passes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counted {
    /// Eligible cost; nothing of a bill that is not covered.
    eligible: Fen,
    /// What the insurances leave of it to assistance (J-5.5.2-a).
    aid_base: Fen,
}

/// Settles one bill on the state of the year, and moves it.
fn adjudicate<'a, T: Trace<'a>>(
    case: &'a Case,
    (state, pregnancies): (&mut Accumulators, &mut Pregnancies),
    opening: &'a Opening,
    law: Law<'a>,
    trace: &mut T,
) -> Result<Counted, Refusals> {
    Ok(match case.bill.settled_as() {
        CareKind::Inpatient | CareKind::SpecialOutpatient | CareKind::HomeBed | CareKind::EmergencyObservation => {
            stay(case, state, opening, law, trace)?
        }
        CareKind::Outpatient => visit(case, state, opening, law, trace)?,
        CareKind::Maternity | CareKind::FamilyPlanning => {
            let params = law.maternity.map_err(Clone::clone)?;
            let eligible = maternity::pay::settle(case, pregnancies, params, law.basic, trace)?;
            Counted { eligible, aid_base: Fen::ZERO }
        }
        CareKind::SuppliedBurden => burden(case, state, law, trace)?,
        CareKind::Other => {
            let params = law.outpatient.map_err(Clone::clone)?;
            return Err(Refusal::from(params.exclusions.other_cost.clone()).at("bill.care_kind").into());
        }
    })
}

/// What came of a bill that is settled.
fn outcome<'a, T: Trace<'a>>(
    case: &Case,
    counted: Counted,
    state_after: Accumulators,
    trace: &mut T,
) -> Outcome<T::Bill> {
    Outcome {
        id: case.id,
        total: case.bill.total,
        eligible: counted.eligible,
        basic: trace.total(Payer::BasicFund),
        critical: trace.total(Payer::CriticalIllness),
        trace: trace.end(),
        aid_base: counted.aid_base,
        state_after,
    }
}

/// Basic insurance for outpatient care. Only what it counted is a personal share (J-5.5.1-a, J-5.5.1-b).
fn visit<'a, T: Trace<'a>>(
    case: &'a Case,
    state: &mut Accumulators,
    opening: &'a Opening,
    law: Law<'a>,
    trace: &mut T,
) -> Result<Counted, Refusals> {
    let params = law.outpatient.map_err(Clone::clone)?;
    if let Place::Elsewhere { .. } = case.bill.place {
        basic::place_is_known(&case.bill.place, law.basic.map_err(Clone::clone)?)?;
    }
    let before = state.outpatient_cost();
    let paid = outpatient::settle(case, state, opening, params, trace)?;
    let eligible = state.outpatient_cost() - before;
    Ok(Counted { eligible, aid_base: eligible - paid })
}

/// Basic insurance first, then critical illness insurance on what it leaves (J-6.1-b, J-5.2-a).
fn stay<'a, T: Trace<'a>>(
    case: &'a Case,
    state: &mut Accumulators,
    opening: &'a Opening,
    law: Law<'a>,
    trace: &mut T,
) -> Result<Counted, Refusals> {
    let mut refusals = Refusals::default();
    let params =
        (refusals.keep(law.basic.map_err(Clone::clone)), refusals.keep(law.critical_illness.map_err(Clone::clone)));
    let (Some(basic_params), Some(critical_params)) = params else {
        refusals.keep(relief::raised_rate_has_a_figure(case, law.raised_rate));
        return Err(refusals);
    };
    let Some(settled) = basic::settle(case, state, opening, basic_params, trace)? else {
        return Ok(Counted::default());
    };
    let critical = answer_for(settled.burden, case, state, critical_params, trace);
    Ok(Counted { eligible: settled.eligible, aid_base: settled.burden - critical })
}

/// Critical illness insurance alone, on a burden that was settled elsewhere (B-5.1-b): no law of basic insurance is
/// needed, and what is left is not this settlement's.
fn burden<'a, T: Trace<'a>>(
    case: &'a Case,
    state: &mut Accumulators,
    law: Law<'a>,
    trace: &mut T,
) -> Result<Counted, Refusals> {
    let params = law.critical_illness.map_err(Clone::clone)?;
    let own = supplied_burden::take(case, params, trace)?;
    answer_for(own, case, state, params, trace);
    Ok(Counted { eligible: own, aid_base: Fen::ZERO })
}

/// Critical illness insurance answers for a burden, which joins the year's.
fn answer_for<'a, T: Trace<'a>>(
    own: Fen,
    case: &'a Case,
    state: &mut Accumulators,
    params: &'a CriticalIllnessParams,
    trace: &mut T,
) -> Fen {
    let burden = Burden { before: state.burden, own, paid_before: state.critical_illness_paid };
    let paid = critical_illness::pay(burden, &case.identities, params, trace);
    state.burden += own;
    state.critical_illness_paid += paid;
    paid
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use super::super::fixtures::{basic_2021, case, critical_illness_2021, settle, stay, try_settle};
    use super::super::maternity::fixtures::natural;
    use super::super::params::MaximumBasis;
    use super::super::trace::Amounts;
    use super::*;
    use crate::codes::{Identity, ProviderLevel, Tier};
    use crate::refusal::Reason;
    use crate::settlement::care::{ObservationOutcome, OutOfArea};

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

    /// AMB-087: a birth is no stay of basic insurance, moves none of its totals and leaves nothing to critical illness
    /// insurance or assistance.
    #[test]
    fn a_birth_leaves_the_year_as_it_was() {
        let birth = |order| Case { filed_order: order, ..maternity::fixtures::case(natural(), Fen::yuan(90_000)) };
        let stays = [case(2, Fen::yuan(20_000)), case(3, Fen::yuan(8_000))];
        let alone = settle(&stays);
        let with = settle(&[birth(1), stays[0].clone(), stays[1].clone()]);
        assert_eq!(with[1..], alone);
        assert_eq!((with[0].state_after, with[0].aid_base), (Accumulators::default(), Fen::ZERO));
        assert_eq!((with[0].basic, with[0].critical), (Fen::ZERO, Fen::ZERO));
        assert_eq!(with[0].trace.total(Payer::Maternity), Fen::yuan(2_280));
        // J-8-5: nothing of a birth abroad is eligible.
        let mut abroad = birth(1);
        abroad.bill.place = Place::OutsideBorder;
        assert_eq!(settle(&[abroad])[0].eligible, Fen::ZERO);
    }

    /// AMB-088: the plan of 2017 prints no maternity insurance.
    #[test]
    fn a_birth_without_printed_law_is_refused() {
        let gap = Gap { parameter: "baodi-2017.maternity".into(), rule_id: "B-5-a".into(), configurable: false };
        let basic = basic_2021(MaximumBasis::FundPayment);
        let critical_illness = critical_illness_2021();
        let law = Law {
            basic: Ok(&basic),
            critical_illness: Ok(&critical_illness),
            maternity: Err(&gap),
            outpatient: Err(&gap),
            raised_rate: None,
        };
        let birth = maternity::fixtures::case(natural(), Fen::yuan(4_000));
        let refusals =
            adjudicate_year(&[birth], &Opening::default(), |_| Ok(law), &mut Amounts::default()).unwrap_err();
        assert_eq!((refusals.0[0].reason, refusals.0[0].rule_id.as_deref()), (Reason::RuleNotDefined, Some("B-5-a")));
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

    /// AMB-068: at level 2, 400.00 of an observation use the deductible and leave 100.00 of it to the stay of that day, of which
    /// (300.00 − 100.00) × 75 % are paid, whichever of the two is filed first.
    #[test]
    fn an_observation_comes_before_the_stay_it_led_to() {
        for orders in [[1, 2], [2, 1]] {
            let at_level_two = |order, yuan| stay(order, Fen::yuan(yuan), ProviderLevel::Two, Tier::Middle);
            let (mut observation, mut admission) = (at_level_two(orders[0], 400), at_level_two(orders[1], 300));
            admission.bill.admitted_on = observation.bill.admitted_on;
            observation.bill.kind = CareKind::EmergencyObservation;
            observation.bill.observation = Some(ObservationOutcome::Admitted);
            let outcomes = settle(&[admission, observation]);
            let paid: Vec<_> = outcomes.iter().map(|outcome| (outcome.total, outcome.basic)).collect();
            assert_eq!(paid, [(Fen::yuan(400), Fen::ZERO), (Fen::yuan(300), Fen::yuan(150))]);
        }
    }

    /// AMB-138: the rest of a stay takes its place on 1 January, where the order of filing decides.
    #[test]
    fn the_rest_of_a_stay_has_no_precedence() {
        let on_new_year = |order, began_on| {
            let mut case = case(order, Fen::yuan(1_000));
            case.bill.admitted_on = crate::dates::written::day("2021-01-01");
            case.bill.stay_began_on = began_on;
            case
        };
        let later_part = on_new_year(2, Some(crate::dates::written::day("2020-12-20")));
        let outcomes = settle(&[later_part, on_new_year(1, None)]);
        assert_eq!(outcomes.iter().map(|outcome| outcome.basic).collect::<Vec<_>>(), [35_000, 70_000].map(Fen::new));
    }

    /// AMB-072, AMB-082: outpatient care elsewhere is refused in a year that prints nothing for it, as stays are.
    #[test]
    fn a_visit_elsewhere_needs_a_law_of_places() {
        let mut law = basic_2021(MaximumBasis::FundPayment);
        let mut visit = outpatient::fixtures::visit(1, Fen::yuan(600));
        visit.bill.place = Place::Elsewhere {
            category: OutOfArea::TemporaryEmergency,
            region: "110000".to_owned(),
            receiving_level: None,
        };
        visit.standing.elsewhere = true;
        let visit = [visit];
        assert_eq!(try_settle(&visit, &Opening::default(), &law).unwrap()[0].basic, Fen::yuan(50));
        law.elsewhere = Err(Gap { parameter: "out_of_area".into(), rule_id: "B-5-a".into(), configurable: false });
        let refusals = try_settle(&visit, &Opening::default(), &law).unwrap_err();
        assert_eq!((refusals.0[0].reason, refusals.0[0].rule_id.as_deref()), (Reason::RuleNotDefined, Some("B-5-a")));
    }

    /// The refusals of all bills, each by its own law.
    #[test]
    fn every_refused_bill_is_reported() {
        let refuse = |_: &Case| Err(Refusal::new(Reason::RuleNotDefined, "no law").into());
        let refusals =
            receipts_of_year(&[case(1, Fen::yuan(1)), case(2, Fen::yuan(2))], &Opening::default(), refuse).unwrap_err();
        assert_eq!(refusals.0.len(), 2);
    }

    /// J-7-8: other cost.
    #[test]
    fn what_has_no_rule_is_refused() {
        let mut other = case(1, Fen::yuan(100));
        other.bill.kind = CareKind::Other;
        let law = basic_2021(MaximumBasis::FundPayment);
        let refusal = try_settle(&[other], &Opening::default(), &law).unwrap_err().0.remove(0);
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RuleNotDefined, Some("J-7-8")));
    }
}
