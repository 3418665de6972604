//! The rules of payment once more, written from the catalogue and its readings and from nothing else: slow, without running
//! totals (what was used before is counted again from the lines of the earlier bills), with the printed figures in place.
//!
//! Amounts are fen in `i64`, rates whole percents. [`year`] settles a year, [`close`] says what it leaves.

use juyi_domain::codes::{Identity, ProviderLevel, Tier};
use juyi_domain::id::SettlementId;
use juyi_domain::settlement::accumulators::Opening;
use juyi_domain::settlement::care::{CareKind, ObservationOutcome, OutOfArea, Place, ProviderKind};
use juyi_domain::settlement::case::Case;

const YUAN: i64 = 100;

/// The two regimes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Regime {
    Baodi2017,
    Tianjin2021,
}

/// What kind of thing a bill turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// A stay, a home bed, an observation that ended in death (AMB-066, AMB-068).
    Stay,
    /// The later part of a stay of the year before (AMB-057).
    LaterPart,
    Special,
    Visit,
    /// Critical illness insurance alone (B-5.1-b).
    Burden,
    /// Not covered: the person pays.
    Nothing,
}

/// One bill, settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) id: SettlementId,
    pub(crate) sort: Sort,
    pub(crate) total: i64,
    /// In-policy cost that counts.
    pub(crate) eligible: i64,
    pub(crate) deductible: i64,
    /// General treatment fee in it (J-5.1.5-b).
    pub(crate) fee: i64,
    /// Basic fund, and of it what was paid for the fee.
    pub(crate) basic: i64,
    pub(crate) basic_for_fee: i64,
    /// What critical illness insurance cumulates (J-5.2-a).
    pub(crate) burden: i64,
    pub(crate) critical: i64,
    /// What fills the bands of assistance (J-5.5.2-b, AMB-144).
    pub(crate) filled: i64,
    pub(crate) medical: i64,
    pub(crate) veterans: i64,
    pub(crate) home_bed_days: u32,
}

impl Line {
    /// What is left (AMB-005).
    pub(crate) fn person(&self) -> i64 {
        self.total - self.basic - self.critical - self.medical - self.veterans
    }
}

/// Half up to the fen (AMB-005); `hundredths` are fen times percents.
fn rounded(hundredths: i64) -> i64 {
    (hundredths + 50).div_euclid(100)
}

/// The bills of a year in the order of AMB-138: by their first day, the later part of a stay on 1 January, then by filing.
pub(crate) fn year(regime: Regime, cases: &[Case], opening: &Opening) -> Vec<Line> {
    let mut in_order: Vec<&Case> = cases.iter().collect();
    in_order.sort_by_key(|case| (case.bill.admitted_on, case.filed_order));
    let mut lines = Vec::new();
    for case in in_order {
        let line = settle(regime, case, &lines, opening);
        lines.push(line);
    }
    lines
}

fn settle(regime: Regime, case: &Case, earlier: &[Line], opening: &Opening) -> Line {
    let sort = sort(regime, case, earlier);
    let total = case.bill.total.get();
    let mut line = Line {
        id: case.id,
        sort,
        total,
        eligible: 0,
        deductible: 0,
        fee: 0,
        basic: 0,
        basic_for_fee: 0,
        burden: 0,
        critical: 0,
        filled: 0,
        medical: 0,
        veterans: 0,
        home_bed_days: 0,
    };
    // J-5.1.3-a, J-8-3, J-8-4: inside the catalogues and borne by nobody else.
    let third_party = case.bill.third_party.map_or(0, |share| share.get());
    let eligible = case.bill.in_catalogue.get() - third_party - case.bill.public_health.get();
    match sort {
        Sort::Nothing => return line,
        Sort::Stay | Sort::LaterPart | Sort::Special => {
            line.eligible = eligible;
            stay_or_special(case, earlier, opening, &mut line);
        }
        Sort::Visit => {
            line.eligible = eligible;
            visit(regime, case, earlier, opening, &mut line);
        }
        Sort::Burden => {
            line.eligible = eligible;
            line.burden = eligible;
        }
    }
    if line.burden > 0 {
        line.critical = critical_illness(regime, case, earlier, line.burden);
    }
    if regime == Regime::Tianjin2021 {
        assistance(case, earlier, &mut line);
    }
    line
}

