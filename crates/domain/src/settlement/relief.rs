//! The adjustments of benefits that a person may enjoy (J-5.1.3-b, B-5.5-c, AMB-137), and those that have no figure.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::accumulators::{Accumulators, Opening};
use super::care::CareKind;
use super::case::Case;
use super::outpatient::deductible;
use super::outpatient::params::OutpatientParams;
use super::params::BasicParams;
use crate::codes::{Identity, UnknownCode, codes};
use crate::effective::Effective;
use crate::refusal::{Reason, Refusal};

/// Which adjustments apply to a person. Each is reckoned by the rule that prints it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reliefs {
    /// The outpatient deductible is lower (J-5.1.1-a to -c, B-5.3-a to -c).
    pub lower_outpatient_deductible: bool,
    /// The next stay has no deductible (J-5.1.T-e).
    pub no_inpatient_deductible: bool,
    /// Unspent outpatient balances raise the inpatient maximum (J-5.1.2-b, B-5.4-b).
    pub accumulated_maximum: bool,
    /// The inpatient rate is higher, by a share of a rate that is not printed: an entitlement on record (B-5.5-c).
    pub higher_inpatient_rate: bool,
}

/// What a year prints about adjustments; `None` where it prints nothing.
#[derive(Clone, Copy, Debug)]
pub struct ReliefLaw<'a> {
    /// Of outpatient care.
    pub outpatient: Option<&'a OutpatientParams>,
    /// Of inpatient care.
    pub basic: Option<&'a BasicParams>,
    /// Whose inpatient rate is higher.
    pub raised_rate: Option<&'a Effective<Vec<Identity>>>,
}

/// The adjustments that the next bill of a year meets, of a person who holds these identities.
#[must_use]
pub fn reliefs(state: &Accumulators, opening: &Opening, identities: &[Identity], law: ReliefLaw<'_>) -> Reliefs {
    let lower = |params| deductible::reduction(opening.unused_outpatient_years, params).is_some();
    let waived = |params: &BasicParams| state.stays + 1 >= params.waived_from_stay.value;
    let raises = |params: &BasicParams| params.balance_raises_maximum.as_ref().is_some_and(|raises| raises.value);
    Reliefs {
        lower_outpatient_deductible: law.outpatient.is_some_and(lower),
        no_inpatient_deductible: law.basic.is_some_and(waived),
        accumulated_maximum: law.basic.is_some_and(raises) && opening.balance() > state.balance_used,
        higher_inpatient_rate: law.raised_rate.is_some_and(|named| holds(identities, named)),
    }
}

fn holds(identities: &[Identity], named: &[Identity]) -> bool {
    named.iter().any(|identity| identities.contains(identity))
}

/// Refuses to reckon the higher inpatient rate of a person who is entitled to it, beside the rate itself (AMB-083).
///
/// # Errors
/// `RULE_NOT_DEFINED` (B-5.5-c).
pub(super) fn raised_rate_has_a_figure(
    case: &Case,
    raised_rate: Option<&Effective<Vec<Identity>>>,
) -> Result<(), Refusal> {
    let inpatient = case.bill.kind != CareKind::SpecialOutpatient;
    let Some(named) = raised_rate.filter(|named| inpatient && holds(&case.identities, named)) else { return Ok(()) };
    let detail = "the person's inpatient rate is five percent higher than a rate that is not printed";
    let refusal = Refusal::new(Reason::RuleNotDefined, detail).at("bill.care_kind").with("parameter", &named.name);
    Err(refusal.by(named.reference.rule_id.clone()))
}

codes! {
    /// An adjustment that the outline names without a figure.
    UnprintedRelief {
        /// A reduction of the inpatient deductible by steps, as outpatient care has one (J-5.1.3-b, AMB-137).
        StepwiseInpatientDeductible = "STEPWISE_INPATIENT_DEDUCTIBLE",
        /// Support for the after-effects of SARS (非典后遗症), on top of basic insurance like assistance (J-5.1.7-a).
        SarsSequelaeSupport = "SARS_SEQUELAE_SUPPORT",
    }
}

