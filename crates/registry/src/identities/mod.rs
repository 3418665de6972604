//! Special identities as dated periods: when they are true, and when that became known.

mod assert;
mod read;
#[cfg(test)]
mod tests;
mod write;

use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::error::Error;
use juyi_kit::wire::next_page;
use juyi_proto::registry::v1 as pb;

use crate::registry::Registry;
use crate::residents;
use crate::store::identities::{self, IdentityPeriod};

pub(crate) use write::identity as to_wire;

pub(crate) async fn assert(
    registry: &Registry,
    request: pb::AssertIdentityRequest,
) -> Result<pb::AssertIdentityResponse, Error> {
    let command = Command::new("AssertIdentity", &request.resident_id, &request.request_id, &request)
        .validating(request.validate_only);
    let (context, caller) = (&registry.context, &Caller::current()?);
    let read = &read::assert(&request)?;
    let work = |mut session| async move {
        let period = assert::assert(&mut session, context, caller, read).await?;
        Ok((pb::AssertIdentityResponse { identity: Some(to_wire(&period)) }, session))
    };
    let mut reply = command.run(&registry.database, context, work).await?;
    if let (true, Some(identity)) = (request.validate_only, &mut reply.identity) {
        identity.identity_id.clear();
    }
    Ok(reply)
}

pub(crate) async fn end(
    registry: &Registry,
    request: pb::EndIdentityRequest,
) -> Result<pb::EndIdentityResponse, Error> {
    let command = Command::new("EndIdentity", &request.resident_id, &request.request_id, &request)
        .validating(request.validate_only);
    let (context, caller) = (&registry.context, &Caller::current()?);
    let read = &read::end(&request)?;
    let work = |mut session| async move {
        let period = assert::end(&mut session, context, caller, read).await?;
        Ok((pb::EndIdentityResponse { identity: Some(to_wire(&period)) }, session))
    };
    command.run(&registry.database, context, work).await
}

pub(crate) async fn list(
    registry: &Registry,
    request: &pb::ListIdentitiesRequest,
) -> Result<pb::ListIdentitiesResponse, Error> {
    let asked = read::list(request)?;
    let mut session = registry.database.read().await?;
    residents::find(&mut session, asked.resident_id).await?;
    let page = match asked.known_at {
        None => identities::page(&mut session, asked.resident_id, asked.on, asked.after, asked.size).await?,
        Some(at) => {
            let known = identities::known(&mut session, asked.resident_id, at).await?;
            let wanted = |period: &IdentityPeriod| {
                asked.after.is_none_or(|after| after < period.id) && asked.on.is_none_or(|day| period.holds_on(day))
            };
            known.into_iter().filter(wanted).take(usize::try_from(asked.size).unwrap_or(usize::MAX)).collect()
        }
    };
    let next_page_token = next_page(&page, asked.size, |last| last.id.to_string());
    Ok(pb::ListIdentitiesResponse { identities: page.iter().map(to_wire).collect(), next_page_token })
}
