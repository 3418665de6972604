//! The bulk path on SQLite and on PostgreSQL.

use chrono::{DateTime, NaiveDate};
use juyi_db::{Bulk, Error, Migration, Value, args};
use juyi_testkit::{TestDatabase, databases};

const MIGRATIONS: &[Migration] = &[Migration {
    version: 1001,
    name: "things",
    sql: "CREATE TABLE thing (number BIGINT NOT NULL PRIMARY KEY, text TEXT, yes BOOLEAN, day DATE, at TIMESTAMP, \
        blob BYTEA, left_out TEXT NOT NULL DEFAULT 'default')",
}];

static THINGS: Bulk = Bulk::new("thing", &["number", "text", "yes", "day", "at", "blob"]);

const TEXTS: &[&str] = &[
    "",
    "王桂兰",
    "tab\there",
    "line\nbreak",
    "return\r\n",
    "back\\slash",
    "\\N",
    "\\.",
    "\\",
    "\\t",
    "'quoted' \"twice\"",
    "{\"json\":\"\\\"\"}",
    "$1 ? ; --",
    "\u{1}\u{7f}\u{2028}",
];

async fn store(on: &TestDatabase, values: Vec<Value>) -> Result<u64, Error> {
    let mut session = on.database.begin().await.unwrap();
    let stored = session.insert_all(&THINGS, values).await?;
    session.commit().await.unwrap();
    Ok(stored)
}

#[tokio::test]
async fn every_value_comes_back_as_it_was_stored() {
    let at = "2021-02-26T08:09:10.000120Z".parse::<DateTime<chrono::Utc>>().unwrap();
    let day = NaiveDate::from_ymd_opt(1949, 10, 1).unwrap();
    // Few rows and many take different ways on PostgreSQL.
    for times in [1, 4] {
        for on in &databases("bulk", MIGRATIONS).await {
            let texts = || (0_i64..).zip(TEXTS.iter().cycle().take(TEXTS.len() * times));
            let mut values = Vec::new();
            for (number, text) in texts() {
                values.extend(args![number, *text, number % 2 == 0, day, at, text.as_bytes().to_vec()]);
            }
            let nothing = args![None::<String>, None::<bool>, None::<NaiveDate>, Value::Instant(None), None::<Vec<u8>>];
            values.extend([args![-1_i64], nothing].concat());
            assert_eq!(store(on, values).await.unwrap(), (TEXTS.len() * times) as u64 + 1, "{}", on.kind);

            let mut session = on.database.read().await.unwrap();
            let rows = session.rows("SELECT * FROM thing ORDER BY number", Vec::new()).await.unwrap();
            let (null, rows) = rows.split_first().unwrap();
            assert_eq!(null.maybe_text("text").unwrap(), None, "{}", on.kind);
            assert_eq!(null.maybe_naive("at").unwrap(), None, "{}", on.kind);
            assert_eq!(null.maybe_bytes("blob").unwrap(), None, "{}", on.kind);
            for ((number, text), row) in texts().zip(rows) {
                assert_eq!(row.text("text").unwrap(), *text, "{}", on.kind);
                assert_eq!(row.bool("yes").unwrap(), number % 2 == 0, "{}", on.kind);
                assert_eq!((row.date("day").unwrap(), row.instant("at").unwrap()), (day, at), "{}", on.kind);
                assert_eq!(row.bytes("blob").unwrap(), text.as_bytes(), "{}", on.kind);
                assert_eq!(row.text("left_out").unwrap(), "default", "{}", on.kind);
            }
        }
    }
}

#[tokio::test]
async fn any_number_of_rows_is_stored() {
    for on in &databases("bulk", MIGRATIONS).await {
        let mut next = 0_i64;
        for count in [0, 1, 7, 8, 9, 31, 32, 33, 255, 256, 257, 1_000] {
            let mut values = Vec::new();
            for number in next..next + count {
                values.extend(args![number, "x", true, None::<NaiveDate>, Value::Instant(None), None::<Vec<u8>>]);
            }
            next += count;
            assert_eq!(store(on, values).await.unwrap(), u64::try_from(count).unwrap(), "{}", on.kind);
        }
        let count = "SELECT COUNT(*) AS stored FROM thing";
        let row = on.database.read().await.unwrap().maybe_row(count, Vec::new()).await.unwrap().unwrap();
        assert_eq!(row.int("stored").unwrap(), next, "{}", on.kind);
    }
}

#[tokio::test]
async fn a_key_stored_before_refuses_the_whole() {
    let row = |number: i64| args![number, "x", true, None::<NaiveDate>, Value::Instant(None), None::<Vec<u8>>];
    for on in &databases("bulk", MIGRATIONS).await {
        store(on, row(7)).await.unwrap();
        let refused = store(on, [row(8), row(7)].concat()).await;
        assert!(matches!(refused, Err(Error::Duplicate)), "{}", on.kind);
        let mut session = on.database.read().await.unwrap();
        assert_eq!(session.rows("SELECT number FROM thing", Vec::new()).await.unwrap().len(), 1, "{}", on.kind);
    }
}
