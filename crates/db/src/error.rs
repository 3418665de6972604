//! What can go wrong between a repository and its database.

/// A storage error. Its text names tables and constraints, never values.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A unique constraint refused a row: somebody stored the same key before.
    #[error("a row with the same key exists")]
    Duplicate,
    /// A concurrent writer won; the whole transaction may be tried again.
    #[error("a concurrent transaction won")]
    Contended,
    /// A stored value does not have the form the code expects.
    #[error("column {column} holds an unexpected value")]
    Corrupt {
        /// The column.
        column: &'static str,
    },
    /// The URL names no known database.
    #[error("{0}")]
    BadUrl(String),
    /// The data directory cannot be used.
    #[error("the data directory cannot be used")]
    Directory(#[from] std::io::Error),
    /// A migration failed.
    #[error("a migration failed")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The database cannot be reached or answered unexpectedly.
    #[error("database unavailable: {}", code(.0))]
    Unavailable(sqlx::Error),
}

/// The error's kind and code. Messages of a driver may quote row values, so they stay out of the text.
fn code(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(inner) => format!("database error {}", inner.code().unwrap_or_default()),
        sqlx::Error::Io(inner) => format!("connection error, {}", inner.kind()),
        sqlx::Error::PoolTimedOut => "no free connection".to_owned(),
        sqlx::Error::PoolClosed => "closed".to_owned(),
        sqlx::Error::RowNotFound => "no row".to_owned(),
        sqlx::Error::ColumnDecode { index, .. } => format!("cannot decode column {index}"),
        sqlx::Error::ColumnNotFound(name) => format!("no column {name}"),
        _ => "driver error".to_owned(),
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(inner) = &error {
            if inner.is_unique_violation() {
                return Self::Duplicate;
            }
            // PostgreSQL: serialization failure, deadlock. SQLite: busy, locked.
            if matches!(inner.code().as_deref(), Some("40001" | "40P01" | "5" | "6" | "261" | "517")) {
                return Self::Contended;
            }
        }
        Self::Unavailable(error)
    }
}
