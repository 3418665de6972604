//! The steps of refunds through the generated client.

use juyi_domain::codes::{District, Office, RefundGround, RefundState};
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as pb;
use juyi_proto::contribution::v1::list_refunds_request::Scope;
use juyi_testkit::{TestTarget, targets};
use tonic::Status;

use super::office::{Desk, at_branch, at_tax, facts, reasons};
use super::stand_in::{ENROLMENT, RESIDENT, by};

pub(super) fn application(request_id: &str, ground: RefundGround, applied_on: &str) -> pb::ApplyRefundRequest {
    pb::ApplyRefundRequest {
        request_id: request_id.to_owned(),
        resident_id: RESIDENT.to_owned(),
        enrolment_id: ENROLMENT.to_owned(),
        ground: ground.to_wire(),
        application_date: applied_on.to_owned(),
        ..Default::default()
    }
}

pub(super) fn of_loan(request_id: &str, applied_on: &str) -> pb::ApplyRefundRequest {
    let loan = pb::StudentLoanFacts { admission_date: "2020-09-01".to_owned(), loan_date: "2020-11-20".to_owned() };
    pb::ApplyRefundRequest {
        student_loan: Some(loan),
        ..application(request_id, RefundGround::StudentLoan, applied_on)
    }
}

pub(super) async fn apply(desk: &Desk, request: pb::ApplyRefundRequest) -> Result<pb::Refund, Status> {
    Ok(at_tax(desk.refunds.clone().apply_refund(request)).await?.into_inner().refund.unwrap())
}

pub(super) async fn withdraw(desk: &Desk, request_id: &str, applied_on: &str) -> Result<pb::Refund, Status> {
    apply(desk, application(request_id, RefundGround::Withdrawal, applied_on)).await
}

pub(super) fn decision(request_id: &str, refund_id: &str, decision: RefundState) -> pb::VerifyRefundRequest {
    let reason = if decision == RefundState::Rejected { "the application was taken back" } else { "" };
    pb::VerifyRefundRequest {
        request_id: request_id.to_owned(),
        resident_id: RESIDENT.to_owned(),
        refund_id: refund_id.to_owned(),
        decision: decision.to_wire(),
        reason: reason.to_owned(),
        ..Default::default()
    }
}

pub(super) async fn decide(desk: &Desk, request: pb::VerifyRefundRequest) -> Result<pb::Refund, Status> {
    Ok(at_tax(desk.refunds.clone().verify_refund(request)).await?.into_inner().refund.unwrap())
}

pub(super) async fn verify(desk: &Desk, refund_id: &str) -> Result<pb::Refund, Status> {
    decide(desk, decision("verify", refund_id, RefundState::Verified)).await
}

pub(super) fn repayment(request_id: &str, refund_id: &str, voucher_number: &str, on: &str) -> pb::RepayRefundRequest {
    pb::RepayRefundRequest {
        amount_fen: 56_000,
        request_id: request_id.to_owned(),
        resident_id: RESIDENT.to_owned(),
        refund_id: refund_id.to_owned(),
        voucher_number: voucher_number.to_owned(),
        repayment_date: on.to_owned(),
        ..Default::default()
    }
}

pub(super) async fn repay(desk: &Desk, request: pb::RepayRefundRequest) -> Result<pb::Refund, Status> {
    Ok(at_branch(desk.refunds.clone().repay_refund(request)).await?.into_inner().refund.unwrap())
}

async fn list(desk: &Desk, scope: Scope, page_size: i32, page_token: &str) -> pb::ListRefundsResponse {
    let request = pb::ListRefundsRequest { scope: Some(scope), page_size, page_token: page_token.to_owned() };
    at_tax(desk.refunds.clone().list_refunds(request)).await.unwrap().into_inner()
}

pub(super) async fn open(desk: &Desk) -> usize {
    list(desk, Scope::OpenInDistrict(District::Jinghai.to_string()), 0, "").await.refunds.len()
}

