//! What opens a refund and what excludes it, through the generated client.

use juyi_domain::codes::{District, Identity, Office, PaymentMethod, RefundGround, RefundState, Tier};
use juyi_proto::code::Coded;
use juyi_proto::common::v1::EnrolmentTerms;
use juyi_proto::contribution::v1 as pb;
use juyi_testkit::{TestTarget, targets};

use super::office::{Desk, facts, reasons, student};
use super::refunds::{application, apply, decide, decision, of_loan, open, repay, repayment, verify, withdraw};
use super::stand_in::{ENROLMENT, RESIDENT, by, farmer, person};

/// S-12: J-3.5-c from the first day of benefits on.
#[tokio::test]
async fn nothing_is_paid_back_once_benefits_began() {
    for on in &targets().await {
        let desk = Desk::with_farmer(on).await;
        desk.clock.set_day("2021-01-01");
        let status = withdraw(&desk, "one", "2021-01-01").await.unwrap_err();
        let found = facts(&status);
        let found = ["reasons", "rule_id", "benefit_start"].map(|key| found[key].as_str());
        assert_eq!(found, ["BENEFIT_ALREADY_STARTED", "J-3.5-c", "2021-01-01"], "{}", on.kind);
        assert_eq!(open(&desk).await, 0);
        // Applied for in time, and received later.
        assert_eq!(withdraw(&desk, "two", "2020-12-31").await.unwrap().refund_fen, 56_000);
    }
}

/// S-13: J-3.5-d with the government in the student's place (J-2.3-l), so that coverage goes on; J-3.5-c without a loan.
#[tokio::test]
async fn a_student_with_a_loan_gets_the_premium_back_and_stays_covered() {
    for on in &targets().await {
        let desk = Desk::with_student(on).await;
        desk.clock.set_day("2020-12-10");
        assert_eq!(reasons(withdraw(&desk, "one", "2020-12-10").await), "BENEFIT_ALREADY_STARTED", "{}", on.kind);
        assert_eq!(reasons(apply(&desk, of_loan("two", "2020-12-10")).await), "EVIDENCE_NOT_ACCEPTED", "{}", on.kind);
        desk.grant_loan();
        let accepted = apply(&desk, of_loan("three", "2020-12-10")).await.unwrap();
        assert_eq!((accepted.refund_fen, accepted.benefit_start_date.as_str()), (26_000, "2020-09-01"), "{}", on.kind);

        let verified = verify(&desk, &accepted.refund_id).await.unwrap();
        let seen = desk.deliveries.seen();
        let replacing = seen.last().unwrap();
        assert_eq!((seen.len(), replacing.payment_id.as_str()), (2, verified.replacing_payment_id.as_str()));
        assert_eq!((replacing.payment_date.as_str(), replacing.fully_subsidised), ("2020-09-20", true), "{}", on.kind);
        assert_eq!(desk.deliveries.refunds().len(), 1, "{}", on.kind);
        assert_eq!(desk.noted(), ("2020-09-20".to_owned(), 3), "{}", on.kind);

        desk.clock.set_day("2021-01-05");
        let repayment = repayment("r", &accepted.refund_id, "R-1", "2021-01-05");
        let whole = pb::RepayRefundRequest { amount_fen: 26_000, ..repayment };
        assert_eq!(repay(&desk, whole).await.unwrap().refund_fen, 26_000);
    }
}

/// J-3.5-d: loan and admission are as the registry has them, where it has them.
#[tokio::test]
async fn the_days_of_a_loan_are_the_registrys() {
    let on = TestTarget::sqlite();
    for (loaned, admitted) in [("2020-11-21", "2020-09-01"), ("2020-11-20", "2019-09-01")] {
        let desk = Desk::with_student(&on).await;
        desk.grant_loan_from(loaned, admitted);
        let status = apply(&desk, of_loan("one", "2020-12-31")).await.unwrap_err();
        let found = facts(&status);
        assert_eq!((found["reasons"].as_str(), found["rule_id"].as_str()), ("EVIDENCE_NOT_ACCEPTED", "J-3.5-d"));
    }
    let desk = Desk::with_student(&on).await;
    desk.grant_loan_from("2020-11-20", "2020-09-01");
    assert_eq!(apply(&desk, of_loan("one", "2020-12-31")).await.unwrap().refund_fen, 26_000);
}

