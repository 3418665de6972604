//! The ground on which the government pays the whole personal premium (J-2.3-a to -l, B-7.3.3-d).

use super::params::{PremiumParams, SubsidyGround};
use crate::codes::{Class, Identity};
use crate::effective::Effective;

/// The first ground, in the order of the law, that the person fulfils.
#[must_use]
pub fn maybe_ground<'a>(
    class: Class,
    identities: &[Identity],
    params: &'a PremiumParams,
) -> Option<&'a Effective<SubsidyGround>> {
    params.subsidies.iter().find(|ground| holds(ground, class, identities))
}

fn holds(ground: &SubsidyGround, class: Class, identities: &[Identity]) -> bool {
    let held = |identity: &Identity| identities.contains(identity);
    ground.class.is_none_or(|limited_to| limited_to == class)
        && ground.requires.iter().all(held)
        && (ground.any_of.is_empty() || ground.any_of.iter().any(held))
        && !ground.excludes.iter().any(held)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::tianjin_2021;
    use super::*;

    fn rule(class: Class, identities: &[Identity]) -> Option<String> {
        maybe_ground(class, identities, &tianjin_2021()).map(|ground| ground.reference.rule_id.clone().into_owned())
    }

    /// J-2.3-a and J-2.3-f exclude each other, J-2.3-b is for adults.
    #[test]
    fn every_condition_of_a_ground_counts() {
        let disabled = Identity::SevereDisability;
        assert_eq!(rule(Class::Adult, &[disabled]).as_deref(), Some("J-2.3-a"));
        assert_eq!(rule(Class::Adult, &[disabled, Identity::LowIncome]).as_deref(), Some("J-2.3-f"));
        assert_eq!(rule(Class::Adult, &[Identity::SubsistenceAllowance]).as_deref(), Some("J-2.3-b"));
        assert_eq!(rule(Class::StudentChild, &[Identity::SubsistenceAllowance]), None);
        assert_eq!(rule(Class::StudentChild, &[disabled]), None);
        assert_eq!(rule(Class::Adult, &[]), None);
    }

    /// J-2.3-k, J-2.3-l.
    #[test]
    fn students_have_grounds_of_their_own() {
        assert_eq!(rule(Class::StudentChild, &[Identity::SpecialFamilyStudent]).as_deref(), Some("J-2.3-k"));
        assert_eq!(rule(Class::StudentChild, &[Identity::StudentLoan]).as_deref(), Some("J-2.3-l"));
    }
}
