//! Everybody declared and paid for by their village, and then asked about one by one.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use juyi_domain::codes::{Insurance, Office, PaymentMethod};
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_proto::benefit_period::v1 as benefit_period;
use juyi_proto::benefit_period::v1::benefit_period_service_client::BenefitPeriodServiceClient;
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as contribution;
use juyi_proto::contribution::v1::declaration_service_client::DeclarationServiceClient;

use crate::load::{of_jinghai, village};
use crate::people::TOWNSHIPS;
use crate::{figure, millis};

/// People asked about, all over the district.
const ASKED: usize = 20_000;
/// Coprime to the number of persons, so that neighbours in the sample are no neighbours in the tables.
const STRIDE: usize = 7_919;
/// How long something that goes on by itself is waited for.
const PATIENCE: Duration = Duration::from_secs(600);
const PAUSE: Duration = Duration::from_millis(50);

/// Pays for everybody, waits for the coverage, and asks.
pub(crate) async fn measure(server: &str, database: &str, persons: usize) -> Result<()> {
    let channel = Channel::remote(server)?;
    let mut declarations = DeclarationServiceClient::new(channel.clone());
    let started = Instant::now();
    let mut residents = Vec::with_capacity(persons);
    for township in 1..=TOWNSHIPS {
        let declaration = declare(&mut declarations, township).await?;
        pay(&mut declarations, &declaration).await?;
        residents.extend(confirmed(&mut declarations, &declaration.declaration_id).await?);
    }
    ensure!(residents.len() == persons, "{} persons are paid for", residents.len());
    millis("paid_ms", started.elapsed());

    let sample: Vec<_> = (0..ASKED).map(|number| residents[number * STRIDE % residents.len()].as_str()).collect();
    let mut coverage = BenefitPeriodServiceClient::new(channel);
    for resident_id in &sample {
        until_covered(&mut coverage, resident_id).await?;
    }
    millis("covered_ms", started.elapsed());
    until_at_rest(database).await?;
    millis("delivered_ms", started.elapsed());
    for (name, on, covered) in [("covered", "2021-06-15", true), ("uncovered", "2022-01-15", false)] {
        let mut times = Vec::with_capacity(sample.len());
        for resident_id in &sample {
            let asked = Instant::now();
            let answer = ask(&mut coverage, resident_id, on).await?;
            times.push(asked.elapsed());
            ensure!(answer.covered == covered, "{on}: {:?}", answer.reasons);
        }
        times.sort_unstable();
        figure(&format!("{name}_p50_us"), times[times.len() / 2].as_micros());
        figure(&format!("{name}_p99_us"), times[times.len() * 99 / 100 - 1].as_micros());
    }
    Ok(())
}

/// The township declares its village (J-3.3.2-b).
async fn declare(client: &mut DeclarationServiceClient<Channel>, township: u64) -> Result<contribution::Declaration> {
    let request = contribution::DeclareRequest {
        request_id: format!("declare-{township}"),
        unit_id: village(township),
        policy_year: 2021,
        ..Default::default()
    };
    let call = client.declare(request);
    let declared = Caller::scope(Some(of_jinghai(Office::Township)), call).await?.into_inner().declaration;
    let id = declared.context("no declaration in the answer")?.declaration_id;
    reached(client, &id, contribution::DeclarationState::Declared).await
}

/// The village pays everything with one voucher.
async fn pay(client: &mut DeclarationServiceClient<Channel>, declaration: &contribution::Declaration) -> Result<()> {
    let id = &declaration.declaration_id;
    let request = contribution::PayDeclarationRequest {
        request_id: format!("pay-{id}"),
        declaration_id: id.clone(),
        amount_fen: declaration.totals.as_ref().context("no totals")?.payable_fen,
        method: PaymentMethod::BankInquiryVoucher.to_wire(),
        payment_date: "2020-11-20".to_owned(),
        voucher_number: format!("V-{}", declaration.unit_id),
        ..Default::default()
    };
    let call = client.pay_declaration(request);
    Caller::scope(Some(of_jinghai(Office::Tax)), call).await?;
    reached(client, id, contribution::DeclarationState::Paid).await?;
    Ok(())
}

async fn reached(
    client: &mut DeclarationServiceClient<Channel>,
    id: &str,
    state: contribution::DeclarationState,
) -> Result<contribution::Declaration> {
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        let request = contribution::GetDeclarationRequest { declaration_id: id.to_owned() };
        let call = client.get_declaration(request);
        let answer = Caller::scope(Some(of_jinghai(Office::Tax)), call).await?.into_inner();
        let declaration = answer.declaration.context("no declaration in the answer")?;
        if declaration.state() == state {
            return Ok(declaration);
        }
        tokio::time::sleep(PAUSE).await;
    }
    bail!("the declaration is not {} after {PATIENCE:?}", state.as_str_name())
}

/// The residents of a declaration whose payment is confirmed.
async fn confirmed(client: &mut DeclarationServiceClient<Channel>, id: &str) -> Result<Vec<String>> {
    let mut request = contribution::ListDeclarationLinesRequest {
        declaration_id: id.to_owned(),
        state: contribution::DeclarationLineState::Confirmed.into(),
        page_size: 100,
        ..Default::default()
    };
    let mut residents = Vec::new();
    loop {
        let call = client.list_declaration_lines(request.clone());
        let page = Caller::scope(Some(of_jinghai(Office::Tax)), call).await?.into_inner();
        residents.extend(page.lines.into_iter().map(|line| line.resident_id));
        if page.next_page_token.is_empty() {
            return Ok(residents);
        }
        request.page_token = page.next_page_token;
    }
}

/// Coverage follows a payment through the outbox.
async fn until_covered(client: &mut BenefitPeriodServiceClient<Channel>, resident_id: &str) -> Result<()> {
    let started = Instant::now();
    while !ask(client, resident_id, "2021-06-15").await?.covered {
        ensure!(started.elapsed() < PATIENCE, "a person who is paid for is not covered after {PATIENCE:?}");
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}

/// What happened to everybody at once goes on being told from service to service for a while. People are asked about when
/// that is over, as on any other day.
async fn until_at_rest(database: &str) -> Result<()> {
    let directory = database.strip_prefix("sqlite:").context("the measurement is one of SQLite")?;
    let started = Instant::now();
    for service in ["contribution", "registry"] {
        let connection = rusqlite::Connection::open(format!("{directory}/{service}.sqlite"))?;
        connection.busy_timeout(PATIENCE)?;
        while connection.query_row("SELECT COUNT(*) FROM outbox", (), |row| row.get::<_, i64>(0))? > 0 {
            ensure!(started.elapsed() < PATIENCE, "{service} still has something to tell after {PATIENCE:?}");
            tokio::time::sleep(PAUSE).await;
        }
    }
    Ok(())
}

/// As a hospital asks.
async fn ask(
    client: &mut BenefitPeriodServiceClient<Channel>,
    resident_id: &str,
    on: &str,
) -> Result<benefit_period::GetCoverageResponse> {
    let request = benefit_period::GetCoverageRequest {
        resident_id: resident_id.to_owned(),
        date: on.to_owned(),
        insurance: Insurance::Basic.to_wire(),
        scheme_date: String::new(),
    };
    let call = client.get_coverage(request);
    Ok(Caller::scope(Some(of_jinghai(Office::Provider)), call).await?.into_inner())
}
