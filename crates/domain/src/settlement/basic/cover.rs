//! Which stays and special outpatient bills basic insurance covers (J-7-4 to J-7-7).

use super::elsewhere::Terms;
use crate::refusal::Refusal;
use crate::settlement::care::CareKind;
use crate::settlement::case::Case;
use crate::settlement::exclusions::{exclude, whole_bill};
use crate::settlement::params::BasicParams;
use crate::settlement::trace::Trace;

/// True when the bill is not covered. Every rule that excludes it has a line: those of all kinds of care, a place the
/// person may not choose (J-10.3.2-e), a special disease that is not registered (J-7-6, J-5.1.T-k), and an institution
/// that offers no home beds (J-7-7, J-5.1.4-c).
pub(super) fn is_excluded<T: Trace>(
    case: &Case,
    place: &Terms<'_>,
    params: &BasicParams,
    trace: &mut T,
) -> Result<bool, Refusal> {
    let whole = whole_bill(case, &params.exclusions, trace)?;
    let unpaid_place = matches!(place, Terms::NotPaid(_));
    if let Terms::NotPaid(levels) = place {
        exclude(case, trace, |line| {
            levels.iter().fold(line.rule("J-10.3.2-e"), |step, level| step.using(levels, |_| (*level).into()))
        });
    }
    let unregistered = case.bill.kind == CareKind::SpecialOutpatient && !case.standing.special_disease;
    if unregistered {
        exclude(case, trace, |line| line.rule("J-7-6"));
    }
    let no_beds = case.bill.kind == CareKind::HomeBed && !case.bill.provider.home_bed;
    if no_beds {
        exclude(case, trace, |line| line.rule("J-5.1.4-c"));
    }
    Ok(whole || unpaid_place || unregistered || no_beds)
}

#[cfg(test)]
mod tests {
    use crate::codes::{ProviderLevel, Tier};
    use crate::money::Fen;
    use crate::settlement::care::{OutOfArea, Place};
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
