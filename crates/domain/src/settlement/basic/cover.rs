//! Which stays and special outpatient bills basic insurance covers (J-7-4 to J-7-7).

use super::elsewhere::Terms;
use crate::receipt::Step;
use crate::refusal::Refusal;
use crate::settlement::care::CareKind;
use crate::settlement::case::Case;
use crate::settlement::exclusions::{exclude, whole_bill};
use crate::settlement::filings::student;
use crate::settlement::params::BasicParams;
use crate::settlement::trace::Trace;

/// True when the bill is not covered. Every rule that excludes it has a line: those of all kinds of care, a place the
/// person may not choose (J-10.3.2-e), a school day of a student at home (J-10.5.1-a), a special disease that is not
/// registered (J-7-6, J-5.1.T-k), and an institution that offers no home beds (J-7-7, J-5.1.4-c).
pub(super) fn is_excluded<'a, T: Trace<'a>>(
    case: &'a Case,
    place: &Terms<'a>,
    params: &'a BasicParams,
    trace: &mut T,
) -> Result<bool, Refusal> {
    let whole = whole_bill(case, &params.exclusions, trace)?;
    let unpaid_place = matches!(place, Terms::NotPaid(_));
    if let Terms::NotPaid(levels) = *place {
        exclude(case, trace, move || {
            levels.iter().fold(Step::new("J-10.3.2-e"), |step, level| step.using(levels, |_| (*level).into()))
        });
    }
    let school_day = student::is_of_a_school_day(&case.bill, case.standing.holidays);
    if school_day {
        exclude(case, trace, student::school_day_step);
    }
    let unregistered = case.bill.kind == CareKind::SpecialOutpatient && !case.standing.special_disease;
    if unregistered {
        exclude(case, trace, move || Step::new("J-7-6"));
    }
    let no_beds = case.bill.kind == CareKind::HomeBed && !case.bill.provider.home_bed;
    if no_beds {
        exclude(case, trace, move || Step::new("J-5.1.4-c"));
    }
    Ok(whole || unpaid_place || school_day || unregistered || no_beds)
}

#[cfg(test)]
mod tests {
    use crate::codes::{ProviderLevel, Tier};
    use crate::money::Fen;
    use crate::settlement::care::{CareKind, ObservationOutcome, OutOfArea, Place};
    use crate::settlement::case::Case;
    use crate::settlement::fixtures::{settle, special, stay};

    /// J-7-6, J-5.1.T-k: a disease that is not registered is not covered, and uses no deductible (AMB-140).
    #[test]
    fn a_special_disease_is_registered() {
        let mut visit = special(1, Fen::yuan(300), ProviderLevel::One, Tier::Middle);
        visit.standing.special_disease = false;
        let outcomes = settle(&[visit, stay(2, Fen::yuan(600), ProviderLevel::One, Tier::Middle)]);
        assert!(outcomes[0].trace.applies("J-7-6") && outcomes[0].trace.is_marked("NOT_COVERED"));
        assert_eq!((outcomes[0].eligible, outcomes[0].aid_base), (Fen::ZERO, Fen::ZERO));
        assert_eq!(outcomes[1].basic, Fen::yuan(80));
    }

    /// J-10.5.1-a: special outpatient care of a student at home is paid in the holidays, (1000.00 − 500.00) × 65 %, and not on
    /// a school day; a stay on any day, (1000.00 − 500.00) × 85 %, and what is settled like it (AMB-068, AMB-076).
    #[test]
    fn students_at_home_are_paid_stays_any_time_and_the_rest_in_the_holidays() {
        let paid = |mut case: Case, holidays| {
            case.bill.place = Place::Elsewhere {
                category: OutOfArea::StudentAtHome,
                region: "130102".to_owned(),
                receiving_level: None,
            };
            (case.standing.elsewhere, case.standing.holidays) = (true, Some(holidays));
            let outcome = settle(&[case]).remove(0);
            assert_eq!(outcome.trace.is_marked("NOT_COVERED"), outcome.basic.is_zero());
            assert!(outcome.trace.applies("J-10.5.1-a"));
            outcome.basic
        };
        let of_student = |make: fn(i64, Fen, ProviderLevel, Tier) -> Case| {
            make(1, Fen::yuan(1_000), ProviderLevel::One, Tier::StudentChild)
        };
        assert_eq!([true, false].map(|day| paid(of_student(special), day)), [Fen::yuan(325), Fen::ZERO]);
        assert_eq!([true, false].map(|day| paid(of_student(stay), day)), [Fen::yuan(425); 2]);
        let mut observed = of_student(stay);
        observed.bill.kind = CareKind::EmergencyObservation;
        observed.bill.observation = Some(ObservationOutcome::Death);
        assert_eq!([true, false].map(|day| paid(observed.clone(), day)), [Fen::yuan(425); 2]);
    }

    /// Every rule that excludes a bill is named, J-8-1 and J-10.3.2-e here.
    #[test]
    fn every_excluding_rule_is_named() {
        let mut chosen = stay(1, Fen::yuan(3_000), ProviderLevel::Three, Tier::Middle);
        chosen.bill.provider.designated = false;
        chosen.bill.place =
            Place::Elsewhere { category: OutOfArea::SelfChosen, region: "110000".to_owned(), receiving_level: None };
        let outcome = settle(&[chosen]).remove(0);
        let rules: Vec<_> = outcome.trace.steps.iter().map(|step| step.rule_id.as_ref()).collect();
        assert_eq!(rules, ["J-8-1", "J-10.3.2-e"]);
        assert!(outcome.trace.steps.iter().all(|step| step.marks().eq(["NOT_COVERED"])));
    }
}
