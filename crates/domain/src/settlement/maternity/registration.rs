//! Registrations before a birth: of the birth at the township, then of the benefit at a primary institution (J-6.2.2.1).

use std::fmt;
use std::str::FromStr;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::codes::{District, ProviderLevel, UnknownCode, codes};
use crate::refusal::{Reason, Refusal, Refusals};
use crate::settlement::bill::Bill;
use crate::settlement::care::{CareKind, Provider, ProviderKind};
use crate::settlement::case::Standing;

/// A pregnancy is over within a year: a fact of nature, which tells the registrations of two pregnancies apart.
const PREGNANCY: Days = Days::new(365);

/// Registration of a birth at a township's family-planning office (生育服务登记).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BirthRegistration {
    /// Estimated day of conception.
    pub conceived_on: NaiveDate,
    /// Day of the registration.
    pub registered_on: NaiveDate,
    /// Township of the desk, a unit id.
    pub desk_township: String,
    /// Township of the residence, where it is one of the city.
    pub residence_township: Option<String>,
    /// Township of the household registration, where it is one of the city.
    pub household_township: Option<String>,
}

impl BirthRegistration {
    /// Checks day and desk: the township where the woman lives or is registered, as she likes (J-6.2.2.1-a).
    ///
    /// # Errors
    /// `DATE_ORDER`, `REQUIRED_FIELD_MISSING` without any township of hers, and `CHANNEL_MISMATCH` with metadata
    /// `right_township` at another one.
    pub fn check(&self) -> Result<(), Refusals> {
        let mut refusals = Refusals::default();
        if self.registered_on < self.conceived_on {
            let refusal = Refusal::new(Reason::DateOrder, "a birth is registered after the conception");
            refusals.push(refusal.at("registration_date").by("J-6.2.2.1-a"));
        }
        let own: Vec<&str> = self.townships().collect();
        if own.is_empty() {
            let detail = "the township of residence or of household registration is required";
            refusals
                .push(Refusal::new(Reason::RequiredFieldMissing, detail).at("residence_township").by("J-6.2.2.1-a"));
        } else if !own.contains(&self.desk_township.as_str()) {
            let detail = "a birth is registered at the township of residence or of household registration";
            refusals.push(elsewhere(detail, "J-6.2.2.1-a").at("desk_township").with("right_township", own.join(",")));
        }
        refusals.into_result()
    }

    /// Her townships, each once.
    pub fn townships(&self) -> impl Iterator<Item = &str> {
        let household = self.household_township.iter().filter(|it| Some(*it) != self.residence_township.as_ref());
        self.residence_township.iter().chain(household).map(String::as_str)
    }

    /// True for a day of this pregnancy.
    #[must_use]
    pub fn covers(&self, on: NaiveDate) -> bool {
        is_day_of(self.conceived_on, on)
    }
}

/// True for a day of the pregnancy that was conceived on a day.
#[must_use]
pub fn is_day_of(conceived_on: NaiveDate, on: NaiveDate) -> bool {
    conceived_on <= on && on < conceived_on + PREGNANCY
}

/// The first day of conception that a pregnancy on a day can have.
#[must_use]
pub fn earliest_conception(on: NaiveDate) -> NaiveDate {
    on - PREGNANCY + Days::new(1)
}

codes! {
    /// Kind of desk that registers a benefit.
    MaternityDesk {
        /// Online at a primary designated institution (基层定点医疗机构).
        Institution = "INSTITUTION",
        /// Township service (乡镇（街道）综合服务机构).
        TownshipService = "TOWNSHIP_SERVICE",
        /// Branch of medical insurance in a district (区医保分中心).
        DistrictBranch = "DISTRICT_BRANCH",
    }
}

/// Where a benefit is registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BenefitDesk {
    /// Online at a primary designated institution (J-6.2.2.1-b).
    Institution(Provider),
    /// The township service, a unit id (J-6.2.2.1-c).
    Township(String),
    /// The branch of medical insurance in a district (J-6.2.2.1-c).
    Branch(District),
}

