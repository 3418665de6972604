//! Everything that led to a person's coverage, in order.

use juyi_db::{Database, Session};
use juyi_domain::benefit_period::history::History;
use juyi_domain::id::ResidentId;
use juyi_kit::error::Error;

use crate::coverage::history;
use crate::registry::Registry;
use crate::store::derivations::{self, Derivation};
use crate::store::recomputations::{self, Recomputation};
use crate::store::spans::{self, Span};

/// Recomputations of the largest answer; a person has a handful for each year.
const MOST_RECOMPUTATIONS: i64 = 200;

/// Facts, outcomes and recomputations of one person.
pub(crate) struct Explanation {
    pub(crate) resident_id: ResidentId,
    pub(crate) history: History,
    pub(crate) derivations: Vec<Derivation>,
    pub(crate) spans: Vec<Span>,
    pub(crate) recomputations: Vec<Recomputation>,
}

/// Errors: PERSON_NOT_FOUND.
pub(crate) async fn explain(
    database: &Database,
    registry: &Registry,
    resident_id: ResidentId,
) -> Result<Explanation, Error> {
    let explanation = read(&mut database.read().await?, resident_id).await?;
    if explanation.history.person().is_none() && explanation.recomputations.is_empty() {
        registry.require_resident(resident_id).await?;
    }
    Ok(explanation)
}

async fn read(session: &mut Session, resident_id: ResidentId) -> Result<Explanation, Error> {
    let history = history(session, resident_id).await?;
    Ok(Explanation {
        resident_id,
        history,
        derivations: derivations::list(session, resident_id).await?,
        spans: spans::list(session, resident_id).await?,
        recomputations: recomputations::last(session, resident_id, MOST_RECOMPUTATIONS).await?,
    })
}
