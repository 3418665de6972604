//! Processes that die between cause and effect.

use juyi_domain::codes::Office;
use juyi_proto::benefit_period::v1::ListCoverageRequest;
use juyi_proto::registry::v1::registry_service_client::RegistryServiceClient;
use juyi_tests::offices::{Clients, by, enrolment, payment, register};
use juyi_tests::people::identity_number;
use juyi_tests::processes::Process;
use juyi_tests::suites;
use tokio::task::JoinSet;

#[tokio::test]
async fn killed_between_payment_and_coverage_the_coverage_comes_exactly_once() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", directory.path().display());
    let database = ("JUYI__DATABASE__URL", url.as_str());

    // A paused outbox holds the event between the two, for as long as the test needs.
    let first = Process::start("all", &[database, ("JUYI__OUTBOX__PAUSED", "true")]).await;
    let clients = Clients::new(&first.channel());
    let resident_id = register(&clients, &identity_number("120223", "19800101", 11)).await;
    let enrolled = by(Office::Township, clients.registry.clone().enrol(enrolment(&resident_id))).await.unwrap();
    let enrolment_id = enrolled.enrolment.unwrap().enrolment_id;
    let pay = payment(&resident_id, &enrolment_id);
    let paid = by(Office::Tax, clients.contribution.clone().confirm_payment(pay.clone())).await.unwrap();
    assert!(!clients.coverage(&resident_id, "2021-03-01").await.covered);
    first.kill().await;

    let second = Process::start("all", &[database]).await;
    let clients = Clients::new(&second.channel());
    clients.await_coverage(&resident_id, "2021-03-01").await;
    // The caller did not hear the first answer and asks again.
    let again = by(Office::Tax, clients.contribution.clone().confirm_payment(pay)).await.unwrap();
    assert_eq!(again, paid);
    let spans = spans(&clients, &resident_id).await;
    assert_eq!(spans, 4, "one span for each insurance");
    assert_eq!(second.stop().await, 0);

    let third = Process::start("all", &[database]).await;
    let clients = Clients::new(&third.channel());
    assert_eq!(self::spans(&clients, &resident_id).await, 4);
    assert_eq!(third.stop().await, 0);
}

/// Killed while payments are being confirmed and delivered, on each database: whatever was acknowledged is there, and
/// repeating every request leaves each person paid once and covered once.
#[tokio::test]
async fn killed_in_the_middle_of_payments_each_has_one_effect() {
    const ROUNDS: u32 = 3;
    const TOGETHER: u32 = 6;
    for (name, url, _directory) in suites::databases().await {
        let database = [("JUYI__DATABASE__URL", url.as_str())];
        let mut requests = Vec::new();
        for round in 0..ROUNDS {
            let process = Process::start("all", &database).await;
            let clients = Clients::new(&process.channel());
            let mut calls = JoinSet::new();
            for sequence in 0..TOGETHER {
                let number = identity_number("120223", "19810101", round * TOGETHER + sequence);
                let resident_id = register(&clients, &number).await;
                let mut registry = clients.registry.clone();
                let enrolled = by(Office::Township, registry.enrol(enrolment(&resident_id))).await.unwrap();
                let enrolment_id = enrolled.enrolment.unwrap().enrolment_id;
                requests.push(payment(&resident_id, &enrolment_id));
            }
            for request in &requests[requests.len() - TOGETHER as usize..] {
                let (mut contribution, request) = (clients.contribution.clone(), request.clone());
                calls.spawn(async move { by(Office::Tax, contribution.confirm_payment(request)).await });
            }
            // The first answer is out, the others are anywhere between their first statement and their last.
            calls.join_next().await.unwrap().unwrap().unwrap();
            process.kill().await;
        }
        let process = Process::start("all", &database).await;
        let clients = Clients::new(&process.channel());
        for request in requests {
            let resident_id = request.resident_id.clone();
            by(Office::Tax, clients.contribution.clone().confirm_payment(request)).await.unwrap();
            clients.await_coverage(&resident_id, "2021-03-01").await;
            assert_eq!(spans(&clients, &resident_id).await, 4, "{name}");
        }
        assert_eq!(process.stop().await, 0);
    }
}

#[tokio::test]
async fn a_peer_that_is_down_is_named_and_its_return_is_noticed() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", directory.path().display());
    let registry = Process::start("registry", &[("JUYI__DATABASE__URL", &url)]).await;
    let (address, peer) = (registry.address.clone(), registry.url());
    let gateway = Process::start("gateway", &[("JUYI__DATABASE__URL", &url), ("JUYI__PEERS__REGISTRY", &peer)]).await;
    let clients = Clients::new(&gateway.channel());
    let number = identity_number("120223", "19800101", 12);
    let resident_id = register(&clients, &number).await;
    registry.kill().await;

    let read = |mut registry: RegistryServiceClient<_>| {
        let request = juyi_proto::registry::v1::GetResidentRequest { resident_id: resident_id.clone() };
        async move { by(Office::Township, registry.get_resident(request)).await }
    };
    let refused = read(clients.registry.clone()).await.unwrap_err();
    assert_eq!(juyi_tests::offices::reason(&refused), "PEER_UNAVAILABLE");

    let settings = [("JUYI__DATABASE__URL", url.as_str()), ("JUYI__LISTEN__ADDRESS", address.as_str())];
    let back = Process::start("registry", &settings).await;
    let found = read(clients.registry.clone()).await.unwrap().resident.unwrap();
    assert_eq!(found.identity_number, number);
    assert_eq!(back.stop().await, 0);
    assert_eq!(gateway.stop().await, 0);
}

async fn spans(clients: &Clients, resident_id: &str) -> usize {
    let request = ListCoverageRequest { resident_id: resident_id.to_owned(), ..Default::default() };
    by(Office::MedicalInsurance, clients.benefit_period.clone().list_coverage(request)).await.unwrap().spans.len()
}
