//! A registry of many people and a benefit period that notes what it is told.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use juyi_domain::codes::{Category, Class, District, Identity, Office, Tier, UnitKind, Window};
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_kit::error::from_refusals;
use juyi_proto::benefit_period::v1 as benefit_period;
use juyi_proto::benefit_period::v1::coverage_facts_service_server::CoverageFactsService;
use juyi_proto::code::Coded;
use juyi_proto::common::v1::{EnrolmentTerms, PersonState};
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::enrolled_service_server::{EnrolledService, EnrolledServiceServer};
use juyi_proto::registry::v1::reference_service_server::{ReferenceService, ReferenceServiceServer};
use tokio_stream::StreamExt;
use tonic::service::Routes;
use tonic::{Request, Response, Status};

use super::{SCHOOL, VILLAGE};

/// Id of the resident of a number.
pub(super) fn resident(number: u32) -> String {
    format!("00000000-0000-7000-8000-00000000{number:04x}")
}

/// Id of the enrolment of a number.
pub(super) fn enrolment(number: u32) -> String {
    format!("00000000-0000-7000-9000-00000000{number:04x}")
}

/// A pupil of the school, registered on 2020-09-10.
pub(super) fn pupil(number: u32) -> pb::EnrolledPerson {
    person(
        number,
        EnrolmentTerms {
            category: Category::SchoolStudent.to_wire(),
            class: Class::StudentChild.to_wire(),
            tier: Tier::StudentChild.to_wire(),
            unit_id: SCHOOL.to_owned(),
            ..terms(number)
        },
    )
}

/// A farmer of the village, in the middle tier.
pub(super) fn villager(number: u32) -> pb::EnrolledPerson {
    person(number, EnrolmentTerms { unit_id: VILLAGE.to_owned(), ..terms(number) })
}

pub(super) fn terms(number: u32) -> EnrolmentTerms {
    EnrolmentTerms {
        enrolment_id: enrolment(number),
        policy_year: 2021,
        district: District::Jinghai.to_string(),
        category: Category::RuralResident.to_wire(),
        class: Class::Adult.to_wire(),
        tier: Tier::Middle.to_wire(),
        application_date: "2020-09-10".to_owned(),
        window: Window::Ordinary.to_wire(),
        previous_year_insured: Some(true),
        ..Default::default()
    }
}

pub(super) fn person(number: u32, terms: EnrolmentTerms) -> pb::EnrolledPerson {
    let state = PersonState {
        resident_id: resident(number),
        revision: 1,
        birth_date: "2008-05-01".to_owned(),
        enrolments: vec![terms],
        ..Default::default()
    };
    pb::EnrolledPerson { enrolment_id: enrolment(number), identities: Vec::new(), person: Some(state) }
}

pub(super) fn held(mut person: pb::EnrolledPerson, identity: Identity) -> pb::EnrolledPerson {
    person.identities.push(identity.to_wire());
    person
}

/// Who is registered. Cloning shares them.
#[derive(Clone)]
pub(super) struct Crowd {
    people: Arc<Mutex<BTreeMap<String, pb::EnrolledPerson>>>,
    /// How many parts it still answers; after that it never answers again.
    parts: Arc<AtomicUsize>,
    /// True when somebody waits for an answer that does not come.
    silent: Arc<AtomicBool>,
}

impl Crowd {
    pub(super) fn of(people: impl IntoIterator<Item = pb::EnrolledPerson>) -> Self {
        let crowd =
            Self { people: Arc::default(), parts: Arc::new(AtomicUsize::new(usize::MAX)), silent: Arc::default() };
        people.into_iter().for_each(|person| crowd.put(person));
        crowd
    }

    /// Adds somebody, or takes the place of who was there.
    pub(super) fn put(&self, person: pb::EnrolledPerson) {
        self.people.lock().unwrap().insert(person.enrolment_id.clone(), person);
    }

    pub(super) fn remove(&self, number: u32) {
        self.people.lock().unwrap().remove(&enrolment(number));
    }

