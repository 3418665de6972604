//! Changes of recorded data (J-3.4.1-a to J-3.4.2-c, B-8.2.3-b).

use juyi_kit::error::Error;
use juyi_proto::registry::v1 as pb;

use crate::registry::{Registry, not_built};

pub(crate) async fn file_change(_: &Registry, _: pb::FileChangeRequest) -> Result<pb::FileChangeResponse, Error> {
    not_built()
}

pub(crate) async fn decide_change(_: &Registry, _: pb::DecideChangeRequest) -> Result<pb::DecideChangeResponse, Error> {
    not_built()
}

pub(crate) async fn confirm_tax_change(
    _: &Registry,
    _: pb::ConfirmTaxChangeRequest,
) -> Result<pb::ConfirmTaxChangeResponse, Error> {
    not_built()
}

pub(crate) async fn list_changes(_: &Registry, _: pb::ListChangesRequest) -> Result<pb::ListChangesResponse, Error> {
    not_built()
}
