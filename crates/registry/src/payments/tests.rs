//! Payments and prepayments that the contribution service tells of, on SQLite and on PostgreSQL.

use chrono::NaiveDate;
use juyi_db::args;
use juyi_domain::codes::Office;
use juyi_domain::id::PrepaymentId;
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_proto::registry::v1 as pb;
use juyi_testkit::{TestDatabase, context, databases};

use crate::NAME;
use crate::registry::Registry;
use crate::store::enrolments::{self, Enrolment};
use crate::store::{migrations, residents};
use crate::tests::{enrolment, farmer};

async fn worlds() -> (Context, Vec<(TestDatabase, Registry)>) {
    let context = context("2021-03-10");
    let registry = |on: TestDatabase| {
        let registry = Registry { database: on.database.clone(), context: context.clone() };
        (on, registry)
    };
    let worlds = databases(NAME, &migrations()).await.into_iter().map(registry).collect();
    (context, worlds)
}

/// Somebody enrolled for 2021, whose number ends with these digits.
async fn enrolled(on: &TestDatabase, context: &Context, digits: &str) -> Enrolment {
    let resident = farmer(context, &format!("12011819700501{digits}"));
    let enrolment = enrolment(context, resident.id, 2021);
    let mut session = on.database.begin().await.unwrap();
    residents::insert(&mut session, &resident).await.unwrap();
    enrolments::insert(&mut session, &enrolment).await.unwrap();
    session.commit().await.unwrap();
    enrolment
}

fn noted(enrolment: &Enrolment, paid_on: &str, version: i64) -> pb::NotedPayment {
    pb::NotedPayment {
        resident_id: enrolment.resident_id.to_string(),
        enrolment_id: enrolment.id.to_string(),
        payment_date: paid_on.to_owned(),
        version,
    }
}

async fn note(registry: &Registry, payments: Vec<pb::NotedPayment>, caller: Caller) -> Result<i32, Error> {
    let request = pb::NotePaymentsRequest { event_id: "event".to_owned(), payments };
    Caller::scope(Some(caller), super::note_payments(registry, request)).await.map(|answer| answer.left_out)
}

async fn paid_on(on: &TestDatabase, enrolment: &Enrolment) -> Option<String> {
    let mut session = on.database.read().await.unwrap();
    let sql = "SELECT paid_on FROM enrolment WHERE resident_id = $1";
    let row = session.maybe_row(sql, args![enrolment.resident_id.to_string()]).await.unwrap().unwrap();
    row.maybe_date("paid_on").unwrap().map(|day: NaiveDate| day.to_string())
}

/// J-3.4.2-a rests on it: paid, refunded and paid again, told in any order and any number of times.
#[tokio::test]
async fn the_highest_version_stays_in_every_order() {
    let told = [("2020-11-13", 1), ("", 2), ("2020-12-01", 3)];
    let orders: [&[usize]; 6] = [&[0, 1, 2], &[2, 1, 0], &[1, 0, 2], &[0, 2, 1, 2], &[2, 0, 1], &[1, 2, 2, 0]];
    let (context, worlds) = worlds().await;
    for (on, registry) in &worlds {
        for (place, order) in orders.iter().enumerate() {
            let enrolment = enrolled(on, &context, &format!("000{place}")).await;
            for entry in *order {
                let (day, version) = told[*entry];
                note(registry, vec![noted(&enrolment, day, version)], Caller::system()).await.unwrap();
            }
            assert_eq!(paid_on(on, &enrolment).await.as_deref(), Some("2020-12-01"), "{} {order:?}", on.kind);
        }
        let refunded = enrolled(on, &context, "0010").await;
        note(registry, vec![noted(&refunded, "", 2)], Caller::system()).await.unwrap();
        note(registry, vec![noted(&refunded, "2020-11-13", 1)], Caller::system()).await.unwrap();
        assert_eq!(paid_on(on, &refunded).await, None, "{}", on.kind);
    }
}

/// A batch may say different things of many, and of one enrolment twice.
#[tokio::test]
async fn a_batch_is_noted_together() {
    let (context, worlds) = worlds().await;
    for (on, registry) in &worlds {
        let (one, other) = (enrolled(on, &context, "0001").await, enrolled(on, &context, "0002").await);
        let untold = enrolled(on, &context, "0003").await;
        let batch = vec![noted(&one, "", 2), noted(&other, "2020-11-12", 1), noted(&one, "2020-11-12", 1)];
        note(registry, batch, Caller::system()).await.unwrap();
        let found = [paid_on(on, &one).await, paid_on(on, &other).await, paid_on(on, &untold).await];
        assert_eq!(found, [None, Some("2020-11-12".to_owned()), None], "{}", on.kind);
    }
}

