//! The adjustments of benefits that a person may enjoy (J-5.1.3-b, AMB-137).

use super::accumulators::{Accumulators, Opening};
use super::params::BasicParams;
use crate::refusal::{Reason, Refusal};

/// Which of the three printed adjustments apply to a person. Each is reckoned by the rule that prints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reliefs {
    /// The outpatient deductible is lower (J-5.1.1-a to -c).
    pub lower_outpatient_deductible: bool,
    /// The next stay has no deductible (J-5.1.T-e).
    pub no_inpatient_deductible: bool,
    /// Unspent outpatient balances raise the inpatient maximum (J-5.1.2-b).
    pub accumulated_maximum: bool,
}

/// The adjustments that the next stay of a year meets.
#[must_use]
pub fn reliefs(state: &Accumulators, opening: &Opening, params: &BasicParams) -> Reliefs {
    let raises = params.balance_raises_maximum.as_ref().is_some_and(|raises| raises.value);
    Reliefs {
        lower_outpatient_deductible: opening.unused_outpatient_years > 0,
        no_inpatient_deductible: state.stays + 1 >= params.waived_from_stay.value,
        accumulated_maximum: raises && opening.balance() > state.balance_used,
    }
}

/// What the outline names without a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unprinted {
    /// A reduction of the inpatient deductible by steps, as outpatient care has one (J-5.1.3-b, AMB-137).
    StepwiseInpatientDeductible,
    /// Support for the after-effects of SARS (非典后遗症), on top of basic insurance like assistance (J-5.1.7-a).
    SarsSequelaeSupport,
}

impl Unprinted {
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
    use super::super::fixtures::basic_2021;
    use super::super::params::MaximumBasis;
    use super::*;
    use crate::money::Fen;

    /// J-5.1.3-b.
    #[test]
    fn three_adjustments_are_printed() {
        let params = basic_2021(MaximumBasis::FundPayment);
        let balances = vec![CarriedBalance { origin_year: 2020, amount: Fen::yuan(4_000) }];
        let opening = Opening { balances, unused_outpatient_years: 1 };
        let none = reliefs(&Accumulators::default(), &Opening::default(), &params);
        assert_eq!(
            none,
            Reliefs { lower_outpatient_deductible: false, no_inpatient_deductible: false, accumulated_maximum: false }
        );
        let all = reliefs(&Accumulators { stays: 1, ..Accumulators::default() }, &opening, &params);
        assert!(all.lower_outpatient_deductible && all.no_inpatient_deductible && all.accumulated_maximum);
        // A balance that is spent is gone (AMB-064).
        let spent = Accumulators { balance_used: Fen::yuan(4_000), ..Accumulators::default() };
        assert!(!reliefs(&spent, &opening, &params).accumulated_maximum);
    }

    /// J-5.1.3-b, AMB-137, J-5.1.7-a: what has no figure is refused.
    #[test]
    fn what_has_no_figure_is_refused() {
        for (unprinted, rule_id) in
            [(Unprinted::StepwiseInpatientDeductible, "J-5.1.3-b"), (Unprinted::SarsSequelaeSupport, "J-5.1.7-a")]
        {
            let refusal = unprinted.refusal();
            assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RuleNotDefined, Some(rule_id)));
        }
    }
}
