//! The service beside a registry that the test keeps, and the facts that tests tell.

use juyi_domain::codes::{
    Category, Class, ContributionStatus, District, EmployeesInsuranceKind, Identity, Insurance, Office, PaymentMethod,
    Tier, Window,
};
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_proto::benefit_period::v1 as pb;
use juyi_proto::benefit_period::v1::benefit_period_service_client::BenefitPeriodServiceClient;
use juyi_proto::benefit_period::v1::coverage_facts_service_client::CoverageFactsServiceClient;
use juyi_proto::benefit_period::v1::covered_service_client::CoveredServiceClient;
use juyi_proto::code::Coded;
use juyi_proto::common::v1::{EmployeesInsurance, EnrolmentTerms, PersonState};
use juyi_proto::registry::v1 as registry;
use juyi_testkit::registry::StandIn;
use juyi_testkit::{ManualClock, TestTarget, context_at};
use std::sync::Arc;
use tonic::Status;
use tonic_types::StatusExt;

use crate::{NAME, Peers};

/// An id by its number.
pub(super) fn id(number: u64) -> String {
    format!("00000000-0000-7000-8000-{number:012}")
}

/// The one resident of most tests, with the enrolment and the payment.
pub(super) const RESIDENT: u64 = 1;
pub(super) const ENROLMENT: u64 = 2;
pub(super) const PAYMENT: u64 = 3;
pub(super) const STRANGER: u64 = 4;

/// The service with the registry beside it.
pub(super) struct Suite {
    pub(super) client: BenefitPeriodServiceClient<Channel>,
    pub(super) facts: CoverageFactsServiceClient<Channel>,
    pub(super) covered: CoveredServiceClient<Channel>,
    pub(super) registry: StandIn,
    pub(super) clock: Arc<ManualClock>,
}

impl Suite {
    /// The service on a day, beside a registry that knows the farmer, with one identity and no enrolment.
    pub(super) async fn start(on: &TestTarget, today: &str) -> Self {
        let registry = StandIn::default();
        registry.add_resident(registry::Resident {
            resident_id: id(RESIDENT),
            birth_date: "1970-05-01".to_owned(),
            residence_district: District::Jinghai.to_string(),
            ..Default::default()
        });
        let identity = Identity::SingleParentFamily.to_wire();
        registry.add_identity(&id(RESIDENT), registry::IdentityPeriod { identity, ..Default::default() });
        let clock = Arc::new(ManualClock::on(today));
        let peers = Peers { registry: registry.channel() };
        let component = crate::build(&on.config(), context_at(Arc::clone(&clock)), peers).await.unwrap();
        let channel = Channel::local(NAME, component.routes);
        let client = BenefitPeriodServiceClient::new(channel.clone());
        let covered = CoveredServiceClient::new(channel.clone());
        Self { client, facts: CoverageFactsServiceClient::new(channel), covered, registry, clock }
    }

    /// Gives how many facts were left out, as the next two.
    pub(super) async fn pay(&self, payments: Vec<pb::PaymentFact>) -> Result<i32, Status> {
        let request = pb::ApplyPaymentsRequest { event_id: id(900), payments };
        Caller::scope(Some(Caller::system()), self.facts.clone().apply_payments(request))
            .await
            .map(|it| it.into_inner().left_out)
    }

    pub(super) async fn refund(&self, refunds: Vec<pb::RefundFact>) -> Result<i32, Status> {
        let request = pb::ApplyRefundsRequest { event_id: id(901), refunds };
        Caller::scope(Some(Caller::system()), self.facts.clone().apply_refunds(request))
            .await
            .map(|it| it.into_inner().left_out)
    }

    pub(super) async fn note(&self, persons: Vec<PersonState>) -> Result<i32, Status> {
        let request = pb::NoteResidentsRequest { event_id: id(902), persons };
        Caller::scope(Some(Caller::system()), self.facts.clone().note_residents(request))
            .await
            .map(|it| it.into_inner().left_out)
    }

    /// Asked by a hospital.
    pub(super) async fn coverage(&self, date: &str, insurance: Insurance) -> pb::GetCoverageResponse {
        self.coverage_for(Some(Office::Provider), date, insurance).await
    }

    pub(super) async fn coverage_for(
        &self,
        office: Option<Office>,
        date: &str,
        insurance: Insurance,
    ) -> pb::GetCoverageResponse {
        let caller = office.map(|office| Caller { office, district: None, name: String::new() });
        let request = pb::GetCoverageRequest {
            resident_id: id(RESIDENT),
            date: date.to_owned(),
            insurance: insurance.to_wire(),
            scheme_date: String::new(),
        };
        Caller::scope(caller, self.client.clone().get_coverage(request)).await.unwrap().into_inner()
    }

