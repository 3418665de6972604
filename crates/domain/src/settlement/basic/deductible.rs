//! The deductible: one of the year for stays and special outpatient care together.

use crate::money::Fen;
use crate::receipt::Step;
use crate::settlement::accumulators::Accumulators;
use crate::settlement::care::{CareKind, Place};
use crate::settlement::case::Case;
use crate::settlement::params::BasicParams;
use crate::settlement::trace::Trace;

/// The deductible due: once a year (J-5.1.T-d), none from the second stay on, whatever the first one cost (J-5.1.T-e,
/// J-10.5.2-a, AMB-055), and none for the rest of a stay that bore its deductible in an earlier year (J-5.1.6-a,
/// AMB-057, AMB-141). Special outpatient care shares it without being a stay: what stays left of it remains due
/// (J-5.1.T-j, J-5.1.T-k, AMB-056).
pub(super) fn due<'a, T: Trace<'a>>(
    case: &'a Case,
    eligible: Fen,
    before: &Accumulators,
    params: &'a BasicParams,
    trace: &mut T,
) -> Fen {
    let (used, stays_before) = (before.deductible_used, before.stays);
    let stays = move || i64::from(stays_before + u32::from(super::counts_as_stay(case, params)));
    if let Some(began_on) = case.bill.stay_began_on {
        trace.step(move || {
            let step = Step::new("J-5.1.6-a");
            let step = match &params.cross_year_stay_counts_in {
                Some(reading) => step.using(reading, |reading| reading.as_str().into()),
                None => step,
            };
            step.given("stay_admission_date", began_on)
                .moving("deductible_used", used, used)
                .found("deductible", Fen::ZERO)
                .found("stays", stays())
        });
        return Fen::ZERO;
    }
    let special = case.bill.kind == CareKind::SpecialOutpatient;
    let stay = stays_before + 1;
    let waived = !special && stay >= params.waived_from_stay.value;
    let due = if waived { Fen::ZERO } else { params.deductible.above(used).min(eligible) };
    trace.step(move || {
        let step = if special {
            shared(params)
        } else if waived {
            waiver(case, params)
        } else {
            Step::by(&params.deductible, |fen| (*fen).into())
        };
        let step = if special { step } else { step.given("stay", i64::from(stay)) };
        step.moving("deductible_used", used, used + due).found("deductible", due).found("stays", stays())
    });
    due
}

/// The waiver, printed once more for stays outside the city (J-10.5.2-a).
fn waiver(case: &Case, params: &BasicParams) -> Step {
    let as_value = |stay: &u32| i64::from(*stay).into();
    if let Place::Elsewhere { .. } = case.bill.place {
        return Step::new("J-10.5.2-a").using(&params.waived_from_stay, as_value);
    }
    Step::by(&params.waived_from_stay, as_value)
}