fn states(refund: &pb::Refund) -> Vec<i32> {
    refund.steps.iter().map(|step| step.state).collect()
}

/// S-12: J-3.5-a on the last day before benefits, and the two offices of J-3.5-b one after the other.
#[tokio::test]
async fn a_refund_is_accepted_verified_and_paid_back() {
    for on in &targets().await {
        let desk = Desk::with_farmer(on).await;
        let accepted = withdraw(&desk, "one", "2020-12-31").await.unwrap();
        assert_eq!((accepted.refund_fen, accepted.state), (56_000, RefundState::Accepted.to_wire()), "{}", on.kind);
        assert_eq!(accepted.benefit_start_date, "2021-01-01");
        assert_eq!(accepted.receipt.as_ref().unwrap().steps[0].rule_id, "J-3.5-a");
        assert!(desk.deliveries.refunds().is_empty(), "{}", on.kind);
        assert_eq!((desk.noted(), open(&desk).await), (("2020-11-20".to_owned(), 1), 1));

        desk.clock.set_day("2021-01-04");
        let verified = verify(&desk, &accepted.refund_id).await.unwrap();
        assert_eq!(verified.state, RefundState::Verified.to_wire(), "{}", on.kind);
        let told = desk.deliveries.refunds();
        assert_eq!((told.len(), told[0].payment_id.as_str()), (1, accepted.payment_id.as_str()), "{}", on.kind);
        assert_eq!(
            (told[0].refund_id.as_str(), told[0].refund_date.as_str()),
            (accepted.refund_id.as_str(), "2021-01-04")
        );
        assert_eq!((desk.noted(), open(&desk).await), ((String::new(), 2), 1), "{}", on.kind);

        desk.clock.set_day("2021-01-11");
        let repaid = repay(&desk, repayment("repay", &accepted.refund_id, "R-1", "2021-01-10")).await.unwrap();
        let all = [RefundState::Accepted, RefundState::Verified, RefundState::Repaid].map(Coded::to_wire);
        assert_eq!(states(&repaid), all, "{}", on.kind);
        let last = repaid.steps.last().unwrap();
        assert_eq!((last.date.as_str(), last.voucher_number.as_str()), ("2021-01-10", "R-1"));
        assert_eq!(last.recorded_by.as_ref().unwrap().office, Office::SocialInsurance.to_wire());
        assert_eq!(open(&desk).await, 0, "{}", on.kind);
        let request = pb::GetRefundRequest { resident_id: RESIDENT.to_owned(), refund_id: accepted.refund_id };
        let read = at_tax(desk.refunds.clone().get_refund(request)).await.unwrap().into_inner();
        assert_eq!(read.refund.as_ref(), Some(&repaid), "{}", on.kind);
    }
}

/// J-3.5-b: the steps have one order, and each is taken once.
#[tokio::test]
async fn the_order_of_the_steps_is_kept() {
    for on in &targets().await {
        let desk = Desk::with_farmer(on).await;
        let id = withdraw(&desk, "one", "2020-12-31").await.unwrap().refund_id;
        let early = repay(&desk, repayment("early", &id, "R-1", "2020-12-31")).await;
        assert_eq!(reasons(early), "ORDER_VIOLATION", "{}", on.kind);
        verify(&desk, &id).await.unwrap();
        let again = decide(&desk, decision("again", &id, RefundState::Verified)).await;
        assert_eq!(reasons(again), "ORDER_VIOLATION", "{}", on.kind);
        let reject = decide(&desk, decision("reject", &id, RefundState::Rejected)).await;
        assert_eq!(reasons(reject), "ORDER_VIOLATION", "{}", on.kind);

        let before = repay(&desk, repayment("before", &id, "R-1", "2020-12-30")).await;
        assert_eq!(reasons(before), "DATE_ORDER", "{}", on.kind);
        let part = pb::RepayRefundRequest { amount_fen: 55_999, ..repayment("part", &id, "R-1", "2020-12-31") };
        let status = repay(&desk, part).await.unwrap_err();
        let found = ["reasons", "due_fen", "paid_fen"].map(|key| facts(&status)[key].clone());
        assert_eq!(found, ["AMOUNT_MISMATCH", "56000", "55999"], "{}", on.kind);
        let of_tax = repay(&desk, repayment("of tax", &id, "V-pay", "2020-12-31")).await;
        assert_eq!(reasons(of_tax), "DUPLICATE_PAYMENT", "{}", on.kind);
        let first = repay(&desk, repayment("repay", &id, "R-1", "2020-12-31")).await.unwrap();
        let same = repay(&desk, repayment("same", &id, "R-1", "2020-12-31")).await.unwrap();
        assert_eq!(first, same, "{}", on.kind);
        let other = repay(&desk, repayment("other", &id, "R-2", "2020-12-31")).await;
        assert_eq!(reasons(other), "DUPLICATE_REFUND", "{}", on.kind);
        assert_eq!(desk.deliveries.refunds().len(), 1, "{}", on.kind);
    }
}

