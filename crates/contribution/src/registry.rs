//! What the registry says about enrolled people, one by one, by the hundred, or of a whole unit.

use std::collections::HashMap;

use chrono::NaiveDate;
use juyi_domain::codes::Identity;
use juyi_domain::id::{EnrolmentId, ResidentId};
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_kit::error::Error;
use juyi_proto::code::Coded;
use juyi_proto::common::v1::PersonState;
use juyi_proto::enrolment::{self, Enrolment};
use juyi_proto::receipt::Malformed;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::enrolled_service_client::EnrolledServiceClient;
use juyi_proto::registry::v1::registry_service_client::RegistryServiceClient;
use tokio_stream::{Stream, StreamExt};

/// How many enrolments are asked for, and told of, at a time.
pub(crate) const BATCH: usize = 500;

/// An enrolment with the person behind it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Enrolled {
    /// Whose.
    pub(crate) resident_id: ResidentId,
    /// Which.
    pub(crate) enrolment_id: EnrolmentId,
    /// The enrolment.
    pub(crate) enrolment: Enrolment,
    /// Birth date of the resident.
    pub(crate) born_on: NaiveDate,
    /// Identities held on the day of application, each once.
    pub(crate) identities: Vec<Identity>,
    /// The person as the registry knows it; travels on to the benefit period.
    pub(crate) person: PersonState,
}

impl Enrolled {
    /// The unit through which the enrolment was filed; `None` for a family or a single person.
    pub(crate) fn unit_id(&self) -> Option<&str> {
        let id = self.enrolment_id.to_string();
        let terms = self.person.enrolments.iter().find(|terms| terms.enrolment_id == id)?;
        Some(terms.unit_id.as_str()).filter(|unit_id| !unit_id.is_empty())
    }

    /// The recorded day of death.
    pub(crate) fn died_on(&self) -> Option<NaiveDate> {
        self.person.death_date.parse().ok()
    }
}

#[derive(Clone)]
pub(crate) struct Registry {
    residents: RegistryServiceClient<Channel>,
    enrolled: EnrolledServiceClient<Channel>,
}

impl Registry {
    pub(crate) fn new(channel: Channel) -> Self {
        Self { residents: RegistryServiceClient::new(channel.clone()), enrolled: EnrolledServiceClient::new(channel) }
    }

    /// Errors: those of the registry, PERSON_NOT_FOUND for somebody it does not know.
    pub(crate) async fn require_resident(&self, id: ResidentId) -> Result<(), Error> {
        self.residents.clone().get_resident(pb::GetResidentRequest { resident_id: id.to_string() }).await?;
        Ok(())
    }

    /// An enrolment with the person behind it. Errors: ENROLMENT_NOT_FOUND, those of the registry.
    pub(crate) async fn find(&self, resident_id: ResidentId, id: EnrolmentId) -> Result<Enrolled, Error> {
        let found = self.batch(&[(resident_id, id)]).await?.pop();
        found.ok_or_else(not_found)
    }

    /// Enrolments with the people behind them, at most [`BATCH`], in the order asked; unknown ones are left out.
    /// Errors: those of the registry.
    pub(crate) async fn batch(&self, keys: &[(ResidentId, EnrolmentId)]) -> Result<Vec<Enrolled>, Error> {
        debug_assert!(keys.len() <= BATCH, "the registry answers {BATCH} at a time");
        let enrolments = keys
            .iter()
            .map(|(resident_id, id)| pb::EnrolmentKey {
                resident_id: resident_id.to_string(),
                enrolment_id: id.to_string(),
            })
            .collect();
        let mut client = self.enrolled.clone();
        let request = pb::BatchGetEnrolledRequest { enrolments };
        let answer = as_suite(client.batch_get_enrolled(request)).await?;
        let persons = answer.into_inner().persons;
        let asked: HashMap<_, _> = keys.iter().zip(0_usize..).collect();
        let mut found = persons.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
        // Nobody else's enrolment is ever taken for the one asked for.
        found.retain(|enrolled| asked.contains_key(&(enrolled.resident_id, enrolled.enrolment_id)));
        found.sort_by_key(|enrolled| asked.get(&(enrolled.resident_id, enrolled.enrolment_id)).copied());
        Ok(found)
    }

    /// Everybody whom a unit enrolled for a policy year, some hundred at a time. Errors: UNIT_NOT_FOUND, those of the
    /// registry.
    pub(crate) async fn of_unit(
        &self,
        unit_id: &str,
        policy_year: i32,
    ) -> Result<impl Stream<Item = Result<Vec<Enrolled>, Error>> + Send + Unpin + use<>, Error> {
        let request = pb::StreamEnrolledRequest { unit_id: unit_id.to_owned(), policy_year };
        let mut client = self.enrolled.clone();
        let parts = as_suite(client.stream_enrolled(request)).await?.into_inner();
        Ok(parts.map(|part| part?.persons.into_iter().map(read).collect()))
    }
}

/// Makes a call that the registry answers to the suite alone, whichever office it serves in the end.
async fn as_suite<T>(call: impl Future<Output = T>) -> T {
    Caller::scope(Some(Caller::system()), call).await
}

fn not_found() -> Error {
    Refusal::new(Reason::EnrolmentNotFound, "the resident has no enrolment with this id").at("enrolment_id").into()
}

/// A person as the registry sent it, with the enrolment that is meant.
pub(crate) fn read(sent: pb::EnrolledPerson) -> Result<Enrolled, Error> {
    try_read(sent).map_err(|Malformed| Error::Fault("the registry's answer is unreadable"))
}

fn try_read(sent: pb::EnrolledPerson) -> Result<Enrolled, Malformed> {
    let person = sent.person.ok_or(Malformed)?;
    let terms = person.enrolments.iter().find(|terms| terms.enrolment_id == sent.enrolment_id).ok_or(Malformed)?;
    let identities = sent.identities.iter().map(|code| Identity::from_wire(*code).map_err(|_| Malformed));
    let mut identities = identities.collect::<Result<Vec<_>, _>>()?;
    identities.sort_unstable();
    identities.dedup();
    Ok(Enrolled {
        resident_id: person.resident_id.parse().map_err(|_| Malformed)?,
        enrolment_id: sent.enrolment_id.parse().map_err(|_| Malformed)?,
        enrolment: Enrolment::from_terms(terms)?,
        born_on: enrolment::born_on_of(&person)?,
        identities,
        person,
    })
}
