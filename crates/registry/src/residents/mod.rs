//! Residents and the dated facts about them.

mod fact;
mod facts;
mod read;
mod register;
#[cfg(test)]
mod tests;
mod write;

use juyi_domain::codes::District;
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::error::Error;
use juyi_kit::wire::next_page;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use crate::registry::Registry;
use crate::store::facts as rows;

pub(crate) use facts::{
    Learned, Named, check as check_facts, follow, maybe_moved, maybe_wrong_township, moves, record as record_all,
};
pub(crate) use read::facts as read_facts;
pub(crate) use register::{at_home, find};
pub(crate) use write::resident as to_wire;

/// Most facts that one request may carry.
pub(crate) const MOST_FACTS: usize = 20;

pub(crate) async fn register(
    registry: &Registry,
    request: pb::RegisterResidentRequest,
) -> Result<pb::RegisterResidentResponse, Error> {
    let caller = &Caller::current()?;
    let command = Command::new("RegisterResident", &registrations_of(caller), &request.request_id, &request)
        .validating(request.validate_only);
    let context = &registry.context;
    let read = &read::register(&request, context.clock().today())?;
    let work = |mut session| async move {
        let (resident, facts) = register::register(&mut session, context, caller, read).await?;
        let resident = write::resident(&resident, &facts, context.clock().today());
        Ok((pb::RegisterResidentResponse { resident: Some(resident) }, session))
    };
    let mut reply = command.run(&registry.database, context, work).await?;
    if let (true, Some(resident)) = (request.validate_only, &mut reply.resident) {
        resident.resident_id.clear();
    }
    Ok(reply)
}

/// A registration belongs to no resident yet; its request is remembered under the kind and district of the office.
fn registrations_of(caller: &Caller) -> String {
    format!("registration/{}/{}", caller.office, caller.district.map_or("", District::as_str))
}

pub(crate) async fn get(
    registry: &Registry,
    request: &pb::GetResidentRequest,
) -> Result<pb::GetResidentResponse, Error> {
    let mut fields = Fields::new();
    let id = fields.id("resident_id", &request.resident_id);
    let id = fields.finish(id)?;
    let mut session = registry.database.read().await?;
    let resident = find(&mut session, id).await?;
    let facts = rows::history(&mut session, id).await?;
    let today = registry.context.clock().today();
    Ok(pb::GetResidentResponse { resident: Some(write::resident(&resident, &facts, today)) })
}

pub(crate) async fn look_up(
    registry: &Registry,
    request: &pb::LookUpResidentRequest,
) -> Result<pb::LookUpResidentResponse, Error> {
    let number = read::look_up(request)?;
    let mut session = registry.database.read().await?;
    let resident = register::look_up(&mut session, &number).await?;
    let facts = rows::history(&mut session, resident.id).await?;
    let today = registry.context.clock().today();
    Ok(pb::LookUpResidentResponse { resident: Some(write::resident(&resident, &facts, today)) })
}

pub(crate) async fn record_facts(
    registry: &Registry,
    request: pb::RecordFactsRequest,
) -> Result<pb::RecordFactsResponse, Error> {
    let caller = &Caller::current()?;
    let command = Command::new("RecordFacts", &request.resident_id, &request.request_id, &request)
        .validating(request.validate_only);
    let context = &registry.context;
    let read = &read::record(&request)?;
    let work = |mut session| async move {
        let recorded = facts::to_resident(&mut session, context, caller, read).await?;
        Ok((pb::RecordFactsResponse { facts: recorded.iter().map(write::fact).collect() }, session))
    };
    let mut reply = command.run(&registry.database, context, work).await?;
    if request.validate_only {
        reply.facts.iter_mut().for_each(|fact| fact.fact_id.clear());
    }
    Ok(reply)
}

pub(crate) async fn list_facts(
    registry: &Registry,
    request: pb::ListFactsRequest,
) -> Result<pb::ListFactsResponse, Error> {
    let asked = read::list(&request)?;
    let mut session = registry.database.read().await?;
    let page = facts::list(&mut session, &asked).await?;
    let next_page_token = next_page(&page, asked.size, |last| last.id.to_string());
    Ok(pb::ListFactsResponse { facts: page.iter().map(write::fact).collect(), next_page_token })
}
