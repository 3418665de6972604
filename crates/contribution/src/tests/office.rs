//! The services of refunds and collection between stand-ins: a registry that also enrols by deduction, and a benefit
//! period that notes what is delivered.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use juyi_domain::codes::{Category, Class, District, Identity, InstitutionKind, Office, PaymentMethod, Tier, Window};
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_kit::component::Background;
use juyi_kit::error::from_refusals;
use juyi_proto::benefit_period::v1::coverage_facts_service_server::CoverageFactsServiceServer;
use juyi_proto::code::Coded;
use juyi_proto::common::v1::EnrolmentTerms;
use juyi_proto::contribution::v1 as pb;
use juyi_proto::contribution::v1::collection_service_client::CollectionServiceClient;
use juyi_proto::contribution::v1::contribution_service_client::ContributionServiceClient;
use juyi_proto::contribution::v1::refund_service_client::RefundServiceClient;
use juyi_proto::registry::v1 as registry;
use juyi_proto::registry::v1::enrolled_service_server::{EnrolledService, EnrolledServiceServer};
use juyi_proto::registry::v1::fact::Fact;
use juyi_proto::registry::v1::registry_service_server::RegistryServiceServer;
use juyi_testkit::registry::StandIn;
use juyi_testkit::{ManualClock, TestTarget, context_at};
use tonic::service::Routes;
use tonic::{Request, Response, Status};
use tonic_types::StatusExt;

use super::stand_in::{Deliveries, ENROLMENT, People, RESIDENT, farmer, person};
use crate::{NAME, Peers};

/// The enrolment that it makes for a year of a term.
pub(super) const OF_TERM: &str = "00000000-0000-7000-8000-000000000021";

/// People, and the enrolments by deduction that were asked for.
#[derive(Clone, Default)]
pub(super) struct Registrar {
    pub(super) people: People,
    enrolled: Arc<Mutex<BTreeMap<String, (String, registry::EnrolledPerson)>>>,
    subsidised: Arc<Mutex<Vec<String>>>,
    prepaid: Arc<Mutex<Vec<registry::NotePrepaymentRequest>>>,
    meanwhile: Arc<AtomicBool>,
    by_prepayment: Arc<Mutex<Vec<String>>>,
    keeps: Arc<AtomicBool>,
    enrols_still: Arc<Mutex<Option<usize>>>,
}

impl Registrar {
    /// Makes a person one whom the government pays for.
    pub(super) fn subsidise(&self, resident_id: &str) {
        self.subsidised.lock().unwrap().push(resident_id.to_owned());
    }

    /// Makes a person one whom the government pays for as soon as somebody enrols by deduction.
    pub(super) fn subsidise_meanwhile(&self) {
        self.meanwhile.store(true, Ordering::SeqCst);
    }

    /// Takes nothing back any more, or does again.
    pub(super) fn keep(&self, keeps: bool) {
        self.keeps.store(keeps, Ordering::SeqCst);
    }

    /// Enrols so many more by deduction and breaks off then; `None` mends it.
    pub(super) fn break_after(&self, more: Option<usize>) {
        *self.enrols_still.lock().unwrap() = more;
    }

    /// How many persons it enrolled by deduction.
    pub(super) fn enrolled(&self) -> usize {
        self.enrolled.lock().unwrap().len()
    }

    /// The request ids under which it enrolled for years of a term.
    pub(super) fn enrolled_by_prepayment(&self) -> Vec<String> {
        self.by_prepayment.lock().unwrap().clone()
    }

    /// The prepayments it was told of, in order.
    pub(super) fn prepaid(&self) -> Vec<registry::NotePrepaymentRequest> {
        self.prepaid.lock().unwrap().clone()
    }

