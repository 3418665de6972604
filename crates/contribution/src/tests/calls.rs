//! The calls, through the generated client.

use std::sync::atomic::Ordering;

use juyi_domain::codes::{Category, Class, District, Identity, Office, PaymentMethod, Tier, Window};
use juyi_proto::code::Coded;
use juyi_proto::common::v1::EnrolmentTerms;
use juyi_proto::contribution::v1 as pb;
use juyi_proto::contribution::v1::quote_premium_request::Subject;
use juyi_testkit::{TestTarget, targets};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use super::office::at_tax;
use super::stand_in::{ENROLMENT, RESIDENT, Suite, by, farmer, person};

/// Another resident, and the enrolment of that resident.
const OTHER: &str = "00000000-0000-7000-8000-000000000003";

/// 560.00 paid through the app on 2020-11-12.
pub(super) fn payment(request_id: &str) -> pb::ConfirmPaymentRequest {
    pb::ConfirmPaymentRequest {
        request_id: request_id.to_owned(),
        validate_only: false,
        resident_id: RESIDENT.to_owned(),
        enrolment_id: ENROLMENT.to_owned(),
        amount_fen: 56_000,
        payment_date: "2020-11-12".to_owned(),
        method: PaymentMethod::MobileApp.to_wire(),
        voucher_number: "V-1".to_owned(),
        ..Default::default()
    }
}

async fn confirm(suite: &Suite, request: pb::ConfirmPaymentRequest) -> Result<pb::Payment, Status> {
    let mut client = suite.client.clone();
    let reply = by(Office::Tax, District::Jinghai, client.confirm_payment(request)).await?;
    Ok(reply.into_inner().payment.unwrap())
}

/// Every reason of a refusal, and the facts of the first.
pub(super) fn refusal(status: &Status) -> (String, std::collections::HashMap<String, String>) {
    let details = status.get_error_details();
    let info = details.error_info().unwrap();
    (info.metadata["reasons"].clone(), info.metadata.clone())
}

pub(super) fn reasons<T: std::fmt::Debug>(answer: Result<T, Status>) -> String {
    refusal(&answer.unwrap_err()).0
}

async fn quote(suite: &Suite, subject: Subject, require_government_part: bool) -> Result<pb::Quote, Status> {
    let request = pb::QuotePremiumRequest { subject: Some(subject), require_government_part, ..Default::default() };
    Ok(suite.client.clone().quote_premium(request).await?.into_inner().quote.unwrap())
}

fn facts(class: Class, tier: Option<Tier>) -> Subject {
    Subject::Facts(pb::PremiumFacts {
        policy_year: 2021,
        district: District::Jinghai.to_string(),
        class: class.to_wire(),
        tier: tier.map(Coded::to_wire).unwrap_or_default(),
        ..Default::default()
    })
}

pub(super) fn enrolled() -> Subject {
    Subject::Enrolment(pb::EnrolmentRef { resident_id: RESIDENT.to_owned(), enrolment_id: ENROLMENT.to_owned() })
}

/// J-2.1-c, J-2.1-e, J-2.1-a.
#[tokio::test]
async fn facts_are_quoted() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on).await;
    let adult = quote(&suite, facts(Class::Adult, Some(Tier::Middle)), false).await.unwrap();
    assert_eq!((adult.payable_fen, adult.government_fen), (56_000, None));
    assert!(adult.receipt.unwrap().steps.iter().any(|step| step.rule_id == "J-2.1-c" && !step.title.is_empty()));
    assert_eq!(quote(&suite, facts(Class::StudentChild, None), false).await.unwrap().payable_fen, 26_000);

    let unnamed = quote(&suite, facts(Class::Adult, None), false).await.unwrap_err();
    assert_eq!(unnamed.get_error_details().bad_request().unwrap().field_violations[0].field, "facts.tier");
    assert_eq!(reasons(quote(&suite, facts(Class::StudentChild, Some(Tier::High)), false).await), "TIER_NOT_ALLOWED");
    assert_eq!(reasons(quote(&suite, facts(Class::Adult, Some(Tier::Low)), true).await), "RULE_NOT_DEFINED");
    let nothing = suite.client.clone().quote_premium(pb::QuotePremiumRequest::default()).await;
    assert_eq!(reasons(nothing), "REQUIRED_FIELD_MISSING");
}

