//! What the registry says about an enrolment.

use chrono::NaiveDate;
use juyi_domain::codes::Identity;
use juyi_domain::id::{EnrolmentId, ResidentId};
use juyi_kit::channel::Channel;
use juyi_kit::error::Error;
use juyi_proto::enrolment::{self, Enrolment};
use juyi_proto::receipt::Malformed;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::registry_service_client::RegistryServiceClient;

/// An enrolment with the person behind it.
#[derive(Clone, Debug)]
pub(crate) struct Enrolled {
    /// The enrolment.
    pub(crate) enrolment: Enrolment,
    /// Birth date of the resident.
    pub(crate) born_on: NaiveDate,
    /// Identities held on the day of application.
    pub(crate) identities: Vec<Identity>,
}

#[derive(Clone)]
pub(crate) struct Registry {
    client: RegistryServiceClient<Channel>,
}

impl Registry {
    pub(crate) fn new(channel: Channel) -> Self {
        Self { client: RegistryServiceClient::new(channel) }
    }

    /// Errors: those of the registry, PERSON_NOT_FOUND for somebody it does not know.
    pub(crate) async fn require_resident(&self, id: ResidentId) -> Result<(), Error> {
        self.client.clone().get_resident(pb::GetResidentRequest { resident_id: id.to_string() }).await?;
        Ok(())
    }

    /// An enrolment with the person's birth and identities. Errors: those of the registry, ENROLMENT_NOT_FOUND among
    /// them.
    pub(crate) async fn find(&self, resident_id: ResidentId, id: EnrolmentId) -> Result<Enrolled, Error> {
        let mut client = self.client.clone();
        let resident_id = resident_id.to_string();
        let request = pb::GetEnrolmentRequest { resident_id: resident_id.clone(), enrolment_id: id.to_string() };
        let found = client.get_enrolment(request).await?.into_inner().enrolment;
        let enrolment = readable(Enrolment::from_wire(&found.unwrap_or_default()))?;

        let request = pb::GetResidentRequest { resident_id: resident_id.clone() };
        let resident = client.get_resident(request).await?.into_inner().resident;
        let born_on = readable(enrolment::born_on(&resident.unwrap_or_default()))?;

        let request = pb::GetStandingRequest { resident_id, on_date: enrolment.applied_on.to_string() };
        let standing = client.get_standing(request).await?.into_inner();
        let identities = readable(enrolment::identities(&standing.identities))?;
        Ok(Enrolled { enrolment, born_on, identities })
    }
}

fn readable<T>(read: Result<T, Malformed>) -> Result<T, Error> {
    read.map_err(|Malformed| Error::Fault("the registry's answer is unreadable"))
}
