//! Deaths, and what other services of the suite ask about a person.

use chrono::NaiveDate;
use juyi_db::Session;
use juyi_domain::id::ResidentId;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_proto::registry::v1 as pb;

use crate::registry::{Registry, not_built};

pub(crate) async fn get_standing(_: &Registry, _: pb::GetStandingRequest) -> Result<pb::GetStandingResponse, Error> {
    not_built()
}

/// Tells whoever has to know of a death, in the transaction that records it.
///
/// # Errors
/// Those of the database.
pub(crate) async fn announce(_: &mut Session, _: &Context, _: ResidentId, _died_on: NaiveDate) -> Result<(), Error> {
    Ok(())
}
