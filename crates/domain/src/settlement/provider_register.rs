//! What a provider register says about a provider on the service date, and whether a bill says the same (AMB-067).
//!
//! The register decides: what a bill says of a provider that the register knows has to agree, and what it leaves out is
//! taken from the register. A flag that is not raised counts as left out. Nobody else knows which level 2 hospitals are
//! reformed and who is designated; the documents list none (J-5.1.T-p, J-7-2, J-8-1).

use std::fmt;

use super::bill::Bill;
use super::care::{Place, Provider, ProviderKind};
use crate::codes::{District, ProviderLevel};
use crate::refusal::{Reason, Refusal, Refusals};

/// A provider of the city as it stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registered {
    /// District.
    pub district: District,
    /// Level; a village clinic counts as level 1 (J-5.1.5-a).
    pub level: ProviderLevel,
    /// Designated for the insurance.
    pub designated: bool,
    /// Registered as reformed.
    pub reform_registered: bool,
    /// Designated for medical assistance.
    pub assistance_designated: bool,
    /// Offers home beds.
    pub home_bed: bool,
    /// Village clinic under integrated management.
    pub village_clinic: bool,
}

impl Registered {
    /// The provider of a bill as the register has it.
    ///
    /// # Errors
    /// PROVIDER_MISMATCH for each attribute of which the bill says something else, and for a place outside the city.
    pub fn confirm_bill(&self, bill: &Bill) -> Result<Provider, Refusals> {
        let mut refusals = Refusals::default();
        match &bill.place {
            Place::Local => {}
            Place::Elsewhere { region, .. } => {
                refusals.push(mismatch("bill.elsewhere", "region", region, &self.district));
            }
            Place::OutsideBorder => {
                refusals.push(mismatch("bill", "outside_border", &true, &self.district));
            }
        }
        let confirmed = refusals.keep(self.confirm(&bill.provider, "bill.provider"));
        confirmed.filter(|_| refusals.0.is_empty()).ok_or(refusals)
    }

    /// A provider that a field of the request describes, as the register has it.
    ///
    /// # Errors
    /// PROVIDER_MISMATCH for each attribute of which the request says something else.
    pub fn confirm(&self, stated: &Provider, field: &str) -> Result<Provider, Refusals> {
        let mut refusals = Refusals::default();
        if !self.may_be(stated.kind) {
            refusals.push(mismatch(field, "kind", &stated.kind, &self.name()));
        }
        if let Some(level) = stated.level.filter(|level| *level != self.level) {
            refusals.push(mismatch(field, "level", &level, &self.level));
        }
        for (name, stated, registered) in [
            ("designated", stated.designated, self.designated),
            ("reform_registered", stated.reform_registered, self.reform_registered),
            ("assistance_designated", stated.assistance_designated, self.assistance_designated),
            ("home_bed", stated.home_bed, self.home_bed),
            ("village_integrated", stated.village_integrated, self.village_clinic),
        ] {
            if stated && !registered {
                refusals.push(mismatch(field, name, &stated, &registered));
            }
        }
        refusals.into_result()?;
        // Pharmacies and village clinics have no level on a bill.
        let graded = matches!(stated.kind, ProviderKind::Hospital | ProviderKind::CommunityHealthCentre);
        Ok(Provider {
            kind: stated.kind,
            level: graded.then_some(self.level),
            designated: self.designated,
            reform_registered: self.reform_registered,
            assistance_designated: self.assistance_designated,
            home_bed: self.home_bed,
            village_integrated: self.village_clinic,
        })
    }

    /// People sign with a family doctor of an institution at the base (基层医疗机构, J-5.1.4-a).
    ///
    /// # Errors
    /// CLASS_NOT_ELIGIBLE for a hospital of another level.
    pub fn require_primary(&self, field: &'static str) -> Result<(), Refusal> {
        if self.is_primary() {
            return Ok(());
        }
        let detail = "a primary institution is one of level 1, a community health centre or a village clinic";
        let refusal = Refusal::new(Reason::ClassNotEligible, detail).at(field).by("J-5.1.4-a");
        Err(refusal.with("registered_level", self.level))
    }

