//! The assistance law of 2021, as far as the tests need it.

use uuid::Uuid;

use super::outpatient::OutpatientVenue;
use super::params::{AidType, AssistanceParams, BandScope, VeteranType};
use super::year::{AidCase, Care};
use crate::codes::Identity;
use crate::dates::written::day;
use crate::effective::Effective;
use crate::id::SettlementId;
use crate::money::{Fen, Rate};

fn aid(requires: &[Identity], points: [u32; 2], rule_id: &'static str) -> Effective<AidType> {
    let codes: Vec<&str> = requires.iter().map(|identity| identity.as_str()).collect();
    let [lower, upper] = points.map(Rate::percent);
    let row = AidType {
        code: codes.join("_AND_"),
        requires: requires.to_vec(),
        inpatient_lower: lower,
        inpatient_upper: upper,
        outpatient_rate: Rate::percent(50),
        outpatient_maximum: Fen::yuan(if requires.contains(&Identity::RuralExtremePoverty) { 500 } else { 200 }),
    };
    Effective::printed(row, rule_id)
}

pub(super) fn tianjin_2021(scope: BandScope) -> AssistanceParams {
    let disabled = Identity::SevereDisability;
    let veteran = |(identity, outpatient, inpatient, rule_id): (Identity, u32, u32, &'static str)| {
        let row = VeteranType {
            identity,
            outpatient_rate: Rate::percent(outpatient),
            inpatient_rate: Rate::percent(inpatient),
        };
        Effective::printed(row, rule_id)
    };
    AssistanceParams {
        types: vec![
            aid(&[Identity::RuralExtremePoverty], [60, 80], "J-5.5.T-a"),
            aid(&[Identity::RuralExtremePoverty, disabled], [65, 85], "J-5.5.T-b"),
            aid(&[Identity::LowIncome, disabled], [65, 85], "J-5.5.T-c"),
            aid(&[Identity::SubsistenceAllowance], [60, 80], "J-5.5.T-d"),
            aid(&[Identity::LowIncome], [60, 80], "J-5.5.T-d"),
            aid(&[disabled], [60, 80], "J-5.5.T-d"),
            aid(&[Identity::ChildInDifficulty], [60, 85], "J-5.5.T-e"),
            aid(&[Identity::Orphan], [60, 85], "J-5.5.2-d"),
        ],
        upper_band_from: Effective::printed(Fen::yuan(20_000), "J-5.5.2-b"),
        outpatient_maxima: vec![
            Effective::printed(Fen::yuan(500), "J-5.5.1-c"),
            Effective::printed(Fen::yuan(200), "J-5.5.1-d"),
        ],
        band_scope: Effective::printed(scope, "J-5.5.2-b"),
        veterans: [
            (Identity::MartyrSurvivor, 70, 90, "J-5.5.T-f"),
            (Identity::OldDemobilisedSoldier, 50, 80, "J-5.5.T-g"),
            (Identity::WarOrTestVeteran, 25, 70, "J-5.5.T-h"),
        ]
        .map(veteran)
        .into(),
    }
}

/// The `order`-th bill of a person, at a designated institution.
pub(super) fn case(order: u128, base: Fen, identities: &[Identity]) -> AidCase {
    AidCase {
        id: SettlementId::from(Uuid::from_u128(order)),
        care: Care::Inpatient,
        base,
        service_on: day("2021-03-01"),
        tested_on: day("2021-03-01"),
        aid_designated: true,
        elsewhere: false,
        identities: identities.to_vec(),
    }
}

/// The `order`-th visit of a person, at a level 1 institution that is designated for assistance.
pub(super) fn visit(order: u128, base: Fen, identities: &[Identity]) -> AidCase {
    AidCase { care: Care::Outpatient(OutpatientVenue::LevelOne), ..case(order, base, identities) }
}
