//! Who declares for whom.

use super::{DeclarationParams, Declarer};
use crate::codes::{Category, Identity, Office, UnitKind};
use crate::refusal::{Reason, Refusal};
use crate::registry::authority;

/// What kind of declarer a unit is.
///
/// # Errors
/// `CHANNEL_MISMATCH` for a unit whose people pay by themselves: families do (J-3.3.6-a).
pub fn of_unit(kind: UnitKind) -> Result<Declarer, Refusal> {
    match kind {
        UnitKind::School | UnitKind::Nursery | UnitKind::WelfareInstitution | UnitKind::DetentionFacility => {
            Ok(Declarer::Institution)
        }
        UnitKind::Village => Ok(Declarer::Village),
        UnitKind::Township | UnitKind::Community | UnitKind::Household | UnitKind::SpecialAccount => {
            let detail = format!("a unit of kind {kind} declares for nobody; its people pay by themselves");
            Err(Refusal::new(Reason::ChannelMismatch, detail).at("unit_id").with("unit_kind", kind).by("J-3.3.1-b"))
        }
    }
}

/// The offices that declare for a unit: those that register for it at the branch (J-3.2.1-a, J-A1.3-q, B-7.3.1-a), and
/// for a village the township, which assesses its people (J-3.3.2-b).
#[must_use]
pub const fn offices(kind: UnitKind) -> &'static [Office] {
    match kind {
        UnitKind::School | UnitKind::Nursery => &[Office::SocialInsurance, Office::Education],
        UnitKind::WelfareInstitution | UnitKind::DetentionFacility => &[Office::SocialInsurance],
        UnitKind::Village => &[Office::Township],
        UnitKind::Township | UnitKind::Community | UnitKind::Household | UnitKind::SpecialAccount => &[],
    }
}

/// Checks the office that declares for a unit.
///
/// # Errors
/// `ROLE_NOT_ALLOWED` with metadata `office` and `allowed`; `CHANNEL_MISMATCH` as [`of_unit`].
pub fn require_office(kind: UnitKind, office: Office) -> Result<Declarer, Refusal> {
    let declarer = of_unit(kind)?;
    let allowed = offices(kind);
    if allowed.contains(&office) || office == Office::System {
        return Ok(declarer);
    }
    let rule_id = if declarer == Declarer::Village { "J-3.3.2-b" } else { "J-3.3.1-b" };
    Err(not_allowed(office, allowed).by(rule_id))
}

/// Checks that an authority declares one of its own special persons (J-3.3.1-e).
///
/// # Errors
/// The gap where no such declaration is printed; `CHANNEL_MISMATCH` for somebody who is registered as no special person;
/// `ROLE_NOT_ALLOWED` when none of the person's identities is the office's to assert.
pub fn require_authority(
    office: Office,
    category: Category,
    identities: &[Identity],
    params: &DeclarationParams,
) -> Result<(), Refusal> {
    let printed = params.by_authority.as_ref().map_err(|gap| Refusal::from(gap.clone()))?;
    let rule_id = printed.reference.rule_id.clone();
    if category != Category::SpecialPerson {
        let detail = "an authority declares those alone who are registered as special persons";
        return Err(Refusal::new(Reason::ChannelMismatch, detail).at("persons").with("category", category).by(rule_id));
    }
    if office == Office::System || identities.iter().any(|identity| authority::of(*identity).contains(&office)) {
        return Ok(());
    }
    let mut allowed: Vec<Office> = identities.iter().flat_map(|identity| authority::of(*identity)).copied().collect();
    allowed.sort_unstable();
    allowed.dedup();
    Err(not_allowed(office, &allowed).at("persons").by(rule_id))
}

/// Checks that the authority of a special person has declared the enrolment, before the premium is confirmed beside the
/// declaration (J-3.3.1-e). Where no such declaration is printed (2017), and of somebody who holds no identity any more and
/// whom nobody could declare, none is asked for.
///
/// # Errors
/// `ORDER_VIOLATION` with metadata `allowed`, the authorities.
pub fn require_declared(
    declared: bool,
    category: Category,
    identities: &[Identity],
    params: &DeclarationParams,
) -> Result<(), Refusal> {
    let Ok(printed) = &params.by_authority else { return Ok(()) };
    if declared || !printed.value || category != Category::SpecialPerson || identities.is_empty() {
        return Ok(());
    }
    let mut allowed: Vec<Office> = identities.iter().flat_map(|identity| authority::of(*identity)).copied().collect();
    allowed.sort_unstable();
    allowed.dedup();
    let allowed = allowed.iter().map(|office| office.as_str()).collect::<Vec<_>>().join(", ");
    let detail = format!("the authority declares a special person before the premium is confirmed: {allowed}");
    Err(Refusal::new(Reason::OrderViolation, detail)
        .at("enrolment_id")
        .with("allowed", allowed)
        .by(printed.reference.rule_id.clone()))
}

