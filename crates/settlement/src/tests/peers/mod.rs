//! The services that settlement calls. Assistance decides by the real rules and keeps what it is told in memory.

mod services;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use juyi_domain::codes::{Category, Class, District, Identity, Insurance, Tier};
use juyi_domain::id::ResidentId;
use juyi_domain::money::Fen;
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::channel::Channel;
use juyi_kit::error::from_refusals;
use juyi_policy::Policy;
use juyi_proto::assistance::v1::assistance_service_server::AssistanceServiceServer;
use juyi_proto::benefit_period::v1 as pb;
use juyi_proto::benefit_period::v1::benefit_period_service_server::BenefitPeriodServiceServer;
use juyi_proto::benefit_period::v1::covered_service_server::CoveredServiceServer;
use juyi_proto::code::Coded;
use juyi_proto::common::v1::Condition;
use juyi_proto::registry::v1 as registry;
use juyi_proto::registry::v1::provider_register_service_server::ProviderRegisterServiceServer;
use juyi_testkit::ManualClock;
use tokio::sync::{OwnedRwLockWriteGuard, RwLock};
use tonic::Status;
use tonic::service::Routes;

/// What the test decides and looks at. Cloning shares it.
#[derive(Clone, Debug)]
pub(super) struct Peers {
    state: Arc<Mutex<State>>,
    policy: Arc<Policy>,
    /// Assistance answers while nobody holds it.
    gate: Arc<RwLock<()>>,
}

#[derive(Debug)]
struct State {
    class: Class,
    tier: Tier,
    category: Category,
    district: District,
    identities: Vec<Identity>,
    reasons: Vec<Condition>,
    /// Identities and reasons before a day, where they are others.
    before: Option<(NaiveDate, Vec<Identity>, Vec<Condition>)>,
    /// First and last days of times of other reasons not to be covered.
    uncovered: Vec<(NaiveDate, NaiveDate, Vec<Condition>)>,
    /// Spans of basic insurance: first day, last day, benefit year.
    spans: Vec<(String, String, i32)>,
    /// Ids nobody registered.
    unknown: Vec<String>,
    assistance_is_down: bool,
    benefit_period_is_down: bool,
    /// A clock that moves on when assistance is asked.
    midnight: Option<(Arc<ManualClock>, DateTime<Utc>)>,
    assessments: usize,
    /// Insurances whose cover was asked, and bills that assistance was asked about, in order.
    insurances: Vec<i32>,
    assessed: Vec<String>,
    /// Days asked about at once, group by group.
    groups: Vec<usize>,
    /// How providers stand from a day on; none is known at first.
    providers: Vec<registry::MedicalProvider>,
    /// Providers and days asked about at once, call by call.
    providers_asked: Vec<usize>,
    register_is_down: bool,
    /// Medical and veterans' assistance posted, by event.
    register: BTreeMap<String, (String, Fen, Fen)>,
}

impl Peers {
    pub(super) fn new(policy: Arc<Policy>) -> Self {
        let state = State {
            class: Class::Adult,
            tier: Tier::Middle,
            category: Category::RuralResident,
            district: District::Jinghai,
            identities: Vec::new(),
            reasons: Vec::new(),
            before: None,
            uncovered: Vec::new(),
            spans: Vec::new(),
            unknown: Vec::new(),
            assistance_is_down: false,
            benefit_period_is_down: false,
            midnight: None,
            assessments: 0,
            insurances: Vec::new(),
            assessed: Vec::new(),
            groups: Vec::new(),
            providers: Vec::new(),
            providers_asked: Vec::new(),
            register_is_down: false,
            register: BTreeMap::new(),
        };
        Self { state: Arc::new(Mutex::new(state)), policy, gate: Arc::default() }
    }

