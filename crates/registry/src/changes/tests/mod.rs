//! The calls through the generated client, on SQLite and on PostgreSQL.

mod names;
mod order;
mod residences;

use juyi_db::{Database, Target, args};
use juyi_domain::codes::{ChangeKind, ChangeState, Desk, District, Office, UnitKind};
use juyi_domain::id::ResidentId;
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_kit::context::Context;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::enrolled_service_client::EnrolledServiceClient;
use juyi_proto::registry::v1::registry_service_client::RegistryServiceClient;
use juyi_testkit::{TestTarget, context, targets};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::NAME;
use crate::store::enrolments::{self, Enrolment};
use crate::store::migrations;
use crate::store::residents::{self, Resident};
use crate::testing::alone;
use crate::tests::{enrolment, farmer};

const NUMBER: &str = "120118197005010012";
const OTHER: &str = "120115197005010013";
/// The number of [`NUMBER`]'s holder, had they been born a year later.
const CORRECTED: &str = "12011819710501001X";
const DULIU: &str = "120118.4";
const JINGHAI_TOWN: &str = "120118.1";
const NANKAI_STREET: &str = "120104.1";
const BRANCH: Desk = Desk::DistrictSocialInsuranceBranch;

/// The service over one database, with a farmer of Duliu.
struct Suite {
    kind: &'static str,
    context: Context,
    database: Database,
    channel: Channel,
    client: RegistryServiceClient<Channel>,
    resident: ResidentId,
}

impl Suite {
    async fn start(on: &TestTarget) -> Self {
        let context = context("2021-03-10");
        let component = crate::build(&on.config(), context.clone(), alone()).await.unwrap();
        let target = Target::parse(&on.url).unwrap();
        let connections = on.config().database.connections;
        let database = Database::open(&target, NAME, connections, &migrations()).await.unwrap();
        let channel = Channel::local(NAME, component.routes);
        let client = RegistryServiceClient::new(channel.clone());
        let resident = context.id();
        let suite = Self { kind: on.kind, context, database, channel, client, resident };
        suite.units().await;
        suite.resident(resident, NUMBER).await;
        suite
    }

    async fn units(&self) {
        let mut session = self.database.begin().await.unwrap();
        let insert = "INSERT INTO unit (unit_id, kind, name, district, source, revision, office, office_name, created_at) \
            VALUES ($1, $2, $1, $3, 'test', 1, 'SYSTEM', '', $4) ON CONFLICT DO NOTHING";
        for (id, kind, district) in [
            (DULIU, UnitKind::Township, District::Jinghai),
            (JINGHAI_TOWN, UnitKind::Township, District::Jinghai),
            (NANKAI_STREET, UnitKind::Township, District::Nankai),
            ("120118.V1", UnitKind::Village, District::Jinghai),
        ] {
            let row = args![id, kind.as_str(), district.as_str(), self.context.now()];
            session.execute(insert, row).await.unwrap();
        }
        session.commit().await.unwrap();
    }

    async fn resident(&self, id: ResidentId, number: &str) {
        let resident = Resident { id, household_district: Some(District::Jinghai), ..farmer(&self.context, number) };
        let mut session = self.database.begin().await.unwrap();
        residents::insert(&mut session, &resident).await.unwrap();
        session.commit().await.unwrap();
    }

    /// An enrolment for 2021 through a desk, in Duliu; paid when a day is given.
    async fn enrol(&self, desk: Desk, paid_on: Option<&str>) -> String {
        let enrolment = Enrolment { desk, ..enrolment(&self.context, self.resident, 2021) };
        let mut session = self.database.begin().await.unwrap();
        enrolments::insert(&mut session, &enrolment).await.unwrap();
        session.commit().await.unwrap();
        let id = enrolment.id.to_string();
        if let Some(day) = paid_on {
            let payment = pb::NotedPayment {
                resident_id: self.resident.to_string(),
                enrolment_id: id.clone(),
                payment_date: day.to_owned(),
                version: 1,
            };
            let request = pb::NotePaymentsRequest { event_id: "paid".to_owned(), payments: vec![payment] };
            let mut client = EnrolledServiceClient::new(self.channel.clone());
            Caller::scope(Some(Caller::system()), client.note_payments(request)).await.unwrap();
        }
        id
    }

    async fn township_of_enrolment(&self) -> Option<String> {
        let sql = "SELECT township FROM enrolment WHERE resident_id = $1 AND policy_year = 2021";
        let mut session = self.database.read().await.unwrap();
        let row = session.maybe_row(sql, args![self.resident.to_string()]).await.unwrap().unwrap();
        row.maybe_text("township").unwrap()
    }