impl BenefitDesk {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> MaternityDesk {
        match self {
            Self::Institution(_) => MaternityDesk::Institution,
            Self::Township(_) => MaternityDesk::TownshipService,
            Self::Branch(_) => MaternityDesk::DistrictBranch,
        }
    }
}

/// Registration of the maternity benefit (生育保险待遇登记).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BenefitRegistration {
    /// Day of the registration.
    pub registered_on: NaiveDate,
    /// Desk.
    pub desk: BenefitDesk,
    /// Why it could not be made online; of the fallback desks alone.
    pub reason: String,
}

impl BenefitRegistration {
    /// Checks the order, the desk and the reason of a fallback, against the registration of the birth.
    ///
    /// # Errors
    /// `ORDER_VIOLATION` before the registration of the birth (J-6.2.2.1-b); `CHANNEL_MISMATCH` at an institution that is
    /// not primary or not designated, with metadata `right_township` or `right_district` at a desk that is not the
    /// woman's own; `REQUIRED_FIELD_MISSING` at a fallback desk without a reason (J-6.2.2.1-c), and `VALUE_NOT_ALLOWED`
    /// for a reason where none is needed.
    pub fn check(&self, birth: Option<&BirthRegistration>) -> Result<(), Refusals> {
        let mut refusals = Refusals::default();
        if birth.is_none_or(|birth| birth.registered_on > self.registered_on) {
            let detail = "the birth is registered at the township first, then the benefit";
            refusals.push(Refusal::new(Reason::OrderViolation, detail).at("registration_date").by("J-6.2.2.1-b"));
        }
        refusals.keep(self.desk(birth));
        let online = matches!(self.desk, BenefitDesk::Institution(_));
        if !online && self.reason.is_empty() {
            let detail = "this desk registers what could not be registered online, and asks why";
            refusals.push(Refusal::new(Reason::RequiredFieldMissing, detail).at("reason").by("J-6.2.2.1-c"));
        } else if online && !self.reason.is_empty() {
            let detail = "an institution registers online and gives no reason";
            refusals.push(Refusal::new(Reason::ValueNotAllowed, detail).at("reason").by("J-6.2.2.1-c"));
        }
        refusals.into_result()
    }

    fn desk(&self, birth: Option<&BirthRegistration>) -> Result<(), Refusal> {
        match &self.desk {
            BenefitDesk::Institution(provider) if is_primary(provider) && provider.designated => Ok(()),
            BenefitDesk::Institution(_) => {
                let detail = "the benefit is registered online at a primary designated institution";
                Err(elsewhere(detail, "J-6.2.2.1-b").at("provider"))
            }
            BenefitDesk::Township(township) => {
                let Some(birth) = birth else { return Ok(()) };
                let own: Vec<&str> = birth.townships().collect();
                if own.contains(&township.as_str()) {
                    return Ok(());
                }
                let refusal = elsewhere("the township service is the woman's own", "J-6.2.2.1-c");
                Err(refusal.at("desk_township").with("right_township", own.join(",")))
            }
            BenefitDesk::Branch(district) => {
                let Some(birth) = birth else { return Ok(()) };
                let mut own: Vec<District> = birth.townships().filter_map(district_of).collect();
                own.dedup();
                if own.contains(district) {
                    return Ok(());
                }
                let right: Vec<&str> = own.iter().map(|own| own.as_str()).collect();
                let refusal = elsewhere("the branch is that of the woman's own district", "J-6.2.2.1-c");
                Err(refusal.with("right_district", right.join(",")))
            }
        }
    }
}

/// The district in which a township lies: its unit id begins with the district's code.
#[must_use]
pub fn district_of(township: &str) -> Option<District> {
    township.split('.').next()?.parse().ok()
}

