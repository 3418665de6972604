//! Which office supplies which special identity (J-3.2.5-b).

use crate::codes::{Identity, Office};

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
        Identity::CadreSpouse => &[Office::VeteranCadres],
        Identity::StudentLoan => &[Office::Education],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severe_disability_does_not_come_from_civil_affairs() {
        // J-3.2.5-b, the catalogue's example.
        assert!(!of(Identity::SevereDisability).contains(&Office::CivilAffairs));
        assert!(of(Identity::LowIncome).contains(&Office::CivilAffairs));
    }
}
