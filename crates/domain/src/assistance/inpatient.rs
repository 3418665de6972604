//! Inpatient medical assistance: two bands by type of recipient (J-5.5.2, J-5.5.T).

use super::params::{AidType, AssistanceParams, BandScope};
use crate::codes::{Identity, Payer};
use crate::effective::Effective;
use crate::money::{Fen, Portion, Rate};
use crate::receipt::{Receipt, Step, Value};

/// One band's rate in a row of the table.
type RateOf = fn(&AidType) -> Rate;
const LOWER: RateOf = |row| row.inpatient_lower;
const UPPER: RateOf = |row| row.inpatient_upper;

/// The best rate of each band over the rows whose identities are all held (AMB-093).
#[derive(Clone, Copy, Debug)]
pub struct BestRates<'a> {
    lower: &'a Effective<AidType>,
    upper: &'a Effective<AidType>,
}

/// The rates of a person; `None` for somebody who is no aid recipient.
#[must_use]
pub fn maybe_rates<'a>(identities: &[Identity], params: &'a AssistanceParams) -> Option<BestRates<'a>> {
    let best = |rate: RateOf| {
        let held = params.types.iter().filter(|row| row.requires.iter().all(|identity| identities.contains(identity)));
        // Of equal rows the first in the table.
        held.reduce(|best, row| if rate(row) > rate(best) { row } else { best })
    };
    Some(BestRates { lower: best(LOWER)?, upper: best(UPPER)? })
}

/// What earlier bills of the year have used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// Base that has filled the bands of inpatient assistance.
    pub base: Fen,
    /// What medical assistance paid, outpatient included.
    pub paid: Fen,
    /// What it paid of outpatient care (J-5.5.1-c, -d).
    pub outpatient_paid: Fen,
}

/// Assistance on the base of one bill, the last step being the payment line.
///
/// The bands run over the year (AMB-091): a bill continues where earlier ones stopped, at the rates of the status
/// on its own service date.
#[must_use]
pub fn pay(base: Fen, used: Used, rates: BestRates<'_>, params: &AssistanceParams) -> Receipt {
    let before = match params.band_scope.value {
        BandScope::CalendarYear => used.base,
        BandScope::PerSettlement => Fen::ZERO,
    };
    let mut receipt = Receipt::default();
    receipt.push(fill(base, used));
    let lower = base.min(params.upper_band_from.above(before));
    for (row, rate, part) in [(rates.lower, LOWER, lower), (rates.upper, UPPER, base - lower)] {
        if !part.is_zero() {
            let step = Step::by(row, |row| rate(row).into());
            let kind = Value::Code(row.code.clone().into());
            receipt.push(step.given("recipient_type", kind).given("part", part).found("rate", rate(row)));
        }
    }
    // The difference of two rounded totals: the year adds up to the fen however its cost is cut into bills.
    let scheme = |base: Fen| scheme(base, rates, params.upper_band_from.value).round();
    let paid = (scheme(before + base) - scheme(before)).min(base);
    receipt.push(
        Step::by(&params.upper_band_from, |fen| (*fen).into())
            .using(&params.band_scope, |scope| scope.as_str().into())
            .moving("medical_assistance_paid", used.paid, used.paid + paid)
            .paying(Payer::MedicalAssistance, paid),
    );
    receipt
}

/// The base of one bill filling the bands of the year, whoever pays the bill (AMB-144).
#[must_use]
pub fn fill(base: Fen, used: Used) -> Step {
    base_step(base).moving("assistance_base", used.base, used.base + base)
}

/// The answer for an institution that is not designated for medical assistance: nothing, and no base used.
#[must_use]
pub fn not_designated(base: Fen) -> Step {
    base_step(base).marked("NOT_COVERED").paying(Payer::MedicalAssistance, Fen::ZERO)
}

/// Assistance comes with the bill out of the city, where no institution is designated for it (J-10.4-a, AMB-101).
#[must_use]
pub fn reaches_elsewhere() -> Step {
    Step::new("J-10.4-a").given("assistance_designated", "FALSE")
}