/// What a bill counts as: J-7, J-8, J-10.3.2.
fn sort(regime: Regime, case: &Case, earlier: &[Line]) -> Sort {
    let bill = &case.bill;
    // B-5.1-b: settled elsewhere, by whomever.
    if bill.kind == CareKind::SuppliedBurden {
        return Sort::Burden;
    }
    // J-8-1, J-8-5.
    if !bill.provider.designated || bill.place == Place::OutsideBorder {
        return Sort::Nothing;
    }
    let visit = || if venue_is_covered(regime, case) { Sort::Visit } else { Sort::Nothing };
    let stay = || {
        if percent_elsewhere(case).is_none() {
            Sort::Nothing
        } else if bill.stay_began_on.is_some() {
            Sort::LaterPart
        } else {
            Sort::Stay
        }
    };
    match bill.kind {
        CareKind::Inpatient => stay(),
        // J-5.1.T-r: days 1 to 90 of the year; J-5.1.T-q: where home beds are offered.
        CareKind::HomeBed => {
            let used: u32 = earlier.iter().map(|line| line.home_bed_days).sum();
            if bill.provider.home_bed && used + bill.home_bed_days <= 90 { stay() } else { Sort::Nothing }
        }
        // J-7-5, AMB-068.
        CareKind::EmergencyObservation => match bill.observation {
            Some(ObservationOutcome::SentHome) => visit(),
            _ => stay(),
        },
        // J-5.1.T-k, J-7-6.
        CareKind::SpecialOutpatient if !case.standing.special_disease => Sort::Nothing,
        CareKind::SpecialOutpatient if percent_elsewhere(case).is_none() => Sort::Nothing,
        CareKind::SpecialOutpatient => Sort::Special,
        CareKind::Outpatient => visit(),
        _ => Sort::Nothing,
    }
}

/// J-5.1.T-p, J-7-1 to J-7-3, B-5.2-a.
fn venue_is_covered(regime: Regime, case: &Case) -> bool {
    let provider = &case.bill.provider;
    // AMB-072, J-10.5.1-a: students at home in the holidays alone.
    if let Place::Elsewhere { category: OutOfArea::StudentAtHome, .. } = case.bill.place
        && case.standing.holidays != Some(true)
    {
        return false;
    }
    match provider.kind {
        ProviderKind::RetailPharmacy => true,
        ProviderKind::VillageClinic => provider.village_integrated,
        ProviderKind::CommunityHealthCentre if regime == Regime::Tianjin2021 => {
            provider.level.is_none() || hospital_is_covered(case)
        }
        ProviderKind::Hospital | ProviderKind::CommunityHealthCentre => hospital_is_covered(case),
    }
}

fn hospital_is_covered(case: &Case) -> bool {
    match case.bill.provider.level {
        Some(ProviderLevel::One) => true,
        Some(ProviderLevel::Two) => case.bill.provider.reform_registered,
        _ => false,
    }
}

/// The fund rate of a stay or of special outpatient care: J-5.1.T-a to -c, -g to -i, and J-10.3.2 elsewhere. `None` where
/// nothing is paid (J-10.3.2-e).
fn percent_elsewhere(case: &Case) -> Option<i64> {
    let special = case.bill.kind == CareKind::SpecialOutpatient;
    let at = |level| percent(special, level, case.tier);
    let own = case.bill.provider.level;
    let chosen = match own {
        Some(level @ (ProviderLevel::Two | ProviderLevel::Three)) => Some(at(level) - 10),
        _ => None,
    };
    match &case.bill.place {
        Place::Elsewhere { category, receiving_level, .. } => match category {
            // J-10.3.2-a, J-10.1.2-a: a trip with an acute illness that is on record.
            // J-10.5.1-a: a student that the school or the branch registered.
            OutOfArea::StudentAtHome if case.standing.elsewhere => own.map(at),
            OutOfArea::TemporaryEmergency | OutOfArea::Residence if case.standing.elsewhere => own.map(at),
            // J-10.3.2-b.
            OutOfArea::ApprovedTransfer if case.standing.elsewhere => own.map(|level| at(level) - 5),
            // J-10.3.2-c, AMB-074.
            OutOfArea::TransferPartner if case.standing.elsewhere => receiving_level.map(|level| at(level) - 5),
            // J-10.3.2-d and -e.
            _ => chosen,
        },
        _ => own.map(at),
    }
}

