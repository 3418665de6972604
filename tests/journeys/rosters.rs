//! Lists of thousands, through a gateway to a registry that dies on the way.

use juyi_domain::codes::{Office, RosterKind};
use juyi_kit::channel::Channel;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::roster_service_client::RosterServiceClient;
use juyi_proto::registry::v1::submit_roster_request::Piece;
use juyi_tests::offices::{by, reason};
use juyi_tests::people::identity_number;
use juyi_tests::processes::Process;
use juyi_tests::suites;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

type Rosters = RosterServiceClient<Channel>;

const PERSONS: u32 = 20_000;
const ROSTER: &str = "low-income-2020-11";

fn header() -> Piece {
    Piece::Header(pb::RosterHeader {
        roster_id: ROSTER.to_owned(),
        kind: RosterKind::LowIncome.to_wire(),
        district: "120118".to_owned(),
        policy_year: 2021,
        as_of_date: "2020-11-01".to_owned(),
        expected_rows: i64::from(PERSONS),
        ..Default::default()
    })
}

fn rows() -> Vec<Piece> {
    let person = |index: u32| pb::RosterRow {
        identity_number: identity_number("120223", &format!("{}0510", 1940 + index / 999), index % 999 + 1),
        name: format!("居民{index}"),
        ..Default::default()
    };
    let everybody: Vec<_> = (0..PERSONS).map(person).collect();
    everybody.chunks(1_000).map(|rows| Piece::Rows(pb::RosterRows { rows: rows.to_vec() })).collect()
}

/// Sends pieces; without the end of the stream when it is to be cut.
async fn send(rosters: &Rosters, pieces: Vec<Piece>, complete: bool) -> Result<pb::SubmitRosterResponse, Status> {
    let (send, receive) = tokio::sync::mpsc::channel(1);
    let sender = tokio::spawn(async move {
        for piece in std::iter::once(header()).chain(pieces) {
            if send.send(pb::SubmitRosterRequest { piece: Some(piece) }).await.is_err() {
                break;
            }
        }
        // Held until nobody listens any more.
        if !complete {
            send.closed().await;
        }
    });
    let answer = by(Office::CivilAffairs, rosters.clone().submit_roster(ReceiverStream::new(receive))).await;
    sender.abort();
    answer
}

async fn stored(rosters: &Rosters) -> Result<pb::Roster, Status> {
    let (district, kind) = ("120118".to_owned(), RosterKind::LowIncome.to_wire());
    let request = pb::GetRosterRequest { district, kind, roster_id: ROSTER.to_owned() };
    let answer = by(Office::CivilAffairs, rosters.clone().get_roster(request)).await?;
    Ok(answer.roster.unwrap())
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
        let rosters = RosterServiceClient::new(gateway.channel());

        let (calling, pieces) = (rosters.clone(), rows());
        let cut = tokio::spawn(async move { send(&calling, pieces[..15].to_vec(), false).await });
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        registry.kill().await;
        assert!(cut.await.unwrap().is_err(), "{name}");

        let registry = Process::start("registry", &again).await;
        assert_eq!(reason(&stored(&rosters).await.unwrap_err()), "ROSTER_NOT_FOUND", "{name}");
        let calling = rosters.clone();
        let sent = tokio::spawn(async move { send(&calling, rows(), true).await });
        while stored(&rosters).await.map_or(0, |roster| roster.applied) == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        registry.kill().await;
        let _ = sent.await.unwrap();

        let registry = Process::start("registry", &again).await;
        let answer = send(&rosters, rows(), true).await.unwrap();
        let roster = answer.roster.clone().unwrap();
        let counts = roster.counts.unwrap();
        assert_eq!((counts.received, counts.accepted, counts.new), (20_000, 20_000, 20_000), "{name}");
        assert_eq!(roster.applied, 20_000, "{name}");
        assert_eq!(send(&rosters, rows(), true).await.unwrap(), answer, "{name}");
        assert_eq!(registry.stop().await, 0, "{name}");
        assert_eq!(gateway.stop().await, 0, "{name}");
    }
}
