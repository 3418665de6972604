//! Bills of many people at once: they share transactions, and nobody notices.

use juyi_domain::codes::{Identity, Tier};
use juyi_domain::id::ResidentId;
use juyi_proto::common::v1::Receipt;
use juyi_proto::settlement::v1 as pb;
use tonic::Status;
use tonic_types::StatusExt;

use super::{Stay, Suite, with_suites};

/// What becomes of requests that wait together.
async fn at_once(suite: &Suite, requests: Vec<pb::SettleRequest>) -> Vec<Result<pb::SettleResponse, Status>> {
    let send = |request| {
        let suite = suite.clone();
        tokio::spawn(async move { suite.try_settle(request).await })
    };
    let running: Vec<_> = requests.into_iter().map(send).collect();
    let mut answers = Vec::new();
    for answer in running {
        answers.push(answer.await.unwrap());
    }
    answers
}

fn reason(answer: &Result<pb::SettleResponse, Status>) -> String {
    let refused = answer.as_ref().err().and_then(StatusExt::get_details_error_info);
    refused.map(|info| info.reason).unwrap_or_default()
}

/// The answer without ids and instants.
fn amounts(settled: &pb::Settlement) -> (Option<pb::Shares>, Option<Receipt>, Option<pb::Accumulators>) {
    (settled.shares, settled.receipt.clone(), settled.accumulators)
}

#[tokio::test]
async fn bills_of_many_people_share_transactions() {
    with_suites("", |suite| async move {
        suite.peers.set_cover(Tier::Middle, &[Identity::SubsistenceAllowance]);
        let people: Vec<ResidentId> = (0..150).map(|_| suite.resident()).collect();
        for number in 1..=2_i64 {
            let stay = |place| Stay::on(&format!("0{number}-01"), 100_000 + place);
            let requests = (0..).zip(&people).map(|(place, person)| suite.request(*person, &stay(place)));
            let answers = at_once(&suite, requests.collect()).await;
            for (place, answer) in (0..).zip(answers) {
                let settled = answer.unwrap().settlement.unwrap();
                // Only the stays of the first and the last are settled once more, by somebody alone.
                if place == 0 || place == 149 {
                    let alone = suite.resident();
                    for earlier in 1..number {
                        suite.settle(alone, &Stay::on(&format!("0{earlier}-01"), 100_000 + place)).await;
                    }
                    assert_eq!(amounts(&suite.settle(alone, &stay(place)).await), amounts(&settled), "{}", suite.kind);
                }
                let aid = settled.shares.unwrap().medical_assistance_fen;
                assert!(aid > 0);
                assert_eq!(suite.peers.registered(&settled.settlement_id).0.get(), aid, "{}", suite.kind);
            }
        }
        let groups = suite.peers.groups();
        assert!(groups.iter().any(|bills| *bills > 30), "{}: {groups:?}", suite.kind);
        for person in [people[0], people[149]] {
            assert_eq!(suite.accumulators(person).await.stays, 2, "{}", suite.kind);
        }
    })
    .await;
}

#[tokio::test]
async fn a_bad_bill_spoils_none_of_its_neighbours() {
    with_suites("", |suite| async move {
        let (once, again, no_year) = (suite.resident(), suite.resident(), suite.resident());
        let (stay, repeated) = (Stay::on("03-01", 100), suite.request(again, &Stay::on("03-01", 100)));
        suite.settle(once, &stay).await;
        let first = suite.try_settle(repeated.clone()).await.unwrap();
        let good: Vec<ResidentId> = (0..12).map(|_| suite.resident()).collect();
        let mut requests: Vec<_> = good.iter().map(|id| suite.request(*id, &Stay::on("04-01", 100))).collect();
        requests.insert(2, suite.request(once, &Stay { day: "2021-05-01".to_owned(), ..stay }));
        requests.insert(5, repeated.clone());
        requests.insert(7, suite.request(no_year, &Stay { day: "2017-04-01".to_owned(), ..Stay::on("04-01", 100) }));
        let other = pb::SettleRequest { bill: Some(Stay::on("03-02", 1).bill()), ..repeated };
        requests.insert(9, other);
        let answers = at_once(&suite, requests).await;
        let reasons: Vec<_> = answers.iter().map(reason).collect();
        assert_eq!(
            (reasons[2].as_str(), reasons[7].as_str()),
            ("DUPLICATE_BILL", "DISTRICT_OUT_OF_SCOPE"),
            "{}",
            suite.kind
        );
        // Both have the same person, so that one waits for the other, and the same request.
        assert_eq!(answers[5].as_ref().unwrap(), &first, "{}", suite.kind);
        assert_eq!(reasons[9], "REQUEST_ID_REUSED", "{}", suite.kind);
        assert_eq!(reasons.iter().filter(|reason| reason.is_empty()).count(), 13, "{}: {reasons:?}", suite.kind);
        for person in good.iter().chain([&once, &again]) {
            assert_eq!(suite.list(*person).await.len(), 1, "{}", suite.kind);
        }
        assert!(suite.list(no_year).await.is_empty());
    })
    .await;
}

