//! What refunds, prepayments and deductions work with.

use std::sync::Arc;

use chrono::NaiveDate;
use juyi_db::{Database, Session};
use juyi_domain::benefit_period::derive::derive;
use juyi_domain::id::{EnrolmentId, PaymentId, ResidentId};
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::outbox::{self, Event, Outbox};
use juyi_proto::enrolment::Paid;

use crate::delivery;
use crate::registry::{Enrolled, Registry};
use crate::standing::Standing;
use crate::store::payments::{self, Payment, Refunded};

/// The rows, the clock and the peers.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) database: Database,
    pub(crate) context: Context,
    pub(crate) registry: Registry,
    pub(crate) standing: Standing,
    pub(crate) outbox: Arc<Outbox>,
}

impl Desk {
    /// Delivers what a change left, so that the usual caller finds its effect when it has its answer.
    pub(crate) async fn flush(&self, validate_only: bool, resident_id: ResidentId) {
        if !validate_only {
            self.outbox.flush(&resident_id.to_string()).await;
        }
    }
}

/// Stores a payment and leaves its events, inside the transaction it is given.
pub(crate) async fn pay(
    session: &mut Session,
    context: &Context,
    payment: &Payment,
    enrolled: &Enrolled,
) -> Result<(), Error> {
    payments::insert(session, payment).await?;
    let version = payments::entries(session, payment.resident_id, payment.enrolment_id).await?;
    let subject = payment.resident_id.to_string();
    enqueue(session, context, delivery::confirmed(context, &subject, &[(payment, enrolled, version)])).await
}

/// Marks a payment as refunded and leaves the events, inside the transaction it is given. `Contended` when another
/// writer was first.
pub(crate) async fn pay_back(
    session: &mut Session,
    context: &Context,
    payment: &Payment,
    refund: Refunded,
) -> Result<(), Error> {
    if !payments::refund(session, payment.resident_id, payment.id, refund).await? {
        return Err(juyi_db::Error::Contended.into());
    }
    let version = payments::entries(session, payment.resident_id, payment.enrolment_id).await?;
    let subject = payment.resident_id.to_string();
    enqueue(session, context, delivery::refunded(context, &subject, &[(payment, refund, version)])).await
}

/// Leaves events in the transaction of their cause.
pub(crate) async fn enqueue(session: &mut Session, context: &Context, events: Vec<Event>) -> Result<(), Error> {
    for event in events {
        outbox::enqueue(session, &event, context.now()).await?;
    }
    Ok(())
}

/// One payment settles an enrolment, and one voucher one payment: DUPLICATE_PAYMENT.
pub(crate) async fn not_paid(
    session: &mut Session,
    resident_id: ResidentId,
    enrolment_id: EnrolmentId,
    voucher_number: &str,
) -> Result<Result<(), Refusals>, Error> {
    let mut refusals = Refusals::default();
    let paid = payments::maybe_find_of_enrolment(session, resident_id, enrolment_id).await?;
    if let Some(id) = paid {
        refusals.push(duplicate(id, "this enrolment is paid").at("enrolment_id"));
    }
    let used = payments::maybe_find_of_voucher(session, resident_id, voucher_number).await?;
    if let Some(id) = used.filter(|id| Some(*id) != paid) {
        refusals.push(duplicate(id, "this voucher confirmed another payment").at("voucher_number"));
    }
    Ok(refusals.into_result())
}

pub(crate) fn duplicate(id: PaymentId, detail: &str) -> Refusal {
    Refusal::new(Reason::DuplicatePayment, detail).with("payment_id", id)
}

/// A payment that opens no coverage is refused before it is stored, as at the till.
pub(crate) fn opens_coverage(context: &Context, enrolled: &Enrolled, paid_on: NaiveDate) -> Result<(), Refusals> {
    let enrolment = &enrolled.enrolment;
    let mut refusals = Refusals::default();
    if paid_on < enrolment.applied_on {
        let detail = format!("the payment lies before the application of {}", enrolment.applied_on);
        refusals.push(Refusal::new(Reason::DateOrder, detail).at("payment_date"));
    }
    let paid = Paid { on: paid_on, fully_subsidised: false, invokes_epidemic_rule: false };
    let facts = enrolment.coverage_facts(enrolled.born_on, paid);
    let law = context.policy().for_(enrolment.district, enrolment.policy_year, facts.paid_on)?;
    refusals.keep(derive(&facts, &law.benefit_period));
    refusals.into_result()
}
