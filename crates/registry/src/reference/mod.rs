//! Reference data: units and providers, from files and from offices.

use juyi_kit::error::Error;
use juyi_proto::registry::v1 as pb;

use crate::registry::{Registry, not_built};

pub(crate) async fn get_unit(_: &Registry, _: pb::GetUnitRequest) -> Result<pb::GetUnitResponse, Error> {
    not_built()
}

pub(crate) async fn list_units(_: &Registry, _: pb::ListUnitsRequest) -> Result<pb::ListUnitsResponse, Error> {
    not_built()
}

pub(crate) async fn put_unit(_: &Registry, _: pb::PutUnitRequest) -> Result<pb::PutUnitResponse, Error> {
    not_built()
}

pub(crate) async fn get_provider(_: &Registry, _: pb::GetProviderRequest) -> Result<pb::GetProviderResponse, Error> {
    not_built()
}

pub(crate) async fn list_providers(
    _: &Registry,
    _: pb::ListProvidersRequest,
) -> Result<pb::ListProvidersResponse, Error> {
    not_built()
}

pub(crate) async fn put_provider(_: &Registry, _: pb::PutProviderRequest) -> Result<pb::PutProviderResponse, Error> {
    not_built()
}

pub(crate) async fn reload_reference(
    _: &Registry,
    _: pb::ReloadReferenceRequest,
) -> Result<pb::ReloadReferenceResponse, Error> {
    not_built()
}
