//! Settling leaves nothing in memory. The million bills of the promise are `cargo xtask bench settle-memory`.

use juyi_domain::codes::Office;
use juyi_tests::offices::{Clients, by, stay, to_settle};
use juyi_tests::people::identity_number;
use juyi_tests::processes::Process;
use juyi_tests::suites;
use tokio::task::JoinSet;

const PEOPLE: usize = 60;
const ROUNDS: usize = 12;
/// The answers to the measured bills alone would weigh about as much, if they were kept.
const GROWTH_KB_BELOW: u64 = 8 * 1024;

/// The first half of the bills warms caches and connections; the second leaves nothing.
#[tokio::test]
async fn bills_leave_nothing_in_memory() {
    // SQLite keeps its pages in the process, as many as it may; they are not what is looked for.
    let Some((_, url, _)) = suites::databases().await.into_iter().find(|(name, ..)| *name == "postgres") else {
        return;
    };
    let process = Process::start("all", &[("JUYI__DATABASE__URL", &url), ("JUYI__TELEMETRY__LOG", "warn")]).await;
    let clients = Clients::new(&process.channel());
    let mut people = Vec::new();
    for sequence in 0..PEOPLE {
        let number = identity_number("120223", "19830101", u32::try_from(sequence).unwrap());
        people.push(clients.covered_adult(&number).await);
    }
    // The second half of the people does what the first half did, so that nobody's year is longer than one before.
    let mut resident = Vec::new();
    for half in people.chunks(PEOPLE / 2) {
        for round in 0..ROUNDS {
            let mut calls = JoinSet::new();
            for (person, resident_id) in half.iter().enumerate() {
                let day = format!("2021-{:02}-01", round + 1);
                let bill = stay(&format!("B-{round}-{person}"), &day, &day, 1_000_000);
                let (mut settlement, request) = (clients.settlement.clone(), to_settle(resident_id, bill));
                calls.spawn(async move { by(Office::Provider, settlement.settle(request)).await.unwrap() });
            }
            while let Some(settled) = calls.join_next().await {
                settled.unwrap();
            }
        }
        resident.push(process.memory_kb());
    }
    let growth = resident[1].saturating_sub(resident[0]);
    assert!(growth < GROWTH_KB_BELOW, "resident memory grew by {growth} kB");
    assert_eq!(process.stop().await, 0);
}
