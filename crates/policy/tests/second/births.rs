//! What maternity insurance pays, of the second engine: a bill is one row of the table, or none is printed (J-5.3.T).

use chrono::NaiveDate;
use juyi_domain::codes::{ProviderLevel, Tier};
use juyi_domain::settlement::care::Place;
use juyi_domain::settlement::case::Case;
use juyi_domain::settlement::maternity::event::{
    Childbirth, DeliveryMode, DeliverySurgery, FamilyPlanning, FamilyPlanningProcedure as Procedure, MaternityEvent,
    PregnancyEnd,
};

use super::engine::{Line, Refused, Terms, YUAN, percent, rounded};
use super::readings::Reading;

/// What a maternity or family-planning bill is for, by the row of the table (J-5.3.T).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Birth {
    /// Completed weeks at a termination; `None` for a delivery (AMB-085).
    PrenatalChecks(Option<u32>),
    Delivery,
    ObstetricComplication,
    SevereDisease,
    TransferredOut,
    InducedLabour,
    Abortion,
    HighRiskAbortion,
    Device,
    DeviceReplacement,
    FemaleSterilisation,
    MaleSterilisation,
    Reversal,
    ComplicatedRemoval,
    Complication,
    Miscarriage,
}

/// What maternity insurance pays (J-5.3.T-a to -t): limits up to the cost, fixed amounts always (AMB-084), the rest at 60 % or
/// at the inpatient rate and nothing more of its rules (AMB-087).
pub(crate) fn maternity(birth: Birth, eligible: i64, level: ProviderLevel, tier: Tier) -> i64 {
    let limit = |yuan: i64| eligible.min(yuan * YUAN);
    let sixty = rounded(eligible * 60);
    match birth {
        Birth::PrenatalChecks(weeks) => eligible.min(limit_of_checks(weeks)),
        Birth::Delivery => 2_280 * YUAN,
        Birth::SevereDisease => rounded(eligible * percent(false, level, tier)),
        Birth::InducedLabour => match level {
            ProviderLevel::One => 600 * YUAN,
            ProviderLevel::Two => 780 * YUAN,
            ProviderLevel::Three => 960 * YUAN,
        },
        Birth::Abortion => 180 * YUAN,
        Birth::HighRiskAbortion | Birth::MaleSterilisation => 360 * YUAN,
        Birth::Device => 120 * YUAN,
        Birth::DeviceReplacement => 200 * YUAN,
        Birth::FemaleSterilisation => 600 * YUAN,
        Birth::Miscarriage => limit(150),
        Birth::ObstetricComplication
        | Birth::TransferredOut
        | Birth::Reversal
        | Birth::ComplicatedRemoval
        | Birth::Complication => sixty,
    }
}

fn limit_of_checks(weeks: Option<u32>) -> i64 {
    YUAN * match weeks {
        Some(..12) => 160,
        Some(12..16) => 280,
        Some(16..28) => 540,
        _ => 660,
    }
}

/// The row of a bill; a bill that names what no row holds is refused (AMB-086).
fn birth(event: &MaternityEvent) -> Result<Birth, Refused> {
    match event {
        MaternityEvent::PrenatalChecks(checks) => match (checks.end, checks.weeks) {
            (PregnancyEnd::Delivery, _) => Ok(Birth::PrenatalChecks(None)),
            (PregnancyEnd::Termination, None) => Err(Refused::Missing),
            (PregnancyEnd::Termination, weeks) => Ok(Birth::PrenatalChecks(weeks)),
        },
        MaternityEvent::Childbirth(childbirth) => of_childbirth(childbirth),
        MaternityEvent::FamilyPlanning(planning) => of_planning(planning),
    }
}

fn of_childbirth(childbirth: &Childbirth) -> Result<Birth, Refused> {
    let Childbirth { mode, surgeries, obstetric_complication, severe_disease, transferred_out, multiple_birth } =
        childbirth;
    let named = surgeries.iter().all(|surgery| *surgery != DeliverySurgery::Other);
    // Both surgeries of the table go with a caesarean section.
    let printed = surgeries.is_empty() || (named && *mode == Some(DeliveryMode::Caesarean));
    match (multiple_birth, printed, obstetric_complication, severe_disease, transferred_out) {
        (true, ..) | (_, false, ..) => Err(Refused::NotDefined),
        (.., true, false, false) => Ok(Birth::ObstetricComplication),
        (.., false, true, false) => Ok(Birth::SevereDisease),
        (.., false, false, true) => Ok(Birth::TransferredOut),
        (.., false, false, false) => mode.map(|_| Birth::Delivery).ok_or(Refused::Missing),
        _ => Err(Refused::NotDefined),
    }
}

