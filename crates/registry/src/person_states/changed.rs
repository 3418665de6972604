//! Telling benefit period of a change that coverage depends on. Most changes need no telling: a payment carries the state
//! of its person. These come later, or without one.

use juyi_db::{Database, Session};
use juyi_domain::id::{EventId, ResidentId};
use juyi_domain::registry::facts::{DatedFact, Fact};
use juyi_kit::channel::Channel;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::outbox::{self, Deliver, Event};
use juyi_proto::benefit_period::v1 as pb;
use juyi_proto::benefit_period::v1::coverage_facts_service_client::CoverageFactsServiceClient;
use tonic::Status;

use super::write;
use crate::store::person_states;

/// Topic of the event.
pub(crate) const RESIDENT_CHANGED: &str = "resident_changed";

/// True for a fact that coverage depends on: leaving school (J-4.3-c), employees' insurance (J-9-1a to J-9-2b) and its
/// interruption (J-3.2.7-a).
pub(crate) const fn matters(dated: &DatedFact) -> bool {
    matches!(dated.fact, Fact::SchoolLeaving(_) | Fact::EmployeesInsurance(_) | Fact::Interruption(_))
}

/// Has benefit period told of a person, in the transaction of the change, which raises the version of the record.
///
/// The event names the person alone: the state is read when it is delivered, so that late and repeated events tell what
/// is true by then.
///
/// # Errors
/// Those of the database.
pub(crate) async fn resident_changed(
    session: &mut Session,
    context: &Context,
    resident_id: ResidentId,
) -> Result<(), Error> {
    let id: EventId = context.id();
    let (resident_id, topic) = (resident_id.to_string(), RESIDENT_CHANGED.to_owned());
    outbox::enqueue(session, &Event { id, resident_id, topic, payload: Vec::new() }, context.now()).await
}

/// Tells benefit period how a person stands.
pub(crate) struct ToBenefitPeriod {
    pub(crate) database: Database,
    pub(crate) benefit_period: Channel,
}

#[async_trait::async_trait]
impl Deliver for ToBenefitPeriod {
    /// The state with the highest revision stays.
    fn takes_any_order(&self, _topic: &str) -> bool {
        true
    }

    async fn deliver(&self, event: &Event) -> Result<(), Status> {
        let Some(person) = self.read(&event.resident_id).await? else { return Ok(()) };
        let request = pb::NoteResidentsRequest { event_id: event.id.to_string(), persons: vec![write::state(&person)] };
        CoverageFactsServiceClient::new(self.benefit_period.clone()).note_residents(request).await?;
        Ok(())
    }
}

impl ToBenefitPeriod {
    async fn read(&self, resident_id: &str) -> Result<Option<person_states::PersonState>, Error> {
        let id: ResidentId = resident_id.parse().map_err(|_| Error::Fault("an event of no resident"))?;
        let mut session = self.database.read().await?;
        Ok(person_states::of_residents(&mut session, [id]).await?.remove(&id))
    }
}
