//! The law as loaded, against the figures the documents print.

mod comparison;
mod data_sets;
mod information;
mod law_2017;
mod law_2021;
mod outpatient;
mod overlay;
mod premium;
mod references;
mod self_paid_claims;
mod supervision;
mod tables;

use std::sync::Arc;

use chrono::NaiveDate;
use juyi_domain::codes::District;
use juyi_domain::effective::Effective;
use juyi_domain::refusal::{Reason, Refusal};

use crate::{Policy, Snapshot};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn year_2021() -> Arc<Snapshot> {
    Policy::embedded().unwrap().for_(District::Jinghai, 2021, day("2021-03-01")).unwrap()
}

fn year_2017() -> Arc<Snapshot> {
    Policy::embedded().unwrap().for_(District::Baodi, 2017, day("2017-03-01")).unwrap()
}

/// A figure prints its value, its clause and the first day it holds.
fn assert_printed<T: PartialEq + std::fmt::Debug>(figure: &Effective<T>, value: &T, rule_id: &str) {
    assert_eq!(&figure.value, value, "{}", figure.name);
    assert_eq!(figure.reference.rule_id, rule_id, "{}", figure.name);
}

#[test]
fn both_years_load_for_their_districts() {
    let policy = Policy::embedded().unwrap();
    assert_eq!(policy.policy_years(), [2017, 2021]);
    for district in District::ALL {
        let snapshot = policy.for_(*district, 2021, day("2021-01-01")).unwrap();
        assert_eq!((snapshot.district, snapshot.policy_year), (*district, 2021));
        let refused = policy.for_(*district, 2017, day("2017-01-01")).map(|_| ()).map_err(|refusal| refusal.reason);
        let expected = if *district == District::Baodi { Ok(()) } else { Err(Reason::DistrictOutOfScope) };
        assert_eq!(refused, expected, "{district}");
    }
}

#[test]
fn a_year_without_a_document_is_refused() {
    let refusal = Policy::embedded().unwrap().for_(District::Baodi, 2022, day("2022-02-01")).unwrap_err();
    assert_eq!(refusal.reason, Reason::PolicyYearNotLoaded);
    assert_eq!(refusal.metadata, [("policy_year", "2022".to_owned())]);
    let refusal: Refusal = Policy::embedded().unwrap().for_(District::Jinghai, 2017, day("2017-02-01")).unwrap_err();
    assert_eq!(refusal.metadata, [("policy_year", "2017".to_owned()), ("district", "120118".to_owned())]);
}

#[test]
fn snapshots_are_shared() {
    let policy = Policy::embedded().unwrap();
    let of = |district, on| policy.for_(district, 2021, day(on)).unwrap();
    let (march, april) = (of(District::Hexi, "2021-03-01"), of(District::Hexi, "2021-04-01"));
    assert!(Arc::ptr_eq(&march, &april));
    assert!(!Arc::ptr_eq(&march, &of(District::Jinnan, "2021-03-01")));
}

#[test]
fn a_day_before_every_value_has_the_first_values() {
    let policy = Policy::embedded().unwrap();
    let early = policy.for_(District::Jinghai, 2021, day("2019-01-01")).unwrap();
    assert_eq!(early.premium, year_2021().premium);
    assert_eq!(early.basic, year_2021().basic);
}