    /// Enrols as the registry does: once per person, under one request id.
    pub(super) fn enrol(&self, asked: &registry::EnrolByDeductionRequest) -> Result<registry::EnrolledPerson, Status> {
        if self.subsidised.lock().unwrap().contains(&asked.resident_id) {
            return Err(refused(Reason::ClassNotEligible));
        }
        let mut enrolled = self.enrolled.lock().unwrap();
        match enrolled.get(&asked.resident_id) {
            Some((request_id, person)) if *request_id == asked.request_id => return Ok(person.clone()),
            Some(_) => return Err(refused(Reason::DuplicateEnrolment)),
            None => {}
        }
        let mut person = person(
            &asked.resident_id,
            EnrolmentTerms {
                enrolment_id: asked.resident_id.replace("0000-7000", "0000-7001"),
                policy_year: asked.policy_year,
                district: asked.district.clone(),
                tier: Tier::Low.to_wire(),
                application_date: asked.deduction_date.clone(),
                by_deduction: true,
                ..farmer()
            },
        );
        if self.meanwhile.load(Ordering::SeqCst) {
            person.identities = vec![Identity::SevereDisability.to_wire()];
        }
        if !asked.validate_only {
            enrolled.insert(asked.resident_id.clone(), (asked.request_id.clone(), person.clone()));
        }
        Ok(person)
    }
}

fn refused(reason: Reason) -> Status {
    from_refusals(&Refusal::new(reason, "as the test has it").by("J-3.3.4-a").into())
}

#[tonic::async_trait]
impl EnrolledService for Registrar {
    type StreamEnrolledStream = <People as EnrolledService>::StreamEnrolledStream;

    async fn batch_get_enrolled(
        &self,
        request: Request<registry::BatchGetEnrolledRequest>,
    ) -> Result<Response<registry::BatchGetEnrolledResponse>, Status> {
        self.people.batch_get_enrolled(request).await
    }

    async fn stream_enrolled(
        &self,
        request: Request<registry::StreamEnrolledRequest>,
    ) -> Result<Response<Self::StreamEnrolledStream>, Status> {
        self.people.stream_enrolled(request).await
    }

    async fn note_payments(
        &self,
        request: Request<registry::NotePaymentsRequest>,
    ) -> Result<Response<registry::NotePaymentsResponse>, Status> {
        self.people.note_payments(request).await
    }

    async fn enrol_by_deduction(
        &self,
        request: Request<registry::EnrolByDeductionRequest>,
    ) -> Result<Response<registry::EnrolByDeductionResponse>, Status> {
        assert_eq!(Caller::current().map(|caller| caller.office).ok(), Some(Office::System));
        if let Some(more) = self.enrols_still.lock().unwrap().as_mut() {
            *more = more.checked_sub(1).ok_or_else(|| Status::unavailable("down"))?;
        }
        let person = Some(self.enrol(request.get_ref())?);
        Ok(Response::new(registry::EnrolByDeductionResponse { person }))
    }

    async fn enrol_by_prepayment(
        &self,
        request: Request<registry::EnrolByPrepaymentRequest>,
    ) -> Result<Response<registry::EnrolByPrepaymentResponse>, Status> {
        assert_eq!(Caller::current().map(|caller| caller.office).ok(), Some(Office::System));
        let asked = request.into_inner();
        if !asked.validate_only
            && let Some(more) = self.enrols_still.lock().unwrap().as_mut()
        {
            *more = more.checked_sub(1).ok_or_else(|| Status::unavailable("down"))?;
        }
        let enrolment_id = match asked.resident_id.as_str() {
            RESIDENT => OF_TERM.to_owned(),
            other => other.replace("0000-7000", "0000-7002"),
        };
        let terms = EnrolmentTerms { enrolment_id, policy_year: asked.policy_year, ..student() };
        let mut person = person(&asked.resident_id, terms);
        if asked.validate_only {
            person.enrolment_id.clear();
            person.person.iter_mut().flat_map(|it| &mut it.enrolments).for_each(|it| it.enrolment_id.clear());
        } else if !self.by_prepayment.lock().unwrap().contains(&asked.request_id) {
            self.people.add(person.clone());
            self.by_prepayment.lock().unwrap().push(asked.request_id);
        }
        Ok(Response::new(registry::EnrolByPrepaymentResponse { person: Some(person) }))
    }

