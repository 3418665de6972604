//! Paying claims, and the accounts they are paid to.

use juyi_domain::settlement::claims::codes::{AccountKind, AccountState, ClaimState};
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as pb;

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

/// J-6.2.1.2-b: opened at the township or the branch; a card takes the place of a settlement account.
#[tokio::test]
async fn accounts_are_opened_and_activated() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let open = |kind: AccountKind| {
            let (request_id, resident_id) = (suite.request_id(), resident.to_string());
            let request = pb::OpenAccountRequest { request_id, resident_id, kind: kind.to_wire() };
            let mut client = suite.claims();
            async move { by("township", client.open_account(request)).await }
        };
        let activate = || {
            let (request_id, resident_id) = (suite.request_id(), resident.to_string());
            let mut client = suite.claims();
            async move {
                by("branch", client.activate_account(pb::ActivateAccountRequest { request_id, resident_id })).await
            }
        };
        assert_eq!(reasons(activate().await), "ORDER_VIOLATION");
        open(AccountKind::SettlementAccount).await.unwrap();
        assert_eq!(reasons(open(AccountKind::SettlementAccount).await), "ORDER_VIOLATION");
        let card = open(AccountKind::Card).await.unwrap().into_inner().account;
        assert_eq!(card, account(AccountKind::Card, AccountState::Opened));
        assert_eq!(reasons(open(AccountKind::SettlementAccount).await), "ORDER_VIOLATION");
        activate().await.unwrap();
        activate().await.unwrap();
        let (request_id, resident_id) = (suite.request_id(), resident.to_string());
        let by_school = pb::OpenAccountRequest { request_id, resident_id, kind: AccountKind::Card.to_wire() };
        assert_eq!(reasons(by("school", suite.claims().open_account(by_school)).await), "ROLE_NOT_ALLOWED");
    })
    .await;
}

/// J-6.2.1.1-b: what was reversed before the payment is not paid, but returned and claimed anew.
#[tokio::test]
async fn a_reversed_claim_is_not_paid() {
    with_suites("", |suite| async move {
        let (resident, stay) = (suite.resident(), Stay::on("03-01", 20_000));
        let mut claim = suite.handed_over(resident, &stay).await;
        claim.approve("checker").await.unwrap();
        let payment = claim.payment();
        let reversal = suite.reversal(resident, &claim.wire.settlement_id);
        by("checker", suite.client().reverse_settlement(reversal)).await.unwrap();
        assert_eq!(reasons(claim.pay(payment).await), "ORDER_VIOLATION");
        assert_eq!(claim.read("branch").await.unwrap().due_fen, 0);
        claim.give_back("checker").await.unwrap();
        assert_eq!(claim.state(), ClaimState::Returned);
        suite.handed_over(resident, &stay).await.approve("checker").await.unwrap();
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