fn percent(special: bool, level: ProviderLevel, tier: Tier) -> i64 {
    let best = match level {
        ProviderLevel::One => 85,
        ProviderLevel::Two => 80,
        ProviderLevel::Three => 75,
    };
    let less = match tier {
        Tier::StudentChild | Tier::High => 0,
        Tier::Middle => 5,
        Tier::Low => 10,
    };
    // The special outpatient table lies 20 points below the other in every cell.
    best - less - if special { 20 } else { 0 }
}

/// round((E − D) × R), at most what the maximum leaves (AMB-053, AMB-054).
fn stay_or_special(case: &Case, earlier: &[Line], opening: &Opening, line: &mut Line) {
    let stays = earlier.iter().filter(|line| line.sort == Sort::Stay).count();
    let borne: i64 = earlier.iter().map(|line| line.deductible).sum();
    let free = match line.sort {
        // J-5.1.6-a: borne in the year of admission.
        Sort::LaterPart => true,
        // J-5.1.T-e: none from the second stay on.
        Sort::Stay => stays >= 1,
        // AMB-056, C03: what the stays left of it remains due for special outpatient care, however many they were.
        _ => false,
    };
    line.deductible = if free { 0 } else { (500 * YUAN - borne).clamp(0, line.eligible) };
    if case.bill.kind == CareKind::HomeBed {
        line.home_bed_days = case.bill.home_bed_days;
    }
    let percent = percent_elsewhere(case).unwrap_or(0);
    let computed = rounded((line.eligible - line.deductible) * percent);
    // J-5.1.T-f, -l; J-5.1.2-b: what earlier years left raises it.
    let balances: i64 = opening.balances.iter().map(|balance| balance.amount.get()).sum();
    let paid: i64 = earlier.iter().filter(|line| line.sort != Sort::Visit).map(|line| line.basic).sum();
    line.basic = computed.min(180_000 * YUAN + balances - paid);
    line.burden = line.eligible - line.basic;
}

/// The outpatient deductible of a year: J-5.1.1-a to -c, B-5.3-a to -c.
pub(crate) fn outpatient_deductible(unused_years: u32) -> i64 {
    (500 - 100 * i64::from(unused_years.min(3))) * YUAN
}

/// The outpatient maximum: J-5.1.T-o, J-5.1.4-a, B-5.2-c.
pub(crate) fn outpatient_maximum(regime: Regime, family_doctor: bool) -> i64 {
    match regime {
        Regime::Baodi2017 => 3_000 * YUAN,
        Regime::Tianjin2021 if family_doctor => 4_200 * YUAN,
        Regime::Tianjin2021 => 4_000 * YUAN,
    }
}

fn visit(regime: Regime, case: &Case, earlier: &[Line], opening: &Opening, line: &mut Line) {
    let doctor = regime == Regime::Tianjin2021 && case.standing.family_doctor;
    let visits = || earlier.iter().filter(|line| line.sort == Sort::Visit);
    let paid: i64 = visits().map(|line| line.basic).sum();
    let left = (outpatient_maximum(regime, doctor) - paid).max(0);
    // J-5.1.5-c, AMB-065: no deductible, and the fee does not fill it.
    line.fee = case.bill.general_fee.map_or(0, |fee| fee.sum().get());
    line.basic_for_fee = rounded(line.fee * 80).min(left);
    let cost = line.eligible - line.fee;
    let cost_before: i64 = visits().map(|line| line.eligible - line.fee).sum();
    let deductible = outpatient_deductible(opening.unused_outpatient_years);
    let above = (cost_before + cost - deductible).clamp(0, cost);
    // J-5.1.T-m, J-5.1.4-b.
    let percent = if doctor { 55 } else { 50 };
    line.basic = line.basic_for_fee + rounded(above * percent).min(left - line.basic_for_fee);
}

