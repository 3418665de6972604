//! The yardstick: the same rows into a table of the same shape by the database's own bulk path.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{Connection, Executor};

use crate::people::Person;

/// As in the registry's migration.
const TABLE: &str = "CREATE TABLE yardstick (upload_id TEXT NOT NULL, identity_number TEXT NOT NULL, \
    row_number BIGINT NOT NULL, name TEXT NOT NULL, township TEXT, fingerprint BIGINT NOT NULL, \
    content TEXT NOT NULL, PRIMARY KEY (upload_id, identity_number))";
const INDEX: &str = "CREATE INDEX yardstick_in_order ON yardstick (upload_id, row_number)";
const UPLOAD: &str = "01890000-0000-7000-8000-000000000000";
const CONTENT: &str = "{}";

/// Loads everybody and answers how long it took, the commit included.
pub(crate) async fn load(url: &str, people: &[Person]) -> Result<Duration> {
    match url.strip_prefix("sqlite:") {
        Some(directory) => sqlite(&format!("{directory}/yardstick.sqlite"), people),
        None => postgres(&url.parse()?, people).await,
    }
}

fn fingerprint(row_number: i64) -> i64 {
    row_number.wrapping_mul(0x5851_f42d_4c95_7f2d)
}

/// One prepared statement in one transaction, on a file that is opened as the suite opens its own.
fn sqlite(path: &str, people: &[Person]) -> Result<Duration> {
    let mut connection = rusqlite::Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "cache_size", juyi_db::SQLITE_WRITER_CACHE)?;
    connection.execute_batch(&format!("{TABLE}; {INDEX}"))?;
    let started = Instant::now();
    let transaction = connection.transaction()?;
    {
        let mut insert = transaction.prepare("INSERT INTO yardstick VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
        for (row_number, person) in (1_i64..).zip(people) {
            let (number, name, unit) = (&person.identity_number, &person.name, person.unit());
            insert.execute((UPLOAD, number, row_number, name, unit, fingerprint(row_number), CONTENT))?;
        }
    }
    transaction.commit()?;
    Ok(started.elapsed())
}

/// One `COPY` in one transaction, in the server of the suite.
async fn postgres(options: &PgConnectOptions, people: &[Person]) -> Result<Duration> {
    let mut connection = PgConnection::connect_with(options).await?;
    connection.execute(TABLE).await?;
    connection.execute(INDEX).await?;
    let started = Instant::now();
    let mut copy = connection.copy_in_raw("COPY yardstick FROM STDIN").await?;
    let mut text = String::new();
    for (row_number, person) in (1_i64..).zip(people) {
        use std::fmt::Write as _;
        let (number, name, unit) = (&person.identity_number, &person.name, person.unit());
        writeln!(text, "{UPLOAD}\t{number}\t{row_number}\t{name}\t{unit}\t{}\t{CONTENT}", fingerprint(row_number))?;
        if text.len() > 256 * 1024 {
            copy.send(text.as_bytes()).await?;
            text.clear();
        }
    }
    copy.send(text.as_bytes()).await?;
    let stored = copy.finish().await?;
    let elapsed = started.elapsed();
    anyhow::ensure!(stored == people.len() as u64, "{stored} rows were copied");
    connection.close().await.context("the yardstick's connection")?;
    Ok(elapsed)
}
