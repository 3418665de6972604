//! Streams of payments, through the generated client, on both databases.

use std::sync::atomic::Ordering;

use juyi_domain::codes::{District, Identity, Office, PaymentMethod};
use juyi_domain::id::{EnrolmentId, ResidentId};
use juyi_kit::context::Context;
use juyi_proto::code::Coded;
use juyi_proto::common::v1::EnrolmentTerms;
use juyi_proto::contribution::v1 as pb;
use juyi_proto::contribution::v1::RowDisposition::{Confirmed, Refused, Repeated};
use juyi_testkit::{TestTarget, context, targets};
use tokio::sync::mpsc;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use super::calls::reasons;
use super::stand_in::{Suite, by, farmer, person};

/// Somebody enrolled like the farmer, and the row that pays for it.
fn enrol(suite: &Suite, context: &Context, voucher: &str) -> pb::PaymentRow {
    let (resident_id, enrolment_id) = (context.id::<ResidentId>().to_string(), context.id::<EnrolmentId>().to_string());
    suite.people.add(person(&resident_id, EnrolmentTerms { enrolment_id: enrolment_id.clone(), ..farmer() }));
    pb::PaymentRow {
        resident_id,
        enrolment_id,
        amount_fen: 56_000,
        payment_date: "2020-11-12".to_owned(),
        method: PaymentMethod::MobileApp.to_wire(),
        voucher_number: voucher.to_owned(),
        ..Default::default()
    }
}

fn message(batch_id: &str, rows: &[pb::PaymentRow]) -> pb::ConfirmPaymentsRequest {
    pb::ConfirmPaymentsRequest { batch_id: batch_id.to_owned(), rows: rows.to_vec() }
}

async fn send(
    suite: &Suite,
    office: Office,
    messages: Vec<pb::ConfirmPaymentsRequest>,
) -> Result<Vec<pb::ConfirmPaymentsResponse>, Status> {
    let mut client = suite.client.clone();
    let call = client.confirm_payments(tokio_stream::iter(messages));
    let mut answers = by(office, District::Jinghai, call).await?.into_inner();
    let mut found = Vec::new();
    while let Some(answer) = answers.next().await {
        found.push(answer?);
    }
    Ok(found)
}

fn dispositions(answers: &[pb::ConfirmPaymentsResponse]) -> Vec<pb::RowDisposition> {
    answers.iter().flat_map(|answer| &answer.outcomes).map(pb::PaymentRowOutcome::disposition).collect()
}

fn reasons_of(outcome: &pb::PaymentRowOutcome) -> Vec<&str> {
    outcome.reasons.iter().map(|reason| reason.reason.as_str()).collect()
}

