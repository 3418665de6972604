//! What changed between declaration and payment.

use juyi_domain::codes::{Identity, Office, PaymentMethod};
use juyi_domain::contribution::codes::PaymentPaper;
use juyi_domain::contribution::declaration::{
    DeclarationLineReason as Why, DeclarationLineState as LineState, DeclarationState as State,
};
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as pb;
use juyi_testkit::{TestTarget, targets};

use super::registry::{Coverage, Crowd, enrolment, pupil, resident, villager};
use super::{SCHOOL, Site, VILLAGE, by, declare, pay, reasons, refusal, told};

/// Fourteen children of twenty are paid for; of the others each is an exception of another kind.
async fn with_exceptions(on: &TestTarget) -> (Site, pb::Declaration) {
    let site = Site::start(on, &Crowd::of((1..=20).map(pupil)), &Coverage::default()).await;
    let declared = site.declare(declare("one", SCHOOL)).await.unwrap();
    // As if both had come at once.
    site.run("UPDATE declaration_line SET state = 'LEFT_OUT' WHERE enrolment_id LIKE '%0001'").await;
    site.pay_alone(1, 26_000, PaymentMethod::BankInquiryVoucher).await;
    site.run("UPDATE declaration_line SET state = 'DECLARED' WHERE enrolment_id LIKE '%0001'").await;
    site.crowd.change(2, |person| "2020-10-19".clone_into(&mut person.person.as_mut().unwrap().death_date));
    site.crowd.change(3, |person| "120115".clone_into(&mut person.person.as_mut().unwrap().enrolments[0].district));
    site.crowd.change(4, |person| person.identities.push(Identity::SpecialFamilyStudent.to_wire()));
    site.crowd.change(5, |person| {
        "2020-10-21".clone_into(&mut person.person.as_mut().unwrap().enrolments[0].application_date);
    });
    site.crowd.remove(6);
    let paid = site.pay(pay("pay", &declared)).await.unwrap();
    (site, paid)
}

fn adds_up(declaration: &pb::Declaration) -> bool {
    let it = declaration.totals.unwrap();
    it.confirmed + it.exceptions + it.returned == it.persons
        && it.confirmed_fen + it.exception_fen + it.returned_fen == it.payable_fen
}

fn settle(request_id: &str, paid: &pb::Declaration, number: u32, state: LineState) -> pb::SettleExceptionRequest {
    let back = state == LineState::Returned;
    pb::SettleExceptionRequest {
        request_id: request_id.to_owned(),
        validate_only: false,
        declaration_id: paid.declaration_id.clone(),
        resident_id: resident(number),
        enrolment_id: enrolment(number),
        state: state.to_wire(),
        voucher_number: if back { "BACK-1".to_owned() } else { String::new() },
        return_date: if back { "2020-10-20".to_owned() } else { String::new() },
        amount_fen: if back { 26_000 } else { 0 },
    }
}

/// J-3.3.1-c: whoever cannot be paid for is set aside with a reason, the others are paid for, and the sum stays explained.
#[tokio::test]
async fn one_who_changed_does_not_hold_up_the_others() {
    for on in &targets().await {
        let (site, paid) = with_exceptions(on).await;
        let totals = paid.totals.unwrap();
        assert_eq!((paid.state, totals.confirmed, totals.exceptions), (State::Paid.to_wire(), 14, 6), "{}", site.kind);
        assert!(adds_up(&paid), "{}", site.kind);
        assert_eq!(totals.exception_fen, 6 * 26_000, "{}", site.kind);
        assert_eq!(site.paid().await, 15, "{}", site.kind);
        let told = told(&site.coverage);
        assert_eq!(told.iter().filter(|fact| fact.payment_date == "2020-10-20").count(), 14, "{}", site.kind);

        let lines = site.lines(&paid.declaration_id).await;
        let found: Vec<_> = lines.iter().take(6).map(|line| line.reason).collect();
        let expected =
            [Why::AlreadyPaid, Why::Died, Why::Moved, Why::AmountChanged, Why::OpensNoCoverage, Why::NotEnrolled];
        assert_eq!(found, expected.map(Coded::to_wire), "{}", site.kind);
        assert!(lines[..6].iter().all(|line| line.state == LineState::Exception.to_wire()), "{}", site.kind);
        assert_eq!(lines[4].detail, "DATE_ORDER", "{}", site.kind);
        assert!(lines[6..].iter().all(|line| line.state == LineState::Confirmed.to_wire()), "{}", site.kind);
    }
}

