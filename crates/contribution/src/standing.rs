//! What else the registry says about a person: identities, death, attendance; and the enrolment by deduction.

use chrono::NaiveDate;
use juyi_domain::codes::{Identity, InstitutionKind};
use juyi_domain::id::ResidentId;
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_kit::error::Error;
use juyi_proto::code::Coded;
use juyi_proto::enrolment;
use juyi_proto::receipt::Malformed;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::enrolled_service_client::EnrolledServiceClient;
use juyi_proto::registry::v1::fact::Fact;
use juyi_proto::registry::v1::registry_service_client::RegistryServiceClient;

use crate::registry::{self, Enrolled};

/// Facts on one page.
const PAGE: i32 = 100;

/// Id of what is rehearsed and not stored; no answer shows it.
const UNSTORED: &str = "00000000-0000-0000-0000-000000000000";

/// A person on one day.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// Identities held.
    pub(crate) identities: Vec<Identity>,
    /// First days on which a state student loan is recorded.
    pub(crate) loans_from: Vec<NaiveDate>,
    /// Recorded day of death.
    pub(crate) died_on: Option<NaiveDate>,
}

#[derive(Clone)]
pub(crate) struct Standing {
    residents: RegistryServiceClient<Channel>,
    enrolled: EnrolledServiceClient<Channel>,
}

impl Standing {
    pub(crate) fn new(channel: Channel) -> Self {
        Self { residents: RegistryServiceClient::new(channel.clone()), enrolled: EnrolledServiceClient::new(channel) }
    }

    /// Identities held on a day, and a recorded death. Errors: PERSON_NOT_FOUND, those of the registry.
    pub(crate) async fn on(&self, resident_id: ResidentId, day: NaiveDate) -> Result<Person, Error> {
        let request = pb::GetStandingRequest { resident_id: resident_id.to_string(), on_date: day.to_string() };
        let standing = self.residents.clone().get_standing(request).await?.into_inner();
        let loan = |period: &&pb::IdentityPeriod| period.identity == Identity::StudentLoan.to_wire();
        let loans = standing.identities.iter().filter(loan).filter(|period| !period.start_date.is_empty());
        let loans_from = loans.map(|period| period.start_date.parse().map_err(|_| unreadable(Malformed)));
        Ok(Person {
            loans_from: loans_from.collect::<Result<_, _>>()?,
            identities: enrolment::identities(&standing.identities).map_err(unreadable)?,
            died_on: enrolment::died_on(&standing).map_err(unreadable)?,
        })
    }

    /// Kinds of institution that a person attends on a day. Errors: PERSON_NOT_FOUND, those of the registry.
    pub(crate) async fn attends(&self, resident_id: ResidentId, day: NaiveDate) -> Result<Vec<InstitutionKind>, Error> {
        Ok(self.attendances(resident_id, day).await?.into_iter().map(|(kind, _)| kind).collect())
    }

    /// The same, each with its first day where that is recorded.
    pub(crate) async fn attendances(
        &self,
        resident_id: ResidentId,
        day: NaiveDate,
    ) -> Result<Vec<(InstitutionKind, Option<NaiveDate>)>, Error> {
        let mut request = pb::ListFactsRequest {
            resident_id: resident_id.to_string(),
            on_date: day.to_string(),
            page_size: PAGE,
            page_token: String::new(),
        };
        let mut kinds = Vec::new();
        loop {
            let page = self.residents.clone().list_facts(request.clone()).await?.into_inner();
            for fact in page.facts {
                if let Some(Fact::Attendance(attendance)) = fact.fact {
                    let kind = InstitutionKind::from_wire(attendance.institution_kind);
                    kinds.push((kind.map_err(|_| unreadable(Malformed))?, fact.start_date.parse().ok()));
                }
            }
            if page.next_page_token.is_empty() {
                return Ok(kinds);
            }
            request.page_token = page.next_page_token;
        }
    }

    /// Enrols a person by deduction; the same request id gives the same enrolment. Errors: DUPLICATE_ENROLMENT,
    /// CLASS_NOT_ELIGIBLE, WINDOW_NOT_OPEN, RULE_NOT_DEFINED, PERSON_NOT_FOUND.
    pub(crate) async fn enrol_by_deduction(&self, request: pb::EnrolByDeductionRequest) -> Result<Enrolled, Error> {
        let answer = self.ask_deduction(request).await?;
        registry::read(answer.person.ok_or_else(|| unreadable(Malformed))?)
    }

    /// The same, checked and not done.
    pub(crate) async fn check_deduction(&self, request: pb::EnrolByDeductionRequest) -> Result<(), Error> {
        let request = pb::EnrolByDeductionRequest { validate_only: true, ..request };
        self.ask_deduction(request).await.map(|_| ())
    }

    /// Enrols a student for a year of a prepaid term; the same request id gives the same enrolment, and a rehearsal one
    /// that is not stored. Errors: those of the registry.
    pub(crate) async fn enrol_by_prepayment(&self, request: pb::EnrolByPrepaymentRequest) -> Result<Enrolled, Error> {
        let mut client = self.enrolled.clone();
        let answer = Caller::scope(Some(Caller::system()), client.enrol_by_prepayment(request)).await?.into_inner();
        let mut person = answer.person.ok_or_else(|| unreadable(Malformed))?;
        if person.enrolment_id.is_empty() {
            // What is not stored has no id; any will do.
            person.enrolment_id = UNSTORED.to_owned();
            let terms = person.person.iter_mut().flat_map(|state| &mut state.enrolments);
            let unnamed = terms.filter(|terms| terms.enrolment_id.is_empty());
            unnamed.for_each(|terms| terms.enrolment_id.clone_from(&person.enrolment_id));
        }
        registry::read(person)
    }

    /// Takes an enrolment by deduction back. Errors: those of the registry.
    pub(crate) async fn cancel_deduction(&self, request: pb::CancelDeductionRequest) -> Result<(), Error> {
        let mut client = self.enrolled.clone();
        Caller::scope(Some(Caller::system()), client.cancel_deduction(request)).await?;
        Ok(())
    }

    /// One service of the suite asks another: whichever office repeats the call, it is the same one there.
    async fn ask_deduction(&self, request: pb::EnrolByDeductionRequest) -> Result<pb::EnrolByDeductionResponse, Error> {
        let mut client = self.enrolled.clone();
        Ok(Caller::scope(Some(Caller::system()), client.enrol_by_deduction(request)).await?.into_inner())
    }
}

fn unreadable(_: Malformed) -> Error {
    Error::Fault("the registry's answer is unreadable")
}
