//! What holds of every quote under the printed law, in both years.

use std::collections::BTreeSet;

use juyi_domain::codes::{Class, Identity, Payer, Tier};
use juyi_domain::contribution::params::PremiumParams;
use juyi_domain::contribution::quote::{QuoteRequest, quote};
use juyi_domain::contribution::subsidy::maybe_ground;
use juyi_domain::money::Fen;

use super::{day, year_2017, year_2021};

/// Of the attributes that stand for the same ground, these stand for all others.
const ALIKE: [Identity; 8] = [
    Identity::EntitledWithMedicalSubsidy,
    Identity::DutyDeathSoldierSurvivor,
    Identity::OldDemobilisedSoldier,
    Identity::IllnessDeathSoldierSurvivor,
    Identity::DisabledSoldierGrade7To10,
    Identity::ReturnedVeteranWithIllness,
    Identity::WarOrTestVeteran,
    Identity::CadreSurvivingSpouse,
];

/// Every subset of the identities that the grounds speak of, and every identity alone.
fn subsets(law: &PremiumParams) -> Vec<Vec<Identity>> {
    let spoken_of: BTreeSet<Identity> = law
        .subsidies
        .iter()
        .flat_map(|ground| ground.requires.iter().chain(&ground.any_of).chain(&ground.excludes))
        .copied()
        .filter(|identity| !ALIKE.contains(identity))
        .collect();
    let spoken_of: Vec<_> = spoken_of.into_iter().collect();
    let subset = |set: u32| {
        let held = spoken_of.iter().enumerate().filter(move |(index, _)| set & (1 << index) != 0);
        held.map(|(_, identity)| *identity).collect()
    };
    let all = (0..1_u32 << spoken_of.len()).map(subset);
    all.chain(Identity::ALL.iter().map(|identity| vec![*identity])).collect()
}

/// J-2.3-j, B-7.3.3-d: payable + subsidy = personal = the printed premium, and all of it is the one or the other.
fn holds_in(law: &PremiumParams) -> (usize, usize) {
    let (mut paid, mut subsidised) = (0, 0);
    for identities in subsets(law) {
        for (class, tier) in Class::ALL.iter().flat_map(|class| Tier::ALL.iter().map(|tier| (*class, *tier))) {
            let (identities, applied_on) = (identities.clone(), day("2020-11-11"));
            let request = QuoteRequest { class, tier: Some(tier), identities, applied_on, parts: Vec::new() };
            let held = |identity| request.identities.contains(identity);
            let printed = law.personal.get(&(class, tier)).map(|fen| fen.value);
            let other_tier = class == Class::Adult
                && law.prescribed_tiers.iter().any(|rule| held(&rule.identity) && rule.tier != tier);
            let answer = quote(&request, law);
            assert_eq!(answer.is_ok(), printed.is_some() && !other_tier, "{request:?}");
            let Ok(answer) = answer else { continue };
            assert_eq!(Some(answer.personal), printed, "{request:?}");
            assert_eq!(answer.payable + answer.subsidy, answer.personal, "{request:?}");
            let free = maybe_ground(class, &request.identities, law).is_some();
            let expected = if free { (Fen::ZERO, answer.personal) } else { (answer.personal, Fen::ZERO) };
            assert_eq!((answer.payable, answer.subsidy), expected, "{request:?}");
            assert_eq!(answer.receipt.total(Payer::Person), answer.payable, "{request:?}");
            *if free { &mut subsidised } else { &mut paid } += 1;
        }
    }
    (paid, subsidised)
}

#[test]
fn the_parts_sum_to_the_printed_premium_in_2021() {
    let (paid, subsidised) = holds_in(&year_2021().premium);
    assert!(paid >= 100 && subsidised > 1_000, "{paid} {subsidised}");
}

#[test]
fn the_parts_sum_to_the_printed_premium_in_2017() {
    let (paid, subsidised) = holds_in(&year_2017().premium);
    assert!(paid > 10 && subsidised > 100, "{paid} {subsidised}");
}
