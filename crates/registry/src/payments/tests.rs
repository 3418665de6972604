//! Payments that the contribution service tells of, on SQLite and on PostgreSQL.

use chrono::NaiveDate;
use juyi_db::args;
use juyi_domain::codes::Office;
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_proto::registry::v1 as pb;
use juyi_testkit::{TestDatabase, context, databases};

use crate::NAME;
use crate::registry::Registry;
use crate::store::enrolments::{self, Enrolment};
use crate::store::migrations;
use crate::store::residents;
use crate::tests::{enrolment, farmer};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn enrolled(on: &TestDatabase, context: &Context) -> Enrolment {
    let resident = farmer(context, "120118197005010012");
    let enrolment = enrolment(context, resident.id, 2021);
    let mut session = on.database.begin().await.unwrap();
    residents::insert(&mut session, &resident).await.unwrap();
    enrolments::insert(&mut session, &enrolment).await.unwrap();
    session.commit().await.unwrap();
    enrolment
}

async fn note(registry: &Registry, enrolment: &Enrolment, paid_on: &str, caller: Caller) -> Result<(), Error> {
    let request = pb::NotePaymentRequest {
        resident_id: enrolment.resident_id.to_string(),
        enrolment_id: enrolment.id.to_string(),
        payment_date: paid_on.to_owned(),
    };
    Caller::scope(Some(caller), super::note_payment(registry, request)).await.map(|_| ())
}

/// J-3.4.2-a rests on it: told in any order and any number of times, the earliest day stays.
#[tokio::test]
async fn the_earliest_day_of_payment_stays() {
    let context = context("2021-03-10");
    for on in &databases(NAME, &migrations()).await {
        let registry = Registry { database: on.database.clone(), context: context.clone() };
        let enrolment = enrolled(on, &context).await;
        for (told, stands) in [
            ("2020-11-13", "2020-11-13"),
            ("2020-11-12", "2020-11-12"),
            ("2020-11-12", "2020-11-12"),
            ("2020-11-20", "2020-11-12"),
        ] {
            note(&registry, &enrolment, told, Caller::system()).await.unwrap();
            let mut session = on.database.read().await.unwrap();
            let sql = "SELECT paid_on FROM enrolment WHERE resident_id = $1";
            let row = session.maybe_row(sql, args![enrolment.resident_id.to_string()]).await.unwrap().unwrap();
            assert_eq!(row.maybe_date("paid_on").unwrap(), Some(day(stands)), "{} {told}", on.kind);
        }
    }
}

#[tokio::test]
async fn an_unknown_enrolment_and_other_offices_are_refused() {
    let context = context("2021-03-10");
    for on in &databases(NAME, &migrations()).await {
        let registry = Registry { database: on.database.clone(), context: context.clone() };
        let known = enrolled(on, &context).await;
        let unknown = Enrolment { id: context.id(), ..known.clone() };
        let refused = note(&registry, &unknown, "2020-11-12", Caller::system()).await.unwrap_err();
        assert!(refused.to_string().contains("ENROLMENT_NOT_FOUND"), "{refused}");
        let tax = Caller { office: Office::Tax, ..Caller::system() };
        let refused = note(&registry, &known, "2020-11-12", tax).await.unwrap_err();
        assert!(refused.to_string().contains("ROLE_NOT_ALLOWED"), "{refused}");
    }
}
