//! Years of bills of one person: every kind of care, provider, place, tier and identity, small and enormous amounts, bills of
//! one day, the rest of a stay of the year before, and bills filed in any order.

use chrono::{Days, NaiveDate};
use juyi_domain::codes::{Class, Identity, ProviderLevel, Tier};
use juyi_domain::id::SettlementId;
use juyi_domain::money::Fen;
use juyi_domain::settlement::accumulators::{CarriedBalance, Opening};
use juyi_domain::settlement::bill::Bill;
use juyi_domain::settlement::care::{
    CareKind, GeneralFee, ObservationOutcome, OutOfArea, Place, Provider, ProviderKind,
};
use juyi_domain::settlement::case::{Case, Standing};
use juyi_domain::settlement::maternity::MaternityEvent;
use uuid::Uuid;

// By its path: the benchmark includes this file from another directory.
#[path = "events.rs"]
mod events;

/// What the generated years reach. A part that the rules do not know yet is switched off here alone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach {
    /// Kinds of care.
    pub(crate) kinds: &'static [CareKind],
    /// Bills that are not covered: providers that are not designated, diseases that are not registered (J-8).
    pub(crate) excluded: bool,
    /// Care elsewhere in the mainland and outside the border (J-10.3.2, J-8-5).
    pub(crate) elsewhere: bool,
    /// Balances of earlier years (J-5.1.2-b).
    pub(crate) balances: bool,
    /// Home beds for any number of days, so that a bill may have to come split (J-5.1.T-r). On such years the order of filing
    /// matters and a reversal may be refused (ADR 0004), so that properties of order are tested without them;
    /// `what_is_refused_posts_nothing` has them.
    pub(crate) odd_days: bool,
    /// Bills that the rules refuse: what nothing is printed for, and what a register does not say.
    pub(crate) refused: bool,
}

/// What is measured: every kind of care of both insurances, and nothing that is refused.
pub(crate) const ENABLED: Reach = Reach {
    kinds: &[
        CareKind::Inpatient,
        CareKind::SpecialOutpatient,
        CareKind::HomeBed,
        CareKind::EmergencyObservation,
        CareKind::Outpatient,
    ],
    excluded: true,
    elsewhere: true,
    balances: true,
    odd_days: false,
    refused: false,
};

/// What the law keeps its properties on: maternity and family planning besides.
#[allow(dead_code, reason = "not measured")]
pub(crate) const SETTLED: Reach = Reach {
    kinds: &[
        CareKind::Inpatient,
        CareKind::Inpatient,
        CareKind::SpecialOutpatient,
        CareKind::HomeBed,
        CareKind::EmergencyObservation,
        CareKind::Outpatient,
        CareKind::Outpatient,
        CareKind::Maternity,
        CareKind::FamilyPlanning,
    ],
    ..ENABLED
};

/// What is compared: whatever a bill may say.
#[allow(dead_code, reason = "not measured")]
pub(crate) const WHOLE: Reach = Reach { odd_days: true, refused: true, ..SETTLED };

/// The same in 2017, when no stay has a rate (AMB-082).
pub(crate) const ENABLED_2017: Reach = Reach {
    kinds: &[CareKind::Outpatient, CareKind::SuppliedBurden],
    excluded: true,
    elsewhere: false,
    balances: false,
    odd_days: false,
    refused: false,
};

/// With what the plan refuses.
#[allow(dead_code, reason = "not measured")]
pub(crate) const WHOLE_2017: Reach = Reach { refused: true, ..ENABLED_2017 };

/// A person and the year.
#[derive(Clone, Debug)]
pub(crate) struct Year {
    pub(crate) cases: Vec<Case>,
    pub(crate) opening: Opening,
}

/// A small deterministic generator (xorshift): the same years in every run.
pub(crate) struct Years {
    state: u64,
    reach: Reach,
    policy_year: i32,
}

