//! Facts from the other services: payments, refunds, and what the registry knows of people.
//!
//! What of a batch cannot be read is left out and logged with its ids: it would be refused as often as it is delivered, and
//! must not keep the facts of other people from being taken. The rest is taken in one transaction: [`apply`] reads what is known of its persons in a few statements, derives the
//! coverage of each whose facts changed, and stores facts, coverage and the difference together.

mod apply;
mod grpc;
mod read;
mod rows;
mod subject;

pub(crate) use apply::{Law, law};
pub(crate) use grpc::Facts;

use juyi_domain::benefit_period::history::{Payment, Person, Refund};
use juyi_domain::id::{EventId, ResidentId};

/// Facts of one event.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) event_id: EventId,
    pub(crate) facts: Vec<(ResidentId, Fact)>,
    /// How many facts of the event cannot be read.
    pub(crate) left_out: i32,
}

/// One fact about a resident.
#[derive(Clone, Debug)]
pub(crate) enum Fact {
    /// A payment, with the person as known then.
    Payment(Payment, Person),
    Refund(Refund),
    Person(Person),
}
