//! What holds of any roster.

use std::collections::BTreeMap;

use juyi_domain::codes::{Disposition, Office, RosterKind};
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::{DULIU, Site, counts, header, people, person, sites};

const ROSTERS: usize = 12;

/// Rows of few persons, so that they meet again: plain, moved, named badly or without a number.
fn rows() -> impl Strategy<Value = Vec<pb::RosterRow>> {
    let row = (0_usize..12, 0_u8..8).prop_map(|(sequence, variant)| match variant {
        0 => pb::RosterRow { name: String::new(), ..person(sequence) },
        1 => pb::RosterRow { identity_number: String::new(), ..person(sequence) },
        2 | 3 => pb::RosterRow { township: DULIU.to_owned(), ..person(sequence) },
        _ => person(sequence),
    });
    prop::collection::vec(row, 0..20)
}

/// What has to come of rows after a list before them: the counts, and what that list now says of whom.
fn expected(
    before: &BTreeMap<String, pb::RosterRow>,
    rows: &[pb::RosterRow],
) -> (pb::RosterCounts, BTreeMap<String, pb::RosterRow>) {
    let mut counts = pb::RosterCounts { received: i64::try_from(rows.len()).unwrap(), ..Default::default() };
    let mut list = BTreeMap::new();
    for row in rows {
        if row.name.is_empty() || row.identity_number.is_empty() {
            counts.rejected += 1;
        } else if list.insert(row.identity_number.clone(), row.clone()).is_some() {
            counts.duplicate += 1;
            // The first row stays.
            let first = rows.iter().find(|it| it.identity_number == row.identity_number && !it.name.is_empty());
            list.insert(row.identity_number.clone(), first.unwrap().clone());
        } else {
            counts.accepted += 1;
            match before.get(&row.identity_number) {
                None => counts.new += 1,
                Some(same) if same == row => counts.unchanged += 1,
                Some(_) => counts.changed += 1,
            }
        }
    }
    counts.left = before.keys().filter(|number| !list.contains_key(*number)).count().try_into().unwrap();
    (counts, list)
}

async fn holds(site: &Site, rosters: &[Vec<pb::RosterRow>]) {
    let mut before = BTreeMap::new();
    for (number, rows) in rosters.iter().enumerate() {
        let header = header(RosterKind::Population, &format!("roster-{number}"));
        let answer = site.push(Office::PublicSecurity, &header, rows).await.unwrap();
        let (expected, list) = expected(&before, rows);
        assert_eq!(counts(&answer), expected, "{} roster {number}", site.kind);
        let outcomes = site.rows(Office::PublicSecurity, &header, 0).await;
        let numbers: Vec<_> = outcomes.iter().map(|row| row.row_number).collect();
        assert_eq!(numbers, (1..=expected.received).collect::<Vec<_>>(), "{} roster {number}", site.kind);
        for (disposition, count) in [
            (Disposition::New, expected.new),
            (Disposition::Unchanged, expected.unchanged),
            (Disposition::Changed, expected.changed),
            (Disposition::Duplicate, expected.duplicate),
            (Disposition::Rejected, expected.rejected),
        ] {
            let found = outcomes.iter().filter(|row| row.disposition == disposition.to_wire()).count();
            assert_eq!(i64::try_from(found), Ok(count), "{} roster {number} {disposition}", site.kind);
        }
        before = list;
    }
}

/// received = accepted + duplicate + rejected, accepted = new + unchanged + changed, and the rows say the same.
#[tokio::test]
async fn counts_always_add_up() {
    let mut runner = TestRunner::deterministic();
    let rosters = prop::collection::vec(rows(), ROSTERS).new_tree(&mut runner).unwrap().current();
    for site in &sites().await {
        holds(site, &rosters).await;
        let last = header(RosterKind::Population, "last");
        let answer = site.push(Office::PublicSecurity, &last, &people(0..12)).await.unwrap();
        assert_eq!(counts(&answer).accepted, 12, "{}", site.kind);
    }
}
