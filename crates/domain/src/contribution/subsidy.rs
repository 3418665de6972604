//! The ground on which the government pays the whole personal premium (J-2.3-a to -l, B-7.3.3-d), and the status that
//! grants it on a day.

use chrono::NaiveDate;

use super::params::{PremiumParams, SubsidyGround};
use crate::codes::{Class, Identity};
use crate::effective::Effective;

/// A special identity with the days on which it is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldIdentity {
    /// Identity.
    pub identity: Identity,
    /// First day; `None` when it began before anything asked for.
    pub first_on: Option<NaiveDate>,
    /// Last day; `None` while it goes on.
    pub last_on: Option<NaiveDate>,
}

/// The identities in force on a day, each once. One that ends the day before, or begins the day after, grants nothing.
#[must_use]
pub fn in_force(held: &[HeldIdentity], on: NaiveDate) -> Vec<Identity> {
    let holds = |held: &&HeldIdentity| {
        held.first_on.is_none_or(|first| first <= on) && held.last_on.is_none_or(|last| on <= last)
    };
    let mut identities: Vec<_> = held.iter().filter(holds).map(|held| held.identity).collect();
    identities.sort_unstable();
    identities.dedup();
    identities
}

/// The first ground, in the order of the law, that the person fulfils.
#[must_use]
pub fn maybe_ground<'a>(
    class: Class,
    identities: &[Identity],
    params: &'a PremiumParams,
) -> Option<&'a Effective<SubsidyGround>> {
    params.subsidies.iter().find(|ground| holds(ground, class, identities))
}

/// The identities by which the person fulfils a ground.
#[must_use]
pub fn granting(ground: &SubsidyGround, identities: &[Identity]) -> Vec<Identity> {
    let granting = |identity: &&Identity| ground.requires.contains(identity) || ground.any_of.contains(identity);
    identities.iter().filter(granting).copied().collect()
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
    use super::super::fixtures::{baodi_2017, tianjin_2021};
    use super::*;
    use crate::dates::written::day;

    fn rule(class: Class, identities: &[Identity]) -> Option<String> {
        maybe_ground(class, identities, &tianjin_2021()).map(|ground| ground.reference.rule_id.clone().into_owned())
    }

    /// J-2.3-a and J-2.3-f exclude each other, J-2.3-b and J-2.3-c are for adults.
    #[test]
    fn every_condition_of_a_ground_counts() {
        let disabled = Identity::SevereDisability;
        assert_eq!(rule(Class::Adult, &[disabled]).as_deref(), Some("J-2.3-a"));
        assert_eq!(rule(Class::Adult, &[disabled, Identity::LowIncome]).as_deref(), Some("J-2.3-f"));
        assert_eq!(rule(Class::Adult, &[Identity::SubsistenceAllowance]).as_deref(), Some("J-2.3-b"));
        assert_eq!(rule(Class::Adult, &[Identity::LowIncome]).as_deref(), Some("J-2.3-c"));
        assert_eq!(rule(Class::StudentChild, &[Identity::SubsistenceAllowance]), None);
        assert_eq!(rule(Class::StudentChild, &[disabled]), None);
        assert_eq!(rule(Class::Adult, &[]), None);
    }

    /// J-2.3-g, J-2.3-h: the family alone is not enough (AMB-043); J-2.3-i: extreme poverty is.
    #[test]
    fn a_family_needs_subsistence_or_low_income_status() {
        for (family, id) in [(Identity::SingleParentFamily, "J-2.3-g"), (Identity::LostOnlyChildFamily, "J-2.3-h")] {
            assert_eq!(rule(Class::Adult, &[family]), None);
            for status in [Identity::SubsistenceAllowance, Identity::LowIncome] {
                assert_eq!(rule(Class::Adult, &[status, family]).as_deref(), Some(id));
                assert_eq!(rule(Class::StudentChild, &[status, family]).as_deref(), Some(id));
            }
            assert_eq!(rule(Class::Adult, &[Identity::RuralExtremePoverty, family]).as_deref(), Some("J-2.3-i"));
        }
        assert_eq!(rule(Class::Adult, &[Identity::UrbanExtremePoverty]).as_deref(), Some("J-2.3-i"));
    }

    /// J-2.3-d: any attribute of the entitled groups; J-2.3-e.
    #[test]
    fn entitled_groups_and_cadre_spouses_have_grounds_of_their_own() {
        assert_eq!(rule(Class::Adult, &[Identity::EntitledGroup]).as_deref(), Some("J-2.3-d"));
        assert_eq!(rule(Class::Adult, &[Identity::MartyrSurvivor]).as_deref(), Some("J-2.3-d"));
        assert_eq!(rule(Class::Adult, &[Identity::CadreSpouse]).as_deref(), Some("J-2.3-e"));
    }

    /// J-2.3-k, J-2.3-l.
    #[test]
    fn students_have_grounds_of_their_own() {
        assert_eq!(rule(Class::StudentChild, &[Identity::SpecialFamilyStudent]).as_deref(), Some("J-2.3-k"));
        assert_eq!(rule(Class::StudentChild, &[Identity::StudentLoan]).as_deref(), Some("J-2.3-l"));
        assert_eq!(rule(Class::Adult, &[Identity::StudentLoan]), None);
    }

    /// J-2.3-b: on the list on that day.
    #[test]
    fn an_identity_grants_from_its_first_to_its_last_day() {
        let held = HeldIdentity {
            identity: Identity::SubsistenceAllowance,
            first_on: Some(day("2020-10-01")),
            last_on: Some(day("2020-12-31")),
        };
        let open = HeldIdentity { identity: Identity::LowIncome, first_on: None, last_on: None };
        for (on, expected) in [
            ("2020-09-30", vec![Identity::LowIncome]),
            ("2020-10-01", vec![Identity::SubsistenceAllowance, Identity::LowIncome]),
            ("2020-12-31", vec![Identity::SubsistenceAllowance, Identity::LowIncome]),
            ("2021-01-01", vec![Identity::LowIncome]),
        ] {
            assert_eq!(in_force(&[open, held, held], day(on)), expected, "{on}");
        }
    }

    /// J-2.3-f, B-7.3.3-d: the status that grants it, and no other that is held.
    #[test]
    fn the_granting_status_is_named() {
        let held = [Identity::SubsistenceAllowance, Identity::SevereDisability, Identity::Orphan];
        let law = tianjin_2021();
        let ground = maybe_ground(Class::Adult, &held, &law).unwrap();
        assert_eq!(granting(ground, &held), [Identity::SubsistenceAllowance, Identity::SevereDisability]);
        let law = baodi_2017();
        let ground = maybe_ground(Class::Adult, &held, &law).unwrap();
        assert_eq!(granting(ground, &held), [Identity::SubsistenceAllowance]);
    }
}