    /// The spans of a resident: insurance, first and last day, and whether it was withdrawn.
    pub(super) async fn spans(&self, resident: u64, include_withdrawn: bool) -> Vec<(i32, String, String, bool)> {
        let request = pb::ListCoverageRequest {
            resident_id: id(resident),
            page_size: 100,
            include_withdrawn,
            ..Default::default()
        };
        let spans = self.client.clone().list_coverage(request).await.unwrap().into_inner().spans;
        let days = |span: pb::Span| {
            let withdrawn = !span.withdrawn_by.is_empty() && !span.withdrawn_time.is_empty();
            (span.insurance, span.start_date, span.end_date, withdrawn)
        };
        spans.into_iter().map(days).collect()
    }

    /// The current spans of one insurance of the farmer, as the law writes them.
    pub(super) async fn of(&self, insurance: Insurance) -> Vec<String> {
        let spans = self.spans(RESIDENT, false).await;
        let own = spans.into_iter().filter(|span| span.0 == insurance.to_wire());
        own.map(|(_, start, end, _)| format!("{start} to {end}")).collect()
    }

    pub(super) async fn explain(&self, resident: u64) -> Result<pb::ExplainCoverageResponse, Status> {
        let request = pb::ExplainCoverageRequest { resident_id: id(resident) };
        self.client.clone().explain_coverage(request).await.map(tonic::Response::into_inner)
    }
}

/// A farmer's terms for 2021, not insured the year before.
pub(super) fn terms() -> EnrolmentTerms {
    EnrolmentTerms {
        enrolment_id: id(ENROLMENT),
        policy_year: 2021,
        district: District::Jinghai.to_string(),
        category: Category::RuralResident.to_wire(),
        class: Class::Adult.to_wire(),
        tier: Tier::Middle.to_wire(),
        application_date: "2020-11-11".to_owned(),
        window: Window::Ordinary.to_wire(),
        previous_year_insured: Some(false),
        township: "120118.4".to_owned(),
        ..Default::default()
    }
}

/// The same as the registry lists it, not paid.
pub(super) fn listed() -> registry::Enrolment {
    let terms = terms();
    registry::Enrolment {
        enrolment_id: terms.enrolment_id,
        resident_id: id(RESIDENT),
        policy_year: terms.policy_year,
        district: terms.district,
        category: terms.category,
        class: terms.class,
        tier: terms.tier,
        application_date: terms.application_date,
        window: terms.window,
        previous_year: registry::PreviousYear::NotInsured.into(),
        ..Default::default()
    }
}

/// The farmer with that enrolment.
pub(super) fn farmer() -> PersonState {
    PersonState {
        resident_id: id(RESIDENT),
        revision: 1,
        birth_date: "1970-05-01".to_owned(),
        enrolments: vec![terms()],
        ..Default::default()
    }
}

/// A first-year pupil.
pub(super) fn pupil() -> PersonState {
    let terms = EnrolmentTerms {
        category: Category::SchoolStudent.to_wire(),
        class: Class::StudentChild.to_wire(),
        tier: Tier::StudentChild.to_wire(),
        application_date: "2020-09-20".to_owned(),
        ..terms()
    };
    PersonState { birth_date: "2014-03-07".to_owned(), enrolments: vec![terms], ..farmer() }
}

/// A payment of the person's enrolment.
pub(super) fn paid(on: &str, person: PersonState) -> pb::PaymentFact {
    pb::PaymentFact {
        payment_id: id(PAYMENT),
        enrolment_id: id(ENROLMENT),
        payment_date: on.to_owned(),
        person: Some(person),
        method: PaymentMethod::BankCounter.to_wire(),
        ..Default::default()
    }
}

/// The farmer's late payment (J-4.1.1-b): covered from 2021-05-01.
pub(super) fn late_payment() -> pb::PaymentFact {
    paid("2021-02-26", farmer())
}

/// The refund of that payment.
pub(super) fn refunded() -> pb::RefundFact {
    pb::RefundFact {
        refund_id: id(7),
        payment_id: id(PAYMENT),
        resident_id: id(RESIDENT),
        refund_date: "2021-03-20".to_owned(),
    }
}

pub(super) fn employer(start: &str, end: &str, status: Option<ContributionStatus>) -> EmployeesInsurance {
    EmployeesInsurance {
        start_date: start.to_owned(),
        end_date: end.to_owned(),
        kind: EmployeesInsuranceKind::Employer.to_wire(),
        status: status.map_or(0, Coded::to_wire),
        ..Default::default()
    }
}

pub(super) fn reasons<T: std::fmt::Debug>(answer: Result<T, Status>) -> String {
    answer.unwrap_err().get_error_details().error_info().unwrap().metadata["reasons"].clone()
}

/// Reason and rule of each condition.
pub(super) fn grounds(answer: &pb::GetCoverageResponse) -> Vec<(&str, &str)> {
    answer.reasons.iter().map(|it| (it.reason.as_str(), it.rule_id.as_str())).collect()
}
