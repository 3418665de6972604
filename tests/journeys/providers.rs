//! Bills keep to what the medical insurance bureau recorded about their provider (AMB-067).

use juyi_domain::codes::{District, Office, ProviderLevel};
use juyi_proto::code::Coded;
use juyi_proto::registry::v1::{MedicalProvider, PutProviderRequest};
use juyi_proto::settlement::v1::{Bill, ListSettlementsRequest, Provider};
use juyi_tests::offices::{Clients, by, reason, stay, to_settle};
use juyi_tests::people::identity_number;
use juyi_tests::suites;
use tonic::Code;
use tonic_types::StatusExt;

/// The hospital of the bills, of a level from a day on.
async fn record(clients: &Clients, start_date: &str, level: ProviderLevel) {
    let provider = MedicalProvider {
        provider_code: "H12011800001".to_owned(),
        name: "hospital of the tests".to_owned(),
        district: District::Jinghai.to_string(),
        level: level.to_wire(),
        designated: true,
        assistance_designated: true,
        start_date: start_date.to_owned(),
        ..Default::default()
    };
    let request = PutProviderRequest { request_id: start_date.to_owned(), provider: Some(provider) };
    by(Office::MedicalInsurance, clients.reference.clone().put_provider(request)).await.unwrap();
}

/// J-5.1.T-b, J-5.1.T-c: a level 2 hospital bills as one, until the day from which it is of level 3.
#[tokio::test]
async fn a_hospital_bills_at_its_level() {
    let running = suites::on_sqlite().await;
    let clients = Clients::new(&running.gateway);
    let mut settlement = clients.settlement.clone();
    let resident_id = clients.covered_adult(&identity_number("120223", "19800101", 35)).await;
    record(&clients, "2020-09-01", ProviderLevel::Two).await;
    record(&clients, "2021-03-01", ProviderLevel::Three).await;

    let february = stay("B-1", "2021-02-20", "2021-02-28", 2_000_000);
    let refused = by(Office::Provider, settlement.settle(to_settle(&resident_id, february.clone()))).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::FailedPrecondition, "PROVIDER_MISMATCH"));
    let info = refused.get_details_error_info().unwrap();
    let told = ["attribute", "stated", "registered"].map(|key| info.metadata[key].as_str());
    assert_eq!(told, ["level", "LEVEL_3", "LEVEL_2"]);
    let violations = refused.get_error_details().precondition_failure().unwrap().violations.clone();
    let named: Vec<_> = violations.iter().map(|violation| violation.subject.as_str()).collect();
    assert_eq!(named, ["bill.provider.level"]);
    let list = ListSettlementsRequest { resident_id: resident_id.clone(), ..Default::default() };
    assert_eq!(by(Office::Provider, settlement.list_settlements(list)).await.unwrap().settlements, []);

    // The code alone is enough. 20000.00 less 500.00 at 75 %, then, as the second stay of the year, at 70 %.
    let provider = Some(Provider { provider_code: "H12011800001".to_owned(), ..Default::default() });
    let march = stay("B-2", "2021-03-01", "2021-03-09", 2_000_000);
    for (bill, level, basic_fund) in
        [(february, ProviderLevel::Two, 1_462_500), (march, ProviderLevel::Three, 1_400_000)]
    {
        let bill = Bill { provider: provider.clone(), ..bill };
        let mut request = to_settle(&resident_id, bill.clone());
        request.request_id.clone_from(&bill.bill_number);
        let settled = by(Office::Provider, settlement.settle(request)).await.unwrap().settlement.unwrap();
        assert_eq!(settled.shares.unwrap().basic_fund_fen, basic_fund);
        let kept = settled.bill.unwrap().provider.unwrap();
        assert_eq!((kept.level, kept.designated, kept.assistance_designated), (level.to_wire(), true, true));
    }
    running.suite.stop().await.unwrap();
}
