//! The service under test between a registry and a benefit period that answer what the test put into them, and note what
//! is delivered.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use juyi_domain::codes::{Category, Class, Desk, District, Identity, Office, PaymentMethod, Tier, Window};
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_proto::benefit_period::v1 as pb;
use juyi_proto::benefit_period::v1::coverage_facts_service_server::{CoverageFactsService, CoverageFactsServiceServer};
use juyi_proto::code::Coded;
use juyi_proto::common::v1::{EnrolmentTerms, PersonState};
use juyi_proto::contribution::v1 as contribution;
use juyi_proto::contribution::v1::contribution_service_client::ContributionServiceClient;
use juyi_proto::contribution::v1::declaration_service_client::DeclarationServiceClient;
use juyi_proto::registry::v1 as registry;
use juyi_proto::registry::v1::enrolled_service_server::{EnrolledService, EnrolledServiceServer};
use juyi_proto::registry::v1::registry_service_server::RegistryServiceServer;
use juyi_testkit::registry::StandIn;
use juyi_testkit::{ManualClock, TestTarget, context_at};
use tonic::service::Routes;
use tonic::{Request, Response, Status};

use crate::{NAME, Peers};

pub(super) const RESIDENT: &str = "00000000-0000-7000-8000-000000000001";
pub(super) const ENROLMENT: &str = "00000000-0000-7000-8000-000000000002";

/// A benefit period that notes deliveries, or refuses them while it is down.
#[derive(Clone, Default)]
pub(super) struct Deliveries {
    pub(super) down: Arc<AtomicBool>,
    seen: Arc<Mutex<Vec<pb::PaymentFact>>>,
    refunds: Arc<Mutex<Vec<pb::RefundFact>>>,
    calls: Arc<Mutex<Vec<usize>>>,
}

impl Deliveries {
    /// How many payments it was told of.
    pub(super) fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// The payments it was told of, in order.
    pub(super) fn seen(&self) -> Vec<pb::PaymentFact> {
        self.seen.lock().unwrap().clone()
    }

    /// The refunds it was told of, in order.
    #[allow(dead_code, reason = "tests of refunds read it")]
    pub(super) fn refunds(&self) -> Vec<pb::RefundFact> {
        self.refunds.lock().unwrap().clone()
    }

    /// How many payments or refunds each delivery had.
    pub(super) fn calls(&self) -> Vec<usize> {
        self.calls.lock().unwrap().clone()
    }

    fn arrive(&self, facts: usize) -> Result<(), Status> {
        assert_eq!(Caller::current().map(|caller| caller.office).ok(), Some(Office::System));
        if self.down.load(Ordering::SeqCst) {
            return Err(Status::unavailable("down"));
        }
        self.calls.lock().unwrap().push(facts);
        Ok(())
    }
}

#[tonic::async_trait]
impl CoverageFactsService for Deliveries {
    async fn apply_payments(
        &self,
        request: Request<pb::ApplyPaymentsRequest>,
    ) -> Result<Response<pb::ApplyPaymentsResponse>, Status> {
        let payments = request.into_inner().payments;
        self.arrive(payments.len())?;
        self.seen.lock().unwrap().extend(payments);
        Ok(Response::new(pb::ApplyPaymentsResponse::default()))
    }

    async fn apply_refunds(
        &self,
        request: Request<pb::ApplyRefundsRequest>,
    ) -> Result<Response<pb::ApplyRefundsResponse>, Status> {
        let refunds = request.into_inner().refunds;
        self.arrive(refunds.len())?;
        self.refunds.lock().unwrap().extend(refunds);
        Ok(Response::new(pb::ApplyRefundsResponse::default()))
    }

    async fn note_residents(
        &self,
        _: Request<pb::NoteResidentsRequest>,
    ) -> Result<Response<pb::NoteResidentsResponse>, Status> {
        Err(Status::unimplemented("not contribution's"))
    }
}

/// What the registry answers about enrolled people, and what it was told of them.
#[derive(Clone, Default)]
pub(crate) struct People {
    pub(super) down: Arc<AtomicBool>,
    shelf: Arc<Mutex<Vec<registry::EnrolledPerson>>>,
    noted: Arc<Mutex<Vec<registry::NotedPayment>>>,
}

impl People {
    /// Adds an enrolment with the person behind it.
    pub(crate) fn add(&self, person: registry::EnrolledPerson) {
        self.shelf.lock().unwrap().push(person);
    }

