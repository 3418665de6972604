//! A death that a list tells, through the gateway: coverage ends, later services are found, the money stays where it is.

use std::time::Duration;

use juyi_domain::codes::{FindingKind, FindingState, Office, RosterKind};
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as registry;
use juyi_proto::settlement::v1::{ListSettlementsRequest, Settlement};
use juyi_tests::lists::{self, List};
use juyi_tests::offices::{Clients, by, reason, stay, to_settle};
use juyi_tests::people::identity_number;
use juyi_tests::suites;

/// A list of deaths with one person.
fn told(roster_id: &str, number: &str, row: registry::RosterRow) -> List {
    let row = registry::RosterRow { identity_number: number.to_owned(), name: "somebody".to_owned(), ..row };
    let header = lists::header(roster_id, RosterKind::Deaths, "2021-03-31");
    List { office: Office::CivilAffairs, header, rows: vec![row] }
}

/// The one finding of services after a death, once it is in the state: settlement is asked after the list was answered.
async fn await_finding(clients: &Clients, state: FindingState) -> registry::Finding {
    for _ in 0..200 {
        let request = registry::ListFindingsRequest {
            district: "120118".to_owned(),
            kind: FindingKind::ServiceAfterDeath.to_wire(),
            ..Default::default()
        };
        let mut rosters = clients.roster.clone();
        let mut found = by(Office::MedicalInsurance, rosters.list_findings(request)).await.unwrap().findings;
        assert!(found.len() <= 1, "{found:?}");
        if let Some(found) = found.pop().filter(|found| found.state == state.to_wire()) {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no finding is {state}");
}

async fn settlements(clients: &Clients, resident_id: &str) -> Vec<Settlement> {
    let request = ListSettlementsRequest { resident_id: resident_id.to_owned(), ..Default::default() };
    by(Office::Provider, clients.settlement.clone().list_settlements(request)).await.unwrap().settlements
}

/// J-A1.3-j: covered on the day of death and not on the day after; a bill that goes on beyond it is found and stands.
#[tokio::test]
async fn a_death_ends_coverage_and_reverses_nothing() {
    for running in suites::on_each_database().await {
        let clients = Clients::new(&running.gateway);
        let number = identity_number("120223", "19500101", 51);
        let resident_id = clients.covered_adult(&number).await;
        let mut settlement = clients.settlement.clone();
        for bill in [
            stay("B-before", "2021-02-01", "2021-02-09", 2_000_000),
            stay("B-beyond", "2021-03-01", "2021-03-09", 3_000_000),
        ] {
            by(Office::Provider, settlement.settle(to_settle(&resident_id, bill))).await.unwrap();
        }
        let settled = settlements(&clients, &resident_id).await;
        assert_eq!(settled.len(), 2);

        let death = registry::RosterRow { death_date: "2021-03-05".to_owned(), ..Default::default() };
        let list = told("deaths-1", &number, death);
        let taken = list.send(&clients.roster).await.unwrap();
        assert_eq!(taken.roster.as_ref().unwrap().applied, 1, "{:?}", taken.not_accepted);
        for (day, covered) in [("2021-03-05", true), ("2021-03-06", false)] {
            assert_eq!(clients.coverage(&resident_id, day).await.covered, covered, "{day} {}", running.database);
        }

        let found = await_finding(&clients, FindingState::Open).await;
        assert_eq!((found.rule_id.as_str(), found.roster_id.as_str()), ("J-A1.3-j", "deaths-1"));
        assert!(found.detail.starts_with("1 services"), "the stay before is none: {}", found.detail);
        assert_eq!(settlements(&clients, &resident_id).await, settled, "{}", running.database);
        let after = to_settle(&resident_id, stay("B-after", "2021-03-20", "2021-03-22", 1_000_000));
        let refused = by(Office::Provider, settlement.settle(after)).await.unwrap_err();
        assert_eq!(reason(&refused), "NOT_IN_BENEFIT_PERIOD", "{}", running.database);
        // The list again changes nothing.
        assert_eq!(list.send(&clients.roster).await.unwrap(), taken);
        assert_eq!(await_finding(&clients, FindingState::Open).await, found, "{}", running.database);

        // The supplier was wrong: what followed from the death ends with it.
        let back = registry::RosterRow { withdrawn: true, ..Default::default() };
        told("deaths-2", &number, back).send(&clients.roster).await.unwrap();
        await_finding(&clients, FindingState::Cleared).await;
        assert!(clients.coverage(&resident_id, "2021-03-06").await.covered, "{}", running.database);
        running.suite.stop().await.unwrap();
    }
}
