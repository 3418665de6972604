//! Sending twice, at once, halfway, and for a trial.

use juyi_domain::codes::{Identity, Office, RosterKind};
use juyi_kit::caller::Caller;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::submit_roster_request::Piece;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

use super::{DULIU, Site, counts, header, of_jinghai, people, person, reason, sites};
use crate::rosters::stage::purge_abandoned;
use crate::store::rosters;

const POLICE: Office = Office::PublicSecurity;

#[tokio::test]
async fn the_same_roster_again_is_answered_as_before() {
    for site in &sites().await {
        let own = header(RosterKind::Population, "population-1");
        let rows = [people([3, 1, 2]), vec![person(1)], vec![pb::RosterRow::default()]].concat();
        let first = site.push(POLICE, &own, &rows).await.unwrap();
        let announced = pb::RosterHeader { expected_rows: 5, ..own.clone() };
        assert_eq!(site.push(POLICE, &announced, &rows).await.unwrap(), first, "{}", site.kind);
        for (other, rows) in [
            (own.clone(), people([1, 2, 3])),
            (own.clone(), rows[..4].to_vec()),
            (pb::RosterHeader { complete: false, ..own.clone() }, rows.clone()),
        ] {
            let refused = site.push(POLICE, &other, &rows).await.unwrap_err();
            assert_eq!(reason(&refused), "ROSTER_ID_REUSED", "{}", site.kind);
        }
        assert_eq!((site.count("roster").await, site.count("roster_upload").await), (1, 0), "{}", site.kind);
        assert_eq!((site.count("roster_row").await, site.count("roster_exception").await), (3, 2), "{}", site.kind);
    }
}

#[tokio::test]
async fn two_streams_of_one_roster_have_one_effect() {
    for site in &sites().await {
        let own = header(RosterKind::LowIncome, "low-income-1");
        let rows = people(1..=40);
        let push = || site.push(Office::CivilAffairs, &own, &rows);
        let (one, two, three) = tokio::join!(push(), push(), push());
        let one = one.unwrap();
        assert_eq!((&two.unwrap(), &three.unwrap()), (&one, &one), "{}", site.kind);
        assert_eq!(counts(&one).new, 40);
        assert_eq!((site.count("roster").await, site.count("roster_row").await), (1, 40), "{}", site.kind);
        assert_eq!((site.count("resident").await, site.count("special_identity").await), (40, 40), "{}", site.kind);
        site.assert_no_uploads().await;
    }
}

#[tokio::test]
async fn rosters_of_one_kind_at_once_follow_one_another() {
    for site in &sites().await {
        let headers = ["a", "b", "c", "d"].map(|id| header(RosterKind::Population, id));
        let rows = people(1..=10);
        let [a, b, c, d] = headers.each_ref().map(|header| site.push(POLICE, header, &rows));
        let (a, b, c, d) = tokio::join!(a, b, c, d);
        let answers = [a, b, c, d].map(Result::unwrap);
        let new: i64 = answers.iter().map(|answer| counts(answer).new).sum();
        let unchanged: i64 = answers.iter().map(|answer| counts(answer).unchanged).sum();
        assert_eq!((new, unchanged), (10, 30), "{}", site.kind);
        let mut previous: Vec<_> =
            answers.iter().map(|answer| answer.roster.as_ref().unwrap().previous_roster_id.as_str()).collect();
        previous.sort_unstable();
        previous.dedup();
        assert_eq!(previous.len(), 4, "{}: each follows another", site.kind);
    }
}

