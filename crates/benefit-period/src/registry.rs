//! What the registry says about a person.

use chrono::NaiveDate;
use juyi_domain::benefit_period::history::Terms;
use juyi_domain::codes::{District, Identity};
use juyi_domain::id::ResidentId;
use juyi_kit::channel::Channel;
use juyi_kit::error::Error;
use juyi_proto::code::Coded;
use juyi_proto::enrolment;
use juyi_proto::person;
use juyi_proto::receipt::Malformed;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::registry_service_client::RegistryServiceClient;
use juyi_proto::registry::v1::standing_service_client::StandingServiceClient;

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
    standings: StandingServiceClient<Channel>,
}

impl Registry {
    pub(crate) fn new(channel: Channel) -> Self {
        Self { client: RegistryServiceClient::new(channel.clone()), standings: StandingServiceClient::new(channel) }
    }

    /// The enrolments of a resident with the day each was paid, as far as the registry knows. Errors: those of the registry.
    pub(crate) async fn enrolments(&self, resident_id: ResidentId) -> Result<Vec<(Terms, Option<NaiveDate>)>, Error> {
        // One for each policy year: a page holds them all.
        let request =
            pb::ListEnrolmentsRequest { resident_id: resident_id.to_string(), page_size: 100, ..Default::default() };
        let found = self.client.clone().list_enrolments(request).await?.into_inner().enrolments;
        found.iter().map(|enrolment| readable(person::terms_of(enrolment))).collect()
    }

    /// Birth date and district of residence, where one is known. Errors: those of the registry.
    pub(crate) async fn resident(&self, id: ResidentId) -> Result<(NaiveDate, Option<District>), Error> {
        let request = pb::GetResidentRequest { resident_id: id.to_string() };
        let found = self.client.clone().get_resident(request).await?.into_inner().resident.unwrap_or_default();
        Ok((readable(enrolment::born_on(&found))?, found.residence_district.parse().ok()))
    }

    /// Errors: those of the registry, PERSON_NOT_FOUND for somebody it does not know.
    pub(crate) async fn require_resident(&self, id: ResidentId) -> Result<(), Error> {
        self.client.clone().get_resident(pb::GetResidentRequest { resident_id: id.to_string() }).await?;
        Ok(())
    }

    /// The same of many people, each on a day of one's own, in the order asked; `None` for who is not registered. Errors:
    /// those of the registry.
    pub(crate) async fn standings(
        &self,
        questions: &[(ResidentId, NaiveDate)],
    ) -> Result<Vec<Option<Standing>>, Error> {
        let question = |(id, on): &(ResidentId, NaiveDate)| pb::StandingQuestion {
            resident_id: id.to_string(),
            on_date: on.to_string(),
        };
        let request = pb::BatchGetStandingRequest { questions: questions.iter().map(question).collect() };
        let answer = self.standings.clone().batch_get_standing(request).await?.into_inner();
        let mut found: Vec<_> = questions.iter().map(|_| None).collect();
        for person in answer.persons {
            let place = usize::try_from(person.question).ok().and_then(|place| found.get_mut(place));
            let place = place.ok_or(Error::Fault("the registry's answer is unreadable"))?;
            let identities = person.identities.iter().map(|number| Identity::from_wire(*number).map_err(|_| Malformed));
            let died_on = Some(person.death_date).filter(|day| !day.is_empty());
            *place = Some(Standing {
                identities: readable(identities.collect())?,
                died_on: readable(died_on.map(|day| day.parse().map_err(|_| Malformed)).transpose())?,
            });
        }
        Ok(found)
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
