//! The rules of payment once more, written from the catalogue and its readings and from nothing else: slow, without running
//! totals (what was used before is counted again from the lines of the earlier bills), with the printed figures in place.
//!
//! Amounts are fen in `i64`, rates whole percents. [`reckon`] settles a year; `births` has the maternity table, `closing` says
//! what the year leaves.

use chrono::NaiveDate;
use juyi_domain::codes::{ProviderLevel, Tier};
use juyi_domain::id::SettlementId;
use juyi_domain::settlement::accumulators::Opening;
use juyi_domain::settlement::care::{CareKind, ObservationOutcome, OutOfArea, Place, ProviderKind};
use juyi_domain::settlement::case::Case;
use juyi_domain::settlement::maternity::MaternityEvent;

use super::aid::{assistance, is_tilted};
use super::births;
use super::readings::{MIDYEAR, Reading, Readings};

pub(crate) const YUAN: i64 = 100;

/// The two regimes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Regime {
    Baodi2017,
    Tianjin2021,
}

/// The law by which a year is reckoned.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    pub(crate) regime: Regime,
    pub(crate) readings: Readings,
}

impl From<Regime> for Terms {
    fn from(regime: Regime) -> Self {
        Self { regime, readings: Readings::default() }
    }
}

impl Terms {
    pub(crate) fn reads(self, reading: Reading) -> bool {
        self.readings.has(reading)
    }
}

/// Why a bill is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Nothing is printed for it.
    NotDefined,
    /// The bill, or a register, does not say what decides.
    Missing,
    /// Another bill is paid for the same delivery.
    Twice,
    /// It has to come split: so many days are left of home beds (J-5.1.T-r).
    Days(u32),
}

/// What kind of thing a bill turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// A stay, a home bed, an observation that ended in death (AMB-066, AMB-068).
    Stay,
    /// An observation that led to an admission: a part of that stay, and none of its own (AMB-068).
    Observation,
    /// The later part of a stay of the year before (AMB-057).
    LaterPart,
    Special,
    Visit,
    /// Critical illness insurance alone (B-5.1-b).
    Burden,
    /// Maternity insurance alone (AMB-087).
    Birth,
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
    pub(crate) maternity: i64,
    /// First day of the registered pregnancy of prenatal checks, and whether it was terminated; `None` for any other bill.
    pub(crate) checks_of: Option<(Option<NaiveDate>, bool)>,
    /// The same of a paid delivery.
    pub(crate) delivery_of: Option<(Option<NaiveDate>, bool)>,
    /// First day of the bill.
    pub(crate) on: NaiveDate,
}

impl Line {
    /// What is left (AMB-005), and nothing where maternity insurance pays more than the bill (AMB-084).
    pub(crate) fn person(&self) -> i64 {
        let left = self.total - self.basic - self.critical - self.medical - self.veterans - self.maternity;
        if self.sort == Sort::Birth { left.max(0) } else { left }
    }

    /// A stay of the year (AMB-140), or in the other reading also one that lasts into it (AMB-057).
    pub(crate) fn is_stay(&self, terms: Terms) -> bool {
        self.sort == Sort::Stay || self.sort == Sort::LaterPart && terms.reads(Reading::StaysOfBothYears)
    }

    /// Settled by the rules of stays and special outpatient care.
    pub(crate) fn is_inpatient(&self) -> bool {
        matches!(self.sort, Sort::Stay | Sort::Observation | Sort::LaterPart | Sort::Special)
    }
}

/// Half up to the fen (AMB-005); `hundredths` are fen times percents.
pub(crate) fn rounded(hundredths: i64) -> i64 {
    (hundredths + 50).div_euclid(100)
}

/// A year as it was reckoned.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reckoned {
    /// The bills that are settled, in the order of the law.
    pub(crate) lines: Vec<Line>,
    /// The others, in that order, each as often as it is refused; they count for nothing.
    pub(crate) refused: Vec<(SettlementId, Refused)>,
}

