//! The bulk path into a table: `COPY` on PostgreSQL, unless the rows are few, `INSERT` of many rows on SQLite.

use std::sync::OnceLock;

use sqlx::{PgConnection, SqliteConnection};

use crate::session::Inner;
use crate::{Error, Session, Value};

/// Rows of the largest `INSERT`. Every smaller power of two has a text of its own, so that any number of rows is a few
/// statements, each prepared once per connection.
const LARGEST: usize = 256;
/// Powers of two from 1 to [`LARGEST`].
const SIZES: usize = LARGEST.ilog2() as usize + 1;
/// Rows that PostgreSQL takes by `INSERT`: `COPY` is a conversation of two answers, which costs a few rows more time than it
/// saves, most of all over a network. More rows are several `INSERT`s, and slower.
const FEW: usize = 8;
/// Bytes of `COPY` that are collected before they are sent.
const PIECE: usize = 256 * 1024;

/// One table with the columns that are filled in bulk. A static, because its statements are written once.
#[derive(Debug)]
pub struct Bulk {
    table: &'static str,
    columns: &'static [&'static str],
    copy: OnceLock<String>,
    inserts: [OnceLock<String>; SIZES],
    few: [OnceLock<String>; SIZES],
}

impl Bulk {
    /// Names a table and its columns; others get their default.
    #[must_use]
    pub const fn new(table: &'static str, columns: &'static [&'static str]) -> Self {
        Self {
            table,
            columns,
            copy: OnceLock::new(),
            inserts: [const { OnceLock::new() }; SIZES],
            few: [const { OnceLock::new() }; SIZES],
        }
    }

    /// `COPY` for PostgreSQL.
    fn copy(&self) -> &str {
        self.copy.get_or_init(|| format!("COPY {} ({}) FROM STDIN", self.table, self.columns.join(", ")))
    }

    /// `INSERT` of 2 to the power of `exponent` rows for SQLite.
    ///
    /// Its parameters have no names: the driver asks for the name of each, and SQLite searches for a name from the first
    /// to the last. `OR FAIL` spares the journal by which SQLite would undo a statement alone and keep its transaction;
    /// here the transaction is left.
    fn insert(&'static self, exponent: usize) -> &'static str {
        self.inserts[exponent].get_or_init(|| {
            let row = format!("({})", vec!["?"; self.columns.len()].join(", "));
            let rows = vec![row; 1 << exponent].join(", ");
            format!("INSERT OR FAIL INTO {} ({}) VALUES {rows}", self.table, self.columns.join(", "))
        })
    }
}

impl Bulk {
    /// `INSERT` of 2 to the power of `exponent` rows for PostgreSQL.
    fn insert_few(&'static self, exponent: usize) -> &'static str {
        self.few[exponent].get_or_init(|| {
            let width = self.columns.len();
            let row = |row: usize| {
                let parameters: Vec<_> = (1..=width).map(|column| format!("${}", row * width + column)).collect();
                format!("({})", parameters.join(", "))
            };
            let rows: Vec<_> = (0..1 << exponent).map(row).collect();
            format!("INSERT INTO {} ({}) VALUES {}", self.table, self.columns.join(", "), rows.join(", "))
        })
    }
}

impl Session {
    /// Stores many rows of a table in this transaction and answers how many. `values` holds row after row, in the order
    /// of the columns. PostgreSQL's text cannot hold the character NUL.
    ///
    /// # Errors
    /// As [`Session::execute`]; the transaction can then only be left.
    pub async fn insert_all(&mut self, bulk: &'static Bulk, values: Vec<Value>) -> Result<u64, Error> {
        debug_assert!(values.len().is_multiple_of(bulk.columns.len()), "whole rows");
        match &mut self.inner {
            Inner::SqliteRead(connection) => insert(connection, bulk, values).await,
            Inner::SqliteTransaction(connection) => insert(connection, bulk, values).await,
            Inner::PostgresRead(connection) => few_or_copy(connection, bulk, values).await,
            Inner::PostgresTransaction(connection) => few_or_copy(connection, bulk, values).await,
        }
    }
}

async fn few_or_copy(connection: &mut PgConnection, bulk: &'static Bulk, values: Vec<Value>) -> Result<u64, Error> {
    let mut left = values.len() / bulk.columns.len();
    if left > FEW {
        return copy(connection, bulk, &values).await;
    }
    let mut values = values.into_iter();
    let mut stored = 0;
    while left > 0 {
        let exponent = left.ilog2() as usize;
        let rows = 1 << exponent;
        let own = values.by_ref().take(rows * bulk.columns.len());
        let query = own.fold(sqlx::query(bulk.insert_few(exponent)), |query, value| value.bind_postgres(query));
        stored += query.execute(&mut *connection).await?.rows_affected();
        left -= rows;
    }
    Ok(stored)
}

async fn insert(connection: &mut SqliteConnection, bulk: &'static Bulk, values: Vec<Value>) -> Result<u64, Error> {
    let mut left = values.len() / bulk.columns.len();
    let mut values = values.into_iter();
    let mut stored = 0;
    while left > 0 {
        let exponent = left.min(LARGEST).ilog2() as usize;
        let rows = 1 << exponent;
        let own = values.by_ref().take(rows * bulk.columns.len());
        let query = own.fold(sqlx::query(bulk.insert(exponent)), |query, value| value.bind_sqlite(query));
        stored += query.execute(&mut *connection).await?.rows_affected();
        left -= rows;
    }
    Ok(stored)
}

async fn copy(connection: &mut PgConnection, bulk: &'static Bulk, values: &[Value]) -> Result<u64, Error> {
    let mut copy = connection.copy_in_raw(bulk.copy()).await?;
    let mut text = Vec::with_capacity(PIECE + PIECE / 4);
    for row in values.chunks(bulk.columns.len()) {
        write_row(&mut text, row);
        if text.len() >= PIECE {
            copy.send(text.as_slice()).await?;
            text.clear();
        }
    }
    copy.send(text.as_slice()).await?;
    Ok(copy.finish().await?)
}

/// A line of `COPY`'s text format: columns between tabs, nulls as `\N`.
fn write_row(text: &mut Vec<u8>, row: &[Value]) {
    for (column, value) in row.iter().enumerate() {
        if column > 0 {
            text.push(b'\t');
        }
        if !write_value(text, value) {
            text.extend_from_slice(b"\\N");
        }
    }
    text.push(b'\n');
}

/// Writes a value; false for a null.
fn write_value(text: &mut Vec<u8>, value: &Value) -> bool {
    use std::io::Write as _;
    // Writing to a Vec cannot fail.
    match value {
        Value::Text(Some(value)) => write_text(text, value),
        Value::Int(Some(value)) => drop(write!(text, "{value}")),
        Value::Bool(Some(value)) => text.push(if *value { b't' } else { b'f' }),
        Value::Date(Some(value)) => drop(write!(text, "{value}")),
        Value::Instant(Some(value)) => drop(write!(text, "{}", value.format("%Y-%m-%d %H:%M:%S%.6f"))),
        Value::Bytes(Some(value)) => {
            text.extend_from_slice(b"\\\\x");
            // Answers are long, and a formatter called for each byte costs more than everything else here.
            let digit = |nibble: u8| b"0123456789abcdef"[usize::from(nibble)];
            text.extend(value.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
        }
        Value::Text(None)
        | Value::Int(None)
        | Value::Bool(None)
        | Value::Date(None)
        | Value::Instant(None)
        | Value::Bytes(None) => return false,
    }
    true
}

/// The backslash begins every escape, and these control characters end a column or a row.
fn write_text(text: &mut Vec<u8>, value: &str) {
    let special = |byte: &u8| matches!(byte, b'\\' | b'\t' | b'\n' | b'\r');
    if !value.as_bytes().iter().any(special) {
        text.extend_from_slice(value.as_bytes());
        return;
    }
    for byte in value.bytes() {
        match byte {
            b'\\' => text.extend_from_slice(b"\\\\"),
            b'\t' => text.extend_from_slice(b"\\t"),
            b'\n' => text.extend_from_slice(b"\\n"),
            b'\r' => text.extend_from_slice(b"\\r"),
            other => text.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args;

    static PAIRS: Bulk = Bulk::new("pair", &["a", "b"]);

    #[test]
    fn statements_hold_so_many_rows() {
        assert_eq!(PAIRS.copy(), "COPY pair (a, b) FROM STDIN");
        assert_eq!(PAIRS.insert(0), "INSERT OR FAIL INTO pair (a, b) VALUES (?, ?)");
        assert_eq!(PAIRS.insert(1), "INSERT OR FAIL INTO pair (a, b) VALUES (?, ?), (?, ?)");
        assert_eq!(PAIRS.insert_few(1), "INSERT INTO pair (a, b) VALUES ($1, $2), ($3, $4)");
        assert_eq!(PAIRS.insert(SIZES - 1).matches('?').count(), 2 * LARGEST);
    }

    #[test]
    fn text_is_escaped_for_copy() {
        let mut text = Vec::new();
        let row = args!["a\tb\\N\r\n", Option::<String>::None, "", true, vec![0_u8, 255], 7].into_boxed_slice();
        write_row(&mut text, &row);
        assert_eq!(String::from_utf8(text).unwrap(), "a\\tb\\\\N\\r\\n\t\\N\t\tt\t\\\\x00ff\t7\n");
    }
}
