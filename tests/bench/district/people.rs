//! 461,563 persons who do not exist, the same ones every time: as many as Jinghai's target for 2021.

use chrono::{Days, NaiveDate};
use juyi_domain::codes::{Area, Tier};
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;

/// Jinghai's target, all units together (J-A2.T-d).
pub(crate) const PERSONS: u64 = 461_563;
/// Townships of the target table.
pub(crate) const TOWNSHIPS: u64 = 18;
/// Days of birth, from the first one on: adults all, in 2020.
const DAYS: u64 = 22_000;
/// Numbers given on one day.
const SEQUENCES: u64 = 999;
/// Coprime to the number of days and sequences together, so that every person has another number, and neighbours in the
/// list are no neighbours in the key.
const STRIDE: u64 = 9_699_691;

/// A person of the district.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) identity_number: String,
    pub(crate) name: String,
    /// Number of the township in the target table.
    pub(crate) township: u64,
}

/// Everybody, in the order of the list.
pub(crate) fn everybody() -> Vec<Person> {
    (0..PERSONS).map(person).collect()
}

fn person(number: u64) -> Person {
    let place = number * STRIDE % (DAYS * SEQUENCES);
    let first = NaiveDate::from_ymd_opt(1940, 1, 1).unwrap_or_default();
    let born_on = first + Days::new(place / SEQUENCES);
    let body = format!("120223{}{:03}", born_on.format("%Y%m%d"), place % SEQUENCES + 1);
    Person {
        identity_number: format!("{body}{}", check_character(&body)),
        name: format!("居民{number}"),
        township: number % TOWNSHIPS + 1,
    }
}

fn check_character(body: &str) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    char::from(b"10X98765432"[(sum % 11) as usize])
}

impl Person {
    /// The township's unit id.
    pub(crate) fn unit(&self) -> String {
        format!("120118.{}", self.township)
    }

    /// The row of the resident population.
    pub(crate) fn resident(&self) -> pb::RosterRow {
        pb::RosterRow {
            identity_number: self.identity_number.clone(),
            name: self.name.clone(),
            township: self.unit(),
            ..Default::default()
        }
    }

    /// The row of a collective registration through a village of the township.
    pub(crate) fn applicant(&self) -> pb::RosterRow {
        pb::RosterRow {
            household_district: "120118".to_owned(),
            household_area: Area::Rural.to_wire(),
            tier: Tier::Middle.to_wire(),
            previous_year: pb::PreviousYear::Insured.into(),
            ..self.resident()
        }
    }
}
