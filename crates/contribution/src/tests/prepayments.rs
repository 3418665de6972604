//! Prepayments through the generated client.

use juyi_domain::codes::{Disposition, District, InstitutionKind, Office, PaymentMethod, RefundGround};
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as pb;
use juyi_testkit::{TestTarget, databases, targets};
use tonic::Status;

use super::office::{Desk, OF_TERM, at_branch, at_tax, facts, reasons, student};
use super::stand_in::{ENROLMENT, RESIDENT, by, person};
use crate::store::vouchers::{self, Use};

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
        ..Default::default()
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

/// A term of 2020 to 2022 that was taken in 2019, before the suite was there.
fn from_before(request_id: &str) -> pb::PrepayPremiumRequest {
    pb::PrepayPremiumRequest {
        enrolment_id: String::new(),
        first_policy_year: 2020,
        district: District::Jinghai.to_string(),
        last_policy_year: 2022,
        academic_years: 3,
        prepaid_amount_fen: Some(69_000),
        payment_date: "2019-09-20".to_owned(),
        ..four_years(request_id)
    }
}

fn used(request_id: &str, amount_fen: i64) -> pb::UsePrepaymentRequest {
    pb::UsePrepaymentRequest {
        request_id: request_id.to_owned(),
        resident_id: RESIDENT.to_owned(),
        policy_year: 2021,
        amount_fen,
        payment_date: "2020-09-21".to_owned(),
        ..Default::default()
    }
}

/// S-10: J-3.3.3-b and J-3.2.1-c, a later year inside the term: enrolled without an application, paid with nothing.
#[tokio::test]
async fn a_later_year_is_paid_out_of_the_term() {
    for on in &targets().await {
        let desk = Desk::start(on).await;
        let pay = async |request| at_tax(desk.collection.clone().use_prepayment(request)).await;
        assert_eq!(reasons(pay(used("one", 0)).await), "PREPAYMENT_NOT_FOUND", "{}", on.kind);
        desk.attends(InstitutionKind::HigherEducation);
        let reply = prepay(&desk, from_before("two")).await.unwrap();
        let term = reply.prepayment.unwrap();
        assert_eq!((term.enrolment_id.as_str(), reply.payment), ("", None), "{}", on.kind);
        assert_eq!((term.first_policy_year, term.prepaid_amount_fen), (2020, 69_000), "{}", on.kind);
        assert_eq!(desk.registrar.prepaid()[0].first_policy_year, 2020, "{}", on.kind);

        let status = pay(used("three", 2_000)).await.unwrap_err();
        assert_eq!((facts(&status)["reasons"].as_str(), facts(&status)["due_fen"].as_str()), ("AMOUNT_MISMATCH", "0"));
        let checked = pay(pb::UsePrepaymentRequest { validate_only: true, ..used("four", 0) }).await.unwrap();
        let checked = checked.into_inner().payment.unwrap();
        assert_eq!((checked.payment_id.as_str(), checked.enrolment_id.as_str()), ("", ""), "{}", on.kind);
        assert!(desk.registrar.enrolled_by_prepayment().is_empty(), "{}", on.kind);
        // Before the application: not paid, and so not enrolled either.
        let early = pb::UsePrepaymentRequest { payment_date: "2020-09-19".to_owned(), ..used("five", 0) };
        assert_eq!(reasons(pay(early).await), "DATE_ORDER", "{}", on.kind);
        assert!(desk.registrar.enrolled_by_prepayment().is_empty(), "{}", on.kind);
        let payment = pay(used("six", 0)).await.unwrap().into_inner().payment.unwrap();
        assert_eq!((payment.amount_fen, payment.method), (0, PaymentMethod::Prepayment.to_wire()), "{}", on.kind);
        assert_eq!((payment.enrolment_id.as_str(), payment.policy_year), (OF_TERM, 2021), "{}", on.kind);
        assert_eq!((payment.voucher_number.as_str(), payment.district.as_str()), ("T-1", "120118"), "{}", on.kind);
        let steps = payment.quote.unwrap().receipt.unwrap().steps;
        assert_eq!(steps.last().unwrap().rule_id, "J-3.3.3-b", "{}", on.kind);
        assert_eq!(desk.deliveries.count(), 1, "{}", on.kind);
        assert!(!desk.deliveries.seen()[0].fully_subsidised, "{}", on.kind);
        assert_eq!(desk.registrar.enrolled_by_prepayment().len(), 1, "{}", on.kind);
        assert_eq!(reasons(pay(used("seven", 0)).await), "DUPLICATE_PAYMENT", "{}", on.kind);
    }
}

