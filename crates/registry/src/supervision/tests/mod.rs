//! Supervision through the generated client, on both databases.

mod appraisals;
mod circulars;
mod people;
mod progress;
mod sub_targets;
mod targets;
mod work;

use juyi_domain::codes::CountGroup;
use juyi_domain::codes::District::{Baodi, Jinghai};

use super::fixtures::day;
use crate::counts::Counted;

/// A general resident of Jinghai for 2021, by township and day of application.
fn of_jinghai(township: &str, applied_on: &str) -> Counted {
    Counted {
        district: Jinghai,
        policy_year: 2021,
        township: Some(township.to_owned()),
        group: CountGroup::GeneralResidents,
        applied_on: day(applied_on),
    }
}

/// The same of Baodi for 2017.
fn of_baodi(township: &str, applied_on: &str) -> Counted {
    Counted { district: Baodi, policy_year: 2017, ..of_jinghai(township, applied_on) }
}