/// What both insurances leave of the eligible cost (J-5.5.2-a).
fn base_step(base: Fen) -> Step {
    Step::new("J-5.5.2-a").found("base", base)
}

/// The part below the limit at the lower rate, the part from it upwards at the upper one (J-5.5.2-b, AMB-092).
fn scheme(base: Fen, rates: BestRates<'_>, upper_band_from: Fen) -> Portion {
    base.min(upper_band_from).at(rates.lower.inpatient_lower)
        + base.above(upper_band_from).at(rates.upper.inpatient_upper)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::tianjin_2021;
    use super::*;

    fn paid(base: Fen, identities: &[Identity]) -> (Fen, Receipt) {
        let law = tianjin_2021(BandScope::CalendarYear);
        let receipt = pay(base, Used::default(), maybe_rates(identities, &law).unwrap(), &law);
        (receipt.sum(), receipt)
    }

    /// S-48: J-5.5.2-b, J-5.5.T-d, J-5.5.T-a.
    #[test]
    fn an_ordinary_recipient_has_two_bands() {
        for identity in [Identity::SubsistenceAllowance, Identity::RuralExtremePoverty] {
            assert_eq!(paid(Fen::yuan(20_000), &[identity]).0, Fen::yuan(12_000));
            assert_eq!(paid(Fen::yuan(21_000), &[identity]).0, Fen::yuan(12_800));
            assert_eq!(paid(Fen::yuan(30_000), &[identity]).0, Fen::yuan(20_000));
        }
        let (_, receipt) = paid(Fen::yuan(21_000), &[Identity::SubsistenceAllowance]);
        assert!(receipt.applies("J-5.5.2-b") && receipt.applies("J-5.5.T-d"));
        assert!(paid(Fen::yuan(1), &[Identity::RuralExtremePoverty]).1.applies("J-5.5.T-a"));
    }

    /// S-48: J-5.5.T-e, J-5.5.2-d: five points more in the upper band alone.
    #[test]
    fn children_have_a_better_upper_band() {
        for child in [Identity::ChildInDifficulty, Identity::Orphan] {
            assert_eq!(paid(Fen::new(2_000_001), &[child]).0, Fen::new(1_200_001));
            assert_eq!(paid(Fen::yuan(21_000), &[child]).0, Fen::yuan(12_850));
            assert_eq!(paid(Fen::yuan(30_000), &[child]).0, Fen::yuan(20_500));
        }
        assert!(paid(Fen::yuan(30_000), &[Identity::Orphan]).1.applies("J-5.5.2-d"));
        assert!(paid(Fen::yuan(30_000), &[Identity::ChildInDifficulty]).1.applies("J-5.5.T-e"));
    }

    /// S-48: J-5.5.2-c, J-5.5.T-b, J-5.5.T-c: five points more in both, only together with another status.
    #[test]
    fn severely_disabled_recipients_have_better_bands() {
        for (status, rule_id) in [(Identity::LowIncome, "J-5.5.T-c"), (Identity::RuralExtremePoverty, "J-5.5.T-b")] {
            let (fen, receipt) = paid(Fen::yuan(30_000), &[status, Identity::SevereDisability]);
            assert_eq!(fen, Fen::yuan(21_500));
            assert!(receipt.applies(rule_id));
        }
        assert_eq!(paid(Fen::yuan(30_000), &[Identity::SevereDisability]).0, Fen::yuan(20_000));
    }

    /// S-48, AMB-093: the best rate of each band, not the sum of two additions.
    #[test]
    fn several_identities_do_not_add_up() {
        let held = [Identity::LowIncome, Identity::SevereDisability, Identity::ChildInDifficulty];
        assert_eq!(paid(Fen::yuan(30_000), &held).0, Fen::yuan(21_500));
    }

    #[test]
    fn somebody_without_the_identities_has_no_rates() {
        let law = tianjin_2021(BandScope::CalendarYear);
        assert!(maybe_rates(&[], &law).is_none());
        assert!(maybe_rates(&[Identity::StudentLoan], &law).is_none());
    }
}
