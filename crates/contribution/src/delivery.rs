//! Events of payments and refunds: to the benefit period, which derives coverage, and to the registry, which changes
//! recorded data differently once an enrolment is paid (J-3.4.2-a).
//!
//! An event carries at most [`BATCH`] payments. Its subject is a resident, or the batch they belong to.

use juyi_kit::channel::Channel;
use juyi_kit::context::Context;
use juyi_kit::outbox::{ByTopic, Deliver, Event};
use juyi_proto::benefit_period::v1 as benefit_period;
use juyi_proto::benefit_period::v1::coverage_facts_service_client::CoverageFactsServiceClient;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as registry;
use juyi_proto::registry::v1::enrolled_service_client::EnrolledServiceClient;
use prost::Message;
use tonic::Status;

use crate::registry::{BATCH, Enrolled};
use crate::store::payments::{Payment, Refunded};

/// Topic of payments for the benefit period.
const PAYMENTS_APPLIED: &str = "payments_applied";
/// Topic of refunds for the benefit period.
const REFUNDS_APPLIED: &str = "refunds_applied";
/// Topic of payments and refunds for the registry.
const PAYMENTS_NOTED: &str = "payments_noted";

/// The events of confirmed payments, each with the number of entries its enrolment has seen (`payments::entries`).
pub(crate) fn confirmed(context: &Context, subject: &str, payments: &[(&Payment, &Enrolled, i64)]) -> Vec<Event> {
    let mut events = Vec::new();
    for part in payments.chunks(BATCH) {
        let facts = part.iter().map(|(payment, enrolled, _)| fact(payment, enrolled)).collect();
        events.push(event(context, subject, PAYMENTS_APPLIED, |event_id| benefit_period::ApplyPaymentsRequest {
            event_id,
            payments: facts,
        }));
        let noted = part.iter().map(|(payment, _, version)| note(payment, *version, true)).collect();
        events.push(event(context, subject, PAYMENTS_NOTED, |event_id| registry::NotePaymentsRequest {
            event_id,
            payments: noted,
        }));
    }
    events
}

/// The events of refunded payments, each with its refund and the number of entries its enrolment has seen.
#[allow(dead_code, reason = "refunds send them")]
pub(crate) fn refunded(context: &Context, subject: &str, payments: &[(&Payment, Refunded, i64)]) -> Vec<Event> {
    let mut events = Vec::new();
    for part in payments.chunks(BATCH) {
        let facts = part
            .iter()
            .map(|(payment, refund, _)| benefit_period::RefundFact {
                refund_id: refund.id.to_string(),
                payment_id: payment.id.to_string(),
                resident_id: payment.resident_id.to_string(),
                refund_date: refund.on.to_string(),
            })
            .collect();
        events.push(event(context, subject, REFUNDS_APPLIED, |event_id| benefit_period::ApplyRefundsRequest {
            event_id,
            refunds: facts,
        }));
        let noted = part.iter().map(|(payment, _, version)| note(payment, *version, false)).collect();
        events.push(event(context, subject, PAYMENTS_NOTED, |event_id| registry::NotePaymentsRequest {
            event_id,
            payments: noted,
        }));
    }
    events
}

fn fact(payment: &Payment, enrolled: &Enrolled) -> benefit_period::PaymentFact {
    benefit_period::PaymentFact {
        payment_id: payment.id.to_string(),
        enrolment_id: payment.enrolment_id.to_string(),
        payment_date: payment.paid_on.to_string(),
        invoke_epidemic_rule: payment.invokes_epidemic_rule,
        fully_subsidised: payment.fully_subsidised(),
        person: Some(enrolled.person.clone()),
        method: payment.method.to_wire(),
    }
}

fn note(payment: &Payment, version: i64, counts: bool) -> registry::NotedPayment {
    registry::NotedPayment {
        resident_id: payment.resident_id.to_string(),
        enrolment_id: payment.enrolment_id.to_string(),
        payment_date: if counts { payment.paid_on.to_string() } else { String::new() },
        version,
    }
}

fn event<R: Message>(context: &Context, subject: &str, topic: &str, request: impl FnOnce(String) -> R) -> Event {
    let id = context.id::<juyi_domain::id::EventId>();
    let payload = request(id.to_string()).encode_to_vec();
    Event { id, resident_id: subject.to_owned(), topic: topic.to_owned(), payload }
}

/// Takes each event to its receiver. Both cope with repetition and with any order, and neither waits for the other.
pub(crate) fn receivers(benefit_period: Channel, registry: Channel) -> ByTopic {
    let coverage = CoverageFactsServiceClient::new(benefit_period);
    ByTopic::default()
        .with(PAYMENTS_APPLIED, Payments(coverage.clone()))
        .with(REFUNDS_APPLIED, Refunds(coverage))
        .with(PAYMENTS_NOTED, Notes(EnrolledServiceClient::new(registry)))
}

/// To the benefit period, which has one effect per payment.
struct Payments(CoverageFactsServiceClient<Channel>);

#[async_trait::async_trait]
impl Deliver for Payments {
    fn takes_any_order(&self, _topic: &str) -> bool {
        true
    }

    async fn deliver(&self, event: &Event) -> Result<(), Status> {
        self.0.clone().apply_payments(request::<benefit_period::ApplyPaymentsRequest>(event)?).await?;
        Ok(())
    }
}

/// To the benefit period, which has one effect per refund.
struct Refunds(CoverageFactsServiceClient<Channel>);

#[async_trait::async_trait]
impl Deliver for Refunds {
    fn takes_any_order(&self, _topic: &str) -> bool {
        true
    }

    async fn deliver(&self, event: &Event) -> Result<(), Status> {
        self.0.clone().apply_refunds(request::<benefit_period::ApplyRefundsRequest>(event)?).await?;
        Ok(())
    }
}

/// To the registry, which keeps the highest version of an enrolment.
struct Notes(EnrolledServiceClient<Channel>);

#[async_trait::async_trait]
impl Deliver for Notes {
    fn takes_any_order(&self, _topic: &str) -> bool {
        true
    }

    async fn deliver(&self, event: &Event) -> Result<(), Status> {
        self.0.clone().note_payments(request::<registry::NotePaymentsRequest>(event)?).await?;
        Ok(())
    }
}

fn request<R: Message + Default>(event: &Event) -> Result<R, Status> {
    R::decode(event.payload.as_slice()).map_err(|_| Status::internal("a stored event cannot be read"))
}