/// J-3.5-a: nothing paid, nothing refunded; and one application at a time.
#[tokio::test]
async fn a_payment_has_one_refund() {
    for on in &targets().await {
        let desk = Desk::with_farmer(on).await;
        let first = withdraw(&desk, "one", "2020-12-31").await.unwrap();
        let status = withdraw(&desk, "two", "2020-12-31").await.unwrap_err();
        let found = facts(&status);
        assert_eq!(found["reasons"], "DUPLICATE_REFUND", "{}", on.kind);
        assert_eq!(found["refund_id"], first.refund_id, "{}", on.kind);
        assert_eq!(withdraw(&desk, "one", "2020-12-31").await.unwrap(), first, "{}", on.kind);

        let rejected = decide(&desk, decision("no", &first.refund_id, RefundState::Rejected)).await.unwrap();
        assert_eq!(rejected.steps[1].reason, "the application was taken back", "{}", on.kind);
        assert_eq!(desk.deliveries.refunds().len(), 0, "{}", on.kind);
        let second = withdraw(&desk, "three", "2020-12-31").await.unwrap();
        verify(&desk, &second.refund_id).await.unwrap();
        assert_eq!(reasons(withdraw(&desk, "four", "2020-12-31").await), "ENROLMENT_NOT_FOUND", "{}", on.kind);
    }
}

/// J-3.5-a: after the refund the enrolment is paid again, and everything stands as after one payment.
#[tokio::test]
async fn refund_and_payment_again_is_payment() {
    for on in &targets().await {
        let desk = Desk::with_farmer(on).await;
        let id = withdraw(&desk, "one", "2020-12-31").await.unwrap().refund_id;
        verify(&desk, &id).await.unwrap();
        let again = desk.pay("again", 56_000, "2020-11-20").await.unwrap();
        assert_eq!(desk.noted(), ("2020-11-20".to_owned(), 3), "{}", on.kind);
        let seen = desk.deliveries.seen();
        assert_eq!((seen.len(), seen[1].payment_id.as_str()), (2, again.payment_id.as_str()), "{}", on.kind);
        let facts = |payment_id: &str| benefit(&seen, payment_id);
        assert_eq!(facts(&seen[0].payment_id), facts(&again.payment_id), "{}", on.kind);
        assert_eq!(reasons(desk.pay("third", 56_000, "2020-11-20").await), "DUPLICATE_PAYMENT", "{}", on.kind);
    }
}

/// What coverage is derived from, beside the id.
fn benefit(seen: &[juyi_proto::benefit_period::v1::PaymentFact], payment_id: &str) -> (String, String, bool) {
    let fact = seen.iter().find(|fact| fact.payment_id == payment_id).unwrap();
    (fact.enrolment_id.clone(), fact.payment_date.clone(), fact.fully_subsidised)
}

