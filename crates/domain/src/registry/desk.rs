//! Whether an application is filed at a desk that serves its category (J-3.2, B-7.3).

use super::params::{DeskRule, EnrolmentParams};
use crate::codes::{Category, Desk, Identity};
use crate::effective::Effective;
use crate::receipt::Step;
use crate::refusal::{Reason, Refusal};

/// Checks the desk, and that a centrally registered person does not apply as somebody else.
///
/// # Errors
/// `CHANNEL_MISMATCH` with metadata `right_desk`; `RULE_NOT_DEFINED` when no desk is printed for the category.
pub fn decide(
    category: Category,
    desk: Desk,
    identities: &[Identity],
    params: &EnrolmentParams,
) -> Result<Step, Refusal> {
    if category != Category::SpecialPerson && maybe_ground(identities, params).is_some() {
        return Err(mismatch(Category::SpecialPerson, params, "is registered by the responsible authority alone")
            .at("category"));
    }
    let rule = rules(category, params).find(|rule| rule.desks.contains(&desk));
    match rule {
        Some(rule) => Ok(Step::by(rule, |rule| rule.category.into()).given("desk", desk)),
        None => Err(mismatch(category, params, "is registered at another desk")),
    }
}

/// The first identity held on which `SPECIAL_PERSON` rests (J-3.2.5-a, B-7.3.3-a).
#[must_use]
pub fn maybe_ground(identities: &[Identity], params: &EnrolmentParams) -> Option<Identity> {
    identities.iter().copied().find(|identity| params.central_identities.contains(identity))
}

fn rules(category: Category, params: &EnrolmentParams) -> impl Iterator<Item = &Effective<DeskRule>> {
    params.desks.iter().filter(move |rule| rule.category == category)
}

fn mismatch(category: Category, params: &EnrolmentParams, verb: &str) -> Refusal {
    let Some(rule) = rules(category, params).next() else {
        return Refusal::new(Reason::RuleNotDefined, format!("no desk is printed for {category}"))
            .at("category")
            .with("parameter", format!("enrolment.desk.{category}"));
    };
    let right: Vec<&str> = rules(category, params).flat_map(|rule| &rule.desks).map(|desk| desk.as_str()).collect();
    let right = right.join(",");
    Refusal::new(Reason::ChannelMismatch, format!("{category} {verb}: {right}"))
        .at("desk")
        .with("right_desk", right)
        .by(rule.reference.rule_id.clone())
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{baodi_2017, tianjin_2021};
    use super::*;

    fn rule(category: Category, desk: Desk, params: &EnrolmentParams) -> String {
        decide(category, desk, &[], params).unwrap().rule_id.into_owned()
    }

    #[test]
    fn each_category_has_its_desks() {
        let law = tianjin_2021();
        assert_eq!(rule(Category::RuralResident, Desk::TownshipService, &law), "J-3.2.2-a");
        assert_eq!(rule(Category::UrbanResident, Desk::CommunityWorkstation, &law), "J-3.2.10-a");
        assert_eq!(rule(Category::UrbanResident, Desk::TownshipService, &law), "J-3.2.10-a");
        assert_eq!(rule(Category::RuralResident, Desk::TownshipService, &baodi_2017()), "B-7.3.2-b");
    }

    /// J-3.1-c: the refusal names the right desk.
    #[test]
    fn the_wrong_desk_is_refused_with_the_right_one() {
        let law = tianjin_2021();
        let refusal = decide(Category::SchoolStudent, Desk::TownshipService, &[], &law).unwrap_err();
        assert_eq!(refusal.reason, Reason::ChannelMismatch);
        assert_eq!(refusal.metadata, [("right_desk", "DISTRICT_SOCIAL_INSURANCE_BRANCH".to_owned())]);
        let refusal = decide(Category::UrbanResident, Desk::CitySocialInsuranceCentre, &[], &law).unwrap_err();
        assert_eq!(refusal.metadata, [("right_desk", "TOWNSHIP_SERVICE,COMMUNITY_WORKSTATION".to_owned())]);
    }

    /// S-06: J-3.2.5-a, B-7.3.3-a.
    #[test]
    fn a_special_person_applies_nowhere_else() {
        let disabled = [Identity::SevereDisability, Identity::SubsistenceAllowance];
        for (law, centre, rule_id) in [
            (tianjin_2021(), "CITY_MEDICAL_INSURANCE_CENTRE", "J-3.2.5-a"),
            (baodi_2017(), "CITY_SOCIAL_INSURANCE_CENTRE", "B-7.3.3-a"),
        ] {
            let refusal = decide(Category::RuralResident, Desk::TownshipService, &disabled, &law).unwrap_err();
            assert_eq!(refusal.reason, Reason::ChannelMismatch);
            assert_eq!(refusal.metadata, [("right_desk", centre.to_owned())]);
            assert_eq!(refusal.rule_id.unwrap(), rule_id);
        }
        assert!(decide(Category::SpecialPerson, Desk::CityMedicalInsuranceCentre, &disabled, &tianjin_2021()).is_ok());
    }

    /// J-3.2.5-a names extreme poverty in town and country, B-7.3.3-a the rural five guarantees alone.
    #[test]
    fn urban_extreme_poverty_is_no_ground_in_baodi() {
        let poor = [Identity::UrbanExtremePoverty];
        assert_eq!(maybe_ground(&poor, &tianjin_2021()), Some(Identity::UrbanExtremePoverty));
        assert_eq!(maybe_ground(&poor, &baodi_2017()), None);
        assert_eq!(maybe_ground(&[Identity::RuralExtremePoverty], &baodi_2017()), Some(Identity::RuralExtremePoverty));
        assert!(decide(Category::UrbanResident, Desk::CommunityWorkstation, &poor, &baodi_2017()).is_ok());
    }

    /// J-3.2.5-d: loan holders and children of special families are registered by their school.
    #[test]
    fn students_with_their_own_ground_stay_with_their_school() {
        let student = [Identity::StudentLoan, Identity::SpecialFamilyStudent];
        let desk = Desk::DistrictSocialInsuranceBranch;
        assert!(decide(Category::SchoolStudent, desk, &student, &tianjin_2021()).is_ok());
    }

    #[test]
    fn a_category_without_a_printed_desk_is_refused() {
        let refusal = decide(Category::WelfareResident, Desk::TownshipService, &[], &baodi_2017()).unwrap_err();
        assert_eq!(refusal.reason, Reason::RuleNotDefined);
    }
}
