//! The stream of a roster, from its header to its answer.

use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::stream;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::submit_roster_request::Piece;
use tonic::Streaming;

use crate::registry::Registry;
use crate::rosters::apply;
use crate::rosters::close::Complete;
use crate::rosters::header::{self, Header};
use crate::rosters::intake::Intake;
use crate::rosters::row::Checks;
use crate::rosters::stage::{Stage, purge};
use crate::rosters::write;
use crate::store::{roster_rows, rosters};

/// Rows that were not accepted and stand in the answer.
const SHOWN: i64 = 100;

pub(crate) async fn submit_roster(
    registry: &Registry,
    mut pieces: Streaming<pb::SubmitRosterRequest>,
) -> Result<pb::SubmitRosterResponse, Error> {
    let caller = Caller::current()?;
    let header = match next(&mut pieces).await? {
        Some(Some(Piece::Header(header))) => header::read(&header, registry.context.clock().today())?,
        _ => return Err(Refusal::new(Reason::RequiredFieldMissing, "the header comes first").at("header").into()),
    };
    header.admit(&registry.context, &caller)?;
    let checks = checks(registry, header.clone()).await?;
    let complete = receive(registry, &mut pieces, Intake::new(checks), (header, caller)).await?;
    // What is complete is brought to its end, also when nobody waits for the answer any more.
    let registry = registry.clone();
    let answer = tokio::spawn(async move { finish(&registry, complete).await });
    answer.await.unwrap_or(Err(Error::Fault("a roster could not be closed")))
}

async fn checks(registry: &Registry, header: Header) -> Result<Checks, Error> {
    let units = rosters::units(&mut registry.database.read().await?, header.district).await?;
    let unit = header.maybe_unit(&units)?;
    Ok(Checks { header, unit, units })
}

/// Takes the rows to the end of the stream. A roster that is there already is only compared with.
async fn receive(
    registry: &Registry,
    pieces: &mut Streaming<pb::SubmitRosterRequest>,
    mut intake: Intake,
    (header, caller): (Header, Caller),
) -> Result<Complete, Error> {
    let mut session = registry.database.read().await?;
    let stored = rosters::maybe_find(&mut session, header.district, header.kind, &header.roster_id).await?;
    drop(session);
    let mut stage = if stored.is_some() { None } else { Some(Stage::open(registry).await?) };
    while let Some(piece) = next(pieces).await? {
        intake.take(piece)?;
        if let Some(chunk) = intake.maybe_chunk() {
            put(&mut stage, chunk).await?;
        }
    }
    intake.finish()?;
    put(&mut stage, intake.rest()).await?;
    let upload_id = match stage {
        Some(stage) => Some(stage.close().await?),
        None => None,
    };
    let (counts, fingerprint) = intake.close();
    Ok(Complete { header, upload_id, counts, fingerprint, caller })
}

async fn put(stage: &mut Option<Stage>, chunk: crate::rosters::intake::Chunk) -> Result<(), Error> {
    match stage {
        Some(stage) => stage.put(chunk).await,
        None => Ok(()),
    }
}

/// Brings a complete stream to its end: a roster with its effects, or for a dry run what they would be.
async fn finish(registry: &Registry, complete: Complete) -> Result<pb::SubmitRosterResponse, Error> {
    let (upload_id, dry_run) = (complete.upload_id, complete.header.dry_run);
    let answer = answer(registry, complete).await;
    match upload_id {
        Some(upload_id) if dry_run || answer.is_err() => purge(&registry.database, upload_id).await.and(answer),
        _ => answer,
    }
}

async fn answer(registry: &Registry, complete: Complete) -> Result<pb::SubmitRosterResponse, Error> {
    let (upload_id, dry_run) = (complete.upload_id, complete.header.dry_run);
    let mut roster = complete.close(registry).await?;
    match dry_run {
        false => apply::run(registry, &mut roster).await?,
        // A roster that is stored already is answered as it is.
        true if upload_id == Some(roster.upload_id) => apply::rehearse(registry, &mut roster).await?,
        true => {}
    }
    let mut session = registry.database.read().await?;
    let rows = roster_rows::exceptions(&mut session, roster.upload_id, None, 0, SHOWN).await?;
    Ok(pb::SubmitRosterResponse {
        roster: Some(write::roster(&registry.context, &roster)),
        not_accepted: rows.into_iter().map(write::outcome).collect(),
    })
}

async fn next(pieces: &mut Streaming<pb::SubmitRosterRequest>) -> Result<Option<Option<Piece>>, Error> {
    Ok(stream::next(pieces, "send the roster again").await?.map(|request| request.piece))
}
