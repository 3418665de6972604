//! Premiums deducted from the old-age living subsidy (J-3.3.4-a, B-7.3.3-c).

use chrono::NaiveDate;

use crate::codes::{Class, Tier};
use crate::dates::Period;
use crate::effective::{Effective, Gap};
use crate::money::Fen;
use crate::receipt::Step;
use crate::refusal::{Reason, Refusal, Refusals};

use super::params::PremiumParams;

/// Parameters of the deduction for one policy year.
#[derive(Clone, Debug, PartialEq)]
pub struct DeductionParams {
    /// Tier whose premium is deducted (J-3.3.4-a, B-7.3.3-c: the low tier of adults).
    pub tier: Effective<Tier>,
    /// Collection window, after which it is deducted from those who did not enrol.
    pub collection_window: Effective<Period>,
    /// What is missing where the subsidy is smaller than the premium (AMB-041).
    pub insufficient: Gap,
}

/// A deduction as it is ordered.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// Day of the deduction.
    pub deducted_on: NaiveDate,
    /// The living subsidy from which it is taken; `None` when the centre does not tell, having checked it itself.
    pub subsidy: Option<Fen>,
}

/// A deduction as it is carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What is taken from the living subsidy.
    pub amount: Fen,
    /// Tier in which the person is insured by it.
    pub tier: Tier,
    /// How it was reached; the line of payment is the quote's.
    pub step: Step,
}

/// Decides what is deducted from somebody who did not enrol and is not subsidised; the registry says who that is.
///
/// # Errors
/// `WINDOW_NOT_OPEN` with metadata `opens_on` while the collection window has not ended; `RULE_NOT_DEFINED` when the
/// living subsidy is smaller than the premium (AMB-041).
pub fn decide(order: &Order, params: &DeductionParams, premium: &PremiumParams) -> Result<Decision, Refusals> {
    let tier = &params.tier;
    let rule_id = || tier.reference.rule_id.clone();
    let mut refusals = Refusals::default();
    let opens_on = params.collection_window.end();
    if order.deducted_on < opens_on {
        let detail = format!("deductions follow the collection window, from {opens_on}");
        let refusal = Refusal::new(Reason::WindowNotOpen, detail).at("deduction_date");
        refusals.push(refusal.with("opens_on", opens_on).by(rule_id()));
    }
    let amount = refusals.keep(premium.personal.get(&(Class::Adult, tier.value)).ok_or_else(|| {
        Refusal::new(Reason::TierNotAllowed, format!("no premium is printed for {}", tier.value)).by(rule_id())
    }));
    let Some(amount) = amount else { return Err(refusals) };
    if order.subsidy.is_some_and(|subsidy| subsidy < amount.value) {
        let refusal = Refusal::from(params.insufficient.clone()).at("subsidy_fen");
        refusals.push(refusal.with("due_fen", amount.get()));
    }
    refusals.into_result()?;
    let step = Step::by(tier, |tier| (*tier).into())
        .using(amount, |fen| (*fen).into())
        .given("deduction_date", order.deducted_on)
        .found("deducted", amount.value);
    Ok(Decision { amount: amount.value, tier: tier.value, step })
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{baodi_2017, tianjin_2021};
    use super::*;
    use crate::dates::written::{day, period};

    fn law(first: &str, last: &str, rule_id: &'static str) -> DeductionParams {
        DeductionParams {
            tier: Effective::printed(Tier::Low, rule_id),
            collection_window: Effective::printed(period(first, last), rule_id),
            insufficient: Gap {
                parameter: "deduction.insufficient_subsidy".into(),
                rule_id: rule_id.into(),
                configurable: false,
            },
        }
    }

    fn order(on: &str, subsidy: Option<i64>) -> Order {
        Order { deducted_on: day(on), subsidy: subsidy.map(Fen::yuan) }
    }

    /// S-11: J-3.3.4-a takes 280.00 in 2021.
    #[test]
    fn the_low_tier_is_deducted() {
        let law = law("2020-09-01", "2020-12-31", "J-3.3.4-a");
        let decision = decide(&order("2021-01-05", Some(300)), &law, &tianjin_2021()).unwrap();
        assert_eq!((decision.amount, decision.tier), (Fen::new(28_000), Tier::Low));
        assert_eq!(decision.step.rule_id, "J-3.3.4-a");
    }

    /// S-11: B-7.3.3-c takes 150.00 in Baodi in 2017.
    #[test]
    fn baodi_deducts_150() {
        let law = law("2016-10-01", "2016-12-31", "B-7.3.3-c");
        let decision = decide(&order("2017-01-01", None), &law, &baodi_2017()).unwrap();
        assert_eq!((decision.amount, decision.tier), (Fen::new(15_000), Tier::Low));
        assert_eq!(decision.step.rule_id, "B-7.3.3-c");
    }

    /// J-3.3.4-a: from those who did not enrol by the end of the window; AMB-041 for a subsidy that does not suffice.
    #[test]
    fn nothing_is_taken_in_the_window_or_from_too_little() {
        let law = law("2020-09-01", "2020-12-31", "J-3.3.4-a");
        let refusals = decide(&order("2020-12-31", Some(279)), &law, &tianjin_2021()).unwrap_err();
        let reasons: Vec<_> = refusals.0.iter().map(|refusal| refusal.reason).collect();
        assert_eq!(reasons, [Reason::WindowNotOpen, Reason::RuleNotDefined]);
        assert_eq!(refusals.0[0].metadata, [("opens_on", "2021-01-01".to_owned())]);
        assert!(refusals.0.iter().all(|refusal| refusal.rule_id.as_deref() == Some("J-3.3.4-a")));
        assert!(decide(&order("2021-01-01", Some(280)), &law, &tianjin_2021()).is_ok());
    }
}
