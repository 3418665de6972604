//! The repositories.

use juyi_domain::codes::Insurance;
use juyi_domain::dates::Period;
use juyi_domain::id::{RecomputationId, ResidentId, SpanId};
use juyi_kit::context::Context;
use juyi_testkit::{context, databases, prepare_all};

use crate::SCHEMA;
use crate::store::spans::{self, Page, Span};
use crate::store::{facts, migrations, statements};

fn span(context: &Context, insurance: Insurance, year: i32) -> Span {
    Span {
        resident_id: "00000000-0000-7000-8000-000000000001".parse().unwrap(),
        id: context.id(),
        payment_id: "00000000-0000-7000-8000-000000000003".parse().unwrap(),
        enrolment_id: context.id(),
        insurance,
        period: Period::of_year(year).unwrap(),
        benefit_year: year,
        opened_by: context.id(),
        withdrawn: None,
    }
}

fn payment(of: &Span) -> facts::Told<juyi_domain::benefit_period::history::Payment> {
    let payment = juyi_domain::benefit_period::history::Payment {
        id: of.payment_id,
        enrolment_id: of.enrolment_id,
        paid_on: "2020-10-08".parse().unwrap(),
        method: juyi_domain::codes::PaymentMethod::BankCounter,
        fully_subsidised: false,
        invokes_epidemic_rule: true,
    };
    (of.resident_id, payment)
}

#[tokio::test]
async fn every_statement_is_valid_on_both_databases() {
    prepare_all(SCHEMA, &migrations(), &statements()).await;
}

#[tokio::test]
async fn a_withdrawn_span_makes_room_for_another_and_stays() {
    let context = context("2020-11-11");
    for on in &databases(SCHEMA, &migrations()).await {
        let [first, second] = [2021, 2021].map(|year| span(&context, Insurance::Basic, year));
        let mut session = on.database.begin().await.unwrap();
        facts::insert_payments(&mut session, &[payment(&first)], context.now()).await.unwrap();
        spans::insert(&mut session, std::slice::from_ref(&first)).await.unwrap();
        session.commit().await.unwrap();
        let mut session = on.database.begin().await.unwrap();
        let twin = spans::insert(&mut session, std::slice::from_ref(&second)).await;
        assert!(matches!(twin, Err(juyi_db::Error::Duplicate)), "{}", on.kind);
        drop(session);
        let mut session = on.database.begin().await.unwrap();
        let by: RecomputationId = context.id();
        spans::withdraw(&mut session, &first, by, context.now()).await.unwrap();
        spans::insert(&mut session, std::slice::from_ref(&second)).await.unwrap();
        session.commit().await.unwrap();
        let session = &mut on.database.read().await.unwrap();
        assert_eq!(spans::list(session, first.resident_id).await.unwrap(), [second], "{}", on.kind);
        let page = Page { after: None, size: 10, with_withdrawn: true };
        let all = spans::page(session, first.resident_id, page).await.unwrap();
        assert_eq!(all.iter().filter_map(|it| it.withdrawn).collect::<Vec<_>>(), [(by, context.now())], "{}", on.kind);
        assert_eq!(facts::payments(session, first.resident_id).await.unwrap(), [payment(&first)], "{}", on.kind);
        let nobody: ResidentId = context.id();
        assert!(spans::list(session, nobody).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn spans_are_paged_by_insurance_and_start() {
    let context = context("2020-11-11");
    for on in &databases(SCHEMA, &migrations()).await {
        let [late, early, accident] = [(Insurance::Basic, 2021), (Insurance::Basic, 2020), (Insurance::Accident, 2021)]
            .map(|(insurance, year)| span(&context, insurance, year));
        let mut session = on.database.begin().await.unwrap();
        facts::insert_payments(&mut session, &[payment(&late)], context.now()).await.unwrap();
        spans::insert(&mut session, &[late.clone(), early.clone(), accident.clone()]).await.unwrap();
        session.commit().await.unwrap();
        let session = &mut on.database.read().await.unwrap();
        let resident_id = late.resident_id;
        let mut page = async |after: Option<SpanId>| {
            spans::page(session, resident_id, Page { after, size: 2, with_withdrawn: false }).await.unwrap()
        };
        let (middle, last) = (early.id, late.id);
        assert_eq!(page(None).await, [accident, early], "{}", on.kind);
        assert!(page(Some(last)).await.is_empty(), "{}", on.kind);
        assert_eq!(page(Some(middle)).await, [late], "{}", on.kind);
    }
}
