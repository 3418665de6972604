//! Histories as they may be told: payments and refunds of several enrolments, and every change of a person.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::fixtures::{enrolment, payment, terms};
use super::{History, Payment, Person, Refund, Terms};
use crate::codes::{Category, District, PaymentMethod, Window};
use crate::dates::written::day;
use crate::seeded::Seeded;

/// What happened, as it is told.
#[derive(Clone, Debug)]
pub(super) enum Fact {
    Person(Person),
    Payment(Payment),
    Refund(Refund),
}

pub(super) fn told<'a>(facts: impl IntoIterator<Item = &'a Fact>) -> History {
    let mut history = History::default();
    for fact in facts {
        match fact {
            Fact::Person(person) => history.note(person.clone()),
            Fact::Payment(payment) => history.pay(*payment),
            Fact::Refund(refund) => history.refund(*refund),
        };
    }
    history
}

const CATEGORIES: &[Category] = &[
    Category::RuralResident,
    Category::SchoolStudent,
    Category::NurseryChild,
    Category::Newborn,
    Category::InterruptedEmployee,
    Category::SpecialPerson,
];

fn some_terms(seeded: &mut Seeded, number: u128) -> Terms {
    let policy_year = if seeded.once_in(4) { 2017 } else { 2021 };
    Terms {
        policy_year,
        district: District::Baodi,
        category: seeded.pick(CATEGORIES),
        applied_on: some_day(seeded, policy_year),
        window: seeded.pick(&[Window::Ordinary, Window::Personal]),
        previous_year_insured: seeded.pick(&[Some(true), Some(false), None]),
        interrupted_on: (!seeded.once_in(3)).then(|| some_day(seeded, policy_year)),
        ..terms(number)
    }
}

/// A day of the two years around a policy year.
fn some_day(seeded: &mut Seeded, policy_year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(policy_year - 1, 7, 1).unwrap() + Days::new(seeded.below(600))
}

/// How often each kind of fact was generated.
pub(super) type Mix = BTreeMap<&'static str, u64>;

/// Changes a person as the registry does, each time with the next revision.
fn change(seeded: &mut Seeded, person: &mut Person) -> &'static str {
    let year = person.enrolments[0].policy_year;
    person.revision += 1;
    match seeded.below(7) {
        0 | 1 => {
            person.left_school_on.push(some_day(seeded, year));
            "leaving"
        }
        2 | 3 if person.died_on.is_none() => {
            person.died_on = Some(some_day(seeded, year));
            "death"
        }
        2 | 3 => {
            person.died_on = None;
            "death taken back"
        }
        4 => {
            person.born_on = some_day(seeded, year);
            "birth corrected"
        }
        5 => {
            let number = person.enrolments.len() as u128 + 1;
            person.enrolments.push(some_terms(seeded, number));
            "enrolment added"
        }
        _ => {
            let place = seeded.index(person.enrolments.len());
            person.enrolments[place].district = District::Nankai;
            person.enrolments[place].township = None;
            "enrolment moved"
        }
    }
}

/// The facts of one person in the order in which they happen. Ids of payments are even, so that there is room beside each.
pub(super) fn some_facts(seeded: &mut Seeded, mix: &mut Mix) -> Vec<Fact> {
    let mut count = |kind| *mix.entry(kind).or_default() += 1;
    let enrolments: Vec<Terms> = (1..=u128::from(1 + seeded.below(3))).map(|it| some_terms(seeded, it)).collect();
    let mut person = Person {
        revision: 1,
        born_on: if seeded.once_in(2) { some_day(seeded, enrolments[0].policy_year) } else { day("1970-05-01") },
        enrolments,
        ..super::fixtures::person()
    };
    let mut facts = vec![Fact::Person(person.clone())];
    for _ in 0..seeded.below(4) {
        count(change(seeded, &mut person));
        facts.push(Fact::Person(person.clone()));
    }
    if seeded.once_in(20) {
        count("two states of one revision");
        facts.push(Fact::Person(Person { left_school_on: Vec::new(), ..person.clone() }));
    }
    for number in 1..=u128::from(seeded.below(5)) {
        // Now and then an enrolment that nobody told of.
        let known = person.enrolments.len() as u64;
        let untold = u64::from(seeded.once_in(10));
        let of = u128::from(1 + seeded.below(known + untold));
        let year = person.maybe_terms(enrolment(of)).map_or(2021, |terms| terms.policy_year);
        let paid = Payment {
            id: payment(2 * number),
            enrolment_id: enrolment(of),
            paid_on: some_day(seeded, year),
            method: if seeded.once_in(12) { PaymentMethod::PensionDeduction } else { PaymentMethod::BankCounter },
            fully_subsidised: seeded.once_in(4),
            invokes_epidemic_rule: seeded.once_in(8),
        };
        count("payment");
        facts.push(Fact::Payment(paid));
        if seeded.once_in(10) {
            count("two payments of one id");
            facts.push(Fact::Payment(Payment { paid_on: some_day(seeded, year), ..paid }));
        }
        if seeded.once_in(3) {
            let id = Uuid::from_u128(number).into();
            let refund = Refund { id, payment_id: paid.id, refunded_on: some_day(seeded, year) };
            count("refund");
            facts.push(Fact::Refund(refund));
            if seeded.once_in(10) {
                count("two refunds of one payment");
                facts.push(Fact::Refund(Refund { refunded_on: some_day(seeded, year), ..refund }));
            }
        }
    }
    facts
}
