//! People as other services see them, through the generated clients, on SQLite and on PostgreSQL.

mod read;
mod revision;
mod told;

use juyi_db::args;
use juyi_domain::codes::{ContributionStatus, EmployeesInsuranceKind, Office};
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_proto::code::Coded;
use juyi_proto::common::v1 as common;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::enrolled_service_client::EnrolledServiceClient;
use juyi_proto::registry::v1::fact::Fact;
use juyi_proto::registry::v1::registry_service_client::RegistryServiceClient;
use tonic::Status;

use crate::suite::{application, by, fact, farmer};
use crate::testing::World;

impl World {
    fn desk(&self) -> RegistryServiceClient<Channel> {
        RegistryServiceClient::new(self.channel.clone())
    }

    fn people(&self) -> EnrolledServiceClient<Channel> {
        EnrolledServiceClient::new(self.channel.clone())
    }

    /// Registers the farmer and gives the id.
    async fn farmer(&self) -> String {
        let mut client = self.desk();
        by(Office::Township, client.register_resident(farmer())).await.unwrap().resident.unwrap().resident_id
    }

    /// Enrols the farmer for 2021 and gives the id of the enrolment.
    async fn enrol_farmer(&self, resident_id: &str) -> String {
        let mut client = self.desk();
        by(Office::Township, client.enrol(application(resident_id))).await.unwrap().enrolment.unwrap().enrolment_id
    }

    /// Records facts as an office of Jinghai.
    async fn record(&self, office: Office, resident_id: &str, facts: Vec<pb::Fact>) -> Result<(), Status> {
        let id: juyi_domain::id::EventId = self.context.id();
        let (request_id, resident_id) = (id.to_string(), resident_id.to_owned());
        let request = pb::RecordFactsRequest { request_id, resident_id, facts, validate_only: false };
        by(office, self.desk().record_facts(request)).await.map(|_| ())
    }

    /// The persons of enrolments, as the suite reads them.
    async fn batch(&self, keys: &[(&str, &str)]) -> Vec<pb::EnrolledPerson> {
        let key = |(resident_id, enrolment_id): &(&str, &str)| pb::EnrolmentKey {
            resident_id: (*resident_id).to_owned(),
            enrolment_id: (*enrolment_id).to_owned(),
        };
        let request = pb::BatchGetEnrolledRequest { enrolments: keys.iter().map(key).collect() };
        let mut client = self.people();
        let answer = Caller::scope(Some(Caller::system()), client.batch_get_enrolled(request)).await;
        answer.unwrap().into_inner().persons
    }

    /// The state of one person.
    async fn state(&self, resident_id: &str, enrolment_id: &str) -> common::PersonState {
        self.batch(&[(resident_id, enrolment_id)]).await.remove(0).person.unwrap()
    }

    /// A village of Jinghai.
    async fn village(&self, unit_id: &str) {
        let insert = "INSERT INTO unit (unit_id, kind, name, district, township, source, revision, office, \
            office_name, created_at) VALUES ($1, 'VILLAGE', 'x', '120118', '120118.4', 'test', 1, 'SYSTEM', '', $2)";
        self.run(insert, args![unit_id, self.context.now()]).await;
    }
}

/// Employed since a day, with contributions paid.
fn employed(start_date: &str, end_date: &str) -> pb::Fact {
    let insured = pb::EmployeesInsuranceFact {
        kind: EmployeesInsuranceKind::Employer.to_wire(),
        status: ContributionStatus::Paid.to_wire(),
        ..Default::default()
    };
    pb::Fact { end_date: end_date.to_owned(), ..fact(start_date, Fact::EmployeesInsurance(insured)) }
}

/// Left school on a day.
fn left(on: &str) -> pb::Fact {
    let reason = juyi_domain::codes::LeavingReason::DroppedOut.to_wire();
    fact(on, Fact::SchoolLeaving(pb::SchoolLeaving { reason }))
}