/// J-3.3.1-c: until its money is used or returned, nobody is declared or charged again; afterwards once.
#[tokio::test]
async fn money_paid_in_vain_is_used_or_returned() {
    for on in &targets().await {
        let (site, paid) = with_exceptions(on).await;
        let close = |office, request| by(office, async { site.client.clone().settle_exception(request).await });
        let again = async |request: pb::SettleExceptionRequest| close(Office::Tax, request).await;
        site.crowd.put(pupil(21));
        let second = site.declare(declare("two", SCHOOL)).await.unwrap();
        assert_eq!((second.totals.unwrap().persons, second.totals.unwrap().left_out), (1, 19), "{}", site.kind);
        let lines = site.lines(&second.declaration_id).await;
        let open = lines.iter().filter(|line| line.reason == Why::OpenException.to_wire()).count();
        // Number 6 is not registered; whom the first declaration paid for is counted alone.
        assert_eq!((open, lines.len()), (3, 6), "{}: {lines:?}", site.kind);
        let alone = site.try_pay_alone(5, 26_000, PaymentMethod::BankInquiryVoucher).await;
        assert!(reasons(alone).contains("DUPLICATE_DECLARATION"), "{}", site.kind);

        let refused = refusal(&again(settle("a", &paid, 3, LineState::Confirmed)).await.unwrap_err());
        assert_eq!((refused["reasons"].as_str(), refused["line_reason"].as_str()), ("ORDER_VIOLATION", "MOVED"));
        site.crowd.change(3, |person| "120118".clone_into(&mut person.person.as_mut().unwrap().enrolments[0].district));
        let used = again(settle("a", &paid, 3, LineState::Confirmed)).await.unwrap();
        let (declaration, line) = (used.declaration.clone().unwrap(), used.line.clone().unwrap());
        assert_eq!((line.state, line.payment_id.is_empty()), (LineState::Confirmed.to_wire(), false), "{}", site.kind);
        assert_eq!((declaration.totals.unwrap().confirmed, site.paid().await), (15, 16), "{}", site.kind);
        assert!(adds_up(&declaration), "{}", site.kind);
        assert_eq!(again(settle("a", &paid, 3, LineState::Confirmed)).await.unwrap(), used, "{}", site.kind);
        assert!(told(&site.coverage).iter().any(|fact| fact.payment_id == line.payment_id), "{}", site.kind);

        let returned = settle("b", &paid, 5, LineState::Returned);
        for (wrong, reason) in [
            (pb::SettleExceptionRequest { amount_fen: 25_999, ..returned.clone() }, "AMOUNT_MISMATCH"),
            (pb::SettleExceptionRequest { return_date: "2020-10-19".to_owned(), ..returned.clone() }, "DATE_ORDER"),
            (
                pb::SettleExceptionRequest { voucher_number: "V-pay".to_owned(), ..returned.clone() },
                "DUPLICATE_PAYMENT",
            ),
            (
                pb::SettleExceptionRequest { state: LineState::Declared.to_wire(), ..returned.clone() },
                "VALUE_NOT_ALLOWED",
            ),
            (pb::SettleExceptionRequest { enrolment_id: enrolment(99), ..returned.clone() }, "ENROLMENT_NOT_FOUND"),
            (settle("c", &paid, 7, LineState::Returned), "ORDER_VIOLATION"),
        ] {
            assert_eq!(reasons(again(wrong).await), reason, "{}", site.kind);
        }
        assert_eq!(reasons(close(Office::Education, returned.clone()).await), "ROLE_NOT_ALLOWED", "{}", site.kind);
        let back = close(Office::SocialInsurance, returned).await.unwrap();
        let totals = back.declaration.clone().unwrap().totals.unwrap();
        assert_eq!((totals.returned, totals.returned_fen, totals.exceptions), (1, 26_000, 4), "{}", site.kind);
        assert!(adds_up(&back.declaration.unwrap()), "{}", site.kind);
        assert_eq!(back.line.unwrap().returned.unwrap().voucher_number, "BACK-1", "{}", site.kind);
        let twice = again(settle("d", &paid, 5, LineState::Returned)).await;
        assert_eq!(reasons(twice), "ORDER_VIOLATION", "{}", site.kind);
        // The same voucher takes back the money of another one.
        again(settle("e", &paid, 2, LineState::Returned)).await.unwrap();
        let lines = site.lines(&paid.declaration_id).await;
        assert_eq!(lines[4].returned.as_ref().unwrap().amount_fen, 26_000, "{}", site.kind);

        // Whoever's money went back is declared again, and no longer charged for in vain.
        site.crowd.change(5, |person| {
            "2020-09-10".clone_into(&mut person.person.as_mut().unwrap().enrolments[0].application_date);
        });
        let third = site.declare(declare("three", SCHOOL)).await.unwrap();
        assert_eq!(third.totals.unwrap().persons, 1, "{}", site.kind);
        assert_eq!(site.pay(pay("third", &third)).await.unwrap().totals.unwrap().confirmed, 1, "{}", site.kind);
    }
}

