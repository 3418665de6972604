//! The fund rate by kind of care, level of the institution and tier of the person.

use super::elsewhere::{Surcharge, Terms};
use crate::effective::Effective;
use crate::money::Rate;
use crate::receipt::Step;
use crate::refusal::{Reason, Refusal, Refusals};
use crate::settlement::care::CareKind;
use crate::settlement::case::Case;
use crate::settlement::outpatient::family_doctor;
use crate::settlement::outpatient::params::FamilyDoctorParams;
use crate::settlement::params::{BasicParams, HomeBedParams, SpecialOutpatientParams};
use crate::settlement::trace::Trace;

/// The rate of a bill.
#[derive(Clone, Copy, Debug)]
pub(super) struct FundRate<'a> {
    /// As the table prints it.
    pub(super) printed: &'a Effective<Rate>,
    /// What a family doctor's contract adds, where it adds to these kinds of care (AMB-059).
    pub(super) bonus: Option<&'a FamilyDoctorParams>,
    /// What is taken off outside the city.
    pub(super) surcharge: Option<Surcharge<'a>>,
    /// The law of special outpatient care, of such a bill.
    pub(super) special: Option<&'a SpecialOutpatientParams>,
    /// The law of home beds, of such a bill.
    home_bed: Option<&'a HomeBedParams>,
}

/// Finds the rate: of inpatient care (J-5.1.T-a to -c), also for home beds (J-5.1.T-q) and emergency observation
/// (AMB-068), of special outpatient care (J-5.1.T-g to -i).
///
/// # Errors
/// `RULE_NOT_DEFINED` for an ungraded institution (AMB-067) and a rate that is not printed.
pub(super) fn find<'a>(case: &Case, place: &Terms<'a>, params: &'a BasicParams) -> Result<FundRate<'a>, Refusals> {
    let special = match case.bill.kind {
        CareKind::SpecialOutpatient => Some(params.special_outpatient.as_ref().map_err(Clone::clone)?),
        _ => None,
    };
    let home_bed = match case.bill.kind {
        CareKind::HomeBed => Some(params.home_bed.as_ref().map_err(Clone::clone)?),
        _ => None,
    };
    let (rates, table) =
        special.map_or((&params.inpatient_rate, "inpatient"), |special| (&special.rate, "special_outpatient"));
    let level = place.level(case);
    let printed = level.and_then(|level| rates.get(&(level, case.tier))).ok_or_else(|| {
        let (tier, level) = (case.tier, level.map_or("UNGRADED", |level| level.as_str()));
        Refusal::new(Reason::RuleNotDefined, format!("no {table} rate is printed for {level}, tier {tier}"))
            .with("parameter", format!("{table}.rate.{level}.{tier}"))
    })?;
    let surcharge = match place {
        Terms::Elsewhere(surcharge) => Some(*surcharge),
        Terms::City | Terms::NotPaid(_) => None,
    };
    Ok(FundRate { printed, bonus: family_doctor::bonus_of_stays(case, params), surcharge, special, home_bed })
}

impl<'a> FundRate<'a> {
    /// What the fund pays of the cost above the deductible.
    pub(super) fn value(&self) -> Rate {
        let rate = self.in_the_city();
        self.surcharge.map_or(rate, |surcharge| surcharge.on(rate))
    }

    /// The rate the personal burden is reckoned by: without the points taken off outside the city, where these are the
    /// person's own affair (AMB-075).
    pub(super) fn in_policy(&self) -> Rate {
        match self.surcharge {
            Some(surcharge) if !surcharge.in_burden.value => self.in_the_city(),
            _ => self.value(),
        }
    }

    /// The printed rate with the points of a contract.
    fn in_the_city(&self) -> Rate {
        family_doctor::raised(self.printed.value, self.bonus)
    }

