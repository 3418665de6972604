//! The tier that a quote is for: the one asked, the one prescribed, or the only one of the class.

use super::params::PremiumParams;
use super::subsidy::{granting, maybe_ground};
use crate::codes::{Class, Identity, Tier};
use crate::refusal::{Reason, Refusal};

/// The tier of a quote (J-2.1-a, B-4.2-d).
///
/// # Errors
/// `TIER_NOT_ALLOWED` when the class has no such tier, or an identity has another (B-5.5-a); `REQUIRED_FIELD_MISSING`
/// when an adult names none; `RULE_NOT_DEFINED` when the government pays, the authority's list names none and no tier
/// is prescribed (J-2.3-j, B-7.3.3-d, AMB-032, AMB-033).
pub fn decide(
    class: Class,
    asked: Option<Tier>,
    identities: &[Identity],
    params: &PremiumParams,
) -> Result<Tier, Refusal> {
    let prescribed = match class {
        Class::StudentChild => None,
        Class::Adult => params.prescribed_tiers.iter().find(|rule| identities.contains(&rule.identity)),
    };
    if let Some(rule) = prescribed {
        if asked.is_some_and(|asked| asked != rule.tier) {
            let detail = format!("{} is insured in tier {}", rule.identity, rule.tier);
            let refusal = Refusal::new(Reason::TierNotAllowed, detail).at("tier").with("allowed", rule.tier);
            return Err(refusal.by(rule.reference.rule_id.clone()));
        }
        return Ok(rule.tier);
    }
    let tier = match (class, asked) {
        (_, Some(tier)) => tier,
        (Class::StudentChild, None) => Tier::StudentChild,
        (Class::Adult, None) => return Err(not_named(identities, params)),
    };
    if params.personal.contains_key(&(class, tier)) {
        return Ok(tier);
    }
    let own = params.personal.keys().filter(|(of, _)| *of == class).map(|(_, tier)| tier.as_str());
    let allowed = own.collect::<Vec<_>>().join(",");
    let refusal = Refusal::new(Reason::TierNotAllowed, format!("{class} has no tier {tier}; it has {allowed}"));
    Err(refusal.at("tier").with("allowed", allowed))
}

fn not_named(identities: &[Identity], params: &PremiumParams) -> Refusal {
    match maybe_ground(Class::Adult, identities, params) {
        None => Refusal::new(Reason::RequiredFieldMissing, "an adult chooses a tier").at("tier"),
        Some(ground) => {
            let mut gap = params.subsidised_tier.clone();
            if let Some(identity) = granting(ground, identities).first() {
                gap.parameter = format!("{}.{identity}", gap.parameter).into();
            }
            Refusal::from(gap).at("tier")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{baodi_2017, tianjin_2021};
    use super::*;

    fn reason(answer: Result<Tier, Refusal>) -> Reason {
        answer.unwrap_err().reason
    }

    /// J-2.1-a: adults have three tiers, students and children one.
    #[test]
    fn nothing_but_the_four_tiers_exists() {
        let law = tianjin_2021();
        for tier in [Tier::High, Tier::Middle, Tier::Low] {
            assert_eq!(decide(Class::Adult, Some(tier), &[], &law), Ok(tier));
            assert_eq!(reason(decide(Class::StudentChild, Some(tier), &[], &law)), Reason::TierNotAllowed);
        }
        assert_eq!(decide(Class::StudentChild, None, &[], &law), Ok(Tier::StudentChild));
        let refusal = decide(Class::Adult, Some(Tier::StudentChild), &[], &law).unwrap_err();
        assert_eq!(refusal.metadata, [("allowed", "HIGH,MIDDLE,LOW".to_owned())]);
    }

    /// B-4.2-d: an adult chooses, without a condition.
    #[test]
    fn an_adult_of_baodi_chooses() {
        let law = baodi_2017();
        assert_eq!(reason(decide(Class::Adult, None, &[], &law)), Reason::RequiredFieldMissing);
        for tier in [Tier::High, Tier::Middle, Tier::Low] {
            assert_eq!(decide(Class::Adult, Some(tier), &[], &law), Ok(tier));
        }
    }

    /// B-5.5-a: from the low to the middle tier.
    #[test]
    fn aid_recipients_of_baodi_have_the_middle_tier() {
        let law = baodi_2017();
        let held = [Identity::SubsistenceAllowance];
        assert_eq!(decide(Class::Adult, None, &held, &law), Ok(Tier::Middle));
        assert_eq!(decide(Class::Adult, Some(Tier::Middle), &[Identity::LowIncome], &law), Ok(Tier::Middle));
        for tier in [Tier::Low, Tier::High] {
            let refusal = decide(Class::Adult, Some(tier), &held, &law).unwrap_err();
            assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::TierNotAllowed, Some("B-5.5-a")));
        }
        assert_eq!(decide(Class::StudentChild, None, &held, &law), Ok(Tier::StudentChild));
    }

    /// J-2.3-j, B-7.3.3-d: the list of the authority names the tier; none is invented.
    #[test]
    fn no_tier_is_invented_for_the_others() {
        let disabled = [Identity::SevereDisability];
        let refusal = decide(Class::Adult, None, &disabled, &tianjin_2021()).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RuleNotDefined, Some("J-2.3-j")));
        assert_eq!(refusal.metadata, [("parameter", "premium.subsidised_tier.SEVERE_DISABILITY".to_owned())]);
        let poor = [Identity::RuralExtremePoverty];
        let refusal = decide(Class::Adult, None, &poor, &baodi_2017()).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RuleNotDefined, Some("B-7.3.3-d")));
        assert_eq!(decide(Class::Adult, Some(Tier::Low), &poor, &baodi_2017()), Ok(Tier::Low));
    }
}