/// What comes first (AMB-138): the earlier first day, the later part of a stay on 1 January; on one day the observation that
/// is a part of a stay (AMB-068), then what was filed first.
pub(crate) fn order(case: &Case) -> (NaiveDate, u8, i64) {
    let is_part = case.bill.observation == Some(ObservationOutcome::Admitted);
    (case.bill.admitted_on, if is_part { 0 } else { 1 }, case.filed_order)
}

/// The bills of a year in their order.
pub(crate) fn reckon(terms: impl Into<Terms>, cases: &[Case], opening: &Opening) -> Reckoned {
    let terms = terms.into();
    let mut in_order: Vec<&Case> = cases.iter().collect();
    in_order.sort_by_key(|case| order(case));
    let mut reckoned = Reckoned::default();
    for case in in_order {
        match settle(terms, case, &reckoned.lines, opening) {
            Ok(line) => reckoned.lines.push(line),
            Err(why) => reckoned.refused.extend(why.into_iter().map(|why| (case.id, why))),
        }
    }
    reckoned
}

/// A year of bills that are all settled.
pub(crate) fn year(regime: Regime, cases: &[Case], opening: &Opening) -> Vec<Line> {
    let reckoned = reckon(regime, cases, opening);
    assert!(reckoned.refused.is_empty(), "{:?}", reckoned.refused);
    reckoned.lines
}

fn settle(terms: Terms, case: &Case, earlier: &[Line], opening: &Opening) -> Result<Line, Vec<Refused>> {
    let sort = sort(terms, case, earlier).map_err(|why| vec![why])?;
    let mut line = Line {
        id: case.id,
        sort,
        total: case.bill.total.get(),
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
        maternity: 0,
        checks_of: None,
        delivery_of: None,
        on: case.bill.admitted_on,
    };
    if sort == Sort::Nothing {
        return Ok(line);
    }
    // J-5.1.3-a, J-8-3, J-8-4: inside the catalogues and borne by nobody else.
    let third_party = case.bill.third_party.map_or(0, |share| share.get());
    line.eligible = case.bill.in_catalogue.get() - third_party - case.bill.public_health.get();
    match sort {
        Sort::Visit => visit(terms, case, earlier, opening, &mut line),
        Sort::Burden => line.burden = line.eligible,
        Sort::Birth => {
            line.maternity = births::pay(terms, case, earlier, line.eligible)?;
            let checks = matches!(case.bill.maternity, Some(MaternityEvent::PrenatalChecks(_)));
            line.checks_of = checks.then_some((case.standing.conceived_on, births::is_terminated(case)));
            let delivered = births::is_delivery(case) && line.maternity > 0;
            line.delivery_of = delivered.then_some((case.standing.conceived_on, false));
        }
        _ => stay_or_special(terms, case, earlier, opening, &mut line),
    }
    if line.burden > 0 {
        line.critical = critical_illness(terms, case, earlier, line.burden);
    }
    if terms.regime == Regime::Tianjin2021 {
        assistance(terms, case, earlier, &mut line);
    }
    Ok(line)
}