/// S-13: J-3.5-d, applied for in the calendar year of the loan.
#[tokio::test]
async fn the_year_of_the_loan_ends_with_its_deadline() {
    let on = TestTarget::sqlite();
    let desk = Desk::with_student(&on).await;
    desk.grant_loan();
    desk.clock.set_day("2021-01-05");
    let status = apply(&desk, of_loan("one", "2021-01-05")).await.unwrap_err();
    let found = facts(&status);
    let found = ["reasons", "rule_id", "last_day"].map(|key| found[key].as_str());
    assert_eq!(found, ["DEADLINE_PASSED", "J-3.5-d", "2020-12-31"]);
    assert_eq!(apply(&desk, of_loan("two", "2020-12-31")).await.unwrap().refund_fen, 26_000);
}

/// S-14: J-3.5-e on the death that the registry knows; the facts of the day of verification decide.
#[tokio::test]
async fn a_death_before_benefits_is_paid_back_until_the_end_of_the_year() {
    for on in &targets().await {
        let dear = EnrolmentTerms { tier: Tier::High.to_wire(), application_date: "2020-11-01".to_owned(), ..farmer() };
        let desk = Desk::with_payment(on, dear, 91_000, "2020-11-02").await;
        desk.clock.set_day("2022-01-01");
        let death = |request_id: &str, applied_on: &str| application(request_id, RefundGround::Death, applied_on);
        assert_eq!(reasons(apply(&desk, death("one", "2021-03-01")).await), "EVIDENCE_NOT_ACCEPTED", "{}", on.kind);
        desk.residents.record_death(RESIDENT, "2020-12-05");
        let status = apply(&desk, death("two", "2022-01-01")).await.unwrap_err();
        let found = facts(&status);
        let found = ["reasons", "rule_id", "last_day"].map(|key| found[key].as_str());
        assert_eq!(found, ["DEADLINE_PASSED", "J-3.5-e", "2021-12-31"], "{}", on.kind);
        let accepted = apply(&desk, death("three", "2021-03-01")).await.unwrap();
        assert_eq!((accepted.refund_fen, accepted.death_date.as_str()), (91_000, "2020-12-05"), "{}", on.kind);

        desk.residents.record_death(RESIDENT, "2021-01-08");
        assert_eq!(reasons(verify(&desk, &accepted.refund_id).await), "BENEFIT_ALREADY_STARTED", "{}", on.kind);
        assert_eq!((desk.deliveries.refunds().len(), open(&desk).await), (0, 1), "{}", on.kind);
        desk.residents.record_death(RESIDENT, "2020-12-06");
        let verified = decide(&desk, decision("later", &accepted.refund_id, RefundState::Verified)).await.unwrap();
        assert_eq!(verified.death_date, "2020-12-06", "{}", on.kind);
        assert_eq!(desk.deliveries.refunds().len(), 1, "{}", on.kind);
    }
}

/// B-8.2.3-c: the plan names the branch, to whoever asks.
#[tokio::test]
async fn baodi_refunds_at_its_branch_by_rules_of_its_own() {
    let on = TestTarget::sqlite();
    let terms = EnrolmentTerms {
        policy_year: 2017,
        district: District::Baodi.to_string(),
        application_date: "2016-10-10".to_owned(),
        ..farmer()
    };
    let desk = Desk::start(&on).await;
    desk.registrar.people.add(person(RESIDENT, terms));
    let payment = pb::ConfirmPaymentRequest {
        request_id: "pay".to_owned(),
        resident_id: RESIDENT.to_owned(),
        enrolment_id: ENROLMENT.to_owned(),
        amount_fen: 38_000,
        payment_date: "2016-10-12".to_owned(),
        method: PaymentMethod::MobileApp.to_wire(),
        voucher_number: "V-1".to_owned(),
        ..Default::default()
    };
    by(Office::Tax, District::Baodi, desk.payments.clone().confirm_payment(payment)).await.unwrap();
    for (request_id, office) in [("one", Office::Tax), ("two", Office::SocialInsurance)] {
        let request = application(request_id, RefundGround::Withdrawal, "2016-12-01");
        let status = by(office, District::Baodi, desk.refunds.clone().apply_refund(request)).await.unwrap_err();
        let found = facts(&status);
        let found = ["reasons", "rule_id", "right_desk"].map(|key| found[key].as_str());
        assert_eq!(found, ["RULE_NOT_DEFINED", "B-8.2.3-c", "DISTRICT_SOCIAL_INSURANCE_BRANCH"], "{office}");
    }
}

