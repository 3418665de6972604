//! Papers on which people pay.

use juyi_domain::codes::{Category, Office, PaymentMethod, Window};
use juyi_domain::contribution::codes::PaymentPaper;
use juyi_proto::code::Coded;
use juyi_proto::common::v1::EnrolmentTerms;
use juyi_proto::contribution::v1 as pb;
use juyi_testkit::targets;

use super::registry::{Coverage, Crowd, enrolment, person, pupil, resident, terms, villager};
use super::{Site, by, reasons};

fn request(request_id: &str, number: u32, kind: PaymentPaper) -> pb::IssueNoticeRequest {
    pb::IssueNoticeRequest {
        request_id: request_id.to_owned(),
        validate_only: false,
        resident_id: resident(number),
        enrolment_id: enrolment(number),
        kind: kind.to_wire(),
        form_number: if kind == PaymentPaper::CashTaxForm { "T-0001".to_owned() } else { String::new() },
    }
}

/// J-3.3.2-a: after registration, one per enrolment and amount; found by the number on it.
#[tokio::test]
async fn a_township_issues_one_notice() {
    for on in &targets().await {
        let site = Site::start(on, &Crowd::of([villager(1), pupil(2)]), &Coverage::default()).await;
        let issue = |request| by(Office::Township, async { site.client.clone().issue_notice(request).await });
        let notice = PaymentPaper::PaymentNotice;
        let first = issue(request("one", 1, notice)).await.unwrap().notice.unwrap();
        assert_eq!((first.payable_fen, first.rule_id.as_str()), (56_000, "J-3.3.2-a"), "{}", site.kind);
        assert!(first.number.starts_with("JF") && first.number.len() <= 40, "{}", site.kind);
        assert_eq!(issue(request("two", 1, notice)).await.unwrap().notice.unwrap(), first, "{}", site.kind);
        let get = pb::GetNoticeRequest { number: first.number.clone() };
        let found = by(Office::Tax, site.client.clone().get_notice(get)).await.unwrap().notice;
        assert_eq!(found.as_ref(), Some(&first), "{}", site.kind);

        // Another amount makes another notice.
        site.crowd.change(1, |person| {
            person.person.as_mut().unwrap().enrolments[0].tier = juyi_domain::codes::Tier::High.to_wire();
        });
        let second = issue(request("three", 1, notice)).await.unwrap().notice.unwrap();
        assert_eq!(second.payable_fen, 91_000, "{}", site.kind);
        assert_ne!(second.number, first.number, "{}", site.kind);
        let list = pb::ListNoticesRequest { resident_id: resident(1), ..Default::default() };
        let listed = by(Office::Tax, site.client.clone().list_notices(list)).await.unwrap().notices;
        assert_eq!(listed, [second, first], "{}", site.kind);

        assert_eq!(reasons(issue(request("four", 2, notice)).await), "CHANNEL_MISMATCH", "{}", site.kind);
        assert_eq!(reasons(issue(request("five", 3, notice)).await), "ORDER_VIOLATION", "{}", site.kind);
        assert_eq!(
            reasons(issue(request("six", 1, PaymentPaper::CashTaxForm)).await),
            "ROLE_NOT_ALLOWED",
            "{}",
            site.kind
        );
        let trial = pb::IssueNoticeRequest { validate_only: true, ..request("seven", 1, notice) };
        assert_eq!(issue(trial).await.unwrap().notice.unwrap().number, "", "{}", site.kind);
        site.pay_alone(1, 91_000, PaymentMethod::MobileApp).await;
        assert_eq!(reasons(issue(request("eight", 1, notice)).await), "DUPLICATE_PAYMENT", "{}", site.kind);
        let get = pb::GetNoticeRequest { number: "JF0".to_owned() };
        assert_eq!(reasons(by(Office::Tax, site.client.clone().get_notice(get)).await), "NOTICE_NOT_FOUND");
    }
}