/// J-2.3-a and J-2.3-j: a severely disabled adult owes nothing; the method is the subsidy.
#[tokio::test]
async fn an_enrolment_is_quoted_with_the_identities_of_the_person() {
    let on = TestTarget::sqlite();
    let suite = Suite::of_farmer(&on).await;
    assert_eq!(quote(&suite, enrolled(), false).await.unwrap().payable_fen, 56_000);
    suite.people.add_identity(RESIDENT, Identity::SevereDisability);
    let subsidised = quote(&suite, enrolled(), false).await.unwrap();
    assert_eq!((subsidised.payable_fen, subsidised.subsidy_fen), (0, 56_000));
    assert_eq!(subsidised.subsidy_ground, "SEVERELY_DISABLED");

    assert_eq!(reasons(confirm(&suite, payment("one")).await), "AMOUNT_MISMATCH,CHANNEL_MISMATCH");
    let method = PaymentMethod::GovernmentSubsidy.to_wire();
    let request = pb::ConfirmPaymentRequest { amount_fen: 0, method, ..payment("one") };
    let mut client = suite.client.clone();
    let confirmed = by(Office::SocialInsurance, District::Jinghai, client.confirm_payment(request)).await.unwrap();
    let confirmed = confirmed.into_inner().payment.unwrap();
    assert_eq!((confirmed.amount_fen, confirmed.subsidy_fen), (0, 56_000));
    assert!(suite.deliveries.seen()[0].fully_subsidised);
}

/// J-3.2.5-f: registered before the window, a special person who owes nothing has the calendar year; one who pays
/// pays in the window, J-3.1-a.
#[tokio::test]
async fn a_special_person_who_pays_is_bound_to_the_window() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on).await;
    let special = EnrolmentTerms {
        category: Category::SpecialPerson.to_wire(),
        application_date: "2020-08-20".to_owned(),
        window: Window::Personal.to_wire(),
        ..farmer()
    };
    suite.people.add(person(RESIDENT, special));
    let in_august = || pb::ConfirmPaymentRequest { payment_date: "2020-08-20".to_owned(), ..payment("one") };
    assert_eq!(reasons(confirm(&suite, in_august()).await), "WINDOW_NOT_OPEN");
    suite.people.add_identity(RESIDENT, Identity::SevereDisability);
    let declared = suite.declare_special(Office::DisabledPersonsFederation, RESIDENT, ENROLMENT).await.unwrap();
    let paid = suite.pay_subsidy(&declared, "2020-08-20").await.unwrap();
    assert_eq!(paid.totals.unwrap().confirmed, 1);
}

/// J-3.3.1-e: the tax side confirms no special person whom no authority declared, neither one by one nor in a batch; and
/// none whose declaration waits.
#[tokio::test]
async fn a_special_person_is_declared_by_an_authority_first() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        suite.people.add(person(RESIDENT, EnrolmentTerms { category: Category::SpecialPerson.to_wire(), ..farmer() }));
        suite.people.add_identity(RESIDENT, Identity::SevereDisability);
        let method = PaymentMethod::GovernmentSubsidy.to_wire();
        let free = pb::ConfirmPaymentRequest { amount_fen: 0, method, ..payment("one") };
        let status = confirm(&suite, free.clone()).await.unwrap_err();
        let (reasons_told, facts) = refusal(&status);
        assert_eq!(reasons_told, "ORDER_VIOLATION", "{}", on.kind);
        assert_eq!(
            (facts["rule_id"].as_str(), facts["allowed"].as_str()),
            ("J-3.3.1-e", "DISABLED_PERSONS_FEDERATION")
        );
        let row = pb::PaymentRow {
            resident_id: RESIDENT.to_owned(),
            enrolment_id: ENROLMENT.to_owned(),
            payment_date: free.payment_date.clone(),
            method,
            voucher_number: "V-1".to_owned(),
            ..Default::default()
        };
        let message = pb::ConfirmPaymentsRequest { batch_id: "B".to_owned(), rows: vec![row] };
        let mut client = suite.client.clone();
        let call = client.confirm_payments(tokio_stream::iter([message]));
        let mut answers = by(Office::Tax, District::Jinghai, call).await.unwrap().into_inner();
        let answer = answers.message().await.unwrap().unwrap();
        assert_eq!(answer.outcomes[0].reasons[0].reason, "ORDER_VIOLATION", "{}", on.kind);

        let declared = suite.declare_special(Office::DisabledPersonsFederation, RESIDENT, ENROLMENT).await.unwrap();
        assert_eq!(reasons(confirm(&suite, free.clone()).await), "DUPLICATE_DECLARATION", "{}", on.kind);
        suite.pay_subsidy(&declared, "2020-11-12").await.unwrap();
        assert_eq!(reasons(confirm(&suite, free).await), "DUPLICATE_PAYMENT", "{}", on.kind);
    }
}

