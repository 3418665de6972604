//! The premiums and subsidies of both years, as far as the tests need them.

use super::params::{PremiumParams, PrescribedTier, SubsidyGround};
use crate::codes::{Class, Identity, Insurance, Tier};
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
    PremiumParams {
        personal: prices
            .map(|(class, tier, yuan, rule)| ((class, tier), Effective::printed(Fen::yuan(yuan), rule)))
            .into(),
        government: Err(Gap { parameter: "government".into(), rule_id: "J-2.1-a".into(), configurable: false }),
        subsidies: vec![
            disabled_and_poor,
            ground("SUBSISTENCE_ALLOWANCE", Some(Class::Adult), &[Identity::SubsistenceAllowance], "J-2.3-b"),
            disabled,
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
            ground("EXTREME_POVERTY", None, &[Identity::RuralExtremePoverty], "B-7.3.3-a"),
        ],
        prescribed_tiers: vec![middle(Identity::SubsistenceAllowance), middle(Identity::LowIncome)],
        subsidised_tier: Gap {
            parameter: "premium.subsidised_tier".into(),
            rule_id: "B-7.3.3-d".into(),
            configurable: false,
        },
        free_insurances: None,
    }
}
