//! The registry with its clients, and enrolments as supervision sees them, for tests.

use std::num::NonZeroU32;
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use juyi_db::{Database, Session, Target, Value, args};
use juyi_domain::codes::{District, Office};
use juyi_domain::id::{EnrolmentId, FindingId, ResidentId};
use juyi_domain::registry::supervision::params;
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_kit::context::Context;
use juyi_policy::Policy;
use juyi_proto::registry::v1::provider_register_service_client::ProviderRegisterServiceClient;
use juyi_proto::registry::v1::reference_service_client::ReferenceServiceClient;
use juyi_proto::registry::v1::supervision_service_client::SupervisionServiceClient;
use juyi_testkit::{ManualClock, TestTarget};
use tonic::Status;
use tonic_types::StatusExt;

use crate::counts::{self, Counted};
use crate::store::migrations;
use crate::store::progress::{self, Key};
use crate::testing::alone;

/// A day as tests write it.
pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Stores a resident and an enrolment with what the figures know of it.
pub(crate) async fn insert_enrolment(
    session: &mut Session,
    (resident_id, enrolment_id): (ResidentId, EnrolmentId),
    counted: &Counted,
) {
    let resident = "INSERT INTO resident (resident_id, identity_number, name, born_on, residence_district, office, \
        office_name, created_at) VALUES ($1, $1, '', $2, $3, 'SYSTEM', '', $4)";
    let born_on = day("1970-05-01");
    let at = counted.applied_on.and_hms_opt(4, 0, 0).unwrap().and_utc();
    let row = args![Value::text(resident_id), born_on, counted.district.as_str(), at];
    session.execute(resident, row).await.unwrap();
    let enrolment = "INSERT INTO enrolment (resident_id, enrolment_id, policy_year, district, category, class, tier, \
        desk, enrolment_window, applied_on, receipt, office, office_name, created_at, township, count_group) \
        VALUES ($1, $2, $3, $4, 'RURAL_RESIDENT', 'ADULT', 'LOW', 'TOWNSHIP_SERVICE', 'ORDINARY', $5, \
        '{}', 'SYSTEM', '', $6, $7, $8)";
    let row = args![
        Value::text(resident_id),
        Value::text(enrolment_id),
        counted.policy_year,
        counted.district.as_str(),
        counted.applied_on,
        at,
        counted.township.clone(),
        counted.group.as_str(),
    ];
    session.execute(enrolment, row).await.unwrap();
}

/// The registry on a database, with the clients that supervision and reference data need.
pub(crate) struct Suite {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) reference: ReferenceServiceClient<Channel>,
    pub(crate) register: ProviderRegisterServiceClient<Channel>,
    pub(crate) supervision: SupervisionServiceClient<Channel>,
    database: Database,
}

impl Suite {
    /// Starts at noon of a day.
    pub(crate) async fn start(on: &TestTarget, day: &str) -> Self {
        Self::with(on, day, |policy| policy).await
    }

    /// Starts with figures of an operator.
    pub(crate) async fn with(on: &TestTarget, day: &str, change: impl FnOnce(Policy) -> Policy) -> Self {
        let clock = Arc::new(ManualClock::on(day));
        let policy = Arc::new(change(Policy::embedded().unwrap()));
        let at: Arc<dyn juyi_kit::clock::Clock> = Arc::<ManualClock>::clone(&clock);
        let context = Context::new(policy).with_clock(at);
        let component = crate::build(&on.config(), context, alone()).await.unwrap();
        let channel = Channel::local(crate::NAME, component.routes);
        let connections = NonZeroU32::MIN;
        let target = Target::parse(&on.url).unwrap();
        let database = Database::open(&target, crate::NAME, connections, &migrations()).await.unwrap();
        let reference = ReferenceServiceClient::new(channel.clone());
        let register = ProviderRegisterServiceClient::new(channel.clone());
        Self { clock, reference, register, supervision: SupervisionServiceClient::new(channel), database }
    }