    pub(super) fn channels(&self) -> crate::Peers {
        crate::Peers {
            registry: Channel::local("registry", Routes::new(ProviderRegisterServiceServer::new(self.clone()))),
            benefit_period: Channel::local(
                "benefit_period",
                Routes::new(BenefitPeriodServiceServer::new(self.clone()))
                    .add_service(CoveredServiceServer::new(self.clone())),
            ),
            assistance: Channel::local("assistance", Routes::new(AssistanceServiceServer::new(self.clone()))),
        }
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn coverage(&self, on: NaiveDate) -> pb::GetCoverageResponse {
        let covered = |state: &mut State| {
            let before = state.before.clone().filter(|(day, ..)| on < *day);
            let (_, identities, reasons) =
                before.unwrap_or_else(|| (on, state.identities.clone(), state.reasons.clone()));
            let uncovered = state.uncovered.iter().find(|(first, last, _)| (*first..=*last).contains(&on));
            let reasons = uncovered.map_or(reasons, |(.., reasons)| reasons.clone());
            pb::GetCoverageResponse {
                covered: reasons.is_empty(),
                span: Some(pb::Span { benefit_year: on.year(), ..pb::Span::default() }),
                class: state.class.to_wire(),
                category: state.category.to_wire(),
                tier: state.tier.to_wire(),
                district: state.district.to_string(),
                identities: identities.iter().map(|identity| identity.to_wire()).collect(),
                receipt: None,
                reasons,
                policy_year: on.year(),
                ..Default::default()
            }
        };
        self.with(covered)
    }

    fn require_known(&self, resident_id: &str) -> Result<(), Status> {
        if self.with(|state| state.unknown.iter().any(|unknown| unknown == resident_id)) {
            return Err(from_refusals(&Refusal::new(Reason::PersonNotFound, "nobody").into()));
        }
        Ok(())
    }

    pub(super) fn set_cover(&self, tier: Tier, identities: &[Identity]) {
        self.with(|state| (state.tier, state.identities) = (tier, identities.to_vec()));
    }

    /// A student or child.
    pub(super) fn set_student(&self) {
        self.with(|state| (state.class, state.tier) = (Class::StudentChild, Tier::StudentChild));
    }

    pub(super) fn set_category(&self, class: Class, category: Category) {
        self.with(|state| (state.class, state.category) = (class, category));
    }

    pub(super) fn set_district(&self, district: District) {
        self.with(|state| state.district = district);
    }

    /// Answers "not covered" with these reasons; with none, "covered" again.
    pub(super) fn set_reasons(&self, reasons: &[(Reason, &str)]) {
        self.with(|state| state.reasons = reasons.iter().map(condition).collect());
    }

    /// Answers otherwise about days before a day.
    pub(super) fn set_before(&self, day: &str, identities: &[Identity], reasons: &[(Reason, &str)]) {
        let answer = (day.parse().unwrap(), identities.to_vec(), reasons.iter().map(condition).collect());
        self.with(|state| state.before = Some(answer));
    }

    /// Answers "not covered" about the days of these times, which the spans hold all the same.
    pub(super) fn set_uncovered(&self, times: &[(&str, &str)], reason: (Reason, &str)) {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let time = |(first, last): &(&str, &str)| (day(first), day(last), vec![condition(&reason)]);
        self.with(|state| state.uncovered = times.iter().map(time).collect());
    }

    /// Lists one span of basic insurance in a year, or none.
    pub(super) fn set_span(&self, span: Option<(&str, &str, i32)>) {
        let span = span.map(|(first, last, year)| (first.to_owned(), last.to_owned(), year));
        self.with(|state| state.spans = span.into_iter().collect());
    }

    /// Answers that nobody registered the person.
    pub(super) fn forget(&self, resident_id: ResidentId) {
        self.with(|state| state.unknown.push(resident_id.to_string()));
    }

    pub(super) fn set_assistance_down(&self, down: bool) {
        self.with(|state| state.assistance_is_down = down);
    }

    pub(super) fn set_benefit_period_down(&self, down: bool) {
        self.with(|state| state.benefit_period_is_down = down);
    }

    fn require_benefit_period(&self) -> Result<(), Status> {
        if self.with(|state| state.benefit_period_is_down) { Err(Status::unavailable("down")) } else { Ok(()) }
    }

    /// Assistance counts a question and keeps its answer until this is dropped.
    pub(super) async fn hold_assistance(&self) -> OwnedRwLockWriteGuard<()> {
        Arc::clone(&self.gate).write_owned().await
    }

    /// The next question to assistance is asked before midnight and answered after it.
    pub(super) fn set_midnight(&self, clock: Arc<ManualClock>, now: DateTime<Utc>) {
        self.with(|state| state.midnight = Some((clock, now)));
    }

    /// The insurances whose cover was asked so far.
    pub(super) fn insurances(&self) -> Vec<Insurance> {
        self.with(|state| state.insurances.iter().map(|number| Insurance::from_wire(*number).unwrap()).collect())
    }

    /// The settlements assistance was asked about so far.
    pub(super) fn assessed(&self) -> Vec<String> {
        self.with(|state| state.assessed.clone())
    }

    /// How often assistance was asked.
    pub(super) fn assessments(&self) -> usize {
        self.with(|state| state.assessments)
    }

    /// Waits until assistance was asked so often.
    pub(super) async fn until_assessed(&self, times: usize) {
        let asked = async {
            while self.assessments() < times {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), asked).await.expect("assistance is not asked");
    }

    /// How many days were asked about at once, group by group.
    pub(super) fn groups(&self) -> Vec<usize> {
        self.with(|state| state.groups.clone())
    }

    /// Records how a provider stands from its first day on.
    pub(super) fn put_provider(&self, provider: registry::MedicalProvider) {
        self.with(|state| state.providers.push(provider));
    }

    pub(super) fn set_register_down(&self, down: bool) {
        self.with(|state| state.register_is_down = down);
    }

    /// How many providers and days were asked about at once, call by call.
    pub(super) fn providers_asked(&self) -> Vec<usize> {
        self.with(|state| state.providers_asked.clone())
    }

    /// Medical and veterans' assistance that assistance knows of a settlement.
    pub(super) fn registered(&self, settlement_id: &str) -> (Fen, Fen) {
        self.with(|state| {
            let of_bill = state.register.values().filter(|(id, ..)| id == settlement_id);
            of_bill.fold(Default::default(), |sum: (Fen, Fen), aid| (sum.0 + aid.1, sum.1 + aid.2))
        })
    }
}

fn condition((reason, rule_id): &(Reason, &str)) -> Condition {
    Condition {
        reason: reason.code().to_owned(),
        rule_id: (*rule_id).to_owned(),
        detail: "not covered".to_owned(),
        ..Condition::default()
    }
}
