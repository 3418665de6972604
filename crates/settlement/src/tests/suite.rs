//! The component over a database of its own, called through its generated client.

use std::num::NonZeroU32;
use std::pin::Pin;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use juyi_db::{Database, Target};
use juyi_domain::codes::{District, Office, ProviderLevel};
use juyi_domain::id::ResidentId;
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_kit::config::{DatabaseConfig, ServiceConfig};
use juyi_kit::context::Context;
use juyi_policy::Policy;
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as pb;
use juyi_proto::settlement::v1::filing_service_client::FilingServiceClient;
use juyi_proto::settlement::v1::maternity_registration_service_client::MaternityRegistrationServiceClient;
use juyi_proto::settlement::v1::person_year_service_client::PersonYearServiceClient;
use juyi_proto::settlement::v1::provider_reconciliation_service_client::ProviderReconciliationServiceClient;
use juyi_proto::settlement::v1::self_paid_claim_service_client::SelfPaidClaimServiceClient;
use juyi_proto::settlement::v1::settlement_service_client::SettlementServiceClient;
use juyi_testkit::ManualClock;
use juyi_testkit::database::postgres_url;
use tempfile::TempDir;
use tonic::Status;
use tonic_types::StatusExt;

use super::peers::Peers;
use crate::NAME;
use crate::store::migrations;

/// All reasons of a refusal, as the status lists them.
pub(super) fn reasons(status: &Status) -> String {
    status.get_details_error_info().unwrap().metadata["reasons"].clone()
}

/// A stay at a level 3 hospital; the whole bill is eligible unless the test says otherwise.
#[derive(Clone, Debug)]
pub(super) struct Stay {
    pub(super) number: String,
    pub(super) day: String,
    /// Day the stay began, of the later part of one; empty otherwise.
    pub(super) began: String,
    pub(super) level: ProviderLevel,
    pub(super) total_fen: i64,
    pub(super) eligible_fen: i64,
}

impl Stay {
    /// A stay of one day of 2021, written `MM-DD`.
    pub(super) fn on(day: &str, yuan: i64) -> Self {
        Self::of_fen(day, yuan * 100)
    }

    /// A stay whose bill has a number of the test's own.
    pub(super) fn numbered(number: &str, day: &str, yuan: i64) -> Self {
        Self { number: number.to_owned(), ..Self::on(day, yuan) }
    }

    pub(super) fn of_fen(day: &str, fen: i64) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        Self {
            number: format!("bill-{}", NUMBER.fetch_add(1, Ordering::Relaxed)),
            day: format!("2021-{day}"),
            began: String::new(),
            level: ProviderLevel::Three,
            total_fen: fen,
            eligible_fen: fen,
        }
    }

    pub(super) fn at(self, level: ProviderLevel) -> Self {
        Self { level, ..self }
    }

    /// The part of 2021 of a stay that began on a day, written in full.
    pub(super) fn since(began: &str, yuan: i64) -> Self {
        Self { began: began.to_owned(), ..Self::on("01-01", yuan) }
    }

    pub(super) fn bill(&self) -> pb::Bill {
        pb::Bill {
            bill_number: self.number.clone(),
            care_kind: pb::CareKind::Inpatient.into(),
            provider: Some(pb::Provider {
                provider_code: "H12011800001".to_owned(),
                level: self.level.to_wire(),
                assistance_designated: true,
                designated: true,
                ..Default::default()
            }),
            admission_date: self.day.clone(),
            discharge_date: self.day.clone(),
            total_fen: self.total_fen,
            eligible_fen: Some(self.eligible_fen),
            stay_admission_date: self.began.clone(),
            place: Some(pb::bill::Place::OutsideBorder(false)),
            ..Default::default()
        }
    }
}

/// A call on behalf of an office, on the heap, where a test with many calls has room for them.
pub(super) type Called<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Settlement with its peers. Cloning shares it.
#[derive(Clone, Debug)]
pub(super) struct Suite {
    /// `sqlite` or `postgres`, for messages.
    pub(super) kind: &'static str,
    pub(super) peers: Peers,
    pub(super) context: Context,
    channel: Channel,
    pub(super) clock: Arc<ManualClock>,
    requests: Arc<AtomicUsize>,
    url: String,
    _directory: Option<Arc<TempDir>>,
}

