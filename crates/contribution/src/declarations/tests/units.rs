//! A school declares its children and pays for them.

use juyi_domain::codes::{Identity, Office, PaymentMethod};
use juyi_domain::contribution::declaration::{
    DeclarationLineReason as Why, DeclarationLineState as LineState, DeclarationState as State,
};
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as pb;
use juyi_testkit::{TestTarget, targets};

use super::registry::{Coverage, Crowd, enrolment, held, person, pupil, terms};
use super::{SCHOOL, Site, by, declare, pay, reasons, refusal, told};

/// Thirty children, two of them of subsistence-allowance families.
fn class() -> Crowd {
    let family = Identity::SpecialFamilyStudent;
    Crowd::of((1..=30).map(|number| if number <= 2 { held(pupil(number), family) } else { pupil(number) }))
}

/// S-10: J-3.3.1-b, J-2.3-k: 28 × 260.00 = 7280.00, 2 × 260.00 = 520.00 subsidised; J-3.3.1-c: in one sum; J-3.3.1-d.
#[tokio::test]
async fn a_school_declares_and_pays_for_thirty_children() {
    for on in &targets().await {
        let site = Site::start(on, &class(), &Coverage::default()).await;
        let wrong = pb::DeclareRequest { total_fen: Some(780_000), ..declare("one", SCHOOL) };
        let refused = refusal(&site.declare(wrong).await.unwrap_err());
        let figures = (refused["reasons"].as_str(), refused["due_fen"].as_str(), refused["declared_fen"].as_str());
        assert_eq!(figures, ("AMOUNT_MISMATCH", "728000", "780000"), "{}", site.kind);
        assert_eq!(refused["rule_id"], "J-3.3.1-b");
        assert_eq!(site.number("SELECT COUNT(*) AS number FROM declaration").await, 0, "{}", site.kind);
        assert_eq!(site.number("SELECT COUNT(*) AS number FROM declaration_line").await, 0, "{}", site.kind);

        let right = pb::DeclareRequest { total_fen: Some(728_000), ..declare("one", SCHOOL) };
        let declared = site.declare(right.clone()).await.unwrap();
        let totals = declared.totals.unwrap();
        assert_eq!((totals.persons, totals.subsidised, totals.left_out), (30, 2, 0), "{}", site.kind);
        assert_eq!((totals.payable_fen, totals.subsidy_fen, totals.personal_fen), (728_000, 52_000, 780_000));
        assert_eq!(declared.state, State::Declared.to_wire(), "{}", site.kind);
        assert_eq!(declared.receipt.as_ref().unwrap().steps[0].rule_id, "J-3.3.1-b");
        assert_eq!(site.declare(right.clone()).await.unwrap(), declared, "{}", site.kind);
        let other = pb::DeclareRequest { total_fen: None, ..right };
        assert_eq!(reasons(site.declare(other).await), "REQUEST_ID_REUSED", "{}", site.kind);

        let half = pb::PayDeclarationRequest { amount_fen: 364_000, ..pay("half", &declared) };
        assert_eq!(reasons(site.pay(half).await), "AMOUNT_MISMATCH", "{}", site.kind);
        let by_app = pb::PayDeclarationRequest { method: PaymentMethod::MobileApp.to_wire(), ..pay("app", &declared) };
        assert_eq!(reasons(site.pay(by_app).await), "UNKNOWN_ENUM", "{}", site.kind);
        let paid = site.pay(pay("pay", &declared)).await.unwrap();
        let totals = paid.totals.unwrap();
        assert_eq!((paid.state, totals.confirmed), (State::Paid.to_wire(), 30), "{}", site.kind);
        assert_eq!((totals.confirmed_fen, totals.exceptions, totals.exception_fen), (728_000, 0, 0), "{}", site.kind);
        assert_eq!(paid.marks, ["PENDING_RECEIPT"], "{}", site.kind);
        assert_eq!((site.paid().await, told(&site.coverage).len()), (30, 30), "{}", site.kind);
        let free = told(&site.coverage).iter().filter(|fact| fact.fully_subsidised).count();
        assert_eq!(free, 2, "{}", site.kind);

        // Once more the same, then another one.
        assert_eq!(site.pay(pay("pay", &declared)).await.unwrap(), paid, "{}", site.kind);
        assert_eq!(reasons(site.pay(pay("again", &declared)).await), "DUPLICATE_PAYMENT", "{}", site.kind);
        assert_eq!((site.paid().await, site.coverage.seen().len()), (30, 30), "{}", site.kind);

        let lines = site.lines(&declared.declaration_id).await;
        assert!(lines.iter().all(|line| line.state == LineState::Confirmed.to_wire() && !line.payment_id.is_empty()));
        assert_eq!(lines.iter().map(|line| line.payable_fen).sum::<i64>(), 728_000, "{}", site.kind);
        assert_eq!(lines[0].enrolment_id, enrolment(1));
        assert_eq!((lines[0].payable_fen, lines[0].subsidy_ground.as_str()), (0, "SPECIAL_FAMILY_STUDENT"));
    }
}