#[tokio::test]
async fn an_unknown_enrolment_holds_nothing_back() {
    let (context, worlds) = worlds().await;
    for (on, registry) in &worlds {
        let known = enrolled(on, &context, "0001").await;
        let unknown = Enrolment { id: context.id(), ..known.clone() };
        let undated = noted(&known, "2020-13-12", 3);
        let batch =
            vec![noted(&unknown, "2020-11-12", 1), undated, noted(&known, "2020-11-12", 1), noted(&known, "", 0)];
        for _ in 0..2 {
            assert_eq!(note(registry, batch.clone(), Caller::system()).await.unwrap(), 3, "{}", on.kind);
            assert_eq!(paid_on(on, &known).await.as_deref(), Some("2020-11-12"), "{}", on.kind);
        }
        let refused = note(registry, vec![noted(&known, "2020-11-12", 1); 501], Caller::system()).await.unwrap_err();
        assert!(refused.to_string().contains("VALUE_NOT_ALLOWED"), "{refused}");
        let tax = Caller { office: Office::Tax, ..Caller::system() };
        let refused = note(registry, vec![noted(&known, "2020-11-12", 1)], tax).await.unwrap_err();
        assert!(refused.to_string().contains("ROLE_NOT_ALLOWED"), "{refused}");
    }
}

async fn prepaid(registry: &Registry, request: pb::NotePrepaymentRequest, caller: Caller) -> Result<(), Error> {
    Caller::scope(Some(caller), super::note_prepayment(registry, request)).await.map(|_| ())
}

/// J-3.2.1-c: told twice, a prepayment is one fact; another one is another.
#[tokio::test]
async fn a_prepayment_is_noted_once() {
    let (context, worlds) = worlds().await;
    for (on, registry) in &worlds {
        let resident_id = enrolled(on, &context, "0001").await.resident_id;
        let prepayment: PrepaymentId = context.id();
        let request = pb::NotePrepaymentRequest {
            event_id: "event".to_owned(),
            resident_id: resident_id.to_string(),
            prepayment_id: prepayment.to_string(),
            first_policy_year: 2021,
            last_policy_year: 2023,
            payment_date: "2020-11-12".to_owned(),
        };
        for event_id in ["one", "two"] {
            let request = pb::NotePrepaymentRequest { event_id: event_id.to_owned(), ..request.clone() };
            prepaid(registry, request, Caller::system()).await.unwrap();
        }
        let another: PrepaymentId = context.id();
        let other = pb::NotePrepaymentRequest { prepayment_id: another.to_string(), ..request.clone() };
        prepaid(registry, other, Caller::system()).await.unwrap();
        let mut session = on.database.read().await.unwrap();
        let sql = "SELECT fact_id FROM resident_fact WHERE resident_id = $1 AND kind = 'PREPAYMENT' ORDER BY fact_id";
        let rows = session.rows(sql, args![resident_id.to_string()]).await.unwrap();
        let ids: Vec<_> = rows.iter().map(|row| row.text("fact_id").unwrap()).collect();
        assert_eq!(ids, [prepayment.to_string(), another.to_string()], "{}", on.kind);
        drop(session);

        let backwards = pb::NotePrepaymentRequest { last_policy_year: 2020, ..request.clone() };
        let refused = prepaid(registry, backwards, Caller::system()).await.unwrap_err();
        assert!(refused.to_string().contains("DATE_ORDER"), "{refused}");
        let stranger: juyi_domain::id::ResidentId = context.id();
        let nobody = pb::NotePrepaymentRequest { resident_id: stranger.to_string(), ..request.clone() };
        let refused = prepaid(registry, nobody, Caller::system()).await.unwrap_err();
        assert!(refused.to_string().contains("PERSON_NOT_FOUND"), "{refused}");
        let tax = Caller { office: Office::Tax, ..Caller::system() };
        let refused = prepaid(registry, request, tax).await.unwrap_err();
        assert!(refused.to_string().contains("ROLE_NOT_ALLOWED"), "{refused}");
    }
}
