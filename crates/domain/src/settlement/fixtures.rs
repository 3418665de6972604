//! The settlement law of both years, bills that the tests change, and a generator of years of bills.

use chrono::Days;
use uuid::Uuid;

use super::accumulators::Opening;
use super::bill::Bill;
use super::care::{CareKind, ObservationOutcome, OutOfArea, Place, Provider, ProviderKind};
use super::case::{Case, Standing};
use super::maternity::fixtures::maternity_2021;
use super::outpatient::fixtures::law_2021;
use super::params::{
    Account, Band, BasicParams, CriticalIllnessParams, CrossYearStay, Cumulation, ElsewhereParams, ExclusionParams,
    HomeBedParams, MaximumBasis, Rates, SpecialOutpatientParams, TiltParams,
};
use super::year::{Law, Outcome, receipts_of_year};
use crate::codes::{Class, Identity, ProviderLevel, Tier};
use crate::dates::written::day;
use crate::effective::{Effective, Gap};
use crate::id::SettlementId;
use crate::money::{Fen, Rate};
use crate::receipt::Receipt;
use crate::refusal::Refusals;

const TIERS: [Tier; 4] = [Tier::StudentChild, Tier::High, Tier::Middle, Tier::Low];

fn rates(levels: [(ProviderLevel, &'static str, [u32; 4]); 3]) -> Rates {
    let row = |(level, rule_id, points): (ProviderLevel, &'static str, [u32; 4])| {
        let rates = points.map(|points| Effective::printed(Rate::percent(points), rule_id));
        TIERS.into_iter().zip(rates).map(move |(tier, rate)| ((level, tier), rate))
    };
    levels.into_iter().flat_map(row).collect()
}

pub(crate) fn basic_2021(basis: MaximumBasis) -> BasicParams {
    BasicParams {
        exclusions: exclusions_2021(),
        inpatient_rate: rates([
            (ProviderLevel::One, "J-5.1.T-a", [85, 85, 80, 75]),
            (ProviderLevel::Two, "J-5.1.T-b", [80, 80, 75, 70]),
            (ProviderLevel::Three, "J-5.1.T-c", [75, 75, 70, 65]),
        ]),
        deductible: Effective::printed(Fen::yuan(500), "J-5.1.T-d"),
        waived_from_stay: Effective::printed(2, "J-5.1.T-e"),
        maximum: Effective::printed(Fen::yuan(180_000), "J-5.1.T-f"),
        maximum_basis: Effective::printed(basis, "J-5.1.T-f"),
        cross_year_stay_counts_in: Some(Effective::printed(CrossYearStay::AdmissionYear, "J-5.1.6-a")),
        family_doctor: law_2021().family_doctor,
        balance_raises_maximum: Some(Effective::printed(true, "J-5.1.2-b")),
        special_outpatient: Ok(SpecialOutpatientParams {
            rate: rates([
                (ProviderLevel::One, "J-5.1.T-g", [65, 65, 60, 55]),
                (ProviderLevel::Two, "J-5.1.T-h", [60, 60, 55, 50]),
                (ProviderLevel::Three, "J-5.1.T-i", [55, 55, 50, 45]),
            ]),
            deductible: Effective::printed(Account::InpatientAndSpecial, "J-5.1.T-j"),
            maximum: Effective::printed(Account::InpatientAndSpecial, "J-5.1.T-l"),
        }),
        home_bed: Ok(HomeBedParams {
            account: Effective::printed(Account::InpatientAndSpecial, "J-5.1.T-q"),
            days_per_year: Effective::printed(90, "J-5.1.T-r"),
        }),
        elsewhere: Ok(ElsewhereParams {
            normal_points: Effective::printed(0, "J-10.3.2-a"),
            transfer_points: Effective::printed(5, "J-10.3.2-b"),
            partner_points: Effective::printed(5, "J-10.3.2-c"),
            self_chosen_points: Effective::printed(10, "J-10.3.2-d"),
            self_chosen_levels: Effective::printed(vec![ProviderLevel::Two, ProviderLevel::Three], "J-10.3.2-d"),
            one_bill: Effective::printed(true, "J-10.4-a"),
            penalty_in_burden: Effective::printed(true, "J-10.3.2-d"),
        }),
    }
}

fn bands(rules: [(&'static str, u32); 3]) -> Vec<Effective<Band>> {
    let ends = [100_000, 200_000, 300_000];
    let band = |(yuan, (rule_id, points)): (i64, (&'static str, u32))| {
        Effective::printed(Band { up_to: Fen::yuan(yuan), rate: Rate::percent(points) }, rule_id)
    };
    ends.into_iter().zip(rules).map(band).collect()
}

pub(crate) fn critical_illness_2021() -> CriticalIllnessParams {
    let tilted = vec![Identity::SubsistenceAllowance, Identity::EntitledWithMedicalSubsidy];
    CriticalIllnessParams {
        threshold: Effective::printed(Fen::yuan(21_202), "J-5.2-f"),
        income: None,
        threshold_is_provisional: true,
        bands: bands([("J-5.2-b", 60), ("J-5.2-c", 65), ("J-5.2-d", 70)]),
        cumulation: Effective::printed(Cumulation::Year, "J-5.2-k"),
        tilt: Some(TiltParams {
            identities: Effective::printed(tilted, "J-5.2-g"),
            threshold_share: Effective::printed(Rate::percent(50), "J-5.2-h"),
            extra_points: Effective::printed(5, "J-5.2-i"),
            unlimited: Effective::printed(true, "J-5.2-j"),
            above_last_band: Effective::printed(Rate::percent(75), "J-5.2-j"),
        }),
        supplied_burden: Effective::printed(false, "J-5.2-a"),
    }
}

/// What is not covered in 2021.
pub(crate) fn exclusions_2021() -> ExclusionParams {
    let rule = |rule_id| Effective::printed(true, rule_id);
    ExclusionParams {
        catalogues: rule("J-5.1.3-a"),
        outside_catalogues: rule("J-8-2"),
        undesignated: rule("J-8-1"),
        outside_border: Ok(rule("J-8-5")),
        public_health: Ok(rule("J-8-3")),
        third_party: Ok(rule("J-8-4")),
        other_cost: Gap { parameter: "exclusion.other_cost".into(), rule_id: "J-7-8".into(), configurable: false },
    }
}

/// The same in 2017, of which the plan prints little.
pub(crate) fn exclusions_2017() -> ExclusionParams {
    let rule = |rule_id| Effective::printed(true, rule_id);
    let gap = |name: &'static str| Gap { parameter: name.into(), rule_id: "B-5-a".into(), configurable: false };
    ExclusionParams {
        catalogues: rule("B-5.2-d"),
        outside_catalogues: rule("B-5.2-d"),
        undesignated: rule("B-6.1.1-a"),
        outside_border: Err(gap("exclusion.outside_border")),
        public_health: Err(gap("exclusion.public_health")),
        third_party: Err(gap("exclusion.third_party")),
        other_cost: gap("exclusion.other_cost"),
    }
}

pub(crate) fn critical_illness_2017() -> CriticalIllnessParams {
    CriticalIllnessParams {
        threshold: Effective::printed(Fen::yuan(20_000), "B-5.1-b"),
        income: None,
        threshold_is_provisional: false,
        bands: bands([("B-5.1-c", 50), ("B-5.1-d", 60), ("B-5.1-e", 70)]),
        cumulation: Effective::printed(Cumulation::Year, "B-5.1-f"),
        tilt: None,
        supplied_burden: Effective::printed(true, "B-5.1-b"),
    }
}

/// A designated level 3 hospital.
pub(crate) fn hospital() -> Provider {
    Provider {
        kind: ProviderKind::Hospital,
        level: Some(ProviderLevel::Three),
        designated: true,
        reform_registered: false,
        assistance_designated: true,
        home_bed: false,
        village_integrated: false,
    }
}

/// A stay of five days from a day on: wholly eligible.
pub(crate) fn bill(admitted_on: chrono::NaiveDate, eligible: Fen) -> Bill {
    Bill {
        kind: CareKind::Inpatient,
        provider: hospital(),
        place: Place::Local,
        admitted_on,
        discharged_on: admitted_on + Days::new(5),
        stay_began_on: None,
        total: eligible,
        in_catalogue: eligible,
        third_party: None,
        public_health: Fen::ZERO,
        observation: None,
        general_fee: None,
        home_bed_days: 0,
        disease_code: String::new(),
        maternity: None,
    }
}

/// The `order`-th bill of a person in the middle tier.
pub(crate) fn case(order: i64, eligible: Fen) -> Case {
    Case {
        id: SettlementId::from(Uuid::from_u128(order.unsigned_abs().into())),
        bill: bill(day("2021-01-05") + Days::new(order.unsigned_abs() * 7), eligible),
        class: Class::Adult,
        tier: Tier::Middle,
        identities: Vec::new(),
        standing: Standing::default(),
        filed_order: order,
    }
}

/// A stay at an institution of a level.
pub(crate) fn stay(order: i64, eligible: Fen, level: ProviderLevel, tier: Tier) -> Case {
    let mut case = Case { tier, ..case(order, eligible) };
    case.bill.provider.level = Some(level);
    case
}

/// Special outpatient care for a registered disease, at an institution of a level.
pub(crate) fn special(order: i64, eligible: Fen, level: ProviderLevel, tier: Tier) -> Case {
    let mut case = stay(order, eligible, level, tier);
    case.bill.kind = CareKind::SpecialOutpatient;
    case.bill.discharged_on = case.bill.admitted_on;
    case.bill.disease_code = "M01".to_owned();
    case.standing.special_disease = true;
    case
}

/// So many days in a home bed of an institution of level 1.
pub(crate) fn home_bed(order: i64, eligible: Fen, days: u32) -> Case {
    let mut case = stay(order, eligible, ProviderLevel::One, Tier::Middle);
    case.bill.kind = CareKind::HomeBed;
    case.bill.provider.home_bed = true;
    case.bill.home_bed_days = days;
    case
}

/// The part of 2021 of a stay that began on 20 December 2020.
pub(crate) fn rest_of_a_stay(eligible: Fen) -> Case {
    let mut case = case(9, eligible);
    case.bill.admitted_on = day("2021-01-01");
    case.bill.discharged_on = day("2021-01-15");
    case.bill.stay_began_on = Some(day("2020-12-20"));
    case
}

/// Settles a year under the law of 2021, or answers every refusal.
pub(crate) fn try_settle(
    cases: &[Case],
    opening: &Opening,
    basic: &BasicParams,
) -> Result<Vec<Outcome<Receipt>>, Refusals> {
    let critical_illness = critical_illness_2021();
    let (maternity, outpatient) = (maternity_2021(), law_2021());
    let law = Law {
        basic: Ok(basic),
        critical_illness: Ok(&critical_illness),
        maternity: Ok(&maternity),
        outpatient: Ok(&outpatient),
        raised_rate: None,
    };
    receipts_of_year(cases, opening, |_| Ok(law))
}

/// Settles a year that begins without balances.
pub(crate) fn settle_with(cases: &[Case], basic: &BasicParams) -> Vec<Outcome<Receipt>> {
    try_settle(cases, &Opening::default(), basic).unwrap()
}

/// The same with the default reading of the maximum.
pub(crate) fn settle(cases: &[Case]) -> Vec<Outcome<Receipt>> {
    settle_with(cases, &basic_2021(MaximumBasis::FundPayment))
}

/// A small deterministic generator (xorshift): the same cases in every run.
pub(crate) struct Cases(pub(crate) u64);

impl Cases {
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        let index = usize::try_from(self.below(from.len() as u64)).unwrap();
        from[index].clone()
    }

    /// Up to eight bills of one person, some on the same day or the rest of a stay of the year before, from a few fen
    /// to a million yuan.
    pub(crate) fn year(&mut self) -> Vec<Case> {
        let tier = self.pick(&[Tier::High, Tier::Middle, Tier::Low]);
        (0..=self.below(8).cast_signed())
            .map(|order| {
                let magnitude = self.pick(&[1_000, 100_000, 5_000_000, 100_000_000]);
                let eligible = Fen::new(i64::try_from(self.below(magnitude)).unwrap());
                let out_of_scope = Fen::new(i64::try_from(self.below(10_000)).unwrap() + 1);
                let admitted_on = day("2021-01-01") + Days::new(self.below(60) * 5);
                let crosses = admitted_on == day("2021-01-01");
                let mut case = Case {
                    tier,
                    identities: self.pick(&[Vec::new(), Vec::new(), vec![Identity::SubsistenceAllowance]]),
                    ..case(order, eligible)
                };
                case.bill = Bill {
                    discharged_on: admitted_on,
                    stay_began_on: crosses.then(|| day("2020-12-20")),
                    total: eligible + out_of_scope,
                    ..bill(admitted_on, eligible)
                };
                case.bill.provider.level = Some(self.pick(ProviderLevel::ALL));
                case.bill.provider.assistance_designated = self.below(4) > 0;
                case
            })
            .collect()
    }

    /// The same with every kind of care that shares a year with stays, in the city, elsewhere and outside the border, and
    /// now and then not covered.
    pub(crate) fn mixed_year(&mut self) -> Vec<Case> {
        let mut year = self.year();
        for case in &mut year {
            let observed = [ObservationOutcome::Admitted, ObservationOutcome::Death];
            match self.below(4) {
                0 => case.bill.kind = CareKind::SpecialOutpatient,
                1 => {
                    case.bill.kind = CareKind::EmergencyObservation;
                    case.bill.observation = Some(self.pick(&observed));
                }
                2 => {
                    case.bill.kind = CareKind::HomeBed;
                    case.bill.provider.home_bed = self.below(8) > 0;
                    // Periods of 30 days never cross day 90.
                    case.bill.home_bed_days = 30;
                }
                _ => {}
            }
            if case.bill.kind == CareKind::SpecialOutpatient {
                case.bill.stay_began_on = None;
                case.standing.special_disease = self.below(8) > 0;
            }
            case.standing.elsewhere = self.below(2) == 0;
            case.bill.provider.designated = self.below(8) > 0;
            case.bill.place = match self.below(6) {
                0 => Place::OutsideBorder,
                1 | 2 => {
                    let category = self.pick(OutOfArea::ALL);
                    let partner = category == OutOfArea::TransferPartner;
                    let receiving_level = partner.then_some(ProviderLevel::Three);
                    Place::Elsewhere { category, region: "110000".to_owned(), receiving_level }
                }
                _ => Place::Local,
            };
            case.bill.third_party = (self.below(4) == 0).then(|| Fen::new(case.bill.in_catalogue.get() / 3));
        }
        year
    }

    pub(crate) fn shuffled<T: Clone>(&mut self, items: &[T]) -> Vec<T> {
        let mut items = items.to_vec();
        for last in (1..items.len()).rev() {
            let other = usize::try_from(self.below(last as u64 + 1)).unwrap();
            items.swap(last, other);
        }
        items
    }
}
