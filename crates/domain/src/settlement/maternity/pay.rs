//! What maternity insurance pays on a bill: a limit, a fixed amount, a share, or the inpatient rate (J-5.3.T-t).

use chrono::Datelike;

use super::params::{MaternityCategory, MaternityParams, MaternityPay, MaternityRow};
use super::pregnancies::Pregnancies;
use super::row;
use crate::codes::Payer;
use crate::effective::{Effective, Gap};
use crate::money::{Fen, Rate};
use crate::receipt::Step;
use crate::refusal::{Reason, Refusal, Refusals};
use crate::settlement::care::Place;
use crate::settlement::case::Case;
use crate::settlement::exclusions;
use crate::settlement::params::BasicParams;
use crate::settlement::trace::Trace;

/// Settles a maternity or family-planning bill and answers its eligible part, nothing of a bill that is not covered.
/// What is paid may be more than the bill costs, where the row prints a fixed amount (AMB-084). A stay across the year
/// end is paid whole, by the law of the admission (J-6.2.2.2-b).
///
/// # Errors
/// `RULE_NOT_DEFINED` for care elsewhere in the country (AMB-088), for what the table does not list and for an inpatient
/// rate that is not printed; `REQUIRED_FIELD_MISSING` for what the row asks; `DUPLICATE_BILL` for a second delivery of a
/// pregnancy.
pub fn settle<'a, T: Trace<'a>>(
    case: &'a Case,
    pregnancies: &mut Pregnancies,
    params: &'a MaternityParams,
    basic: Result<&'a BasicParams, &Gap>,
    trace: &mut T,
) -> Result<Fen, Refusals> {
    let bill = &case.bill;
    if exclusions::whole_bill(case, &params.exclusions, trace)? {
        return Ok(Fen::ZERO);
    }
    let mut refusals = Refusals::default();
    refusals.keep(in_the_city(case));
    let event = bill.maternity.as_ref().ok_or_else(super::check::event_missing);
    let found = event.and_then(|event| row::find(event, bill.provider.level, params));
    let found = refusals.keep(found);
    let rate = found.map(|row| rate(case, row, basic)).and_then(|rate| refusals.keep(rate)).flatten();
    let Some(row) = found.filter(|_| refusals.0.is_empty()) else { return Err(refusals) };
    let checks = row.category == MaternityCategory::PrenatalCheck;
    let before = if checks { pregnancies.checks_of(case) } else { Fen::ZERO };
    let amount = amount(case, row, (rate, before), params);
    if !amount.is_zero() {
        pregnancies.require_one_delivery(case, row)?;
    }
    if bill.admitted_on.year() != bill.discharged_on.year() {
        trace.step(move || across_the_year_end(case));
    }
    let eligible = exclusions::without_others(case, &params.exclusions, trace)?;
    trace.step(move || way(row, params));
    trace.pay(Payer::Maternity, amount, move || line(case, row, (rate, before, amount)));
    pregnancies.pay(case, amount);
    Ok(eligible)
}

/// The clause speaks of cost in the city alone (J-6.2.2.2-a, AMB-088).
fn in_the_city(case: &Case) -> Result<(), Refusal> {
    if case.bill.place == Place::Local {
        return Ok(());
    }
    let detail = "maternity benefits are printed for care in the city alone";
    Err(Refusal::new(Reason::RuleNotDefined, detail).at("bill.elsewhere").by("J-6.2.2.2-a"))
}

