//! Rosters: lists that offices push, row by row.

use juyi_kit::error::Error;
use juyi_proto::registry::v1 as pb;

use crate::registry::{Registry, not_built};

pub(crate) async fn submit_roster(
    _: &Registry,
    _: tonic::Streaming<pb::SubmitRosterRequest>,
) -> Result<pb::SubmitRosterResponse, Error> {
    not_built()
}

pub(crate) async fn get_roster(_: &Registry, _: pb::GetRosterRequest) -> Result<pb::GetRosterResponse, Error> {
    not_built()
}

pub(crate) async fn list_rosters(_: &Registry, _: pb::ListRostersRequest) -> Result<pb::ListRostersResponse, Error> {
    not_built()
}

pub(crate) async fn list_roster_rows(
    _: &Registry,
    _: pb::ListRosterRowsRequest,
) -> Result<pb::ListRosterRowsResponse, Error> {
    not_built()
}

pub(crate) async fn list_data_sets(
    _: &Registry,
    _: pb::ListDataSetsRequest,
) -> Result<pb::ListDataSetsResponse, Error> {
    not_built()
}
