//! What stands beside the personal premium: the increase of the year, the insurances that come free of charge, and what
//! the finance departments bear.

use super::codes::PremiumPart;
use super::params::PremiumParams;
use crate::codes::{Class, Identity, Insurance, Payer, Tier};
use crate::money::Fen;
use crate::receipt::{Step, Value};
use crate::refusal::{Reason, Refusal, Refusals};

/// Refuses for each part that must be printed and is not.
///
/// # Errors
/// `RULE_NOT_DEFINED` for the government part of 2021 (AMB-034), an increase in 2021, any figure of the year before
/// (AMB-045), and the standard by which the fund transfers (J-2.2-b).
pub fn require(parts: &[PremiumPart], params: &PremiumParams) -> Result<(), Refusals> {
    let mut refusals = Refusals::default();
    for part in parts {
        let missing: Option<Refusal> = match part {
            PremiumPart::GovernmentPart => params.government.as_ref().err().map(|gap| gap.clone().into()),
            PremiumPart::Increase => params.increase.is_none().then(|| {
                let detail = "the document prints no increase against the year before";
                not_printed("premium.increase", detail).by("B-4-a")
            }),
            PremiumPart::PreviousYear => {
                let detail = "no document prints the premiums of the year before; an average increase derives none";
                Some(not_printed("premium.previous_year", detail).by("B-4-a"))
            }
            PremiumPart::InternalTransfer => match &params.internal_transfer {
                Ok(Some(_)) => None,
                Ok(None) => {
                    let detail = "the document says nothing of a transfer from the residents' fund";
                    Some(not_printed("premium.internal_transfer", detail).by("J-2.2-b"))
                }
                Err(gap) => Some(gap.clone().into()),
            },
        };
        refusals.0.extend(missing);
    }
    refusals.into_result()
}

fn not_printed(parameter: &'static str, detail: &str) -> Refusal {
    Refusal::new(Reason::RuleNotDefined, detail).with("parameter", parameter)
}

/// The increase against the year before, as printed with its parts (B-4-a).
#[must_use]
pub fn increase(params: &PremiumParams) -> Option<Step> {
    let increase = params.increase.as_ref()?;
    let show = |fen: &Fen| Value::from(*fen);
    let step = Step::by(&increase.total, show).using(&increase.personal, show).using(&increase.government, show);
    Some(
        step.found("personal", increase.personal.value)
            .found("government", increase.government.value)
            .found("total", increase.total.value),
    )
}

/// The insurances that come with the premium, each at nothing (J-2.2-a), and whose premium the residents' fund
/// transfers (J-2.2-b).
#[must_use]
pub fn free_of_charge(params: &PremiumParams) -> Vec<Step> {
    let Some(insurances) = &params.free_insurances else { return Vec::new() };
    let codes: Vec<&str> = insurances.iter().map(|insurance| insurance.as_str()).collect();
    let step = Step::by(insurances, |_| Value::Code(codes.join(",").into()));
    let free = insurances.iter().fold(step, |step, insurance| step.found(insurance.as_str(), Fen::ZERO));
    let transfer = Step::new("J-2.2-b").found("fund", Payer::BasicFund);
    let transfer = match &params.internal_transfer {
        Ok(Some(standard)) => transfer.using(standard, |fen| (*fen).into()).found("transfer", standard.value),
        _ => transfer.marked("AMOUNT_NOT_PRINTED"),
    };
    vec![free, transfer]
}

/// Refuses a separate charge of the person for an insurance that comes free of charge (J-2.2-a).
///
/// # Errors
/// `AMOUNT_MISMATCH` with `due_fen` 0 and `paid_fen`; `RULE_NOT_DEFINED` where the document does not say what the
/// insurance costs; `VALUE_NOT_ALLOWED` for the basic insurance, whose charge is the premium.
pub fn check_charges(charges: &[(Insurance, Fen)], params: &PremiumParams) -> Result<(), Refusals> {
    let mut refusals = Refusals::default();
    for (insurance, amount) in charges {
        let refusal = match &params.free_insurances {
            _ if *insurance == Insurance::Basic => {
                Refusal::new(Reason::ValueNotAllowed, "the charge of the basic insurance is the premium itself")
            }
            Some(free) if free.contains(insurance) => {
                if amount.is_zero() {
                    continue;
                }
                let detail = format!("{insurance} comes with the premium; a charge of {amount} yuan is not due");
                Refusal::new(Reason::AmountMismatch, detail)
                    .with("insurance", *insurance)
                    .with("due_fen", 0)
                    .with("paid_fen", amount.get())
                    .by(free.reference.rule_id.clone())
            }
            _ => Refusal::new(Reason::RuleNotDefined, format!("no charge of {insurance} is printed"))
                .with("insurance", *insurance),
        };
        refusals.push(refusal.at("charges"));
    }
    refusals.into_result()
}