/// Runs a test over each database at hand, under the built-in law with an overlay.
pub(super) async fn with_suites<F: Future<Output = ()>>(overlay: &str, test: impl Fn(Suite) -> F) {
    let directory = TempDir::new().unwrap();
    let url = format!("sqlite:{}", directory.path().display());
    Box::pin(test(Suite::new("sqlite", url, Some(directory), overlay).await)).await;
    if let Some(url) = postgres_url().await {
        Box::pin(test(Suite::new("postgres", url, None, overlay).await)).await;
    }
}

impl Suite {
    async fn new(kind: &'static str, url: String, directory: Option<TempDir>, overlay: &str) -> Self {
        let policy = Arc::new(Policy::embedded().unwrap().with_overlay(overlay).unwrap());
        let clock = Arc::new(ManualClock::on("2022-01-15"));
        let context = Context::new(policy.clone()).with_clock(clock.clone());
        let peers = Peers::new(policy);
        let channel = channel(&url, &context, &peers).await;
        let (requests, _directory) = (Arc::default(), directory.map(Arc::new));
        Self { kind, peers, context, clock, channel, requests, url, _directory }
    }

    /// Another process over the same database.
    pub(super) async fn second(&self) -> Self {
        Self { channel: channel(&self.url, &self.context, &self.peers).await, ..self.clone() }
    }

    /// The rows, for what no call tells.
    pub(super) async fn database(&self) -> Database {
        let target = Target::parse(&self.url).unwrap();
        Database::open(&target, NAME, NonZeroU32::new(1).unwrap(), &migrations()).await.unwrap()
    }

    pub(super) fn resident(&self) -> ResidentId {
        self.context.id()
    }

    pub(super) fn client(&self) -> SettlementServiceClient<Channel> {
        SettlementServiceClient::new(self.channel.clone())
    }

    pub(super) fn filings(&self) -> FilingServiceClient<Channel> {
        FilingServiceClient::new(self.channel.clone())
    }

    pub(super) fn claims(&self) -> SelfPaidClaimServiceClient<Channel> {
        SelfPaidClaimServiceClient::new(self.channel.clone())
    }

    pub(super) fn registrations(&self) -> MaternityRegistrationServiceClient<Channel> {
        MaternityRegistrationServiceClient::new(self.channel.clone())
    }

    pub(super) fn reconciliations(&self) -> ProviderReconciliationServiceClient<Channel> {
        ProviderReconciliationServiceClient::new(self.channel.clone())
    }

    pub(super) fn years(&self) -> PersonYearServiceClient<Channel> {
        PersonYearServiceClient::new(self.channel.clone())
    }

    pub(super) fn request_id(&self) -> String {
        format!("request-{}", self.requests.fetch_add(1, Ordering::Relaxed))
    }

