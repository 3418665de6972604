//! What the registry says about an enrolment and a person.

use chrono::NaiveDate;
use juyi_domain::codes::Identity;
use juyi_domain::id::{EnrolmentId, ResidentId};
use juyi_kit::channel::Channel;
use juyi_kit::error::Error;
use juyi_proto::enrolment::{self, Enrolment};
use juyi_proto::receipt::Malformed;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::registry_service_client::RegistryServiceClient;

/// What the registry says of a person on a day.
pub(crate) struct Standing {
    /// Identities held on the day.
    pub(crate) identities: Vec<Identity>,
    /// Recorded day of death.
    pub(crate) died_on: Option<NaiveDate>,
}

#[derive(Clone)]
pub(crate) struct Registry {
    client: RegistryServiceClient<Channel>,
}

impl Registry {
    pub(crate) fn new(channel: Channel) -> Self {
        Self { client: RegistryServiceClient::new(channel) }
    }

    /// An enrolment and the birth date of its resident. Errors: those of the registry, ENROLMENT_NOT_FOUND among them.
    pub(crate) async fn enrolment(
        &self,
        resident_id: ResidentId,
        id: EnrolmentId,
    ) -> Result<(Enrolment, NaiveDate), Error> {
        let mut client = self.client.clone();
        let resident_id = resident_id.to_string();
        let request = pb::GetEnrolmentRequest { resident_id: resident_id.clone(), enrolment_id: id.to_string() };
        let found = client.get_enrolment(request).await?.into_inner().enrolment;
        let resident = client.get_resident(pb::GetResidentRequest { resident_id }).await?.into_inner().resident;
        let enrolment = readable(Enrolment::from_wire(&found.unwrap_or_default()))?;
        let born_on = readable(enrolment::born_on(&resident.unwrap_or_default()))?;
        Ok((enrolment, born_on))
    }

    /// Errors: those of the registry, PERSON_NOT_FOUND for somebody it does not know.
    pub(crate) async fn require_resident(&self, id: ResidentId) -> Result<(), Error> {
        self.client.clone().get_resident(pb::GetResidentRequest { resident_id: id.to_string() }).await?;
        Ok(())
    }

    /// The identities held on a day, and the recorded death. Errors: those of the registry, PERSON_NOT_FOUND among them.
    pub(crate) async fn standing(&self, resident_id: ResidentId, on: NaiveDate) -> Result<Standing, Error> {
        let request = pb::GetStandingRequest { resident_id: resident_id.to_string(), on_date: on.to_string() };
        let standing = self.client.clone().get_standing(request).await?.into_inner();
        Ok(Standing {
            identities: readable(enrolment::identities(&standing.identities))?,
            died_on: readable(enrolment::died_on(&standing))?,
        })
    }
}

fn readable<T>(read: Result<T, Malformed>) -> Result<T, Error> {
    read.map_err(|Malformed| Error::Fault("the registry's answer is unreadable"))
}
