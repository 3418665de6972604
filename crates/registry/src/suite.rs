//! The registry in process with its generated client, on every database at hand, and the people its tests are about.

use std::sync::Arc;

use juyi_db::args;
use juyi_domain::codes::{Area, Desk, District, Identity, Office, Paper, Tier, UnitKind};
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_kit::component::Component;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::enrolled_service_server::EnrolledServiceServer;
use juyi_proto::registry::v1::registry_service_client::RegistryServiceClient;
use juyi_proto::registry::v1::registry_service_server::{RegistryServiceServer, SERVICE_NAME};
use juyi_testkit::{ManualClock, TestDatabase, context_at, databases};
use tonic::service::Routes;
use tonic::{Response, Status};
use tonic_types::StatusExt;

use crate::NAME;
use crate::registry::Registry;
use crate::store::migrations;

/// A service with its database.
pub(crate) struct Suite {
    pub(crate) on: TestDatabase,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) client: RegistryServiceClient<Channel>,
    /// To every service of the registry.
    pub(crate) channel: Channel,
}

/// Every failing condition of a status, and the metadata of the gravest.
pub(crate) fn refusal(status: &Status) -> (String, std::collections::HashMap<String, String>) {
    let details = status.get_error_details();
    let info = details.error_info().unwrap();
    (info.metadata["reasons"].clone(), info.metadata.clone())
}

/// The reasons of a refused call.
pub(crate) fn reasons<T: std::fmt::Debug>(answer: Result<T, Status>) -> String {
    refusal(&answer.unwrap_err()).0
}

/// Makes a call on behalf of an office of Jinghai.
pub(crate) async fn by<T>(
    office: Office,
    call: impl Future<Output = Result<Response<T>, Status>>,
) -> Result<T, Status> {
    by_one_of(District::Jinghai, office, call).await
}

/// The same of another district.
pub(crate) async fn by_one_of<T>(
    district: District,
    office: Office,
    call: impl Future<Output = Result<Response<T>, Status>>,
) -> Result<T, Status> {
    from(office, Some(district), call).await
}

/// The same of the city, whose centres no office of a district is.
pub(crate) async fn by_the_city<T>(
    office: Office,
    call: impl Future<Output = Result<Response<T>, Status>>,
) -> Result<T, Status> {
    from(office, None, call).await
}

async fn from<T>(
    office: Office,
    district: Option<District>,
    call: impl Future<Output = Result<Response<T>, Status>>,
) -> Result<T, Status> {
    let caller = Caller { office, district, name: "test".to_owned() };
    Caller::scope(Some(caller), call).await.map(Response::into_inner)
}

/// A farmer of Duliu, born 1970-05-01.
pub(crate) fn farmer() -> pb::RegisterResidentRequest {
    pb::RegisterResidentRequest {
        request_id: "register".to_owned(),
        identity_number: "120118197005010012".to_owned(),
        name: "王桂兰".to_owned(),
        household_district: District::Jinghai.to_string(),
        residence_district: District::Jinghai.to_string(),
        household_area: Area::Rural.to_wire(),
        household_township: "120118.4".to_owned(),
        residence_township: "120118.4".to_owned(),
        ..Default::default()
    }
}

/// The farmer's application for 2021, in time and at the right desk.
pub(crate) fn application(resident_id: &str) -> pb::EnrolRequest {
    pb::EnrolRequest {
        request_id: "enrol".to_owned(),
        resident_id: resident_id.to_owned(),
        policy_year: 2021,
        district: District::Jinghai.to_string(),
        tier: Tier::Middle.to_wire(),
        desk: Desk::TownshipService.to_wire(),
        application_date: "2020-10-12".to_owned(),
        previous_year: pb::PreviousYear::Insured.into(),
        papers: vec![Paper::IdentityPaper.to_wire()],
        ..Default::default()
    }
}

/// An identity since a day.
pub(crate) fn assertion(resident_id: &str, identity: Identity, start_date: &str) -> pb::AssertIdentityRequest {
    pb::AssertIdentityRequest {
        request_id: format!("assert-{identity}-{start_date}"),
        resident_id: resident_id.to_owned(),
        identity: identity.to_wire(),
        start_date: start_date.to_owned(),
        ..Default::default()
    }
}

/// A fact since a day.
pub(crate) fn fact(start_date: &str, fact: pb::fact::Fact) -> pb::Fact {
    pb::Fact { start_date: start_date.to_owned(), fact: Some(fact), ..Default::default() }
}

impl Suite {
    /// One on each database at hand, at noon of 2021-03-01.
    pub(crate) async fn all() -> Vec<Self> {
        let mut suites = Vec::new();
        for on in databases(NAME, &migrations()).await {
            let clock = Arc::new(ManualClock::on("2021-03-01"));
            let registry = Registry { database: on.database.clone(), context: context_at(Arc::clone(&clock)) };
            let routes = Routes::new(RegistryServiceServer::new(registry.clone()))
                .add_service(EnrolledServiceServer::new(registry));
            let component = Component::new(NAME, SERVICE_NAME, routes).await;
            let channel = Channel::local(NAME, component.routes);
            let client = RegistryServiceClient::new(channel.clone());
            suites.push(Self { on, clock, client, channel });
        }
        suites
    }

    /// Puts a unit on record.
    pub(crate) async fn unit(&self, unit_id: &str, kind: UnitKind, township: Option<&str>) {
        const INSERT: &str = "INSERT INTO unit (unit_id, kind, name, district, township, source, revision, office, \
            office_name, created_at) VALUES ($1, $2, $1, $3, $4, 'test', 1, 'SYSTEM', '', $5)";
        let mut session = self.on.database.begin().await.unwrap();
        let now: chrono::DateTime<chrono::Utc> = "2020-01-01T00:00:00Z".parse().unwrap();
        let township = township.map(str::to_owned);
        let row = args![unit_id, kind.as_str(), unit_id[..6].to_owned(), township, now];
        session.execute(INSERT, row).await.unwrap();
        session.commit().await.unwrap();
    }

    /// Registers somebody and gives the id.
    pub(crate) async fn register(&self, request: pb::RegisterResidentRequest) -> String {
        let mut client = self.client.clone();
        let call = client.register_resident(request);
        by(Office::Township, call).await.unwrap().resident.unwrap().resident_id
    }

    /// Enrols at a township of Jinghai.
    pub(crate) async fn enrol(&self, request: pb::EnrolRequest) -> Result<pb::Enrolment, Status> {
        Ok(by(Office::Township, self.client.clone().enrol(request)).await?.enrolment.unwrap())
    }
}