/// A group over midnight: who has no identity is planned before it, whose aid is asked for after it. Everybody is settled
/// once, on the new day, and told what is stored.
#[tokio::test]
async fn a_group_over_midnight_belongs_to_the_new_day() {
    with_suites("", |suite| async move {
        let (before, after) = ("2022-01-31T15:59:59Z".parse().unwrap(), "2022-01-31T16:00:01Z".parse().unwrap());
        suite.clock.set(before);
        suite.peers.set_cover(Tier::Middle, &[Identity::SubsistenceAllowance]);
        // A stay that began in December has the identities of that day.
        suite.peers.set_before("2021-01-01", &[], &[]);
        let send = |request| {
            let suite = suite.clone();
            tokio::spawn(async move { suite.try_settle(request).await })
        };
        // Three groups of one are at work, and the others wait to be the fourth.
        let held = suite.peers.hold_assistance().await;
        let first: Vec<_> = (0..3).map(|_| send(suite.request(suite.resident(), &Stay::on("04-01", 100)))).collect();
        suite.peers.until_assessed(3).await;
        let people: Vec<ResidentId> = (0..12).map(|_| suite.resident()).collect();
        let stay = |place: usize| if place < 8 { Stay::since("2020-12-20", 2_000) } else { Stay::on("04-01", 60_000) };
        let waiting = (0..).zip(&people).map(|(place, person)| send(suite.request(*person, &stay(place))));
        let waiting: Vec<_> = waiting.collect();
        // On one thread, and with nothing to wait for on the way, turns bring them there and not time.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        suite.peers.set_midnight(suite.clock.clone(), after);
        drop(held);
        for answer in first {
            answer.await.unwrap().unwrap();
        }
        for (person, answer) in people.iter().zip(waiting) {
            let settled = answer.await.unwrap().unwrap().settlement.unwrap();
            let stamps: Vec<_> = settled.entries.iter().map(|entry| entry.create_time[..13].to_owned()).collect();
            assert_eq!(stamps, ["2022-01-31T16"], "{}", suite.kind);
            assert_eq!(suite.list(*person).await, [settled], "{}", suite.kind);
        }
        assert!(suite.peers.groups().iter().any(|bills| *bills >= 12), "{}: {:?}", suite.kind, suite.peers.groups());
    })
    .await;
}

/// On one thread tasks begin in the order in which they were made.
#[tokio::test]
async fn bills_of_one_person_keep_their_order() {
    with_suites("", |suite| async move {
        let (one, other) = (suite.resident(), suite.resident());
        let stays: Vec<Stay> = (0..20).map(|_| Stay::on("03-01", 1_000)).collect();
        let requests = stays.iter().flat_map(|stay| [suite.request(one, stay), suite.request(other, stay)]).collect();
        for answer in at_once(&suite, requests).await {
            answer.unwrap();
        }
        let numbers: Vec<_> = stays.iter().map(|stay| stay.number.clone()).collect();
        for person in [one, other] {
            let filed = suite.list(person).await.into_iter().map(|it| it.bill.unwrap().bill_number);
            assert_eq!(filed.collect::<Vec<_>>(), numbers, "{}", suite.kind);
        }
    })
    .await;
}

/// Two processes over one database do not know of each other's queues.
#[tokio::test]
async fn groups_of_two_processes_meet_at_the_year() {
    with_suites("", |suite| async move {
        let second = suite.second().await;
        let people: Vec<ResidentId> = (0..10).map(|_| suite.resident()).collect();
        let mut running = Vec::new();
        for day in 1..=6 {
            for person in &people {
                let suite = if day % 2 == 0 { suite.clone() } else { second.clone() };
                let request = suite.request(*person, &Stay::on(&format!("03-{day:02}"), 30_000));
                running.push(tokio::spawn(async move { suite.try_settle(request).await.unwrap() }));
            }
        }
        for settled in running {
            settled.await.unwrap();
        }
        let recount = suite.resident();
        for day in 1..=6 {
            suite.settle(recount, &Stay::on(&format!("03-{day:02}"), 30_000)).await;
        }
        let expected = suite.accumulators(recount).await;
        for person in people {
            assert_eq!(suite.accumulators(person).await, expected, "{}", suite.kind);
        }
    })
    .await;
}
