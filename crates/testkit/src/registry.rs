//! A registry that answers what the test put into it.

use std::sync::{Arc, Mutex, PoisonError};

use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::channel::Channel;
use juyi_kit::error::from_refusals;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::registry_service_server::{RegistryService, RegistryServiceServer};
use juyi_proto::registry::v1::standing_service_server::{StandingService, StandingServiceServer};
use tonic::service::Routes;
use tonic::{Request, Response, Status};

/// Residents, enrolments and identities that a test put in. Cloning shares them.
#[derive(Clone, Debug, Default)]
pub struct StandIn {
    shelf: Arc<Mutex<Shelf>>,
}

#[derive(Debug, Default)]
struct Shelf {
    residents: Vec<pb::Resident>,
    enrolments: Vec<pb::Enrolment>,
    identities: Vec<(String, pb::IdentityPeriod)>,
    facts: Vec<(String, pb::Fact)>,
}

impl StandIn {
    /// Adds a resident.
    pub fn add_resident(&self, resident: pb::Resident) {
        self.with(|shelf| shelf.residents.push(resident));
    }

    /// Adds an enrolment of a resident.
    pub fn add_enrolment(&self, enrolment: pb::Enrolment) {
        self.with(|shelf| shelf.enrolments.push(enrolment));
    }

    /// Adds an identity of a resident, held on every day.
    pub fn add_identity(&self, resident_id: &str, identity: pb::IdentityPeriod) {
        self.with(|shelf| shelf.identities.push((resident_id.to_owned(), identity)));
    }

    /// Adds a fact of a resident, which holds on every day.
    pub fn add_fact(&self, resident_id: &str, fact: pb::Fact) {
        self.with(|shelf| shelf.facts.push((resident_id.to_owned(), fact)));
    }

    /// Records the death of a resident.
    pub fn record_death(&self, resident_id: &str, day: &str) {
        self.with(|shelf| {
            let of_id = shelf.residents.iter_mut().filter(|resident| resident.resident_id == resident_id);
            of_id.for_each(|resident| day.clone_into(&mut resident.death_date));
        });
    }

    /// The channel to it.
    #[must_use]
    pub fn channel(&self) -> Channel {
        let routes = Routes::new(RegistryServiceServer::new(self.clone()));
        Channel::local("registry", routes.add_service(StandingServiceServer::new(self.clone())))
    }

