//! The repositories of derivations and spans.

use juyi_domain::codes::{Class, District, Insurance, Tier};
use juyi_domain::dates::Period;
use juyi_domain::id::SpanId;
use juyi_domain::receipt::{Receipt, Step};
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_testkit::{TestDatabase, context, databases, prepare_all};

use crate::SCHEMA;
use crate::store::derivations::{self, Derivation};
use crate::store::spans::{self, Span};
use crate::store::{migrations, statements};

fn derivation(context: &Context) -> Derivation {
    let mut receipt = Receipt::default();
    receipt.push(Step::new("J-4.1-a").found("basic", Period::of_year(2021).unwrap()));
    Derivation {
        resident_id: context.id(),
        payment_id: context.id(),
        enrolment_id: context.id(),
        policy_year: 2021,
        district: District::Jinghai,
        class: Class::Adult,
        tier: Tier::Middle,
        receipt,
        created_at: context.now(),
    }
}

fn span(context: &Context, of: &Derivation, insurance: Insurance, year: i32) -> Span {
    Span {
        resident_id: of.resident_id,
        id: context.id(),
        payment_id: of.payment_id,
        enrolment_id: of.enrolment_id,
        insurance,
        period: Period::of_year(year).unwrap(),
        benefit_year: year,
    }
}

async fn insert(on: &TestDatabase, derivation: &Derivation, spans: &[&Span]) -> Result<(), Error> {
    let mut session = on.database.begin().await?;
    derivations::insert(&mut session, derivation).await?;
    for span in spans {
        spans::insert(&mut session, span).await?;
    }
    Ok(session.commit().await?)
}

#[tokio::test]
async fn every_statement_is_valid_on_both_databases() {
    prepare_all(SCHEMA, &migrations(), &statements()).await;
}

#[tokio::test]
async fn what_a_payment_opened_is_found() {
    let context = context("2020-11-11");
    for on in &databases(SCHEMA, &migrations()).await {
        let derivation = derivation(&context);
        let span = span(&context, &derivation, Insurance::Basic, 2021);
        insert(on, &derivation, &[&span]).await.unwrap();
        let session = &mut on.database.read().await.unwrap();
        let (resident_id, payment_id) = (derivation.resident_id, derivation.payment_id);
        let found = derivations::maybe_find(session, resident_id, payment_id).await.unwrap();
        assert_eq!(found, Some(derivation), "{}", on.kind);
        let opened = vec![span];
        assert_eq!(spans::of_payment(session, resident_id, payment_id).await.unwrap(), opened, "{}", on.kind);
        assert_eq!(spans::list(session, resident_id).await.unwrap(), opened, "{}", on.kind);
        assert_eq!(derivations::maybe_find(session, resident_id, context.id()).await.unwrap(), None);
        assert!(spans::list(session, context.id()).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_payment_opens_each_span_once() {
    let context = context("2020-11-11");
    for on in &databases(SCHEMA, &migrations()).await {
        let derivation = derivation(&context);
        let first = span(&context, &derivation, Insurance::Basic, 2021);
        insert(on, &derivation, &[&first]).await.unwrap();
        let again = insert(on, &derivation, &[]).await;
        assert!(matches!(again, Err(Error::Storage(juyi_db::Error::Duplicate))), "{}", on.kind);
        let mut session = on.database.begin().await.unwrap();
        let twin = spans::insert(&mut session, &span(&context, &derivation, Insurance::Basic, 2021)).await;
        assert!(matches!(twin, Err(juyi_db::Error::Duplicate)), "{}", on.kind);
    }
}

#[tokio::test]
async fn spans_are_paged_by_insurance_and_start() {
    let context = context("2020-11-11");
    for on in &databases(SCHEMA, &migrations()).await {
        let derivation = derivation(&context);
        let [late, early, accident] = [(Insurance::Basic, 2021), (Insurance::Basic, 2020), (Insurance::Accident, 2021)]
            .map(|(insurance, year)| span(&context, &derivation, insurance, year));
        insert(on, &derivation, &[&late, &early, &accident]).await.unwrap();
        let session = &mut on.database.read().await.unwrap();
        let mut page =
            async |after: Option<SpanId>| spans::page(session, derivation.resident_id, after, 2).await.unwrap();
        let (middle, last) = (early.id, late.id);
        assert_eq!(page(None).await, [accident, early], "{}", on.kind);
        assert_eq!(page(Some(middle)).await, [late], "{}", on.kind);
        assert!(page(Some(last)).await.is_empty(), "{}", on.kind);
    }
}
