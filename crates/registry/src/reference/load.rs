//! Loading the reference files: at the first start, and again when an office asks for it.

use juyi_db::{Database, Session};
use juyi_domain::codes::Office;
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_proto::registry::v1 as pb;

use super::files;
use crate::store::{providers, units};

/// Loads the files into a database that has none of their rows yet, in one transaction. Two processes that start at once
/// write the same rows in the same order, so that both end with them.
///
/// # Errors
/// Those of the database.
pub(crate) async fn first(database: &Database, context: &Context) -> Result<(), Error> {
    if units::any_from_files(&mut database.read().await?).await? {
        return Ok(());
    }
    let mut session = database.begin().await?;
    all(&mut session, context).await?;
    Ok(session.commit().await?)
}

/// Stores what the files add or change and counts it, per file. Nothing is removed, and what an office wrote stays.
///
/// # Errors
/// Those of the database.
pub(super) async fn all(session: &mut Session, context: &Context) -> Result<Vec<pb::LoadedFile>, Error> {
    let mut loaded = Vec::new();
    for (file, text) in files::UNITS {
        let mut counts = Counts::of(file);
        for unit in files::units(text, context.now())? {
            let stored = units::maybe_find(session, &unit.id).await?;
            let same = stored.as_ref().map(|stored| is_offices(&stored.recorded_by) || unit.says_the_same(stored));
            if counts.needs_writing(same) {
                units::load(session, &unit).await?;
            }
        }
        loaded.push(counts.0);
    }
    let (file, text) = files::PROVIDERS;
    let mut counts = Counts::of(file);
    for provider in files::providers(text, context.now())? {
        let stored = providers::maybe_find_from(session, &provider.code, provider.start_on).await?;
        let same = stored.as_ref().map(|stored| is_offices(&stored.recorded_by) || provider.says_the_same(stored));
        if counts.needs_writing(same) {
            providers::put(session, &provider).await?;
        }
    }
    loaded.push(counts.0);
    Ok(loaded)
}

/// A row that an office wrote or changed is the office's.
fn is_offices(recorded_by: &Caller) -> bool {
    recorded_by.office != Office::System
}

/// What a file brought.
struct Counts(pb::LoadedFile);

impl Counts {
    fn of(file: &str) -> Self {
        Self(pb::LoadedFile { file: file.to_owned(), ..Default::default() })
    }

    /// Counts a row and says whether it is to be written. `same` is `None` for a row that was not there.
    fn needs_writing(&mut self, same: Option<bool>) -> bool {
        self.0.rows += 1;
        match same {
            None => self.0.added += 1,
            Some(false) => self.0.changed += 1,
            Some(true) => self.0.unchanged += 1,
        }
        same != Some(true)
    }
}
