//! What changed between declaration and payment.

use juyi_domain::codes::{Identity, Office, PaymentMethod};
use juyi_domain::contribution::declaration::{
    DeclarationLineReason as Why, DeclarationLineState as LineState, DeclarationState as State,
};
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as pb;
use juyi_testkit::targets;

use super::registry::{Coverage, Crowd, enrolment, pupil, resident};
use super::{SCHOOL, Site, by, declare, pay, refusal, told};
use crate::store::payments::{self, Refunded};

/// J-3.3.1-c: whoever cannot be paid for is set aside with a reason, the others are paid for, and the sum stays explained.
#[tokio::test]
async fn one_who_changed_does_not_hold_up_the_others() {
    for on in &targets().await {
        let site = Site::start(on, &Crowd::of((1..=20).map(pupil)), &Coverage::default()).await;
        let declared = site.declare(declare("one", SCHOOL)).await.unwrap();
        site.pay_alone(1, 26_000, PaymentMethod::BankInquiryVoucher).await;
        site.crowd.change(2, |person| "2020-10-19".clone_into(&mut person.person.as_mut().unwrap().death_date));
        let alone = site.pay_alone(3, 26_000, PaymentMethod::BankInquiryVoucher).await;
        let mut session = site.database.begin().await.unwrap();
        let refund = Refunded { id: enrolment(3).parse().unwrap(), on: "2020-10-16".parse().unwrap() };
        let payment_id = alone.payment_id.parse().unwrap();
        assert!(payments::refund(&mut session, resident(3).parse().unwrap(), payment_id, refund).await.unwrap());
        session.commit().await.unwrap();
        site.crowd.change(4, |person| person.identities.push(Identity::SpecialFamilyStudent.to_wire()));
        site.crowd.change(5, |person| {
            "2020-10-21".clone_into(&mut person.person.as_mut().unwrap().enrolments[0].application_date);
        });
        site.crowd.remove(6);

        let paid = site.pay(pay("pay", &declared)).await.unwrap();
        let totals = paid.totals.unwrap();
        assert_eq!((paid.state, totals.confirmed, totals.exceptions), (State::Paid.to_wire(), 14, 6), "{}", site.kind);
        assert_eq!(totals.confirmed_fen + totals.exception_fen, totals.payable_fen, "{}", site.kind);
        assert_eq!(totals.exception_fen, 6 * 26_000, "{}", site.kind);
        assert_eq!(site.paid().await, 15, "{}", site.kind);
        let told = told(&site.coverage);
        assert_eq!(told.iter().filter(|fact| fact.payment_date == "2020-10-20").count(), 14, "{}", site.kind);

        let lines = site.lines(&declared.declaration_id).await;
        let found: Vec<_> = lines.iter().take(6).map(|line| line.reason).collect();
        let expected =
            [Why::AlreadyPaid, Why::Died, Why::Refunded, Why::AmountChanged, Why::OpensNoCoverage, Why::NotEnrolled];
        assert_eq!(found, expected.map(Coded::to_wire), "{}", site.kind);
        assert!(lines[..6].iter().all(|line| line.state == LineState::Exception.to_wire()), "{}", site.kind);
        assert_eq!(lines[4].detail, "DATE_ORDER", "{}", site.kind);
        assert!(lines[6..].iter().all(|line| line.state == LineState::Confirmed.to_wire()), "{}", site.kind);

        // After a refund the enrolment may be declared again.
        let again = site.declare(declare("two", SCHOOL)).await.unwrap();
        let lines = site.lines(&again.declaration_id).await;
        let declared: Vec<_> = lines.iter().filter(|line| line.state == LineState::Declared.to_wire()).collect();
        assert!(declared.iter().any(|line| line.enrolment_id == enrolment(3)), "{}", site.kind);
        assert!(declared.iter().all(|line| line.enrolment_id != enrolment(1)), "{}", site.kind);
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