#[tokio::test]
async fn two_verifications_at_once_have_one_effect() {
    for on in &targets().await {
        let desk = Desk::with_farmer(on).await;
        let id = withdraw(&desk, "one", "2020-12-31").await.unwrap().refund_id;
        let (one, other) = tokio::join!(
            decide(&desk, decision("a", &id, RefundState::Verified)),
            decide(&desk, decision("b", &id, RefundState::Rejected)),
        );
        let verified = one.is_ok();
        assert_ne!(verified, other.is_ok(), "{}", on.kind);
        assert_eq!(reasons(if verified { other } else { one }), "ORDER_VIOLATION", "{}", on.kind);
        assert_eq!(desk.deliveries.refunds().len(), usize::from(verified), "{}", on.kind);
    }
}

/// J-3.5-b: the tax hall of the district accepts and verifies, the social insurance agency pays back.
#[tokio::test]
async fn each_step_has_its_office() {
    let on = TestTarget::sqlite();
    let desk = Desk::with_farmer(&on).await;
    let mut client = desk.refunds.clone();
    let request = || application("one", RefundGround::Withdrawal, "2020-12-31");
    for (office, district) in [
        (Office::SocialInsurance, District::Jinghai),
        (Office::Township, District::Jinghai),
        (Office::Tax, District::Nankai),
    ] {
        assert_eq!(reasons(by(office, district, client.apply_refund(request())).await), "ROLE_NOT_ALLOWED", "{office}");
    }
    let id = apply(&desk, request()).await.unwrap().refund_id;
    let verification = decision("two", &id, RefundState::Verified);
    assert_eq!(reasons(at_branch(client.verify_refund(verification.clone())).await), "ROLE_NOT_ALLOWED");
    let elsewhere = by(Office::Tax, District::Nankai, client.verify_refund(verification)).await;
    assert_eq!(reasons(elsewhere), "ROLE_NOT_ALLOWED");
    verify(&desk, &id).await.unwrap();
    let repay = repayment("three", &id, "R-1", "2020-12-31");
    assert_eq!(reasons(at_tax(client.repay_refund(repay)).await), "ROLE_NOT_ALLOWED");
    let mut payments = desk.payments.clone();
    let resident_id = RESIDENT.to_owned();
    let refund = pb::GetRefundRequest { resident_id: resident_id.clone(), refund_id: id.clone() };
    let unseen = by(Office::Tax, District::Nankai, client.get_refund(refund.clone())).await;
    assert_eq!(reasons(unseen), "ROLE_NOT_ALLOWED");
    let payment_id = at_tax(client.get_refund(refund)).await.unwrap().into_inner().refund.unwrap().payment_id;
    let payment = pb::GetPaymentRequest { resident_id: resident_id.clone(), payment_id };
    let unseen = by(Office::Tax, District::Nankai, payments.get_payment(payment.clone())).await;
    assert_eq!(reasons(unseen), "ROLE_NOT_ALLOWED");
    let seen = at_tax(payments.get_payment(payment)).await.unwrap().into_inner().payment.unwrap();
    assert_eq!((seen.refund_id.as_str(), seen.refund_date.as_str()), (id.as_str(), "2020-12-31"));
    let all = pb::ListPaymentsRequest { resident_id: resident_id.clone(), ..Default::default() };
    let listed = by(Office::Tax, District::Nankai, payments.list_payments(all.clone())).await.unwrap().into_inner();
    assert!(listed.payments.is_empty());
    assert_eq!(at_tax(payments.list_payments(all)).await.unwrap().into_inner().payments.len(), 1);
    let of_resident = pb::ListRefundsRequest { scope: Some(Scope::ResidentId(resident_id)), ..Default::default() };
    let listed = by(Office::Tax, District::Nankai, client.list_refunds(of_resident)).await.unwrap().into_inner();
    assert!(listed.refunds.is_empty());
    let elsewhere = Scope::OpenInDistrict(District::Nankai.to_string());
    let request = pb::ListRefundsRequest { scope: Some(elsewhere), ..Default::default() };
    assert_eq!(reasons(at_tax(client.list_refunds(request)).await), "ROLE_NOT_ALLOWED");
}

