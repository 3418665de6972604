//! The premiums and subsidies of both years, as far as the tests need them.

use super::codes::{Bank, DeclaringParty, Login, PaymentPaper, QrSource};
use super::params::{CollectionRule, Increase, PaymentParams, PremiumParams, PrescribedTier, SubsidyGround, WayRule};
use crate::codes::{Category, Class, Desk, Identity, Insurance, Office, PaymentMethod, Tier};
use crate::effective::{Effective, Gap};
use crate::money::Fen;

type Price = (Class, Tier, i64, &'static str);

fn ground(code: &str, class: Option<Class>, requires: &[Identity], rule_id: &'static str) -> Effective<SubsidyGround> {
    let ground = SubsidyGround {
        code: code.to_owned(),
        class,
        requires: requires.to_vec(),
        any_of: Vec::new(),
        excludes: Vec::new(),
    };
    Effective::printed(ground, rule_id)
}

pub(crate) fn tianjin_2021() -> PremiumParams {
    let prices: [Price; 4] = [
        (Class::Adult, Tier::High, 910, "J-2.1-b"),
        (Class::Adult, Tier::Middle, 560, "J-2.1-c"),
        (Class::Adult, Tier::Low, 280, "J-2.1-d"),
        (Class::StudentChild, Tier::StudentChild, 260, "J-2.1-e"),
    ];
    let poor = [Identity::SubsistenceAllowance, Identity::LowIncome];
    let mut disabled_and_poor =
        ground("SUBSISTENCE_OR_LOW_INCOME_SEVERELY_DISABLED", None, &[Identity::SevereDisability], "J-2.3-f");
    disabled_and_poor.value.any_of = poor.to_vec();
    let mut disabled = ground("SEVERELY_DISABLED", Some(Class::Adult), &[Identity::SevereDisability], "J-2.3-a");
    disabled.value.excludes = poor.to_vec();
    let family = |code, identity, rule_id| {
        let mut ground = ground(code, None, &[identity], rule_id);
        ground.value.any_of = poor.to_vec();
        ground
    };
    let any_of = |code, identities: &[Identity], rule_id| {
        let mut ground = ground(code, None, &[], rule_id);
        ground.value.any_of = identities.to_vec();
        ground
    };
    PremiumParams {
        personal: prices
            .map(|(class, tier, yuan, rule)| ((class, tier), Effective::printed(Fen::yuan(yuan), rule)))
            .into(),
        government: Err(Gap { parameter: "government".into(), rule_id: "J-2.1-a".into(), configurable: false }),
        subsidies: vec![
            disabled_and_poor,
            family("SINGLE_PARENT_FAMILY", Identity::SingleParentFamily, "J-2.3-g"),
            family("LOST_ONLY_CHILD_FAMILY", Identity::LostOnlyChildFamily, "J-2.3-h"),
            any_of("EXTREME_POVERTY", &[Identity::UrbanExtremePoverty, Identity::RuralExtremePoverty], "J-2.3-i"),
            ground("SUBSISTENCE_ALLOWANCE", Some(Class::Adult), &[Identity::SubsistenceAllowance], "J-2.3-b"),
            ground("LOW_INCOME", Some(Class::Adult), &[Identity::LowIncome], "J-2.3-c"),
            disabled,
            any_of("ENTITLED_GROUP", &[Identity::EntitledGroup, Identity::MartyrSurvivor], "J-2.3-d"),
            any_of("CADRE_SPOUSE", &[Identity::CadreSpouse, Identity::CadreSurvivingSpouse], "J-2.3-e"),
            ground("SPECIAL_FAMILY_STUDENT", Some(Class::StudentChild), &[Identity::SpecialFamilyStudent], "J-2.3-k"),
            ground("STUDENT_LOAN", Some(Class::StudentChild), &[Identity::StudentLoan], "J-2.3-l"),
        ],
        prescribed_tiers: Vec::new(),
        subsidised_tier: Gap {
            parameter: "premium.subsidised_tier".into(),
            rule_id: "J-2.3-j".into(),
            configurable: false,
        },
        free_insurances: Some(Effective::printed(
            vec![Insurance::CriticalIllness, Insurance::Maternity, Insurance::Accident],
            "J-2.2-a",
        )),
        internal_transfer: Err(Gap {
            parameter: "internal_transfer".into(),
            rule_id: "J-2.2-b".into(),
            configurable: false,
        }),
        increase: None,
        treasury: None,
    }
}

/// The ways of payment of 2021. The document of 2017 prints none: [`PaymentParams::default`].
pub(crate) fn ways_2021() -> PaymentParams {
    let alone = [
        PaymentMethod::BankCounter,
        PaymentMethod::MobileApp,
        PaymentMethod::WebTaxOffice,
        PaymentMethod::QrCode,
        PaymentMethod::PosCard,
    ];
    let row = |code: &str, categories: &[Category], declarer, methods: &[PaymentMethod], rule_id| {
        let rule = CollectionRule {
            code: code.to_owned(),
            categories: categories.to_vec(),
            class: None,
            declarer,
            collector: Office::Tax,
            desk: None,
            papers: Vec::new(),
            methods: methods.to_vec(),
        };
        Effective::printed(rule, rule_id)
    };
    let by_unit = [PaymentMethod::AuthorisedTransfer, PaymentMethod::BankInquiryVoucher];
    let unit = row("UNIT", &[Category::SchoolStudent], DeclaringParty::Unit, &by_unit, "J-3.3.1-c");
    let special = row("AUTHORITY", &[Category::SpecialPerson], DeclaringParty::Authority, &[], "J-3.3.1-e");
    let residents = [Category::RuralResident, Category::UrbanResident, Category::Newborn];
    let mut township = row("TOWNSHIP", &residents, DeclaringParty::Person, &[], "J-3.3.2-a");
    township.value.desk = Some(Desk::TownshipService);
    township.value.papers = vec![PaymentPaper::PaymentNotice];
    let mut village = row("VILLAGE", &[Category::RuralResident], DeclaringParty::Village, &by_unit[1..], "J-3.3.2-b");
    village.value.desk = Some(Desk::TownshipService);
    let mut hall = row("TAX_HALL", &[Category::InterruptedEmployee], DeclaringParty::Person, &[], "J-3.3.5-a");
    hall.value.desk = Some(Desk::TaxHall);
    hall.value.papers = vec![PaymentPaper::PaymentNotice, PaymentPaper::CashTaxForm];
    let centre = DeclaringParty::SocialInsuranceCentre;
    let mut deduction = row("DEDUCTION", &residents[..2], centre, &[PaymentMethod::PensionDeduction], "J-3.3.4-a");
    deduction.value.collector = Office::SocialInsurance;
    deduction.value.desk = Some(Desk::CitySocialInsuranceCentre);
    deduction.value.class = Some(Class::Adult);
    let papers = vec![PaymentPaper::BankInquiryVoucher, PaymentPaper::PaymentNotice];
    let form = Some(PaymentPaper::CashTaxForm);
    let way = Effective::printed;
    PaymentParams {
        methods: Some(Effective::printed(alone.to_vec(), "J-3.3.6-a")),
        collections: vec![unit, special, township, village, deduction, hall],
        ways: [
            (PaymentMethod::BankCounter, way(WayRule { papers, ..WayRule::default() }, "J-3.3.6.1-a")),
            (PaymentMethod::MobileApp, way(WayRule::default(), "J-3.3.6.2-a")),
            (
                PaymentMethod::WebTaxOffice,
                way(WayRule { logins: vec![Login::NaturalPerson], ..WayRule::default() }, "J-3.3.6.3-a"),
            ),
            (
                PaymentMethod::QrCode,
                way(WayRule { qr_sources: QrSource::ALL.to_vec(), ..WayRule::default() }, "J-3.3.6.4-a"),
            ),
            (PaymentMethod::PosCard, way(WayRule { after: form, ..WayRule::default() }, "J-3.3.6.5-a")),
        ]
        .into(),
        banks: Some(Effective::printed(Bank::ALL.to_vec(), "J-3.3.6.1-b")),
    }
}

pub(crate) fn baodi_2017() -> PremiumParams {
    let prices: [Price; 4] = [
        (Class::Adult, Tier::High, 680, "B-4.2-a"),
        (Class::Adult, Tier::Middle, 380, "B-4.2-b"),
        (Class::Adult, Tier::Low, 150, "B-4.2-c"),
        (Class::StudentChild, Tier::StudentChild, 130, "B-4.1-a"),
    ];
    let middle = |identity| Effective::printed(PrescribedTier { identity, tier: Tier::Middle }, "B-5.5-a");
    PremiumParams {
        personal: prices
            .map(|(class, tier, yuan, rule)| ((class, tier), Effective::printed(Fen::yuan(yuan), rule)))
            .into(),
        government: Ok(prices
            .map(|(class, tier, _, rule)| ((class, tier), Effective::printed(Fen::yuan(800), rule)))
            .into()),
        subsidies: vec![
            ground("SUBSISTENCE_ALLOWANCE", None, &[Identity::SubsistenceAllowance], "B-7.3.3-a"),
            ground("LOW_INCOME", None, &[Identity::LowIncome], "B-7.3.3-a"),
            ground("EXTREME_POVERTY", None, &[Identity::RuralExtremePoverty], "B-7.3.3-a"),
        ],
        prescribed_tiers: vec![middle(Identity::SubsistenceAllowance), middle(Identity::LowIncome)],
        subsidised_tier: Gap {
            parameter: "premium.subsidised_tier".into(),
            rule_id: "B-7.3.3-d".into(),
            configurable: false,
        },
        free_insurances: None,
        internal_transfer: Ok(None),
        increase: Some(Increase {
            personal: Effective::printed(Fen::yuan(30), "B-4-a"),
            government: Effective::printed(Fen::yuan(70), "B-4-a"),
            total: Effective::printed(Fen::yuan(100), "B-4-a"),
        }),
        treasury: Some(Effective::printed(vec![Identity::SubsistenceAllowance, Identity::LowIncome], "B-5.5-b")),
    }
}

/// Numbers that are the same in every run.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}
