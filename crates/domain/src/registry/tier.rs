//! The tier of an enrolment: chosen, prescribed, or the only one of its class (J-2.1-a, B-4.2-d).

use super::application::Application;
use super::category::{Registrar, Standing};
use crate::codes::{Class, Tier};
use crate::contribution::params::PremiumParams;
use crate::receipt::Step;
use crate::refusal::{Reason, Refusal};

/// Decides the tier of an application from the one asked for.
///
/// # Errors
/// `TIER_NOT_ALLOWED` when the class has no such tier or an identity prescribes another (B-5.5-a);
/// `REQUIRED_FIELD_MISSING` when an adult names none (B-4.2-d); `RULE_NOT_DEFINED` when the authority's list
/// names none for a special person and the law prescribes none (J-2.3-j, AMB-032, AMB-033).
pub fn decide(
    class: Class,
    standing: &Standing,
    application: &Application,
    premium: &PremiumParams,
) -> Result<(Tier, Step), Refusal> {
    let (asked, identities) = (application.tier, application.identities());
    let prescribed = match class {
        Class::StudentChild => None,
        Class::Adult => premium.prescribed_tiers.iter().find(|rule| identities.contains(&rule.identity)),
    };
    if let Some(rule) = prescribed {
        if asked.is_some_and(|asked| asked != rule.tier) {
            return Err(Refusal::new(
                Reason::TierNotAllowed,
                format!("{} is insured in tier {}", rule.identity, rule.tier),
            )
            .at("tier")
            .with("allowed", rule.tier)
            .by(rule.reference.rule_id.clone()));
        }
        let step = Step::by(rule, |rule| rule.tier.into()).given("identity", rule.identity).found("tier", rule.tier);
        return Ok((rule.tier, step));
    }
    let tier = match (class, asked) {
        (_, Some(tier)) => tier,
        (Class::StudentChild, None) => Tier::StudentChild,
        (Class::Adult, None) => return Err(not_named(standing, premium)),
    };
    match premium.personal.get(&(class, tier)) {
        Some(personal) => Ok((tier, Step::by(personal, |fen| (*fen).into()).found("tier", tier))),
        None => Err(not_allowed(class, tier, premium)),
    }
}

/// An adult chooses; who is enrolled by an authority has the tier of its list, or one an operator prescribes.
fn not_named(standing: &Standing, premium: &PremiumParams) -> Refusal {
    let Some(Registrar::Centre(identity) | Registrar::Township(identity)) = standing.registrar else {
        return Refusal::new(Reason::RequiredFieldMissing, "an adult chooses a tier").at("tier");
    };
    let mut gap = premium.subsidised_tier.clone();
    gap.parameter = format!("{}.{identity}", gap.parameter).into();
    Refusal::from(gap).at("tier")
}

fn not_allowed(class: Class, tier: Tier, premium: &PremiumParams) -> Refusal {
    let allowed: Vec<&str> =
        premium.personal.keys().filter(|(of, _)| *of == class).map(|(_, tier)| tier.as_str()).collect();
    let allowed = allowed.join(",");
    Refusal::new(Reason::TierNotAllowed, format!("{class} has no tier {tier}; it has {allowed}"))
        .at("tier")
        .with("allowed", allowed)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{self as enrolment, decide_standing, farmer, holding, townsman};
    use super::*;
    use crate::codes::Identity;
    use crate::contribution::fixtures as premium;
    use crate::dates::written::day;

    type Answer = Result<(Tier, Step), Refusal>;

    fn tianjin(class: Class, asked: Option<Tier>, identities: &[Identity]) -> Answer {
        let application = holding(identities, Application { tier: asked, ..farmer() });
        let standing = decide_standing(&application, &enrolment::tianjin_2021());
        decide(class, &standing, &application, &premium::tianjin_2021())
    }

    fn baodi(asked: Option<Tier>, identities: &[Identity]) -> Answer {
        let application = holding(identities, Application { tier: asked, ..farmer() });
        let standing = decide_standing(&application, &enrolment::baodi_2017());
        decide(Class::Adult, &standing, &application, &premium::baodi_2017())
    }

    fn refused(answer: Answer) -> Reason {
        answer.unwrap_err().reason
    }

    /// J-2.1-a: nothing but the tiers of the class.
    #[test]
    fn a_class_has_its_own_tiers() {
        let (tier, step) = tianjin(Class::Adult, Some(Tier::High), &[]).unwrap();
        assert_eq!((tier, step.rule_id.as_ref()), (Tier::High, "J-2.1-b"));
        assert_eq!(tianjin(Class::StudentChild, None, &[]).unwrap().0, Tier::StudentChild);
        let refusal = tianjin(Class::Adult, Some(Tier::StudentChild), &[]).unwrap_err();
        assert_eq!(refusal.reason, Reason::TierNotAllowed);
        assert_eq!(refusal.metadata, [("allowed", "HIGH,MIDDLE,LOW".to_owned())]);
        assert_eq!(refused(tianjin(Class::StudentChild, Some(Tier::Low), &[])), Reason::TierNotAllowed);
    }

    /// B-4.2-d: adults choose.
    #[test]
    fn an_adult_chooses() {
        assert_eq!(refused(baodi(None, &[])), Reason::RequiredFieldMissing);
        assert_eq!(baodi(Some(Tier::Low), &[]).unwrap().0, Tier::Low);
    }

    /// J-2.3-j, AMB-032: the outline names no tier.
    #[test]
    fn a_special_person_of_2021_has_the_tier_of_the_list() {
        let held = [Identity::SubsistenceAllowance];
        let refusal = tianjin(Class::Adult, None, &held).unwrap_err();
        assert_eq!(refusal.reason, Reason::RuleNotDefined);
        assert_eq!(refusal.rule_id.unwrap(), "J-2.3-j");
        assert_eq!(refusal.metadata, [("parameter", "premium.subsidised_tier.SUBSISTENCE_ALLOWANCE".to_owned())]);
        assert_eq!(tianjin(Class::Adult, Some(Tier::Low), &held).unwrap().0, Tier::Low);
    }

    /// S-08: B-5.5-a prescribes the middle tier, B-7.3.3-d names none (AMB-033).
    #[test]
    fn baodi_prescribes_the_middle_tier_to_two_groups() {
        let poor = [Identity::SubsistenceAllowance];
        let (tier, step) = baodi(None, &poor).unwrap();
        assert_eq!((tier, step.rule_id.as_ref()), (Tier::Middle, "B-5.5-a"));
        assert_eq!(baodi(Some(Tier::Middle), &poor).unwrap().0, Tier::Middle);
        for other in [Tier::Low, Tier::High] {
            assert_eq!(refused(baodi(Some(other), &poor)), Reason::TierNotAllowed);
        }
        let refusal = baodi(None, &[Identity::RuralExtremePoverty]).unwrap_err();
        assert_eq!(refusal.reason, Reason::RuleNotDefined);
        assert_eq!(refusal.rule_id.unwrap(), "B-7.3.3-d");
    }

    /// S-08: B-7.3.3-b with B-5.5-a, low income.
    #[test]
    fn a_senior_of_low_income_has_the_middle_tier() {
        let senior = Application { tier: None, born_on: day("1955-06-01"), ..townsman() };
        let senior = holding(&[Identity::LowIncome], senior);
        let standing = decide_standing(&senior, &enrolment::baodi_2017());
        let (tier, step) = decide(Class::Adult, &standing, &senior, &premium::baodi_2017()).unwrap();
        assert_eq!((tier, step.rule_id.as_ref()), (Tier::Middle, "B-5.5-a"));
    }
}
