//! Information services.

use juyi_kit::error::Error;
use juyi_proto::registry::v1 as pb;

use crate::registry::{Registry, not_built};

pub(crate) async fn find_outlets(_: &Registry, _: pb::FindOutletsRequest) -> Result<pb::FindOutletsResponse, Error> {
    not_built()
}

pub(crate) async fn list_outlets(_: &Registry, _: pb::ListOutletsRequest) -> Result<pb::ListOutletsResponse, Error> {
    not_built()
}

pub(crate) async fn get_outlet(_: &Registry, _: pb::GetOutletRequest) -> Result<pb::GetOutletResponse, Error> {
    not_built()
}

pub(crate) async fn get_office_hours(
    _: &Registry,
    _: pb::GetOfficeHoursRequest,
) -> Result<pb::GetOfficeHoursResponse, Error> {
    not_built()
}

pub(crate) async fn get_card_guide(
    _: &Registry,
    _: pb::GetCardGuideRequest,
) -> Result<pb::GetCardGuideResponse, Error> {
    not_built()
}

pub(crate) async fn check_card_application(
    _: &Registry,
    _: pb::CheckCardApplicationRequest,
) -> Result<pb::CheckCardApplicationResponse, Error> {
    not_built()
}

pub(crate) async fn look_up_card_bank(
    _: &Registry,
    _: pb::LookUpCardBankRequest,
) -> Result<pb::LookUpCardBankResponse, Error> {
    not_built()
}

pub(crate) async fn list_card_outlets(
    _: &Registry,
    _: pb::ListCardOutletsRequest,
) -> Result<pb::ListCardOutletsResponse, Error> {
    not_built()
}

pub(crate) async fn list_contacts(_: &Registry, _: pb::ListContactsRequest) -> Result<pb::ListContactsResponse, Error> {
    not_built()
}

pub(crate) async fn get_document(_: &Registry, _: pb::GetDocumentRequest) -> Result<pb::GetDocumentResponse, Error> {
    not_built()
}

pub(crate) async fn list_publicity_channels(
    _: &Registry,
    _: pb::ListPublicityChannelsRequest,
) -> Result<pb::ListPublicityChannelsResponse, Error> {
    not_built()
}
