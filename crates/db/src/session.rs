//! A connection or a transaction of either database.

use sqlx::pool::PoolConnection;
use sqlx::{Postgres, SqlSafeStr, Sqlite, Transaction};

use crate::{Error, Row, Value};

/// Runs statements. A session from [`crate::Database::begin`] is a transaction and vanishes unless committed; one
/// from [`crate::Database::read`] sees each statement for itself.
#[derive(Debug)]
pub struct Session {
    pub(crate) inner: Inner,
}

#[derive(Debug)]
pub(crate) enum Inner {
    SqliteRead(PoolConnection<Sqlite>),
    SqliteTransaction(Transaction<'static, Sqlite>),
    PostgresRead(PoolConnection<Postgres>),
    PostgresTransaction(Transaction<'static, Postgres>),
}

/// Runs one statement on whichever connection the session holds.
macro_rules! run {
    ($session:expr, $sql:expr, $args:expr, $method:ident) => {{
        let (sql, args) = ($sql, $args);
        match &mut $session.inner {
            Inner::SqliteRead(connection) => {
                let query = args.into_iter().fold(sqlx::query(sql), |query, value| value.bind_sqlite(query));
                Ran::Sqlite(query.$method(&mut **connection).await?)
            }
            Inner::SqliteTransaction(connection) => {
                let query = args.into_iter().fold(sqlx::query(sql), |query, value| value.bind_sqlite(query));
                Ran::Sqlite(query.$method(&mut **connection).await?)
            }
            Inner::PostgresRead(connection) => {
                let query = args.into_iter().fold(sqlx::query(sql), |query, value| value.bind_postgres(query));
                Ran::Postgres(query.$method(&mut **connection).await?)
            }
            Inner::PostgresTransaction(connection) => {
                let query = args.into_iter().fold(sqlx::query(sql), |query, value| value.bind_postgres(query));
                Ran::Postgres(query.$method(&mut **connection).await?)
            }
        }
    }};
}

enum Ran<S, P> {
    Sqlite(S),
    Postgres(P),
}

impl Session {
    /// Runs a statement and answers how many rows it touched.
    ///
    /// # Errors
    /// [`Error::Duplicate`] on a unique violation, [`Error::Contended`] and [`Error::Unavailable`].
    pub async fn execute(&mut self, sql: &'static str, args: Vec<Value>) -> Result<u64, Error> {
        Ok(match run!(self, sql, args, execute) {
            Ran::Sqlite(done) => done.rows_affected(),
            Ran::Postgres(done) => done.rows_affected(),
        })
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// As [`Session::execute`].
    pub async fn maybe_row(&mut self, sql: &'static str, args: Vec<Value>) -> Result<Option<Row>, Error> {
        Ok(match run!(self, sql, args, fetch_optional) {
            Ran::Sqlite(row) => row.map(Row::Sqlite),
            Ran::Postgres(row) => row.map(|row| Row::Postgres(Box::new(row))),
        })
    }

    /// Every row.
    ///
    /// # Errors
    /// As [`Session::execute`].
    pub async fn rows(&mut self, sql: &'static str, args: Vec<Value>) -> Result<Vec<Row>, Error> {
        Ok(match run!(self, sql, args, fetch_all) {
            Ran::Sqlite(rows) => rows.into_iter().map(Row::Sqlite).collect(),
            Ran::Postgres(rows) => rows.into_iter().map(|row| Row::Postgres(Box::new(row))).collect(),
        })
    }

    /// Prepares a statement without running it: the check that its text is valid here.
    ///
    /// # Errors
    /// [`Error::Unavailable`] with the driver's refusal.
    pub async fn prepare(&mut self, sql: &'static str) -> Result<(), Error> {
        use sqlx::Executor;
        let sql = sql.into_sql_str();
        match &mut self.inner {
            Inner::SqliteRead(connection) => (&mut **connection).prepare(sql).await.map(|_| ())?,
            Inner::SqliteTransaction(connection) => (&mut **connection).prepare(sql).await.map(|_| ())?,
            Inner::PostgresRead(connection) => (&mut **connection).prepare(sql).await.map(|_| ())?,
            Inner::PostgresTransaction(connection) => (&mut **connection).prepare(sql).await.map(|_| ())?,
        }
        Ok(())
    }

    /// Makes a transaction durable; without effect on a reading session.
    ///
    /// # Errors
    /// As [`Session::execute`].
    pub async fn commit(self) -> Result<(), Error> {
        match self.inner {
            Inner::SqliteTransaction(transaction) => transaction.commit().await?,
            Inner::PostgresTransaction(transaction) => transaction.commit().await?,
            Inner::SqliteRead(_) | Inner::PostgresRead(_) => {}
        }
        Ok(())
    }
}