    async fn cancel_deduction(
        &self,
        request: Request<registry::CancelDeductionRequest>,
    ) -> Result<Response<registry::CancelDeductionResponse>, Status> {
        assert_eq!(Caller::current().map(|caller| caller.office).ok(), Some(Office::System));
        if self.keeps.load(Ordering::SeqCst) {
            return Err(Status::unavailable("down"));
        }
        let asked = request.into_inner();
        let mut enrolled = self.enrolled.lock().unwrap();
        enrolled.retain(|_, (_, person)| person.enrolment_id != asked.enrolment_id);
        Ok(Response::new(registry::CancelDeductionResponse {}))
    }

    async fn note_prepayment(
        &self,
        request: Request<registry::NotePrepaymentRequest>,
    ) -> Result<Response<registry::NotePrepaymentResponse>, Status> {
        self.prepaid.lock().unwrap().push(request.into_inner());
        Ok(Response::new(registry::NotePrepaymentResponse {}))
    }
}

/// The service with its peers, on 2020-12-31.
pub(super) struct Desk {
    pub(super) clock: Arc<ManualClock>,
    pub(super) registrar: Registrar,
    pub(super) residents: StandIn,
    pub(super) deliveries: Deliveries,
    pub(super) payments: ContributionServiceClient<Channel>,
    pub(super) refunds: RefundServiceClient<Channel>,
    pub(super) collection: CollectionServiceClient<Channel>,
}

impl Desk {
    pub(super) async fn start(on: &TestTarget) -> Self {
        let (clock, registrar) = (Arc::new(ManualClock::on("2020-12-31")), Registrar::default());
        let (residents, deliveries) = (StandIn::default(), Deliveries::default());
        residents.add_resident(registry::Resident { resident_id: RESIDENT.to_owned(), ..Default::default() });
        Self::again(on, clock, registrar, (residents, deliveries)).await.0
    }

    /// The service anew on the same database, with its background work at work.
    pub(super) async fn restarted(&self, on: &TestTarget) -> Self {
        let peers = (self.residents.clone(), self.deliveries.clone());
        let (desk, background) = Self::again(on, Arc::clone(&self.clock), self.registrar.clone(), peers).await;
        background.into_iter().for_each(|work| drop(tokio::spawn(work)));
        desk
    }

    async fn again(
        on: &TestTarget,
        clock: Arc<ManualClock>,
        registrar: Registrar,
        (residents, deliveries): (StandIn, Deliveries),
    ) -> (Self, Vec<Background>) {
        let to_registry = Routes::new(RegistryServiceServer::new(residents.clone()))
            .add_service(EnrolledServiceServer::new(registrar.clone()));
        let benefit_period = Routes::new(CoverageFactsServiceServer::new(deliveries.clone()));
        let peers = Peers {
            registry: Channel::local("registry", to_registry),
            benefit_period: Channel::local("benefit-period", benefit_period),
        };
        let component = crate::build(&on.config(), context_at(Arc::clone(&clock)), peers).await.unwrap();
        let channel = Channel::local(NAME, component.routes);
        let desk = Self {
            clock,
            registrar,
            residents,
            deliveries,
            payments: ContributionServiceClient::new(channel.clone()),
            refunds: RefundServiceClient::new(channel.clone()),
            collection: CollectionServiceClient::new(channel),
        };
        (desk, component.background)
    }

    /// With an enrolment of 2021, paid on a day.
    pub(super) async fn with_payment(on: &TestTarget, terms: EnrolmentTerms, amount_fen: i64, paid_on: &str) -> Self {
        let desk = Self::start(on).await;
        desk.registrar.people.add(person(RESIDENT, terms));
        desk.pay("pay", amount_fen, paid_on).await.unwrap();
        desk
    }

    /// With a farmer who paid 560.00 on 2020-11-20.
    pub(super) async fn with_farmer(on: &TestTarget) -> Self {
        Self::with_payment(on, farmer(), 56_000, "2020-11-20").await
    }

    /// With a new student who paid 260.00 on 2020-09-20 (S-13).
    pub(super) async fn with_student(on: &TestTarget) -> Self {
        Self::with_payment(on, student(), 26_000, "2020-09-20").await
    }

