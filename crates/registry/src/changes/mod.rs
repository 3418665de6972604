//! Changes of recorded data (J-3.4.1-a to J-3.4.2-c, B-8.2.3-b).
//!
//! A change is read here, decided by `juyi_domain::registry::change`, and applied by [`service`]. The registry is changed
//! at once, or, where a township only forwards, when the branch decides.

mod read;
mod service;
#[cfg(test)]
mod tests;
mod write;

use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::error::Error;
use juyi_kit::wire::next_page;
use juyi_proto::registry::v1 as pb;

use crate::registry::Registry;
use crate::store::changes;

pub(crate) async fn file_change(
    registry: &Registry,
    request: pb::FileChangeRequest,
) -> Result<pb::FileChangeResponse, Error> {
    let context = &registry.context;
    let command = Command::new("FileChange", &request.resident_id, &request.request_id, &request)
        .validating(request.validate_only);
    let (caller, read) = (&Caller::current()?, &read::file(&request, context.clock().today())?);
    let work = |mut session| async move {
        let change = service::file(&mut session, context, caller, read).await?;
        let resident = write::resident(&mut session, read.resident_id, context.clock().today()).await?;
        Ok((pb::FileChangeResponse { change: Some(write::change(&change)), resident: Some(resident) }, session))
    };
    let mut reply = command.run(&registry.database, context, work).await?;
    if let (true, Some(change)) = (request.validate_only, &mut reply.change) {
        change.change_id.clear();
    }
    Ok(reply)
}

pub(crate) async fn decide_change(
    registry: &Registry,
    request: pb::DecideChangeRequest,
) -> Result<pb::DecideChangeResponse, Error> {
    let context = &registry.context;
    let command = Command::new("DecideChange", &request.resident_id, &request.request_id, &request);
    let (caller, read) = (&Caller::current()?, &read::decide(&request, context.clock().today())?);
    let work = |mut session| async move {
        let change = service::decide(&mut session, context, caller, read).await?;
        let resident = write::resident(&mut session, read.resident_id, context.clock().today()).await?;
        Ok((pb::DecideChangeResponse { change: Some(write::change(&change)), resident: Some(resident) }, session))
    };
    command.run(&registry.database, context, work).await
}

pub(crate) async fn confirm_tax_change(
    registry: &Registry,
    request: pb::ConfirmTaxChangeRequest,
) -> Result<pb::ConfirmTaxChangeResponse, Error> {
    let context = &registry.context;
    let command = Command::new("ConfirmTaxChange", &request.resident_id, &request.request_id, &request);
    let (caller, read) = (&Caller::current()?, &read::confirm_tax(&request, context.clock().today())?);
    let work = |mut session| async move {
        let change = service::confirm_tax(&mut session, context, caller, read).await?;
        Ok((pb::ConfirmTaxChangeResponse { change: Some(write::change(&change)) }, session))
    };
    command.run(&registry.database, context, work).await
}

pub(crate) async fn list_changes(
    registry: &Registry,
    request: pb::ListChangesRequest,
) -> Result<pb::ListChangesResponse, Error> {
    let (resident_id, before, size) = read::list(&request)?;
    let mut session = registry.database.read().await?;
    crate::residents::find(&mut session, resident_id).await?;
    let page = changes::page(&mut session, resident_id, before, size).await?;
    let next_page_token = next_page(&page, size, |last| last.id.to_string());
    Ok(pb::ListChangesResponse { changes: page.iter().map(write::change).collect(), next_page_token })
}
