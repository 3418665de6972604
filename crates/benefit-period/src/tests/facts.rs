//! Facts as they arrive: once or many times, in any order, alone or by the hundred.

use juyi_domain::codes::{Insurance, Office};
use juyi_kit::caller::Caller;
use juyi_proto::benefit_period::v1 as pb;
use juyi_proto::common::v1::{EnrolmentTerms, PersonState};
use juyi_testkit::{TestTarget, targets};

use super::people::*;

#[tokio::test]
async fn a_payment_has_one_effect_however_often_it_is_delivered() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-03-01").await;
        let (one, other) = tokio::join!(suite.pay(vec![late_payment()]), suite.pay(vec![late_payment()]));
        one.unwrap();
        other.unwrap();
        suite.pay(vec![late_payment(), late_payment()]).await.unwrap();
        assert_eq!(suite.spans(RESIDENT, true).await.len(), 4, "{}", on.kind);
        assert_eq!(suite.explain(RESIDENT).await.unwrap().recomputations.len(), 1, "{}", on.kind);

        let mut listed = 0;
        let mut page_token = String::new();
        for last in [false, true] {
            let request =
                pb::ListCoverageRequest { resident_id: id(RESIDENT), page_size: 3, page_token, ..Default::default() };
            let page = suite.client.clone().list_coverage(request).await.unwrap().into_inner();
            listed += page.spans.len();
            page_token = page.next_page_token;
            assert_eq!(page_token.is_empty(), last, "{}", on.kind);
        }
        assert_eq!(listed, 4, "{}", on.kind);
    }
}

/// J-3.5-a: a refund takes the spans away and keeps them as withdrawn, also when it arrives first; another payment of the
/// same enrolment opens what it would have opened alone.
#[tokio::test]
async fn a_refund_withdraws_and_another_payment_opens_again() {
    for on in &targets().await {
        for refund_first in [false, true] {
            let place = fresh(on).await;
            let suite = Suite::start(&place, "2021-03-25").await;
            if refund_first {
                suite.refund(vec![refunded()]).await.unwrap();
                assert_eq!(suite.explain(RESIDENT).await.unwrap().awaiting_refunds.len(), 1, "{}", on.kind);
                suite.pay(vec![late_payment()]).await.unwrap();
            } else {
                suite.pay(vec![late_payment()]).await.unwrap();
                suite.refund(vec![refunded()]).await.unwrap();
                let withdrawn = suite.spans(RESIDENT, true).await;
                assert!(withdrawn.len() == 4 && withdrawn.iter().all(|span| span.3), "{}", on.kind);
            }
            assert!(suite.spans(RESIDENT, false).await.is_empty(), "{}", on.kind);
            assert!(!suite.coverage("2021-05-01", Insurance::Basic).await.covered, "{}", on.kind);
            let again = pb::PaymentFact { payment_id: id(33), payment_date: "2021-03-25".to_owned(), ..late_payment() };
            suite.pay(vec![again]).await.unwrap();
            assert_eq!(suite.of(Insurance::Basic).await, ["2021-06-01 to 2021-12-31"], "{}", on.kind);
        }
    }
}

/// Another place of the same kind.
async fn fresh(like: &TestTarget) -> TestTarget {
    targets().await.into_iter().find(|target| target.kind == like.kind).unwrap()
}

/// Persons of one batch that another batch names, too.
#[tokio::test]
async fn two_batches_that_name_the_same_people_wait_for_each_other() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-03-01").await;
        let batch = |revision: i64, numbers: &mut dyn Iterator<Item = u64>| -> Vec<pb::PaymentFact> {
            let payment = |number: u64| {
                let terms = EnrolmentTerms { enrolment_id: id(20_000 + number), ..terms() };
                pb::PaymentFact {
                    payment_id: id(u64::try_from(revision).unwrap() * 100_000 + number),
                    enrolment_id: id(20_000 + number),
                    payment_date: "2020-10-08".to_owned(),
                    person: Some(PersonState {
                        resident_id: id(10_000 + number),
                        revision,
                        enrolments: vec![terms],
                        ..farmer()
                    }),
                    ..late_payment()
                }
            };
            numbers.map(payment).collect()
        };
        let (up, down) = (batch(1, &mut (0..40)), batch(2, &mut (0..40).rev()));
        let (one, other) = tokio::join!(suite.pay(up), suite.pay(down));
        one.unwrap();
        other.unwrap();
        for number in 0..40 {
            let spans = suite.spans(10_000 + number, false).await;
            assert_eq!(spans.len(), 4, "{} {number}: {spans:?}", on.kind);
            let explained = suite.explain(10_000 + number).await.unwrap();
            assert_eq!(explained.payments.len(), 2, "{}", on.kind);
            assert_eq!(explained.person.unwrap().state.unwrap().revision, 2, "{}", on.kind);
        }
    }
}

