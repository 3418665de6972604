//! Which district and township handle what a person claims. The registry tells where an enrolment belonged and since when,
//! so that neither the order nor the delay of what is told matters.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::codes::District;
use crate::id::EnrolmentId;

/// Where an enrolment is known to belong from a day on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Routing {
    /// The enrolment.
    pub enrolment_id: EnrolmentId,
    /// Day on which the registry changed it, and of the first the day of application; the first of an enrolment holds for
    /// every day before, too.
    pub known_on: NaiveDate,
    /// District of enrolment.
    pub district: District,
    /// Township, a unit id, where known.
    pub township: Option<String>,
}

/// Where an enrolment belongs on a day: the district of enrolment, and after a change of recorded data the new one from
/// the day it is known (AMB-114, J-3.4.2-a).
#[must_use]
pub fn maybe_on(routes: &[Routing], enrolment_id: EnrolmentId, on: NaiveDate) -> Option<&Routing> {
    let mut own = routes.iter().filter(|route| route.enrolment_id == enrolment_id);
    let first = own.clone().next()?;
    own.rfind(|route| route.known_on <= on).or(Some(first))
}

#[cfg(test)]
mod tests {
    use super::super::history::fixtures::enrolment;
    use super::*;
    use crate::dates::written::day;

    /// AMB-114, J-3.4.2-a: the new district from the day it is known, the old one before.
    #[test]
    fn a_change_of_district_routes_from_the_day_it_is_known() {
        let route = |number, known_on, district| Routing {
            enrolment_id: enrolment(number),
            known_on: day(known_on),
            district,
            township: None,
        };
        let routes = [
            route(1, "2020-11-11", District::Jinghai),
            route(1, "2021-06-10", District::Nankai),
            route(2, "2021-12-01", District::Hexi),
        ];
        let district = |on: &str| maybe_on(&routes, enrolment(1), day(on)).unwrap().district;
        assert_eq!(district("2020-09-01"), District::Jinghai);
        assert_eq!(district("2021-06-09"), District::Jinghai);
        assert_eq!(district("2021-06-10"), District::Nankai);
        assert_eq!(maybe_on(&routes, enrolment(3), day("2021-06-10")), None);
    }
}