/// J-3.3.6-a: each row by itself; a bad one spoils no neighbour.
#[tokio::test]
async fn every_row_has_its_outcome() {
    let context = context("2020-11-12");
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let good: Vec<_> = (0..4).map(|row| enrol(&suite, &context, &format!("V-{row}"))).collect();
        let short = pb::PaymentRow { amount_fen: 50_000, ..enrol(&suite, &context, "V-5") };
        let bank = pb::PaymentRow { method: PaymentMethod::BankCounter.to_wire(), ..enrol(&suite, &context, "V-6") };
        let unreadable = pb::PaymentRow { payment_date: "2020-13-12".to_owned(), ..enrol(&suite, &context, "V-7") };
        let stranger = pb::PaymentRow { enrolment_id: good[0].enrolment_id.clone(), ..enrol(&suite, &context, "V-8") };
        let same_voucher = enrol(&suite, &context, "V-0");
        let second = pb::PaymentRow { voucher_number: "V-9".to_owned(), ..good[1].clone() };
        let subsidy =
            pb::PaymentRow { method: PaymentMethod::GovernmentSubsidy.to_wire(), ..enrol(&suite, &context, "V-10") };
        let first = [good[0].clone(), short, good[1].clone(), bank, unreadable, stranger];
        let then = [same_voucher, good[2].clone(), second, good[2].clone(), subsidy, good[3].clone()];
        let answers = send(&suite, Office::Tax, vec![message("B", &first), message("B", &then)]).await.unwrap();

        assert_eq!(
            dispositions(&answers),
            [
                Confirmed, Refused, Confirmed, Refused, Refused, Refused, Refused, Confirmed, Refused, Repeated,
                Refused, Confirmed
            ],
            "{}",
            on.kind
        );
        let outcomes: Vec<_> = answers.iter().flat_map(|answer| answer.outcomes.clone()).collect();
        assert_eq!(outcomes.iter().map(|it| it.row).collect::<Vec<_>>(), (1..=12).collect::<Vec<_>>());
        assert_eq!(reasons_of(&outcomes[1]), ["AMOUNT_MISMATCH"]);
        let metadata = &outcomes[1].reasons[0].metadata;
        assert_eq!((metadata["due_fen"].as_str(), metadata["paid_fen"].as_str()), ("56000", "50000"));
        assert_eq!(reasons_of(&outcomes[3]), ["EVIDENCE_NOT_ACCEPTED", "REQUIRED_FIELD_MISSING"]);
        assert_eq!(reasons_of(&outcomes[4]), ["VALUE_NOT_ALLOWED"]);
        assert_eq!(reasons_of(&outcomes[5]), ["ENROLMENT_NOT_FOUND"]);
        for (outcome, first) in [(&outcomes[6], &outcomes[0]), (&outcomes[8], &outcomes[2])] {
            assert_eq!(reasons_of(outcome), ["DUPLICATE_PAYMENT"], "{}", on.kind);
            assert_eq!(outcome.reasons[0].metadata["payment_id"], first.payment_id, "{}", on.kind);
        }
        assert_eq!(outcomes[9].payment_id, outcomes[7].payment_id, "{}", on.kind);
        assert_eq!(reasons_of(&outcomes[10]), ["CHANNEL_MISMATCH"]);
        let counts = pb::PaymentCounts { rows: 12, confirmed: 4, repeated: 1, refused: 7, confirmed_fen: 224_000 };
        assert_eq!(answers[1].counts, Some(counts), "{}", on.kind);
        assert_eq!((suite.deliveries.count(), suite.people.noted().len()), (4, 4), "{}", on.kind);
        assert_eq!(suite.deliveries.calls(), [2, 2], "{}", on.kind);
    }
}

/// A stream that broke off is sent again as a whole, and by two at once.
#[tokio::test]
async fn a_stream_sent_again_has_one_effect() {
    let context = context("2020-11-12");
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let rows: Vec<_> = (0..25).map(|row| enrol(&suite, &context, &format!("V-{row}"))).collect();
        let whole = || rows.chunks(10).map(|rows| message("B", rows)).collect::<Vec<_>>();
        let begun = send(&suite, Office::Tax, whole().into_iter().take(2).collect()).await.unwrap();
        assert_eq!(dispositions(&begun), [Confirmed; 20], "{}", on.kind);
        let (one, other) = tokio::join!(send(&suite, Office::Tax, whole()), send(&suite, Office::Tax, whole()));
        for answers in [one.unwrap(), other.unwrap()] {
            assert_eq!(dispositions(&answers)[..20], [Repeated; 20], "{}", on.kind);
            let ids = |answers: &[pb::ConfirmPaymentsResponse]| -> Vec<String> {
                answers.iter().flat_map(|it| &it.outcomes).map(|it| it.payment_id.clone()).collect()
            };
            assert_eq!(ids(&answers)[..20], ids(&begun)[..], "{}", on.kind);
            let counts = answers[2].counts.unwrap();
            assert_eq!((counts.rows, counts.confirmed + counts.repeated), (25, 25), "{}", on.kind);
        }
        let mut told: Vec<_> = suite.deliveries.seen().into_iter().map(|fact| fact.payment_id).collect();
        told.sort_unstable();
        told.dedup();
        assert_eq!(told.len(), 25, "{}", on.kind);
    }
}

/// J-2.3-j: one voucher of the treasury covers many; its booking is not the tax office's alone.
#[tokio::test]
async fn a_voucher_of_the_treasury_covers_many() {
    let context = context("2020-11-12");
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let free = |voucher: &str| {
            let row = enrol(&suite, &context, voucher);
            suite.people.add_identity(&row.resident_id, Identity::SevereDisability);
            pb::PaymentRow { amount_fen: 0, method: PaymentMethod::GovernmentSubsidy.to_wire(), ..row }
        };
        let rows = [free("T-1"), free("T-1"), enrol(&suite, &context, "T-1"), enrol(&suite, &context, "V-1")];
        let answers = send(&suite, Office::SocialInsurance, vec![message("B", &rows)]).await.unwrap();
        assert_eq!(dispositions(&answers), [Confirmed, Confirmed, Refused, Refused], "{}", on.kind);
        assert_eq!(reasons_of(&answers[0].outcomes[3]), ["ROLE_NOT_ALLOWED"], "{}", on.kind);
        let answers = send(&suite, Office::Tax, vec![message("B", &rows)]).await.unwrap();
        assert_eq!(dispositions(&answers), [Repeated, Repeated, Refused, Confirmed], "{}", on.kind);
        assert_eq!(reasons_of(&answers[0].outcomes[2]), ["DUPLICATE_PAYMENT"], "{}", on.kind);
    }
}