#[tokio::test]
async fn a_confirmed_payment_is_stored_and_delivered_once() {
    for on in &targets().await {
        let suite = Suite::of_farmer(on).await;
        let first = confirm(&suite, payment("one")).await.unwrap();
        assert_eq!(suite.deliveries.count(), 1, "{}", on.kind);
        let event = suite.deliveries.seen().remove(0);
        assert_eq!((&event.payment_id, event.payment_date.as_str()), (&first.payment_id, "2020-11-12"));
        let person = event.person.unwrap();
        assert_eq!((person.resident_id.as_str(), event.enrolment_id.as_str()), (RESIDENT, ENROLMENT));
        assert_eq!((person.revision, person.enrolments), (1, vec![farmer()]), "{}", on.kind);
        assert!(!event.fully_subsidised, "{}", on.kind);

        // What the registry learns later changes no answer that was given.
        suite.people.add_identity(RESIDENT, Identity::SevereDisability);
        suite.clock.set_day("2021-12-01");
        assert_eq!(confirm(&suite, payment("one")).await.unwrap(), first, "{}", on.kind);
        assert_eq!(suite.deliveries.count(), 1, "{}", on.kind);
        let other = pb::ConfirmPaymentRequest { amount_fen: 1, ..payment("one") };
        assert_eq!(reasons(confirm(&suite, other).await), "REQUEST_ID_REUSED");

        let request = pb::GetPaymentRequest { resident_id: RESIDENT.to_owned(), payment_id: first.payment_id.clone() };
        let found = at_tax(suite.client.clone().get_payment(request)).await.unwrap().into_inner();
        assert_eq!(found.payment, Some(first.clone()), "{}", on.kind);
        let request = pb::ListPaymentsRequest { resident_id: RESIDENT.to_owned(), ..Default::default() };
        let listed = at_tax(suite.client.clone().list_payments(request)).await.unwrap().into_inner();
        assert_eq!((listed.payments, listed.next_page_token.as_str()), (vec![first], ""), "{}", on.kind);
    }
}

#[tokio::test]
async fn a_repetition_is_answered_without_the_registry() {
    for on in &targets().await {
        let first = confirm(&Suite::of_farmer(on).await, payment("one")).await.unwrap();
        // The same database beside a registry that finds nothing.
        let alone = Suite::start(on).await;
        assert_eq!(confirm(&alone, payment("one")).await.unwrap(), first, "{}", on.kind);
        let other = pb::ConfirmPaymentRequest { amount_fen: 1, ..payment("one") };
        assert_eq!(reasons(confirm(&alone, other).await), "REQUEST_ID_REUSED", "{}", on.kind);
        assert_eq!(reasons(confirm(&alone, payment("two")).await), "ENROLMENT_NOT_FOUND", "{}", on.kind);
    }
}

#[tokio::test]
async fn an_event_waits_for_a_peer_that_is_down() {
    for on in &targets().await {
        let suite = Suite::of_farmer(on).await;
        suite.deliveries.down.store(true, Ordering::SeqCst);
        confirm(&suite, payment("one")).await.unwrap();
        suite.deliveries.down.store(false, Ordering::SeqCst);
        assert_eq!(suite.deliveries.count(), 0, "{}", on.kind);
        confirm(&suite, payment("one")).await.unwrap();
        assert_eq!(suite.deliveries.count(), 1, "{}", on.kind);
    }
}

