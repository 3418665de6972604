//! Enrolments by key, with the people behind them.

use juyi_db::Session;
use juyi_domain::codes::Office;
use juyi_domain::id::{EnrolmentId, ResidentId};
use juyi_domain::refusal::{Reason, Refusals};
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use super::{MOST, write};
use crate::registry::Registry;
use crate::store::person_states;

type Key = (ResidentId, EnrolmentId);

pub(crate) async fn get_batch(
    registry: &Registry,
    request: pb::BatchGetEnrolledRequest,
) -> Result<pb::BatchGetEnrolledResponse, Error> {
    Caller::current()?.require(&[Office::System])?;
    let keys = read(&request)?;
    let mut session = registry.database.read().await?;
    Ok(pb::BatchGetEnrolledResponse { persons: persons(&mut session, &keys).await? })
}

/// The people of enrolments, in the order of the keys; unknown ones are left out.
pub(super) async fn persons(session: &mut Session, keys: &[Key]) -> Result<Vec<pb::EnrolledPerson>, Error> {
    let states = person_states::of_residents(session, keys.iter().map(|key| key.0)).await?;
    Ok(keys.iter().filter_map(|(resident_id, id)| write::person(states.get(resident_id)?, *id)).collect())
}

fn read(request: &pb::BatchGetEnrolledRequest) -> Result<Vec<Key>, Refusals> {
    let mut fields = Fields::new();
    if request.enrolments.len() > MOST {
        fields.refuse("enrolments", Reason::ValueNotAllowed, format!("at most {MOST} enrolments are read at once"));
        return fields.finish(Vec::new());
    }
    let mut keys = Vec::with_capacity(request.enrolments.len());
    for (place, key) in request.enrolments.iter().enumerate() {
        let resident_id = fields.id(&format!("enrolments[{place}].resident_id"), &key.resident_id);
        let enrolment_id = fields.id(&format!("enrolments[{place}].enrolment_id"), &key.enrolment_id);
        keys.push((resident_id, enrolment_id));
    }
    fields.finish(keys)
}
