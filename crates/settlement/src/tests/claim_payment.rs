//! Paying claims.

use juyi_domain::settlement::claims::codes::{AccountKind, AccountState, ClaimState};
use juyi_proto::settlement::v1 as pb;

use super::births::natural;
use super::claimant::{account, by, fact, filing, reasons};
use super::{Stay, with_suites};

/// J-6.2.1.1-e, J-6.2.1.2-a: the city pays the exact amount to the active card, once.
#[tokio::test]
async fn an_approved_claim_is_paid_once() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let mut claim = suite.handed_over(resident, &Stay::on("03-01", 20_000)).await;
        claim.approve("checker").await.unwrap();
        let payment = claim.payment();
        // Neither a branch nor a township pays.
        for who in ["checker", "township"] {
            let by_others = pb::PayClaimRequest { request_id: suite.request_id(), ..payment.clone() };
            assert_eq!(reasons(by(who, suite.claims().pay_claim(by_others)).await), "ROLE_NOT_ALLOWED");
        }
        let short = pb::PayClaimRequest { amount_fen: payment.amount_fen - 1, ..claim.payment() };
        assert_eq!(fact(claim.pay(short).await, "due_fen"), "1365000");
        let early = pb::PayClaimRequest { payment_date: "2021-03-31".to_owned(), ..claim.payment() };
        assert_eq!(reasons(claim.pay(early).await), "DATE_ORDER");
        let future = pb::PayClaimRequest { payment_date: "2022-01-16".to_owned(), ..claim.payment() };
        assert_eq!(reasons(claim.pay(future).await), "DATE_ORDER");

        claim.pay(payment.clone()).await.unwrap();
        assert_eq!((claim.state(), claim.wire.paid_fen), (ClaimState::Paid, 1_365_000), "{}", suite.kind);
        let step = claim.wire.steps.last().unwrap();
        assert_eq!((step.voucher_number.as_str(), step.payment_date.as_str()), ("run 7", "2021-06-30"));
        let paid = claim.wire.clone();
        claim.pay(payment).await.unwrap();
        assert_eq!(claim.wire, paid);
        assert_eq!(reasons(claim.pay(claim.payment()).await), "ORDER_VIOLATION");
    })
    .await;
}

/// J-6.2.1.2-a: PENDING_ACCOUNT until the account is activated.
#[tokio::test]
async fn a_payment_waits_for_the_account() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let opened = account(AccountKind::SettlementAccount, AccountState::Opened);
        let request = pb::FileClaimRequest { account: opened, ..filing(&suite, resident, &Stay::on("03-01", 20_000)) };
        let mut claim = suite.file_claim("township", request).await.unwrap();
        claim.enter("township").await.unwrap();
        claim.upload("township").await.unwrap();
        claim.hand_over("township").await.unwrap();
        claim.approve("checker").await.unwrap();
        for _ in 0..2 {
            claim.pay(claim.payment()).await.unwrap();
            assert_eq!((claim.state(), claim.wire.paid_fen), (ClaimState::PendingAccount, 0), "{}", suite.kind);
            assert_eq!(claim.wire.steps.len(), 6);
        }
        let activate = pb::ActivateAccountRequest { request_id: suite.request_id(), resident_id: resident.to_string() };
        let active = by("branch", suite.claims().activate_account(activate)).await.unwrap().into_inner().account;
        assert_eq!(active, account(AccountKind::SettlementAccount, AccountState::Activated));
        claim.pay(claim.payment()).await.unwrap();
        assert_eq!((claim.state(), claim.wire.steps.len()), (ClaimState::Paid, 7));
    })
    .await;
}

/// AMB-084, J-6.2.2.2-a: a fixed amount is due whole, also where it is more than the bill: 2280.00 for a birth of 1500.00.
#[tokio::test]
async fn a_fixed_amount_is_due_whole() {
    with_suites("", |suite| async move {
        let request = pb::FileClaimRequest {
            bill: Some(natural(1_500)),
            filing_date: "2021-11-01".to_owned(),
            ..filing(&suite, suite.resident(), &Stay::on("10-20", 1))
        };
        let mut claim = suite.file_claim("township", request).await.unwrap();
        claim.enter("township").await.unwrap();
        claim.upload("township").await.unwrap();
        claim.hand_over("township").await.unwrap();
        claim.approve("checker").await.unwrap();
        assert_eq!(claim.wire.due_fen, 228_000, "{}", suite.kind);
        let payment = pb::PayClaimRequest { payment_date: "2021-12-01".to_owned(), ..claim.payment() };
        claim.pay(payment).await.unwrap();
        assert_eq!((claim.state(), claim.wire.paid_fen), (ClaimState::Paid, 228_000));
    })
    .await;
}

/// J-6.2.1-a: what is due moves with the year until it is paid; a bill below the deductible comes to nothing.
#[tokio::test]
async fn what_is_due_follows_the_ledger() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let mut claim = suite.handed_over(resident, &Stay::on("03-01", 20_000)).await;
        claim.approve("checker").await.unwrap();
        let before = claim.payment();
        // An earlier stay takes the deductible: 20000.00 × 70 %.
        suite.settle(resident, &Stay::on("02-01", 500)).await;
        assert_eq!(fact(claim.pay(before).await, "due_fen"), "1400000", "{}", suite.kind);
        claim.wire = claim.read("branch").await.unwrap();
        claim.pay(claim.payment()).await.unwrap();
        assert_eq!(claim.wire.paid_fen, 1_400_000);

        let mut small = suite.handed_over(suite.resident(), &Stay::on("03-01", 400)).await;
        small.approve("checker").await.unwrap();
        assert_eq!(small.wire.due_fen, 0);
        assert_eq!(reasons(small.pay(small.payment()).await), "ORDER_VIOLATION");
    })
    .await;
}