/// J-3.3.1-d: the receipt's number takes the mark away, once.
#[tokio::test]
async fn a_receipt_is_recorded_after_the_payment() {
    for on in &targets().await {
        let site = Site::start(on, &class(), &Coverage::default()).await;
        let declared = site.declare(declare("one", SCHOOL)).await.unwrap();
        let receipt = |request_id: &str, receipt_number: &str| pb::RecordElectronicReceiptRequest {
            request_id: request_id.to_owned(),
            validate_only: false,
            declaration_id: declared.declaration_id.clone(),
            receipt_number: receipt_number.to_owned(),
        };
        let record = async |office, request| {
            let mut client = site.client.clone();
            by(office, client.record_electronic_receipt(request)).await.map(|reply| reply.declaration.unwrap())
        };
        assert_eq!(reasons(record(Office::Tax, receipt("r", "E-1")).await), "ORDER_VIOLATION", "{}", site.kind);
        site.pay(pay("pay", &declared)).await.unwrap();
        assert_eq!(reasons(record(Office::Education, receipt("r", "E-1")).await), "ROLE_NOT_ALLOWED");
        let recorded = record(Office::Tax, receipt("r", "E-1")).await.unwrap();
        assert_eq!((recorded.receipt_number.as_str(), recorded.marks.len()), ("E-1", 0), "{}", site.kind);
        assert_eq!(record(Office::Tax, receipt("s", "E-1")).await.unwrap(), recorded, "{}", site.kind);
        assert_eq!(reasons(record(Office::Tax, receipt("t", "E-2")).await), "ORDER_VIOLATION", "{}", site.kind);
    }
}

/// J-3.3.1-b: who paid alone is left out; who came later is declared later, and nobody twice.
#[tokio::test]
async fn a_supplementary_declaration_has_those_alone_who_came_later() {
    for on in &targets().await {
        let site = Site::start(on, &class(), &Coverage::default()).await;
        let alone = site.pay_alone(3, 26_000, PaymentMethod::BankInquiryVoucher).await;
        let first = site.declare(declare("one", SCHOOL)).await.unwrap();
        let totals = first.totals.unwrap();
        assert_eq!((totals.persons, totals.left_out, totals.payable_fen), (29, 1, 702_000), "{}", site.kind);
        let lines = site.lines(&first.declaration_id).await;
        let left_out = lines.iter().find(|line| line.state == LineState::LeftOut.to_wire()).unwrap();
        assert_eq!((left_out.enrolment_id.clone(), left_out.reason), (enrolment(3), Why::AlreadyPaid.to_wire()));
        assert_eq!((left_out.payable_fen, alone.amount_fen), (0, 26_000), "{}", site.kind);

        assert_eq!(reasons(site.declare(declare("two", SCHOOL)).await), "DUPLICATE_DECLARATION", "{}", site.kind);
        (31..=33).for_each(|number| site.crowd.put(pupil(number)));
        let second = site.declare(declare("two", SCHOOL)).await.unwrap();
        let totals = second.totals.unwrap();
        assert_eq!((totals.persons, totals.left_out, totals.payable_fen), (3, 30, 78_000), "{}", site.kind);
        let reasons: Vec<_> = site.lines(&second.declaration_id).await.iter().map(|line| line.reason).collect();
        let elsewhere = reasons.iter().filter(|reason| **reason == Why::DeclaredElsewhere.to_wire()).count();
        assert_eq!(elsewhere, 29, "{}", site.kind);

        site.pay(pay("second", &second)).await.unwrap();
        site.pay(pay("first", &first)).await.unwrap();
        assert_eq!(site.paid().await, 33, "{}", site.kind);
        let request = pb::ListDeclarationsRequest { unit_id: SCHOOL.to_owned(), page_size: 1, ..Default::default() };
        let page = by(Office::Education, site.client.clone().list_declarations(request.clone())).await.unwrap();
        assert_eq!(page.declarations[0].declaration_id, second.declaration_id, "{}", site.kind);
        let request = pb::ListDeclarationsRequest { page_token: page.next_page_token, ..request };
        let page = by(Office::Education, site.client.clone().list_declarations(request)).await.unwrap();
        assert_eq!(page.declarations[0].declaration_id, first.declaration_id, "{}", site.kind);
    }
}