/// J-3.3.5-a: for an interrupted employee the tax hall prints a notice, or issues the form for cash.
#[tokio::test]
async fn the_tax_hall_issues_papers_to_an_interrupted_employee() {
    for on in &targets().await {
        let employee = EnrolmentTerms {
            category: Category::InterruptedEmployee.to_wire(),
            window: Window::Personal.to_wire(),
            interruption_date: "2020-08-31".to_owned(),
            ..terms(1)
        };
        let site = Site::start(on, &Crowd::of([person(1, employee)]), &Coverage::default()).await;
        let issue = |office, request| by(office, async { site.client.clone().issue_notice(request).await });
        let form = request("form", 1, PaymentPaper::CashTaxForm);
        assert_eq!(reasons(issue(Office::Township, form.clone()).await), "ROLE_NOT_ALLOWED", "{}", site.kind);
        let issued = issue(Office::Tax, form.clone()).await.unwrap().notice.unwrap();
        assert_eq!((issued.number.as_str(), issued.rule_id.as_str()), ("T-0001", "J-3.3.5-a"), "{}", site.kind);
        let again = pb::IssueNoticeRequest { request_id: "again".to_owned(), ..form.clone() };
        assert_eq!(issue(Office::Tax, again.clone()).await.unwrap().notice.unwrap(), issued, "{}", site.kind);
        let other = pb::IssueNoticeRequest { form_number: "T-0002".to_owned(), ..again };
        assert_eq!(reasons(issue(Office::Tax, other).await), "REQUEST_ID_REUSED", "{}", site.kind);
        let unnumbered = pb::IssueNoticeRequest { form_number: String::new(), ..form };
        assert_eq!(reasons(issue(Office::Tax, unnumbered).await), "REQUIRED_FIELD_MISSING", "{}", site.kind);
        let notice = request("notice", 1, PaymentPaper::PaymentNotice);
        issue(Office::Tax, notice).await.unwrap();
        let unknown = request("unknown", 2, PaymentPaper::PaymentNotice);
        assert_eq!(reasons(issue(Office::Tax, unknown).await), "ORDER_VIOLATION", "{}", site.kind);
    }
}

/// J-3.3.6.5-a: the card pays after the tax hall issued the form, to this person and over this amount.
#[tokio::test]
async fn a_card_pays_on_a_form_that_exists() {
    for on in &targets().await {
        let site = Site::start(on, &Crowd::of([villager(1), villager(2)]), &Coverage::default()).await;
        let pay = |number: u32, paper: PaymentPaper, method: PaymentMethod, paper_number: &str| {
            let way = pb::PaymentWay {
                paper: paper.to_wire(),
                paper_number: paper_number.to_owned(),
                bank: if method == PaymentMethod::BankCounter { 1 } else { 0 },
                ..Default::default()
            };
            let request = pb::ConfirmPaymentRequest {
                request_id: format!("{number}-{paper_number}-{method}"),
                resident_id: resident(number),
                enrolment_id: enrolment(number),
                amount_fen: 56_000,
                payment_date: "2020-10-15".to_owned(),
                method: method.to_wire(),
                voucher_number: format!("CARD-{number}"),
                way: Some(way),
                ..Default::default()
            };
            by(Office::Tax, async { site.payments.clone().confirm_payment(request).await })
        };
        let (form, notice) = (PaymentPaper::CashTaxForm, PaymentPaper::PaymentNotice);
        let (card, counter) = (PaymentMethod::PosCard, PaymentMethod::BankCounter);
        assert_eq!(reasons(pay(1, form, card, "X").await), "ORDER_VIOLATION", "{}", site.kind);
        assert_eq!(reasons(pay(1, notice, counter, "X").await), "EVIDENCE_NOT_ACCEPTED", "{}", site.kind);
        let issued = by(Office::Tax, site.client.clone().issue_notice(request("form", 1, form))).await.unwrap();
        let issued = issued.notice.unwrap();
        assert_eq!((issued.rule_id.as_str(), issued.payable_fen), ("J-3.3.6.5-a", 56_000), "{}", site.kind);
        assert_eq!(reasons(pay(2, form, card, "T-0001").await), "EVIDENCE_NOT_ACCEPTED", "{}", site.kind);
        pay(1, form, card, "T-0001").await.unwrap();
    }
}