/// J-3.3.1-c: nobody pays beside the declaration that waits, or is handed a paper.
#[tokio::test]
async fn who_is_declared_does_not_pay_alone() {
    for on in &targets().await {
        let site = Site::start(on, &Crowd::of((1..=3).map(villager)), &Coverage::default()).await;
        let declared = site.declare(declare("one", VILLAGE)).await.unwrap();
        let alone = refusal(&site.try_pay_alone(1, 56_000, PaymentMethod::MobileApp).await.unwrap_err());
        assert_eq!(alone["reasons"], "DUPLICATE_DECLARATION", "{}", site.kind);
        assert_eq!(alone["declaration_id"], declared.declaration_id, "{}", site.kind);
        let notice = pb::IssueNoticeRequest {
            request_id: "notice".to_owned(),
            resident_id: resident(1),
            enrolment_id: enrolment(1),
            kind: PaymentPaper::PaymentNotice.to_wire(),
            ..Default::default()
        };
        let issued = by(Office::Township, site.client.clone().issue_notice(notice)).await;
        assert_eq!(reasons(issued), "DUPLICATE_DECLARATION", "{}", site.kind);
    }
}

/// J-A1.3-j: a payment after the death is refused, one on its day is not.
#[tokio::test]
async fn nobody_pays_for_the_dead() {
    for on in &targets().await {
        let site = Site::start(on, &Crowd::of((1..=2).map(villager)), &Coverage::default()).await;
        for (number, died) in [(1, "2020-10-14"), (2, "2020-10-15")] {
            site.crowd.change(number, |person| died.clone_into(&mut person.person.as_mut().unwrap().death_date));
        }
        let refused = refusal(&site.try_pay_alone(1, 56_000, PaymentMethod::MobileApp).await.unwrap_err());
        assert_eq!((refused["reasons"].as_str(), refused["rule_id"].as_str()), ("NOT_IN_BENEFIT_PERIOD", "J-A1.3-j"));
        site.pay_alone(2, 56_000, PaymentMethod::MobileApp).await;
    }
}

/// J-3.3.1-c: a voucher that confirmed another payment pays no declaration, and the other way round.
#[tokio::test]
async fn a_voucher_is_used_once() {
    for on in &targets().await {
        let site = Site::start(on, &Crowd::of((1..=3).map(pupil)), &Coverage::default()).await;
        let alone = site.pay_alone(1, 26_000, PaymentMethod::BankInquiryVoucher).await;
        let declared = site.declare(declare("one", SCHOOL)).await.unwrap();
        let voucher_number = alone.voucher_number.clone();
        let refused = refusal(
            &site.pay(pb::PayDeclarationRequest { voucher_number, ..pay("pay", &declared) }).await.unwrap_err(),
        );
        assert_eq!(refused["reasons"], "DUPLICATE_PAYMENT", "{}", site.kind);
        assert_eq!(refused["payment_id"], alone.payment_id, "{}", site.kind);
        let paid = site.pay(pay("pay", &declared)).await.unwrap();
        site.crowd.put(pupil(4));
        let request = pb::ConfirmPaymentRequest {
            request_id: "alone".to_owned(),
            resident_id: resident(4),
            enrolment_id: enrolment(4),
            amount_fen: 26_000,
            payment_date: "2020-10-15".to_owned(),
            method: PaymentMethod::BankInquiryVoucher.to_wire(),
            voucher_number: paid.payment.unwrap().voucher_number,
            ..Default::default()
        };
        let refused = refusal(&by(Office::Tax, site.payments.clone().confirm_payment(request)).await.unwrap_err());
        assert_eq!(refused["reasons"], "DUPLICATE_PAYMENT", "{}", site.kind);
        assert_eq!(refused["declaration_id"], declared.declaration_id, "{}", site.kind);
    }
}
