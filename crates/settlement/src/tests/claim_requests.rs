//! Repetitions of changes of claims, which ask nobody, and the turn of an approval.

use std::time::Duration;

use juyi_domain::codes::{Identity, Tier};
use juyi_domain::refusal::Reason;
use juyi_domain::settlement::claims::codes::{AccountKind, ClaimDecision, ClaimState};
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as pb;

use super::claimant::{by, filing};
use super::{Stay, with_suites};

/// Every change that asks a peer is answered as the first time when the peer would refuse, and without a question.
#[tokio::test]
async fn repetitions_ask_no_peer() {
    with_suites("", |suite| async move {
        suite.peers.set_cover(Tier::Middle, &[Identity::SubsistenceAllowance]);
        let resident = suite.resident();
        let (request_id, resident_id) = (suite.request_id(), resident.to_string());
        let kind = AccountKind::SettlementAccount.to_wire();
        let open = pb::OpenAccountRequest { request_id, resident_id: resident_id.clone(), kind };
        let activate = pb::ActivateAccountRequest { request_id: suite.request_id(), resident_id };
        let file = pb::FileClaimRequest { account: None, ..filing(&suite, resident, &Stay::on("03-01", 120_000)) };

        let opened = by("township", suite.claims().open_account(open.clone())).await.unwrap().into_inner();
        let active = by("branch", suite.claims().activate_account(activate.clone())).await.unwrap().into_inner();
        let mut claim = suite.file_claim("township", file.clone()).await.unwrap();
        let filed = claim.wire.clone();
        claim.enter("township").await.unwrap();
        claim.upload("township").await.unwrap();
        claim.hand_over("township").await.unwrap();
        let review = claim.review(ClaimDecision::Approve);
        let approved = by("checker", suite.claims().review_claim(review.clone())).await.unwrap().into_inner();

        suite.peers.forget(resident);
        suite.peers.set_reasons(&[(Reason::NotEnrolled, "J-4.1-a")]);
        suite.peers.set_assistance_down(true);
        let asked = || (suite.peers.insurances().len(), suite.peers.assessments());
        let before = asked();
        let again = by("township", suite.claims().open_account(open)).await.unwrap().into_inner();
        assert_eq!(again, opened, "{}", suite.kind);
        let again = by("branch", suite.claims().activate_account(activate)).await.unwrap().into_inner();
        assert_eq!(again, active, "{}", suite.kind);
        assert_eq!(suite.file_claim("township", file).await.unwrap().wire, filed, "{}", suite.kind);
        let again = by("checker", suite.claims().review_claim(review)).await.unwrap().into_inner();
        assert_eq!(again, approved, "{}", suite.kind);
        assert_eq!(asked(), before, "{}", suite.kind);
    })
    .await;
}

/// J-6.2.1.1-b: an approval waits while a bill of the same person is settled: both are planned once, in their order.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_approval_takes_its_turn() {
    with_suites("", |suite| async move {
        suite.peers.set_cover(Tier::Middle, &[Identity::SubsistenceAllowance]);
        let resident = suite.resident();
        let claim = suite.handed_over(resident, &Stay::on("03-01", 20_000)).await;
        let held = suite.peers.hold_assistance().await;
        let (one, bill) = (suite.clone(), Stay::on("02-01", 8_000));
        let settled = tokio::spawn(async move { one.settle(resident, &bill).await });
        suite.peers.until_assessed(1).await;
        let (mut client, request) = (suite.claims(), claim.review(ClaimDecision::Approve));
        let approved = tokio::spawn(async move { by("checker", client.review_claim(request)).await });
        // Time enough for an approval without a turn to ask assistance, too.
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(suite.peers.assessments(), 1, "{}", suite.kind);
        drop(held);
        let settled = settled.await.unwrap();
        let approved = approved.await.unwrap().unwrap().into_inner().claim.unwrap();
        assert_eq!(suite.peers.assessments(), 2, "{}", suite.kind);
        assert_eq!(approved.state, ClaimState::Approved.to_wire());
        let filed: Vec<_> = suite.list(resident).await.into_iter().map(|it| it.settlement_id).collect();
        assert_eq!(filed, [settled.settlement_id, approved.settlement_id], "{}", suite.kind);
        assert_eq!(suite.accumulators(resident).await.stays, 2, "{}", suite.kind);
    })
    .await;
}
