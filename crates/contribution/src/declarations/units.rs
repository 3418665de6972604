//! What the registry says about a unit.

use juyi_domain::codes::{District, UnitKind};
use juyi_kit::channel::Channel;
use juyi_kit::error::Error;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::reference_service_client::ReferenceServiceClient;

/// A unit as far as its declaration depends on it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    /// Kind.
    pub(super) kind: UnitKind,
    /// District.
    pub(super) district: District,
}

#[derive(Clone)]
pub(super) struct Units {
    client: ReferenceServiceClient<Channel>,
}

impl Units {
    pub(super) fn new(channel: Channel) -> Self {
        Self { client: ReferenceServiceClient::new(channel) }
    }

    /// Errors: UNIT_NOT_FOUND, those of the registry.
    pub(super) async fn find(&self, unit_id: &str) -> Result<Unit, Error> {
        let request = pb::GetUnitRequest { unit_id: unit_id.to_owned() };
        let unit = self.client.clone().get_unit(request).await?.into_inner().unit.unwrap_or_default();
        let (kind, district) = (UnitKind::from_wire(unit.kind), unit.district.parse());
        match (kind, district) {
            (Ok(kind), Ok(district)) => Ok(Unit { kind, district }),
            _ => Err(Error::Fault("the registry's answer is unreadable")),
        }
    }
}
