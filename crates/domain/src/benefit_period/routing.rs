//! Which district and township handle what a person claims.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::history::Terms;
use crate::codes::District;
use crate::id::EnrolmentId;

/// Where an enrolment is known to belong from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routing {
    /// The enrolment.
    pub enrolment_id: EnrolmentId,
    /// Day on which it became known; the first of an enrolment holds for every day before, too.
    pub known_on: NaiveDate,
    /// District of enrolment.
    pub district: District,
    /// Township, a unit id, where known.
    pub township: Option<String>,
}

/// Notes where enrolments belong, as known on a day. What was told before stays: a claim that was routed keeps its route.
pub fn note(routes: &mut Vec<Routing>, enrolments: &[Terms], known_on: NaiveDate) {
    for terms in enrolments {
        let latest = routes.iter().rev().find(|route| route.enrolment_id == terms.enrolment_id);
        if latest.is_some_and(|route| route.district == terms.district && route.township == terms.township) {
            continue;
        }
        // What was learned later on the same day takes the place of what was learned before.
        routes.retain(|route| route.enrolment_id != terms.enrolment_id || route.known_on != known_on);
        routes.push(Routing {
            enrolment_id: terms.enrolment_id,
            known_on,
            district: terms.district,
            township: terms.township.clone(),
        });
    }
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
    use super::super::history::fixtures::terms;
    use super::*;
    use crate::dates::written::day;

    /// AMB-114, J-3.4.2-a: the new district from the day it is known, the old one before.
    #[test]
    fn a_change_of_district_routes_from_the_day_it_is_known() {
        let told = terms(1);
        let moved = Terms { district: District::Nankai, township: None, ..told.clone() };
        let mut routes = Vec::new();
        note(&mut routes, std::slice::from_ref(&told), day("2020-11-11"));
        note(&mut routes, std::slice::from_ref(&told), day("2021-01-05"));
        assert_eq!(routes.len(), 1);
        note(&mut routes, std::slice::from_ref(&moved), day("2021-06-10"));
        let district = |on: &str| maybe_on(&routes, told.enrolment_id, day(on)).unwrap().district;
        assert_eq!(district("2020-09-01"), told.district);
        assert_eq!(district("2021-06-09"), told.district);
        assert_eq!(district("2021-06-10"), District::Nankai);
        assert_eq!(maybe_on(&routes, terms(2).enrolment_id, day("2021-06-10")), None);
    }

    #[test]
    fn two_changes_of_one_day_are_the_last_one() {
        let told = terms(1);
        let mut routes = Vec::new();
        for district in [District::Nankai, District::Hexi] {
            note(&mut routes, &[Terms { district, ..told.clone() }], day("2021-06-10"));
        }
        assert_eq!(routes.len(), 1);
        assert_eq!(routes[0].district, District::Hexi);
    }
}