    /// Calls as a hospital.
    pub(super) fn hospital<'a, T: 'a>(work: impl Future<Output = T> + Send + 'a) -> Called<'a, T> {
        Self::office(Office::Provider, work)
    }

    pub(super) fn office<'a, T: 'a>(office: Office, work: impl Future<Output = T> + Send + 'a) -> Called<'a, T> {
        Self::called(office, Some(District::Jinghai), "test", work)
    }

    pub(super) fn called<'a, T: 'a>(
        office: Office,
        district: Option<District>,
        name: &str,
        work: impl Future<Output = T> + Send + 'a,
    ) -> Called<'a, T> {
        Box::pin(Caller::scope(Some(Caller { office, district, name: name.to_owned() }), work))
    }

    pub(super) fn request(&self, resident_id: ResidentId, stay: &Stay) -> pb::SettleRequest {
        let resident_id = resident_id.to_string();
        pb::SettleRequest { request_id: self.request_id(), resident_id, bill: Some(stay.bill()), ..Default::default() }
    }

    pub(super) async fn try_settle(&self, request: pb::SettleRequest) -> Result<pb::SettleResponse, Status> {
        // On the heap: tests wait for it in many places, and each would hold the whole call.
        let answer = Box::pin(Self::hospital(self.client().settle(request))).await?.into_inner();
        check(answer.settlement.as_ref().unwrap());
        Ok(answer)
    }

    /// Files a stay.
    pub(super) async fn file(&self, resident_id: ResidentId, stay: &Stay) -> pb::SettleResponse {
        Box::pin(self.try_settle(self.request(resident_id, stay))).await.unwrap()
    }

    /// Files a stay, of which only the settlement matters.
    pub(super) async fn settle(&self, resident_id: ResidentId, stay: &Stay) -> pb::Settlement {
        self.file(resident_id, stay).await.settlement.unwrap()
    }

    pub(super) fn reversal(&self, resident_id: ResidentId, settlement_id: &str) -> pb::ReverseSettlementRequest {
        let (resident_id, settlement_id) = (resident_id.to_string(), settlement_id.to_owned());
        pb::ReverseSettlementRequest { request_id: self.request_id(), resident_id, settlement_id }
    }

    pub(super) async fn try_reverse(
        &self,
        resident_id: ResidentId,
        settlement_id: &str,
    ) -> Result<pb::ReverseSettlementResponse, Status> {
        let request = self.reversal(resident_id, settlement_id);
        let answer = Box::pin(Self::hospital(self.client().reverse_settlement(request))).await?.into_inner();
        check(answer.settlement.as_ref().unwrap());
        Ok(answer)
    }

    pub(super) async fn reverse(&self, resident_id: ResidentId, settlement_id: &str) -> pb::ReverseSettlementResponse {
        self.try_reverse(resident_id, settlement_id).await.unwrap()
    }

    pub(super) async fn get(&self, resident_id: ResidentId, settlement_id: &str) -> pb::Settlement {
        let (resident_id, settlement_id) = (resident_id.to_string(), settlement_id.to_owned());
        let request = pb::GetSettlementRequest { resident_id, settlement_id };
        let settlement =
            Self::hospital(self.client().get_settlement(request)).await.unwrap().into_inner().settlement.unwrap();
        check(&settlement);
        settlement
    }

    /// Every settlement, in pages of two.
    pub(super) async fn list(&self, resident_id: ResidentId) -> Vec<pb::Settlement> {
        let (mut found, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = pb::ListSettlementsRequest { resident_id: resident_id.to_string(), page_size: 2, page_token };
            let page = Self::hospital(self.client().list_settlements(request)).await.unwrap().into_inner();
            found.extend(page.settlements);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                found.iter().for_each(check);
                return found;
            }
        }
    }

    pub(super) async fn accumulators(&self, resident_id: ResidentId) -> pb::Accumulators {
        self.try_accumulators(resident_id, 2021).await.unwrap()
    }

    pub(super) async fn try_accumulators(
        &self,
        resident_id: ResidentId,
        policy_year: i32,
    ) -> Result<pb::Accumulators, Status> {
        let resident_id = resident_id.to_string();
        let request = pb::GetAccumulatorsRequest { resident_id, policy_year, as_of_date: String::new() };
        Ok(Self::hospital(self.client().get_accumulators(request)).await?.into_inner().accumulators.unwrap())
    }
}

/// A component of its own over a database.
async fn channel(url: &str, context: &Context, peers: &Peers) -> Channel {
    let config = ServiceConfig {
        database: DatabaseConfig { url: url.to_owned(), connections: NonZeroU32::new(8).unwrap() },
        ..ServiceConfig::default()
    };
    let component = crate::build(&config, context.clone(), peers.channels()).await.unwrap();
    Channel::local(component.name, component.routes)
}

/// What holds of every answer: conservation, and shares that are the sums of the entries and of the payment lines.
fn check(settlement: &pb::Settlement) {
    let shares = settlement.shares.unwrap();
    let parts = [
        shares.basic_fund_fen,
        shares.critical_illness_fen,
        shares.medical_assistance_fen,
        shares.veterans_assistance_fen,
        shares.person_fen,
        shares.maternity_fen,
    ];
    let paid = shares.total_fen + shares.maternity_above_cost_fen;
    assert_eq!(parts.iter().sum::<i64>(), paid);
    assert!(parts.iter().all(|part| *part >= 0) && shares.eligible_fen <= shares.total_fen);
    let posted = settlement.entries.iter().map(|entry| entry.shares.unwrap());
    assert_eq!(posted.map(|entry| entry.person_fen).sum::<i64>(), shares.person_fen);
    let lines = settlement.receipt.iter().flat_map(|receipt| &receipt.steps).filter_map(|step| step.payment);
    let explained = lines.map(|line| line.amount_fen).sum::<i64>();
    let reversed = settlement.state == i32::from(pb::SettlementState::Reversed);
    let posted_first = settlement.entries[0].shares.unwrap();
    let first = posted_first.total_fen + posted_first.maternity_above_cost_fen;
    assert_eq!(explained, if reversed { first } else { paid });
    assert_eq!(settlement.accumulators.is_none(), reversed);
}