    /// Puts the points of a contract on the receipt.
    pub(super) fn record_bonus<T: Trace<'a>>(&self, trace: &mut T) {
        if let Some(bonus) = self.bonus {
            let (printed, rate) = (self.printed, self.in_the_city());
            trace.step(move || family_doctor::points_step(bonus, printed, rate));
        }
    }

    /// A step of the rule that prints the rate.
    pub(super) fn step(&self) -> impl Fn() -> Step + Copy + use<'a> {
        let (printed, home_bed) = (self.printed, self.home_bed);
        let value = self.value();
        move || {
            let as_value = |rate: &Rate| (*rate).into();
            let step = match home_bed {
                Some(home_bed) => {
                    Step::by(&home_bed.account, |account| account.as_str().into()).using(printed, as_value)
                }
                None => Step::by(printed, as_value),
            };
            if value == printed.value { step } else { step.found("rate", value) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::{ProviderLevel, Tier};
    use crate::effective::Gap;
    use crate::money::Fen;
    use crate::settlement::accumulators::Opening;
    use crate::settlement::fixtures::{basic_2021, case, settle, special, stay, try_settle};
    use crate::settlement::params::MaximumBasis;

    /// The examples of J-5.1.T-a, J-5.1.T-b and J-5.1.T-c.
    #[test]
    fn each_level_has_its_rate() {
        for (yuan, level, tier, expected, rule_id) in [
            (3_000, ProviderLevel::One, Tier::Low, 1_875, "J-5.1.T-a"),
            (6_500, ProviderLevel::Two, Tier::StudentChild, 4_800, "J-5.1.T-b"),
            (20_000, ProviderLevel::Three, Tier::Middle, 13_650, "J-5.1.T-c"),
            // S-55, the basic part.
            (9_000, ProviderLevel::Three, Tier::Low, 5_525, "J-5.1.T-c"),
        ] {
            let outcome = settle(&[stay(1, Fen::yuan(yuan), level, tier)]).remove(0);
            assert_eq!(outcome.basic, Fen::yuan(expected));
            assert!(outcome.trace.applies(rule_id));
        }
    }

    /// The examples of J-5.1.T-g, J-5.1.T-h and J-5.1.T-i: the deductible not used, used up, not used.
    #[test]
    fn special_outpatient_care_has_rates_of_its_own() {
        for (yuan, level, tier, used, expected, rule_id) in [
            (2_500, ProviderLevel::One, Tier::High, 0, 1_300, "J-5.1.T-g"),
            (2_500, ProviderLevel::Two, Tier::Middle, 500, 1_375, "J-5.1.T-h"),
            (10_000, ProviderLevel::Three, Tier::Low, 0, 4_275, "J-5.1.T-i"),
        ] {
            let first = special(1, Fen::yuan(used), level, tier);
            let outcome = settle(&[first, special(2, Fen::yuan(yuan), level, tier)]).remove(1);
            assert_eq!(outcome.basic, Fen::yuan(expected));
            assert!(outcome.trace.applies(rule_id));
        }
    }

    /// AMB-067: an ungraded institution has no rate; no rate is invented where none is printed.
    #[test]
    fn an_unprinted_rate_is_refused() {
        let mut law = basic_2021(MaximumBasis::FundPayment);
        let mut ungraded = case(1, Fen::yuan(100));
        ungraded.bill.provider.level = None;
        let refused = |case: &Case, law: &BasicParams| {
            let refusal = try_settle(std::slice::from_ref(case), &Opening::default(), law).unwrap_err().0.remove(0);
            (refusal.reason, refusal.metadata[0].1.clone())
        };
        assert_eq!(refused(&ungraded, &law), (Reason::RuleNotDefined, "inpatient.rate.UNGRADED.MIDDLE".to_owned()));
        let visit = special(1, Fen::yuan(100), ProviderLevel::One, Tier::Low);
        law.inpatient_rate.clear();
        assert_eq!(
            refused(&case(1, Fen::yuan(100)), &law),
            (Reason::RuleNotDefined, "inpatient.rate.LEVEL_3.MIDDLE".to_owned())
        );
        // AMB-082: a year may print inpatient rates and none of special outpatient care.
        law.special_outpatient =
            Err(Gap { parameter: "special_outpatient".into(), rule_id: "B-5-a".into(), configurable: false });
        assert_eq!(refused(&visit, &law), (Reason::RuleNotDefined, "special_outpatient".to_owned()));
    }
}
