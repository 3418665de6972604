//! The outpatient law of both years, and visits that the tests change.

use std::collections::BTreeMap;

use super::params::{FamilyDoctorParams, FamilyDoctorScope, GeneralFeeParams, OutpatientParams, Venue};
use crate::codes::{ProviderLevel, Tier};
use crate::dates::written::day;
use crate::effective::Effective;
use crate::money::{Fen, Rate};
use crate::receipt::Receipt;
use crate::refusal::Refusals;
use crate::settlement::accumulators::Opening;
use crate::settlement::care::{CareKind, GeneralFee, ProviderKind};
use crate::settlement::case::Case;
use crate::settlement::fixtures::{basic_2021, case, critical_illness_2021, exclusions_2017, exclusions_2021};
use crate::settlement::maternity::fixtures::maternity_2021;
use crate::settlement::params::MaximumBasis;
use crate::settlement::year::{Law, Outcome, receipts_of_year};

const TIERS: [Tier; 4] = [Tier::StudentChild, Tier::High, Tier::Middle, Tier::Low];

fn rates(venues: &[(Venue, &'static str)]) -> BTreeMap<(Venue, Tier), Effective<Rate>> {
    let row = |(venue, rule_id): (Venue, &'static str)| {
        TIERS.map(|tier| ((venue, tier), Effective::printed(Rate::percent(50), rule_id)))
    };
    venues.iter().copied().flat_map(row).collect()
}

fn reductions(rules: [&'static str; 3]) -> Vec<Effective<Fen>> {
    [100, 200, 300].into_iter().zip(rules).map(|(yuan, rule)| Effective::printed(Fen::yuan(yuan), rule)).collect()
}

pub(crate) fn law_2021() -> OutpatientParams {
    let named = [
        (Venue::LevelOne, "J-7-1"),
        (Venue::CommunityHealthCentre, "J-7-1"),
        (Venue::LevelTwoReformed, "J-7-2"),
        (Venue::RetailPharmacy, "J-7-1"),
        (Venue::VillageClinic, "J-7-3"),
    ];
    OutpatientParams {
        exclusions: exclusions_2021(),
        venues: Effective::printed(Venue::ALL.to_vec(), "J-5.1.T-p"),
        venue: named.map(|(venue, rule)| (venue, Effective::printed(true, rule))).into(),
        rate: rates(&[
            (Venue::LevelOne, "J-5.1.T-m"),
            (Venue::CommunityHealthCentre, "J-5.1.T-m"),
            (Venue::LevelTwoReformed, "J-5.1.T-m"),
            (Venue::RetailPharmacy, "J-5.1.T-m"),
            (Venue::VillageClinic, "J-5.1.5-a"),
        ]),
        deductible: Effective::printed(Fen::yuan(500), "J-5.1.T-n"),
        maximum: Effective::printed(Fen::yuan(4_000), "J-5.1.T-o"),
        maximum_basis: Effective::printed(MaximumBasis::FundPayment, "J-5.1.T-o"),
        reductions: reductions(["J-5.1.1-a", "J-5.1.1-b", "J-5.1.1-c"]),
        reduction_requires_full_year: Effective::printed(false, "J-5.1.1-a"),
        restoration: Effective::printed(true, "J-5.1.1-d"),
        carry_over: Effective::printed(true, "J-5.1.2-a"),
        general_fee: Some(GeneralFeeParams {
            rate: TIERS.map(|tier| (tier, Effective::printed(Rate::percent(80), "J-5.1.5-c"))).into(),
            contains: Effective::printed(true, "J-5.1.5-b"),
            restores: Effective::printed(false, "J-5.1.1-d"),
            counts_for_reduction: Effective::printed(false, "J-5.1.1-a"),
        }),
        family_doctor: Some(FamilyDoctorParams {
            amount: Effective::printed(Fen::yuan(200), "J-5.1.4-a"),
            points: Effective::printed(5, "J-5.1.4-b"),
            scope: Effective::printed(FamilyDoctorScope::Outpatient, "J-5.1.T-s"),
            carried_over: Effective::printed(true, "J-5.1.4-a"),
        }),
    }
}

pub(crate) fn law_2017() -> OutpatientParams {
    OutpatientParams {
        exclusions: exclusions_2017(),
        venues: Effective::printed(vec![Venue::LevelOne, Venue::LevelTwoReformed], "B-5.2-a"),
        venue: BTreeMap::new(),
        rate: rates(&[(Venue::LevelOne, "B-5.2-d"), (Venue::LevelTwoReformed, "B-5.2-d")]),
        deductible: Effective::printed(Fen::yuan(500), "B-5.2-b"),
        maximum: Effective::printed(Fen::yuan(3_000), "B-5.2-c"),
        maximum_basis: Effective::printed(MaximumBasis::FundPayment, "B-5.2-c"),
        reductions: reductions(["B-5.3-a", "B-5.3-b", "B-5.3-c"]),
        reduction_requires_full_year: Effective::printed(true, "B-5.3-a"),
        restoration: Effective::printed(true, "B-5.3-d"),
        carry_over: Effective::printed(true, "B-5.4-a"),
        general_fee: None,
        family_doctor: None,
    }
}

/// The `order`-th visit of a person at a level 1 institution.
pub(crate) fn visit(order: i64, eligible: Fen) -> Case {
    let mut case = case(order, eligible);
    case.bill.kind = CareKind::Outpatient;
    case.bill.discharged_on = case.bill.admitted_on;
    case.bill.provider.level = Some(ProviderLevel::One);
    case
}

/// A visit on a day.
pub(crate) fn visit_on(on: &str, eligible: Fen) -> Case {
    let mut case = visit(1, eligible);
    (case.bill.admitted_on, case.bill.discharged_on) = (day(on), day(on));
    case
}

/// A visit at a village clinic: drugs of so many yuan, and a general fee of ten.
pub(crate) fn clinic(order: i64, yuan: i64) -> Case {
    let mut case = visit(order, Fen::yuan(yuan + 10));
    (case.bill.provider.kind, case.bill.provider.level) = (ProviderKind::VillageClinic, None);
    case.bill.provider.village_integrated = true;
    case.bill.general_fee =
        Some(GeneralFee { registration: Fen::yuan(1), consultation: Fen::yuan(5), injection: Fen::yuan(4) });
    case
}

fn adjudicated(
    cases: &[Case],
    opening: &Opening,
    params: &OutpatientParams,
) -> Result<Vec<Outcome<Receipt>>, Refusals> {
    let (basic, critical_illness) = (basic_2021(MaximumBasis::FundPayment), critical_illness_2021());
    let maternity = maternity_2021();
    let law = Law {
        basic: Ok(&basic),
        critical_illness: Ok(&critical_illness),
        maternity: Ok(&maternity),
        outpatient: Ok(params),
        raised_rate: None,
    };
    receipts_of_year(cases, opening, |_| Ok(law))
}

pub(crate) fn settled_with(cases: &[Case], opening: &Opening, params: &OutpatientParams) -> Vec<Outcome<Receipt>> {
    adjudicated(cases, opening, params).unwrap()
}

pub(crate) fn settled(cases: &[Case], params: &OutpatientParams) -> Vec<Outcome<Receipt>> {
    settled_with(cases, &Opening::default(), params)
}

pub(crate) fn try_settle(case: &Case, params: &OutpatientParams) -> Result<Outcome<Receipt>, Refusals> {
    adjudicated(std::slice::from_ref(case), &Opening::default(), params).map(|mut outcomes| outcomes.remove(0))
}
