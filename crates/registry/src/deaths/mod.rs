//! Deaths, and what other services of the suite ask about a person.

use juyi_kit::error::Error;
use juyi_proto::registry::v1 as pb;

use crate::registry::{Registry, not_built};

pub(crate) async fn get_standing(_: &Registry, _: pb::GetStandingRequest) -> Result<pb::GetStandingResponse, Error> {
    not_built()
}
