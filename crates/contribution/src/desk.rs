//! What refunds, prepayments and deductions work with.

use std::sync::Arc;

use juyi_db::{Database, Session};
use juyi_domain::id::ResidentId;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::outbox::{self, Event, Outbox};

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