    /// Changes what is known of somebody.
    pub(super) fn change(&self, number: u32, change: impl FnOnce(&mut pb::EnrolledPerson)) {
        change(self.people.lock().unwrap().get_mut(&enrolment(number)).unwrap());
    }

    /// Answers so many parts and then nothing.
    pub(super) fn answer_parts(&self, parts: usize) {
        self.silent.store(false, Ordering::SeqCst);
        self.parts.store(parts, Ordering::SeqCst);
    }

    /// True when somebody waits for an answer that does not come.
    pub(super) fn is_silent(&self) -> bool {
        self.silent.load(Ordering::SeqCst)
    }

    async fn part(&self) {
        let one_less = |left: usize| left.checked_sub(1);
        if self.parts.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less).is_err() {
            self.silent.store(true, Ordering::SeqCst);
            std::future::pending::<()>().await;
        }
    }

    pub(super) fn channel(&self) -> Channel {
        let enrolled = EnrolledServiceServer::new(self.clone());
        Channel::local("registry", Routes::new(enrolled).add_service(ReferenceServiceServer::new(self.clone())))
    }
}

type Parts = std::pin::Pin<Box<dyn tokio_stream::Stream<Item = Result<pb::StreamEnrolledResponse, Status>> + Send>>;

#[tonic::async_trait]
impl EnrolledService for Crowd {
    type StreamEnrolledStream = Parts;

    async fn batch_get_enrolled(
        &self,
        request: Request<pb::BatchGetEnrolledRequest>,
    ) -> Result<Response<pb::BatchGetEnrolledResponse>, Status> {
        self.part().await;
        let asked = request.into_inner().enrolments;
        assert!(asked.len() <= 500, "more than agreed");
        let people = self.people.lock().unwrap();
        let persons = asked.iter().filter_map(|key| people.get(&key.enrolment_id).cloned()).collect();
        Ok(Response::new(pb::BatchGetEnrolledResponse { persons }))
    }

    async fn stream_enrolled(&self, request: Request<pb::StreamEnrolledRequest>) -> Result<Response<Parts>, Status> {
        let asked = request.into_inner();
        let of_unit = |person: &&pb::EnrolledPerson| {
            let mut terms = person.person.iter().flat_map(|state| &state.enrolments);
            terms.any(|terms| terms.unit_id == asked.unit_id && terms.policy_year == asked.policy_year)
        };
        let people: Vec<_> = self.people.lock().unwrap().values().filter(of_unit).cloned().collect();
        let parts: Vec<_> = people.chunks(500).map(<[_]>::to_vec).collect();
        let crowd = self.clone();
        let parts = tokio_stream::iter(parts).then(move |persons| {
            let crowd = crowd.clone();
            async move {
                crowd.part().await;
                Ok(pb::StreamEnrolledResponse { persons })
            }
        });
        Ok(Response::new(Box::pin(parts)))
    }

    async fn note_payments(
        &self,
        request: Request<pb::NotePaymentsRequest>,
    ) -> Result<Response<pb::NotePaymentsResponse>, Status> {
        assert!(request.get_ref().payments.iter().all(|noted| noted.version > 0));
        Ok(Response::new(pb::NotePaymentsResponse::default()))
    }

    async fn enrol_by_deduction(
        &self,
        _: Request<pb::EnrolByDeductionRequest>,
    ) -> Result<Response<pb::EnrolByDeductionResponse>, Status> {
        Err(Status::unimplemented("not needed"))
    }

    async fn enrol_by_prepayment(
        &self,
        _: Request<pb::EnrolByPrepaymentRequest>,
    ) -> Result<Response<pb::EnrolByPrepaymentResponse>, Status> {
        Err(Status::unimplemented("not needed"))
    }

    async fn cancel_deduction(
        &self,
        _: Request<pb::CancelDeductionRequest>,
    ) -> Result<Response<pb::CancelDeductionResponse>, Status> {
        Err(Status::unimplemented("not needed"))
    }

