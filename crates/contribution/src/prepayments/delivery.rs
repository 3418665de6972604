//! The event of a prepayment: to the registry, which registers the student for the years of the term without a new
//! application (J-3.2.1-c).

use juyi_domain::id::EventId;
use juyi_kit::channel::Channel;
use juyi_kit::context::Context;
use juyi_kit::outbox::{Deliver, Event};
use juyi_proto::registry::v1 as registry;
use juyi_proto::registry::v1::enrolled_service_client::EnrolledServiceClient;
use prost::Message;
use tonic::Status;

use crate::store::prepayments::Prepayment;

/// Topic of prepayments for the registry.
pub(crate) const PREPAYMENT_NOTED: &str = "prepayment_noted";

/// The event.
pub(super) fn noted(context: &Context, prepayment: &Prepayment) -> Event {
    let id: EventId = context.id();
    let request = registry::NotePrepaymentRequest {
        event_id: id.to_string(),
        resident_id: prepayment.resident_id.to_string(),
        prepayment_id: prepayment.id.to_string(),
        first_policy_year: prepayment.term.first_year,
        last_policy_year: prepayment.term.last_year,
        payment_date: prepayment.paid_on.to_string(),
    };
    let (resident_id, topic) = (prepayment.resident_id.to_string(), PREPAYMENT_NOTED.to_owned());
    Event { id, resident_id, topic, payload: request.encode_to_vec() }
}

/// To the registry, which notes a prepayment once.
pub(crate) struct ToRegistry(EnrolledServiceClient<Channel>);

impl ToRegistry {
    pub(crate) fn new(registry: Channel) -> Self {
        Self(EnrolledServiceClient::new(registry))
    }
}

#[async_trait::async_trait]
impl Deliver for ToRegistry {
    fn takes_any_order(&self, _topic: &str) -> bool {
        true
    }

    async fn deliver(&self, event: &Event) -> Result<(), Status> {
        let request = registry::NotePrepaymentRequest::decode(event.payload.as_slice());
        let request = request.map_err(|_| Status::internal("a stored event cannot be read"))?;
        self.0.clone().note_prepayment(request).await?;
        Ok(())
    }
}