fn not_allowed(office: Office, allowed: &[Office]) -> Refusal {
    let allowed = allowed.iter().map(|office| office.as_str()).collect::<Vec<_>>().join(", ");
    let detail = format!("an office of kind {office} does not declare these people; that is for {allowed}");
    Refusal::new(Reason::RoleNotAllowed, detail).with("office", office).with("allowed", allowed)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{baodi_2017, tianjin_2021};
    use super::*;

    /// J-3.3.1-b, B-7.3.1-a: institutions with the offices of the branch; J-3.3.2-b: villages with their township.
    #[test]
    fn a_unit_is_declared_by_its_own_offices() {
        assert_eq!(require_office(UnitKind::School, Office::Education), Ok(Declarer::Institution));
        assert_eq!(require_office(UnitKind::Nursery, Office::SocialInsurance), Ok(Declarer::Institution));
        assert_eq!(require_office(UnitKind::WelfareInstitution, Office::SocialInsurance), Ok(Declarer::Institution));
        assert_eq!(require_office(UnitKind::Village, Office::Township), Ok(Declarer::Village));
        for (kind, office, rule_id) in [
            (UnitKind::School, Office::Township, "J-3.3.1-b"),
            (UnitKind::WelfareInstitution, Office::Education, "J-3.3.1-b"),
            (UnitKind::Village, Office::SocialInsurance, "J-3.3.2-b"),
        ] {
            let refusal = require_office(kind, office).unwrap_err();
            assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RoleNotAllowed, Some(rule_id)));
        }
        for kind in [UnitKind::Household, UnitKind::Community, UnitKind::Township, UnitKind::SpecialAccount] {
            assert_eq!(require_office(kind, Office::Township).unwrap_err().reason, Reason::ChannelMismatch);
            assert!(offices(kind).is_empty());
        }
    }

    /// J-3.3.1-e: by the responsible authority, neither by another one nor by the township.
    #[test]
    fn special_persons_are_declared_by_their_authority() {
        let law = tianjin_2021();
        let held = [Identity::SevereDisability, Identity::LowIncome];
        let check =
            |office, category| require_authority(office, category, &held, &law).map_err(|refusal| refusal.reason);
        assert_eq!(check(Office::CivilAffairs, Category::SpecialPerson), Ok(()));
        assert_eq!(check(Office::DisabledPersonsFederation, Category::SpecialPerson), Ok(()));
        for office in [Office::VeteransAffairs, Office::Township] {
            assert_eq!(check(office, Category::SpecialPerson), Err(Reason::RoleNotAllowed));
        }
        assert_eq!(check(Office::CivilAffairs, Category::UrbanResident), Err(Reason::ChannelMismatch));
    }

    /// J-3.3.1-e: nothing is confirmed of a special person whom no authority declared; B-7.3.3-a: nothing like it in 2017.
    #[test]
    fn a_special_person_is_declared_before_the_premium_is_confirmed() {
        let (held, special) = ([Identity::SevereDisability, Identity::LowIncome], Category::SpecialPerson);
        let refusal = require_declared(false, special, &held, &tianjin_2021()).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::OrderViolation, Some("J-3.3.1-e")));
        assert_eq!(refusal.metadata, [("allowed", "CIVIL_AFFAIRS, DISABLED_PERSONS_FEDERATION".to_owned())]);
        assert_eq!(require_declared(true, special, &held, &tianjin_2021()), Ok(()));
        assert_eq!(require_declared(false, Category::SchoolStudent, &held, &tianjin_2021()), Ok(()));
        assert_eq!(require_declared(false, special, &[], &tianjin_2021()), Ok(()));
        assert_eq!(require_declared(false, special, &held, &baodi_2017()), Ok(()));
    }

    /// B-7.3.3-a: in 2017 the city's centre enrols them, and nothing is printed of declaring them.
    #[test]
    fn nothing_is_printed_of_special_persons_in_2017() {
        let held = [Identity::LowIncome];
        let refusal = require_authority(Office::CivilAffairs, Category::SpecialPerson, &held, &baodi_2017());
        assert_eq!(refusal.unwrap_err().reason, Reason::RuleNotDefined);
    }
}
