//! Deductions from the old-age living subsidy through the generated client.

use juyi_domain::codes::{Disposition, District, PaymentMethod};
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as pb;
use juyi_proto::registry::v1 as registry;
use juyi_testkit::{TestTarget, targets};
use tokio_stream::StreamExt;
use tonic::Status;

use super::office::{Desk, at_branch, at_centre, at_tax, facts, reasons};
use super::stand_in::RESIDENT;

const OTHER: &str = "00000000-0000-7000-8000-000000000003";

fn deduction(request_id: &str) -> pb::DeductPremiumRequest {
    pb::DeductPremiumRequest {
        request_id: request_id.to_owned(),
        validate_only: false,
        resident_id: RESIDENT.to_owned(),
        policy_year: 2021,
        district: District::Jinghai.to_string(),
        deduction_date: "2021-01-15".to_owned(),
        voucher_number: format!("D-{request_id}"),
        subsidy_fen: Some(30_000),
    }
}

fn row(deduction: pb::DeductPremiumRequest) -> pb::DeductPremiumsRequest {
    pb::DeductPremiumsRequest { deduction: Some(deduction) }
}

async fn deduct(desk: &Desk, request: pb::DeductPremiumRequest) -> Result<pb::Payment, Status> {
    Ok(at_centre(desk.collection.clone().deduct_premium(request)).await?.into_inner().payment.unwrap())
}

async fn desk(on: &TestTarget) -> Desk {
    let desk = Desk::start(on).await;
    desk.clock.set_day("2021-02-01");
    desk
}

/// S-11: J-3.3.4-a takes 280.00, once however often it is asked for.
#[tokio::test]
async fn the_low_tier_is_taken_from_who_did_not_enrol() {
    for on in &targets().await {
        let desk = desk(on).await;
        let payment = deduct(&desk, deduction("one")).await.unwrap();
        assert_eq!((payment.amount_fen, payment.payment_date.as_str()), (28_000, "2021-01-15"), "{}", on.kind);
        assert_eq!(payment.method, PaymentMethod::PensionDeduction.to_wire(), "{}", on.kind);
        let steps = payment.quote.as_ref().unwrap().receipt.clone().unwrap().steps;
        assert_eq!(steps.last().unwrap().rule_id, "J-3.3.4-a", "{}", on.kind);
        let seen = desk.deliveries.seen();
        assert!(seen[0].person.as_ref().unwrap().enrolments[0].by_deduction, "{}", on.kind);
        assert_eq!(deduct(&desk, deduction("one")).await.unwrap(), payment, "{}", on.kind);
        assert_eq!((desk.deliveries.count(), desk.registrar.enrolled()), (1, 1), "{}", on.kind);
        assert_eq!(reasons(deduct(&desk, deduction("two")).await), "DUPLICATE_ENROLMENT", "{}", on.kind);
    }
}

/// S-11: B-7.3.3-c takes 150.00 in Baodi.
#[tokio::test]
async fn baodi_deducts_150() {
    let on = TestTarget::sqlite();
    let desk = desk(&on).await;
    let request = pb::DeductPremiumRequest {
        policy_year: 2017,
        district: District::Baodi.to_string(),
        deduction_date: "2017-01-20".to_owned(),
        ..deduction("one")
    };
    let payment = deduct(&desk, request).await.unwrap();
    assert_eq!(payment.amount_fen, 15_000);
    let receipt = payment.quote.unwrap().receipt.unwrap();
    assert_eq!(receipt.steps.last().unwrap().rule_id, "B-7.3.3-c");
}