    /// From now on the person held the identity on the day of application.
    pub(crate) fn add_identity(&self, resident_id: &str, identity: Identity) {
        for person in self.shelf.lock().unwrap().iter_mut() {
            if person.person.as_ref().is_some_and(|person| person.resident_id == resident_id) {
                person.identities.push(identity.to_wire());
            }
        }
    }

    /// The channel to it and to nothing else.
    pub(super) fn channel(&self) -> Channel {
        Channel::local("registry", Routes::new(EnrolledServiceServer::new(self.clone())))
    }

    /// The payments it was told of, in order.
    pub(super) fn noted(&self) -> Vec<registry::NotedPayment> {
        self.noted.lock().unwrap().clone()
    }
}

/// The registry answers the suite alone.
fn as_the_suite() -> Result<(), Status> {
    let office = Caller::current().map(|caller| caller.office).ok();
    if office == Some(Office::System) { Ok(()) } else { Err(Status::permission_denied("not the suite")) }
}

type PeopleStream = std::pin::Pin<
    Box<dyn tokio_stream::Stream<Item = Result<registry::StreamEnrolledResponse, Status>> + Send + 'static>,
>;

#[tonic::async_trait]
impl EnrolledService for People {
    type StreamEnrolledStream = PeopleStream;

    async fn batch_get_enrolled(
        &self,
        request: Request<registry::BatchGetEnrolledRequest>,
    ) -> Result<Response<registry::BatchGetEnrolledResponse>, Status> {
        as_the_suite()?;
        let asked = request.into_inner().enrolments;
        assert!(asked.len() <= 500, "more than agreed");
        let shelf = self.shelf.lock().unwrap();
        let find = |key: &registry::EnrolmentKey| {
            let is_asked = |person: &&registry::EnrolledPerson| {
                person.enrolment_id == key.enrolment_id
                    && person.person.as_ref().is_some_and(|state| state.resident_id == key.resident_id)
            };
            shelf.iter().find(is_asked).cloned()
        };
        let persons = asked.iter().filter_map(find).collect();
        Ok(Response::new(registry::BatchGetEnrolledResponse { persons }))
    }

    async fn stream_enrolled(
        &self,
        request: Request<registry::StreamEnrolledRequest>,
    ) -> Result<Response<PeopleStream>, Status> {
        as_the_suite()?;
        let asked = request.into_inner();
        let of_unit = |person: &&registry::EnrolledPerson| {
            let terms = person.person.iter().flat_map(|state| &state.enrolments);
            let meant = |terms: &EnrolmentTerms| {
                terms.unit_id == asked.unit_id
                    && terms.policy_year == asked.policy_year
                    && terms.enrolment_id == person.enrolment_id
            };
            terms.into_iter().any(meant)
        };
        let found: Vec<_> = self.shelf.lock().unwrap().iter().filter(of_unit).cloned().collect();
        let parts: Vec<_> =
            found.chunks(500).map(|part| Ok(registry::StreamEnrolledResponse { persons: part.to_vec() })).collect();
        Ok(Response::new(Box::pin(tokio_stream::iter(parts))))
    }

    async fn note_payments(
        &self,
        request: Request<registry::NotePaymentsRequest>,
    ) -> Result<Response<registry::NotePaymentsResponse>, Status> {
        assert_eq!(Caller::current().map(|caller| caller.office).ok(), Some(Office::System));
        if self.down.load(Ordering::SeqCst) {
            return Err(Status::unavailable("down"));
        }
        self.noted.lock().unwrap().extend(request.into_inner().payments);
        Ok(Response::new(registry::NotePaymentsResponse::default()))
    }

    async fn enrol_by_deduction(
        &self,
        _: Request<registry::EnrolByDeductionRequest>,
    ) -> Result<Response<registry::EnrolByDeductionResponse>, Status> {
        Err(Status::unimplemented("not needed"))
    }

    async fn enrol_by_prepayment(
        &self,
        _: Request<registry::EnrolByPrepaymentRequest>,
    ) -> Result<Response<registry::EnrolByPrepaymentResponse>, Status> {
        Err(Status::unimplemented("not needed"))
    }

    async fn cancel_deduction(
        &self,
        _: Request<registry::CancelDeductionRequest>,
    ) -> Result<Response<registry::CancelDeductionResponse>, Status> {
        Err(Status::unimplemented("not needed"))
    }

    async fn note_prepayment(
        &self,
        _: Request<registry::NotePrepaymentRequest>,
    ) -> Result<Response<registry::NotePrepaymentResponse>, Status> {
        Err(Status::unimplemented("not needed"))
    }
}