/// J-A1.3-k: an office of a district confirms what is enrolled there; the others' rows are refused one by one.
#[tokio::test]
async fn rows_of_another_district_are_refused() {
    let context = context("2020-11-12");
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on).await;
    let elsewhere = enrol(&suite, &context, "V-1");
    let terms = EnrolmentTerms {
        enrolment_id: elsewhere.resident_id.clone(),
        district: District::Nankai.to_string(),
        ..farmer()
    };
    suite.people.add(person(&elsewhere.resident_id, terms));
    let row = pb::PaymentRow { enrolment_id: elsewhere.resident_id.clone(), ..elsewhere.clone() };
    let answers = send(&suite, Office::Tax, vec![message("B", &[row, elsewhere])]).await.unwrap();
    assert_eq!(dispositions(&answers), [Refused, Confirmed]);
    assert_eq!(reasons_of(&answers[0].outcomes[0]), ["ROLE_NOT_ALLOWED"]);
}

#[tokio::test]
async fn a_message_has_at_most_500_rows_and_a_batch() {
    let context = context("2020-11-12");
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on).await;
    let rows: Vec<_> = (0..501).map(|row| enrol(&suite, &context, &format!("V-{row}"))).collect();
    let answers = send(&suite, Office::Tax, vec![message("B", &rows[..500])]).await.unwrap();
    assert_eq!(answers[0].counts.unwrap().confirmed, 500);
    assert_eq!(reasons(send(&suite, Office::Tax, vec![message("B", &rows)]).await), "VALUE_NOT_ALLOWED");
    assert_eq!(reasons(send(&suite, Office::Tax, vec![message("B", &[])]).await), "VALUE_NOT_ALLOWED");
    assert_eq!(reasons(send(&suite, Office::Tax, vec![message("", &rows[..1])]).await), "REQUIRED_FIELD_MISSING");
    assert_eq!(reasons(send(&suite, Office::Township, Vec::new()).await), "ROLE_NOT_ALLOWED");
    assert!(send(&suite, Office::Tax, Vec::new()).await.unwrap().is_empty());
}

/// Answers come while rows are still to be sent.
#[tokio::test]
async fn an_answer_follows_each_message() {
    let context = context("2020-11-12");
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on).await;
    let (messages, sent) = mpsc::channel(1);
    let mut client = suite.client.clone();
    let call = client.confirm_payments(ReceiverStream::new(sent));
    let mut answers = by(Office::Tax, District::Jinghai, call).await.unwrap().into_inner();
    for row in 0..3 {
        messages.send(message("B", &[enrol(&suite, &context, &format!("V-{row}"))])).await.unwrap();
        let answer = answers.next().await.unwrap().unwrap();
        assert_eq!(answer.counts.unwrap().confirmed, row + 1);
    }
    drop(messages);
    assert!(answers.next().await.is_none());
}

/// What is confirmed stays so when the receiver of its events is down; they wait under the batch.
#[tokio::test]
async fn a_batch_waits_for_a_peer_that_is_down() {
    let context = context("2020-11-12");
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let rows = [enrol(&suite, &context, "V-1"), enrol(&suite, &context, "V-2")];
        suite.deliveries.down.store(true, Ordering::SeqCst);
        let answers = send(&suite, Office::Tax, vec![message("B", &rows)]).await.unwrap();
        assert_eq!(dispositions(&answers), [Confirmed; 2], "{}", on.kind);
        assert_eq!((suite.deliveries.count(), suite.people.noted().len()), (0, 2), "{}", on.kind);
        suite.deliveries.down.store(false, Ordering::SeqCst);
        let answers = send(&suite, Office::Tax, vec![message("B", &rows)]).await.unwrap();
        assert_eq!(dispositions(&answers), [Repeated; 2], "{}", on.kind);
        assert_eq!((suite.deliveries.count(), suite.people.noted().len()), (2, 2), "{}", on.kind);
    }
}