fn of_planning(planning: &FamilyPlanning) -> Result<Birth, Refused> {
    let [procedure] = planning.procedures[..] else {
        return Err(if planning.procedures.is_empty() { Refused::Missing } else { Refused::NotDefined });
    };
    Ok(match procedure {
        Procedure::InducedLabour => Birth::InducedLabour,
        Procedure::Abortion => Birth::Abortion,
        Procedure::HighRiskAbortion => Birth::HighRiskAbortion,
        Procedure::DeviceRemoval if !planning.conditions.is_empty() => Birth::ComplicatedRemoval,
        Procedure::DeviceInsertion | Procedure::DeviceRemoval => Birth::Device,
        Procedure::DeviceReplacement => Birth::DeviceReplacement,
        Procedure::FemaleSterilisation => Birth::FemaleSterilisation,
        Procedure::MaleSterilisation => Birth::MaleSterilisation,
        Procedure::SterilisationReversal => Birth::Reversal,
        Procedure::Complication => Birth::Complication,
        Procedure::Miscarriage | Procedure::DrugAbortion => Birth::Miscarriage,
    })
}

/// What a covered bill of `eligible` cost is paid.
pub(crate) fn pay(terms: Terms, case: &Case, earlier: &[Line], eligible: i64) -> Result<i64, Vec<Refused>> {
    let bill = &case.bill;
    let mut refused = Vec::new();
    // J-6.2.2.2-a, AMB-088: printed for the city alone.
    if bill.place != Place::Local {
        refused.push(Refused::NotDefined);
    }
    let birth = bill.maternity.as_ref().ok_or(Refused::Missing).and_then(birth);
    match (birth, bill.provider.level) {
        (Err(why), _) => refused.push(why),
        (Ok(Birth::InducedLabour), None) => refused.push(Refused::Missing),
        (Ok(Birth::SevereDisease), None) => refused.push(Refused::NotDefined),
        _ => {}
    }
    let Some(birth) = birth.ok().filter(|_| refused.is_empty()) else { return Err(refused) };
    // The amount depends on the level for two rows alone.
    let level = bill.provider.level.unwrap_or(ProviderLevel::One);
    let paid = maternity(birth, eligible, level, case.tier);
    // J-5.3.T-e: one delivery for a pregnancy.
    let delivered = |line: &Line| is_of_pregnancy(line.delivery_of, line, case);
    if eligible > 0 && is_delivery(case) && earlier.iter().any(delivered) {
        return Err(vec![Refused::Twice]);
    }
    Ok(match birth {
        _ if eligible == 0 => 0,
        // J-5.3.T-d: the limit is one of the pregnancy.
        Birth::PrenatalChecks(weeks) => {
            let checked = |line: &&Line| is_of_pregnancy(line.checks_of, line, case);
            let before: i64 = earlier.iter().filter(checked).map(|line| line.maternity).sum();
            paid.min((limit_of_checks(weeks) - before).max(0))
        }
        // AMB-084: a fixed amount, and no more than the cost that is the person's.
        _ if terms.reads(Reading::BirthsUpToCost) && is_fixed(birth) => {
            let others = bill.third_party.map_or(0, |share| share.get()) + bill.public_health.get();
            paid.min(bill.total.get() - others)
        }
        _ => paid,
    })
}

/// Whether a line is paid for the pregnancy of this bill: by the registrations, by the year of the only one, and without any
/// where both ended alike or on one day.
fn is_of_pregnancy(paid_for: Option<(Option<NaiveDate>, bool)>, line: &Line, case: &Case) -> bool {
    let Some((registered, terminated)) = paid_for else { return false };
    let in_its_year = |conceived: NaiveDate, on: NaiveDate| (0..365).contains(&(on - conceived).num_days());
    match (registered, case.standing.conceived_on) {
        (Some(one), Some(other)) => one == other,
        (Some(one), None) => in_its_year(one, case.bill.admitted_on),
        (None, Some(other)) => in_its_year(other, line.on),
        (None, None) => terminated == is_terminated(case) || line.on == case.bill.admitted_on,
    }
}

/// Checks of a pregnancy that was not carried to the end.
pub(crate) fn is_terminated(case: &Case) -> bool {
    matches!(&case.bill.maternity, Some(MaternityEvent::PrenatalChecks(checks)) if checks.end == PregnancyEnd::Termination)
}

/// A stay in which the woman was delivered, and not one that she left before (J-5.3.T-h).
pub(crate) fn is_delivery(case: &Case) -> bool {
    matches!(&case.bill.maternity, Some(MaternityEvent::Childbirth(birth)) if !birth.transferred_out)
}

fn is_fixed(birth: Birth) -> bool {
    matches!(
        birth,
        Birth::Delivery
            | Birth::InducedLabour
            | Birth::Abortion
            | Birth::HighRiskAbortion
            | Birth::Device
            | Birth::DeviceReplacement
            | Birth::FemaleSterilisation
            | Birth::MaleSterilisation
    )
}
