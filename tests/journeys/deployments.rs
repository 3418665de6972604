//! The same journey, the demo's family year, wherever the services run and whatever stores them.

use juyi::demo;
use juyi_domain::codes::Office;
use juyi_kit::channel::Channel;
use juyi_proto::settlement::v1::provider_reconciliation_service_client::ProviderReconciliationServiceClient;
use juyi_proto::settlement::v1::{PayerAmounts, ProviderRow, SubmitProviderRowsRequest};
use juyi_tests::offices::by;
use juyi_tests::{processes::Process, suites};
use tonic::Code;
use tonic_types::StatusExt;

async fn journey(gateway: &Channel, where_: &str) {
    let checks = demo::play(gateway).await.unwrap_or_else(|error| panic!("{where_}: {error:#}"));
    assert!(checks.all_hold(), "{where_}: {}", checks.summary());
    a_thousand_rows_are_refused(gateway, where_).await;
}

/// More reasons than headers hold arrive as a refusal that says so, not as a service that cannot be reached.
async fn a_thousand_rows_are_refused(gateway: &Channel, where_: &str) {
    let row = |number: i32| ProviderRow {
        settlement_id: number.to_string(),
        amounts: Some(PayerAmounts::default()),
        ..Default::default()
    };
    let request = SubmitProviderRowsRequest {
        request_id: "rows".to_owned(),
        reconciliation_id: "01890000-0000-7000-8000-000000000000".to_owned(),
        row_count: 1_000,
        first_row: 1,
        rows: (0..1_000).map(row).collect(),
    };
    let mut client = ProviderReconciliationServiceClient::new(gateway.clone());
    let refused = by(Office::Provider, client.submit_provider_rows(request)).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument, "{where_}: {}", refused.message());
    let info = refused.get_details_error_info().unwrap();
    assert_eq!((info.reason.as_str(), info.metadata["more_reasons"].as_str()), ("REQUIRED_FIELD_MISSING", "980"));
}

#[tokio::test]
async fn in_one_process_on_each_database() {
    for running in suites::on_each_database().await {
        journey(&running.gateway, running.database).await;
        running.suite.stop().await.unwrap();
    }
}

#[tokio::test]
async fn as_seven_processes_over_tcp() {
    for (name, url, _directory) in suites::databases().await {
        let settings = [("JUYI__DATABASE__URL", url.as_str())];
        let registry = Process::start("registry", &settings).await;
        let registry_url = registry.url();
        let settings = [settings[0], ("JUYI__PEERS__REGISTRY", registry_url.as_str())];
        let benefit_period = Process::start("benefit-period", &settings).await;
        let benefit_period_url = benefit_period.url();
        let settings = [settings[0], settings[1], ("JUYI__PEERS__BENEFIT_PERIOD", benefit_period_url.as_str())];
        let contribution = Process::start("contribution", &settings).await;
        let accident = Process::start("accident", &settings).await;
        let assistance = Process::start("assistance", &settings).await;
        let assistance_url = assistance.url();
        let mut settings = settings.to_vec();
        settings.push(("JUYI__PEERS__ASSISTANCE", assistance_url.as_str()));
        let settlement = Process::start("settlement", &settings).await;
        let (contribution_url, settlement_url, accident_url) = (contribution.url(), settlement.url(), accident.url());
        settings.push(("JUYI__PEERS__CONTRIBUTION", contribution_url.as_str()));
        settings.push(("JUYI__PEERS__SETTLEMENT", settlement_url.as_str()));
        settings.push(("JUYI__PEERS__ACCIDENT", accident_url.as_str()));
        let gateway = Process::start("gateway", &settings).await;

        journey(&gateway.channel(), name).await;
        for process in [gateway, settlement, assistance, accident, contribution, benefit_period, registry] {
            assert_eq!(process.stop().await, 0, "{name}: every process ends in order");
        }
    }
}
