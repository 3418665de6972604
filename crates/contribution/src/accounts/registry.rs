//! The enrolments of a person, as the registry tells them.

use juyi_domain::codes::District;
use juyi_domain::id::{EnrolmentId, ResidentId};
use juyi_kit::channel::Channel;
use juyi_kit::error::Error;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::registry_service_client::RegistryServiceClient;

use crate::registry::{Enrolled, Registry};

/// Enrolments that one page holds.
const PAGE: i32 = 100;
/// Pages that are read at most: nobody enrols so often.
const PAGES: usize = 10;

/// An enrolment as it is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) id: EnrolmentId,
    pub(super) district: District,
}

#[derive(Clone)]
pub(super) struct Enrolments {
    registry: Registry,
    client: RegistryServiceClient<Channel>,
}

impl Enrolments {
    pub(super) fn new(channel: Channel) -> Self {
        Self { registry: Registry::new(channel.clone()), client: RegistryServiceClient::new(channel) }
    }

    /// The enrolments of a person for a policy year. Errors: those of the registry, PERSON_NOT_FOUND among them.
    pub(super) async fn of_year(&self, resident_id: ResidentId, policy_year: i32) -> Result<Vec<Listed>, Error> {
        let (mut found, mut page_token) = (Vec::new(), String::new());
        for _ in 0..PAGES {
            let request =
                pb::ListEnrolmentsRequest { resident_id: resident_id.to_string(), page_size: PAGE, page_token };
            let page = self.client.clone().list_enrolments(request).await?.into_inner();
            for enrolment in page.enrolments.iter().filter(|enrolment| enrolment.policy_year == policy_year) {
                found.push(listed(enrolment).ok_or(Error::Fault("the registry's answer is unreadable"))?);
            }
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        found.sort_by_key(|enrolment| enrolment.id);
        Ok(found)
    }

    /// An enrolment with the person behind it.
    pub(super) async fn find(&self, resident_id: ResidentId, id: EnrolmentId) -> Result<Enrolled, Error> {
        self.registry.find(resident_id, id).await
    }
}

fn listed(enrolment: &pb::Enrolment) -> Option<Listed> {
    Some(Listed { id: enrolment.enrolment_id.parse().ok()?, district: enrolment.district.parse().ok()? })
}