/// What stays the same over the bills of a year.
struct Person {
    tier: Tier,
    identities: Vec<Identity>,
    home_bed_days: u32,
    /// From when a family doctor's contract is in effect.
    doctor_from: Option<NaiveDate>,
    /// First day of the registered pregnancy.
    conceived_on: Option<NaiveDate>,
}

impl Years {
    pub(crate) fn new(seed: u64, policy_year: i32, reach: Reach) -> Self {
        Self { state: seed, reach, policy_year }
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state % limit
    }

    pub(crate) fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        let index = usize::try_from(self.below(from.len() as u64)).unwrap_or(0);
        from[index].clone()
    }

    pub(crate) fn shuffled<T: Clone>(&mut self, items: &[T]) -> Vec<T> {
        let mut items = items.to_vec();
        for last in (1..items.len()).rev() {
            let other = usize::try_from(self.below(last as u64 + 1)).unwrap_or(0);
            items.swap(last, other);
        }
        items
    }

    fn fen_below(&mut self, limit: u64) -> Fen {
        Fen::new(self.below(limit).cast_signed())
    }

    fn day(&mut self) -> NaiveDate {
        let first = NaiveDate::from_ymd_opt(self.policy_year, 1, 1).unwrap_or_default();
        first + Days::new(self.below(73) * 5)
    }

    /// Up to eight bills of a person.
    pub(crate) fn year(&mut self) -> Year {
        let identities = self.identities();
        let person = Person {
            tier: self.pick(Tier::ALL),
            identities,
            home_bed_days: self.pick(&[15, 30, 45, 90]),
            doctor_from: if self.once_in(3) { Some(self.day()) } else { None },
            conceived_on: if self.once_in(2) { Some(self.day() - Days::new(180)) } else { None },
        };
        let mut cases: Vec<Case> = (0..=self.below(8).cast_signed()).map(|order| self.case(order, &person)).collect();
        if !self.reach.refused {
            events::deliver_once(&mut cases);
        }
        let mut opening = Opening { balances: Vec::new(), unused_outpatient_years: 0 };
        if self.once_in(2) {
            opening.unused_outpatient_years = self.pick(&[0, 1, 2, 3, 4]);
        }
        if self.reach.balances && self.once_in(2) {
            for age in (1..=self.pick(&[1, 2, 3])).rev() {
                let amount = self.fen_below(400_001);
                opening.balances.push(CarriedBalance { origin_year: self.policy_year - age, amount });
            }
        }
        Year { cases, opening }
    }

    /// Nobody, one identity, two, of any kind.
    fn identities(&mut self) -> Vec<Identity> {
        let mut identities = Vec::new();
        if self.once_in(2) {
            identities.push(self.pick(Identity::ALL));
            if self.once_in(2) {
                let second = self.pick(Identity::ALL);
                identities.extend((!identities.contains(&second)).then_some(second));
            }
        }
        identities
    }

    fn case(&mut self, order: i64, person: &Person) -> Case {
        let kind = self.pick(self.reach.kinds);
        let provider = self.provider(kind);
        let place = self.place(kind);
        let bill = self.bill(kind, provider, place, person);
        let visits = kind == CareKind::Outpatient || bill.observation == Some(ObservationOutcome::SentHome);
        let family_doctor = person.doctor_from.is_some_and(|from| from <= bill.admitted_on);
        let standing = Standing {
            family_doctor,
            family_doctor_here: family_doctor && self.once_in(2),
            special_disease: !self.reach.excluded || !self.once_in(5),
            // What is not described is refused (AMB-072).
            elsewhere: if visits { !self.reach.refused || !self.once_in(8) } else { !self.once_in(4) },
            // The calendar is asked for visits and special outpatient care (AMB-076).
            holidays: match visits {
                true if self.reach.refused && self.once_in(8) => None,
                true => Some(!self.reach.excluded || self.once_in(2)),
                false => Some(!self.reach.excluded || self.once_in(2)),
            },
            maternity: true,
            conceived_on: person.conceived_on.filter(|_| kind == CareKind::Maternity),
            ..Standing::default()
        };
        // A status may come or go in the year.
        let identities = if self.once_in(8) { self.identities() } else { person.identities.clone() };
        Case {
            id: SettlementId::from(Uuid::from_u128(order.unsigned_abs().into())),
            bill,
            class: if person.tier == Tier::StudentChild { Class::StudentChild } else { Class::Adult },
            tier: person.tier,
            identities,
            standing,
            filed_order: order,
        }
    }

    fn provider(&mut self, kind: CareKind) -> Provider {
        let provider = match kind {
            // Of others 2017 says nothing (B-5.2-a).
            CareKind::Outpatient if self.policy_year < 2021 && !(self.reach.refused && self.once_in(8)) => {
                ProviderKind::Hospital
            }
            CareKind::Outpatient => self.pick(ProviderKind::ALL),
            CareKind::HomeBed => self.pick(&[ProviderKind::Hospital, ProviderKind::CommunityHealthCentre]),
            _ => ProviderKind::Hospital,
        };
        let visited = kind == CareKind::Outpatient;
        let designated = !self.reach.excluded || !self.once_in(8);
        let ungraded = if designated { self.reach.refused && self.once_in(20) } else { visited && self.once_in(3) };
        let level = match provider {
            // Where a designated one is refused, another is not covered (AMB-067, J-8-1).
            ProviderKind::Hospital if ungraded => None,
            ProviderKind::Hospital => Some(self.pick(ProviderLevel::ALL)),
            // A centre need not be of level 1, or of any (J-7-1).
            ProviderKind::CommunityHealthCentre if self.once_in(2) => Some(self.pick(ProviderLevel::ALL)),
            ProviderKind::CommunityHealthCentre if visited && self.once_in(2) => None,
            ProviderKind::CommunityHealthCentre => Some(ProviderLevel::One),
            ProviderKind::RetailPharmacy | ProviderKind::VillageClinic => None,
        };
        let excluded = self.reach.excluded;
        Provider {
            kind: provider,
            level,
            designated,
            reform_registered: level == Some(ProviderLevel::Two) && self.once_in(2),
            assistance_designated: self.below(4) > 0,
            home_bed: (!excluded || !self.once_in(6)) && provider != ProviderKind::RetailPharmacy,
            village_integrated: provider == ProviderKind::VillageClinic && (!excluded || !self.once_in(6)),
        }
    }

    fn place(&mut self, kind: CareKind) -> Place {
        let settled_here = matches!(kind, CareKind::HomeBed | CareKind::SuppliedBurden);
        if !self.reach.elsewhere || settled_here || !self.once_in(4) {
            return Place::Local;
        }
        if self.once_in(12) {
            return Place::OutsideBorder;
        }
        if matches!(kind, CareKind::Maternity | CareKind::FamilyPlanning) && !self.reach.refused {
            // Printed for the city alone (AMB-088).
            return Place::Local;
        }
        let category = if kind == CareKind::Outpatient { self.visited_elsewhere() } else { self.pick(OutOfArea::ALL) };
        let receiving_level =
            (category == OutOfArea::TransferPartner).then(|| self.pick(&[ProviderLevel::Two, ProviderLevel::Three]));
        Place::Elsewhere { category, region: "130100".to_owned(), receiving_level }
    }

    /// Why outpatient care was sought elsewhere; of the other reasons nothing is described (AMB-072).
    fn visited_elsewhere(&mut self) -> OutOfArea {
        if self.reach.refused && self.once_in(8) {
            return self.pick(OutOfArea::ALL);
        }
        self.pick(&[OutOfArea::TemporaryEmergency, OutOfArea::Residence, OutOfArea::StudentAtHome])
    }

    fn bill(&mut self, kind: CareKind, provider: Provider, place: Place, person: &Person) -> Bill {
        let admitted_on = self.day();
        let new_year = NaiveDate::from_ymd_opt(self.policy_year, 1, 1);
        let crosses = kind == CareKind::Inpatient && Some(admitted_on) == new_year && self.once_in(2);
        let began_on = admitted_on - Days::new(self.below(30) + 1);
        let magnitudes: &[u64] = match kind {
            CareKind::Outpatient => &[1_000, 50_000, 500_000, 1_000_000],
            CareKind::Maternity | CareKind::FamilyPlanning => &[100, 50_000, 500_000, 3_000_000],
            _ => &[1_000, 100_000, 5_000_000, 100_000_000],
        };
        let magnitude = self.pick(magnitudes);
        let eligible = self.fen_below(magnitude);
        let out_of_scope = self.fen_below(10_000);
        // The plan of 2017 does not say what shares of others do: they are refused (B-5-a).
        let others = self.policy_year >= 2021;
        let third_party = self.once_in(10).then(|| self.fen_below(5_000)).filter(|_| others);
        let public_health = if self.once_in(20) && others { self.fen_below(500) } else { Fen::ZERO };
        let others = third_party.unwrap_or_default() + public_health;
        let general_fee =
            (provider.kind == ProviderKind::VillageClinic && eligible >= Fen::yuan(10)).then(|| GeneralFee {
                registration: self.fen_below(200),
                consultation: self.fen_below(300),
                injection: self.fen_below(500),
            });
        // Somebody sent home was an outpatient (AMB-068).
        let ends: &[ObservationOutcome] = match self.reach.kinds.contains(&CareKind::Outpatient) {
            true => ObservationOutcome::ALL,
            false => &[ObservationOutcome::Death, ObservationOutcome::Admitted],
        };
        let observation = (kind == CareKind::EmergencyObservation).then(|| self.pick(ends));
        let place = match place {
            // As of every outpatient (AMB-072).
            Place::Elsewhere { region, .. } if observation == Some(ObservationOutcome::SentHome) => {
                Place::Elsewhere { category: self.visited_elsewhere(), region, receiving_level: None }
            }
            place => place,
        };
        let home_bed_days = match kind {
            CareKind::HomeBed if self.reach.odd_days && self.once_in(2) => {
                1 + u32::try_from(self.below(70)).unwrap_or(0)
            }
            CareKind::HomeBed => person.home_bed_days,
            _ => 0,
        };
        let maternity = self.event(kind);
        let checked = matches!(maternity, Some(MaternityEvent::PrenatalChecks(_)));
        let (admitted_on, last) = self.days(kind, admitted_on, home_bed_days);
        // Checks are billed on the day the pregnancy ended (J-5.3.T-d).
        let discharged_on = if checked { admitted_on } else { last };
        let kept = kind != CareKind::SuppliedBurden;
        let none = |fen: Fen| if kept { fen } else { Fen::ZERO };
        Bill {
            kind,
            observation,
            general_fee: general_fee.filter(|_| kind == CareKind::Outpatient),
            provider,
            place,
            admitted_on,
            discharged_on,
            stay_began_on: crosses.then_some(began_on),
            total: eligible + none(others) + none(out_of_scope),
            in_catalogue: eligible + none(others),
            third_party: third_party.filter(|_| kept),
            public_health: none(public_health),
            home_bed_days,
            disease_code: if kind == CareKind::SpecialOutpatient { "M03900".to_owned() } else { String::new() },
            maternity,
        }
    }

    /// First and last day: a stay ends with the year, a birth may lie across New Year (J-5.1.6-a, J-6.2.2.2-b).
    fn days(&mut self, kind: CareKind, first: NaiveDate, home_bed_days: u32) -> (NaiveDate, NaiveDate) {
        let end = NaiveDate::from_ymd_opt(self.policy_year, 12, 31).unwrap_or_default();
        match kind {
            CareKind::HomeBed => {
                let more = Days::new(u64::from(home_bed_days.max(1)) - 1);
                let first = first.min(end - more);
                (first, first + more)
            }
            CareKind::Inpatient | CareKind::EmergencyObservation => (first, end.min(first + Days::new(self.below(12)))),
            CareKind::Maternity | CareKind::FamilyPlanning => (first, first + Days::new(self.below(12))),
            _ => (first, first),
        }
    }
}
