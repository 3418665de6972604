//! Everything that coverage of one resident depends on.
//!
//! Facts arrive any number of times and in any order: [`History::pay`], [`History::refund`] and [`History::note`] each
//! keep what a fact says once, and of two states of a person the one with the higher revision. What they come to is a
//! function of the set of facts alone ([`History::coverage`]), and [`difference`] tells how two answers differ.

mod coverage;
pub mod difference;
#[cfg(test)]
pub(super) mod fixtures;
#[cfg(test)]
mod generated;
mod leaving;
#[cfg(test)]
mod properties;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::derive::{Enrolled, Facts, Paid};
use super::employees::Employees;
use super::routing::Routing;
use crate::codes::{Category, Class, District, PaymentMethod, Tier, Window};
use crate::id::{EnrolmentId, PaymentId, RefundId};

pub use coverage::{Coverage, Covered, Outcome};

/// Terms of one enrolment, fixed for the whole year (AMB-136) except district and township, which follow changes of
/// recorded data (J-3.4.2-a).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Terms {
    /// Id.
    pub enrolment_id: EnrolmentId,
    /// Policy year.
    pub policy_year: i32,
    /// District of enrolment.
    pub district: District,
    /// Category.
    pub category: Category,
    /// Class.
    pub class: Class,
    /// Tier.
    pub tier: Tier,
    /// Day of application.
    pub applied_on: NaiveDate,
    /// Window the application fell in.
    pub window: Window,
    /// Insured on any day of the year before (AMB-028).
    pub previous_year_insured: Option<bool>,
    /// Day the employees' insurance was interrupted.
    pub interrupted_on: Option<NaiveDate>,
    /// Township where it counts, a unit id.
    pub township: Option<String>,
    /// Filed by deduction from the old-age living subsidy; what a payment opens hangs on how it was paid.
    pub by_deduction: bool,
}

impl Terms {
    /// The facts of a payment of these terms.
    #[must_use]
    pub fn facts(&self, born_on: NaiveDate, payment: &Payment) -> Facts {
        let enrolled = Enrolled {
            policy_year: self.policy_year,
            category: self.category,
            applied_on: self.applied_on,
            window: self.window,
            previous_year_insured: self.previous_year_insured,
            interrupted_on: self.interrupted_on,
        };
        let paid = Paid {
            on: payment.paid_on,
            method: payment.method,
            fully_subsidised: payment.fully_subsidised,
            invokes_epidemic_rule: payment.invokes_epidemic_rule,
        };
        Facts::of(&enrolled, born_on, &paid)
    }
}

/// A person as the registry knows one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Person {
    /// Version; it rises with every change of anything told here. Compared first.
    pub revision: i64,
    /// Every enrolment.
    pub enrolments: Vec<Terms>,
    /// Date of birth.
    pub born_on: NaiveDate,
    /// Recorded day of death.
    pub died_on: Option<NaiveDate>,
    /// Recorded days of leaving a school or nursery.
    pub left_school_on: Vec<NaiveDate>,
    /// Employees' insurance.
    pub employees: Vec<Employees>,
    /// Day the last recorded employment was interrupted: the later of the end of the contract and the end of the
    /// unemployment benefit (J-3.2.7-a, AMB-025).
    pub interrupted_on: Option<NaiveDate>,
    /// Where the enrolments belonged, each by day.
    pub routes: Vec<Routing>,
}

impl Person {
    /// The terms of an enrolment.
    #[must_use]
    pub fn maybe_terms(&self, enrolment_id: EnrolmentId) -> Option<&Terms> {
        self.enrolments.iter().find(|terms| terms.enrolment_id == enrolment_id)
    }
}

/// A confirmed payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Payment {
    /// Id.
    pub id: PaymentId,
    /// The enrolment it settles.
    pub enrolment_id: EnrolmentId,
    /// Day of payment.
    pub paid_on: NaiveDate,
    /// How it was paid.
    pub method: PaymentMethod,
    /// True when nothing was payable by the person.
    pub fully_subsidised: bool,
    /// True when the payer invoked the epidemic rule (J-4.1.2-a).
    pub invokes_epidemic_rule: bool,
}

