//! How the databases find what is due, among a hundred thousand entries.

use chrono::{DateTime, TimeDelta, Utc};
use juyi_db::{Value, args};
use juyi_domain::codes::District;
use juyi_domain::dates::Period;
use juyi_domain::money::Fen;
use juyi_testkit::databases;

use super::store::{entry, id, settlement};
use crate::NAME;
use crate::store::dues::{self, Scope};
use crate::store::entries::{self, Entry, Kind, Payee};
use crate::store::{migrations, settlements};

const ENTRIES: i64 = 100_000;
/// Providers of each district.
const PROVIDERS: i64 = 50;

/// Posted in the year 2021, every five minutes one.
fn posted() -> (Vec<settlements::Settlement>, impl Iterator<Item = Entry>) {
    let districts = i64::try_from(District::ALL.len()).unwrap();
    let filed = (0..districts * PROVIDERS).map(|number| {
        let mut it = settlement(id(1), u128::try_from(number + 10).unwrap());
        it.cover.district = District::ALL[usize::try_from(number % districts).unwrap()];
        it.claim.provider_code = format!("H{:03}", number / districts);
        it
    });
    let filed: Vec<_> = filed.collect();
    let payers = filed.clone();
    let begin: DateTime<Utc> = "2020-12-31T16:00:00Z".parse().unwrap();
    let entries = (0..ENTRIES).map(move |number| {
        let of = &payers[usize::try_from(number).unwrap() * 7 % payers.len()];
        let payee = Payee { district: of.cover.district, provider_code: of.claim.provider_code.clone() };
        let created_at = begin + TimeDelta::minutes(number * 5);
        Entry {
            payee: Some(payee),
            created_at,
            ..entry(of, u128::try_from(number + 1_000_000).unwrap(), Kind::Adjustment, 1)
        }
    });
    (filed, entries)
}

/// Every question about dues reads the index of dues, bounded by the period, on both databases.
#[tokio::test]
async fn dues_are_found_by_their_index() {
    for test in databases(NAME, &migrations()).await {
        let (filed, entries) = posted();
        let mut session = test.database.begin().await.unwrap();
        settlements::insert_all(&mut session, &filed.iter().collect::<Vec<_>>()).await.unwrap();
        let entries: Vec<_> = entries.collect();
        for some in entries.chunks(5_000) {
            entries::insert_all(&mut session, &some.iter().collect::<Vec<_>>()).await.unwrap();
        }
        session.commit().await.unwrap();
        let mut session = test.database.begin().await.unwrap();
        session.execute("ANALYZE", Vec::new()).await.unwrap();
        session.commit().await.unwrap();

        let mut session = test.database.read().await.unwrap();
        let period = Period::maybe_inclusive("2021-03-01".parse().unwrap(), "2021-03-31".parse().unwrap()).unwrap();
        let scope = Scope { district: District::Jinghai, period };
        let one = dues::by_kind(&mut session, scope, "H007").await.unwrap();
        let all = dues::by_provider(&mut session, scope, "", 100).await.unwrap();
        let is_due = |entry: &&Entry| {
            let day = juyi_kit::clock::day_in_china(entry.created_at);
            period.contains(day) && entry.payee.as_ref().unwrap().district == District::Jinghai
        };
        let due: Fen = entries.iter().filter(is_due).map(|entry| entry.shares.person).sum();
        assert!(due > Fen::ZERO);
        assert_eq!(all.iter().map(|it| it.total.amounts.person).sum::<Fen>(), due, "{}", test.kind);
        let own: Fen = one.values().map(|total| total.amounts.person).sum();
        assert_eq!(all.iter().find(|it| it.provider_code == "H007").unwrap().total.amounts.person, own);

        let (from, until): (DateTime<Utc>, DateTime<Utc>) =
            ("2021-02-28T16:00:00Z".parse().unwrap(), "2021-03-31T16:00:00Z".parse().unwrap());
        let explain = if test.kind == "sqlite" { ("EXPLAIN QUERY PLAN", "detail") } else { ("EXPLAIN", "QUERY PLAN") };
        let district = District::Jinghai.as_str();
        for (place, rest) in [(0, args!["H007"]), (1, args!["H007", "", 1_000_i64]), (2, args!["", 50_i64])] {
            let sql: &'static str = Box::leak(format!("{} {}", explain.0, dues::STATEMENTS[place]).into_boxed_str());
            let mut key: Vec<Value> = args![from, until, district];
            key.extend(rest);
            let rows = session.rows(sql, key).await.unwrap();
            let plan: Vec<_> = rows.iter().map(|row| row.text(explain.1).unwrap()).collect();
            let plan = plan.join("\n");
            assert!(plan.contains("entry_by_payee"), "{}: {plan}", test.kind);
        }
    }
}
