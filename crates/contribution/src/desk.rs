//! What refunds, prepayments and deductions work with.

use std::sync::Arc;

use juyi_db::{Database, Session};
use juyi_domain::codes::District;
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::Refusal;
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::outbox::{self, Event, Outbox};

use crate::delivery;
use crate::registry::{Enrolled, Registry};
use crate::standing::Standing;
use crate::store::payments::{self, Payment, Refunded};
use crate::store::vouchers;

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

/// The one district whose affairs a caller sees; `None` for all. Errors: ROLE_NOT_ALLOWED for an office that has to name
/// its district and does not.
pub(crate) fn scope(caller: &Caller) -> Result<Option<District>, Refusal> {
    match caller.district {
        Some(own) => Ok(Some(own).filter(|_| District::ALL.iter().any(|it| caller.require_district(*it).is_err()))),
        None => caller.require_district(District::Heping).map(|()| None),
    }
}

/// Stores a payment and leaves its events, inside the transaction it is given.
pub(crate) async fn pay(
    session: &mut Session,
    context: &Context,
    payment: &Payment,
    enrolled: &Enrolled,
) -> Result<(), Error> {
    vouchers::claim(session, payment).await?;
    pay_under_used_voucher(session, context, payment, enrolled).await
}

/// The same where the voucher is used already, for more than this payment.
pub(crate) async fn pay_under_used_voucher(
    session: &mut Session,
    context: &Context,
    payment: &Payment,
    enrolled: &Enrolled,
) -> Result<(), Error> {
    payments::insert_all(session, std::slice::from_ref(payment)).await?;
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