/// J-3.3.4-a: what broke off after the registry enrolled is finished by the same call, with one effect.
#[tokio::test]
async fn a_call_that_broke_off_is_finished() {
    for on in &targets().await {
        let desk = desk(on).await;
        let request = deduction("one");
        let enrolled = desk.registrar.enrol(&registry::EnrolByDeductionRequest {
            request_id: request.request_id.clone(),
            resident_id: request.resident_id.clone(),
            policy_year: request.policy_year,
            district: request.district.clone(),
            deduction_date: request.deduction_date.clone(),
            validate_only: false,
        });
        assert_eq!(desk.deliveries.count(), 0, "{}", on.kind);
        let payment = deduct(&desk, request.clone()).await.unwrap();
        assert_eq!(payment.enrolment_id, enrolled.unwrap().enrolment_id, "{}", on.kind);
        deduct(&desk, request).await.unwrap();
        assert_eq!((desk.deliveries.count(), desk.registrar.enrolled()), (1, 1), "{}", on.kind);
    }
}

/// J-3.3.4-a: nothing is taken from subsidised persons, in the window, or from too little.
#[tokio::test]
async fn nothing_is_taken_where_nothing_is_due() {
    let on = TestTarget::sqlite();
    let desk = desk(&on).await;
    desk.registrar.subsidise(OTHER);
    let free = pb::DeductPremiumRequest { resident_id: OTHER.to_owned(), ..deduction("one") };
    assert_eq!(reasons(deduct(&desk, free).await), "CLASS_NOT_ELIGIBLE");
    let early = pb::DeductPremiumRequest {
        deduction_date: "2020-12-31".to_owned(),
        subsidy_fen: Some(27_999),
        ..deduction("two")
    };
    let status = deduct(&desk, early).await.unwrap_err();
    assert_eq!(facts(&status)["reasons"], "WINDOW_NOT_OPEN,RULE_NOT_DEFINED");
    assert_eq!((facts(&status)["opens_on"].as_str(), facts(&status)["rule_id"].as_str()), ("2021-01-01", "J-3.3.4-a"));
    let future = pb::DeductPremiumRequest { deduction_date: "2021-02-02".to_owned(), ..deduction("three") };
    assert_eq!(reasons(deduct(&desk, future).await), "DATE_ORDER");
    assert_eq!((desk.registrar.enrolled(), desk.deliveries.count()), (0, 0));
}

/// J-3.3.4-a: the city social insurance centre, and nobody of a district.
#[tokio::test]
async fn only_the_centre_of_the_city_deducts() {
    let on = TestTarget::sqlite();
    let desk = desk(&on).await;
    let mut client = desk.collection.clone();
    assert_eq!(reasons(at_branch(client.deduct_premium(deduction("one"))).await), "ROLE_NOT_ALLOWED");
    assert_eq!(reasons(at_tax(client.deduct_premium(deduction("two"))).await), "ROLE_NOT_ALLOWED");
    let rows = tokio_stream::iter([row(deduction("three"))]);
    assert_eq!(reasons(at_branch(client.deduct_premiums(rows)).await), "ROLE_NOT_ALLOWED");
    assert_eq!(desk.registrar.enrolled(), 0);
}

#[tokio::test]
async fn what_is_only_checked_leaves_nothing() {
    for on in &targets().await {
        let desk = desk(on).await;
        let checked =
            deduct(&desk, pb::DeductPremiumRequest { validate_only: true, ..deduction("one") }).await.unwrap();
        assert_eq!((checked.payment_id.as_str(), checked.amount_fen), ("", 28_000), "{}", on.kind);
        assert_eq!((desk.registrar.enrolled(), desk.deliveries.count()), (0, 0), "{}", on.kind);
    }
}

