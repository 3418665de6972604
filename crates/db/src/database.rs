//! The database of one service: a SQLite file or a PostgreSQL schema.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use crate::session::{Inner, Session};
use crate::{Error, Migration, migration};

/// Memory of the page cache of SQLite's one writing connection, in KiB, negative as its pragma wants it. Lists come in no
/// order of their keys, and a cache that holds the key's pages spares reading and writing them again and again.
pub const SQLITE_WRITER_CACHE: i64 = -32 * 1024;

/// How PostgreSQL compresses long texts, such as receipts. Its own default costs several times the time of LZ4.
const COMPRESSION: &str = "default_toast_compression";
/// Before version 14 there is no choice, and a server may be built without LZ4.
const HAS_LZ4: &str = "SELECT EXISTS (SELECT 1 FROM pg_settings WHERE name = 'default_toast_compression' \
    AND 'lz4' = ANY (enumvals))";

/// Where the data of the suite lies, from the configured URL.
#[derive(Clone, Debug)]
pub enum Target {
    /// A directory with one SQLite file per service: `sqlite:<directory>`.
    Sqlite(PathBuf),
    /// A PostgreSQL database with one schema per service: `postgres://…`.
    Postgres(Box<PgConnectOptions>),
}

impl Target {
    /// Reads a database URL.
    ///
    /// # Errors
    /// [`Error::BadUrl`], without the URL, because it may hold a password.
    pub fn parse(url: &str) -> Result<Self, Error> {
        if let Some(directory) = url.strip_prefix("sqlite:") {
            if directory.is_empty() {
                return Err(Error::BadUrl("sqlite: wants a directory, for example sqlite:juyi-data".to_owned()));
            }
            return Ok(Self::Sqlite(PathBuf::from(directory)));
        }
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let options: PgConnectOptions =
                url.parse().map_err(|_| Error::BadUrl("the postgres: URL cannot be read".to_owned()))?;
            return Ok(Self::Postgres(Box::new(options.disable_statement_logging())));
        }
        Err(Error::BadUrl("the database URL begins with sqlite: or postgres:".to_owned()))
    }
}

/// An open database, migrated. Cloning shares the pools.
#[derive(Clone, Debug)]
pub struct Database {
    pools: Pools,
}

#[derive(Clone, Debug)]
enum Pools {
    /// SQLite has one writer at a time; one connection makes writers queue here instead of failing there.
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
    },
    Postgres(PgPool),
}

impl Database {
    /// Opens the database of a service and brings it up to its newest migration.
    ///
    /// # Errors
    /// [`Error::Directory`], [`Error::Migration`], [`Error::Unavailable`].
    pub async fn open(
        target: &Target,
        service: &str,
        connections: NonZeroU32,
        migrations: &[Migration],
    ) -> Result<Self, Error> {
        let migrator = migration::migrator(migrations);
        match target {
            Target::Sqlite(directory) => {
                tokio::fs::create_dir_all(directory).await?;
                let options = SqliteConnectOptions::new()
                    .filename(directory.join(format!("{service}.sqlite")))
                    .create_if_missing(true)
                    .foreign_keys(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .busy_timeout(Duration::from_secs(10))
                    .disable_statement_logging();
                let writer = options.clone().pragma("cache_size", SQLITE_WRITER_CACHE.to_string());
                // A file does not go away like a server; asking before each use would cost as much as a small read.
                let pool = || SqlitePoolOptions::new().test_before_acquire(false);
                let write = pool().max_connections(1).connect_with(writer).await?;
                // Two processes that open a new file at once both begin to migrate it; the loser finds it done.
                if migrator.run(&write).await.is_err() {
                    migrator.run(&write).await?;
                }
                let read = pool().max_connections(connections.get()).connect_lazy_with(options.read_only(true));
                Ok(Self { pools: Pools::Sqlite { read, write } })
            }
            Target::Postgres(options) => {
                let options = options.as_ref().clone().application_name(&format!("juyi-{service}"));
                // Migrations rewrite whole tables, and a second process waits for the first one's: neither has a time limit.
                let mut first = options.clone().options([("search_path", service)]).connect().await?;
                create_schema(&mut first, service).await?;
                migrator.run(&mut first).await?;
                let has_lz4: bool = sqlx::query_scalar(HAS_LZ4).fetch_one(&mut first).await?;
                first.close().await?;
                // A statement that hangs gives its connection back; nothing here runs for long. A transaction whose process
                // stands still is ended: what it checked must not be stored when the process wakes, long after. A prepared
                // statement keeps its plan: one made while a table was small must not go on reading all of it when it has
                // grown.
                let options = if has_lz4 { options.options([(COMPRESSION, "lz4")]) } else { options };
                let options = options.options([
                    ("search_path", service),
                    ("statement_timeout", "30s"),
                    ("lock_timeout", "10s"),
                    ("idle_in_transaction_session_timeout", "60s"),
                    ("enable_seqscan", "off"),
                    ("jit", "off"),
                ]);
                let pool = PgPoolOptions::new()
                    .max_connections(connections.get())
                    .acquire_timeout(Duration::from_secs(10))
                    .connect_with(options)
                    .await?;
                Ok(Self { pools: Pools::Postgres(pool) })
            }
        }
    }

    /// A session for reading.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn read(&self) -> Result<Session, Error> {
        let inner = match &self.pools {
            Pools::Sqlite { read, .. } => Inner::SqliteRead(read.acquire().await?),
            Pools::Postgres(pool) => Inner::PostgresRead(pool.acquire().await?),
        };
        Ok(Session { inner })
    }

    /// A transaction for writing. On SQLite it takes the write lock at once, so that it never fails half-way.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn begin(&self) -> Result<Session, Error> {
        let inner = match &self.pools {
            Pools::Sqlite { write, .. } => Inner::SqliteTransaction(write.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Postgres(pool) => Inner::PostgresTransaction(pool.begin().await?),
        };
        Ok(Session { inner })
    }

    /// Closes every connection after the work in flight.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

/// Two processes may start at once; the loser of the race finds the schema made.
async fn create_schema(connection: &mut sqlx::PgConnection, service: &str) -> Result<(), Error> {
    let sql = format!("CREATE SCHEMA IF NOT EXISTS {service}");
    match sqlx::query(AssertSqlSafe(sql)).execute(connection).await.map_err(Error::from) {
        Ok(_) | Err(Error::Duplicate) => Ok(()),
        Err(error) => Err(error),
    }
}