/// J-3.4.2-a: the registry is told, on its own, whatever becomes of the other event.
#[tokio::test]
async fn the_registry_is_told_apart_from_the_benefit_period() {
    for on in &targets().await {
        let suite = Suite::of_farmer(on).await;
        suite.deliveries.down.store(true, Ordering::SeqCst);
        confirm(&suite, payment("one")).await.unwrap();
        let noted = suite.people.noted();
        assert_eq!((suite.deliveries.count(), noted.len()), (0, 1), "{}", on.kind);
        let told = (noted[0].resident_id.as_str(), noted[0].enrolment_id.as_str(), noted[0].payment_date.as_str());
        assert_eq!((told, noted[0].version), ((RESIDENT, ENROLMENT, "2020-11-12"), 1), "{}", on.kind);

        let target = TestTarget::sqlite();
        let suite = Suite::of_farmer(&target).await;
        suite.people.down.store(true, Ordering::SeqCst);
        confirm(&suite, payment("one")).await.unwrap();
        assert_eq!((suite.deliveries.count(), suite.people.noted().len()), (1, 0), "{}", on.kind);
        suite.people.down.store(false, Ordering::SeqCst);
        confirm(&suite, payment("one")).await.unwrap();
        assert_eq!((suite.deliveries.count(), suite.people.noted().len()), (1, 1), "{}", on.kind);
    }
}

#[tokio::test]
async fn a_second_payment_names_the_first() {
    for on in &targets().await {
        let suite = Suite::of_farmer(on).await;
        suite.people.add(person(RESIDENT, EnrolmentTerms { enrolment_id: RESIDENT.to_owned(), ..farmer() }));
        let first = confirm(&suite, payment("one")).await.unwrap();
        let again = pb::ConfirmPaymentRequest { voucher_number: "V-2".to_owned(), ..payment("two") };
        let voucher = pb::ConfirmPaymentRequest { enrolment_id: RESIDENT.to_owned(), ..payment("three") };
        for request in [again, voucher, payment("four")] {
            let status = confirm(&suite, request).await.unwrap_err();
            let (reasons, metadata) = refusal(&status);
            assert_eq!((status.code(), reasons.as_str()), (Code::AlreadyExists, "DUPLICATE_PAYMENT"), "{}", on.kind);
            assert_eq!(metadata["payment_id"], first.payment_id, "{}", on.kind);
        }
    }
}

#[tokio::test]
async fn two_requests_at_once_pay_once() {
    for on in &targets().await {
        let suite = Suite::of_farmer(on).await;
        let (one, other) = tokio::join!(confirm(&suite, payment("one")), confirm(&suite, payment("two")));
        let refused = if one.is_ok() { other } else { one };
        assert_eq!(reasons(refused), "DUPLICATE_PAYMENT", "{}", on.kind);
        assert_eq!(suite.deliveries.count(), 1, "{}", on.kind);
    }
}

/// One voucher confirms one payment in the whole suite, whoever comes with it.
#[tokio::test]
async fn a_voucher_of_somebody_else_is_refused() {
    for on in &targets().await {
        let suite = Suite::of_farmer(on).await;
        let of_other = EnrolmentTerms { enrolment_id: OTHER.to_owned(), ..farmer() };
        suite.people.add(person(OTHER, of_other));
        let other = pb::ConfirmPaymentRequest {
            resident_id: OTHER.to_owned(),
            enrolment_id: OTHER.to_owned(),
            ..payment("one")
        };
        let (one, second) = tokio::join!(confirm(&suite, payment("one")), confirm(&suite, other.clone()));
        let (confirmed, refused) = if one.is_ok() { (one, second) } else { (second, one) };
        let (found, metadata) = refusal(&refused.unwrap_err());
        assert_eq!(found, "DUPLICATE_PAYMENT", "{}", on.kind);
        assert_eq!(metadata["payment_id"], confirmed.unwrap().payment_id, "{}", on.kind);
        assert_eq!(suite.deliveries.count(), 1, "{}", on.kind);
    }
}

