//! A registry whose tables the test fills itself, called through the generated client.

use std::sync::Arc;

use chrono::NaiveDate;
use juyi_db::{Database, Value, args};
use juyi_domain::codes::{Category, Class, District, FindingKind, FindingState, Identity, Office, RosterKind};
use juyi_domain::id::ResidentId;
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_kit::context::Context;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::enrolled_service_server::EnrolledServiceServer;
use juyi_proto::registry::v1::registry_service_server::RegistryServiceServer;
use juyi_proto::registry::v1::roster_service_client::RosterServiceClient;
use juyi_proto::registry::v1::roster_service_server::RosterServiceServer;
use juyi_proto::registry::v1::standing_service_server::StandingServiceServer;
use juyi_testkit::{ManualClock, TestDatabase, context_at, databases};
use tonic::service::Routes;
use tonic::{Request, Status};
use tonic_types::StatusExt;

use crate::registry::Registry;
use crate::store::{enrolled, migrations};
use crate::{NAME, Peers, deaths};

/// The day on which the tests stand, in the late window of 2021.
pub(crate) const TODAY: &str = "2021-03-01";
/// Name of everybody of whom nothing else is said.
pub(crate) const PERSON: &str = "王桂兰";

/// Peers of whom nobody answers.
pub(crate) fn alone() -> Peers {
    Peers { settlement: Channel::late().0, benefit_period: Channel::late().0 }
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The number of a person of a test.
pub(crate) fn number(person: usize) -> String {
    format!("12011819700501{person:04}")
}

/// A list: its rows are numbers with names and what else they say, as JSON.
#[derive(Clone)]
pub(crate) struct List {
    pub(crate) kind: RosterKind,
    pub(crate) id: &'static str,
    pub(crate) district: District,
    pub(crate) policy_year: i32,
    pub(crate) as_of: &'static str,
    pub(crate) complete: bool,
    pub(crate) unit_id: &'static str,
    pub(crate) rows: Vec<(String, &'static str, String)>,
}

impl List {
    /// A partial list of Jinghai of 2021, true today, of persons named by their place.
    pub(crate) fn of(kind: RosterKind, id: &'static str, persons: impl IntoIterator<Item = usize>) -> Self {
        let rows = persons.into_iter().map(|person| (number(person), PERSON, "{}".to_owned())).collect();
        let district = District::Jinghai;
        Self { kind, id, district, policy_year: 2021, as_of: TODAY, complete: false, unit_id: "", rows }
    }

    /// The same with what its rows say.
    pub(crate) fn saying(mut self, content: &str) -> Self {
        self.rows.iter_mut().for_each(|row| content.clone_into(&mut row.2));
        self
    }
}

/// A registry over one database.
pub(crate) struct World {
    /// `sqlite` or `postgres`, for messages.
    pub(crate) kind: &'static str,
    pub(crate) database: Database,
    pub(crate) context: Context,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) rosters: RosterServiceClient<Channel>,
    pub(crate) channel: Channel,
    _on: TestDatabase,
}

/// An empty registry on each database at hand.
pub(crate) async fn worlds() -> Vec<World> {
    let world = |on: TestDatabase| {
        let clock = Arc::new(ManualClock::on(TODAY));
        let context = context_at(clock.clone());
        let registry = Registry { database: on.database.clone(), context: context.clone() };
        let routes = Routes::new(RosterServiceServer::new(registry.clone()))
            .add_service(EnrolledServiceServer::new(registry.clone()))
            .add_service(StandingServiceServer::new(registry.clone()))
            .add_service(RegistryServiceServer::new(registry));
        let channel = Channel::local(NAME, routes);
        let (database, rosters) = (on.database.clone(), RosterServiceClient::new(channel.clone()));
        World { kind: on.kind, database, context, clock, rosters, channel, _on: on }
    };
    databases(NAME, &migrations()).await.into_iter().map(world).collect()
}

pub(crate) fn caller(office: Office) -> Option<Caller> {
    Some(Caller { office, district: Some(District::Jinghai), name: "test".to_owned() })
}

/// The bureau of the whole city.
pub(crate) fn city() -> Option<Caller> {
    Some(Caller { office: Office::MedicalInsurance, district: None, name: "test".to_owned() })
}

/// All reasons of a refusal.
pub(crate) fn reasons<T: std::fmt::Debug>(answer: Result<T, Status>) -> String {
    answer.unwrap_err().get_details_error_info().unwrap().metadata["reasons"].clone()
}

impl World {
    /// One statement in a transaction of its own.
    pub(crate) async fn run(&self, sql: &'static str, values: Vec<Value>) -> u64 {
        let mut session = self.database.begin().await.unwrap();
        let touched = session.execute(sql, values).await.unwrap();
        session.commit().await.unwrap();
        touched
    }

    /// Registers a person of Jinghai.
    pub(crate) async fn resident(&self, person: usize, name: &str) -> ResidentId {
        let id: ResidentId = self.context.id();
        let insert = "INSERT INTO resident (resident_id, identity_number, name, born_on, residence_district, office, \
            office_name, created_at) VALUES ($1, $2, $3, $4, '120118', 'TOWNSHIP', 'test', $5)";
        let row = args![Value::text(id), number(person), name, day("1970-05-01"), self.context.now()];
        self.run(insert, row).await;
        let insert = "INSERT INTO identity_number (identity_number, resident_id) VALUES ($1, $2)";
        self.run(insert, args![number(person), Value::text(id)]).await;
        id
    }

    /// Enrols a registered person in Jinghai.
    pub(crate) async fn enrol(&self, id: ResidentId, category: Category, policy_year: i32) {
        let student = matches!(category, Category::SchoolStudent | Category::NurseryChild);
        let (class, tier) = if student { (Class::StudentChild, "STUDENT_CHILD") } else { (Class::Adult, "MIDDLE") };
        let applied_on = NaiveDate::from_ymd_opt(policy_year - 1, 11, 11).unwrap();
        let insert = "INSERT INTO enrolment (resident_id, enrolment_id, policy_year, district, category, class, tier, \
            desk, enrolment_window, applied_on, receipt, office, office_name, created_at, township) VALUES \
            ($1, $2, $3, '120118', $4, $5, $6, 'TOWNSHIP_SERVICE', 'ORDINARY', $7, '{}', 'TOWNSHIP', 'test', $8, \
            '120118.4')";
        let enrolment: juyi_domain::id::EnrolmentId = self.context.id();
        let mut row = args![Value::text(id), Value::text(enrolment), policy_year, category.as_str(), class.as_str()];
        row.extend(args![tier, applied_on, self.context.now()]);
        let mut session = self.database.begin().await.unwrap();
        session.execute(insert, row).await.unwrap();
        enrolled::add(&mut session, id).await.unwrap();
        session.commit().await.unwrap();
    }

    /// Registers and enrols persons for 2021.
    pub(crate) async fn enrolled(&self, category: Category, persons: impl IntoIterator<Item = usize>) {
        for person in persons {
            let id = self.resident(person, PERSON).await;
            self.enrol(id, category, 2021).await;
        }
    }

    /// Records an identity that the authority of Jinghai asserted.
    pub(crate) async fn hold(&self, id: ResidentId, identity: Identity, start: &str) {
        let insert = "INSERT INTO special_identity (resident_id, identity_id, identity, start_on, office, \
            office_district, office_name, created_at) VALUES ($1, $2, $3, $4, 'CIVIL_AFFAIRS', '120118', 'test', $5)";
        let period: juyi_domain::id::IdentityId = self.context.id();
        let row = args![Value::text(id), Value::text(period), identity.as_str(), day(start), self.context.now()];
        self.run(insert, row).await;
    }

    /// Records a death, another day of it, or that there was none.
    pub(crate) async fn die(&self, id: ResidentId, on: Option<&str>) {
        let mut session = self.database.begin().await.unwrap();
        let update = "UPDATE resident SET died_on = $2, revision = revision + 1 WHERE resident_id = $1";
        session.execute(update, args![Value::text(id), on.map(day)]).await.unwrap();
        deaths::announce(&mut session, &self.context, id, on.map(day)).await.unwrap();
        session.commit().await.unwrap();
    }

    /// Accepts a list; a person named twice leaves a duplicate.
    pub(crate) async fn accept(&self, list: &List) {
        let upload = format!("{}-{}", list.kind, list.id);
        let mut session = self.database.begin().await.unwrap();
        let mut accepted = 0;
        for (place, (number, name, content)) in (1_i64..).zip(&list.rows) {
            let insert = "INSERT INTO roster_row (upload_id, identity_number, row_number, name, township, \
                fingerprint, content) VALUES ($1, $2, $3, $4, '120118.4', 0, $5) ON CONFLICT DO NOTHING";
            let row = args![upload.as_str(), number.as_str(), place, *name, content.as_str()];
            if session.execute(insert, row).await.unwrap() == 1 {
                accepted += 1;
                continue;
            }
            let insert = "INSERT INTO roster_exception (upload_id, row_number, disposition, identity_number, content, \
                reasons) VALUES ($1, $2, 'DUPLICATE', $3, '{}', '[]')";
            session.execute(insert, args![upload.as_str(), place, number.as_str()]).await.unwrap();
        }
        let insert = "INSERT INTO roster (district, kind, roster_id, upload_id, previous_upload_id, \
            previous_roster_id, policy_year, as_of_on, complete, unit_id, fingerprint, received, accepted, added, \
            unchanged, changed, duplicate, rejected, departed, applied, applied_to, office, office_name, created_at) \
            VALUES ($1, $2, $3, $4, $4, '', $5, $6, $7, $8, '', $9, $9, 0, 0, 0, 0, 0, 0, $9, '', 'TAX', 'test', $10)";
        let mut row = args![list.district.as_str(), list.kind.as_str(), list.id, upload.as_str(), list.policy_year];
        row.extend(args![day(list.as_of), Value::Bool(Some(list.complete)), list.unit_id, accepted]);
        row.push(self.context.now().into());
        session.execute(insert, row).await.unwrap();
        session.commit().await.unwrap();
    }

    pub(crate) async fn try_compare(&self, request: pb::CompareRosterRequest) -> Result<pb::Comparison, Status> {
        let mut client = self.rosters.clone();
        let answer = Caller::scope(caller(Office::MedicalInsurance), client.compare_roster(request)).await?;
        Ok(answer.into_inner().comparison.unwrap())
    }

    /// A request to compare an accepted list, under an id of its own.
    pub(crate) fn request(&self, list: &List) -> pb::CompareRosterRequest {
        let id: juyi_domain::id::EventId = self.context.id();
        pb::CompareRosterRequest {
            request_id: id.to_string(),
            district: list.district.to_string(),
            kind: list.kind.to_wire(),
            roster_id: list.id.to_owned(),
            validate_only: false,
        }
    }

    /// Compares an accepted list; the outcomes explain it.
    pub(crate) async fn compare(&self, list: &List) -> pb::Comparison {
        let comparison = self.try_compare(self.request(list)).await.unwrap();
        let exclusive =
            [FindingKind::ConflictingIdentity, FindingKind::Deceased, FindingKind::SpecialWithoutSubsidisedEnrolment];
        let others: i64 = exclusive.map(|kind| count(&comparison, kind)).iter().sum();
        assert_eq!(comparison.listed, comparison.matched + comparison.not_enrolled + others, "{}", self.kind);
        comparison
    }

    /// Accepts and compares a list.
    pub(crate) async fn take(&self, list: &List) -> pb::Comparison {
        self.accept(list).await;
        self.compare(list).await
    }

    /// Every finding of a kind, in pages of two, by identity number.
    pub(crate) async fn findings(&self, kind: FindingKind) -> Vec<pb::Finding> {
        let wanted = pb::ListFindingsRequest { kind: kind.to_wire(), ..self.everything() };
        let mut found = self.list(wanted).await;
        found.sort_by(|one, other| one.identity_number.cmp(&other.identity_number));
        found
    }

    pub(crate) fn everything(&self) -> pb::ListFindingsRequest {
        pb::ListFindingsRequest { district: "120118".to_owned(), page_size: 2, ..Default::default() }
    }

    pub(crate) async fn list(&self, mut wanted: pb::ListFindingsRequest) -> Vec<pb::Finding> {
        let mut found = Vec::new();
        loop {
            let mut client = self.rosters.clone();
            let call = client.list_findings(Request::new(wanted.clone()));
            let page = Caller::scope(city(), call).await.unwrap().into_inner();
            found.extend(page.findings);
            wanted.page_token = page.next_page_token;
            if wanted.page_token.is_empty() {
                return found;
            }
        }
    }

    /// Numbers and states of the findings of a kind.
    pub(crate) async fn states(&self, kind: FindingKind) -> Vec<(String, FindingState)> {
        let state =
            |finding: pb::Finding| (finding.identity_number.clone(), FindingState::from_wire(finding.state).unwrap());
        self.findings(kind).await.into_iter().map(state).collect()
    }
}

/// How many findings of a kind a comparison counts; none when it did not look for them.
pub(crate) fn count(comparison: &pb::Comparison, kind: FindingKind) -> i64 {
    let found = comparison.findings.iter().find(|found| found.kind == kind.to_wire());
    found.map_or(0, |found| found.count)
}