/// Hospitals of level 1, community health centres and village clinics are the primary institutions (基层医疗机构).
fn is_primary(provider: &Provider) -> bool {
    match provider.kind {
        ProviderKind::CommunityHealthCentre | ProviderKind::VillageClinic => true,
        ProviderKind::Hospital => provider.level == Some(ProviderLevel::One),
        ProviderKind::RetailPharmacy => false,
    }
}

fn elsewhere(detail: &str, rule_id: &'static str) -> Refusal {
    Refusal::new(Reason::ChannelMismatch, detail).by(rule_id)
}

/// Whether a provider may settle a bill in the network: prenatal checks and childbirth ask for the benefit registration of
/// the pregnancy. No clause takes the benefit away from a woman who did not register: she pays and files the bill at her
/// township (J-6.2.2.2-a), where nothing of the kind is asked. Family planning has no pregnancy to register.
///
/// # Errors
/// `ORDER_VIOLATION` with metadata `instead`.
pub fn require(bill: &Bill, standing: &Standing) -> Result<(), Refusal> {
    if bill.kind != CareKind::Maternity || standing.maternity {
        return Ok(());
    }
    let detail = "the maternity benefit is registered before a provider settles; a bill that the woman paid is filed at \
                  her township";
    let refusal = Refusal::new(Reason::OrderViolation, detail).at("bill.care_kind").by("J-6.2.2.1-b");
    Err(refusal.with("instead", "SELF_PAID_CLAIM"))
}

#[cfg(test)]
mod tests {
    use super::super::event::FamilyPlanningProcedure;
    use super::super::fixtures::{case, natural, planned};
    use super::*;
    use crate::dates::written::day;
    use crate::money::Fen;
    use crate::settlement::fixtures::hospital;

    fn birth() -> BirthRegistration {
        BirthRegistration {
            conceived_on: day("2021-02-01"),
            registered_on: day("2021-04-01"),
            desk_township: "120118.4".to_owned(),
            residence_township: Some("120118.4".to_owned()),
            household_township: Some("120104.2".to_owned()),
        }
    }

    fn online() -> BenefitRegistration {
        let provider = Provider { level: Some(ProviderLevel::One), ..hospital() };
        let (desk, reason) = (BenefitDesk::Institution(provider), String::new());
        BenefitRegistration { registered_on: day("2021-04-02"), desk, reason }
    }

    fn fallback(desk: BenefitDesk) -> BenefitRegistration {
        BenefitRegistration { desk, reason: "the network was down".to_owned(), ..online() }
    }

    fn reasons(result: Result<(), Refusals>) -> Vec<Reason> {
        result.err().unwrap_or_default().0.iter().map(|refusal| refusal.reason).collect()
    }

    /// J-6.2.2.1-a: at the residence or at the place of registration; elsewhere CHANNEL_MISMATCH.
    #[test]
    fn a_birth_is_registered_at_either_place() {
        assert_eq!(birth().check(), Ok(()));
        assert_eq!(BirthRegistration { desk_township: "120104.2".to_owned(), ..birth() }.check(), Ok(()));
        let wrong = BirthRegistration { desk_township: "120118.5".to_owned(), ..birth() };
        let refusals = wrong.check().unwrap_err();
        assert_eq!(refusals.0[0].reason, Reason::ChannelMismatch);
        assert_eq!(refusals.0[0].metadata, [("right_township", "120118.4,120104.2".to_owned())]);
        let homeless = BirthRegistration { residence_township: None, household_township: None, ..wrong.clone() };
        assert_eq!(reasons(homeless.check()), [Reason::RequiredFieldMissing]);
        let early = BirthRegistration { registered_on: day("2021-01-31"), ..wrong };
        assert_eq!(reasons(early.check()), [Reason::DateOrder, Reason::ChannelMismatch]);
    }

