//! Bills of everybody, settled through the gateway with many calls in flight.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use juyi_domain::codes::{Office, ProviderLevel};
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as pb;
use juyi_proto::settlement::v1::settlement_service_client::SettlementServiceClient;
use sqlx::postgres::PgConnection;
use sqlx::{Connection, Row};
use tokio::task::JoinSet;

use crate::covered::{self, resident_id};
use crate::people::PERSONS;
use crate::{figure, yardstick};

/// Calls in flight.
const IN_FLIGHT: usize = 128;
/// Connections over which they go.
const CHANNELS: usize = 4;
/// How long each side is measured.
const TIME: Duration = Duration::from_secs(20);
/// Bills settled before anything is measured, so that caches and connections are there.
const WARM: u64 = 5_000;
/// Coprime to the number of persons: everybody has a bill before somebody has a second one, and neighbours in time are no
/// neighbours in the tables.
const STRIDE: u64 = 7_919;

/// Measures pgbench, then the suite.
pub(crate) async fn measure(server: &str, url: &str, pgbench: &Path) -> Result<()> {
    let mut connection = PgConnection::connect(url).await?;
    let driver = Driver::prepared(server, &mut connection).await?;
    let sample = (resident_id(PERSONS + 1), PERSONS);
    // One bill of somebody who takes no other part gives the yardstick its texts.
    driver.settle(&sample.0, 0).await?;
    let tps = yardstick::measure(&mut connection, (pgbench, url), (&sample.0, PERSONS), TIME).await?;
    figure("pgbench_tps", tps);
    driver.run(Until::Bills(WARM)).await?;
    println!("MEMORY before");
    let mut run = driver.run(Until::Time(TIME)).await?;
    println!("MEMORY after");
    let settled = run.times.len();
    figure("settled", settled as u128);
    figure("settle_tps", settled as u128 * 1_000_000 / run.elapsed.as_micros().max(1));
    run.times.sort_unstable();
    figure("p50_us", run.times[settled / 2].as_micros());
    figure("p99_us", run.times[settled * 99 / 100 - 1].as_micros());
    driver.check(&mut connection).await
}

/// Settles so many bills in a row and says when memory is to be read.
pub(crate) async fn memory(server: &str, url: &str, bills: u64) -> Result<()> {
    let mut connection = PgConnection::connect(url).await?;
    let driver = Driver::prepared(server, &mut connection).await?;
    driver.run(Until::Bills(WARM * 4)).await?;
    println!("MEMORY before");
    driver.run(Until::Bills(bills)).await?;
    println!("MEMORY after");
    figure("bills", u128::from(bills));
    driver.check(&mut connection).await
}

enum Until {
    Time(Duration),
    Bills(u64),
}

struct Run {
    times: Vec<Duration>,
    elapsed: Duration,
}

struct Driver {
    clients: Vec<SettlementServiceClient<Channel>>,
    next: Arc<AtomicU64>,
}

impl Driver {
    async fn prepared(server: &str, connection: &mut PgConnection) -> Result<Self> {
        let started = Instant::now();
        covered::load(connection, PERSONS + 1).await?;
        figure("loaded_ms", started.elapsed().as_millis());
        let client = |_| Ok(SettlementServiceClient::new(Channel::remote(server)?));
        let clients = (0..CHANNELS).map(client).collect::<Result<_>>()?;
        Ok(Self { clients, next: Arc::new(AtomicU64::new(1)) })
    }

    async fn settle(&self, resident_id: &str, number: u64) -> Result<()> {
        settle(self.clients[0].clone(), resident_id.to_owned(), number).await
    }

    async fn run(&self, until: Until) -> Result<Run> {
        let started = Instant::now();
        let last = match until {
            Until::Bills(bills) => self.next.load(Ordering::Relaxed) + bills,
            Until::Time(_) => u64::MAX,
        };
        let mut callers = JoinSet::new();
        for caller in 0..IN_FLIGHT {
            let (client, next) = (self.clients[caller % CHANNELS].clone(), Arc::clone(&self.next));
            let time = match until {
                Until::Time(time) => time,
                Until::Bills(_) => Duration::MAX,
            };
            callers.spawn(async move {
                let mut times = Vec::new();
                while started.elapsed() < time {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= last {
                        break;
                    }
                    let asked = Instant::now();
                    settle(client.clone(), resident_id(number * STRIDE % PERSONS + 1), number).await?;
                    times.push(asked.elapsed());
                }
                anyhow::Ok(times)
            });
        }
        let mut times = Vec::new();
        while let Some(done) = callers.join_next().await {
            times.extend(done??);
        }
        // The numbers beyond the last were given to nobody.
        if let Until::Bills(_) = until {
            self.next.store(last, Ordering::Relaxed);
        }
        Ok(Run { times, elapsed: started.elapsed() })
    }

    /// Every answer said that a bill is settled: there are so many, each with what it posted and its answer.
    async fn check(&self, connection: &mut PgConnection) -> Result<()> {
        let count = "SELECT (SELECT COUNT(*) FROM settlement.settlement WHERE bill_number <> 'B-0') AS bills, \
            (SELECT COUNT(*) FROM settlement.entry) AS entries, (SELECT COUNT(*) FROM settlement.request) AS requests";
        let row = sqlx::query(count).fetch_one(connection).await?;
        let (bills, entries, requests): (i64, i64, i64) = (row.get("bills"), row.get("entries"), row.get("requests"));
        let asked = i64::try_from(self.next.load(Ordering::Relaxed))? - 1;
        ensure!(bills == asked, "{asked} bills were settled, {bills} are stored");
        ensure!(entries >= requests && requests >= bills, "{bills} bills, {entries} entries, {requests} requests");
        Ok(())
    }
}

async fn settle(mut client: SettlementServiceClient<Channel>, resident_id: String, number: u64) -> Result<()> {
    let request = pb::SettleRequest {
        request_id: format!("B-{number}"),
        resident_id,
        bill: Some(bill(number)),
        ..Default::default()
    };
    let caller = Caller { office: Office::Provider, district: None, name: "bench".to_owned() };
    let answer = Caller::scope(Some(caller), client.settle(request)).await?.into_inner();
    let receipt = answer.settlement.and_then(|settlement| settlement.receipt).context("no receipt")?;
    ensure!(!receipt.steps.is_empty(), "an empty receipt");
    Ok(())
}

/// A stay of some days of 2021 at level 3.
fn bill(number: u64) -> pb::Bill {
    let (month, day) = (number / 20 % 12 + 1, number % 20 + 1);
    let fen = i64::try_from(500_000 + number % 4_000_000).unwrap_or_default();
    pb::Bill {
        bill_number: format!("B-{number}"),
        care_kind: pb::CareKind::Inpatient.into(),
        provider: Some(pb::Provider {
            provider_code: "H12011800001".to_owned(),
            level: ProviderLevel::Three.to_wire(),
            assistance_designated: true,
            designated: true,
            ..Default::default()
        }),
        admission_date: format!("2021-{month:02}-{day:02}"),
        discharge_date: format!("2021-{month:02}-{:02}", day + 7),
        total_fen: fen,
        eligible_fen: Some(fen - fen / 10),
        place: Some(pb::bill::Place::OutsideBorder(false)),
        ..Default::default()
    }
}
