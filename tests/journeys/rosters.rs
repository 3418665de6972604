//! Lists of thousands that a process dies over: sent once more, each has one effect.

use juyi_domain::codes::{Office, RosterKind};
use juyi_proto::registry::v1 as registry;
use juyi_tests::lists::{self, DULIU, List, by_village, counted, rows, village};
use juyi_tests::offices::{Clients, by, reason};
use juyi_tests::people::{self, identity_number};
use juyi_tests::processes::Process;
use juyi_tests::suites;

/// The rows that come before a list breaks off: some, and not all.
fn first(rows: usize, list: &List) -> List {
    List { rows: list.rows[..rows].to_vec(), ..list.clone() }
}

fn low_income(persons: u32) -> List {
    let person = |index: u32| registry::RosterRow {
        identity_number: identity_number("120223", &format!("{}0510", 1940 + index / 999), index % 999 + 1),
        name: format!("居民{index}"),
        ..Default::default()
    };
    let header = lists::header("low-income-2020-11", RosterKind::LowIncome, "2020-11-01");
    let header = registry::RosterHeader { expected_rows: i64::from(persons), ..header };
    List { office: Office::CivilAffairs, header, rows: (0..persons).map(person).collect() }
}

/// The registry dies while rows come in, and again while the list has its effect; the gateway lives on. In the end the
/// list is there once, each person once, and the same list again is answered as before.
#[tokio::test]
async fn a_registry_killed_in_the_middle_of_a_roster_has_one_effect() {
    for (name, url, _directory) in suites::databases().await {
        let registry = Process::start("registry", &[("JUYI__DATABASE__URL", &url)]).await;
        let (address, peer) = (registry.address.clone(), registry.url());
        let again = [("JUYI__DATABASE__URL", url.as_str()), ("JUYI__LISTEN__ADDRESS", address.as_str())];
        let settings = [("JUYI__DATABASE__URL", url.as_str()), ("JUYI__PEERS__REGISTRY", peer.as_str())];
        let gateway = Process::start("gateway", &settings).await;
        let rosters = Clients::new(&gateway.channel()).roster;
        let list = low_income(20_000);

        let cut = first(15_000, &list).break_off(&rosters).await;
        registry.kill().await;
        assert!(cut.await.unwrap().is_err(), "{name}");

        let registry = Process::start("registry", &again).await;
        assert_eq!(reason(&list.stored(&rosters).await.unwrap_err()), "ROSTER_NOT_FOUND", "{name}");
        let sent = list.launch(&rosters);
        list.await_middle(&rosters).await;
        registry.kill().await;
        assert!(sent.await.unwrap().is_err(), "{name}");

        let registry = Process::start("registry", &again).await;
        let answer = list.send(&rosters).await.unwrap();
        let roster = answer.roster.clone().unwrap();
        let counts = roster.counts.unwrap();
        assert_eq!((counts.received, counts.accepted, counts.new), (20_000, 20_000, 20_000), "{name}");
        assert_eq!(roster.applied, 20_000, "{name}");
        assert_eq!(list.send(&rosters).await.unwrap(), answer, "{name}");
        assert_eq!(registry.stop().await, 0, "{name}");
        assert_eq!(gateway.stop().await, 0, "{name}");
    }
}

/// The same of a list that enrols, in a suite that dies as a whole; what is counted is what is there.
#[tokio::test]
async fn killed_in_the_middle_a_list_enrols_everybody_once() {
    const PEOPLE: u32 = 6_000;
    for (name, url, _directory) in suites::databases().await {
        let database = [("JUYI__DATABASE__URL", url.as_str())];
        let (header, people) = (by_village("village-1"), rows(&people::many("120223", PEOPLE)));
        let list = List { office: Office::Township, header, rows: people };
        let process = Process::start("all", &database).await;
        let clients = Clients::new(&process.channel());
        village(&clients).await;
        let cut = first(3_000, &list).break_off(&clients.roster).await;
        process.kill().await;
        assert!(cut.await.unwrap().is_err(), "{name}");

        let process = Process::start("all", &database).await;
        let clients = Clients::new(&process.channel());
        assert_eq!(counted(&clients, DULIU).await, 0, "{name}");
        let sent = list.launch(&clients.roster);
        list.await_middle(&clients.roster).await;
        process.kill().await;
        assert!(sent.await.unwrap().is_err(), "{name}");

        let process = Process::start("all", &database).await;
        let clients = Clients::new(&process.channel());
        let roster = list.send(&clients.roster).await.unwrap().roster.unwrap();
        assert_eq!((roster.counts.unwrap().accepted, roster.applied), (6_000, 6_000), "{name}");
        assert_eq!(counted(&clients, DULIU).await, i64::from(PEOPLE), "{name}");
        let request = registry::RecountProgressRequest {
            request_id: "recount".to_owned(),
            district: "120118".to_owned(),
            policy_year: 2021,
            validate_only: true,
        };
        let mut supervision = clients.supervision.clone();
        let recount = by(Office::MedicalInsurance, supervision.recount_progress(request)).await.unwrap();
        assert_eq!((recount.enrolments, recount.differences), (i64::from(PEOPLE), Vec::new()), "{name}");
        assert_eq!(process.stop().await, 0, "{name}");
    }
}