/// J-5.2-g, AMB-079: all recipients of medical aid, and the entitled with medical subsidy.
fn is_tilted(identities: &[Identity]) -> bool {
    is_aid_recipient(identities) || identities.contains(&Identity::EntitledWithMedicalSubsidy)
}

/// J-5.5.T-a to -e, AMB-094.
fn is_aid_recipient(identities: &[Identity]) -> bool {
    use Identity::{
        ChildInDifficulty, DeFactoUnattendedChild, HivInfectedChild, LowIncome, LowIncomePriceSubsidy, Orphan,
        OtherSpecialHardship, RuralExtremePoverty, SevereDisability, SubsistenceAllowance, UrbanExtremePoverty,
    };
    [
        UrbanExtremePoverty,
        RuralExtremePoverty,
        SubsistenceAllowance,
        LowIncome,
        OtherSpecialHardship,
        SevereDisability,
        LowIncomePriceSubsidy,
        ChildInDifficulty,
        Orphan,
        HivInfectedChild,
        DeFactoUnattendedChild,
    ]
    .iter()
    .any(|identity| identities.contains(identity))
}

/// The scheme of the day on the burden of the year, less what was paid before, within the burden of the bill (J-5.2-k,
/// B-5.1-f, AMB-079, AMB-080).
fn critical_illness(regime: Regime, case: &Case, earlier: &[Line], own: i64) -> i64 {
    let before: i64 = earlier.iter().map(|line| line.burden).sum();
    let paid: i64 = earlier.iter().map(|line| line.critical).sum();
    let tilted = regime == Regime::Tianjin2021 && is_tilted(&case.identities);
    let (threshold, percents) = match regime {
        Regime::Baodi2017 => (20_000 * YUAN, [50, 60, 70]),
        Regime::Tianjin2021 if tilted => (10_601 * YUAN, [65, 70, 75]),
        Regime::Tianjin2021 => (21_202 * YUAN, [60, 65, 70]),
    };
    let end = if tilted { i64::MAX } else { 300_000 * YUAN };
    let edges = [threshold, 100_000 * YUAN, 200_000 * YUAN, end];
    let burden = before + own;
    let scheme: i64 = (0..3).map(|band| (burden.min(edges[band + 1]) - edges[band]).max(0) * percents[band]).sum();
    (rounded(scheme) - paid).clamp(0, own)
}

/// One-stop assistance: J-5.5.1, J-5.5.2, veterans, the better of both (AMB-099).
fn assistance(case: &Case, earlier: &[Line], line: &mut Line) {
    let inpatient = matches!(line.sort, Sort::Stay | Sort::LaterPart | Sort::Special);
    if !inpatient && line.sort != Sort::Visit {
        return;
    }
    let base = line.eligible - line.basic - line.critical;
    let medical = match is_aid_recipient(&case.identities) {
        true if inpatient => inpatient_aid(case, earlier, base, line),
        true => outpatient_aid(case, earlier, base),
        false => 0,
    };
    let veterans = veteran_percents(&case.identities)
        .map(|(outpatient, inpatient_percent)| rounded(base * if inpatient { inpatient_percent } else { outpatient }));
    // AMB-144: on equal amounts the veterans' line.
    match veterans {
        Some(veterans) if veterans >= medical => line.veterans = veterans,
        _ => line.medical = medical,
    }
}