/// J-3.3.1-b, J-3.3.1-e: registration first; special persons are left to their authority; by the school's offices alone.
#[tokio::test]
async fn a_declaration_needs_registered_people_and_the_right_office() {
    let on = TestTarget::sqlite();
    let site = Site::start(&on, &Crowd::of([]), &Coverage::default()).await;
    assert_eq!(reasons(site.declare(declare("one", SCHOOL)).await), "ORDER_VIOLATION");
    assert_eq!(reasons(site.declare(declare("one", "120118.X1")).await), "UNIT_NOT_FOUND");
    assert_eq!(reasons(site.declare(declare("one", "120118.H1")).await), "CHANNEL_MISMATCH");
    let unloaded = pb::DeclareRequest { policy_year: 2019, ..declare("one", SCHOOL) };
    assert_eq!(reasons(site.declare(unloaded).await), "POLICY_YEAR_NOT_LOADED");
    let nothing = pb::DeclareRequest { total_fen: Some(-1), ..Default::default() };
    let missing = "REQUIRED_FIELD_MISSING,REQUIRED_FIELD_MISSING,REQUIRED_FIELD_MISSING,NEGATIVE_AMOUNT";
    assert_eq!(reasons(site.declare(nothing).await), missing);
    for (office, unit_id) in [
        (Office::Township, SCHOOL),
        (Office::Tax, SCHOOL),
        (Office::Education, "120118.W1"),
        (Office::Education, "120115.S1"),
    ] {
        let refused = by(office, site.client.clone().declare(declare("one", unit_id))).await;
        assert_eq!(reasons(refused), "ROLE_NOT_ALLOWED", "{office} {unit_id}");
    }
    let special = juyi_domain::codes::Category::SpecialPerson.to_wire();
    let of_school =
        juyi_proto::common::v1::EnrolmentTerms { unit_id: SCHOOL.to_owned(), category: special, ..terms(1) };
    site.crowd.put(person(1, of_school));
    site.crowd.put(pupil(2));
    let declared = site.declare(declare("one", SCHOOL)).await.unwrap();
    assert_eq!(site.lines(&declared.declaration_id).await[0].reason, Why::DeclaredByAuthority.to_wire());
    assert_eq!(declared.totals.unwrap().persons, 1);
}

#[tokio::test]
async fn a_rehearsal_leaves_nothing() {
    for on in &targets().await {
        let site = Site::start(on, &class(), &Coverage::default()).await;
        let rehearsal = pb::DeclareRequest { validate_only: true, ..declare("one", SCHOOL) };
        let counted = site.declare(rehearsal.clone()).await.unwrap();
        assert_eq!(
            (counted.declaration_id.as_str(), counted.totals.unwrap().payable_fen),
            ("", 728_000),
            "{}",
            site.kind
        );
        let wrong = pb::DeclareRequest { total_fen: Some(1), ..rehearsal };
        assert_eq!(reasons(site.declare(wrong).await), "AMOUNT_MISMATCH", "{}", site.kind);
        assert_eq!(site.number("SELECT COUNT(*) AS number FROM declaration_line").await, 0, "{}", site.kind);
        let declared = site.declare(declare("one", SCHOOL)).await.unwrap();
        let trial = pb::PayDeclarationRequest { validate_only: true, ..pay("pay", &declared) };
        site.pay(trial).await.unwrap();
        assert_eq!(site.get(&declared.declaration_id).await, declared, "{}", site.kind);
        site.pay(pay("pay", &declared)).await.unwrap();
    }
}