/// J-3.3.6-a: due 560.00, paid 500.00; J-3.1-b: nothing after 2021-06-30. Both stand in one answer.
#[tokio::test]
async fn every_failing_condition_is_reported_and_nothing_stored() {
    let on = TestTarget::sqlite();
    let suite = Suite::of_farmer(&on).await;
    suite.clock.set_day("2021-07-02");
    let wrong =
        pb::ConfirmPaymentRequest { amount_fen: 50_000, payment_date: "2021-07-01".to_owned(), ..payment("one") };
    let status = confirm(&suite, wrong).await.unwrap_err();
    let (found, metadata) = refusal(&status);
    assert_eq!(found, "AMOUNT_MISMATCH,WINDOW_CLOSED");
    assert_eq!((metadata["due_fen"].as_str(), metadata["paid_fen"].as_str()), ("56000", "50000"));
    let before = pb::ConfirmPaymentRequest { payment_date: "2020-11-10".to_owned(), ..payment("one") };
    assert_eq!(reasons(confirm(&suite, before).await), "DATE_ORDER");
    confirm(&suite, payment("one")).await.unwrap();
}

#[tokio::test]
async fn fields_are_refused_together() {
    let on = TestTarget::sqlite();
    let suite = Suite::of_farmer(&on).await;
    let bad = pb::ConfirmPaymentRequest {
        amount_fen: -1,
        payment_date: "2021-03-02".to_owned(),
        voucher_number: String::new(),
        ..payment("one")
    };
    assert_eq!(reasons(confirm(&suite, bad).await), "NEGATIVE_AMOUNT,DATE_ORDER,REQUIRED_FIELD_MISSING");
}

/// J-A1.3-k: payments are the tax side's.
#[tokio::test]
async fn other_offices_and_other_districts_confirm_nothing() {
    let on = TestTarget::sqlite();
    let suite = Suite::of_farmer(&on).await;
    let mut client = suite.client.clone();
    for (office, district) in [
        (Office::Township, District::Jinghai),
        (Office::SocialInsurance, District::Jinghai),
        (Office::Tax, District::Nankai),
    ] {
        let status = by(office, district, client.confirm_payment(payment("one"))).await.unwrap_err();
        assert_eq!(refusal(&status).0, "ROLE_NOT_ALLOWED", "{office}");
    }
    assert_eq!(reasons(client.confirm_payment(payment("one")).await), "ROLE_NOT_ALLOWED");
}

#[tokio::test]
async fn a_payment_to_validate_leaves_nothing() {
    for on in &targets().await {
        let suite = Suite::of_farmer(on).await;
        let request = pb::ConfirmPaymentRequest { validate_only: true, ..payment("one") };
        let checked = confirm(&suite, request).await.unwrap();
        assert_eq!((checked.payment_id.as_str(), checked.amount_fen), ("", 56_000), "{}", on.kind);
        assert_eq!(suite.deliveries.count(), 0, "{}", on.kind);
        confirm(&suite, payment("one")).await.unwrap();
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on).await;
    assert_eq!(reasons(confirm(&suite, payment("one")).await), "ENROLMENT_NOT_FOUND");
    let request = pb::GetPaymentRequest { resident_id: RESIDENT.to_owned(), payment_id: ENROLMENT.to_owned() };
    let status = at_tax(suite.client.clone().get_payment(request)).await.unwrap_err();
    assert_eq!((status.code(), refusal(&status).0.as_str()), (Code::NotFound, "PAYMENT_NOT_FOUND"));
    let list =
        |resident_id: &str| pb::ListPaymentsRequest { resident_id: resident_id.to_owned(), ..Default::default() };
    assert_eq!(reasons(at_tax(suite.client.clone().list_payments(list(ENROLMENT))).await), "PERSON_NOT_FOUND");
    let listed = at_tax(suite.client.clone().list_payments(list(RESIDENT))).await.unwrap().into_inner();
    assert!(listed.payments.is_empty());
}