    async fn note_prepayment(
        &self,
        _: Request<pb::NotePrepaymentRequest>,
    ) -> Result<Response<pb::NotePrepaymentResponse>, Status> {
        Err(Status::unimplemented("not needed"))
    }
}

#[tonic::async_trait]
impl ReferenceService for Crowd {
    async fn get_unit(&self, request: Request<pb::GetUnitRequest>) -> Result<Response<pb::GetUnitResponse>, Status> {
        let unit_id = request.into_inner().unit_id;
        let kind = match unit_id.split_once('.').map(|(_, rest)| &rest[..1]) {
            Some("S") => UnitKind::School,
            Some("W") => UnitKind::WelfareInstitution,
            Some("V") => UnitKind::Village,
            Some("H") => UnitKind::Household,
            _ => return Err(from_refusals(&Refusal::new(Reason::UnitNotFound, "no such unit").into())),
        };
        let district = unit_id[..6].to_owned();
        let unit = pb::Unit { unit_id, kind: kind.to_wire(), district, ..Default::default() };
        Ok(Response::new(pb::GetUnitResponse { unit: Some(unit) }))
    }

    async fn list_units(&self, _: Request<pb::ListUnitsRequest>) -> Result<Response<pb::ListUnitsResponse>, Status> {
        Err(Status::unimplemented("not needed"))
    }

    async fn put_unit(&self, _: Request<pb::PutUnitRequest>) -> Result<Response<pb::PutUnitResponse>, Status> {
        Err(Status::unimplemented("not needed"))
    }

    async fn get_provider(
        &self,
        _: Request<pb::GetProviderRequest>,
    ) -> Result<Response<pb::GetProviderResponse>, Status> {
        Err(Status::unimplemented("not needed"))
    }

    async fn list_providers(
        &self,
        _: Request<pb::ListProvidersRequest>,
    ) -> Result<Response<pb::ListProvidersResponse>, Status> {
        Err(Status::unimplemented("not needed"))
    }

    async fn put_provider(
        &self,
        _: Request<pb::PutProviderRequest>,
    ) -> Result<Response<pb::PutProviderResponse>, Status> {
        Err(Status::unimplemented("not needed"))
    }

    async fn reload_reference(
        &self,
        _: Request<pb::ReloadReferenceRequest>,
    ) -> Result<Response<pb::ReloadReferenceResponse>, Status> {
        Err(Status::unimplemented("not needed"))
    }
}

/// What benefit period was told.
#[derive(Clone, Default)]
pub(super) struct Coverage {
    seen: Arc<Mutex<Vec<benefit_period::PaymentFact>>>,
}

impl Coverage {
    pub(super) fn seen(&self) -> Vec<benefit_period::PaymentFact> {
        self.seen.lock().unwrap().clone()
    }
}

#[tonic::async_trait]
impl CoverageFactsService for Coverage {
    async fn apply_payments(
        &self,
        request: Request<benefit_period::ApplyPaymentsRequest>,
    ) -> Result<Response<benefit_period::ApplyPaymentsResponse>, Status> {
        assert_eq!(Caller::current().map(|caller| caller.office).ok(), Some(Office::System));
        let payments = request.into_inner().payments;
        assert!(payments.len() <= 500, "more than agreed");
        self.seen.lock().unwrap().extend(payments);
        Ok(Response::new(benefit_period::ApplyPaymentsResponse::default()))
    }

    async fn apply_refunds(
        &self,
        _: Request<benefit_period::ApplyRefundsRequest>,
    ) -> Result<Response<benefit_period::ApplyRefundsResponse>, Status> {
        Err(Status::unimplemented("not needed"))
    }

    async fn note_residents(
        &self,
        _: Request<benefit_period::NoteResidentsRequest>,
    ) -> Result<Response<benefit_period::NoteResidentsResponse>, Status> {
        Err(Status::unimplemented("not needed"))
    }
}