    /// Pays for the enrolment, out of the government's purse when it is nothing.
    pub(super) async fn pay(&self, request_id: &str, amount_fen: i64, paid_on: &str) -> Result<pb::Payment, Status> {
        let method = if amount_fen == 0 { PaymentMethod::GovernmentSubsidy } else { PaymentMethod::MobileApp };
        let request = pb::ConfirmPaymentRequest {
            request_id: request_id.to_owned(),
            resident_id: RESIDENT.to_owned(),
            enrolment_id: ENROLMENT.to_owned(),
            amount_fen,
            payment_date: paid_on.to_owned(),
            method: method.to_wire(),
            voucher_number: format!("V-{request_id}"),
            ..Default::default()
        };
        let reply = at_tax(self.payments.clone().confirm_payment(request)).await?;
        Ok(reply.into_inner().payment.unwrap())
    }

    /// What the registry was last told of the enrolment: day of payment and version.
    pub(super) fn noted(&self) -> (String, i64) {
        self.registrar.people.noted().last().map(|note| (note.payment_date.clone(), note.version)).unwrap_or_default()
    }

    /// The registry learns of an attendance.
    pub(super) fn attends(&self, kind: InstitutionKind) {
        let attendance = registry::Attendance { institution_kind: kind.to_wire(), ..Default::default() };
        let fact = registry::Fact { fact: Some(Fact::Attendance(attendance)), ..Default::default() };
        self.residents.add_fact(RESIDENT, fact);
    }

    /// The same, with the days of the loan and of the admission.
    pub(super) fn grant_loan_from(&self, loaned: &str, admitted: &str) {
        let (identity, start_date) = (Identity::StudentLoan.to_wire(), loaned.to_owned());
        self.residents.add_identity(RESIDENT, registry::IdentityPeriod { identity, start_date, ..Default::default() });
        let institution_kind = InstitutionKind::HigherEducation.to_wire();
        let fact = Some(Fact::Attendance(registry::Attendance { institution_kind, ..Default::default() }));
        let fact = registry::Fact { start_date: admitted.to_owned(), fact, ..Default::default() };
        self.residents.add_fact(RESIDENT, fact);
    }

    /// The registry learns of a state student loan.
    pub(super) fn grant_loan(&self) {
        let identity = registry::IdentityPeriod { identity: Identity::StudentLoan.to_wire(), ..Default::default() };
        self.residents.add_identity(RESIDENT, identity);
    }
}

/// A student whom the school enrolled on 2020-09-20, not insured before.
pub(super) fn student() -> EnrolmentTerms {
    EnrolmentTerms {
        category: Category::SchoolStudent.to_wire(),
        class: Class::StudentChild.to_wire(),
        tier: Tier::StudentChild.to_wire(),
        application_date: "2020-09-20".to_owned(),
        window: Window::Ordinary.to_wire(),
        previous_year_insured: Some(false),
        ..farmer()
    }
}

/// Calls as the tax office of Jinghai.
pub(super) async fn at_tax<T>(call: impl Future<Output = T>) -> T {
    super::stand_in::by(Office::Tax, District::Jinghai, call).await
}

/// Calls as the social insurance branch of Jinghai.
pub(super) async fn at_branch<T>(call: impl Future<Output = T>) -> T {
    super::stand_in::by(Office::SocialInsurance, District::Jinghai, call).await
}

/// Calls as the city social insurance centre.
pub(super) async fn at_centre<T>(call: impl Future<Output = T>) -> T {
    let caller = Caller { office: Office::SocialInsurance, district: None, name: String::new() };
    Caller::scope(Some(caller), call).await
}

/// Every reason of a refusal.
pub(super) fn reasons<T: std::fmt::Debug>(answer: Result<T, Status>) -> String {
    facts(&answer.unwrap_err())["reasons"].clone()
}

/// The facts of a refusal.
pub(super) fn facts(status: &Status) -> HashMap<String, String> {
    status.get_details_error_info().unwrap().metadata
}
