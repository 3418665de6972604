//! Residents' facts and the ends of their identities.

use juyi_kit::error::Error;
use juyi_proto::registry::v1 as pb;

use crate::registry::{Registry, not_built};

pub(crate) async fn end_identity(_: &Registry, _: pb::EndIdentityRequest) -> Result<pb::EndIdentityResponse, Error> {
    not_built()
}

pub(crate) async fn record_facts(_: &Registry, _: pb::RecordFactsRequest) -> Result<pb::RecordFactsResponse, Error> {
    not_built()
}

pub(crate) async fn list_facts(_: &Registry, _: pb::ListFactsRequest) -> Result<pb::ListFactsResponse, Error> {
    not_built()
}
