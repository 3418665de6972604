//! Statements about many keys at once, any number of them in one text.

use std::sync::OnceLock;

use crate::session::Inner;
use crate::{Error, Row, Session, Value};

/// A statement that holds for each of many keys. Each database has its own way to make rows of an argument, so this is the
/// one place with a text for each. The keys are called `key` in it, with the names given.
///
/// PostgreSQL looks every key up by itself (`OFFSET 0` keeps the join from being turned round): a plan made while a table
/// was small must not go on reading all of it when it has grown.
#[derive(Debug)]
pub struct Keyed {
    keys: &'static [(&'static str, &'static str)],
    kind: Kind,
    sqlite: OnceLock<String>,
    postgres: OnceLock<String>,
}

#[derive(Debug)]
enum Kind {
    Select { columns: &'static str, tables: &'static str, condition: &'static str, order: &'static str },
    Upsert { table: &'static str, conflict: &'static str },
}

impl Keyed {
    /// The rows of every key: `columns` of `tables` where `condition` holds, in the order of the columns `order`. Keys
    /// are pairs of a name and a type, TEXT, BIGINT or DATE.
    #[must_use]
    pub const fn select(
        keys: &'static [(&'static str, &'static str)],
        columns: &'static str,
        tables: &'static str,
        condition: &'static str,
        order: &'static str,
    ) -> Self {
        Self::new(keys, Kind::Select { columns, tables, condition, order })
    }

    /// Stores a row for every key, whose names are those of the columns; what `conflict` says happens to a row that is
    /// there.
    #[must_use]
    pub const fn upsert(
        table: &'static str,
        keys: &'static [(&'static str, &'static str)],
        conflict: &'static str,
    ) -> Self {
        Self::new(keys, Kind::Upsert { table, conflict })
    }

    const fn new(keys: &'static [(&'static str, &'static str)], kind: Kind) -> Self {
        Self { keys, kind, sqlite: OnceLock::new(), postgres: OnceLock::new() }
    }

