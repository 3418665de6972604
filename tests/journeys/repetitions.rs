//! The same request twice: one effect, one answer; another body is refused. On both databases.

use juyi_domain::codes::Office;
use juyi_proto::settlement::v1::{GetAccumulatorsRequest, ListSettlementsRequest, ReverseSettlementRequest};
use juyi_tests::offices::{Clients, by, enrolment, payment, reason, register, stay, to_settle};
use juyi_tests::people::identity_number;
use juyi_tests::suites;

#[tokio::test]
async fn every_mutation_answers_the_same_request_the_same_way() {
    for running in suites::on_each_database().await {
        let clients = Clients::new(&running.gateway);
        let number = identity_number("120223", "19751231", 21);
        let resident_id = register(&clients, &number).await;
        assert_eq!(register(&clients, &number).await, resident_id, "registration");

        let mut registry = clients.registry.clone();
        let request = enrolment(&resident_id);
        let first = by(Office::Township, registry.enrol(request.clone())).await.unwrap();
        assert_eq!(by(Office::Township, registry.enrol(request.clone())).await.unwrap(), first);
        let mut other = request;
        other.application_date = "2020-10-13".to_owned();
        let refused = by(Office::Township, registry.enrol(other.clone())).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused).as_str()), (tonic::Code::AlreadyExists, "REQUEST_ID_REUSED"));
        other.request_id = "enrol-again".to_owned();
        let refused = by(Office::Township, registry.enrol(other)).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused).as_str()), (tonic::Code::AlreadyExists, "DUPLICATE_ENROLMENT"));

        let mut contribution = clients.contribution.clone();
        let request = payment(&resident_id, &first.enrolment.unwrap().enrolment_id);
        let paid = by(Office::Tax, contribution.confirm_payment(request.clone())).await.unwrap();
        assert_eq!(by(Office::Tax, contribution.confirm_payment(request.clone())).await.unwrap(), paid);
        let mut other = request;
        other.request_id = "pay-again".to_owned();
        let refused = by(Office::Tax, contribution.confirm_payment(other)).await.unwrap_err();
        assert_eq!(reason(&refused), "DUPLICATE_PAYMENT");
        clients.await_coverage(&resident_id, "2021-03-01").await;

        let mut settlement = clients.settlement.clone();
        let request = to_settle(&resident_id, stay("B-1", "2021-03-01", "2021-03-09", 2_000_000));
        let settled = by(Office::Provider, settlement.settle(request.clone())).await.unwrap();
        assert_eq!(by(Office::Provider, settlement.settle(request.clone())).await.unwrap(), settled);
        let mut other = request.clone();
        other.bill.as_mut().unwrap().total_fen += 1;
        let refused = by(Office::Provider, settlement.settle(other)).await.unwrap_err();
        assert_eq!(reason(&refused), "REQUEST_ID_REUSED");
        let mut other = request;
        other.request_id = "settle-again".to_owned();
        let refused = by(Office::Provider, settlement.settle(other)).await.unwrap_err();
        assert_eq!(reason(&refused), "DUPLICATE_BILL");

        let reverse = ReverseSettlementRequest {
            request_id: "reverse".to_owned(),
            resident_id: resident_id.clone(),
            settlement_id: settled.settlement.unwrap().settlement_id,
        };
        let reversed = by(Office::Provider, settlement.reverse_settlement(reverse.clone())).await.unwrap();
        assert_eq!(by(Office::Provider, settlement.reverse_settlement(reverse)).await.unwrap(), reversed);
        running.suite.stop().await.unwrap();
    }
}

#[tokio::test]
async fn many_at_once_settle_one_after_the_other() {
    for running in suites::on_each_database().await {
        let clients = Clients::new(&running.gateway);
        let resident_id = clients.covered_adult(&identity_number("120223", "19750101", 22)).await;
        let mut calls = tokio::task::JoinSet::new();
        for day in 1..=8 {
            let mut settlement = clients.settlement.clone();
            let bill = stay(&format!("B-{day}"), &format!("2021-05-0{day}"), "2021-05-20", 1_000_000);
            let request = to_settle(&resident_id, bill);
            calls.spawn(async move { by(Office::Provider, settlement.settle(request)).await });
        }
        while let Some(settled) = calls.join_next().await {
            settled.unwrap().unwrap();
        }
        // One stay with the deductible, seven without: (10000 - 500) x 70 % + 7 x 10000 x 70 %.
        let request =
            GetAccumulatorsRequest { resident_id: resident_id.clone(), policy_year: 2021, as_of_date: String::new() };
        let mut settlement = clients.settlement.clone();
        let totals = by(Office::Provider, settlement.get_accumulators(request)).await.unwrap().accumulators.unwrap();
        assert_eq!((totals.stays, totals.basic_paid_fen, totals.deductible_used_fen), (8, 5_565_000, 50_000));
        let request = ListSettlementsRequest { resident_id, page_size: 100, ..Default::default() };
        let list = by(Office::Provider, settlement.list_settlements(request)).await.unwrap().settlements;
        let from_ledger: i64 =
            list.iter().flat_map(|s| &s.entries).map(|e| e.shares.as_ref().unwrap().basic_fund_fen).sum();
        assert_eq!((list.len(), from_ledger), (8, totals.basic_paid_fen));
        running.suite.stop().await.unwrap();
    }
}