impl UnprintedRelief {
    /// Refuses to reckon it.
    #[must_use]
    pub fn refusal(self) -> Refusal {
        let (rule_id, detail) = match self {
            Self::StepwiseInpatientDeductible => {
                ("J-5.1.3-b", "no scale is printed by which the inpatient deductible falls")
            }
            Self::SarsSequelaeSupport => ("J-5.1.7-a", "no figure is printed for the support of SARS sequelae"),
        };
        Refusal::new(Reason::RuleNotDefined, detail).by(rule_id)
    }
}

#[cfg(test)]
mod tests {
    use super::super::accumulators::CarriedBalance;
    use super::super::fixtures::{basic_2021, case, stay};
    use super::super::outpatient::fixtures::{law_2017, law_2021};
    use super::super::params::MaximumBasis;
    use super::*;
    use crate::codes::{ProviderLevel, Tier};
    use crate::money::Fen;

    /// J-5.1.3-b.
    #[test]
    fn three_adjustments_are_printed() {
        let (basic, outpatient) = (basic_2021(MaximumBasis::FundPayment), law_2021());
        let law = ReliefLaw { outpatient: Some(&outpatient), basic: Some(&basic), raised_rate: None };
        let balances = vec![CarriedBalance { origin_year: 2020, amount: Fen::yuan(4_000) }];
        let opening = Opening { balances, unused_outpatient_years: 1 };
        let of = |state: &Accumulators, opening: &Opening| reliefs(state, opening, &[Identity::LowIncome], law);
        assert_eq!(of(&Accumulators::default(), &Opening::default()), Reliefs::default());
        let all = of(&Accumulators { stays: 1, ..Accumulators::default() }, &opening);
        assert!(all.lower_outpatient_deductible && all.no_inpatient_deductible && all.accumulated_maximum);
        assert!(!all.higher_inpatient_rate);
        // A balance that is spent is gone (AMB-064).
        let spent = Accumulators { balance_used: Fen::yuan(4_000), ..Accumulators::default() };
        assert!(!of(&spent, &opening).accumulated_maximum);
    }

    /// B-5.5-c: on record for two identities; the amount is refused, beside the rates that are not printed.
    #[test]
    fn the_higher_rate_of_2017_is_recorded_and_not_reckoned() {
        let named = Effective::printed(vec![Identity::SubsistenceAllowance, Identity::LowIncome], "B-5.5-c");
        let outpatient = law_2017();
        let law = ReliefLaw { outpatient: Some(&outpatient), basic: None, raised_rate: Some(&named) };
        for (identity, entitled) in
            [(Identity::SubsistenceAllowance, true), (Identity::LowIncome, true), (Identity::SevereDisability, false)]
        {
            let found = reliefs(&Accumulators::default(), &Opening::default(), &[identity], law);
            assert_eq!(found, Reliefs { higher_inpatient_rate: entitled, ..Reliefs::default() });
            let inpatient = Case { identities: vec![identity], ..case(1, Fen::yuan(1_000)) };
            let refused = raised_rate_has_a_figure(&inpatient, Some(&named)).err();
            let expected = entitled.then(|| (Reason::RuleNotDefined, Some("B-5.5-c".into())));
            assert_eq!(refused.map(|refusal| (refusal.reason, refusal.rule_id)), expected);
        }
        let mut special = stay(1, Fen::yuan(1_000), ProviderLevel::One, Tier::Middle);
        special.bill.kind = CareKind::SpecialOutpatient;
        special.identities = vec![Identity::LowIncome];
        assert!(raised_rate_has_a_figure(&special, Some(&named)).is_ok());
    }

    /// J-5.1.3-b, AMB-137, J-5.1.7-a: what has no figure is refused.
    #[test]
    fn what_has_no_figure_is_refused() {
        for (unprinted, rule_id) in [
            (UnprintedRelief::StepwiseInpatientDeductible, "J-5.1.3-b"),
            (UnprintedRelief::SarsSequelaeSupport, "J-5.1.7-a"),
        ] {
            let refusal = unprinted.refusal();
            assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RuleNotDefined, Some(rule_id)));
        }
    }
}
