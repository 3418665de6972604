//! The settlement law of both years, bills that the tests change, and a generator of years of bills.

use chrono::Days;
use uuid::Uuid;

use super::accumulators::Opening;
use super::bill::Bill;
use super::care::{CareKind, Place, Provider, ProviderKind};
use super::case::{Case, Standing};
use super::params::{Band, BasicParams, CriticalIllnessParams, Cumulation, MaximumBasis, TiltParams};
use super::year::{Law, Outcome, adjudicate_year};
use crate::codes::{Class, Identity, ProviderLevel, Tier};
use crate::dates::written::day;
use crate::effective::Effective;
use crate::id::SettlementId;
use crate::money::{Fen, Rate};
use crate::receipt::Receipt;

pub(crate) fn basic_2021(basis: MaximumBasis) -> BasicParams {
    let levels = [
        (ProviderLevel::One, "J-5.1.T-a", [85, 85, 80, 75]),
        (ProviderLevel::Two, "J-5.1.T-b", [80, 80, 75, 70]),
        (ProviderLevel::Three, "J-5.1.T-c", [75, 75, 70, 65]),
    ];
    let tiers = [Tier::StudentChild, Tier::High, Tier::Middle, Tier::Low];
    let row = |(level, rule_id, points): (ProviderLevel, &'static str, [u32; 4])| {
        let rates = points.map(|points| Effective::printed(Rate::percent(points), rule_id));
        tiers.into_iter().zip(rates).map(move |(tier, rate)| ((level, tier), rate))
    };
    BasicParams {
        inpatient_rate: levels.into_iter().flat_map(row).collect(),
        deductible: Effective::printed(Fen::yuan(500), "J-5.1.T-d"),
        waived_from_stay: Effective::printed(2, "J-5.1.T-e"),
        maximum: Effective::printed(Fen::yuan(180_000), "J-5.1.T-f"),
        maximum_basis: Effective::printed(basis, "J-5.1.T-f"),
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
        threshold_is_provisional: true,
        bands: bands([("J-5.2-b", 60), ("J-5.2-c", 65), ("J-5.2-d", 70)]),
        cumulation: Effective::printed(Cumulation::Year, "J-5.2-k"),
        tilt: Some(TiltParams {
            identities: Effective::printed(tilted, "J-5.2-g"),
            threshold_share: Effective::printed(Rate::percent(50), "J-5.2-h"),
            extra_points: Effective::printed(5, "J-5.2-i"),
            unlimited: Effective::printed(true, "J-5.2-j"),
        }),
    }
}

pub(crate) fn critical_illness_2017() -> CriticalIllnessParams {
    CriticalIllnessParams {
        threshold: Effective::printed(Fen::yuan(20_000), "B-5.1-b"),
        threshold_is_provisional: false,
        bands: bands([("B-5.1-c", 50), ("B-5.1-d", 60), ("B-5.1-e", 70)]),
        cumulation: Effective::printed(Cumulation::Year, "B-5.1-f"),
        tilt: None,
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

/// Settles a year under the law of 2021.
pub(crate) fn settle_with(cases: &[Case], basic: &BasicParams) -> Vec<Outcome<Receipt>> {
    let critical_illness = critical_illness_2021();
    let outpatient = super::outpatient::fixtures::law_2021();
    let law = Law { basic: Ok(basic), critical_illness: Ok(&critical_illness), outpatient: Ok(&outpatient) };
    adjudicate_year(cases, &Opening::default(), |_| Ok(law)).unwrap()
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

    /// Up to eight bills of one person, some on the same day or the rest of a stay of the year before, from a few fen to a million yuan.
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

    pub(crate) fn shuffled<T: Clone>(&mut self, items: &[T]) -> Vec<T> {
        let mut items = items.to_vec();
        for last in (1..items.len()).rev() {
            let other = usize::try_from(self.below(last as u64 + 1)).unwrap();
            items.swap(last, other);
        }
        items
    }
}
