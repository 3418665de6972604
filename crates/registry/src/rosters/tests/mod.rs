//! Rosters through their contract, on SQLite and on PostgreSQL.

mod duties;
mod effects;
mod files;
mod properties;
mod repetition;
mod rows;

use std::num::NonZeroU32;

use juyi_db::{Database, Target, Value, args};
use juyi_domain::codes::{District, Office, RosterKind};
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_kit::context::Context;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::registry_service_client::RegistryServiceClient;
use juyi_proto::registry::v1::registry_service_server::RegistryServiceServer;
use juyi_proto::registry::v1::roster_service_client::RosterServiceClient;
use juyi_proto::registry::v1::roster_service_server::RosterServiceServer;
use juyi_proto::registry::v1::submit_roster_request::Piece;
use juyi_testkit::{TestTarget, context, targets};
use tonic::Status;
use tonic::service::Routes;
use tonic_types::StatusExt;

use crate::NAME;
use crate::registry::Registry;
use crate::store::migrations;

const TODAY: &str = "2020-11-11";
/// A township and a school of Jinghai.
const DULIU: &str = "120118.4";
const SCHOOL: &str = "120118.SCHOOL";

/// A registry behind its contract.
struct Site {
    kind: &'static str,
    registry: Registry,
    rosters: RosterServiceClient<Channel>,
    residents: RegistryServiceClient<Channel>,
    target: TestTarget,
}

async fn sites() -> Vec<Site> {
    let mut sites = Vec::new();
    for target in targets().await {
        let site = Site::over(target, context(TODAY)).await;
        let mut session = site.registry.database.begin().await.unwrap();
        for (unit_id, kind) in [(DULIU, "TOWNSHIP"), (SCHOOL, "SCHOOL")] {
            let insert = "INSERT INTO unit (unit_id, kind, name, district, source, revision, office, office_name, \
                created_at) VALUES ($1, $2, 'x', '120118', 'test', 1, 'SYSTEM', '', $3)";
            session.execute(insert, args![unit_id, kind, site.registry.context.now()]).await.unwrap();
        }
        session.commit().await.unwrap();
        sites.push(site);
    }
    sites
}

impl Site {
    /// A process over a database.
    async fn over(target: TestTarget, context: Context) -> Self {
        let connections = NonZeroU32::new(8).unwrap();
        let address = Target::parse(&target.url).unwrap();
        let database = Database::open(&address, NAME, connections, &migrations()).await.unwrap();
        let registry = Registry { database, context };
        let routes = Routes::new(RosterServiceServer::new(registry.clone()))
            .add_service(RegistryServiceServer::new(registry.clone()));
        let channel = Channel::local(NAME, routes);
        let (rosters, residents) = (RosterServiceClient::new(channel.clone()), RegistryServiceClient::new(channel));
        Self { kind: target.kind, registry, rosters, residents, target }
    }

    /// The process ends and another one begins.
    async fn restarted(self) -> Self {
        self.registry.database.close().await;
        Self::over(self.target, context(TODAY)).await
    }

    /// Pushes pieces as an office of Jinghai.
    async fn send(&self, office: Office, pieces: Vec<Piece>) -> Result<pb::SubmitRosterResponse, Status> {
        let stream = tokio_stream::iter(pieces.into_iter().map(|piece| pb::SubmitRosterRequest { piece: Some(piece) }));
        let answer = Caller::scope(Some(of_jinghai(office)), self.rosters.clone().submit_roster(stream)).await;
        answer.map(tonic::Response::into_inner)
    }

    /// Pushes rows, some in each message.
    async fn push(
        &self,
        office: Office,
        header: &pb::RosterHeader,
        rows: &[pb::RosterRow],
    ) -> Result<pb::SubmitRosterResponse, Status> {
        let mut pieces = vec![Piece::Header(header.clone())];
        pieces.extend(rows.chunks(3).map(|rows| Piece::Rows(pb::RosterRows { rows: rows.to_vec() })));
        self.send(office, pieces).await
    }