/// J-3.5-a: a subsidised person is owed nothing; the verification ends it.
#[tokio::test]
async fn a_subsidised_person_gets_nothing_back() {
    for on in &targets().await {
        let desk = Desk::start(on).await;
        desk.registrar.people.add(person(RESIDENT, farmer()));
        desk.registrar.people.add_identity(RESIDENT, Identity::LowIncome);
        desk.pay("pay", 0, "2020-11-20").await.unwrap();
        let accepted = withdraw(&desk, "one", "2020-12-31").await.unwrap();
        assert_eq!((accepted.refund_fen, open(&desk).await), (0, 1), "{}", on.kind);
        verify(&desk, &accepted.refund_id).await.unwrap();
        assert_eq!((desk.deliveries.refunds().len(), open(&desk).await), (1, 0), "{}", on.kind);
        let repaid = repay(&desk, repayment("r", &accepted.refund_id, "R-1", "2020-12-31")).await;
        assert_eq!(reasons(repaid), "ORDER_VIOLATION", "{}", on.kind);
    }
}

/// J-3.5-d, J-3.5-e: the loan of somebody whom the government pays for comes to 0 and leaves the payment; a later refund is
/// not kept from it. While it is under way there is no second one.
#[tokio::test]
async fn a_loan_that_changed_nothing_blocks_no_later_refund() {
    for on in &targets().await {
        let desk = Desk::start(on).await;
        desk.registrar.people.add(person(RESIDENT, student()));
        desk.registrar.people.add_identity(RESIDENT, Identity::SpecialFamilyStudent);
        desk.pay("pay", 0, "2020-09-20").await.unwrap();
        desk.clock.set_day("2020-12-10");
        desk.grant_loan();
        let loan = apply(&desk, of_loan("one", "2020-12-10")).await.unwrap();
        assert_eq!(reasons(apply(&desk, of_loan("two", "2020-12-10")).await), "DUPLICATE_REFUND", "{}", on.kind);
        let verified = verify(&desk, &loan.refund_id).await.unwrap();
        assert_eq!((verified.refund_fen, desk.deliveries.refunds().len()), (0, 0), "{}", on.kind);

        let again = apply(&desk, of_loan("three", "2020-12-10")).await.unwrap();
        assert_ne!(again.refund_id, loan.refund_id, "{}", on.kind);
    }
}

/// J-3.5-b, J-3.5-e: acceptance and verification each keep what they were decided by.
#[tokio::test]
async fn every_decision_keeps_its_receipt() {
    for on in &targets().await {
        let desk = Desk::with_farmer(on).await;
        desk.clock.set_day("2021-03-01");
        desk.residents.record_death(RESIDENT, "2020-12-05");
        let accepted = apply(&desk, application("one", RefundGround::Death, "2021-03-01")).await.unwrap();
        desk.residents.record_death(RESIDENT, "2020-12-06");
        let verified = verify(&desk, &accepted.refund_id).await.unwrap();
        let kept: Vec<_> = verified.steps.iter().map(|step| (step.refund_fen, step.receipt.clone())).collect();
        assert_eq!(kept, [(Some(56_000), accepted.receipt.clone()), (Some(56_000), verified.receipt.clone())]);
        assert_ne!(accepted.receipt, verified.receipt, "{}", on.kind);
        let repaid = repay(&desk, repayment("r", &accepted.refund_id, "R-1", "2021-03-01")).await.unwrap();
        let step = repaid.steps.iter().find(|step| step.state == RefundState::Repaid.to_wire()).unwrap();
        assert_eq!((step.refund_fen, step.receipt.clone()), (None, None), "{}", on.kind);
    }
}
