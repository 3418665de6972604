//! A transaction whose process stands still.

use std::time::Duration;

use juyi_db::{Error, Migration, args};
use juyi_testkit::databases;

const MIGRATIONS: &[Migration] =
    &[Migration { version: 1001, name: "things", sql: "CREATE TABLE thing (number BIGINT NOT NULL)" }];

/// Only a server can end what its client does not. The time is shortened for the transaction; what it is otherwise, is asked.
#[tokio::test]
async fn a_transaction_that_stands_still_is_ended_by_the_server() {
    let on = databases("idle", MIGRATIONS).await.into_iter().find(|on| on.kind == "postgres");
    let Some(on) = on else { return };
    let mut session = on.database.begin().await.unwrap();
    let limit = session.rows("SHOW idle_in_transaction_session_timeout", Vec::new()).await.unwrap();
    assert_eq!(limit[0].text("idle_in_transaction_session_timeout").unwrap(), "1min");
    let own = session.rows("SELECT CAST(pg_backend_pid() AS BIGINT) AS pid", Vec::new()).await.unwrap();
    let pid = own[0].int("pid").unwrap();
    assert_eq!(session.execute("INSERT INTO thing VALUES (1)", Vec::new()).await.unwrap(), 1);
    session.execute("SET LOCAL idle_in_transaction_session_timeout = '10ms'", Vec::new()).await.unwrap();

    let mut other = on.database.read().await.unwrap();
    let is_there = "SELECT pid FROM pg_stat_activity WHERE pid = $1";
    let gone = async {
        while other.maybe_row(is_there, args![pid]).await.unwrap().is_some() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), gone).await.unwrap();
    // The process wakes.
    assert!(matches!(session.commit().await, Err(Error::Unavailable(_))));
    assert!(other.rows("SELECT number FROM thing", Vec::new()).await.unwrap().is_empty());
}
