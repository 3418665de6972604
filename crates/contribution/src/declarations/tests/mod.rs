//! Declarations through the generated client, on SQLite and on PostgreSQL, beside a registry of many people.

mod agency;
mod exceptions;
mod interrupted;
mod left_out;
mod notices;
mod registry;
mod special;
mod units;
mod villages;

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use juyi_db::{Database, Target, args};
use juyi_domain::codes::{District, Office, PaymentMethod};
use juyi_domain::contribution::declaration::DeclarationState;
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_proto::benefit_period::v1 as benefit_period;
use juyi_proto::benefit_period::v1::coverage_facts_service_server::CoverageFactsServiceServer;
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as pb;
use juyi_proto::contribution::v1::contribution_service_client::ContributionServiceClient;
use juyi_proto::contribution::v1::declaration_service_client::DeclarationServiceClient;
use juyi_testkit::{ManualClock, TestTarget, context_at};
use tonic::service::Routes;
use tonic::{Response, Status};
use tonic_types::StatusExt;

use self::registry::{Coverage, Crowd};
use crate::store::migrations;
use crate::{NAME, Peers};

const SCHOOL: &str = "120118.S1";
const VILLAGE: &str = "120118.V1";

/// The service between its peers. Dropping it is the end of the process: what it was doing is undone.
struct Site {
    kind: &'static str,
    clock: Arc<ManualClock>,
    crowd: Crowd,
    coverage: Coverage,
    client: DeclarationServiceClient<Channel>,
    payments: ContributionServiceClient<Channel>,
    database: Database,
    background: Vec<tokio::task::JoinHandle<()>>,
}

