//! Generated people as the registers of the suite know them, and what these make of their bills.

use chrono::{Datelike, Months, NaiveDate};
use juyi_domain::codes::{Class, Identity, ProviderLevel, Tier};
use juyi_domain::settlement::accumulators::Opening;
use juyi_domain::settlement::care::{CareKind, OutOfArea, Place};
use juyi_domain::settlement::case::{Case, Standing};

use crate::second::years::{Year, Years};

/// Where those who live elsewhere go to hospital.
pub(super) const CHOSEN: &str = "H13010200001";
/// Where transfers go, and who works with that hospital.
pub(super) const RECEIVING: &str = "H13010200009";
pub(super) const PARTNER: &str = "H13010200010";
/// The disease that is registered.
pub(super) const DISEASE: &str = "M03900";
/// School holidays, both days included.
pub(super) const HOLIDAYS: [(&str, &str); 2] = [("2021-01-23", "2021-02-28"), ("2021-07-10", "2021-08-31")];

/// An identity from a day on, to a last day if there is one.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) identity: Identity,
    pub(super) from: NaiveDate,
    pub(super) last: Option<NaiveDate>,
}

/// What is filed of care elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filed {
    /// Residence with one hospital, and a trip.
    Residence,
    /// A transfer to a hospital of a level.
    Transfer(ProviderLevel),
    Nothing,
}

/// What stays the same over a year, or changes on known days.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    pub(super) policy_year: i32,
    pub(super) tier: Tier,
    pub(super) held: Vec<Held>,
    pub(super) opening: Opening,
    /// First day of a month, from which a family doctor's contract counts.
    pub(super) doctor_from: Option<NaiveDate>,
    pub(super) filed: Filed,
}

pub(super) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

impl Facts {
    /// Facts like those of a generated year. A status comes with the year or within it, and may go.
    pub(super) fn of(year: &Year, policy_year: i32, years: &mut Years) -> Self {
        let new_year = day(policy_year, 1, 1);
        let held = year.cases[0].identities.iter().map(|identity| {
            let from = if years.once_in(3) { new_year + Months::new(4) } else { new_year };
            let last = years.once_in(3).then(|| day(policy_year, 9, 30));
            Held { identity: *identity, from, last }
        });
        let held = held.collect();
        let mut opening = year.opening.clone();
        opening.balances.retain(|balance| !balance.amount.is_zero());
        let is_2021 = policy_year >= 2021;
        let months = Months::new(u32::try_from(years.below(10)).unwrap() + 1);
        let filed = match years.below(3) {
            _ if !is_2021 => Filed::Nothing,
            0 => Filed::Residence,
            1 => Filed::Transfer(ProviderLevel::Two),
            _ => Filed::Transfer(ProviderLevel::Three),
        };
        Self {
            policy_year,
            // In 2017 the tier decides nothing of what is paid.
            tier: if is_2021 { year.cases[0].tier } else { Tier::Middle },
            held,
            opening,
            doctor_from: (is_2021 && years.once_in(3)).then(|| new_year + months),
            filed,
        }
    }

    pub(super) fn is_student(&self) -> bool {
        self.tier == Tier::StudentChild
    }

    pub(super) fn identities(&self, on: NaiveDate) -> Vec<Identity> {
        let held = |held: &&Held| held.from <= on && held.last.is_none_or(|last| on <= last);
        self.held.iter().filter(held).map(|held| held.identity).collect()
    }

    /// The bills of a generated year with what the registers say about them, in the order of filing. No document governs the
    /// year before, in which a stay could have begun.
    pub(super) fn cases(&self, generated: &[Case], years: &mut Years) -> Vec<Case> {
        let mut cases = generated.to_vec();
        for case in &mut cases {
            case.bill.stay_began_on = None;
            if case.bill.place != Place::Local {
                case.bill.provider.assistance_designated = years.once_in(2);
            }
            self.fit(case);
        }
        (0..).zip(cases).map(|(filed_order, case)| Case { filed_order, ..case }).collect()
    }

    /// Makes of a case one of this person.
    pub(super) fn fit(&self, case: &mut Case) {
        let wanted = case.standing;
        case.tier = self.tier;
        case.class = match self.is_student() {
            true => Class::StudentChild,
            false => Class::Adult,
        };
        let bill = &mut case.bill;
        let on = bill.admitted_on;
        case.identities = self.identities(on);
        if bill.kind == CareKind::SpecialOutpatient && !wanted.special_disease {
            bill.disease_code = "M01600".to_owned();
        }
        let mut standing = Standing {
            family_doctor: self.doctor_from.is_some_and(|from| from <= on),
            special_disease: bill.disease_code == DISEASE,
            maternity: bill.kind == CareKind::Maternity,
            conceived_on: (bill.kind == CareKind::Maternity).then(|| day(self.policy_year, 1, 1)),
            ..Standing::default()
        };
        if let Place::Elsewhere { category, region, receiving_level } = &mut bill.place {
            if *category == OutOfArea::StudentAtHome && !self.is_student() {
                *category = OutOfArea::Residence;
            }
            let registered = match (*category, self.filed) {
                (OutOfArea::StudentAtHome, _) => true,
                (OutOfArea::Residence | OutOfArea::TemporaryEmergency, Filed::Residence)
                | (OutOfArea::ApprovedTransfer, Filed::Transfer(_)) => wanted.elsewhere,
                (OutOfArea::TransferPartner, Filed::Transfer(level)) => {
                    wanted.elsewhere && *receiving_level == Some(level)
                }
                _ => false,
            };
            standing.elsewhere = registered;
            if *category == OutOfArea::StudentAtHome {
                let told = on.to_string();
                standing.holidays =
                    Some(HOLIDAYS.iter().any(|(first, last)| (*first..=*last).contains(&told.as_str())));
            }
            *region = if registered { "130102" } else { "140100" }.to_owned();
        }
        case.standing = standing;
    }
}

/// The code of the provider of a bill: where it was chosen or receives, or any other.
pub(super) fn provider_code(case: &Case) -> String {
    match &case.bill.place {
        Place::Elsewhere { category, .. } if case.standing.elsewhere => match category {
            OutOfArea::Residence => CHOSEN.to_owned(),
            OutOfArea::ApprovedTransfer => RECEIVING.to_owned(),
            OutOfArea::TransferPartner => PARTNER.to_owned(),
            _ => "H13010200020".to_owned(),
        },
        Place::Elsewhere { .. } => "H14010000001".to_owned(),
        Place::OutsideBorder => "F00000000001".to_owned(),
        Place::Local => "H12011800002".to_owned(),
    }
}

/// First of the month before a contract counts: when it is signed.
pub(super) fn signed_on(from: NaiveDate) -> NaiveDate {
    (from - Months::new(1)).with_day(1).unwrap()
}
