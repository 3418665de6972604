//! Lists of the departments, through the gateway: taken, compared, worked off, and counted; on both databases.

use juyi_domain::codes::{Disposition, FindingKind, FindingState, Office, RosterKind};
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as registry;
use juyi_proto::registry::v1::submit_roster_request::Piece;
use juyi_tests::lists::{self, DULIU, List, by_village, counted, rows, send, village};
use juyi_tests::offices::{Clients, by, reason};
use juyi_tests::people;
use juyi_tests::suites;
use tonic::Status;

/// S-57, J-A1.3-b and J-A1.3-l: of ten residents on the police list eight are enrolled.
#[tokio::test]
async fn a_list_is_taken_compared_and_worked_off() {
    for running in suites::on_each_database().await {
        let clients = Clients::new(&running.gateway);
        village(&clients).await;
        let people = people::many("120223", 10);
        let enrolled = submit(&clients, Office::Township, by_village("village-1"), rows(&people[..8])).await.unwrap();
        assert_eq!(outcome(&enrolled), (8, 8, 0, 0), "{:?}", enrolled.not_accepted);

        let header = population("police-1");
        let taken = submit(&clients, Office::PublicSecurity, header.clone(), rows(&people)).await.unwrap();
        assert_eq!(outcome(&taken), (10, 10, 0, 0));
        let compared = compare(&clients, "compare-1", "police-1").await;
        assert_eq!((compared.listed, compared.matched, compared.not_enrolled, compared.opened), (10, 8, 2, 2));

        let found = findings(&clients, FindingState::Open).await;
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|finding| finding.kind == FindingKind::NotRegistered.to_wire()));
        work_off(&clients, &found).await;
        // The facts are the same: what was resolved stays resolved.
        let again = compare(&clients, "compare-2", "police-1").await;
        assert_eq!((again.matched, again.not_enrolled, again.opened, again.cleared), (8, 2, 0, 0));
        assert_eq!(findings(&clients, FindingState::Resolved).await.len(), 2);

        // Once they are enrolled there is nothing to find.
        let rest = submit(&clients, Office::Township, by_village("village-2"), rows(&people[8..])).await.unwrap();
        assert_eq!(outcome(&rest), (2, 2, 0, 0));
        let last = compare(&clients, "compare-3", "police-1").await;
        assert_eq!((last.matched, last.not_enrolled, last.cleared), (10, 0, 2));
        assert_eq!(counted(&clients, DULIU).await, 10);
        running.suite.stop().await.unwrap();
    }
}

/// The same list twice has one effect; another list under its id, and another office, are refused.
#[tokio::test]
async fn a_list_is_its_suppliers_and_taken_once() {
    for running in suites::on_each_database().await {
        let clients = Clients::new(&running.gateway);
        let people = people::many("120223", 4);
        let header = population("police-1");
        let first = submit(&clients, Office::PublicSecurity, header.clone(), rows(&people)).await.unwrap();
        let again = submit(&clients, Office::PublicSecurity, header.clone(), rows(&people)).await.unwrap();
        assert_eq!(again, first);
        let other = submit(&clients, Office::PublicSecurity, header.clone(), rows(&people[..3])).await.unwrap_err();
        assert_eq!(reason(&other), "ROSTER_ID_REUSED");
        let township = submit(&clients, Office::Township, header, rows(&people)).await.unwrap_err();
        assert_eq!(reason(&township), "ROLE_NOT_ALLOWED");

        // One person twice, one with a wrong number: the others proceed, and the counts add up.
        let mut bad = rows(&people);
        bad.push(bad[0].clone());
        bad.push(registry::RosterRow { identity_number: "120223198001010001".to_owned(), ..bad[1].clone() });
        let mixed = submit(&clients, Office::PublicSecurity, population("police-2"), bad).await.unwrap();
        assert_eq!(outcome(&mixed), (6, 4, 1, 1));
        let counts = mixed.roster.as_ref().unwrap().counts.unwrap();
        assert_eq!((counts.new, counts.unchanged, counts.changed), (0, 4, 0), "the list before said the same");
        let dispositions: Vec<_> = mixed.not_accepted.iter().map(|row| (row.row_number, row.disposition)).collect();
        assert_eq!(dispositions, [(5, Disposition::Duplicate.to_wire()), (6, Disposition::Rejected.to_wire())]);
        assert_eq!(mixed.not_accepted[1].reasons[0].reason, "IDENTITY_NUMBER_INVALID");

        let dry = registry::RosterHeader { dry_run: true, ..population("police-3") };
        let dry = submit(&clients, Office::PublicSecurity, dry, rows(&people[..2])).await.unwrap();
        assert_eq!(outcome(&dry), (2, 2, 0, 0));
        assert_eq!(rosters(&clients).await, ["police-2", "police-1"]);
        running.suite.stop().await.unwrap();
    }
}

