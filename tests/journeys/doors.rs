//! What an operator finds at the door: health, reflection, the command line, and a door that opens to loopback only.

use juyi_tests::processes::{Process, binary};
use juyi_tests::suites;
use tokio::process::Command;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

const SERVICES: [&str; 6] = [
    "juyi.registry.v1.RegistryService",
    "juyi.contribution.v1.ContributionService",
    "juyi.benefit_period.v1.BenefitPeriodService",
    "juyi.settlement.v1.SettlementService",
    "juyi.assistance.v1.AssistanceService",
    "juyi.accident.v1.AccidentService",
];

#[tokio::test]
async fn health_of_each_service_and_of_all() {
    let running = suites::on_sqlite().await;
    let mut health = HealthClient::new(running.gateway.clone());
    for service in SERVICES.into_iter().chain([""]) {
        let request = HealthCheckRequest { service: service.to_owned() };
        assert_eq!(health.check(request).await.unwrap().get_ref().status(), ServingStatus::Serving, "{service}");
    }
    running.suite.stop().await.unwrap();
}

#[tokio::test]
async fn health_of_a_gateway_whose_peers_are_gone() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", directory.path().display());
    let registry = Process::start("registry", &[("JUYI__DATABASE__URL", &url)]).await;
    // The other five are nowhere: port 1 of loopback answers nobody.
    let nowhere = "http://127.0.0.1:1";
    let settings = [
        ("JUYI__PEERS__REGISTRY", registry.url()),
        ("JUYI__PEERS__CONTRIBUTION", nowhere.to_owned()),
        ("JUYI__PEERS__BENEFIT_PERIOD", nowhere.to_owned()),
        ("JUYI__PEERS__SETTLEMENT", nowhere.to_owned()),
        ("JUYI__PEERS__ASSISTANCE", nowhere.to_owned()),
        ("JUYI__PEERS__ACCIDENT", nowhere.to_owned()),
    ];
    let settings: Vec<_> = settings.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let gateway = Process::start("gateway", &settings).await;
    let mut health = HealthClient::new(gateway.channel());
    for (service, status) in [
        (SERVICES[0], ServingStatus::Serving),
        (SERVICES[3], ServingStatus::NotServing),
        ("", ServingStatus::NotServing),
    ] {
        let request = HealthCheckRequest { service: service.to_owned() };
        assert_eq!(health.check(request).await.unwrap().get_ref().status(), status, "{service}");
    }
    assert_eq!(gateway.stop().await, 0);
    assert_eq!(registry.stop().await, 0);
}

#[tokio::test]
async fn no_process_listens_beyond_loopback_unless_told() {
    for task in ["all", "registry", "gateway"] {
        let (succeeded, _, errors) = run(&[task], &[("JUYI__LISTEN__ADDRESS", "0.0.0.0:0")]).await;
        assert!(!succeeded && errors.contains("listen.insecure"), "{task}: {errors}");
    }
}

#[tokio::test]
async fn configuration_is_checked_before_anything_starts() {
    let (succeeded, _, errors) = run(&["all"], &[("JUYI__LISTEN__ADRESS", "127.0.0.1:0")]).await;
    assert!(!succeeded && errors.contains("adress"), "an unknown key in the environment: {errors}");

    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("juyi.toml");
    std::fs::write(&file, "[databse]\nurl = \"sqlite:x\"\n").unwrap();
    let (succeeded, _, errors) = run(&["--config", file.to_str().unwrap(), "all"], &[]).await;
    assert!(!succeeded && errors.contains("databse"), "an unknown key in the file: {errors}");

    // The environment goes before the file, the file before the defaults; passwords are not shown.
    std::fs::write(&file, "[database]\nconnections = 3\nurl = \"postgres://juyi:secret@db/juyi\"\n").unwrap();
    let settings = [("JUYI__DATABASE__CONNECTIONS", "5")];
    let (succeeded, shown, _) = run(&["--config", file.to_str().unwrap(), "config", "effective"], &settings).await;
    assert!(
        succeeded && shown.contains("connections = 5") && shown.contains("juyi:***@db") && !shown.contains("secret")
    );
}

#[tokio::test]
async fn migrations_run_once_and_again() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", directory.path().join("deep/data").display());
    for _ in 0..2 {
        let (succeeded, shown, errors) = run(&["migrate"], &[("JUYI__DATABASE__URL", &url)]).await;
        assert!(succeeded && shown.lines().count() == 6, "{errors}");
    }
}

/// Runs the binary to its end: success, standard output, standard error.
async fn run(arguments: &[&str], settings: &[(&str, &str)]) -> (bool, String, String) {
    let binary = binary().expect("run by `cargo xtask test`, which builds the binary");
    let output = Command::new(binary).args(arguments).envs(settings.iter().copied()).output().await.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}