/// J-3.3.4-a: row by row, each with what became of it.
#[tokio::test]
async fn rows_stand_alone() {
    for on in &targets().await {
        let desk = desk(on).await;
        desk.registrar.subsidise(OTHER);
        let rows = || {
            let free = pb::DeductPremiumRequest { resident_id: OTHER.to_owned(), ..deduction("two") };
            let third = "00000000-0000-7000-8000-000000000004".to_owned();
            let last = pb::DeductPremiumRequest { resident_id: third, ..deduction("four") };
            tokio_stream::iter([deduction("one"), free, deduction("three"), last].map(row))
        };
        for _ in 0..2 {
            let answers = at_centre(desk.collection.clone().deduct_premiums(rows())).await.unwrap().into_inner();
            let answers: Vec<_> = answers.map(Result::unwrap).collect().await;
            let found: Vec<_> = answers.iter().map(|answer| (answer.row, answer.disposition)).collect();
            let (new, rejected, duplicate) =
                (Disposition::New.to_wire(), Disposition::Rejected.to_wire(), Disposition::Duplicate.to_wire());
            assert_eq!(found, [(1, new), (2, rejected), (3, duplicate), (4, new)], "{}", on.kind);
            let condition = &answers[1].conditions[0];
            assert_eq!((condition.reason.as_str(), condition.rule_id.as_str()), ("CLASS_NOT_ELIGIBLE", "J-3.3.4-a"));
            assert_eq!(answers[3].payment.as_ref().unwrap().amount_fen, 28_000, "{}", on.kind);
            assert_eq!((desk.registrar.enrolled(), desk.deliveries.count()), (2, 2), "{}", on.kind);
        }
    }
}

/// J-3.3.4-a: of a deduction that is refused in the end no enrolment is left, and what is only checked takes nothing.
#[tokio::test]
async fn what_is_not_taken_leaves_nothing() {
    for on in &targets().await {
        let desk = desk(on).await;
        let trial = pb::DeductPremiumRequest { validate_only: true, ..deduction("one") };
        let rows = tokio_stream::iter([trial, deduction("one")].map(row));
        let answers = at_centre(desk.collection.clone().deduct_premiums(rows)).await.unwrap().into_inner();
        let found: Vec<_> = answers.map(|answer| answer.unwrap().disposition).collect().await;
        assert_eq!(found, [Disposition::New.to_wire(); 2], "{}", on.kind);
        assert_eq!(desk.registrar.enrolled(), 1, "{}", on.kind);

        desk.registrar.subsidise_meanwhile();
        let other = pb::DeductPremiumRequest { resident_id: OTHER.to_owned(), ..deduction("two") };
        assert_eq!(reasons(deduct(&desk, other).await), "CLASS_NOT_ELIGIBLE", "{}", on.kind);
        assert_eq!(desk.registrar.enrolled(), 1, "{}", on.kind);
    }
}

/// Many elderly persons, each with a row of the own.
fn elderly(count: usize) -> Vec<pb::DeductPremiumRequest> {
    let one = |number: usize| pb::DeductPremiumRequest {
        resident_id: format!("00000000-0000-7000-8000-{:012}", number + 100),
        voucher_number: "D-1".to_owned(),
        ..deduction(&format!("row-{number}"))
    };
    (0..count).map(one).collect()
}

/// The dispositions of a stream, and how it ended.
async fn send(desk: &Desk, rows: Vec<pb::DeductPremiumRequest>) -> (Vec<i32>, Option<Status>) {
    let rows = tokio_stream::iter(rows.into_iter().map(row));
    let mut answers = at_centre(desk.collection.clone().deduct_premiums(rows)).await.unwrap().into_inner();
    let mut found = Vec::new();
    loop {
        match answers.message().await {
            Ok(Some(answer)) => found.push(answer.disposition),
            Ok(None) => return (found, None),
            Err(status) => return (found, Some(status)),
        }
    }
}

