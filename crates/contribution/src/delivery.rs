//! The event of a confirmed payment, and its way to the benefit period.

use juyi_domain::id::EventId;
use juyi_kit::channel::Channel;
use juyi_kit::outbox::{Deliver, Event};
use juyi_proto::benefit_period::v1 as pb;
use juyi_proto::benefit_period::v1::benefit_period_service_client::BenefitPeriodServiceClient;
use prost::Message;
use tonic::Status;

use crate::store::payments::Payment;

/// Topic of the one event of this service.
const PAYMENT_CONFIRMED: &str = "payment_confirmed";

/// The event of a payment.
pub(crate) fn payment_confirmed(id: EventId, payment: &Payment, invoke_epidemic_rule: bool) -> Event {
    let request = pb::ApplyPaymentRequest {
        event_id: id.to_string(),
        resident_id: payment.resident_id.to_string(),
        enrolment_id: payment.enrolment_id.to_string(),
        payment_id: payment.id.to_string(),
        payment_date: payment.paid_on.to_string(),
        invoke_epidemic_rule,
        fully_subsidised: payment.quote.payable.is_zero(),
    };
    Event {
        id,
        resident_id: payment.resident_id.to_string(),
        topic: PAYMENT_CONFIRMED.to_owned(),
        payload: request.encode_to_vec(),
    }
}

/// Takes events to the benefit period, which has one effect per payment.
pub(crate) struct ToBenefitPeriod {
    client: BenefitPeriodServiceClient<Channel>,
}

impl ToBenefitPeriod {
    pub(crate) fn new(channel: Channel) -> Self {
        Self { client: BenefitPeriodServiceClient::new(channel) }
    }
}

#[async_trait::async_trait]
impl Deliver for ToBenefitPeriod {
    async fn deliver(&self, event: &Event) -> Result<(), Status> {
        let request = pb::ApplyPaymentRequest::decode(event.payload.as_slice());
        let request = request.map_err(|_| Status::internal("a stored event cannot be read"))?;
        self.client.clone().apply_payment(request).await?;
        Ok(())
    }
}