/// A department exports its list from a table, in the character set of its machine.
#[tokio::test]
async fn a_list_comes_as_a_file() {
    for running in suites::on_each_database().await {
        let clients = Clients::new(&running.gateway);
        let people = people::many("120223", 3);
        // 姓名 of two characters in GB18030: 王芳.
        let mut file = b"name,identity_number,township\r\n".to_vec();
        for person in &people {
            file.extend_from_slice(b"\xcd\xf5\xb7\xbc,");
            file.extend_from_slice(format!("{person},{DULIU}\r\n").as_bytes());
        }
        let charset = registry::Charset::Gb18030.into();
        let header = registry::RosterHeader { charset, ..population("police-1") };
        // Cut anywhere, even inside a character.
        let pieces = file.chunks(7).map(|part| Piece::Csv(part.to_vec()));
        let taken = send(&clients.roster, Office::PublicSecurity, header, pieces.collect()).await.unwrap();
        assert_eq!(outcome(&taken), (3, 3, 0, 0), "{:?}", taken.not_accepted);
        let request = registry::ListRosterRowsRequest {
            district: "120118".to_owned(),
            kind: RosterKind::Population.to_wire(),
            roster_id: "police-1".to_owned(),
            ..Default::default()
        };
        let mut roster = clients.roster.clone();
        let listed = by(Office::PublicSecurity, roster.list_roster_rows(request)).await.unwrap().rows;
        let names: Vec<_> = listed.iter().map(|row| row.row.as_ref().unwrap().name.as_str()).collect();
        assert_eq!(names, ["王芳"; 3]);
        running.suite.stop().await.unwrap();
    }
}

fn population(roster_id: &str) -> registry::RosterHeader {
    lists::header(roster_id, RosterKind::Population, "2020-11-30")
}

async fn submit(
    clients: &Clients,
    office: Office,
    header: registry::RosterHeader,
    rows: Vec<registry::RosterRow>,
) -> Result<registry::SubmitRosterResponse, Status> {
    List { office, header, rows }.send(&clients.roster).await
}

/// Received, accepted, duplicate, rejected; they add up.
fn outcome(answer: &registry::SubmitRosterResponse) -> (i64, i64, i64, i64) {
    let counts = answer.roster.as_ref().unwrap().counts.unwrap();
    assert_eq!(counts.received, counts.accepted + counts.duplicate + counts.rejected);
    assert_eq!(counts.accepted, counts.new + counts.unchanged + counts.changed);
    (counts.received, counts.accepted, counts.duplicate, counts.rejected)
}

async fn compare(clients: &Clients, request_id: &str, roster_id: &str) -> registry::Comparison {
    let request = registry::CompareRosterRequest {
        request_id: request_id.to_owned(),
        district: "120118".to_owned(),
        kind: RosterKind::Population.to_wire(),
        roster_id: roster_id.to_owned(),
        validate_only: false,
    };
    let answer = by(Office::MedicalInsurance, clients.roster.clone().compare_roster(request)).await.unwrap();
    answer.comparison.unwrap()
}

async fn findings(clients: &Clients, state: FindingState) -> Vec<registry::Finding> {
    let request = registry::ListFindingsRequest {
        district: "120118".to_owned(),
        policy_year: 2021,
        state: state.to_wire(),
        ..Default::default()
    };
    by(Office::MedicalInsurance, clients.roster.clone().list_findings(request)).await.unwrap().findings
}

/// Assigns each finding to Duliu, and resolves it there.
async fn work_off(clients: &Clients, findings: &[registry::Finding]) {
    for (index, finding) in findings.iter().enumerate() {
        let assign = registry::AssignFindingRequest {
            request_id: format!("assign-{index}"),
            finding_id: finding.finding_id.clone(),
            etag: finding.etag.clone(),
            township: DULIU.to_owned(),
        };
        let assigned = by(Office::MedicalInsurance, clients.roster.clone().assign_finding(assign)).await.unwrap();
        let resolve = registry::ResolveFindingRequest {
            request_id: format!("resolve-{index}"),
            finding_id: finding.finding_id.clone(),
            etag: assigned.finding.unwrap().etag,
            resolution: "moved away; visited".to_owned(),
        };
        by(Office::Township, clients.roster.clone().resolve_finding(resolve)).await.unwrap();
    }
}

async fn rosters(clients: &Clients) -> Vec<String> {
    let request = registry::ListRostersRequest { district: "120118".to_owned(), ..Default::default() };
    let listed = by(Office::PublicSecurity, clients.roster.clone().list_rosters(request)).await.unwrap().rosters;
    listed.into_iter().map(|roster| roster.header.unwrap().roster_id).collect()
}