/// The service with its peers.
pub(super) struct Suite {
    pub(super) clock: Arc<ManualClock>,
    pub(super) people: People,
    pub(super) deliveries: Deliveries,
    pub(super) client: ContributionServiceClient<Channel>,
    declarations: DeclarationServiceClient<Channel>,
}

/// A farmer of Jinghai, enrolled in the middle tier on 2020-11-11, not insured the year before.
pub(crate) fn farmer() -> EnrolmentTerms {
    EnrolmentTerms {
        enrolment_id: ENROLMENT.to_owned(),
        policy_year: 2021,
        district: District::Jinghai.to_string(),
        category: Category::RuralResident.to_wire(),
        class: Class::Adult.to_wire(),
        tier: Tier::Middle.to_wire(),
        application_date: "2020-11-11".to_owned(),
        window: Window::Ordinary.to_wire(),
        previous_year_insured: Some(false),
        desk: Desk::TownshipService.to_wire(),
        ..Default::default()
    }
}

/// A person born on 1970-05-01 with one enrolment.
pub(crate) fn person(resident_id: &str, terms: EnrolmentTerms) -> registry::EnrolledPerson {
    registry::EnrolledPerson {
        enrolment_id: terms.enrolment_id.clone(),
        identities: Vec::new(),
        person: Some(PersonState {
            resident_id: resident_id.to_owned(),
            revision: 1,
            birth_date: "1970-05-01".to_owned(),
            enrolments: vec![terms],
            ..Default::default()
        }),
    }
}

impl Suite {
    pub(super) async fn start(on: &TestTarget) -> Self {
        let (clock, people, deliveries) =
            (Arc::new(ManualClock::on("2021-03-01")), People::default(), Deliveries::default());
        let residents = StandIn::default();
        residents.add_resident(registry::Resident { resident_id: RESIDENT.to_owned(), ..Default::default() });
        let registry =
            Routes::new(RegistryServiceServer::new(residents)).add_service(EnrolledServiceServer::new(people.clone()));
        let benefit_period = Routes::new(CoverageFactsServiceServer::new(deliveries.clone()));
        let peers = Peers {
            registry: Channel::local("registry", registry),
            benefit_period: Channel::local("benefit-period", benefit_period),
        };
        let component = crate::build(&on.config(), context_at(Arc::clone(&clock)), peers).await.unwrap();
        let channel = Channel::local(NAME, component.routes);
        let client = ContributionServiceClient::new(channel.clone());
        Self { clock, people, deliveries, client, declarations: DeclarationServiceClient::new(channel) }
    }

    /// An authority declares a special person of Jinghai.
    pub(super) async fn declare_special(
        &self,
        office: Office,
        resident_id: &str,
        enrolment_id: &str,
    ) -> Result<contribution::Declaration, Status> {
        let person =
            contribution::EnrolmentRef { resident_id: resident_id.to_owned(), enrolment_id: enrolment_id.to_owned() };
        let request = contribution::DeclareSpecialPersonsRequest {
            request_id: format!("declare-{resident_id}"),
            policy_year: 2021,
            district: District::Jinghai.to_string(),
            persons: vec![person],
            ..Default::default()
        };
        let reply = by(office, District::Jinghai, self.declarations.clone().declare_special_persons(request)).await?;
        Ok(reply.into_inner().declaration.unwrap())
    }

    /// The government pays a declaration.
    pub(super) async fn pay_subsidy(
        &self,
        declared: &contribution::Declaration,
        on: &str,
    ) -> Result<contribution::Declaration, Status> {
        let request = contribution::PayDeclarationRequest {
            request_id: format!("pay-{}", declared.declaration_id),
            declaration_id: declared.declaration_id.clone(),
            payment_date: on.to_owned(),
            method: PaymentMethod::GovernmentSubsidy.to_wire(),
            voucher_number: "TREASURY".to_owned(),
            ..Default::default()
        };
        let mut client = self.declarations.clone();
        Ok(by(Office::Tax, District::Jinghai, client.pay_declaration(request)).await?.into_inner().declaration.unwrap())
    }

    pub(super) async fn of_farmer(on: &TestTarget) -> Self {
        let suite = Self::start(on).await;
        suite.people.add(person(RESIDENT, farmer()));
        suite
    }
}

/// Calls as an office of a district.
pub(super) async fn by<T>(office: Office, district: District, call: impl Future<Output = T>) -> T {
    let caller = Caller { office, district: Some(district), name: String::new() };
    Caller::scope(Some(caller), call).await
}