/// What a bill counts as: J-7, J-8, J-10.3.2.
fn sort(terms: Terms, case: &Case, earlier: &[Line]) -> Result<Sort, Refused> {
    let bill = &case.bill;
    // B-5.1-b: settled elsewhere, by whomever.
    if bill.kind == CareKind::SuppliedBurden {
        return Ok(Sort::Burden);
    }
    // J-8-1, J-8-5.
    if !bill.provider.designated || bill.place == Place::OutsideBorder {
        return Ok(Sort::Nothing);
    }
    let visit = || venue_is_covered(terms.regime, case).map(|is| if is { Sort::Visit } else { Sort::Nothing });
    let stay = |sort| match rate(case) {
        Rate::NotPaid => Ok(Sort::Nothing),
        // AMB-067.
        Rate::Ungraded => Err(Refused::NotDefined),
        Rate::Percent { .. } if bill.stay_began_on.is_some() => Ok(Sort::LaterPart),
        Rate::Percent { .. } => Ok(sort),
    };
    match bill.kind {
        CareKind::Inpatient => stay(Sort::Stay),
        // J-5.1.T-r: days 1 to 90 of the year; J-5.1.T-q: where home beds are offered.
        CareKind::HomeBed if !bill.provider.home_bed => Ok(Sort::Nothing),
        CareKind::HomeBed => match 90 - earlier.iter().map(|line| line.home_bed_days).sum::<u32>() {
            0 => Ok(Sort::Nothing),
            left if left < bill.home_bed_days => Err(Refused::Days(left)),
            _ => stay(Sort::Stay),
        },
        // J-7-5, AMB-068.
        CareKind::EmergencyObservation => match bill.observation {
            Some(ObservationOutcome::SentHome) => visit(),
            Some(ObservationOutcome::Admitted) => stay(Sort::Observation),
            _ => stay(Sort::Stay),
        },
        // J-5.1.T-k, J-7-6.
        CareKind::SpecialOutpatient if !case.standing.special_disease => Ok(Sort::Nothing),
        // J-10.5.1-a: no stay.
        CareKind::SpecialOutpatient if is_school_day(case) => Ok(Sort::Nothing),
        CareKind::SpecialOutpatient => stay(Sort::Special),
        CareKind::Outpatient => visit(),
        CareKind::Maternity | CareKind::FamilyPlanning => Ok(Sort::Birth),
        _ => Err(Refused::NotDefined),
    }
}

fn is_school_day(case: &Case) -> bool {
    let at_home = matches!(case.bill.place, Place::Elsewhere { category: OutOfArea::StudentAtHome, .. });
    at_home && case.standing.holidays == Some(false)
}

/// J-5.1.T-p, J-7-1 to J-7-3, B-5.2-a, and elsewhere AMB-072.
fn venue_is_covered(regime: Regime, case: &Case) -> Result<bool, Refused> {
    let provider = &case.bill.provider;
    let covered = match (provider.kind, provider.level) {
        (ProviderKind::Hospital, None) => return Err(Refused::NotDefined),
        (ProviderKind::Hospital, Some(ProviderLevel::Two)) => provider.reform_registered,
        (ProviderKind::Hospital, Some(level)) => level == ProviderLevel::One,
        (ProviderKind::CommunityHealthCentre, Some(ProviderLevel::One)) => true,
        // Of others the plan says nothing.
        _ if regime == Regime::Baodi2017 => return Err(Refused::NotDefined),
        // J-7-1 names the centres, whatever their level.
        (ProviderKind::CommunityHealthCentre | ProviderKind::RetailPharmacy, _) => true,
        (ProviderKind::VillageClinic, _) => provider.village_integrated,
    };
    let Place::Elsewhere { category, .. } = &case.bill.place else { return Ok(covered) };
    match category {
        _ if !covered => Ok(false),
        // J-10.5.1-a: students at home in the holidays alone, which their school states (AMB-076).
        OutOfArea::StudentAtHome => case.standing.holidays.ok_or(Refused::Missing),
        OutOfArea::Residence | OutOfArea::TemporaryEmergency if case.standing.elsewhere => Ok(true),
        _ => Err(Refused::NotDefined),
    }
}

/// What the fund pays of the cost above the deductible.
#[derive(Clone, Copy, Debug)]
enum Rate {
    Percent {
        fund: i64,
        /// Without the points taken off elsewhere.
        printed: i64,
    },
    /// J-10.3.2-e.
    NotPaid,
    /// AMB-067.
    Ungraded,
}