/// J-3.3.4-a: in chunks, each one transaction and one event; cut off in the middle and sent again the effect is one.
#[tokio::test]
async fn many_are_deducted_in_chunks() {
    for on in &targets().await {
        let desk = desk(on).await;
        let new = Disposition::New.to_wire();
        desk.registrar.break_after(Some(300));
        let (found, ended) = send(&desk, elderly(450)).await;
        assert_eq!(
            (found, reasons::<()>(Err(ended.unwrap()))),
            (vec![new; 200], "PEER_UNAVAILABLE".to_owned()),
            "{}",
            on.kind
        );
        assert_eq!((desk.registrar.enrolled(), desk.deliveries.calls()), (300, vec![200]), "{}", on.kind);

        desk.registrar.break_after(None);
        let (found, ended) = send(&desk, elderly(450)).await;
        assert_eq!((found, ended.is_none()), (vec![new; 450], true), "{}", on.kind);
        assert_eq!((desk.registrar.enrolled(), desk.deliveries.calls()), (450, vec![200, 200, 50]), "{}", on.kind);
        let mut paid: Vec<_> = desk.deliveries.seen().into_iter().map(|fact| fact.enrolment_id).collect();
        paid.sort();
        paid.dedup();
        assert_eq!(paid.len(), 450, "{}", on.kind);
    }
}

/// J-3.3.4-a: who wants an answer before the next row gets it.
#[tokio::test]
async fn rows_may_wait_for_answers() {
    let on = TestTarget::sqlite();
    let desk = desk(&on).await;
    let (rows, sent) = tokio::sync::mpsc::channel(1);
    let sent = tokio_stream::wrappers::ReceiverStream::new(sent);
    let mut answers = at_centre(desk.collection.clone().deduct_premiums(sent)).await.unwrap().into_inner();
    for (number, request) in (1..).zip(elderly(3)) {
        rows.send(row(request)).await.unwrap();
        assert_eq!(answers.message().await.unwrap().unwrap().row, number);
    }
    drop(rows);
    assert_eq!(answers.message().await.unwrap(), None);
}

/// J-3.3.4-a: an enrolment that could not be taken back is so by the same call again, or at the next start; until then
/// the caller is told why nothing was deducted.
#[tokio::test]
async fn an_enrolment_is_taken_back_later() {
    for on in &targets().await {
        let desk = desk(on).await;
        desk.registrar.subsidise_meanwhile();
        for (next, request_id) in ["again", "restarted"].iter().enumerate() {
            desk.registrar.keep(true);
            let person = elderly(2).remove(next).resident_id;
            let request = pb::DeductPremiumRequest { resident_id: person, ..deduction(request_id) };
            assert_eq!(reasons(deduct(&desk, request.clone()).await), "CLASS_NOT_ELIGIBLE", "{}", on.kind);
            assert_eq!(desk.registrar.enrolled(), 1, "{}", on.kind);
            desk.registrar.keep(false);
            if next == 0 {
                assert_eq!(reasons(deduct(&desk, request).await), "CLASS_NOT_ELIGIBLE", "{}", on.kind);
            } else {
                let _restarted = desk.restarted(on).await;
                none_left(&desk).await;
            }
            assert_eq!(desk.registrar.enrolled(), 0, "{}", on.kind);
        }
        assert_eq!(desk.deliveries.count(), 0, "{}", on.kind);
    }
}

/// J-3.3.4-a: what broke off after the registry enrolled and is sent no more leaves no unpaid enrolment.
#[tokio::test]
async fn what_is_not_sent_again_is_taken_back() {
    for on in &targets().await {
        let desk = desk(on).await;
        desk.registrar.break_after(Some(3));
        let (found, ended) = send(&desk, elderly(5)).await;
        assert_eq!((found.len(), ended.is_some(), desk.registrar.enrolled()), (0, true, 3), "{}", on.kind);
        desk.registrar.break_after(None);
        desk.clock.set_day("2021-02-02");
        let _restarted = desk.restarted(on).await;
        none_left(&desk).await;
        // It is no obstacle to what is sent after all.
        let (found, ended) = send(&desk, elderly(5)).await;
        assert_eq!((found, ended.is_none()), (vec![Disposition::New.to_wire(); 5], true), "{}", on.kind);
        assert_eq!((desk.registrar.enrolled(), desk.deliveries.count()), (5, 5), "{}", on.kind);
    }
}

/// Waits until the background has taken everything back.
async fn none_left(desk: &Desk) {
    for _ in 0..200 {
        if desk.registrar.enrolled() == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("enrolments are left");
}
