//! Declarations: a unit's people are counted, paid for at once, and each gets a payment of the own.
//!
//! Counting (`count`) and confirming (`members`) work some hundred people at a time. Each time lines, figures and the mark
//! up to which they are made are stored in one transaction, so that whoever comes next goes on there: the same call, a
//! repeated one, or the background work (`upkeep`) of the next start.

mod agency;
mod changes;
mod count;
mod exceptions;
mod grpc;
mod list;
mod members;
mod pay;
mod read;
mod special;
#[cfg(test)]
mod tests;
mod units;
mod upkeep;
mod write;

use std::sync::Arc;
use std::time::Duration;

use juyi_db::{Database, Session};
use juyi_domain::id::DeclarationId;
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::channel::Channel;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::outbox::Outbox;
use tokio::sync::Mutex;

use crate::registry::Registry;
use crate::store::declarations::{self, Declaration};
use units::Units;

pub(crate) use upkeep::run as upkeep;

/// How long a call works on a declaration before it answers how far it has come.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a chunk is tried when other processes keep coming first.
const ATTEMPTS: usize = 8;

/// What declarations work with.
#[derive(Clone)]
pub(crate) struct Declarations {
    pub(crate) database: Database,
    pub(crate) context: Context,
    pub(crate) registry: Registry,
    pub(crate) outbox: Arc<Outbox>,
    units: Units,
    /// Chunks of this process take turns: each begins where the last one ended, and a long declaration holds up no short
    /// one.
    turn: Arc<Mutex<()>>,
}

impl Declarations {
    pub(crate) fn new(
        database: Database,
        context: Context,
        registry: Registry,
        outbox: Arc<Outbox>,
        channel: Channel,
    ) -> Self {
        Self { database, context, registry, outbox, units: Units::new(channel), turn: Arc::default() }
    }

    /// The declaration as it stands. Errors: DECLARATION_NOT_FOUND.
    async fn find(&self, id: DeclarationId) -> Result<Declaration, Error> {
        find(&mut self.database.read().await?, id).await
    }
}

async fn find(session: &mut Session, id: DeclarationId) -> Result<Declaration, Error> {
    declarations::maybe_find(session, id).await?.ok_or_else(|| {
        Refusal::new(Reason::DeclarationNotFound, "no declaration has this id").at("declaration_id").into()
    })
}

/// Another process came first.
const fn contended() -> Error {
    Error::Storage(juyi_db::Error::Contended)
}

/// True for what another try may mend.
const fn is_contention(error: &Error) -> bool {
    matches!(error, Error::Storage(juyi_db::Error::Duplicate | juyi_db::Error::Contended))
}