/// The rate of a stay or of special outpatient care: J-5.1.T-a to -c, -g to -i, and J-10.3.2 elsewhere.
fn rate(case: &Case) -> Rate {
    let special = case.bill.kind == CareKind::SpecialOutpatient;
    let less = |level: Option<ProviderLevel>, points| match level.map(|level| percent(special, level, case.tier)) {
        Some(printed) => Rate::Percent { fund: printed - points, printed },
        None => Rate::Ungraded,
    };
    let own = case.bill.provider.level;
    let Place::Elsewhere { category, receiving_level, .. } = &case.bill.place else { return less(own, 0) };
    match category {
        // J-10.3.2-a, J-10.1.2-a: a trip with an acute illness that is on record.
        // J-10.5.1-a: a student that the school or the branch registered.
        OutOfArea::StudentAtHome | OutOfArea::TemporaryEmergency | OutOfArea::Residence if case.standing.elsewhere => {
            less(own, 0)
        }
        // J-10.3.2-b.
        OutOfArea::ApprovedTransfer if case.standing.elsewhere => less(own, 5),
        // J-10.3.2-c, AMB-074.
        OutOfArea::TransferPartner if case.standing.elsewhere => less(*receiving_level, 5),
        // J-10.3.2-d and -e.
        _ => match own {
            Some(ProviderLevel::Two | ProviderLevel::Three) => less(own, 10),
            _ => Rate::NotPaid,
        },
    }
}