/// J-3.3.3-b: whoever enrolled before the term was told owes nothing more; quote and confirmation say so.
#[tokio::test]
async fn a_prepaid_year_is_asked_for_nothing() {
    for on in &targets().await {
        let desk = with_student(on).await;
        desk.attends(InstitutionKind::HigherEducation);
        prepay(&desk, from_before("one")).await.unwrap();
        let enrolment = pb::EnrolmentRef { resident_id: RESIDENT.to_owned(), enrolment_id: ENROLMENT.to_owned() };
        let subject = Some(pb::quote_premium_request::Subject::Enrolment(enrolment));
        let request = pb::QuotePremiumRequest { subject, ..Default::default() };
        let reply = at_tax(desk.payments.clone().quote_premium(request)).await.unwrap().into_inner();
        let quote = reply.quote.unwrap();
        assert_eq!((quote.personal_fen, quote.payable_fen, quote.prepaid), (26_000, 0, true), "{}", on.kind);
        assert_eq!(quote.receipt.unwrap().steps.last().unwrap().rule_id, "J-3.3.3-b", "{}", on.kind);
        assert!(reply.collections.is_empty(), "{}", on.kind);
        let asked = desk.pay("two", 26_000, "2020-09-20").await.unwrap_err();
        assert_eq!(facts(&asked)["reasons"], "AMOUNT_MISMATCH,CHANNEL_MISMATCH", "{}", on.kind);
        assert_eq!((facts(&asked)["due_fen"].as_str(), facts(&asked)["rule_id"].as_str()), ("0", "J-3.3.3-b"));
        assert_eq!(reasons(desk.pay("three", 0, "2020-09-20").await), "CHANNEL_MISMATCH", "{}", on.kind);
    }
}

/// J-3.3.3-a, AMB-036: what is told of a term from before.
#[tokio::test]
async fn a_term_from_before_is_told_whole() {
    let on = TestTarget::sqlite();
    let desk = with_student(&on).await;
    desk.attends(InstitutionKind::HigherEducation);
    let refused = async |request| reasons(prepay(&desk, request).await);
    let untold = pb::PrepayPremiumRequest { prepaid_amount_fen: None, ..from_before("one") };
    assert_eq!(refused(untold).await, "REQUIRED_FIELD_MISSING");
    let loaded = pb::PrepayPremiumRequest { first_policy_year: 2021, ..from_before("two") };
    assert_eq!(refused(loaded).await, "REQUIRED_FIELD_MISSING");
    let endless = pb::PrepayPremiumRequest { last_policy_year: 2024, ..from_before("three") };
    assert_eq!(refused(endless).await, "VALUE_NOT_ALLOWED");
    let over = pb::PrepayPremiumRequest { last_policy_year: 2020, academic_years: 1, ..from_before("four") };
    assert_eq!(refused(over).await, "POLICY_YEAR_NOT_LOADED");
    let both = pb::PrepayPremiumRequest { enrolment_id: ENROLMENT.to_owned(), ..from_before("five") };
    assert_eq!(refused(both).await, "VALUE_NOT_ALLOWED,VALUE_NOT_ALLOWED");
    let elsewhere = pb::PrepayPremiumRequest { district: District::Nankai.to_string(), ..from_before("six") };
    assert_eq!(refused(elsewhere).await, "ROLE_NOT_ALLOWED");
    prepay(&desk, from_before("seven")).await.unwrap();
    let request = pb::ListPrepaymentsRequest { resident_id: RESIDENT.to_owned(), ..Default::default() };
    let list = async |district| {
        let call = desk.collection.clone();
        let request = request.clone();
        let listed = by(Office::Tax, district, async move { call.clone().list_prepayments(request).await }).await;
        listed.unwrap().into_inner().prepayments.len()
    };
    assert_eq!((list(District::Jinghai).await, list(District::Nankai).await), (1, 0));
}

/// J-3.3.6-a: one voucher of the tax side takes one prepayment.
#[tokio::test]
async fn a_voucher_takes_one_prepayment() {
    for on in &databases(crate::NAME, &crate::store::migrations()).await {
        let context = juyi_testkit::context("2020-11-11");
        let mut session = on.database.begin().await.unwrap();
        let (one, other) = (Use::of_prepayment(context.id()), Use::of_prepayment(context.id()));
        let resident_id = context.id();
        for _ in 0..2 {
            vouchers::claim_use(&mut session, "T-1", (&one, resident_id), context.now()).await.unwrap();
        }
        let refused = vouchers::claim_use(&mut session, "T-1", (&other, resident_id), context.now()).await;
        assert_eq!(reasons(refused.map_err(Status::from)), "DUPLICATE_PAYMENT", "{}", on.kind);
    }
}