    /// Runs a statement behind the service's back.
    pub(crate) async fn run(&self, sql: &'static str) {
        let mut session = self.database.begin().await.unwrap();
        session.execute(sql, Vec::new()).await.unwrap();
        session.commit().await.unwrap();
    }

    /// Stores enrolments and counts them, as an enrolment does.
    pub(crate) async fn enrol(&self, number: usize, counted: &Counted) {
        let context = juyi_testkit::context("2021-03-01");
        let mut session = self.database.begin().await.unwrap();
        for _ in 0..number {
            insert_enrolment(&mut session, (context.id(), context.id()), counted).await;
        }
        counts::add(&mut session, std::iter::repeat_n(counted.clone(), number)).await.unwrap();
        session.commit().await.unwrap();
    }

    /// Adds to a figure without an enrolment, for reports on many persons.
    pub(crate) async fn count(&self, counted: &Counted, persons: i64) {
        let mut session = self.database.begin().await.unwrap();
        let key = Key {
            district: counted.district,
            policy_year: counted.policy_year,
            township: counted.township.clone().unwrap_or_default(),
            group: counted.group,
            on: counted.applied_on,
        };
        progress::add(&mut session, &key, persons).await.unwrap();
        session.commit().await.unwrap();
    }
}

impl Suite {
    /// Stores a finding about somebody of Tuanbo town, as a comparison does, and answers its id.
    pub(crate) async fn finding(&self, identity_number: &str, state: &str) -> String {
        let id: FindingId = juyi_testkit::context("2021-03-01").id();
        let sql = "INSERT INTO finding (finding_id, district, policy_year, roster_kind, kind, identity_number, unit_id, \
            roster_id, state, name, township, detail, remedy, rule_id, facts, resolution, reopened, revision, seen_by, \
            opened_by, cleared_by, created_at, updated_at) VALUES ($1, '120118', 2021, 'POPULATION', 'NOT_ENROLLED', \
            $2, '', '', $3, '', '120118.18', '', '', '', '', '', 0, 1, '', '', '', $4, $4)";
        let at = day("2021-03-01").and_hms_opt(4, 0, 0).unwrap().and_utc();
        let mut session = self.database.begin().await.unwrap();
        session.execute(sql, args![Value::text(id), identity_number, state, at]).await.unwrap();
        session.commit().await.unwrap();
        id.to_string()
    }

    /// Fills a year of days: 22 persons in each of 19 units, three groups and 365 days, about Jinghai's total.
    pub(crate) async fn fill_year(&self) {
        let mut session = self.database.begin().await.unwrap();
        for unit in 1..=19 {
            for group in params::Target::GROUPS {
                for number in 0..365 {
                    let key = Key {
                        district: District::Jinghai,
                        policy_year: 2021,
                        township: format!("120118.{unit}"),
                        group,
                        on: day("2020-09-01") + Days::new(number),
                    };
                    progress::add(&mut session, &key, 22).await.unwrap();
                }
            }
        }
        session.commit().await.unwrap();
    }
}

/// Calls as an office of a district.
pub(crate) async fn by<T>(office: Office, district: District, call: impl Future<Output = T>) -> T {
    let caller = Caller { office, district: Some(district), name: String::new() };
    Caller::scope(Some(caller), call).await
}

/// Every reason of a refusal.
pub(crate) fn reasons<T: std::fmt::Debug>(answer: Result<T, Status>) -> String {
    answer.unwrap_err().get_error_details().error_info().unwrap().metadata["reasons"].clone()
}

/// A fact of the first refusal.
pub(crate) fn fact<T: std::fmt::Debug>(answer: &Result<T, Status>, key: &str) -> String {
    let status = answer.as_ref().unwrap_err();
    status.get_error_details().error_info().unwrap().metadata.get(key).cloned().unwrap_or_default()
}
