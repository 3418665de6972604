//! The maternity table of 2021, and bills that fall under its rows.

use super::event::{
    Childbirth, DeliveryMode, DeviceCondition, FamilyPlanning, FamilyPlanningProcedure, MaternityEvent, PregnancyEnd,
    PrenatalChecks,
};
use super::params::{
    MaternityCategory, MaternityItem as Item, MaternityParams, MaternityPay as Pay, MaternityRow, Weeks,
};
use crate::codes::ProviderLevel;
use crate::effective::Effective;
use crate::money::{Fen, Rate};
use crate::settlement::care::CareKind;
use crate::settlement::case::Case;
use crate::settlement::fixtures;

pub(crate) fn maternity_2021() -> MaternityParams {
    let fixed = |yuan| Pay::Fixed(Fen::yuan(yuan));
    let limit = |yuan| Pay::Limit(Fen::yuan(yuan));
    let share = Pay::ItemRatio(Rate::percent(60));
    let mut rows = Vec::new();
    let mut row = |item: Item, rule_id: &'static str, pay, level, weeks| {
        let category = match rule_id.as_bytes().last() {
            Some(b'a'..=b'd') => MaternityCategory::PrenatalCheck,
            Some(b'e'..=b'h') => MaternityCategory::Childbirth,
            _ => MaternityCategory::FamilyPlanning,
        };
        let row = MaternityRow { item, category, name: item.to_string(), level, weeks, pay };
        rows.push(Effective::printed(row, rule_id));
    };
    for (item, rule_id, from, to, yuan) in [
        (Item::TerminationBefore12Weeks, "J-5.3.T-a", 0, Some(12), 160),
        (Item::TerminationBefore16Weeks, "J-5.3.T-b", 12, Some(16), 280),
        (Item::TerminationBefore28Weeks, "J-5.3.T-c", 16, Some(28), 540),
        (Item::LateTerminationOrDelivery, "J-5.3.T-d", 28, None, 660),
    ] {
        row(item, rule_id, limit(yuan), None, Some(Weeks { from, to }));
    }
    for (level, yuan) in ProviderLevel::ALL.iter().zip([600, 780, 960]) {
        row(Item::InducedLabour, "J-5.3.T-i", fixed(yuan), Some(*level), None);
    }
    for (item, rule_id, pay) in [
        (Item::NaturalDelivery, "J-5.3.T-e", fixed(2280)),
        (Item::AssistedDelivery, "J-5.3.T-e", fixed(2280)),
        (Item::CaesareanOnly, "J-5.3.T-e", fixed(2280)),
        (Item::CaesareanWithMyomaOrCyst, "J-5.3.T-e", fixed(2280)),
        (Item::ObstetricComplication, "J-5.3.T-f", share),
        (Item::SevereDisease, "J-5.3.T-g", Pay::InpatientRatio),
        (Item::TransferOutHospital, "J-5.3.T-h", share),
        (Item::Abortion, "J-5.3.T-j", fixed(180)),
        (Item::HighRiskAbortion, "J-5.3.T-k", fixed(360)),
        (Item::DeviceInsertionOrRemoval, "J-5.3.T-l", fixed(120)),
        (Item::DeviceReplacement, "J-5.3.T-m", fixed(200)),
        (Item::FemaleSterilisation, "J-5.3.T-n", fixed(600)),
        (Item::MaleSterilisation, "J-5.3.T-o", fixed(360)),
        (Item::SterilisationReversal, "J-5.3.T-p", share),
        (Item::ComplicatedDeviceRemoval, "J-5.3.T-q", share),
        (Item::FamilyPlanningComplication, "J-5.3.T-r", share),
        (Item::MiscarriageOrDrugAbortion, "J-5.3.T-s", limit(150)),
    ] {
        row(item, rule_id, pay, None, None);
    }
    let exclusions = fixtures::exclusions_2021();
    MaternityParams { exclusions, rows, fixed_capped_at_cost: Effective::printed(false, "J-5.3.T-t") }
}

pub(crate) fn checks(end: PregnancyEnd, weeks: Option<u32>) -> MaternityEvent {
    MaternityEvent::PrenatalChecks(PrenatalChecks { end, weeks })
}

pub(crate) fn birth(childbirth: Childbirth) -> MaternityEvent {
    MaternityEvent::Childbirth(childbirth)
}

pub(crate) fn natural() -> MaternityEvent {
    birth(Childbirth { mode: Some(DeliveryMode::Natural), ..Childbirth::default() })
}

pub(crate) fn planned(procedures: &[FamilyPlanningProcedure], conditions: &[DeviceCondition]) -> MaternityEvent {
    let (procedures, conditions) = (procedures.to_vec(), conditions.to_vec());
    MaternityEvent::FamilyPlanning(FamilyPlanning { procedures, conditions })
}

/// A bill for an event, wholly eligible, of a person in the middle tier at a level 3 hospital.
pub(crate) fn case(event: MaternityEvent, cost: Fen) -> Case {
    let mut case = fixtures::case(1, cost);
    case.bill.kind = match event {
        MaternityEvent::FamilyPlanning(_) => CareKind::FamilyPlanning,
        _ => CareKind::Maternity,
    };
    if matches!(event, MaternityEvent::PrenatalChecks(_)) {
        case.bill.discharged_on = case.bill.admitted_on;
    }
    case.bill.maternity = Some(event);
    case
}