/// A refund: the payment no longer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refund {
    /// Id.
    pub id: RefundId,
    /// The refunded payment.
    pub payment_id: PaymentId,
    /// Day it was decided.
    pub refunded_on: NaiveDate,
}

/// The facts of one resident.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    person: Option<Person>,
    payments: BTreeMap<PaymentId, Payment>,
    refunds: BTreeMap<PaymentId, Refund>,
}

impl History {
    /// Takes a state of the person; false when it says nothing new. The higher revision stays, and of two states of one
    /// revision, which the registry never sends, always the same.
    pub fn note(&mut self, person: Person) -> bool {
        if self.person.as_ref().is_some_and(|known| *known >= person) {
            return false;
        }
        self.person = Some(person);
        true
    }

    /// Takes a payment; false when it is known.
    pub fn pay(&mut self, payment: Payment) -> bool {
        keep(&mut self.payments, payment.id, payment)
    }

    /// Takes a refund, also of a payment that is not known yet; false when it is known.
    pub fn refund(&mut self, refund: Refund) -> bool {
        keep(&mut self.refunds, refund.payment_id, refund)
    }

    /// The same if the person lived: what a day after the death would be without it.
    #[must_use]
    pub fn if_living(&self) -> Self {
        let person = self.person.clone().map(|person| Person { died_on: None, ..person });
        Self { person, ..self.clone() }
    }

    /// The same if nothing had been refunded.
    #[must_use]
    pub fn if_not_refunded(&self) -> Self {
        Self { refunds: BTreeMap::new(), ..self.clone() }
    }

    /// The person, once the registry told of one.
    #[must_use]
    pub const fn person(&self) -> Option<&Person> {
        self.person.as_ref()
    }

    /// Payments in the order in which they count: by policy year, day and id.
    #[must_use]
    pub fn payments(&self) -> Vec<&Payment> {
        let mut payments: Vec<_> = self.payments.values().collect();
        payments.sort_by_key(|payment| (self.maybe_terms(payment).map(|terms| terms.policy_year), payment.paid_on));
        payments
    }

    /// The refund of a payment.
    #[must_use]
    pub fn maybe_refund(&self, payment_id: PaymentId) -> Option<&Refund> {
        self.refunds.get(&payment_id)
    }

    /// Refunds by payment.
    pub fn refunds(&self) -> impl Iterator<Item = &Refund> {
        self.refunds.values()
    }

    /// The terms that a payment settles.
    #[must_use]
    pub fn maybe_terms(&self, payment: &Payment) -> Option<&Terms> {
        self.person.as_ref()?.maybe_terms(payment.enrolment_id)
    }
}

/// Keeps the first fact of an id and, of two that say different things, always the same one.
fn keep<T: Copy + Ord>(facts: &mut BTreeMap<PaymentId, T>, id: PaymentId, fact: T) -> bool {
    match facts.get_mut(&id) {
        Some(known) if *known <= fact => false,
        Some(known) => {
            *known = fact;
            true
        }
        None => {
            facts.insert(id, fact);
            true
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fixtures::{paid, person, refunded};
    use super::*;

    #[test]
    fn a_fact_counts_once_and_the_newest_state_stays() {
        let mut history = History::default();
        assert!(history.refund(refunded(1)));
        assert!(history.pay(paid(1, "2020-10-08")));
        assert!(!history.pay(paid(1, "2020-10-08")) && !history.refund(refunded(1)));
        assert!(history.note(Person { revision: 3, ..person() }));
        assert!(!history.note(Person { revision: 2, ..person() }) && !history.note(Person { revision: 3, ..person() }));
        assert_eq!(history.person().unwrap().revision, 3);
    }
}