    /// The example of J-6.2.2.1-b: the benefit first is ORDER_VIOLATION; on the same day it is in order.
    #[test]
    fn the_birth_comes_before_the_benefit() {
        assert_eq!(reasons(online().check(None)), [Reason::OrderViolation]);
        assert_eq!(online().check(Some(&birth())), Ok(()));
        let at = |registered_on| BenefitRegistration { registered_on: day(registered_on), ..online() };
        assert_eq!(at("2021-04-01").check(Some(&birth())), Ok(()));
        assert_eq!(reasons(at("2021-03-31").check(Some(&birth()))), [Reason::OrderViolation]);
    }

    /// J-6.2.2.1-b: a primary designated institution.
    #[test]
    fn the_institution_is_primary_and_designated() {
        let at = |provider| BenefitRegistration { desk: BenefitDesk::Institution(provider), ..online() };
        let centre = Provider { kind: ProviderKind::CommunityHealthCentre, level: None, ..hospital() };
        assert_eq!(at(centre.clone()).check(Some(&birth())), Ok(()));
        for wrong in [
            hospital(),
            Provider { kind: ProviderKind::RetailPharmacy, ..centre.clone() },
            Provider { designated: false, ..centre },
        ] {
            assert_eq!(reasons(at(wrong).check(Some(&birth()))), [Reason::ChannelMismatch]);
        }
    }

    /// J-6.2.2.1-c: her own township or the branch of her district, with a reason.
    #[test]
    fn a_fallback_desk_is_her_own_and_asks_why() {
        let township = |id: &str| BenefitDesk::Township(id.to_owned());
        for own in [
            township("120118.4"),
            township("120104.2"),
            BenefitDesk::Branch(District::Jinghai),
            BenefitDesk::Branch(District::Nankai),
        ] {
            assert_eq!(fallback(own.clone()).check(Some(&birth())), Ok(()));
            let unsaid = BenefitRegistration { reason: String::new(), ..fallback(own) };
            assert_eq!(reasons(unsaid.check(Some(&birth()))), [Reason::RequiredFieldMissing]);
        }
        let refusals = fallback(BenefitDesk::Branch(District::Baodi)).check(Some(&birth())).unwrap_err();
        assert_eq!(refusals.0[0].reason, Reason::ChannelMismatch);
        assert_eq!(refusals.0[0].metadata, [("right_district", "120118,120104".to_owned())]);
        assert_eq!(reasons(fallback(township("120118.5")).check(Some(&birth()))), [Reason::ChannelMismatch]);
        let unneeded = BenefitRegistration { reason: "why not".to_owned(), ..online() };
        assert_eq!(reasons(unneeded.check(Some(&birth()))), [Reason::ValueNotAllowed]);
    }

    #[test]
    fn a_registration_is_of_one_pregnancy() {
        let birth = birth();
        assert!(birth.covers(day("2021-02-01")) && birth.covers(day("2022-01-31")));
        assert!(!birth.covers(day("2021-01-31")) && !birth.covers(day("2022-02-01")));
        assert_eq!(earliest_conception(day("2022-01-31")), day("2021-02-01"));
    }

    /// J-6.2.2.1-b before a provider settles; family planning asks for nothing, and so does J-6.2.2.2-a.
    #[test]
    fn a_provider_settles_registered_pregnancies() {
        let registered = Standing { maternity: true, ..Standing::default() };
        let bill = case(natural(), Fen::yuan(4_000)).bill;
        assert_eq!(require(&bill, &registered), Ok(()));
        let refusal = require(&bill, &Standing::default()).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::OrderViolation, Some("J-6.2.2.1-b")));
        assert_eq!(refusal.metadata, [("instead", "SELF_PAID_CLAIM".to_owned())]);
        let device = planned(&[FamilyPlanningProcedure::DeviceInsertion], &[]);
        assert_eq!(require(&case(device, Fen::yuan(100)).bill, &Standing::default()), Ok(()));
    }
}
