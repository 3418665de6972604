//! Prepayments through the generated client.

use juyi_domain::codes::{InstitutionKind, PaymentMethod, RefundGround};
use juyi_proto::code::Coded;
use juyi_proto::common::v1::EnrolmentTerms;
use juyi_proto::contribution::v1 as pb;
use juyi_testkit::{TestTarget, targets};
use tonic::Status;

use super::office::{Desk, at_branch, at_tax, facts, reasons, student};
use super::stand_in::{ENROLMENT, RESIDENT, person};

/// 1040.00 for four academic years, with the enrolment of 2021.
fn four_years(request_id: &str) -> pb::PrepayPremiumRequest {
    pb::PrepayPremiumRequest {
        request_id: request_id.to_owned(),
        validate_only: false,
        resident_id: RESIDENT.to_owned(),
        enrolment_id: ENROLMENT.to_owned(),
        last_policy_year: 2024,
        academic_years: 4,
        prepaid_amount_fen: Some(104_000),
        payment_date: "2020-09-20".to_owned(),
        voucher_number: "T-1".to_owned(),
    }
}

async fn prepay(desk: &Desk, request: pb::PrepayPremiumRequest) -> Result<pb::PrepayPremiumResponse, Status> {
    Ok(at_tax(desk.collection.clone().prepay_premium(request)).await?.into_inner())
}

async fn with_student(on: &TestTarget) -> Desk {
    let desk = Desk::start(on).await;
    desk.registrar.people.add(person(RESIDENT, student()));
    desk
}

/// J-3.3.3-a: the running year is paid with it, the registry learns of the term, and a refund has no rule (J-3.5-f).
#[tokio::test]
async fn a_student_of_a_university_prepays() {
    for on in &targets().await {
        let desk = with_student(on).await;
        desk.attends(InstitutionKind::HigherEducation);
        let reply = prepay(&desk, four_years("one")).await.unwrap();
        let (term, payment) = (reply.prepayment.clone().unwrap(), reply.payment.clone().unwrap());
        assert_eq!((term.first_policy_year, term.last_policy_year, term.prepaid_amount_fen), (2021, 2024, 104_000));
        assert_eq!((payment.amount_fen, payment.method), (26_000, PaymentMethod::Prepayment.to_wire()), "{}", on.kind);
        let noted = desk.registrar.prepaid();
        assert_eq!((noted.len(), noted[0].prepayment_id.as_str()), (1, term.prepayment_id.as_str()), "{}", on.kind);
        assert_eq!((noted[0].first_policy_year, noted[0].last_policy_year), (2021, 2024), "{}", on.kind);
        assert_eq!((desk.deliveries.count(), desk.noted()), (1, ("2020-09-20".to_owned(), 1)), "{}", on.kind);
        assert_eq!(prepay(&desk, four_years("one")).await.unwrap(), reply, "{}", on.kind);

        let again = pb::PrepayPremiumRequest { voucher_number: "T-2".to_owned(), ..four_years("two") };
        let status = prepay(&desk, again).await.unwrap_err();
        assert_eq!(facts(&status)["reasons"], "DUPLICATE_PREPAYMENT,DUPLICATE_PAYMENT", "{}", on.kind);
        assert_eq!(facts(&status)["prepayment_id"], term.prepayment_id, "{}", on.kind);
        let request = pb::ListPrepaymentsRequest { resident_id: RESIDENT.to_owned(), ..Default::default() };
        let listed = at_tax(desk.collection.clone().list_prepayments(request)).await.unwrap().into_inner();
        assert_eq!(listed.prepayments, [term], "{}", on.kind);

        let refund = pb::ApplyRefundRequest {
            request_id: "refund".to_owned(),
            resident_id: RESIDENT.to_owned(),
            enrolment_id: ENROLMENT.to_owned(),
            ground: RefundGround::Withdrawal.to_wire(),
            application_date: "2020-12-01".to_owned(),
            ..Default::default()
        };
        let status = at_tax(desk.refunds.clone().apply_refund(refund)).await.unwrap_err();
        assert_eq!(
            (facts(&status)["reasons"].as_str(), facts(&status)["rule_id"].as_str()),
            ("RULE_NOT_DEFINED", "J-3.5-f")
        );
    }
}