impl Drop for Site {
    fn drop(&mut self) {
        self.background.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

impl Site {
    /// Without its background work; the school has its collection system.
    async fn start(on: &TestTarget, crowd: &Crowd, coverage: &Coverage) -> Self {
        let site = Self::build(on, crowd, coverage, false).await;
        site.run(
            "INSERT INTO agency_system (unit_id, district, state, office, office_name, created_at) \
            SELECT '120118.S1', '120118', 'GRANTED', 'EDUCATION', 'test', CAST(CURRENT_TIMESTAMP AS TIMESTAMP) \
            WHERE NOT EXISTS (SELECT 1 FROM agency_system)",
        )
        .await;
        site
    }

    async fn build(on: &TestTarget, crowd: &Crowd, coverage: &Coverage, works_on: bool) -> Self {
        let clock = Arc::new(ManualClock::on("2020-10-20"));
        let routes = Routes::new(CoverageFactsServiceServer::new(coverage.clone()));
        let benefit_period = Channel::local("benefit-period", routes);
        let peers = Peers { registry: crowd.channel(), benefit_period };
        let component = crate::build(&on.config(), context_at(Arc::clone(&clock)), peers).await.unwrap();
        let background =
            if works_on { component.background.into_iter().map(tokio::spawn).collect() } else { Vec::new() };
        let channel = Channel::local(NAME, component.routes);
        let target = Target::parse(&on.config().database.url).unwrap();
        Self {
            kind: on.kind,
            clock,
            crowd: crowd.clone(),
            coverage: coverage.clone(),
            client: DeclarationServiceClient::new(channel.clone()),
            payments: ContributionServiceClient::new(channel),
            database: Database::open(&target, NAME, NonZeroU32::MIN, &migrations()).await.unwrap(),
            background,
        }
    }

    async fn declare(&self, request: pb::DeclareRequest) -> Result<pb::Declaration, Status> {
        let office = if request.unit_id == VILLAGE { Office::Township } else { Office::Education };
        Ok(by(office, self.client.clone().declare(request)).await?.declaration.unwrap())
    }

    async fn pay(&self, request: pb::PayDeclarationRequest) -> Result<pb::Declaration, Status> {
        Ok(by(Office::Tax, self.client.clone().pay_declaration(request)).await?.declaration.unwrap())
    }

    async fn get(&self, declaration_id: &str) -> pb::Declaration {
        let request = pb::GetDeclarationRequest { declaration_id: declaration_id.to_owned() };
        by(Office::Tax, self.client.clone().get_declaration(request)).await.unwrap().declaration.unwrap()
    }

    /// Waits for the background work to bring a declaration to a state.
    async fn wait_for(&self, declaration_id: &str, state: DeclarationState) -> pb::Declaration {
        for _ in 0..1_200 {
            let declaration = self.get(declaration_id).await;
            if declaration.state == state.to_wire() {
                return declaration;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{}: the declaration does not become {state}", self.kind)
    }

    /// Every line of a declaration, page by page.
    async fn lines(&self, declaration_id: &str) -> Vec<pb::DeclarationLine> {
        let mut lines = Vec::new();
        let mut page_token = String::new();
        loop {
            let request = pb::ListDeclarationLinesRequest {
                declaration_id: declaration_id.to_owned(),
                state: 0,
                page_size: 100,
                page_token,
            };
            let page = by(Office::Tax, self.client.clone().list_declaration_lines(request)).await.unwrap();
            lines.extend(page.lines);
            if page.next_page_token.is_empty() {
                return lines;
            }
            page_token = page.next_page_token;
        }
    }

    /// Confirms the payment of one person alone.
    async fn pay_alone(&self, number: u32, amount_fen: i64, method: PaymentMethod) -> pb::Payment {
        self.try_pay_alone(number, amount_fen, method).await.unwrap()
    }

    async fn try_pay_alone(&self, number: u32, amount_fen: i64, method: PaymentMethod) -> Result<pb::Payment, Status> {
        let request = pb::ConfirmPaymentRequest {
            request_id: format!("alone-{number}"),
            resident_id: registry::resident(number),
            enrolment_id: registry::enrolment(number),
            amount_fen,
            payment_date: "2020-10-15".to_owned(),
            method: method.to_wire(),
            voucher_number: format!("ALONE-{number}"),
            ..Default::default()
        };
        Ok(by(Office::Tax, self.payments.clone().confirm_payment(request)).await?.payment.unwrap())
    }

    /// Changes rows.
    async fn run(&self, sql: &'static str) {
        let mut session = self.database.begin().await.unwrap();
        session.execute(sql, args![]).await.unwrap();
        session.commit().await.unwrap();
    }

    /// The first value of a query.
    async fn number(&self, sql: &'static str) -> i64 {
        let row = self.database.read().await.unwrap().maybe_row(sql, args![]).await.unwrap();
        row.unwrap().int("number").unwrap()
    }

    /// Payments that count.
    async fn paid(&self) -> i64 {
        self.number("SELECT COUNT(*) AS number FROM payment WHERE refund_id IS NULL").await
    }
}

/// Calls as an office of Jinghai.
async fn by<T>(office: Office, call: impl Future<Output = Result<Response<T>, Status>>) -> Result<T, Status> {
    let caller = Caller { office, district: Some(District::Jinghai), name: "test".to_owned() };
    Caller::scope(Some(caller), call).await.map(Response::into_inner)
}

/// The first metadata of a refusal, with every reason under `reasons`.
fn refusal(status: &Status) -> std::collections::HashMap<String, String> {
    status.get_error_details().error_info().unwrap().metadata.clone()
}

fn reasons<T: std::fmt::Debug>(answer: Result<T, Status>) -> String {
    refusal(&answer.unwrap_err())["reasons"].clone()
}

fn declare(request_id: &str, unit_id: &str) -> pb::DeclareRequest {
    pb::DeclareRequest {
        request_id: request_id.to_owned(),
        validate_only: false,
        unit_id: unit_id.to_owned(),
        policy_year: 2021,
        total_fen: None,
    }
}

/// The payment of the whole sum on 2020-10-20, by authorised transfer.
fn pay(request_id: &str, declaration: &pb::Declaration) -> pb::PayDeclarationRequest {
    pb::PayDeclarationRequest {
        request_id: request_id.to_owned(),
        validate_only: false,
        declaration_id: declaration.declaration_id.clone(),
        amount_fen: declaration.totals.unwrap().payable_fen,
        method: PaymentMethod::AuthorisedTransfer.to_wire(),
        payment_date: "2020-10-20".to_owned(),
        voucher_number: format!("V-{request_id}"),
    }
}

/// Each payment that benefit period was told of, once.
fn told(coverage: &Coverage) -> Vec<benefit_period::PaymentFact> {
    let mut told = coverage.seen();
    told.sort_by(|one, other| one.payment_id.cmp(&other.payment_id));
    told.dedup_by(|one, other| one.payment_id == other.payment_id);
    told
}
