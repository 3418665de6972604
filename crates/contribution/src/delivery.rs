//! The events of a confirmed payment: to the benefit period, which opens coverage, and to the registry, which changes
//! recorded data differently once an enrolment is paid (J-3.4.2-a).

use juyi_domain::id::EventId;
use juyi_kit::channel::Channel;
use juyi_kit::outbox::{ByTopic, Deliver, Event};
use juyi_proto::benefit_period::v1 as benefit_period;
use juyi_proto::benefit_period::v1::benefit_period_service_client::BenefitPeriodServiceClient;
use juyi_proto::registry::v1 as registry;
use juyi_proto::registry::v1::registry_service_client::RegistryServiceClient;
use prost::Message;
use tonic::Status;

use crate::store::payments::Payment;

/// Topic of the event to the benefit period.
const PAYMENT_CONFIRMED: &str = "payment_confirmed";
/// Topic of the event to the registry.
const PAYMENT_NOTED: &str = "payment_noted";

/// The event that opens coverage.
pub(crate) fn payment_confirmed(id: EventId, payment: &Payment, invoke_epidemic_rule: bool) -> Event {
    let request = benefit_period::ApplyPaymentRequest {
        event_id: id.to_string(),
        resident_id: payment.resident_id.to_string(),
        enrolment_id: payment.enrolment_id.to_string(),
        payment_id: payment.id.to_string(),
        payment_date: payment.paid_on.to_string(),
        invoke_epidemic_rule,
        fully_subsidised: payment.quote.payable.is_zero(),
    };
    event(id, payment, PAYMENT_CONFIRMED, &request)
}

/// The event that tells the registry.
pub(crate) fn payment_noted(id: EventId, payment: &Payment) -> Event {
    let request = registry::NotePaymentRequest {
        resident_id: payment.resident_id.to_string(),
        enrolment_id: payment.enrolment_id.to_string(),
        payment_date: payment.paid_on.to_string(),
    };
    event(id, payment, PAYMENT_NOTED, &request)
}

fn event(id: EventId, payment: &Payment, topic: &str, request: &impl Message) -> Event {
    let payload = request.encode_to_vec();
    Event { id, resident_id: payment.resident_id.to_string(), topic: topic.to_owned(), payload }
}

/// Takes each event to its receiver. Both cope with repetition, and neither waits for the other.
pub(crate) fn receivers(benefit_period: Channel, registry: Channel) -> ByTopic {
    let to_benefit_period = ToBenefitPeriod { client: BenefitPeriodServiceClient::new(benefit_period) };
    let to_registry = ToRegistry { client: RegistryServiceClient::new(registry) };
    ByTopic::default().with(PAYMENT_CONFIRMED, to_benefit_period).with(PAYMENT_NOTED, to_registry)
}

/// The benefit period has one effect per payment.
struct ToBenefitPeriod {
    client: BenefitPeriodServiceClient<Channel>,
}

#[async_trait::async_trait]
impl Deliver for ToBenefitPeriod {
    async fn deliver(&self, event: &Event) -> Result<(), Status> {
        self.client.clone().apply_payment(request::<benefit_period::ApplyPaymentRequest>(event)?).await?;
        Ok(())
    }
}

/// The registry keeps the earliest day.
struct ToRegistry {
    client: RegistryServiceClient<Channel>,
}

#[async_trait::async_trait]
impl Deliver for ToRegistry {
    async fn deliver(&self, event: &Event) -> Result<(), Status> {
        self.client.clone().note_payment(request::<registry::NotePaymentRequest>(event)?).await?;
        Ok(())
    }
}

fn request<R: Message + Default>(event: &Event) -> Result<R, Status> {
    R::decode(event.payload.as_slice()).map_err(|_| Status::internal("a stored event cannot be read"))
}
