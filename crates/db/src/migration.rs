//! Numbered migrations, one text for both databases.

use std::borrow::Cow;

use sqlx::SqlSafeStr;
use sqlx::migrate::{MigrationType, Migrator};

/// One migration: a number, a name, and SQL in the portable subset.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Order; unique within a service. Numbers below 1000 belong to the kit.
    pub version: i64,
    /// Name, as the file has it.
    pub name: &'static str,
    /// The statements.
    pub sql: &'static str,
}

pub(crate) fn migrator(migrations: &[Migration]) -> Migrator {
    let mut list: Vec<_> = migrations
        .iter()
        .map(|migration| {
            sqlx::migrate::Migration::new(
                migration.version,
                Cow::Borrowed(migration.name),
                MigrationType::Simple,
                migration.sql.into_sql_str(),
                false,
            )
        })
        .collect();
    list.sort();
    Migrator { migrations: Cow::Owned(list), ..Migrator::DEFAULT }
}