/// J-5.5.2-a to -d. The result does not depend on how bills are cut (AMB-091), so the bands round over the year.
fn inpatient_aid(case: &Case, earlier: &[Line], base: i64, line: &mut Line) -> i64 {
    use Identity::{
        ChildInDifficulty, DeFactoUnattendedChild, HivInfectedChild, LowIncome, Orphan, RuralExtremePoverty,
        SevereDisability, SubsistenceAllowance, UrbanExtremePoverty,
    };
    // J-5.5.2-a: institutions of the city, designated for assistance.
    if !case.bill.provider.assistance_designated {
        return 0;
    }
    line.filled = base;
    let any = |of: &[Identity]| of.iter().any(|identity| case.identities.contains(identity));
    let disabled =
        any(&[SevereDisability]) && any(&[SubsistenceAllowance, UrbanExtremePoverty, RuralExtremePoverty, LowIncome]);
    let child = any(&[Orphan, HivInfectedChild, ChildInDifficulty, DeFactoUnattendedChild]);
    // AMB-093: the best rate per band.
    let (lower, upper) = (if disabled { 65 } else { 60 }, if disabled || child { 85 } else { 80 });
    let scheme = |base: i64| base.min(20_000 * YUAN) * lower + (base - 20_000 * YUAN).max(0) * upper;
    let before: i64 = earlier.iter().map(|line| line.filled).sum();
    rounded(scheme(before + base)) - rounded(scheme(before))
}

/// J-5.5.1-a to -d.
fn outpatient_aid(case: &Case, earlier: &[Line], base: i64) -> i64 {
    let provider = &case.bill.provider;
    let qualifies = case.bill.place == Place::Local
        && match (provider.kind, provider.level) {
            (ProviderKind::Hospital, Some(ProviderLevel::One)) | (ProviderKind::CommunityHealthCentre, _) => {
                provider.assistance_designated
            }
            (ProviderKind::Hospital, Some(ProviderLevel::Two)) => provider.reform_registered,
            _ => false,
        };
    if !qualifies {
        return 0;
    }
    let extreme = [Identity::UrbanExtremePoverty, Identity::RuralExtremePoverty];
    let maximum = if extreme.iter().any(|own| case.identities.contains(own)) { 500 * YUAN } else { 200 * YUAN };
    let paid: i64 = earlier.iter().filter(|line| line.sort == Sort::Visit).map(|line| line.medical).sum();
    rounded(base * 50).min((maximum - paid).max(0))
}

/// Outpatient and inpatient percents: J-5.5.T-f to -h.
fn veteran_percents(identities: &[Identity]) -> Option<(i64, i64)> {
    let percents = |identity: &Identity| match identity {
        Identity::MartyrSurvivor | Identity::DutyDeathSoldierSurvivor => Some((70, 90)),
        Identity::OldDemobilisedSoldier
        | Identity::IllnessDeathSoldierSurvivor
        | Identity::DisabledSoldierGrade7To10 => Some((50, 80)),
        Identity::ReturnedVeteranWithIllness | Identity::WarOrTestVeteran => Some((25, 70)),
        _ => None,
    };
    identities.iter().filter_map(percents).max()
}

/// What a year leaves: the unspent outpatient maximum (J-5.1.2-a, AMB-063) and the years in a row without use (J-5.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Left {
    pub(crate) carried: i64,
    pub(crate) unused_years: u32,
}

/// Closes a year; `family_doctor` on its last day (AMB-060), `whole_year` insured (B-5.3-a, AMB-061).
pub(crate) fn close(regime: Regime, lines: &[Line], opening: &Opening, family_doctor: bool, whole_year: bool) -> Left {
    let visits = || lines.iter().filter(|line| line.sort == Sort::Visit);
    let cost: i64 = visits().map(|line| line.eligible).sum();
    let ordinary: i64 = visits().map(|line| line.eligible - line.fee).sum();
    let lowered = opening.unused_outpatient_years > 0;
    let reimbursed: i64 = visits().map(|line| line.basic - line.basic_for_fee).sum();
    let within = ordinary <= outpatient_deductible(opening.unused_outpatient_years);
    let counts = within && (regime == Regime::Tianjin2021 || whole_year);
    Left {
        carried: (outpatient_maximum(regime, family_doctor) - cost).max(0),
        // J-5.1.1-d, B-5.3-d, AMB-062: used in a year with a lowered deductible, the count begins again.
        unused_years: match counts && !(lowered && reimbursed > 0) {
            true => opening.unused_outpatient_years + 1,
            false => 0,
        },
    }
}

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
        Birth::PrenatalChecks(Some(..12)) => limit(160),
        Birth::PrenatalChecks(Some(12..16)) => limit(280),
        Birth::PrenatalChecks(Some(16..28)) => limit(540),
        Birth::PrenatalChecks(_) => limit(660),
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
