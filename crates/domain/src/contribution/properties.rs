//! What holds of every quote, whatever the class, the tier and the identities, in both years.

use super::fixtures::{baodi_2017, tianjin_2021};
use super::params::PremiumParams;
use super::quote::{QuoteRequest, quote};
use super::subsidy::maybe_ground;
use crate::codes::{Class, Identity, Payer, Tier};
use crate::dates::written::day;
use crate::money::Fen;
use crate::refusal::Reason;

/// The identities that any ground of either year speaks of, so that every subset of them can be tried.
const SPOKEN_OF: [Identity; 12] = [
    Identity::SubsistenceAllowance,
    Identity::LowIncome,
    Identity::UrbanExtremePoverty,
    Identity::RuralExtremePoverty,
    Identity::SevereDisability,
    Identity::SingleParentFamily,
    Identity::LostOnlyChildFamily,
    Identity::EntitledGroup,
    Identity::MartyrSurvivor,
    Identity::CadreSpouse,
    Identity::SpecialFamilyStudent,
    Identity::StudentLoan,
];

fn subsets() -> impl Iterator<Item = Vec<Identity>> {
    (0..1_u32 << SPOKEN_OF.len()).map(|set| {
        let held = SPOKEN_OF.iter().enumerate().filter(move |(index, _)| set & (1 << index) != 0);
        held.map(|(_, identity)| *identity).collect()
    })
}

/// J-2.3-j, B-7.3.3-d: payable + subsidy is the printed premium, and one of them is nothing; J-2.1-a: what is not printed
/// has no price.
fn holds_in(law: &PremiumParams) {
    let mut quoted = 0_u32;
    for identities in subsets() {
        for class in Class::ALL.iter().copied() {
            for tier in Tier::ALL.iter().copied() {
                let (identities, applied_on) = (identities.clone(), day("2020-11-11"));
                let request = QuoteRequest { class, tier: Some(tier), identities, applied_on, parts: Vec::new() };
                let printed = law.personal.get(&(class, tier));
                let Ok(answer) = quote(&request, law) else {
                    let refusals = quote(&request, law).unwrap_err();
                    let prescribed =
                        law.prescribed_tiers.iter().any(|rule| request.identities.contains(&rule.identity));
                    assert!(refusals.has(Reason::TierNotAllowed) && (printed.is_none() || prescribed));
                    continue;
                };
                quoted += 1;
                assert_eq!(Some(answer.payable + answer.subsidy), printed.map(|fen| fen.value));
                assert_eq!(answer.personal, answer.payable + answer.subsidy);
                let ground = maybe_ground(class, &request.identities, law);
                let (payable, subsidy) = (answer.payable.is_zero(), answer.subsidy.is_zero());
                assert_eq!((payable, !subsidy), (ground.is_some(), ground.is_some()));
                assert_eq!(answer.receipt.total(Payer::Person), answer.payable);
                let lines = answer.personal + answer.government.unwrap_or(Fen::ZERO);
                assert_eq!(answer.receipt.sum(), lines);
            }
        }
    }
    assert!(quoted > 4_096);
}

#[test]
fn the_parts_of_2021_sum_to_the_printed_premium() {
    holds_in(&tianjin_2021());
}

#[test]
fn the_parts_of_2017_sum_to_the_printed_premium() {
    holds_in(&baodi_2017());
}