/// An older state of a person changes nothing.
#[tokio::test]
async fn the_highest_revision_stays() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-03-01").await;
        let dead = PersonState { revision: 5, death_date: "2021-06-10".to_owned(), ..farmer() };
        suite.note(vec![dead]).await.unwrap();
        suite.pay(vec![late_payment()]).await.unwrap();
        suite.note(vec![PersonState { revision: 4, ..farmer() }]).await.unwrap();
        assert_eq!(suite.of(Insurance::Basic).await, ["2021-05-01 to 2021-06-10"], "{}", on.kind);
        // The first state opened nothing, and the older one says nothing.
        assert_eq!(suite.explain(RESIDENT).await.unwrap().recomputations.len(), 1, "{}", on.kind);
    }
}

#[tokio::test]
async fn only_the_suite_delivers() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-01").await;
    let request = || pb::ApplyPaymentsRequest { event_id: id(900), payments: vec![late_payment()] };
    assert_eq!(reasons(suite.facts.clone().apply_payments(request()).await), "ROLE_NOT_ALLOWED");
    let tax = || Some(Caller { office: Office::Tax, district: None, name: String::new() });
    let mut facts = suite.facts.clone();
    assert_eq!(reasons(Caller::scope(tax(), facts.apply_payments(request())).await), "ROLE_NOT_ALLOWED");
    let refunds = pb::ApplyRefundsRequest { event_id: id(900), refunds: vec![refunded()] };
    assert_eq!(reasons(Caller::scope(tax(), facts.apply_refunds(refunds)).await), "ROLE_NOT_ALLOWED");
    let persons = pb::NoteResidentsRequest { event_id: id(900), persons: vec![farmer()] };
    assert_eq!(reasons(Caller::scope(tax(), facts.note_residents(persons)).await), "ROLE_NOT_ALLOWED");
}

/// A fact that nobody can read does not keep those of others from being taken, however often the event comes.
#[tokio::test]
async fn what_cannot_be_read_is_left_out_of_a_batch() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-01").await;
    let unpaid = pb::PaymentFact { method: 0, ..late_payment() };
    let undated = pb::PaymentFact { payment_date: String::new(), ..late_payment() };
    let impersonal = pb::PaymentFact { person: None, ..late_payment() };
    let unknown = paid("2021-02-26", PersonState { birth_date: "1970-13-01".to_owned(), ..farmer() });
    for _ in 0..2 {
        let payments = vec![undated.clone(), impersonal.clone(), late_payment(), unknown.clone(), unpaid.clone()];
        assert_eq!(suite.pay(payments).await.unwrap(), 4);
        assert_eq!(suite.of(Insurance::Basic).await, ["2021-05-01 to 2021-12-31"]);
    }
    let nameless = pb::RefundFact { resident_id: String::new(), ..refunded() };
    assert_eq!(suite.refund(vec![nameless, refunded()]).await.unwrap(), 1);
    assert!(suite.of(Insurance::Basic).await.is_empty());
    let unborn = PersonState { birth_date: String::new(), ..farmer() };
    assert_eq!(suite.note(vec![unborn]).await.unwrap(), 1);
    assert_eq!(reasons(suite.pay(vec![late_payment(); 501]).await), "VALUE_NOT_ALLOWED");
    suite.pay(Vec::new()).await.unwrap();
}