#[tokio::test]
async fn what_is_only_checked_leaves_nothing() {
    for on in &targets().await {
        let desk = Desk::with_farmer(on).await;
        let request = application("one", RefundGround::Withdrawal, "2020-12-31");
        let checked = apply(&desk, pb::ApplyRefundRequest { validate_only: true, ..request }).await.unwrap();
        assert_eq!((checked.refund_id.as_str(), checked.refund_fen, open(&desk).await), ("", 56_000, 0), "{}", on.kind);
        let id = withdraw(&desk, "two", "2020-12-31").await.unwrap().refund_id;
        let check = pb::VerifyRefundRequest { validate_only: true, ..decision("c", &id, RefundState::Verified) };
        assert_eq!(decide(&desk, check).await.unwrap().state, RefundState::Verified.to_wire(), "{}", on.kind);
        assert!(desk.deliveries.refunds().is_empty(), "{}", on.kind);
        verify(&desk, &id).await.unwrap();
    }
}

#[tokio::test]
async fn refunds_are_listed_by_resident_and_by_district() {
    for on in &targets().await {
        let desk = Desk::with_farmer(on).await;
        let mut ids = Vec::new();
        for request_id in ["one", "two", "three"] {
            let id = withdraw(&desk, request_id, "2020-12-31").await.unwrap().refund_id;
            let no = decision(&format!("no-{request_id}"), &id, RefundState::Rejected);
            if request_id != "three" {
                decide(&desk, no).await.unwrap();
            }
            ids.insert(0, id);
        }
        let of_resident = || Scope::ResidentId(RESIDENT.to_owned());
        let first = list(&desk, of_resident(), 2, "").await;
        let found: Vec<_> = first.refunds.iter().map(|refund| refund.refund_id.clone()).collect();
        assert_eq!(found, ids[..2], "{}", on.kind);
        let second = list(&desk, of_resident(), 2, &first.next_page_token).await;
        assert_eq!((second.refunds.len(), second.next_page_token.as_str()), (1, ""), "{}", on.kind);
        let open = list(&desk, Scope::OpenInDistrict(District::Jinghai.to_string()), 1, "").await;
        assert_eq!(open.refunds[0].refund_id, ids[0], "{}", on.kind);
        let rest = list(&desk, Scope::OpenInDistrict(District::Jinghai.to_string()), 1, &open.next_page_token).await;
        assert!(rest.refunds.is_empty(), "{}", on.kind);
    }
}

#[tokio::test]
async fn fields_are_refused_together() {
    let on = TestTarget::sqlite();
    let desk = Desk::with_farmer(&on).await;
    let bad = pb::ApplyRefundRequest { enrolment_id: String::new(), ..of_loan("one", "2021-01-01") };
    let bad = pb::ApplyRefundRequest { ground: RefundGround::Death.to_wire(), ..bad };
    assert_eq!(reasons(apply(&desk, bad).await), "REQUIRED_FIELD_MISSING,DATE_ORDER,VALUE_NOT_ALLOWED");
    let lacking = application("two", RefundGround::StudentLoan, "2020-12-31");
    assert_eq!(reasons(apply(&desk, lacking).await), "REQUIRED_FIELD_MISSING");
    let wrong = decision("three", ENROLMENT, RefundState::Repaid);
    assert_eq!(reasons(decide(&desk, wrong).await), "VALUE_NOT_ALLOWED");
    let unexplained =
        pb::VerifyRefundRequest { reason: String::new(), ..decision("four", ENROLMENT, RefundState::Rejected) };
    assert_eq!(reasons(decide(&desk, unexplained).await), "REQUIRED_FIELD_MISSING");
    assert_eq!(reasons(verify(&desk, ENROLMENT).await), "REFUND_NOT_FOUND");
}