/// Sends a header and some rows, and then neither more nor the end.
async fn cut(site: &Site, header: &pb::RosterHeader, rows: Vec<pb::RosterRow>, how: Cut) {
    let (send, receive) = tokio::sync::mpsc::channel(1);
    let pieces = ReceiverStream::new(receive).map(|piece| pb::SubmitRosterRequest { piece: Some(piece) });
    let mut client = site.rosters.clone();
    let scope = Caller::scope(Some(of_jinghai(POLICE)), async move { client.submit_roster(pieces).await });
    let call = tokio::spawn(scope);
    send.send(Piece::Header(header.clone())).await.unwrap();
    for rows in rows.chunks(5_000) {
        send.send(Piece::Rows(pb::RosterRows { rows: rows.to_vec() })).await.unwrap();
    }
    // The rows before this one have been taken.
    send.send(Piece::Rows(pb::RosterRows { rows: vec![person(0)] })).await.unwrap();
    match how {
        Cut::CallDropped => call.abort(),
        Cut::BadMessage => send.send(Piece::Header(header.clone())).await.unwrap(),
    }
    let _ = call.await;
}

enum Cut {
    CallDropped,
    BadMessage,
}

#[tokio::test]
async fn a_stream_that_is_cut_leaves_nothing() {
    for site in &sites().await {
        let own = header(RosterKind::Population, "population-1");
        // More than one transaction, so that some of it was stored.
        cut(site, &own, people(1..=55_000), Cut::CallDropped).await;
        cut(site, &own, people(1..=9), Cut::BadMessage).await;
        site.assert_no_uploads().await;
        site.assert_empty().await;
        let answer = site.push(POLICE, &own, &people(1..=9)).await.unwrap();
        assert_eq!(counts(&answer).new, 9, "{}", site.kind);
    }
}

#[tokio::test]
async fn what_a_process_left_that_died_is_removed_later() {
    for site in &sites().await {
        let registry = &site.registry;
        let mut session = registry.database.begin().await.unwrap();
        for age in [0, 59, 61] {
            let at = registry.context.now() - chrono::Duration::minutes(age);
            rosters::insert_upload(&mut session, registry.context.id(), at).await.unwrap();
        }
        session.commit().await.unwrap();
        purge_abandoned(registry).await.unwrap();
        assert_eq!(site.count("roster_upload").await, 2, "{}", site.kind);
    }
}

/// J-1.3-b: an office checks its list before it sends it.
#[tokio::test]
async fn a_trial_answers_what_would_happen_and_stores_nothing() {
    for site in &sites().await {
        let first = header(RosterKind::OtherAid, "aid-1");
        let orphan = |sequence| pb::RosterRow { identity: Identity::Orphan.to_wire(), ..person(sequence) };
        let office = Office::CivilAffairs;
        let rows: Vec<_> = (1..=4).map(orphan).collect();
        let trial = pb::RosterHeader { dry_run: true, ..first.clone() };
        let tried = site.push(office, &trial, &rows).await.unwrap();
        site.assert_no_uploads().await;
        site.assert_empty().await;
        assert_eq!(site.push(office, &first, &rows).await.unwrap(), tried, "{}", site.kind);

        let second = header(RosterKind::OtherAid, "aid-2");
        let renamed = pb::RosterRow { name: "另一人".to_owned(), ..orphan(2) };
        let moved = pb::RosterRow { township: DULIU.to_owned(), ..orphan(3) };
        let rows = vec![orphan(1), renamed, moved, orphan(5), orphan(5), person(6)];
        let trial = pb::RosterHeader { dry_run: true, ..second.clone() };
        let tried = site.push(office, &trial, &rows).await.unwrap();
        let expected = pb::RosterCounts {
            received: 6,
            accepted: 3,
            new: 1,
            unchanged: 1,
            changed: 1,
            duplicate: 1,
            rejected: 2,
            left: 1,
        };
        assert_eq!(counts(&tried), expected, "{}", site.kind);
        assert_eq!((site.count("roster").await, site.count("resident").await), (1, 4), "{}", site.kind);
        let mut done = site.push(office, &second, &rows).await.unwrap();
        assert_eq!(site.push(office, &trial, &rows).await.unwrap(), done, "{}: again", site.kind);
        // Row 5 names a person whom the registry knows only now.
        done.not_accepted[1].resident_id.clear();
        assert_eq!(done, tried, "{}", site.kind);
        let refused = site.push(office, &trial, &rows[..5]).await.unwrap_err();
        assert_eq!(reason(&refused), "ROSTER_ID_REUSED", "{}", site.kind);
    }
}