    fn sqlite(&'static self) -> &'static str {
        self.sqlite.get_or_init(|| {
            let columns: Vec<_> = self.keys.iter().map(|(name, _)| format!("value ->> '{name}' AS {name}")).collect();
            let keys = format!("(SELECT {} FROM json_each($1)) AS key", columns.join(", "));
            match &self.kind {
                Kind::Select { columns, tables, condition, order } => {
                    format!("SELECT {columns} FROM {keys} CROSS JOIN {tables} WHERE {condition} ORDER BY {order}")
                }
                // Without a condition the parser takes ON CONFLICT for a join's.
                Kind::Upsert { table, conflict } => {
                    let names = self.names();
                    format!(
                        "INSERT INTO {table} ({names}) SELECT {names} FROM {keys} WHERE TRUE ON CONFLICT {conflict}"
                    )
                }
            }
        })
    }

    fn postgres(&'static self) -> &'static str {
        self.postgres.get_or_init(|| {
            let columns: Vec<_> = self.keys.iter().map(|(name, kind)| format!("{name} {kind}")).collect();
            let keys = format!("json_to_recordset(CAST($1 AS JSON)) AS key ({})", columns.join(", "));
            match &self.kind {
                Kind::Select { columns, tables, condition, order } => format!(
                    "SELECT found.* FROM {keys} CROSS JOIN LATERAL \
                    (SELECT {columns} FROM {tables} WHERE {condition} OFFSET 0) AS found ORDER BY {order}"
                ),
                Kind::Upsert { table, conflict } => {
                    let names = self.names();
                    format!("INSERT INTO {table} ({names}) SELECT {names} FROM {keys} ON CONFLICT {conflict}")
                }
            }
        })
    }

    fn names(&self) -> String {
        self.keys.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    /// The keys as a JSON array of objects.
    fn json(&self, values: &[Value]) -> String {
        let mut json = String::with_capacity(values.len() * 64);
        json.push('[');
        for key in values.chunks(self.keys.len()) {
            json.push_str(if json.len() > 1 { ",{" } else { "{" });
            for (column, ((name, _), value)) in self.keys.iter().zip(key).enumerate() {
                if column > 0 {
                    json.push(',');
                }
                write_text(&mut json, name);
                json.push(':');
                write_value(&mut json, value);
            }
            json.push('}');
        }
        json.push(']');
        json
    }
}

fn write_value(json: &mut String, value: &Value) {
    use std::fmt::Write as _;
    // Writing to a String cannot fail.
    match value {
        Value::Text(Some(text)) => write_text(json, text),
        Value::Int(Some(number)) => drop(write!(json, "{number}")),
        Value::Bool(Some(yes)) => drop(write!(json, "{yes}")),
        Value::Date(Some(day)) => drop(write!(json, "\"{day}\"")),
        Value::Instant(Some(instant)) => drop(write!(json, "\"{}\"", instant.format("%Y-%m-%d %H:%M:%S%.6f"))),
        // Bytes are no keys.
        Value::Bytes(_)
        | Value::Text(None)
        | Value::Int(None)
        | Value::Bool(None)
        | Value::Date(None)
        | Value::Instant(None) => json.push_str("null"),
    }
}

fn write_text(json: &mut String, text: &str) {
    use std::fmt::Write as _;
    json.push('"');
    for letter in text.chars() {
        match letter {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            control if control < ' ' => drop(write!(json, "\\u{:04x}", u32::from(control))),
            other => json.push(other),
        }
    }
    json.push('"');
}

impl Session {
    fn text_of(&self, keyed: &'static Keyed) -> &'static str {
        match &self.inner {
            Inner::SqliteRead(_) | Inner::SqliteTransaction(_) => keyed.sqlite(),
            Inner::PostgresRead(_) | Inner::PostgresTransaction(_) => keyed.postgres(),
        }
    }

    /// The rows of many keys. `values` holds key after key.
    ///
    /// # Errors
    /// As [`Session::execute`].
    pub async fn rows_of(&mut self, keyed: &'static Keyed, values: &[Value]) -> Result<Vec<Row>, Error> {
        if values.is_empty() {
            return Ok(Vec::new());
        }
        self.rows(self.text_of(keyed), vec![keyed.json(values).into()]).await
    }

    /// Stores a row for each of many keys, and answers how many rows it touched. `values` holds row after row.
    ///
    /// # Errors
    /// As [`Session::execute`].
    pub async fn execute_for(&mut self, keyed: &'static Keyed, values: &[Value]) -> Result<u64, Error> {
        if values.is_empty() {
            return Ok(0);
        }
        self.execute(self.text_of(keyed), vec![keyed.json(values).into()]).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args;

    static FOUND: Keyed = Keyed::select(
        &[("id", "TEXT"), ("year", "BIGINT")],
        "t.id, t.what",
        "thing t",
        "t.id = key.id AND t.year = key.year",
        "id",
    );

    #[test]
    fn each_database_has_its_text() {
        assert_eq!(
            FOUND.sqlite(),
            "SELECT t.id, t.what FROM (SELECT value ->> 'id' AS id, value ->> 'year' AS year FROM json_each($1)) AS key \
            CROSS JOIN thing t WHERE t.id = key.id AND t.year = key.year ORDER BY id"
        );
        assert_eq!(
            FOUND.postgres(),
            "SELECT found.* FROM json_to_recordset(CAST($1 AS JSON)) AS key (id TEXT, year BIGINT) CROSS JOIN LATERAL \
            (SELECT t.id, t.what FROM thing t WHERE t.id = key.id AND t.year = key.year OFFSET 0) AS found ORDER BY id"
        );
    }

    #[test]
    fn keys_are_json() {
        let day: chrono::NaiveDate = "2021-03-01".parse().unwrap();
        let values = args!["a\"\\\n居", 7, day, None::<String>];
        assert_eq!(FOUND.json(&values), r#"[{"id":"a\"\\\u000a居","year":7},{"id":"2021-03-01","year":null}]"#);
    }
}
