//! Rows on their way into the database, chunk by chunk, while the next ones are read from the stream.

use std::time::Duration;

use juyi_db::Database;
use juyi_domain::id::UploadId;
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::registry::Registry;
use crate::rosters::intake::Chunk;
use crate::store::{roster_rows, rosters};

/// An upload to which nothing came for so long belongs to a process that died: a living one gives up far sooner.
const ABANDONED_AFTER: Duration = Duration::from_secs(60 * 60);

/// Rows of one stream, stored under an id that no roster has yet. A stream that breaks off takes its rows with it, even
/// when the call is dropped: they are stored, and removed, by a task of their own.
pub(super) struct Stage {
    upload_id: UploadId,
    chunks: mpsc::Sender<Option<Chunk>>,
    task: JoinHandle<Result<(), Error>>,
}

impl Stage {
    /// Opens an upload.
    ///
    /// # Errors
    /// Those of the database.
    pub(super) async fn open(registry: &Registry) -> Result<Self, Error> {
        let upload_id = registry.context.id();
        let mut session = registry.database.begin().await?;
        rosters::insert_upload(&mut session, upload_id, registry.context.now()).await?;
        session.commit().await?;
        // One chunk is stored, one waits, one is gathered.
        let (chunks, coming) = mpsc::channel(1);
        let task = tokio::spawn(store_all(registry.clone(), upload_id, coming));
        Ok(Self { upload_id, chunks, task })
    }

    /// Hands over rows.
    ///
    /// # Errors
    /// Those of earlier rows.
    pub(super) async fn put(&mut self, chunk: Chunk) -> Result<(), Error> {
        match self.chunks.send(Some(chunk)).await {
            Ok(()) => Ok(()),
            Err(_) => finished(&mut self.task).await,
        }
    }

    /// Waits until every row is stored.
    ///
    /// # Errors
    /// Those of the database.
    pub(super) async fn close(mut self) -> Result<UploadId, Error> {
        // A task that ended early says why below.
        let _ = self.chunks.send(None).await;
        finished(&mut self.task).await?;
        Ok(self.upload_id)
    }
}

async fn finished(task: &mut JoinHandle<Result<(), Error>>) -> Result<(), Error> {
    task.await.unwrap_or(Err(Error::Fault("the rows of a roster could not be stored")))
}

/// Stores chunks until the end of the stream is handed over. Without it, the stream broke off.
async fn store_all(
    registry: Registry,
    upload_id: UploadId,
    mut coming: mpsc::Receiver<Option<Chunk>>,
) -> Result<(), Error> {
    let mut stored = Ok(());
    while let Some(chunk) = coming.recv().await {
        let Some(chunk) = chunk else { return Ok(()) };
        stored = store(&registry.database, &registry.context, upload_id, chunk).await;
        if stored.is_err() {
            break;
        }
    }
    purge(&registry.database, upload_id).await?;
    stored
}

async fn store(database: &Database, context: &Context, upload_id: UploadId, chunk: Chunk) -> Result<(), Error> {
    let mut session = database.begin().await?;
    if !rosters::touch_upload(&mut session, upload_id, context.now()).await? {
        return Err(given_up().into());
    }
    roster_rows::insert(&mut session, upload_id, chunk.accepted).await?;
    roster_rows::insert_exceptions(&mut session, upload_id, chunk.not_accepted).await?;
    session.commit().await?;
    Ok(())
}

/// An upload that was taken for abandoned.
pub(super) fn given_up() -> Refusal {
    Refusal::new(Reason::TimedOut, "the stream took too long and was given up; send the roster again")
}

/// Removes an upload, some rows at a time; without effect on one that became a roster.
///
/// # Errors
/// Those of the database.
pub(super) async fn purge(database: &Database, upload_id: UploadId) -> Result<(), Error> {
    let mut session = database.begin().await?;
    let given_up = rosters::give_up_upload(&mut session, upload_id).await?;
    session.commit().await?;
    if !given_up {
        return Ok(());
    }
    loop {
        let mut session = database.begin().await?;
        let more = roster_rows::purge_some(&mut session, upload_id).await?;
        if !more {
            rosters::delete_upload(&mut session, upload_id).await?;
        }
        session.commit().await?;
        if !more {
            return Ok(());
        }
    }
}

/// Removes the uploads that processes left when they died.
///
/// # Errors
/// Those of the database.
pub(super) async fn purge_abandoned(registry: &Registry) -> Result<(), Error> {
    let since = registry.context.now() - ABANDONED_AFTER;
    loop {
        let stale = rosters::maybe_stale(&mut registry.database.read().await?, since).await?;
        let Some(upload_id) = stale else { return Ok(()) };
        purge(&registry.database, upload_id).await?;
    }
}
