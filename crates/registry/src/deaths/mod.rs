//! Deaths, and what other services of the suite ask about a person.
//!
//! A recorded death ends coverage from the day after (J-A1.3-j): benefit period is told by an event. Another event asks
//! settlement for services that begin or end later; those become findings and nothing is reversed.

mod delivery;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use juyi_db::Session;
use juyi_domain::id::{EventId, ResidentId};
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::outbox::{self, Event};
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use crate::identities::to_wire;
use crate::person_states::resident_changed;
use crate::registry::Registry;
use crate::store::{deaths, enrolled, identities};

pub(crate) use delivery::ToSettlement;

/// Topic of the event to settlement.
pub(crate) const DEATH: &str = "death";

/// Answers what other services need of a person on a day: identities, and death.
pub(crate) async fn get_standing(
    registry: &Registry,
    request: pb::GetStandingRequest,
) -> Result<pb::GetStandingResponse, Error> {
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &request.resident_id);
    let on = fields.date("on_date", &request.on_date);
    let (resident_id, on) = fields.finish((resident_id, on))?;
    let mut session = registry.database.read().await?;
    let person = deaths::maybe_find(&mut session, resident_id).await?;
    let person =
        person.ok_or_else(|| Refusal::new(Reason::PersonNotFound, "no resident has this id").at("resident_id"))?;
    let held = identities::list(&mut session, resident_id, Some(on)).await?;
    Ok(pb::GetStandingResponse {
        identities: held.iter().map(to_wire).collect(),
        death_date: person.died_on.map(|day| day.to_string()).unwrap_or_default(),
    })
}

/// Tells of a death, of its changed day or, with `None`, that it was taken back, in the transaction that records it.
/// Telling it again has no further effect.
///
/// # Errors
/// Those of the database.
pub(crate) async fn announce(
    session: &mut Session,
    context: &Context,
    resident_id: ResidentId,
    died_on: Option<NaiveDate>,
) -> Result<(), Error> {
    enrolled::remove(session, resident_id).await?;
    if died_on.is_none() {
        enrolled::add(session, resident_id).await?;
    }
    resident_changed(session, context, resident_id).await?;
    ask_again(session, context, resident_id).await
}

/// Has settlement asked for services after the death as it stands when the event arrives.
///
/// # Errors
/// Those of the database.
pub(crate) async fn ask_again(session: &mut Session, context: &Context, resident_id: ResidentId) -> Result<(), Error> {
    let id: EventId = context.id();
    let resident_id = resident_id.to_string();
    let event = Event { id, resident_id, topic: DEATH.to_owned(), payload: Vec::new() };
    outbox::enqueue(session, &event, context.now()).await
}