#[tokio::test]
async fn what_is_taken_back_may_be_declared_again() {
    for on in &targets().await {
        let site = Site::start(on, &class(), &Coverage::default()).await;
        let first = site.declare(declare("one", SCHOOL)).await.unwrap();
        let request = pb::WithdrawDeclarationRequest {
            request_id: "withdraw".to_owned(),
            validate_only: false,
            declaration_id: first.declaration_id.clone(),
        };
        let withdraw = |office, request| by(office, async { site.client.clone().withdraw_declaration(request).await });
        assert_eq!(reasons(withdraw(Office::Township, request.clone()).await), "ROLE_NOT_ALLOWED", "{}", site.kind);
        let taken_back = withdraw(Office::Education, request.clone()).await.unwrap().declaration.unwrap();
        assert_eq!(taken_back.state, State::Withdrawn.to_wire(), "{}", site.kind);
        withdraw(Office::Education, request.clone()).await.unwrap();
        let again = pb::WithdrawDeclarationRequest { request_id: "again".to_owned(), ..request.clone() };
        assert_eq!(reasons(withdraw(Office::Education, again).await), "ORDER_VIOLATION", "{}", site.kind);
        assert_eq!(reasons(site.pay(pay("pay", &first)).await), "ORDER_VIOLATION", "{}", site.kind);

        let second = site.declare(declare("two", SCHOOL)).await.unwrap();
        assert_eq!(second.totals.unwrap().persons, 30, "{}", site.kind);
        site.pay(pay("pay-2", &second)).await.unwrap();
        let paid = pb::WithdrawDeclarationRequest { declaration_id: second.declaration_id, ..request };
        assert_eq!(reasons(withdraw(Office::Education, paid).await), "ORDER_VIOLATION", "{}", site.kind);
    }
}

/// J-3.3.1-c, J-3.1-b: one voucher, inside the time limit, by the tax side (J-A1.3-k).
#[tokio::test]
async fn a_payment_has_its_own_voucher_and_its_time() {
    for on in &targets().await {
        let site = Site::start(on, &class(), &Coverage::default()).await;
        let first = site.declare(declare("one", SCHOOL)).await.unwrap();
        site.crowd.put(pupil(31));
        let second = site.declare(declare("two", SCHOOL)).await.unwrap();
        let unknown = pb::PayDeclarationRequest { declaration_id: enrolment(1), ..pay("x", &first) };
        assert_eq!(reasons(site.pay(unknown).await), "DECLARATION_NOT_FOUND", "{}", site.kind);
        let by_school = by(Office::Education, site.client.clone().pay_declaration(pay("x", &first))).await;
        assert_eq!(reasons(by_school), "ROLE_NOT_ALLOWED", "{}", site.kind);
        let early = pb::PayDeclarationRequest { payment_date: "2020-08-31".to_owned(), ..pay("x", &first) };
        assert_eq!(reasons(site.pay(early).await), "WINDOW_NOT_OPEN", "{}", site.kind);
        let to_come = pb::PayDeclarationRequest { payment_date: "2020-10-21".to_owned(), ..pay("x", &first) };
        assert_eq!(reasons(site.pay(to_come).await), "DATE_ORDER", "{}", site.kind);
        site.clock.set_day("2021-07-02");
        let late = pb::PayDeclarationRequest { payment_date: "2021-07-01".to_owned(), ..pay("x", &first) };
        assert_eq!(reasons(site.pay(late).await), "WINDOW_CLOSED", "{}", site.kind);

        site.pay(pay("one", &first)).await.unwrap();
        let same = pb::PayDeclarationRequest { voucher_number: "V-one".to_owned(), ..pay("two", &second) };
        let refused = refusal(&site.pay(same).await.unwrap_err());
        assert_eq!(refused["reasons"], "DUPLICATE_PAYMENT", "{}", site.kind);
        assert_eq!(refused["declaration_id"], first.declaration_id, "{}", site.kind);
        site.pay(pay("two", &second)).await.unwrap();
        assert_eq!(site.paid().await, 31, "{}", site.kind);
    }
}

/// J-3.3.1-c: of declarations and payments at once, each has one effect.
#[tokio::test]
async fn two_at_once_declare_and_pay_once() {
    for on in &targets().await {
        let site = Site::start(on, &class(), &Coverage::default()).await;
        let (one, other) = tokio::join!(site.declare(declare("one", SCHOOL)), site.declare(declare("one", SCHOOL)));
        let declared = one.unwrap();
        assert_eq!(other.unwrap(), declared, "{}", site.kind);
        assert_eq!(declared.totals.unwrap().persons, 30, "{}", site.kind);
        assert_eq!(site.number("SELECT COUNT(*) AS number FROM declaration_line").await, 30, "{}", site.kind);
        let (one, other) = tokio::join!(site.pay(pay("one", &declared)), site.pay(pay("two", &declared)));
        let refused = if one.is_ok() { other } else { one };
        assert_eq!(reasons(refused), "DUPLICATE_PAYMENT", "{}", site.kind);
        assert_eq!((site.paid().await, told(&site.coverage).len()), (30, 30), "{}", site.kind);
    }
}