/// What the finance departments bear of the personal part of some persons alike (B-5.5-b): their whole subsidy, of which
/// the uplift is the difference to the low tier (B-5.5-a).
#[must_use]
pub fn treasury_claim(
    (class, tier): (Class, Tier),
    identities: &[Identity],
    persons: i64,
    params: &PremiumParams,
) -> Option<Step> {
    let borne = params.treasury.as_ref()?;
    let identity = identities.iter().find(|identity| borne.contains(identity))?;
    let personal = params.personal.get(&(class, tier))?;
    let step = Step::by(borne, |_| (*identity).into()).given("persons", persons).given("personal", personal.value);
    let of_all = |fen: Fen| Fen::new(fen.get() * persons);
    let step = step.found("claim", of_all(personal.value));
    Some(match params.personal.get(&(class, Tier::Low)) {
        Some(low) => step.found("uplift", of_all(personal.value - low.value)),
        None => step,
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{baodi_2017, tianjin_2021};
    use super::*;

    fn reasons(answer: Result<(), Refusals>) -> Vec<Reason> {
        answer.unwrap_err().0.iter().map(|refusal| refusal.reason).collect()
    }

    /// B-4-a: 30.00 + 70.00 = 100.00; 2016 is not derived (AMB-045).
    #[test]
    fn the_increase_is_the_printed_one() {
        let step = increase(&baodi_2017()).unwrap();
        let part = |name| match step.output(name) {
            Some(Value::Fen(fen)) => *fen,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            (part("personal"), part("government"), part("total")),
            (Fen::yuan(30), Fen::yuan(70), Fen::yuan(100))
        );
        assert_eq!(part("personal") + part("government"), part("total"));
        assert_eq!(step.rule_id, "B-4-a");
        assert_eq!(require(&[PremiumPart::Increase], &baodi_2017()), Ok(()));
        assert_eq!(increase(&tianjin_2021()), None);
        assert_eq!(reasons(require(&[PremiumPart::Increase], &tianjin_2021())), [Reason::RuleNotDefined]);
        for law in [baodi_2017(), tianjin_2021()] {
            assert_eq!(reasons(require(&[PremiumPart::PreviousYear], &law)), [Reason::RuleNotDefined]);
        }
    }

    /// J-2.2-a: 280.00 + 0.00 = 280.00; a separate charge is refused with both amounts.
    #[test]
    fn what_comes_with_the_premium_is_not_charged() {
        let law = tianjin_2021();
        let nothing = [Insurance::CriticalIllness, Insurance::Maternity, Insurance::Accident].map(|it| (it, Fen::ZERO));
        assert_eq!(check_charges(&nothing, &law), Ok(()));
        let refusals = check_charges(&[(Insurance::Accident, Fen::yuan(30))], &law).unwrap_err();
        assert_eq!((refusals.0[0].reason, refusals.0[0].rule_id.as_deref()), (Reason::AmountMismatch, Some("J-2.2-a")));
        let expected = [("insurance", "ACCIDENT"), ("due_fen", "0"), ("paid_fen", "3000")];
        assert_eq!(refusals.0[0].metadata, expected.map(|(key, value)| (key, value.to_owned())));
        assert_eq!(reasons(check_charges(&[(Insurance::Basic, Fen::ZERO)], &law)), [Reason::ValueNotAllowed]);
        assert_eq!(reasons(check_charges(&nothing[..1], &baodi_2017())), [Reason::RuleNotDefined]);
    }

    /// J-2.2-b: the fund transfers; by which standard is not printed.
    #[test]
    fn the_standard_of_the_transfer_is_not_printed() {
        let steps = free_of_charge(&tianjin_2021());
        let transfer = steps.iter().find(|step| step.rule_id == "J-2.2-b").unwrap();
        assert_eq!((transfer.output("fund"), transfer.pays), (Some(&Payer::BasicFund.into()), None));
        let asked = [PremiumPart::InternalTransfer];
        let refusals = require(&asked, &tianjin_2021()).unwrap_err();
        assert_eq!((refusals.0[0].reason, refusals.0[0].rule_id.as_deref()), (Reason::RuleNotDefined, Some("J-2.2-b")));
        assert!(free_of_charge(&baodi_2017()).is_empty());
        assert_eq!(reasons(require(&asked, &baodi_2017())), [Reason::RuleNotDefined]);
    }

    /// B-5.5-b: 100 × 380.00 = 38000.00; B-5.5-a: 380.00 − 150.00 = 230.00 of it is the uplift.
    #[test]
    fn the_treasury_bears_the_whole_of_aid_recipients() {
        let law = baodi_2017();
        let middle = (Class::Adult, Tier::Middle);
        let claim = |persons| treasury_claim(middle, &[Identity::LowIncome], persons, &law).unwrap();
        assert_eq!(claim(100).output("claim"), Some(&Fen::yuan(38_000).into()));
        assert_eq!(claim(1).output("uplift"), Some(&Fen::yuan(230).into()));
        assert_eq!(claim(1).rule_id, "B-5.5-b");
        assert_eq!(treasury_claim(middle, &[Identity::RuralExtremePoverty], 1, &law), None);
        assert_eq!(treasury_claim(middle, &[Identity::LowIncome], 1, &tianjin_2021()), None);
    }
}
