//! The move of a person who has paid, through the gateway: no desk's fact, but a change with a desk of its own.

use std::time::Duration;

use juyi_domain::codes::{ChangeState, Desk, Office};
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as registry;
use juyi_proto::registry::v1::fact::Fact;
use juyi_tests::lists::{DULIU, counted};
use juyi_tests::offices::{Clients, by, reason};
use juyi_tests::people::identity_number;
use juyi_tests::suites;
use tonic::Status;
use tonic_types::StatusExt;

const JINGHAI_TOWN: &str = "120118.1";

fn there() -> registry::Residence {
    registry::Residence {
        district: "120118".to_owned(),
        township: JINGHAI_TOWN.to_owned(),
        address: "胜利街1号".to_owned(),
    }
}

async fn resident(clients: &Clients, resident_id: &str) -> registry::Resident {
    let request = registry::GetResidentRequest { resident_id: resident_id.to_owned() };
    by(Office::Township, clients.registry.clone().get_resident(request)).await.unwrap().resident.unwrap()
}

/// The enrolment, once the registry has heard of its payment.
async fn await_paid(clients: &Clients, resident_id: &str) -> registry::Enrolment {
    for _ in 0..200 {
        let request = registry::ListEnrolmentsRequest { resident_id: resident_id.to_owned(), ..Default::default() };
        let mut listed = by(Office::Township, clients.registry.clone().list_enrolments(request)).await.unwrap();
        let enrolment = listed.enrolments.remove(0);
        if !enrolment.payment_date.is_empty() {
            return enrolment;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the registry does not hear of the payment");
}

fn rule_and_township(status: &Status) -> (String, String) {
    let metadata = status.get_details_error_info().unwrap().metadata;
    (metadata["rule_id"].clone(), metadata.get("right_township").cloned().unwrap_or_default())
}

/// J-3.4.2-b: registered at Duliu, paid: filed at Duliu, decided by the branch, and filed nowhere else.
#[tokio::test]
async fn a_paid_person_moves_by_a_change() {
    for running in suites::on_each_database_at("2021-03-10").await {
        let clients = Clients::new(&running.gateway);
        let resident_id = clients.covered_adult(&identity_number("120223", "19800101", 52)).await;
        let enrolment = await_paid(&clients, &resident_id).await;
        assert_eq!((enrolment.township.as_str(), enrolment.desk_township.as_str()), (DULIU, DULIU));
        let mut registry = clients.registry.clone();

        let fact = registry::Fact {
            start_date: "2021-03-01".to_owned(),
            fact: Some(Fact::Residence(there())),
            ..Default::default()
        };
        let request = registry::RecordFactsRequest {
            request_id: "fact".to_owned(),
            resident_id: resident_id.clone(),
            facts: vec![fact],
            validate_only: false,
        };
        let refused = by(Office::Township, registry.record_facts(request)).await.unwrap_err();
        assert_eq!(reason(&refused), "ORDER_VIOLATION", "{}", running.database);
        assert_eq!(refused.get_details_error_info().unwrap().metadata["method"], "FileChange");

        let before = resident(&clients, &resident_id).await;
        let at_township = |request_id: &str, township: &str| registry::FileChangeRequest {
            request_id: request_id.to_owned(),
            resident_id: resident_id.clone(),
            etag: before.etag.clone(),
            desk: Desk::TownshipService.to_wire(),
            desk_district: "120118".to_owned(),
            desk_township: township.to_owned(),
            filing_date: "2021-03-02".to_owned(),
            new_residence: Some(there()),
            proof: "户口簿".to_owned(),
            policy_year: 2021,
            ..Default::default()
        };
        let at_branch = registry::FileChangeRequest {
            desk: Desk::DistrictSocialInsuranceBranch.to_wire(),
            desk_township: String::new(),
            ..at_township("branch", DULIU)
        };
        let branch = by(Office::SocialInsurance, registry.file_change(at_branch)).await.unwrap_err();
        let moved_to = by(Office::Township, registry.file_change(at_township("new", JINGHAI_TOWN))).await.unwrap_err();
        for refused in [branch, moved_to] {
            assert_eq!(reason(&refused), "WRONG_DESK", "{}", running.database);
            assert_eq!(rule_and_township(&refused), ("J-3.4.2-b".to_owned(), DULIU.to_owned()));
        }

        let filed = by(Office::Township, registry.file_change(at_township("old", DULIU))).await.unwrap();
        let change = filed.change.unwrap();
        assert_eq!(change.state, ChangeState::Filed.to_wire(), "{}", running.database);
        assert_eq!(resident(&clients, &resident_id).await.residence_township, DULIU, "nothing is changed yet");
        assert_eq!((counted(&clients, DULIU).await, counted(&clients, JINGHAI_TOWN).await), (1, 0));

        let decision = registry::DecideChangeRequest {
            request_id: "decide".to_owned(),
            resident_id: resident_id.clone(),
            change_id: change.change_id,
            decision_date: "2021-03-09".to_owned(),
            ..Default::default()
        };
        let refused = by(Office::Township, registry.decide_change(decision.clone())).await.unwrap_err();
        assert_eq!(reason(&refused), "ROLE_NOT_ALLOWED", "{}", running.database);
        let decided = by(Office::SocialInsurance, registry.decide_change(decision)).await.unwrap();
        assert_eq!(decided.change.unwrap().state, ChangeState::Applied.to_wire(), "{}", running.database);
        assert_eq!(resident(&clients, &resident_id).await.residence_township, JINGHAI_TOWN);
        assert_eq!((counted(&clients, DULIU).await, counted(&clients, JINGHAI_TOWN).await), (0, 1));
        // Counted where the person lives now, changed where it was filed.
        let enrolment = await_paid(&clients, &resident_id).await;
        let townships = (enrolment.township.as_str(), enrolment.desk_township.as_str());
        assert_eq!(townships, (JINGHAI_TOWN, DULIU), "{}", running.database);
        running.suite.stop().await.unwrap();
    }
}
