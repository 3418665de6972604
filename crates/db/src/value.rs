//! Arguments and rows, the same for both drivers.

use std::fmt::Display;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Timelike, Utc};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Postgres, Row as _, Sqlite};

use crate::Error;

/// An argument of a statement. Each kind may be null, because PostgreSQL wants a null of the column's type.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// TEXT.
    Text(Option<String>),
    /// BIGINT.
    Int(Option<i64>),
    /// BOOLEAN.
    Bool(Option<bool>),
    /// DATE.
    Date(Option<NaiveDate>),
    /// TIMESTAMP, in UTC, whole microseconds.
    Instant(Option<NaiveDateTime>),
    /// BYTEA.
    Bytes(Option<Vec<u8>>),
}

impl Value {
    /// A code or an id, stored as its text.
    pub fn text(value: impl Display) -> Self {
        Self::Text(Some(value.to_string()))
    }

    /// A code or an id that may be absent.
    pub fn maybe_text<T: Display>(value: Option<T>) -> Self {
        Self::Text(value.map(|value| value.to_string()))
    }

    pub(crate) fn bind_sqlite<'q>(
        self,
        query: Query<'q, Sqlite, SqliteArguments>,
    ) -> Query<'q, Sqlite, SqliteArguments> {
        match self {
            Self::Text(value) => query.bind(value),
            Self::Int(value) => query.bind(value),
            Self::Bool(value) => query.bind(value),
            Self::Date(value) => query.bind(value),
            Self::Instant(value) => query.bind(value),
            Self::Bytes(value) => query.bind(value),
        }
    }

    pub(crate) fn bind_postgres<'q>(self, query: Query<'q, Postgres, PgArguments>) -> Query<'q, Postgres, PgArguments> {
        match self {
            Self::Text(value) => query.bind(value),
            Self::Int(value) => query.bind(value),
            Self::Bool(value) => query.bind(value),
            Self::Date(value) => query.bind(value),
            Self::Instant(value) => query.bind(value),
            Self::Bytes(value) => query.bind(value),
        }
    }
}

macro_rules! value_from {
    ($($kind:ident($type:ty)),* $(,)?) => {$(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::$kind(Some(value))
            }
        }
        impl From<Option<$type>> for Value {
            fn from(value: Option<$type>) -> Self {
                Self::$kind(value)
            }
        }
    )*};
}
value_from!(Text(String), Int(i64), Bool(bool), Date(NaiveDate), Bytes(Vec<u8>));

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::Int(Some(i64::from(number)))
    }
}

impl From<DateTime<Utc>> for Value {
    /// PostgreSQL keeps microseconds; cutting here makes both databases give back the same instant.
    fn from(instant: DateTime<Utc>) -> Self {
        let naive = instant.naive_utc();
        let micros = naive.nanosecond() / 1_000 * 1_000;
        Self::Instant(naive.with_nanosecond(micros))
    }
}

/// A row of either database.
#[derive(Debug)]
pub enum Row {
    /// From SQLite.
    Sqlite(SqliteRow),
    /// From PostgreSQL.
    Postgres(Box<PgRow>),
}

macro_rules! getters {
    ($($(#[doc = $doc:literal])* $name:ident, $maybe:ident -> $type:ty;)*) => {$(
        $(#[doc = $doc])*
        ///
        /// # Errors
        /// [`Error::Corrupt`] when the column is absent, null or of another type.
        pub fn $name(&self, column: &'static str) -> Result<$type, Error> {
            self.$maybe(column)?.ok_or(Error::Corrupt { column })
        }

        $(#[doc = $doc])*
        /// `None` for a null.
        ///
        /// # Errors
        /// [`Error::Corrupt`] when the column is absent or of another type.
        pub fn $maybe(&self, column: &'static str) -> Result<Option<$type>, Error> {
            let found = match self {
                Self::Sqlite(row) => row.try_get(column),
                Self::Postgres(row) => row.try_get(column),
            };
            found.map_err(|_| Error::Corrupt { column })
        }
    )*};
}

impl Row {
    getters! {
        /// A TEXT column.
        text, maybe_text -> String;
        /// A BIGINT column.
        int, maybe_int -> i64;
        /// A BOOLEAN column.
        bool, maybe_bool -> bool;
        /// A DATE column.
        date, maybe_date -> NaiveDate;
        /// A BYTEA column.
        bytes, maybe_bytes -> Vec<u8>;
        /// A TIMESTAMP column without its zone.
        naive, maybe_naive -> NaiveDateTime;
    }

    /// A TIMESTAMP column as an instant.
    ///
    /// # Errors
    /// [`Error::Corrupt`] as for the other columns.
    pub fn instant(&self, column: &'static str) -> Result<DateTime<Utc>, Error> {
        self.naive(column).map(|naive| naive.and_utc())
    }

    /// A TEXT column that holds an id or a code.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the text does not parse.
    pub fn parse<T: FromStr>(&self, column: &'static str) -> Result<T, Error> {
        self.text(column)?.parse().map_err(|_| Error::Corrupt { column })
    }

    /// The same for a column that may be null.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the text does not parse.
    pub fn maybe_parse<T: FromStr>(&self, column: &'static str) -> Result<Option<T>, Error> {
        self.maybe_text(column)?.map(|text| text.parse().map_err(|_| Error::Corrupt { column })).transpose()
    }

    /// A BIGINT column that holds a year or a small count.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the number does not fit.
    pub fn small(&self, column: &'static str) -> Result<i32, Error> {
        i32::try_from(self.int(column)?).map_err(|_| Error::Corrupt { column })
    }
}