    /// Every row of a roster, page by page.
    async fn rows(&self, office: Office, header: &pb::RosterHeader, disposition: i32) -> Vec<pb::RosterRowOutcome> {
        let mut request = pb::ListRosterRowsRequest {
            district: header.district.clone(),
            kind: header.kind,
            roster_id: header.roster_id.clone(),
            disposition,
            page_size: 4,
            ..Default::default()
        };
        let mut rows = Vec::new();
        loop {
            let mut client = self.rosters.clone();
            let call = client.list_roster_rows(request.clone());
            let page = Caller::scope(Some(of_jinghai(office)), call).await.unwrap().into_inner();
            rows.extend(page.rows);
            if page.next_page_token.is_empty() {
                return rows;
            }
            request.page_token = page.next_page_token;
        }
    }

    /// How many rows of a table there are.
    async fn count(&self, table: &'static str) -> i64 {
        let sql = match table {
            "roster" => "SELECT COUNT(*) AS stored FROM roster",
            "roster_upload" => "SELECT COUNT(*) AS stored FROM roster_upload",
            "roster_row" => "SELECT COUNT(*) AS stored FROM roster_row",
            "roster_exception" => "SELECT COUNT(*) AS stored FROM roster_exception",
            "resident" => "SELECT COUNT(*) AS stored FROM resident",
            "special_identity" => "SELECT COUNT(*) AS stored FROM special_identity",
            other => panic!("{other} is not counted"),
        };
        let row = self.registry.database.read().await.unwrap().maybe_row(sql, Vec::<Value>::new()).await.unwrap();
        row.unwrap().int("stored").unwrap()
    }

    /// Nothing was stored but by what came before.
    async fn assert_empty(&self) {
        for table in ["roster", "roster_upload", "roster_row", "roster_exception", "resident", "special_identity"] {
            assert_eq!(self.count(table).await, 0, "{} {table}", self.kind);
        }
    }

    /// Waits until the rows of broken streams are gone: nobody is told when.
    async fn assert_no_uploads(&self) {
        for _ in 0..500 {
            if self.count("roster_upload").await == 0 {
                return;
            }
            tokio::task::yield_now().await;
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        panic!("{}: an upload stays", self.kind);
    }
}

fn of_jinghai(office: Office) -> Caller {
    Caller { office, district: Some(District::Jinghai), name: "Jinghai".to_owned() }
}

fn header(kind: RosterKind, roster_id: &str) -> pb::RosterHeader {
    pb::RosterHeader {
        roster_id: roster_id.to_owned(),
        kind: kind.to_wire(),
        district: "120118".to_owned(),
        policy_year: 2021,
        as_of_date: "2020-11-01".to_owned(),
        complete: true,
        ..Default::default()
    }
}

/// A valid identity number of somebody who does not exist.
fn number(sequence: usize) -> String {
    const WEIGHTS: [usize; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let body = format!("120223{:04}0510{:03}", 1900 + sequence / 1000, sequence % 1000);
    let sum: usize = body.bytes().zip(WEIGHTS).map(|(digit, weight)| usize::from(digit - b'0') * weight).sum();
    format!("{body}{}", char::from(b"10X98765432"[sum % 11]))
}

fn person(sequence: usize) -> pb::RosterRow {
    pb::RosterRow { identity_number: number(sequence), name: format!("居民{sequence}"), ..Default::default() }
}

fn people(sequences: impl IntoIterator<Item = usize>) -> Vec<pb::RosterRow> {
    sequences.into_iter().map(person).collect()
}

fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

fn rule(status: &Status) -> String {
    let info = status.get_details_error_info();
    info.and_then(|info| info.metadata.get("rule_id").cloned()).unwrap_or_default()
}

fn counts(answer: &pb::SubmitRosterResponse) -> pb::RosterCounts {
    let counts = answer.roster.as_ref().unwrap().counts.unwrap();
    assert_eq!(counts.received, counts.accepted + counts.duplicate + counts.rejected, "{counts:?}");
    assert_eq!(counts.accepted, counts.new + counts.unchanged + counts.changed, "{counts:?}");
    counts
}
