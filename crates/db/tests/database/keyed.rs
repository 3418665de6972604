//! Statements about many keys on SQLite and on PostgreSQL.

use chrono::NaiveDate;
use juyi_db::{Keyed, Migration, args};
use juyi_testkit::databases;

const MIGRATIONS: &[Migration] = &[Migration {
    version: 1001,
    name: "things",
    sql: "CREATE TABLE thing (name TEXT NOT NULL, year BIGINT NOT NULL, number BIGINT NOT NULL, PRIMARY KEY (name, year)); \
        CREATE TABLE part (name TEXT NOT NULL, day DATE NOT NULL)",
}];

static FOUND: Keyed = Keyed::select(
    &[("place", "BIGINT"), ("wanted", "TEXT"), ("wanted_year", "BIGINT"), ("wanted_on", "DATE")],
    "key.place, t.name, t.number, p.day",
    "thing t LEFT JOIN part p ON p.name = t.name AND p.day <= key.wanted_on",
    "t.name = key.wanted AND t.year = key.wanted_year",
    "place, day",
);
static PUT: Keyed = Keyed::upsert(
    "thing",
    &[("name", "TEXT"), ("year", "BIGINT"), ("number", "BIGINT")],
    "(name, year) DO UPDATE SET number = excluded.number WHERE thing.number = excluded.number - 1",
);
static PARTS: Keyed = Keyed::upsert("part", &[("name", "TEXT"), ("day", "DATE")], "DO NOTHING");

const QUOTED: &str = "tab\t \"quoted\" \\ 居\u{1}";

#[tokio::test]
async fn many_keys_are_one_statement() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    for on in &databases("keyed", MIGRATIONS).await {
        let mut session = on.database.begin().await.unwrap();
        assert_eq!(session.execute_for(&PUT, &[]).await.unwrap(), 0);
        let things = [args!["a", 2021, 1], args![QUOTED, 2021, 1], args!["b", 2021, 5]].concat();
        assert_eq!(session.execute_for(&PUT, &things).await.unwrap(), 3, "{}", on.kind);
        // Only what stands one below moves.
        let things = [args!["a", 2021, 2], args!["b", 2021, 7]].concat();
        assert_eq!(session.execute_for(&PUT, &things).await.unwrap(), 1, "{}", on.kind);
        let parts = [args!["a", day("2021-03-01")], args!["a", day("2021-03-03")]].concat();
        session.execute_for(&PARTS, &parts).await.unwrap();
        session.commit().await.unwrap();

        let mut session = on.database.read().await.unwrap();
        assert!(session.rows_of(&FOUND, &[]).await.unwrap().is_empty());
        let keys = [
            args![0, QUOTED, 2021, day("2021-03-02")],
            args![1, "a", 2021, day("2021-03-02")],
            args![2, "a", 2020, day("2021-03-02")],
            args![3, "a", 2021, day("2021-03-03")],
            args![4, "c", 2021, day("2021-03-03")],
        ]
        .concat();
        let rows = session.rows_of(&FOUND, &keys).await.unwrap();
        let found = rows.iter().map(|row| {
            let part = row.maybe_date("day").unwrap().map(|day| day.to_string()).unwrap_or_default();
            (row.int("place").unwrap(), row.text("name").unwrap(), row.int("number").unwrap(), part)
        });
        let expected =
            [(0, QUOTED, 1, ""), (1, "a", 2, "2021-03-01"), (3, "a", 2, "2021-03-01"), (3, "a", 2, "2021-03-03")];
        let expected = expected.map(|(place, name, number, part)| (place, name.to_owned(), number, part.to_owned()));
        assert_eq!(found.collect::<Vec<_>>(), expected, "{}", on.kind);
    }
}