    fn with<T>(&self, work: impl FnOnce(&mut Shelf) -> T) -> T {
        work(&mut self.shelf.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn resident(&self, id: &str) -> Result<pb::Resident, Status> {
        let found = self.with(|shelf| shelf.residents.iter().find(|resident| resident.resident_id == id).cloned());
        found.ok_or_else(|| refused(Reason::PersonNotFound))
    }
}

fn refused(reason: Reason) -> Status {
    from_refusals(&Refusal::new(reason, "not in the stand-in").into())
}

#[tonic::async_trait]
impl RegistryService for StandIn {
    async fn get_resident(
        &self,
        request: Request<pb::GetResidentRequest>,
    ) -> Result<Response<pb::GetResidentResponse>, Status> {
        let resident = self.resident(&request.get_ref().resident_id)?;
        Ok(Response::new(pb::GetResidentResponse { resident: Some(resident) }))
    }

    async fn get_enrolment(
        &self,
        request: Request<pb::GetEnrolmentRequest>,
    ) -> Result<Response<pb::GetEnrolmentResponse>, Status> {
        let asked = request.get_ref();
        let is_asked = |enrolment: &&pb::Enrolment| {
            enrolment.resident_id == asked.resident_id && enrolment.enrolment_id == asked.enrolment_id
        };
        let found = self.with(|shelf| shelf.enrolments.iter().find(is_asked).cloned());
        let enrolment = found.ok_or_else(|| refused(Reason::EnrolmentNotFound))?;
        Ok(Response::new(pb::GetEnrolmentResponse { enrolment: Some(enrolment) }))
    }

    async fn list_identities(
        &self,
        _: Request<pb::ListIdentitiesRequest>,
    ) -> Result<Response<pb::ListIdentitiesResponse>, Status> {
        Err(refused(Reason::MethodUnknown))
    }

    async fn register_resident(
        &self,
        _: Request<pb::RegisterResidentRequest>,
    ) -> Result<Response<pb::RegisterResidentResponse>, Status> {
        Err(refused(Reason::MethodUnknown))
    }

    async fn look_up_resident(
        &self,
        _: Request<pb::LookUpResidentRequest>,
    ) -> Result<Response<pb::LookUpResidentResponse>, Status> {
        Err(refused(Reason::MethodUnknown))
    }

    async fn assert_identity(
        &self,
        _: Request<pb::AssertIdentityRequest>,
    ) -> Result<Response<pb::AssertIdentityResponse>, Status> {
        Err(refused(Reason::MethodUnknown))
    }

    async fn enrol(&self, _: Request<pb::EnrolRequest>) -> Result<Response<pb::EnrolResponse>, Status> {
        Err(refused(Reason::MethodUnknown))
    }

    async fn list_enrolments(
        &self,
        request: Request<pb::ListEnrolmentsRequest>,
    ) -> Result<Response<pb::ListEnrolmentsResponse>, Status> {
        let id = &request.get_ref().resident_id;
        self.resident(id)?;
        let of_resident = |enrolment: &&pb::Enrolment| enrolment.resident_id == *id;
        let enrolments = self.with(|shelf| shelf.enrolments.iter().filter(of_resident).cloned().collect());
        Ok(Response::new(pb::ListEnrolmentsResponse { enrolments, ..Default::default() }))
    }

    async fn end_identity(
        &self,
        _: Request<pb::EndIdentityRequest>,
    ) -> Result<Response<pb::EndIdentityResponse>, Status> {
        Err(refused(Reason::MethodUnknown))
    }

    async fn record_facts(
        &self,
        _: Request<pb::RecordFactsRequest>,
    ) -> Result<Response<pb::RecordFactsResponse>, Status> {
        Err(refused(Reason::MethodUnknown))
    }

    async fn list_facts(
        &self,
        request: Request<pb::ListFactsRequest>,
    ) -> Result<Response<pb::ListFactsResponse>, Status> {
        let id = &request.get_ref().resident_id;
        self.resident(id)?;
        let of_resident = |held: &&(String, pb::Fact)| held.0 == *id;
        let facts = |shelf: &mut Shelf| shelf.facts.iter().filter(of_resident).map(|held| held.1.clone()).collect();
        Ok(Response::new(pb::ListFactsResponse { facts: self.with(facts), next_page_token: String::new() }))
    }

    async fn file_change(&self, _: Request<pb::FileChangeRequest>) -> Result<Response<pb::FileChangeResponse>, Status> {
        Err(refused(Reason::MethodUnknown))
    }

    async fn decide_change(
        &self,
        _: Request<pb::DecideChangeRequest>,
    ) -> Result<Response<pb::DecideChangeResponse>, Status> {
        Err(refused(Reason::MethodUnknown))
    }

    async fn confirm_tax_change(
        &self,
        _: Request<pb::ConfirmTaxChangeRequest>,
    ) -> Result<Response<pb::ConfirmTaxChangeResponse>, Status> {
        Err(refused(Reason::MethodUnknown))
    }

    async fn list_changes(
        &self,
        _: Request<pb::ListChangesRequest>,
    ) -> Result<Response<pb::ListChangesResponse>, Status> {
        Err(refused(Reason::MethodUnknown))
    }

    async fn get_standing(
        &self,
        request: Request<pb::GetStandingRequest>,
    ) -> Result<Response<pb::GetStandingResponse>, Status> {
        let id = &request.get_ref().resident_id;
        let death_date = self.resident(id)?.death_date;
        let of_resident = |held: &&(String, pb::IdentityPeriod)| held.0 == *id;
        let held = |shelf: &mut Shelf| shelf.identities.iter().filter(of_resident).map(|held| held.1.clone()).collect();
        Ok(Response::new(pb::GetStandingResponse { identities: self.with(held), death_date }))
    }
}

#[tonic::async_trait]
impl StandingService for StandIn {
    async fn batch_get_standing(
        &self,
        request: Request<pb::BatchGetStandingRequest>,
    ) -> Result<Response<pb::BatchGetStandingResponse>, Status> {
        let mut persons = Vec::new();
        for (question, asked) in (0..).zip(&request.get_ref().questions) {
            let Ok(resident) = self.resident(&asked.resident_id) else { continue };
            let of_resident = |held: &&(String, pb::IdentityPeriod)| held.0 == asked.resident_id;
            let held =
                |shelf: &mut Shelf| shelf.identities.iter().filter(of_resident).map(|it| it.1.identity).collect();
            persons.push(pb::Standing { question, identities: self.with(held), death_date: resident.death_date });
        }
        Ok(Response::new(pb::BatchGetStandingResponse { persons }))
    }
}
