//! A benefit period that notes what is delivered, and the service under test with its peers.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use juyi_domain::codes::{Category, Class, District, Office, Tier, Window};
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_proto::benefit_period::v1 as pb;
use juyi_proto::benefit_period::v1::benefit_period_service_server::{BenefitPeriodService, BenefitPeriodServiceServer};
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1::contribution_service_client::ContributionServiceClient;
use juyi_proto::registry::v1 as registry;
use juyi_testkit::registry::StandIn;
use juyi_testkit::{ManualClock, TestTarget, context_at};
use tonic::service::Routes;
use tonic::{Request, Response, Status};

use crate::{NAME, Peers};

pub(super) const RESIDENT: &str = "00000000-0000-7000-8000-000000000001";
pub(super) const ENROLMENT: &str = "00000000-0000-7000-8000-000000000002";

/// Notes deliveries, or refuses them while it is down.
#[derive(Clone, Default)]
pub(super) struct Deliveries {
    pub(super) down: Arc<AtomicBool>,
    pub(super) seen: Arc<Mutex<Vec<pb::ApplyPaymentRequest>>>,
}

impl Deliveries {
    pub(super) fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }
}

#[tonic::async_trait]
impl BenefitPeriodService for Deliveries {
    async fn apply_payment(
        &self,
        request: Request<pb::ApplyPaymentRequest>,
    ) -> Result<Response<pb::ApplyPaymentResponse>, Status> {
        assert_eq!(Caller::current().map(|caller| caller.office).ok(), Some(Office::System));
        if self.down.load(Ordering::SeqCst) {
            return Err(Status::unavailable("down"));
        }
        self.seen.lock().unwrap().push(request.into_inner());
        Ok(Response::new(pb::ApplyPaymentResponse::default()))
    }

    async fn get_coverage(
        &self,
        _: Request<pb::GetCoverageRequest>,
    ) -> Result<Response<pb::GetCoverageResponse>, Status> {
        Err(Status::unimplemented("not needed"))
    }

    async fn list_coverage(
        &self,
        _: Request<pb::ListCoverageRequest>,
    ) -> Result<Response<pb::ListCoverageResponse>, Status> {
        Err(Status::unimplemented("not needed"))
    }

    async fn preview_coverage(
        &self,
        _: Request<pb::PreviewCoverageRequest>,
    ) -> Result<Response<pb::PreviewCoverageResponse>, Status> {
        Err(Status::unimplemented("not needed"))
    }
}

/// The service with its peers.
pub(super) struct Suite {
    pub(super) clock: Arc<ManualClock>,
    pub(super) registry: StandIn,
    pub(super) deliveries: Deliveries,
    pub(super) client: ContributionServiceClient<Channel>,
}

/// A farmer of Jinghai, enrolled in the middle tier on 2020-11-11, not insured the year before.
pub(super) fn farmer() -> registry::Enrolment {
    registry::Enrolment {
        enrolment_id: ENROLMENT.to_owned(),
        resident_id: RESIDENT.to_owned(),
        policy_year: 2021,
        district: District::Jinghai.to_string(),
        category: Category::RuralResident.to_wire(),
        class: Class::Adult.to_wire(),
        tier: Tier::Middle.to_wire(),
        application_date: "2020-11-11".to_owned(),
        window: Window::Ordinary.to_wire(),
        previous_year: registry::PreviousYear::NotInsured.into(),
        ..Default::default()
    }
}

impl Suite {
    pub(super) async fn start(on: &TestTarget) -> Self {
        let (clock, registry, deliveries) =
            (Arc::new(ManualClock::on("2021-03-01")), StandIn::default(), Deliveries::default());
        registry.add_resident(registry::Resident {
            resident_id: RESIDENT.to_owned(),
            birth_date: "1970-05-01".to_owned(),
            ..Default::default()
        });
        let routes = Routes::new(BenefitPeriodServiceServer::new(deliveries.clone()));
        let peers = Peers { registry: registry.channel(), benefit_period: Channel::local("benefit-period", routes) };
        let component = crate::build(&on.config(), context_at(Arc::clone(&clock)), peers).await.unwrap();
        let client = ContributionServiceClient::new(Channel::local(NAME, component.routes));
        Self { clock, registry, deliveries, client }
    }

    pub(super) async fn of_farmer(on: &TestTarget) -> Self {
        let suite = Self::start(on).await;
        suite.registry.add_enrolment(farmer());
        suite
    }
}

/// Calls as an office of a district.
pub(super) async fn by<T>(office: Office, district: District, call: impl Future<Output = T>) -> T {
    let caller = Caller { office, district: Some(district), name: String::new() };
    Caller::scope(Some(caller), call).await
}