/// The rate of a row paid by a rate.
fn rate<'a>(
    case: &Case,
    row: &Effective<MaternityRow>,
    basic: Result<&'a BasicParams, &Gap>,
) -> Result<Option<RateOf<'a>>, Refusal> {
    match row.pay {
        MaternityPay::Limit(_) | MaternityPay::Fixed(_) => Ok(None),
        MaternityPay::ItemRatio(rate) => Ok(Some(RateOf { rate, inpatient: None })),
        MaternityPay::InpatientRatio => {
            let params = basic.map_err(|gap| Refusal::from(gap.clone()))?;
            let printed = case.bill.provider.level.and_then(|level| params.inpatient_rate.get(&(level, case.tier)));
            let name = case.bill.provider.level.map_or("UNGRADED", |level| level.as_str());
            let inpatient = printed.ok_or_else(|| {
                let detail = format!("no inpatient rate is printed for {name}, tier {}", case.tier);
                Refusal::new(Reason::RuleNotDefined, detail)
                    .at("bill.provider.level")
                    .by("J-5.3.T-g")
                    .with("parameter", format!("inpatient.rate.{name}.{}", case.tier))
            })?;
            Ok(Some(RateOf { rate: inpatient.value, inpatient: Some(inpatient) }))
        }
    }
}

/// A rate, and the inpatient one that it is where the row borrows it: the rate alone, without deductible and maximum
/// (AMB-087).
#[derive(Clone, Copy)]
struct RateOf<'a> {
    rate: Rate,
    inpatient: Option<&'a Effective<Rate>>,
}