fn shared(params: &BasicParams) -> Step {
    let step = match &params.special_outpatient {
        Ok(special) => Step::by(&special.deductible, |account| account.as_str().into()),
        // The rate has refused the bill before.
        Err(_) => Step::new("J-5.1.T-j"),
    };
    step.using(&params.deductible, |fen| (*fen).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::{ProviderLevel, Tier};
    use crate::dates::written::day;
    use crate::effective::Effective;
    use crate::receipt::Value;
    use crate::settlement::accumulators::Opening;
    use crate::settlement::care::{ObservationOutcome, OutOfArea};
    use crate::settlement::fixtures::{basic_2021, case, rest_of_a_stay, settle, special, stay, try_settle};
    use crate::settlement::params::{CrossYearStay, MaximumBasis};

    fn paid(bills: &[Case]) -> Vec<Fen> {
        settle(bills).iter().map(|outcome| outcome.basic).collect()
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

    /// S-37 in the other reading of AMB-057: the stay of December is also the first one of 2021, so that the one of March has
    /// no deductible, 5000.00 × 70 % = 3500.00. It is a stay and not the deductible, which special outpatient care still
    /// bears (AMB-056): (1000.00 − 500.00) × 50 %.
    #[test]
    fn a_stay_across_new_year_may_be_a_stay_of_both_years() {
        let mut law = basic_2021(MaximumBasis::FundPayment);
        let reading = Effective::printed(CrossYearStay::BothYears, "J-5.1.6-a");
        law.cross_year_stay_counts_in = Some(reading);
        let rest = rest_of_a_stay(Fen::yuan(12_000));
        let march = case(8, Fen::yuan(5_000));
        let visit = special(9, Fen::yuan(1_000), ProviderLevel::Three, Tier::Middle);
        let outcomes = try_settle(&[march, rest, visit], &Opening::default(), &law).unwrap();
        assert_eq!(outcomes.iter().map(|it| it.basic).collect::<Vec<_>>(), [8_400, 3_500, 250].map(Fen::yuan));
        assert_eq!(outcomes.iter().map(|it| it.state_after.stays).collect::<Vec<_>>(), [1, 2, 2]);
        assert!(outcomes[0].trace.applies("J-5.1.6-a") && outcomes[1].trace.applies("J-5.1.T-e"));
        let waived = outcomes[0].trace.steps.iter().find(|step| step.output("stays").is_some()).unwrap();
        assert_eq!((waived.rule_id.as_ref(), waived.output("stays")), ("J-5.1.6-a", Some(&Value::Count(1))));
    }

    /// S-26: J-5.1.T-g, J-5.1.T-j, J-5.1.T-b: one deductible for special outpatient care and stays.
    #[test]
    fn special_outpatient_care_shares_the_deductible() {
        let student = Tier::StudentChild;
        let bills = [
            special(1, Fen::yuan(300), ProviderLevel::One, student),
            stay(2, Fen::yuan(5_000), ProviderLevel::Two, student),
            special(3, Fen::yuan(1_000), ProviderLevel::One, student),
        ];
        let outcomes = settle(&bills);
        assert_eq!(paid(&bills), [0, 3_840, 650].map(Fen::yuan));
        assert!(outcomes[0].trace.applies("J-5.1.T-j") && outcomes[0].trace.is_marked("BELOW_DEDUCTIBLE"));
        assert!(outcomes[1].trace.applies("J-5.1.T-d") && outcomes[2].trace.applies("J-5.1.T-g"));
        // It is no stay.
        assert_eq!(outcomes.iter().map(|it| it.state_after.stays).collect::<Vec<_>>(), [0, 1, 1]);
    }

    /// J-5.1.T-k: two diseases, one deductible; disease A uses it up.
    #[test]
    fn two_special_diseases_share_the_deductible() {
        let first = special(1, Fen::yuan(500), ProviderLevel::One, Tier::Middle);
        let mut second = special(2, Fen::yuan(1_000), ProviderLevel::One, Tier::Middle);
        second.bill.disease_code = "M02".to_owned();
        assert_eq!(paid(&[first, second]), [0, 600].map(Fen::yuan));
    }

    /// AMB-056, C03: after a first stay that used less, the rest remains due for special outpatient care, and for it only.
    #[test]
    fn the_rest_of_the_deductible_remains_due_for_special_outpatient_care() {
        let (one, middle) = (ProviderLevel::One, Tier::Middle);
        let small = stay(1, Fen::yuan(300), one, middle);
        let second = stay(2, Fen::yuan(2_000), one, middle);
        let outcomes = settle(&[small.clone(), second.clone(), special(3, Fen::yuan(1_000), one, middle)]);
        assert_eq!(outcomes.iter().map(|it| it.basic).collect::<Vec<_>>(), [0, 1_600, 480].map(Fen::yuan));
        assert_eq!(outcomes[2].state_after.deductible_used, Fen::yuan(500));
        // The same year with the special outpatient care first costs the person 60.00 less.
        let mut before = special(3, Fen::yuan(1_000), one, middle);
        before.bill.admitted_on = small.bill.admitted_on;
        before.filed_order = 0;
        assert_eq!(paid(&[before, small, second]), [300, 240, 1_600].map(Fen::yuan));
    }

    /// AMB-068: an observation that led to an admission shares its deductible and is no stay of its own; one that ended in
    /// death is like a stay.
    #[test]
    fn an_observation_is_part_of_the_stay_it_led_to() {
        let observed = |outcome| {
            let mut case = stay(1, Fen::yuan(400), ProviderLevel::Three, Tier::Middle);
            case.bill.kind = CareKind::EmergencyObservation;
            case.bill.observation = Some(outcome);
            case
        };
        let admitted = stay(2, Fen::yuan(1_000), ProviderLevel::Three, Tier::Middle);
        let outcomes = settle(&[observed(ObservationOutcome::Admitted), admitted]);
        assert_eq!((outcomes[0].basic, outcomes[1].basic), (Fen::ZERO, Fen::yuan(630)));
        assert_eq!((outcomes[0].state_after.stays, outcomes[1].state_after.stays), (0, 1));
        let outcomes = settle(&[
            observed(ObservationOutcome::Death),
            special(2, Fen::yuan(500), ProviderLevel::Three, Tier::Middle),
        ]);
        assert_eq!((outcomes[0].state_after.stays, outcomes[1].basic), (1, Fen::yuan(200)));
    }

    /// J-10.5.2-a: a second stay at a designated hospital elsewhere has none.
    #[test]
    fn the_waiver_holds_elsewhere() {
        let mut second = stay(2, Fen::yuan(8_000), ProviderLevel::Three, Tier::Middle);
        second.bill.place =
            Place::Elsewhere { category: OutOfArea::Residence, region: "110000".to_owned(), receiving_level: None };
        second.standing.elsewhere = true;
        let outcomes = settle(&[stay(1, Fen::yuan(600), ProviderLevel::Three, Tier::Middle), second]);
        assert_eq!(outcomes[1].basic, Fen::yuan(5_600));
        assert!(outcomes[1].trace.applies("J-10.5.2-a"));
    }
}