pub(crate) fn percent(special: bool, level: ProviderLevel, tier: Tier) -> i64 {
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
fn stay_or_special(terms: Terms, case: &Case, earlier: &[Line], opening: &Opening, line: &mut Line) {
    let Rate::Percent { fund, printed } = rate(case) else { return };
    // AMB-059: five points more, before anything is taken off elsewhere.
    let doctor = if terms.reads(Reading::DoctorAllCare) && case.standing.family_doctor { 5 } else { 0 };
    let (fund, printed) = (fund + doctor, printed + doctor);
    let stays = earlier.iter().filter(|line| line.is_stay(terms)).count();
    let borne: i64 = earlier.iter().map(|line| line.deductible).sum();
    let free = match line.sort {
        // J-5.1.6-a: borne in the year of admission.
        Sort::LaterPart => true,
        // J-5.1.T-e: none from the second stay on, of which an observation is a part.
        Sort::Stay | Sort::Observation => stays >= 1,
        // AMB-056, C03: what the stays left of it remains due for special outpatient care, however many they were.
        _ => false,
    };
    line.deductible = if free { 0 } else { (500 * YUAN - borne).clamp(0, line.eligible) };
    if case.bill.kind == CareKind::HomeBed {
        line.home_bed_days = case.bill.home_bed_days;
    }
    let before = || earlier.iter().filter(|line| line.is_inpatient());
    let maximum = maximum(terms, opening);
    let by = |percent| match terms.reads(Reading::StaysLimitedByCost) {
        // AMB-053: cost up to the maximum.
        true => {
            let cost: i64 = before().map(|line| line.eligible).sum();
            let payable = line.eligible.min((maximum - cost).max(0));
            rounded((payable - line.deductible).max(0) * percent)
        }
        false => {
            let paid: i64 = before().map(|line| line.basic).sum();
            rounded((line.eligible - line.deductible) * percent).min(maximum - paid)
        }
    };
    let (basic, in_policy) = (by(fund), by(printed));
    line.basic = basic;
    // AMB-075.
    line.burden = line.eligible - if terms.reads(Reading::PointsOutsideBurden) { in_policy } else { basic };
}

/// J-5.1.T-f, -l; J-5.1.2-b: what earlier years left raises it.
fn maximum(terms: Terms, opening: &Opening) -> i64 {
    let balances: i64 = opening.balances.iter().map(|balance| balance.amount.get()).sum();
    180_000 * YUAN + if terms.reads(Reading::BalancesApart) { 0 } else { balances }
}

/// What was used of the balances: what counts above the printed maximum.
pub(crate) fn balance_used(terms: Terms, lines: &[Line], opening: &Opening) -> i64 {
    let inpatient = lines.iter().filter(|line| line.is_inpatient());
    let counted: i64 = match terms.reads(Reading::StaysLimitedByCost) {
        true => inpatient.map(|line| line.eligible).sum(),
        false => inpatient.map(|line| line.basic).sum(),
    };
    (counted.min(maximum(terms, opening)) - 180_000 * YUAN).max(0)
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

fn visit(terms: Terms, case: &Case, earlier: &[Line], opening: &Opening, line: &mut Line) {
    // J-5.1.4-a, -b, AMB-059.
    let signed =
        if terms.reads(Reading::DoctorHere) { case.standing.family_doctor_here } else { case.standing.family_doctor };
    let doctor = terms.regime == Regime::Tianjin2021 && signed;
    let maximum = outpatient_maximum(terms.regime, doctor);
    let visits = || earlier.iter().filter(|line| line.sort == Sort::Visit);
    let paid: i64 = visits().map(|line| line.basic).sum();
    let spent: i64 = visits().map(|line| line.eligible).sum();
    // J-5.1.5-c, AMB-065: no deductible, and the fee does not fill it.
    line.fee = case.bill.general_fee.map_or(0, |fee| fee.sum().get());
    let cost = line.eligible - line.fee;
    let cost_before: i64 = visits().map(|line| line.eligible - line.fee).sum();
    let deductible = (outpatient_deductible(opening.unused_outpatient_years) - cost_before).clamp(0, cost);
    // J-5.1.T-m, J-5.1.4-b.
    let percent = if doctor { 55 } else { 50 };
    if terms.reads(Reading::VisitsLimitedByCost) {
        // AMB-053, AMB-143: the fee first.
        let left = (maximum - spent).max(0);
        line.basic_for_fee = rounded(line.fee.min(left) * 80);
        let payable = cost.min((left - line.fee).max(0));
        line.basic = line.basic_for_fee + rounded((payable - deductible).max(0) * percent);
        return;
    }
    let left = (maximum - paid).max(0);
    line.basic_for_fee = rounded(line.fee * 80).min(left);
    line.basic = line.basic_for_fee + rounded((cost - deductible) * percent).min(left - line.basic_for_fee);
}

/// The scheme of the day on the burden of the year, less what was paid before, within the burden of the bill (J-5.2-k,
/// B-5.1-f, AMB-079, AMB-080).
fn critical_illness(terms: Terms, case: &Case, earlier: &[Line], own: i64) -> i64 {
    let mut before: i64 = earlier.iter().map(|line| line.burden).sum();
    let mut paid: i64 = earlier.iter().map(|line| line.critical).sum();
    if terms.reads(Reading::BandsPerBill) {
        (before, paid) = (0, 0);
    }
    let tilted = terms.regime == Regime::Tianjin2021 && is_tilted(&case.identities);
    // AMB-077: the threshold of the day.
    let risen = terms.reads(Reading::ThresholdRises) && case.bill.admitted_on >= MIDYEAR;
    let (threshold, percents) = match terms.regime {
        Regime::Baodi2017 => (20_000 * YUAN, [50, 60, 70]),
        Regime::Tianjin2021 if tilted => (if risen { 12_500 } else { 10_601 } * YUAN, [65, 70, 75]),
        Regime::Tianjin2021 => (if risen { 25_000 } else { 21_202 } * YUAN, [60, 65, 70]),
    };
    let edges = [threshold, 100_000 * YUAN, 200_000 * YUAN, 300_000 * YUAN];
    let burden = before + own;
    let mut scheme: i64 = (0..3).map(|band| (burden.min(edges[band + 1]) - edges[band]).max(0) * percents[band]).sum();
    if tilted && !terms.reads(Reading::TiltEnds) {
        // J-5.2-j: nothing ends.
        let above = if terms.reads(Reading::TiltByAThird) { 33 } else { 75 };
        scheme += (burden - edges[3]).max(0) * above;
    }
    (rounded(scheme) - paid).clamp(0, own)
}
