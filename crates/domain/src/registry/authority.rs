//! Which office supplies which special identity (J-3.2.5-b), and which works at which desk.

use crate::codes::{Desk, Identity, Office};

/// The offices that work at a desk. Institutions file at the branch with their own staff (J-3.2.1-a).
#[must_use]
pub const fn at(desk: Desk) -> &'static [Office] {
    match desk {
        Desk::TownshipService | Desk::CommunityWorkstation => &[Office::Township],
        Desk::DistrictSocialInsuranceBranch => &[Office::SocialInsurance, Office::Education],
        Desk::CityMedicalInsuranceCentre => &[Office::MedicalInsurance],
        Desk::CitySocialInsuranceCentre => &[Office::SocialInsurance],
        Desk::TaxHall => &[Office::Tax],
    }
}

/// The offices whose assertion of an identity counts.
///
/// Civil affairs: subsistence allowance, extreme poverty, low income and the children and hardship groups of medical
/// assistance. Veterans affairs: entitled groups. Disabled persons' federation: severe disability. Veteran-cadre
/// office: spouses. Schools verify student loans (J-3.2.5-d).
#[must_use]
pub const fn of(identity: Identity) -> &'static [Office] {
    match identity {
        Identity::SubsistenceAllowance
        | Identity::UrbanExtremePoverty
        | Identity::RuralExtremePoverty
        | Identity::LowIncome
        | Identity::SingleParentFamily
        | Identity::LostOnlyChildFamily
        | Identity::OtherSpecialHardship
        | Identity::LowIncomePriceSubsidy
        | Identity::ChildInDifficulty
        | Identity::Orphan
        | Identity::HivInfectedChild
        | Identity::DeFactoUnattendedChild
        | Identity::SpecialFamilyStudent => &[Office::CivilAffairs],
        Identity::EntitledGroup
        | Identity::EntitledWithMedicalSubsidy
        | Identity::MartyrSurvivor
        | Identity::DutyDeathSoldierSurvivor
        | Identity::OldDemobilisedSoldier
        | Identity::IllnessDeathSoldierSurvivor
        | Identity::DisabledSoldierGrade7To10
        | Identity::ReturnedVeteranWithIllness
        | Identity::WarOrTestVeteran => &[Office::VeteransAffairs],
        Identity::SevereDisability => &[Office::DisabledPersonsFederation],
        Identity::CadreSpouse | Identity::CadreSurvivingSpouse => &[Office::VeteranCadres],
        Identity::StudentLoan => &[Office::Education],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// B-8.2.3-a: a township does not register schools at the branch; J-3.2.5-a: nor special persons at the centre.
    #[test]
    fn a_township_sits_at_its_own_desk() {
        assert!(at(Desk::TownshipService).contains(&Office::Township));
        for desk in [Desk::DistrictSocialInsuranceBranch, Desk::CityMedicalInsuranceCentre] {
            assert!(!at(desk).contains(&Office::Township));
        }
    }

    #[test]
    fn severe_disability_does_not_come_from_civil_affairs() {
        // J-3.2.5-b, the catalogue's example.
        assert!(!of(Identity::SevereDisability).contains(&Office::CivilAffairs));
        assert!(of(Identity::LowIncome).contains(&Office::CivilAffairs));
    }
}
