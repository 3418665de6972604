//! Plumbing of both databases: one SQL text, one implementation, SQLite or PostgreSQL at run time.
//!
//! A repository is ordinary code over a [`Session`]: statements are constants with `$1` parameters, arguments are
//! [`Value`]s, answers are [`Row`]s. [`Database`] chooses the driver once, from the URL; nothing above this crate
//! knows which one runs. [`statements!`] declares the statements of a repository so that a test can prepare every
//! one of them on both databases. Many rows of one table go through a [`Bulk`], questions about many keys through a [`Keyed`].
//!
//! To add a table: a numbered file in the service's `migrations/`, its entry in the service's list of migrations, a
//! repository file with `statements!`, and its behaviour in the service's repository suite.

mod bulk;
mod database;
mod error;
mod keyed;
mod migration;
mod session;
mod value;

pub use bulk::Bulk;
pub use database::{Database, SQLITE_WRITER_CACHE, Target};
pub use error::Error;
pub use keyed::Keyed;
pub use migration::Migration;
pub use session::Session;
pub use value::{Row, Value};

/// Declares SQL statements as constants, and `STATEMENTS`, the list of them all.
#[macro_export]
macro_rules! statements {
    ($($(#[doc = $doc:literal])* $name:ident = $sql:expr;)*) => {
        $($(#[doc = $doc])* const $name: &str = $sql;)*
        /// Every statement of this repository, for the test that prepares them on both databases.
        pub const STATEMENTS: &[&str] = &[$($name,)*];
    };
}

/// Arguments of a statement, each converted to a [`Value`].
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::Value::from($value)),*] };
}