    /// The version of the state that other services read, and where the enrolment belonged by day.
    async fn state(&self, enrolment_id: &str) -> (i64, Vec<(String, String)>) {
        let (resident_id, enrolment_id) = (self.resident.to_string(), enrolment_id.to_owned());
        let request = pb::BatchGetEnrolledRequest { enrolments: vec![pb::EnrolmentKey { resident_id, enrolment_id }] };
        let mut client = EnrolledServiceClient::new(self.channel.clone());
        let answer = Caller::scope(Some(Caller::system()), client.batch_get_enrolled(request)).await.unwrap();
        let person = answer.into_inner().persons.remove(0).person.unwrap();
        let routes = person.enrolments.into_iter().flat_map(|terms| terms.routes);
        (person.revision, routes.map(|route| (route.from_date, route.township)).collect())
    }

    /// How often benefit period is to be told of the resident.
    async fn told(&self) -> usize {
        let sql = "SELECT event_id FROM outbox WHERE resident_id = $1 AND topic = 'resident_changed'";
        let mut session = self.database.read().await.unwrap();
        session.rows(sql, args![self.resident.to_string()]).await.unwrap().len()
    }

    async fn file(&self, caller: Caller, request: pb::FileChangeRequest) -> Result<pb::FileChangeResponse, Status> {
        Ok(Caller::scope(Some(caller), self.client.clone().file_change(request)).await?.into_inner())
    }

    async fn decide(
        &self,
        caller: Caller,
        request: pb::DecideChangeRequest,
    ) -> Result<pb::DecideChangeResponse, Status> {
        Ok(Caller::scope(Some(caller), self.client.clone().decide_change(request)).await?.into_inner())
    }

    async fn confirm_tax(&self, change_id: &str, date: &str, request_id: &str) -> Result<pb::Change, Status> {
        let request = pb::ConfirmTaxChangeRequest {
            request_id: request_id.to_owned(),
            resident_id: self.resident.to_string(),
            change_id: change_id.to_owned(),
            tax_change_date: date.to_owned(),
        };
        let caller = by(Office::Tax, Some(District::Jinghai));
        let confirmed = Caller::scope(Some(caller), self.client.clone().confirm_tax_change(request)).await?;
        Ok(confirmed.into_inner().change.unwrap())
    }

    async fn look_up(&self, identity_number: &str) -> Result<pb::Resident, Status> {
        let request = pb::LookUpResidentRequest { identity_number: identity_number.to_owned() };
        Ok(self.client.clone().look_up_resident(request).await?.into_inner().resident.unwrap())
    }

    async fn history(&self, page_size: i32, page_token: &str) -> pb::ListChangesResponse {
        let page_token = page_token.to_owned();
        let request = pb::ListChangesRequest { resident_id: self.resident.to_string(), page_size, page_token };
        self.client.clone().list_changes(request).await.unwrap().into_inner()
    }

    /// Filed on 2021-03-02 at the township service of Duliu, from the first version of the record.
    fn at_duliu(&self, request_id: &str) -> pb::FileChangeRequest {
        pb::FileChangeRequest {
            request_id: request_id.to_owned(),
            resident_id: self.resident.to_string(),
            etag: "1".to_owned(),
            desk: Desk::TownshipService.to_wire(),
            desk_district: District::Jinghai.to_string(),
            desk_township: DULIU.to_owned(),
            filing_date: "2021-03-02".to_owned(),
            proof: "户口簿".to_owned(),
            policy_year: 2021,
            ..Default::default()
        }
    }

    fn at_branch(&self, request_id: &str, district: District) -> pb::FileChangeRequest {
        pb::FileChangeRequest {
            desk: BRANCH.to_wire(),
            desk_district: district.to_string(),
            desk_township: String::new(),
            ..self.at_duliu(request_id)
        }
    }
}

fn by(office: Office, district: Option<District>) -> Caller {
    Caller { office, district, name: String::new() }
}

fn duliu() -> Caller {
    by(Office::Township, Some(District::Jinghai))
}

fn branch_of(district: District) -> Caller {
    by(Office::SocialInsurance, Some(district))
}

fn renamed(request: pb::FileChangeRequest) -> pb::FileChangeRequest {
    pb::FileChangeRequest { new_name: "王桂花".to_owned(), ..request }
}

fn moved(request: pb::FileChangeRequest, township: &str) -> pb::FileChangeRequest {
    let new_residence = Some(pb::Residence {
        district: township[..6].to_owned(),
        township: township.to_owned(),
        address: "胜利街1号".to_owned(),
    });
    pb::FileChangeRequest { new_residence, ..request }
}

/// Reasons of a refusal, and its facts.
fn refusal<T: std::fmt::Debug>(answer: Result<T, Status>) -> (String, std::collections::HashMap<String, String>) {
    let metadata = answer.unwrap_err().get_details_error_info().unwrap().metadata;
    (metadata["reasons"].clone(), metadata)
}