/// J-3.3.3-b, J-3.2.1-c: a university's students are paid for together, however often it is asked and however it broke off;
/// who cannot be paid for leaves the others as they are, and is not enrolled.
#[tokio::test]
async fn a_year_is_paid_for_everybody_who_prepaid_it() {
    const STUDENTS: usize = 450;
    for on in &targets().await {
        let desk = Desk::start(on).await;
        desk.attends(InstitutionKind::HigherEducation);
        let mut session = juyi_db::Database::open(
            &juyi_db::Target::parse(&on.config().database.url).unwrap(),
            crate::NAME,
            std::num::NonZeroU32::MIN,
            &crate::store::migrations(),
        )
        .await
        .unwrap()
        .begin()
        .await
        .unwrap();
        let context = juyi_testkit::context("2020-09-20");
        for number in 0..STUDENTS {
            crate::store::prepayments::insert(&mut session, &term(&context, number)).await.unwrap();
        }
        session.commit().await.unwrap();
        let request = |day: &str| pb::UsePrepaymentsOfYearRequest {
            policy_year: 2021,
            district: District::Jinghai.to_string(),
            payment_date: day.to_owned(),
        };
        let of_year = async |day: &str| {
            let call = at_tax(desk.collection.clone().use_prepayments_of_year(request(day))).await;
            let (mut answers, mut rows) = (call.unwrap().into_inner(), Vec::new());
            loop {
                match answers.message().await {
                    Ok(Some(answer)) => rows.extend(answer.rows),
                    Ok(None) => return (rows, None),
                    Err(status) => return (rows, Some(status)),
                }
            }
        };
        // Before the application nobody is paid for, and nobody is enrolled.
        let (rows, _) = of_year("2020-09-19").await;
        assert!(rows.iter().all(|row| row.disposition == Disposition::Rejected.to_wire()), "{}", on.kind);
        assert_eq!((rows.len(), rows[0].conditions[0].reason.as_str()), (STUDENTS, "DATE_ORDER"), "{}", on.kind);
        assert!(desk.registrar.enrolled_by_prepayment().is_empty(), "{}", on.kind);

        // The registry breaks off in the middle of the second chunk.
        desk.registrar.break_after(Some(300));
        let (rows, ended) = of_year("2020-09-21").await;
        assert_eq!((rows.len(), ended.is_some(), desk.deliveries.calls()), (200, true, vec![200]), "{}", on.kind);
        desk.registrar.break_after(None);
        let (rows, ended) = of_year("2020-09-21").await;
        assert_eq!((rows.len(), ended.is_none()), (STUDENTS - 200, true), "{}", on.kind);
        assert!(rows.iter().all(|row| row.disposition == Disposition::New.to_wire()), "{}", on.kind);
        assert_eq!(desk.registrar.enrolled_by_prepayment().len(), STUDENTS, "{}", on.kind);
        let mut paid: Vec<_> =
            desk.deliveries.seen().into_iter().map(|fact| fact.person.unwrap().resident_id).collect();
        paid.sort();
        paid.dedup();
        assert_eq!((paid.len(), desk.deliveries.count()), (STUDENTS, STUDENTS), "{}", on.kind);
        assert!(of_year("2020-09-21").await.0.is_empty(), "{}", on.kind);
    }
}

/// A term of 2020 to 2022 from before, of one of many students.
fn term(context: &juyi_kit::context::Context, number: usize) -> crate::store::prepayments::Prepayment {
    crate::store::prepayments::Prepayment {
        resident_id: format!("00000000-0000-7000-8000-{:012}", number + 100).parse().unwrap(),
        id: context.id(),
        enrolment_id: None,
        district: District::Jinghai,
        term: juyi_domain::contribution::prepayment::Term { first_year: 2020, last_year: 2022, academic_years: 3 },
        amount: juyi_domain::money::Fen::yuan(690),
        paid_on: context.clock().today(),
        voucher_number: format!("T-{number}"),
        receipt: juyi_domain::receipt::Receipt::default(),
        recorded_by: juyi_kit::caller::Caller::system(),
        created_at: context.now(),
    }
}