/// What is paid: a limit and a share on the eligible cost, a fixed amount whatever it cost (AMB-084). Nothing is paid on
/// a bill of which nothing is eligible.
fn amount(case: &Case, row: &MaternityRow, (rate, before): (Option<RateOf<'_>>, Fen), params: &MaternityParams) -> Fen {
    let bill = &case.bill;
    let eligible = bill.eligible();
    match row.pay {
        _ if eligible.is_zero() => Fen::ZERO,
        MaternityPay::Limit(limit) => eligible.min(limit.above(before)),
        MaternityPay::Fixed(amount) if params.fixed_capped_at_cost.value => {
            amount.min(bill.total - bill.third_party.unwrap_or_default() - bill.public_health)
        }
        MaternityPay::Fixed(amount) => amount,
        MaternityPay::ItemRatio(_) | MaternityPay::InpatientRatio => {
            rate.map_or(Fen::ZERO, |of| eligible.at(of.rate).round())
        }
    }
}

/// The whole stay is paid under the year of its admission (J-6.2.2.2-b).
fn across_the_year_end(case: &Case) -> Step {
    let (admitted_on, discharged_on) = (case.bill.admitted_on, case.bill.discharged_on);
    Step::new("J-6.2.2.2-b")
        .given("admission_date", admitted_on)
        .given("discharge_date", discharged_on)
        .found("policy_year", i64::from(admitted_on.year()))
}

fn way(row: &MaternityRow, params: &MaternityParams) -> Step {
    let step = Step::new("J-5.3.T-t").given("item", row.item).found("mode", row.pay.as_str());
    match row.pay {
        MaternityPay::Fixed(_) => {
            step.using(&params.fixed_capped_at_cost, |capped| if *capped { "TRUE" } else { "FALSE" }.into())
        }
        _ => step,
    }
}

/// The payment line, which says what of the amount is above the whole bill.
fn line(case: &Case, row: &Effective<MaternityRow>, (rate, before, amount): (Option<RateOf<'_>>, Fen, Fen)) -> Step {
    let printed = |row: &MaternityRow| match (row.pay, rate) {
        (MaternityPay::Limit(fen) | MaternityPay::Fixed(fen), _) => fen.into(),
        (_, Some(of)) => of.rate.into(),
        (_, None) => row.item.into(),
    };
    let (total, eligible) = (case.bill.total, case.bill.eligible());
    let mut step = Step::by(row, printed).given("total", total).given("eligible", eligible);
    if let Some(inpatient) = rate.and_then(|of| of.inpatient) {
        step = step.using(inpatient, |rate| (*rate).into()).given("tier", case.tier);
    }
    if row.category == MaternityCategory::PrenatalCheck {
        step = step.moving("prenatal_paid", before, before + amount);
    }
    if eligible.is_zero() {
        step = step.marked("NOT_COVERED");
    } else if matches!(row.pay, MaternityPay::Limit(_) if eligible > amount) {
        step = step.marked("LIMIT_REACHED");
    }
    let above = amount.above(total);
    if above.is_zero() { step } else { step.found("above_cost", above).marked("FIXED_ABOVE_COST") }
}

#[cfg(test)]
mod tests {
    use super::super::event::{
        Childbirth, DeliveryMode, DeviceCondition, FamilyPlanningProcedure, MaternityEvent, PregnancyEnd,
    };
    use super::super::fixtures::{birth, case, checks, maternity_2021, natural, planned};
    use super::*;
    use crate::codes::{ProviderLevel, Tier};
    use crate::dates::written::day;
    use crate::receipt::{Receipt, Value};
    use crate::settlement::care::OutOfArea;
    use crate::settlement::fixtures::basic_2021;
    use crate::settlement::params::MaximumBasis;
    use crate::settlement::record::{Arena, explained};
    use crate::settlement::trace::Amounts;

    fn settled(case: &Case, params: &MaternityParams) -> Result<(Fen, Receipt), Refusals> {
        let basic = basic_2021(MaximumBasis::FundPayment);
        let mut amounts = Amounts::default();
        let (eligible, receipt) =
            explained(&Arena::new(), |record| settle(case, &mut Pregnancies::default(), params, Ok(&basic), record));
        let eligible = eligible?;
        let covered = case.bill.provider.designated && case.bill.place != Place::OutsideBorder;
        assert_eq!(eligible, if covered { case.bill.eligible() } else { Fen::ZERO });
        // Without an explanation the same is paid.
        assert_eq!(settle(case, &mut Pregnancies::default(), params, Ok(&basic), &mut amounts), Ok(eligible));
        let paid = receipt.total(Payer::Maternity);
        assert_eq!((amounts.total(Payer::Maternity), receipt.sum()), (paid, paid));
        Ok((paid, receipt))
    }

    /// What is paid on a bill wholly eligible, in fen.
    fn paid(event: MaternityEvent, fen: i64) -> i64 {
        settled(&case(event, Fen::new(fen)), &maternity_2021()).unwrap().0.get()
    }

    fn delivery(change: impl FnOnce(&mut Childbirth)) -> MaternityEvent {
        let mut childbirth = Childbirth { mode: Some(DeliveryMode::Natural), ..Childbirth::default() };
        change(&mut childbirth);
        birth(childbirth)
    }

    fn reason(case: &Case) -> Vec<Reason> {
        settled(case, &maternity_2021()).unwrap_err().0.iter().map(|refusal| refusal.reason).collect()
    }

    /// S-41 and the examples of J-5.3.T-a, J-5.3.T-b, J-5.3.T-c, J-5.3.T-d: the cost up to the limit of the week.
    #[test]
    fn checks_are_paid_up_to_the_limit() {
        for (end, weeks, cost, expected) in [
            (PregnancyEnd::Termination, 11, 21_000, 16_000),
            (PregnancyEnd::Termination, 11, 9_000, 9_000),
            (PregnancyEnd::Termination, 11, 16_000, 16_000),
            (PregnancyEnd::Termination, 11, 16_001, 16_000),
            (PregnancyEnd::Termination, 12, 30_000, 28_000),
            (PregnancyEnd::Termination, 27, 80_000, 54_000),
            (PregnancyEnd::Termination, 28, 80_000, 66_000),
            (PregnancyEnd::Delivery, 40, 70_000, 66_000),
            (PregnancyEnd::Delivery, 26, 70_000, 66_000),
        ] {
            assert_eq!(paid(checks(end, Some(weeks)), cost), expected, "{weeks} weeks");
        }
        let (_, receipt) =
            settled(&case(checks(PregnancyEnd::Delivery, None), Fen::yuan(700)), &maternity_2021()).unwrap();
        assert!(receipt.applies("J-5.3.T-d") && receipt.is_marked("LIMIT_REACHED"));
    }

    /// ADR 0018, J-8-4, AMB-071, AMB-084: the share of a third party is left out and named; what is left of the cost is less
    /// than the fixed amount, which is paid whatever the cost. Where nothing is left, nothing is paid.
    #[test]
    fn a_third_party_takes_nothing_from_a_fixed_amount() {
        let mut shared = case(natural(), Fen::yuan(4_000));
        shared.bill.third_party = Some(Fen::yuan(3_000));
        let (paid, receipt) = settled(&shared, &maternity_2021()).unwrap();
        assert_eq!(paid, Fen::yuan(2_280));
        assert!(receipt.applies("J-8-4"));
        shared.bill.third_party = Some(Fen::yuan(4_000));
        let (paid, receipt) = settled(&shared, &maternity_2021()).unwrap();
        assert!(paid.is_zero() && receipt.is_marked("NOT_COVERED"));
    }

    /// C10: termination at 15 weeks 6 days 280.00, at 16 weeks 540.00.
    #[test]
    fn a_day_more_is_another_band() {
        let at = |weeks| paid(checks(PregnancyEnd::Termination, Some(weeks)), 100_000);
        assert_eq!((at(15), at(16)), (28_000, 54_000));
    }

    /// The example of J-5.3.T-e, C07: 2280.00 whatever it cost, with what is above the cost on the line.
    #[test]
    fn a_delivery_is_paid_its_fixed_amount() {
        assert_eq!(paid(natural(), 400_000), 228_000);
        let (paid, receipt) = settled(&case(natural(), Fen::yuan(1_500)), &maternity_2021()).unwrap();
        assert_eq!(paid, Fen::yuan(2_280));
        assert_eq!(receipt.output("above_cost"), Some(&Value::Fen(Fen::yuan(780))));
        assert!(receipt.is_marked("FIXED_ABOVE_COST"));
        let (_, exactly) = settled(&case(natural(), Fen::yuan(2_280)), &maternity_2021()).unwrap();
        assert!(!exactly.is_marked("FIXED_ABOVE_COST"));
    }

    /// The other reading (AMB-084): a fixed amount, but never more than the cost.
    #[test]
    fn a_fixed_amount_may_end_at_the_cost() {
        let fixed_capped_at_cost = Effective::printed(true, "J-5.3.T-t");
        let law = MaternityParams { fixed_capped_at_cost, ..maternity_2021() };
        for (yuan, expected) in [(1_500, 1_500), (2_280, 2_280), (4_000, 2_280)] {
            assert_eq!(settled(&case(natural(), Fen::yuan(yuan)), &law).unwrap().0, Fen::yuan(expected));
        }
        // What others bear of the cost is not the woman's.
        let mut shared = case(natural(), Fen::yuan(2_500));
        shared.bill.third_party = Some(Fen::yuan(1_000));
        assert_eq!(settled(&shared, &law).unwrap().0, Fen::yuan(1_500));
    }

    /// The examples of J-5.3.T-f, J-5.3.T-h: 60 % of the eligible cost at every tier and level, rounded once.
    #[test]
    fn complications_and_the_hospital_left_are_paid_by_item() {
        assert_eq!(paid(delivery(|it| it.obstetric_complication = true), 900_000), 540_000);
        assert_eq!(paid(birth(Childbirth { transferred_out: true, ..Childbirth::default() }), 150_000), 90_000);
        let mut partly = case(delivery(|it| it.obstetric_complication = true), Fen::yuan(9_000));
        partly.bill.in_catalogue = Fen::new(800_001);
        for (tier, level) in [(Tier::Low, ProviderLevel::One), (Tier::StudentChild, ProviderLevel::Three)] {
            (partly.tier, partly.bill.provider.level) = (tier, Some(level));
            assert_eq!(settled(&partly, &maternity_2021()).unwrap().0, Fen::new(480_001));
        }
    }

    /// The example of J-5.3.T-g, S-42, AMB-087: the rate of tier and level on the whole eligible cost, no deductible.
    #[test]
    fn a_severe_disease_is_paid_at_the_inpatient_rate() {
        let severe = case(delivery(|it| it.severe_disease = true), Fen::yuan(15_000));
        let (amount, receipt) = settled(&severe, &maternity_2021()).unwrap();
        assert_eq!(amount, Fen::yuan(10_500));
        let rules: Vec<&str> = receipt.steps[1].parameters().map(|used| &*used.reference.rule_id).collect();
        assert_eq!(rules, ["J-5.3.T-g", "J-5.1.T-c"]);
        // Far above the maximum of inpatient care.
        assert_eq!(paid(delivery(|it| it.severe_disease = true), 100_000_000), 70_000_000);
        let mut ungraded = severe.clone();
        ungraded.bill.provider.level = None;
        assert_eq!(reason(&ungraded), [Reason::RuleNotDefined]);
        // The rates may be what is missing of the law.
        let gap = Gap { parameter: "inpatient".into(), rule_id: "B-5-a".into(), configurable: true };
        let refusals =
            settle(&severe, &mut Pregnancies::default(), &maternity_2021(), Err(&gap), &mut Amounts::default())
                .unwrap_err();
        assert!(refusals.has(Reason::ParameterNotSet));
        assert!(
            settle(
                &case(natural(), Fen::yuan(1)),
                &mut Pregnancies::default(),
                &maternity_2021(),
                Err(&gap),
                &mut Amounts::default()
            )
            .is_ok()
        );
    }

    /// C08: the complication replaces the fixed amount; both pay the same at 3800.00 (AMB-086).
    #[test]
    fn a_complication_may_pay_less() {
        let complicated = |fen| paid(delivery(|it| it.obstetric_complication = true), fen);
        assert_eq!((paid(natural(), 300_000), complicated(300_000)), (228_000, 180_000));
        assert_eq!((paid(natural(), 380_000), complicated(380_000)), (228_000, 228_000));
    }

    /// The examples of J-5.3.T-i, at each level.
    #[test]
    fn induced_labour_is_paid_by_level() {
        let labour = planned(&[FamilyPlanningProcedure::InducedLabour], &[]);
        for (level, yuan) in ProviderLevel::ALL.iter().zip([600, 780, 960]) {
            let mut case = case(labour.clone(), Fen::yuan(2_000));
            case.bill.provider.level = Some(*level);
            assert_eq!(settled(&case, &maternity_2021()).unwrap().0, Fen::yuan(yuan));
        }
    }

    /// The examples of J-5.3.T-j, J-5.3.T-k, J-5.3.T-l, J-5.3.T-m, J-5.3.T-n, J-5.3.T-o, J-5.3.T-p, J-5.3.T-q, J-5.3.T-r,
    /// J-5.3.T-s.
    #[test]
    fn procedures_are_paid_as_printed() {
        use FamilyPlanningProcedure as Is;
        for (procedure, cost, expected) in [
            (Is::Abortion, 30_000, 18_000),
            (Is::HighRiskAbortion, 50_000, 36_000),
            (Is::DeviceInsertion, 20_000, 12_000),
            (Is::DeviceRemoval, 20_000, 12_000),
            (Is::DeviceReplacement, 26_000, 20_000),
            (Is::FemaleSterilisation, 150_000, 60_000),
            (Is::MaleSterilisation, 70_000, 36_000),
            (Is::SterilisationReversal, 500_000, 300_000),
            (Is::Complication, 200_000, 120_000),
            (Is::Miscarriage, 40_000, 15_000),
            (Is::DrugAbortion, 12_000, 12_000),
            (Is::DrugAbortion, 15_001, 15_000),
        ] {
            assert_eq!(paid(planned(&[procedure], &[]), cost), expected, "{procedure}");
        }
        let complicated = planned(&[Is::DeviceRemoval], &[DeviceCondition::Fracture]);
        assert_eq!(paid(complicated, 80_000), 48_000);
    }

    /// C09: simple 120.00, complicated at the same cost of 150.00 90.00; both the same at 200.00.
    #[test]
    fn a_complicated_removal_may_pay_less() {
        let removal = |conditions: &[DeviceCondition]| planned(&[FamilyPlanningProcedure::DeviceRemoval], conditions);
        let complicated = || removal(&[DeviceCondition::Menopause]);
        assert_eq!((paid(removal(&[]), 15_000), paid(complicated(), 15_000)), (12_000, 9_000));
        assert_eq!((paid(removal(&[]), 20_000), paid(complicated(), 20_000)), (12_000, 12_000));
    }

    /// The example of J-5.3.T-t: at a cost of 100.00 each way pays otherwise.
    #[test]
    fn three_ways_of_paying() {
        assert_eq!(paid(checks(PregnancyEnd::Termination, Some(5)), 10_000), 10_000);
        assert_eq!(paid(natural(), 10_000), 228_000);
        assert_eq!(paid(delivery(|it| it.obstetric_complication = true), 10_000), 6_000);
        let (_, receipt) = settled(&case(natural(), Fen::yuan(100)), &maternity_2021()).unwrap();
        assert_eq!(receipt.steps[0].output("mode"), Some(&Value::from("FIXED")));
    }

    /// J-6.2.2.2-b: admitted 2021-12-30, delivery 2022-01-02: 2280.00 under 2021.
    #[test]
    fn a_stay_across_the_year_end_is_paid_whole() {
        let mut stay = case(natural(), Fen::yuan(4_000));
        (stay.bill.admitted_on, stay.bill.discharged_on) = (day("2021-12-30"), day("2022-01-02"));
        assert_eq!(stay.bill.check(), Ok(()));
        let (paid, receipt) = settled(&stay, &maternity_2021()).unwrap();
        assert_eq!(paid, Fen::yuan(2_280));
        assert_eq!(receipt.steps[0].rule_id, "J-6.2.2.2-b");
        assert_eq!(receipt.output("policy_year"), Some(&Value::Count(2021)));
    }

    /// J-6.2.2.2-a, AMB-088: outside the city nothing is printed; J-8-5 and J-8-1 pay nothing.
    #[test]
    fn care_elsewhere_is_not_defined() {
        let mut elsewhere = case(birth(Childbirth::default()), Fen::yuan(4_000));
        let (category, region) = (OutOfArea::Residence, "110105".to_owned());
        elsewhere.bill.place = Place::Elsewhere { category, region, receiving_level: None };
        // With everything else that is wrong with it.
        assert_eq!(reason(&elsewhere), [Reason::RuleNotDefined, Reason::RequiredFieldMissing]);
        let mut abroad = case(natural(), Fen::yuan(4_000));
        abroad.bill.place = Place::OutsideBorder;
        let mut undesignated = case(natural(), Fen::yuan(4_000));
        undesignated.bill.provider.designated = false;
        for (case, rule_id) in [(abroad, "J-8-5"), (undesignated, "J-8-1")] {
            let (paid, receipt) = settled(&case, &maternity_2021()).unwrap();
            assert!(paid.is_zero() && receipt.applies(rule_id) && receipt.is_marked("NOT_COVERED"));
        }
    }

    /// A bill of which nothing is eligible is not covered, in every way of paying.
    #[test]
    fn nothing_is_paid_where_nothing_is_eligible() {
        for event in [natural(), checks(PregnancyEnd::Delivery, None), delivery(|it| it.severe_disease = true)] {
            let mut case = case(event, Fen::yuan(4_000));
            case.bill.in_catalogue = Fen::ZERO;
            let (paid, receipt) = settled(&case, &maternity_2021()).unwrap();
            assert!(paid.is_zero() && receipt.is_marked("NOT_COVERED"));
        }
    }
}
