//! Who withdrew, and whose year is prepaid.

use juyi_domain::codes::{PaymentMethod, RefundState};
use juyi_domain::contribution::declaration::{DeclarationLineReason as Why, DeclarationLineState as LineState};
use juyi_domain::contribution::refund::Ground;
use juyi_domain::money::Fen;
use juyi_domain::receipt::Receipt;
use juyi_kit::caller::Caller;
use juyi_proto::code::Coded;
use juyi_testkit::{ManualClock, context_at, targets};

use super::registry::{Coverage, Crowd, enrolment, pupil, resident};
use super::{SCHOOL, Site, declare, pay, told};
use crate::store::payments::{self, Refunded};
use crate::store::refunds::{self, Refund};

/// J-3.5-a: who withdrew is not declared again against his will; whose loan was refunded is.
#[tokio::test]
async fn who_withdrew_is_left_out() {
    for on in &targets().await {
        let site = Site::start(on, &Crowd::of((1..=3).map(pupil)), &Coverage::default()).await;
        let context = context_at(std::sync::Arc::new(ManualClock::on("2020-10-20")));
        let day = |text: &str| text.parse().unwrap();
        let loan = Ground::StudentLoan { admitted_on: day("2020-09-01"), loaned_on: day("2020-09-02") };
        for (number, ground) in [(1, Ground::Withdrawal), (2, loan)] {
            let paid = site.pay_alone(number, 26_000, PaymentMethod::BankInquiryVoucher).await;
            let refund = Refund {
                resident_id: resident(number).parse().unwrap(),
                id: context.id(),
                payment_id: paid.payment_id.parse().unwrap(),
                enrolment_id: enrolment(number).parse().unwrap(),
                policy_year: 2021,
                district: "120118".parse().unwrap(),
                ground,
                applied_on: day("2020-10-16"),
                benefit_start: day("2021-01-01"),
                refund: Fen::yuan(260),
                receipt: Receipt::default(),
                state: RefundState::Verified,
                replacing_payment_id: None,
                recorded_by: Caller::system(),
                created_at: context.now(),
            };
            let mut session = site.database.begin().await.unwrap();
            refunds::insert(&mut session, &refund).await.unwrap();
            let refunded = Refunded { id: refund.id, on: day("2020-10-16") };
            assert!(payments::refund(&mut session, refund.resident_id, refund.payment_id, refunded).await.unwrap());
            session.commit().await.unwrap();
        }
        let declared = site.declare(declare("one", SCHOOL)).await.unwrap();
        let lines = site.lines(&declared.declaration_id).await;
        assert_eq!((lines[0].state, lines[0].reason), (LineState::LeftOut.to_wire(), Why::Refunded.to_wire()));
        assert!(lines[1..].iter().all(|line| line.state == LineState::Declared.to_wire()), "{}", site.kind);
        assert_eq!(site.pay(pay("pay", &declared)).await.unwrap().totals.unwrap().confirmed, 2, "{}", site.kind);
    }
}

/// J-3.3.3-b: a prepaid student counts 0 and is paid for out of the term.
#[tokio::test]
async fn the_prepaid_count_nothing() {
    for on in &targets().await {
        let site = Site::start(on, &Crowd::of((1..=40).map(pupil)), &Coverage::default()).await;
        site.run(
            "INSERT INTO prepaid_year (resident_id, policy_year, prepayment_id) VALUES \
            ('00000000-0000-7000-8000-000000000001', 2021, 'one'), \
            ('00000000-0000-7000-8000-000000000028', 2021, 'other'), \
            ('00000000-0000-7000-8000-000000000002', 2022, 'later')",
        )
        .await;
        let declared = site.declare(declare("one", SCHOOL)).await.unwrap();
        let totals = declared.totals.unwrap();
        assert_eq!((totals.persons, totals.prepaid, totals.payable_fen), (40, 2, 38 * 26_000), "{}", site.kind);
        let paid = site.pay(pay("pay", &declared)).await.unwrap().totals.unwrap();
        assert_eq!((paid.confirmed, paid.confirmed_fen), (40, 38 * 26_000), "{}", site.kind);
        let prepaid = "SELECT COUNT(*) AS number FROM payment WHERE method = 'PREPAYMENT' AND amount_fen = 0";
        assert_eq!((site.number(prepaid).await, told(&site.coverage).len()), (2, 40), "{}", site.kind);
    }
}
