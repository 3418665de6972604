//! Facts that the tests of histories change.

use uuid::Uuid;

use super::super::fixtures::tianjin_2021;
use super::{Coverage, History, Payment, Person, Refund, Terms};
use crate::codes::{Category, Class, District, Insurance, PaymentMethod, Tier, Window};
use crate::dates::written::day;
use crate::id::{EnrolmentId, PaymentId};

pub(in crate::benefit_period) fn enrolment(number: u128) -> EnrolmentId {
    Uuid::from_u128(number).into()
}

pub(in crate::benefit_period) fn payment(number: u128) -> PaymentId {
    Uuid::from_u128(number).into()
}

/// A farmer's enrolment for 2021, not insured the year before.
pub(in crate::benefit_period) fn terms(number: u128) -> Terms {
    Terms {
        enrolment_id: enrolment(number),
        policy_year: 2021,
        district: District::Jinghai,
        category: Category::RuralResident,
        class: Class::Adult,
        tier: Tier::Middle,
        applied_on: day("2020-09-18"),
        window: Window::Ordinary,
        previous_year_insured: Some(false),
        interrupted_on: None,
        township: Some("120118.4".to_owned()),
        by_deduction: false,
    }
}

/// The same as a pupil, enrolled by the school.
pub(in crate::benefit_period) fn pupil() -> Terms {
    Terms { category: Category::SchoolStudent, ..terms(1) }
}

/// Somebody with that enrolment.
pub(in crate::benefit_period) fn person() -> Person {
    Person {
        revision: 1,
        enrolments: vec![terms(1)],
        born_on: day("2014-03-07"),
        died_on: None,
        left_school_on: Vec::new(),
        employees: Vec::new(),
        interrupted_on: None,
        routes: Vec::new(),
    }
}

/// A payment of the enrolment of the same number.
pub(in crate::benefit_period) fn paid(number: u128, on: &str) -> Payment {
    Payment {
        id: payment(number),
        enrolment_id: enrolment(number),
        paid_on: day(on),
        method: PaymentMethod::BankCounter,
        fully_subsidised: false,
        invokes_epidemic_rule: false,
    }
}

/// The refund of the payment of the same number.
pub(in crate::benefit_period) fn refunded(number: u128) -> Refund {
    Refund { id: Uuid::from_u128(number).into(), payment_id: payment(number), refunded_on: day("2020-12-15") }
}

pub(in crate::benefit_period) fn history(person: Person, payments: &[Payment]) -> History {
    let mut history = History::default();
    history.note(person);
    for payment in payments {
        history.pay(*payment);
    }
    history
}

/// The coverage by the law of 2021.
pub(in crate::benefit_period) fn coverage(history: &History) -> Coverage {
    history.coverage(|_, _| Ok(tianjin_2021()))
}

/// The spans of an insurance as the law writes them.
pub(in crate::benefit_period) fn written(history: &History, insurance: Insurance) -> Vec<String> {
    let spans = coverage(history).spans;
    spans.iter().filter(|it| it.span.insurance == insurance).map(|it| it.span.period.to_string()).collect()
}