    /// True for the hospitals of level 1, and the centres and clinics that count as such (J-7-1, J-5.1.5-a).
    fn is_primary(&self) -> bool {
        self.level == ProviderLevel::One
    }

    /// The register knows village clinics, and of all others the level alone: what counts as level 1 is of no other
    /// (J-7-1, J-5.1.5-a), so that a hospital does not bill as a centre, a clinic or a pharmacy.
    fn may_be(&self, kind: ProviderKind) -> bool {
        match kind {
            ProviderKind::Hospital => !self.village_clinic,
            ProviderKind::VillageClinic => self.is_primary(),
            ProviderKind::CommunityHealthCentre | ProviderKind::RetailPharmacy => {
                self.is_primary() && !self.village_clinic
            }
        }
    }

    /// What the register says in place of a kind.
    const fn name(&self) -> &'static str {
        if self.village_clinic { ProviderKind::VillageClinic.as_str() } else { self.level.as_str() }
    }
}

fn mismatch(field: &str, attribute: &'static str, stated: &dyn fmt::Display, registered: &dyn fmt::Display) -> Refusal {
    let detail = format!("{attribute} is {stated} here, and {registered} on the register on the service date");
    let refusal = Refusal::new(Reason::ProviderMismatch, detail).at(format!("{field}.{attribute}"));
    refusal.with("attribute", attribute).with("stated", stated).with("registered", registered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::written::day;
    use crate::money::Fen;
    use crate::settlement::care::OutOfArea;
    use crate::settlement::fixtures::{bill, hospital};

    /// What the register has of the hospital of the fixtures.
    fn registered() -> Registered {
        Registered {
            district: District::Jinghai,
            level: ProviderLevel::Three,
            designated: true,
            reform_registered: false,
            assistance_designated: true,
            home_bed: false,
            village_clinic: false,
        }
    }

    fn fields(refused: Result<Provider, Refusals>) -> Vec<(String, String, String)> {
        let refusal = |it: Refusal| {
            assert_eq!((it.reason, it.metadata.len()), (Reason::ProviderMismatch, 3));
            (it.field.unwrap().into_owned(), it.metadata[1].1.clone(), it.metadata[2].1.clone())
        };
        refused.unwrap_err().0.into_iter().map(refusal).collect()
    }

    fn told(found: &[(String, String, String)]) -> Vec<(&str, &str, &str)> {
        found.iter().map(|(field, stated, registered)| (&field[..], &stated[..], &registered[..])).collect()
    }

    /// AMB-067: what agrees stands, and what is left out is the register's (J-5.1.T-p, J-8-1, J-5.5.2-a).
    #[test]
    fn what_is_left_out_is_the_registers() {
        let whole = registered().confirm(&hospital(), "bill.provider");
        assert_eq!(whole, Ok(hospital()));
        let bare = Provider { level: None, designated: false, assistance_designated: false, ..hospital() };
        assert_eq!(registered().confirm(&bare, "bill.provider"), Ok(hospital()));
        let reformed = Registered {
            level: ProviderLevel::Two,
            reform_registered: true,
            home_bed: true,
            designated: false,
            ..registered()
        };
        let expected = Provider {
            level: Some(ProviderLevel::Two),
            reform_registered: true,
            home_bed: true,
            designated: false,
            ..hospital()
        };
        assert_eq!(reformed.confirm(&bare, "bill.provider"), Ok(expected));
    }

    /// AMB-067: every attribute that differs is named with both values.
    #[test]
    fn everything_that_differs_is_refused() {
        let stated = Provider {
            kind: ProviderKind::CommunityHealthCentre,
            level: Some(ProviderLevel::One),
            reform_registered: true,
            home_bed: true,
            village_integrated: true,
            ..hospital()
        };
        let none = Registered { designated: false, assistance_designated: false, ..registered() };
        let found = fields(none.confirm(&stated, "provider"));
        let flag = |name| (name, "true", "false");
        let expected = [
            ("provider.kind", "COMMUNITY_HEALTH_CENTRE", "LEVEL_3"),
            ("provider.level", "LEVEL_1", "LEVEL_3"),
            flag("provider.designated"),
            flag("provider.reform_registered"),
            flag("provider.assistance_designated"),
            flag("provider.home_bed"),
            flag("provider.village_integrated"),
        ];
        assert_eq!(told(&found), expected);
    }

    /// J-5.1.5-a, J-7-1, J-7-3: what counts as level 1 is no hospital of another level, and a village clinic is no hospital.
    #[test]
    fn a_kind_fits_the_level() {
        let clinic = Registered { level: ProviderLevel::One, village_clinic: true, ..registered() };
        let as_kind = |kind| Provider { kind, level: None, ..hospital() };
        let confirmed = clinic.confirm(&as_kind(ProviderKind::VillageClinic), "bill.provider").unwrap();
        assert_eq!((confirmed.level, confirmed.village_integrated), (None, true));
        for kind in [ProviderKind::Hospital, ProviderKind::CommunityHealthCentre, ProviderKind::RetailPharmacy] {
            let found = fields(clinic.confirm(&as_kind(kind), "bill.provider"));
            assert_eq!(told(&found), [("bill.provider.kind", kind.as_str(), "VILLAGE_CLINIC")]);
        }
        // A clinic outside the integrated management is one of level 1 among others.
        let level_one = Registered { village_clinic: false, ..clinic };
        for kind in ProviderKind::ALL {
            let confirmed = level_one.confirm(&as_kind(*kind), "bill.provider").unwrap();
            let graded = matches!(kind, ProviderKind::Hospital | ProviderKind::CommunityHealthCentre);
            assert_eq!(confirmed.level, graded.then_some(ProviderLevel::One), "{kind}");
            assert!(!confirmed.village_integrated);
        }
        for kind in [ProviderKind::VillageClinic, ProviderKind::CommunityHealthCentre, ProviderKind::RetailPharmacy] {
            for level in [ProviderLevel::Two, ProviderLevel::Three] {
                let hospital = Registered { level, ..registered() };
                let found = fields(hospital.confirm(&as_kind(kind), "bill.provider"));
                assert_eq!(told(&found), [("bill.provider.kind", kind.as_str(), level.as_str())]);
            }
        }
    }

    /// J-5.1.4-a: the primary institution of a person is one at the base.
    #[test]
    fn family_doctors_are_at_the_base() {
        for (level, refused) in [(ProviderLevel::One, false), (ProviderLevel::Two, true), (ProviderLevel::Three, true)]
        {
            let checked = Registered { level, ..registered() }.require_primary("primary_institution_code");
            let refusal = checked.err().map(|it| (it.reason, it.metadata));
            let expected = (Reason::ClassNotEligible, vec![("registered_level", level.to_string())]);
            assert_eq!(refusal, refused.then_some(expected));
        }
    }

    /// J-10.1.2-a: a provider of the city's register gives no care elsewhere.
    #[test]
    fn a_provider_of_the_city_is_in_the_city() {
        let mut stay = bill(day("2021-03-01"), Fen::yuan(100));
        assert_eq!(registered().confirm_bill(&stay), Ok(hospital()));
        let category = OutOfArea::TemporaryEmergency;
        stay.place = Place::Elsewhere { category, region: "110101".to_owned(), receiving_level: None };
        stay.provider.level = Some(ProviderLevel::Two);
        let found = fields(registered().confirm_bill(&stay));
        let level = ("bill.provider.level", "LEVEL_2", "LEVEL_3");
        assert_eq!(told(&found), [("bill.elsewhere.region", "110101", "120118"), level]);
        stay.place = Place::OutsideBorder;
        let found = fields(registered().confirm_bill(&stay));
        assert_eq!(told(&found), [("bill.outside_border", "true", "120118"), level]);
    }
}
