//! What one person's facts say, and what of it is new.

use juyi_domain::benefit_period::history::{History, Payment, Person, Refund};
use juyi_domain::id::PaymentId;

use super::Fact;
use crate::store::recomputations::{Cause, CauseKind};
use crate::store::spans::Span;

/// What is known of one resident.
#[derive(Default)]
pub(super) struct Subject {
    pub(super) history: History,
    pub(super) spans: Vec<Span>,
    pub(super) new_payments: Vec<Payment>,
    pub(super) corrected_payments: Vec<Payment>,
    pub(super) new_refunds: Vec<Refund>,
    pub(super) replaced_refunds: Vec<PaymentId>,
    pub(super) causes: Vec<Cause>,
}

impl Subject {
    /// Takes one fact and remembers what is new in it.
    pub(super) fn take(&mut self, fact: &Fact) {
        match fact {
            Fact::Person(person) => self.note(person),
            Fact::Payment(payment, person) => {
                self.note(person);
                let known = self.history.payments().iter().any(|it| it.id == payment.id);
                if self.history.pay(*payment) {
                    let told = if known { &mut self.corrected_payments } else { &mut self.new_payments };
                    told.retain(|it| it.id != payment.id);
                    told.push(*payment);
                    self.causes.push(Cause::new(CauseKind::Payment, payment.id));
                }
            }
            Fact::Refund(refund) => {
                let known = self.history.maybe_refund(refund.payment_id).is_some();
                if self.history.refund(*refund) {
                    self.replaced_refunds.extend(known.then_some(refund.payment_id));
                    self.new_refunds.retain(|it| it.payment_id != refund.payment_id);
                    self.new_refunds.push(*refund);
                    self.causes.push(Cause::new(CauseKind::Refund, refund.id));
                }
            }
        }
    }

    fn note(&mut self, person: &Person) {
        if self.history.note(person.clone()) {
            self.causes.push(Cause::new(CauseKind::Person, person.revision));
        }
    }
}
