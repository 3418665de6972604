//! Claims whose settlement is reversed, before and after they were paid.

use juyi_domain::settlement::claims::codes::ClaimState;
use juyi_proto::settlement::v1 as pb;

use super::claimant::{Claim, by, fact, filing, reasons};
use super::{Stay, Suite, with_suites};

async fn reverse(suite: &Suite, claim: &mut Claim<'_>) {
    let (resident, id) = (claim.wire.resident_id.parse().unwrap(), &claim.wire.settlement_id);
    let reversal = suite.reversal(resident, id);
    by("checker", suite.client().reverse_settlement(reversal)).await.unwrap();
    claim.wire = claim.read("branch").await.unwrap();
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

/// J-6.2.1-a: after the reversal of a paid claim the bill is unsettled: it is claimed anew, and the money that was paid comes
/// back before the new claim is paid.
#[tokio::test]
async fn a_paid_claim_that_is_reversed_leaves_its_bill() {
    with_suites("", |suite| async move {
        let (resident, stay) = (suite.resident(), Stay::on("03-01", 20_000));
        let mut claim = suite.handed_over(resident, &stay).await;
        claim.approve("checker").await.unwrap();
        claim.pay(claim.payment()).await.unwrap();
        assert_eq!((claim.wire.settlement_reversed, claim.wire.to_recover_fen), (false, 0));
        assert_eq!(reasons(claim.recover(claim.repayment()).await), "ORDER_VIOLATION");
        let again = suite.file_claim("township", filing(&suite, resident, &stay)).await;
        assert_eq!(reasons(again), "DUPLICATE_CLAIM", "{}", suite.kind);

        reverse(&suite, &mut claim).await;
        assert_eq!((claim.state(), claim.wire.paid_fen, claim.wire.due_fen), (ClaimState::Paid, 1_365_000, 0));
        assert_eq!((claim.wire.settlement_reversed, claim.wire.to_recover_fen), (true, 1_365_000), "{}", suite.kind);
        // Nor does its provider get what the person still holds.
        let at_the_provider = suite.try_settle(suite.request(resident, &stay)).await;
        assert_eq!(fact(at_the_provider, "claim_id"), claim.wire.claim_id, "{}", suite.kind);
        let mut anew = suite.handed_over(resident, &stay).await;
        assert_eq!(reasons(suite.file_claim("township", filing(&suite, resident, &stay)).await), "DUPLICATE_CLAIM");
        anew.approve("checker").await.unwrap();
        assert_eq!((anew.wire.due_fen, anew.wire.settlement_reversed), (1_365_000, false));
        assert_ne!(anew.wire.settlement_id, claim.wire.settlement_id);
        assert_eq!(suite.accumulators(resident).await.basic_paid_fen, 1_365_000, "{}", suite.kind);

        assert_eq!(fact(anew.pay(anew.payment()).await, "claim_id"), claim.wire.claim_id);
        claim.recover(claim.repayment()).await.unwrap();
        assert_eq!((claim.state(), claim.wire.to_recover_fen), (ClaimState::Recovered, 0), "{}", suite.kind);
        assert_eq!(
            (claim.wire.paid_fen, claim.wire.steps.last().unwrap().voucher_number.as_str()),
            (1_365_000, "back 7")
        );
        anew.pay(anew.payment()).await.unwrap();
        assert_eq!((anew.state(), anew.wire.paid_fen), (ClaimState::Paid, 1_365_000), "{}", suite.kind);
    })
    .await;
}

/// J-6.2.1.1-e: the office that paid gets the exact amount back, once, and not before it paid.
#[tokio::test]
async fn the_money_comes_back_once_and_whole() {
    with_suites("", |suite| async move {
        let (resident, stay) = (suite.resident(), Stay::on("03-01", 20_000));
        let mut claim = suite.handed_over(resident, &stay).await;
        claim.approve("checker").await.unwrap();
        claim.pay(claim.payment()).await.unwrap();
        reverse(&suite, &mut claim).await;
        let repayment = claim.repayment();
        for who in ["checker", "township", "agency"] {
            let by_others = pb::RecoverClaimRequest { request_id: suite.request_id(), ..repayment.clone() };
            assert_eq!(reasons(by(who, suite.claims().recover_claim(by_others)).await), "ROLE_NOT_ALLOWED");
        }
        let wrong = pb::RecoverClaimRequest {
            amount_fen: repayment.amount_fen - 1,
            repayment_date: "2021-06-29".to_owned(),
            ..claim.repayment()
        };
        assert_eq!(reasons(claim.recover(wrong).await), "AMOUNT_MISMATCH,DATE_ORDER");
        let future = pb::RecoverClaimRequest { repayment_date: "2022-01-16".to_owned(), ..claim.repayment() };
        assert_eq!(reasons(claim.recover(future).await), "DATE_ORDER");
        claim.recover(repayment.clone()).await.unwrap();
        let recovered = claim.wire.clone();
        claim.recover(repayment).await.unwrap();
        assert_eq!(claim.wire, recovered, "{}", suite.kind);
        assert_eq!(reasons(claim.recover(claim.repayment()).await), "ORDER_VIOLATION");
        let scope = Some(pb::list_claims_request::Scope::ResidentId(resident.to_string()));
        let request = pb::ListClaimsRequest { scope, ..Default::default() };
        let page = by("branch", suite.claims().list_claims(request)).await.unwrap().into_inner();
        assert_eq!(page.claims, [recovered], "{}", suite.kind);
    })
    .await;
}

/// J-6.2.1-a: a claim that waits for an account is reversed, too, and the bill is free before anybody returns it.
#[tokio::test]
async fn an_unpaid_claim_that_is_reversed_leaves_its_bill() {
    with_suites("", |suite| async move {
        let (resident, stay) = (suite.resident(), Stay::on("03-01", 20_000));
        let mut claim = suite.handed_over(resident, &stay).await;
        claim.approve("checker").await.unwrap();
        reverse(&suite, &mut claim).await;
        assert_eq!((claim.state(), claim.wire.to_recover_fen), (ClaimState::Approved, 0), "{}", suite.kind);
        let mut anew = suite.handed_over(resident, &stay).await;
        anew.approve("checker").await.unwrap();
        anew.pay(anew.payment()).await.unwrap();
        claim.give_back("checker").await.unwrap();
        assert_eq!((claim.state(), anew.state()), (ClaimState::Returned, ClaimState::Paid), "{}", suite.kind);
    })
    .await;
}

/// A payment and a reversal at once: either nothing is paid, or what is to be recovered is told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reversal_beside_a_payment_leaves_nothing_untold() {
    with_suites("", |suite| async move {
        let second = suite.second().await;
        for _ in 0..10 {
            let mut claim = suite.handed_over(suite.resident(), &Stay::on("03-01", 20_000)).await;
            claim.approve("checker").await.unwrap();
            let (payment, resident) = (claim.payment(), claim.wire.resident_id.parse().unwrap());
            let reversal = suite.reversal(resident, &claim.wire.settlement_id);
            let (one, other) = (suite.clone(), second.clone());
            let paid = tokio::spawn(async move { by("city", one.claims().pay_claim(payment)).await });
            let reversed =
                tokio::spawn(async move { by("checker", other.client().reverse_settlement(reversal)).await });
            let (paid, reversed) = (paid.await.unwrap(), reversed.await.unwrap());
            reversed.unwrap();
            claim.wire = claim.read("branch").await.unwrap();
            assert!(claim.wire.settlement_reversed, "{}", suite.kind);
            assert_eq!(claim.wire.to_recover_fen, if paid.is_ok() { 1_365_000 } else { 0 }, "{}", suite.kind);
            assert_eq!(claim.wire.due_fen, 0);
        }
    })
    .await;
}
