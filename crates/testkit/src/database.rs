//! Fresh databases of one service: SQLite always, PostgreSQL where a server is named.

use std::num::NonZeroU32;

use juyi_db::{Database, Migration, Target};
use juyi_kit::config::{DatabaseConfig, ServiceConfig};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;

/// Environment variable with the URL of a PostgreSQL server whose databases may be thrown away with it.
pub const POSTGRES_URL: &str = "JUYI_TEST_POSTGRES_URL";

/// How many connections a test may open to one database.
const CONNECTIONS: NonZeroU32 = NonZeroU32::new(4).unwrap();

/// Where an empty database may be opened.
#[derive(Debug)]
pub struct TestTarget {
    /// `sqlite` or `postgres`, for messages.
    pub kind: &'static str,
    /// The URL, as the configuration has it.
    pub url: String,
    /// Lasts as long as the database is used.
    _directory: Option<TempDir>,
}

impl TestTarget {
    /// A place on SQLite alone, for what no database decides. Keep it as long as the service.
    ///
    /// # Panics
    /// When there is no temporary directory.
    #[must_use]
    pub fn sqlite() -> Self {
        let directory = TempDir::new().expect("a temporary directory");
        let url = format!("sqlite:{}", directory.path().display());
        Self { kind: "sqlite", url, _directory: Some(directory) }
    }

    /// The configuration of a service whose data lie here.
    #[must_use]
    pub fn config(&self) -> ServiceConfig {
        let database = DatabaseConfig { url: self.url.clone(), connections: CONNECTIONS };
        ServiceConfig { database, ..ServiceConfig::default() }
    }
}

/// An empty, migrated database.
#[derive(Debug)]
pub struct TestDatabase {
    /// `sqlite` or `postgres`, for messages.
    pub kind: &'static str,
    /// The database.
    pub database: Database,
    _target: TestTarget,
}

/// A place for a fresh database on each system at hand.
///
/// # Panics
/// When one cannot be made.
pub async fn targets() -> Vec<TestTarget> {
    let mut targets = vec![TestTarget::sqlite()];
    if let Some(url) = postgres_url().await {
        targets.push(TestTarget { kind: "postgres", url, _directory: None });
    }
    targets
}

/// A fresh database of a service on each system at hand.
///
/// # Panics
/// When one cannot be opened or migrated.
pub async fn databases(service: &str, migrations: &[Migration]) -> Vec<TestDatabase> {
    let mut databases = Vec::new();
    for target in targets().await {
        let address = Target::parse(&target.url).expect("a database URL");
        let opened = Database::open(&address, service, CONNECTIONS, migrations).await;
        let database = opened.expect("a migrated database");
        databases.push(TestDatabase { kind: target.kind, database, _target: target });
    }
    databases
}

/// Prepares every statement of a service and of the kit on each system at hand.
///
/// # Panics
/// When one is not valid there; the message names it.
pub async fn prepare_all(service: &str, migrations: &[Migration], statements: &[&'static str]) {
    let kit = [juyi_kit::command::STATEMENTS, juyi_kit::outbox::STATEMENTS].concat();
    for on in databases(service, migrations).await {
        let mut session = on.database.read().await.expect("a connection");
        for sql in statements.iter().chain(&kit) {
            let prepared = session.prepare(sql).await;
            prepared.unwrap_or_else(|error| panic!("{} refuses {sql}: {error}", on.kind));
        }
    }
}

/// The URL of a new, empty PostgreSQL database; `None` where no server is named.
///
/// # Panics
/// When the server does not make one.
#[allow(clippy::disallowed_methods, reason = "whoever runs the tests names the server in the environment")]
pub async fn postgres_url() -> Option<String> {
    let server = std::env::var(POSTGRES_URL).ok()?;
    let name = format!("juyi_test_{:016x}", rand::random::<u64>());
    let mut connection = PgConnection::connect(&server).await.expect("a PostgreSQL server");
    let create = sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}")));
    create.execute(&mut connection).await.expect("a new database");
    connection.close().await.expect("a closed connection");
    Some(with_database(&server, &name))
}

/// The URL with another database: `scheme://authority/database?parameters`.
fn with_database(url: &str, name: &str) -> String {
    let (address, parameters) = url.split_once('?').map_or((url, String::new()), |(it, rest)| (it, format!("?{rest}")));
    let (scheme, rest) = address.split_once("://").expect("a URL with a scheme");
    let authority = rest.split_once('/').map_or(rest, |(authority, _)| authority);
    format!("{scheme}://{authority}/{name}{parameters}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_of_a_url_is_replaced() {
        assert_eq!(with_database("postgres://a@b:5432/c?host=/tmp/d", "x"), "postgres://a@b:5432/x?host=/tmp/d");
        assert_eq!(with_database("postgres://b", "x"), "postgres://b/x");
    }

    #[tokio::test]
    async fn every_database_is_empty_and_its_own() {
        let migrations = juyi_kit::command::MIGRATIONS;
        for (one, other) in
            databases("testkit", migrations).await.into_iter().zip(databases("testkit", migrations).await)
        {
            let mut session = one.database.begin().await.unwrap();
            let insert = "INSERT INTO outbox (resident_id, event_id, topic, payload, trace, created_at) \
                SELECT 'r', 'e', 't', reply, '', created_at FROM request";
            assert_eq!(session.execute(insert, Vec::new()).await.unwrap(), 0, "{}", one.kind);
            session.commit().await.unwrap();
            let rows = other.database.read().await.unwrap().rows("SELECT event_id FROM outbox", Vec::new()).await;
            assert!(rows.unwrap().is_empty(), "{}", other.kind);
        }
    }
}
