//! Everybody whom a unit enrolled for a year, page by page.

use juyi_domain::codes::Office;
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use super::{MOST, batch};
use crate::registry::Registry;
use crate::store::{person_states, units};

/// The pages as they are read.
pub(crate) type Batches = ReceiverStream<Result<pb::StreamEnrolledResponse, Status>>;

/// Starts reading. One page waits while the caller takes the one before; no connection to the database is held for it.
pub(crate) async fn stream(registry: &Registry, request: pb::StreamEnrolledRequest) -> Result<Batches, Error> {
    Caller::current()?.require(&[Office::System])?;
    let mut fields = Fields::new();
    let unit_id = fields.text("unit_id", &request.unit_id, 1..=40);
    let policy_year = fields.policy_year("policy_year", request.policy_year);
    let (unit_id, policy_year) = fields.finish((unit_id, policy_year))?;
    if units::maybe_find(&mut registry.database.read().await?, &unit_id).await?.is_none() {
        return Err(Refusal::new(Reason::UnitNotFound, "no unit has this id").at("unit_id").into());
    }
    let (pages, batches) = mpsc::channel(1);
    let registry = registry.clone();
    tokio::spawn(async move {
        if let Err(error) = send(&registry, (&unit_id, policy_year), &pages).await {
            let _ = pages.send(Err(error.into())).await;
        }
    });
    Ok(ReceiverStream::new(batches))
}

/// Reads on until the last page, or until nobody listens any more.
async fn send(
    registry: &Registry,
    of: (&str, i32),
    pages: &mpsc::Sender<Result<pb::StreamEnrolledResponse, Status>>,
) -> Result<(), Error> {
    let size = i64::try_from(MOST).unwrap_or(i64::MAX);
    let mut after = None;
    loop {
        // Room first: what is read while the caller is slow would be old when it is taken.
        let Ok(place) = pages.reserve().await else { return Ok(()) };
        let mut session = registry.database.read().await?;
        let keys = person_states::of_unit(&mut session, of, after, size).await?;
        let Some(last) = keys.last() else { return Ok(()) };
        after = Some(last.1);
        let persons = batch::persons(&mut session, &keys).await?;
        drop(session);
        place.send(Ok(pb::StreamEnrolledResponse { persons }));
        if keys.len() < MOST {
            return Ok(());
        }
    }
}