/// J-3.3.3-a: others do not prepay, and nobody is told what several years cost (AMB-036).
#[tokio::test]
async fn others_pay_year_by_year() {
    let on = TestTarget::sqlite();
    let desk = with_student(&on).await;
    desk.attends(InstitutionKind::SecondaryVocational);
    let computed = pb::PrepayPremiumRequest { prepaid_amount_fen: None, ..four_years("one") };
    assert_eq!(reasons(prepay(&desk, computed.clone()).await), "CLASS_NOT_ELIGIBLE,RULE_NOT_DEFINED");
    desk.attends(InstitutionKind::HigherEducation);
    assert_eq!(reasons(prepay(&desk, computed.clone()).await), "RULE_NOT_DEFINED");
    let little = pb::PrepayPremiumRequest { prepaid_amount_fen: Some(25_999), ..four_years("two") };
    assert_eq!(reasons(prepay(&desk, little).await), "AMOUNT_MISMATCH");
    let elsewhere = at_branch(desk.collection.clone().prepay_premium(four_years("three"))).await;
    assert_eq!(reasons(elsewhere), "ROLE_NOT_ALLOWED");
    let one = pb::PrepayPremiumRequest { last_policy_year: 2021, academic_years: 1, ..computed };
    let validated = pb::PrepayPremiumRequest { validate_only: true, ..one.clone() };
    let checked = prepay(&desk, validated).await.unwrap();
    assert_eq!(checked.prepayment.unwrap().prepayment_id, "");
    assert!(desk.registrar.prepaid().is_empty());
    assert_eq!(prepay(&desk, one).await.unwrap().prepayment.unwrap().prepaid_amount_fen, 26_000);
}

/// S-10: J-3.3.3-b, a later year inside the term costs nothing more.
#[tokio::test]
async fn a_later_year_is_paid_out_of_the_term() {
    for on in &targets().await {
        let desk = with_student(on).await;
        let later = "00000000-0000-7000-8000-000000000012";
        let used = |request_id: &str, amount_fen| pb::UsePrepaymentRequest {
            request_id: request_id.to_owned(),
            resident_id: RESIDENT.to_owned(),
            enrolment_id: later.to_owned(),
            amount_fen,
            payment_date: "2020-09-21".to_owned(),
            ..Default::default()
        };
        let pay = async |request| at_tax(desk.collection.clone().use_prepayment(request)).await;
        desk.registrar.people.add(person(RESIDENT, EnrolmentTerms { enrolment_id: later.to_owned(), ..student() }));
        assert_eq!(reasons(pay(used("one", 0)).await), "PREPAYMENT_NOT_FOUND", "{}", on.kind);
        // The year of the term's second enrolment is as good as a later one: no other law is loaded.
        desk.attends(InstitutionKind::HigherEducation);
        prepay(&desk, four_years("two")).await.unwrap();
        assert_eq!(reasons(pay(used("three", 2_000)).await), "AMOUNT_MISMATCH", "{}", on.kind);
        let payment = pay(used("four", 0)).await.unwrap().into_inner().payment.unwrap();
        assert_eq!((payment.amount_fen, payment.method), (0, PaymentMethod::Prepayment.to_wire()), "{}", on.kind);
        assert_eq!(payment.quote.unwrap().receipt.unwrap().steps[0].rule_id, "J-3.3.3-b", "{}", on.kind);
        assert_eq!(desk.deliveries.count(), 2, "{}", on.kind);
        assert!(!desk.deliveries.seen()[1].fully_subsidised, "{}", on.kind);
        assert_eq!(reasons(pay(used("five", 0)).await), "DUPLICATE_PAYMENT", "{}", on.kind);
    }
}
