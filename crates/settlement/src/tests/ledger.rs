//! Filing late and reversing leave the year as if the bills had come in order, and nothing is rewritten.

use juyi_domain::codes::{Identity, Tier};
use juyi_domain::id::ResidentId;
use juyi_domain::money::Fen;
use juyi_proto::settlement::v1 as pb;

use super::{Stay, Suite, with_suites};

const POOR: &[Identity] = &[Identity::SubsistenceAllowance];

/// The settlements in force without ids, instants and entries: what is owed, why, and the running totals.
pub(super) async fn in_force(suite: &Suite, resident: ResidentId) -> Vec<pb::Settlement> {
    let mut found = suite.list(resident).await;
    found.retain(|settlement| settlement.state == i32::from(pb::SettlementState::Settled));
    for settlement in &mut found {
        settlement.settlement_id.clear();
        settlement.resident_id.clear();
        settlement.create_time.clear();
        settlement.entries.clear();
    }
    found.sort_by_key(|settlement| settlement.bill.as_ref().map(|bill| bill.bill_number.clone()));
    found
}

fn kinds(settlement: &pb::Settlement) -> Vec<pb::EntryKind> {
    settlement.entries.iter().map(pb::Entry::kind).collect()
}

fn ids(adjustments: &[pb::Adjustment]) -> Vec<&str> {
    adjustments.iter().map(|adjustment| adjustment.settlement_id.as_str()).collect()
}

fn minus(shares: pb::Shares) -> pb::Shares {
    pb::Shares {
        total_fen: -shares.total_fen,
        eligible_fen: -shares.eligible_fen,
        basic_fund_fen: -shares.basic_fund_fen,
        critical_illness_fen: -shares.critical_illness_fen,
        medical_assistance_fen: -shares.medical_assistance_fen,
        veterans_assistance_fen: -shares.veterans_assistance_fen,
        person_fen: -shares.person_fen,
        maternity_fen: -shares.maternity_fen,
        maternity_above_cost_fen: -shares.maternity_above_cost_fen,
    }
}

#[tokio::test]
async fn a_reversed_bill_was_never_filed() {
    with_suites("", |suite| async move {
        suite.peers.set_cover(Tier::Middle, POOR);
        let stays = [("03-01", 120_000), ("06-01", 60_000), ("09-01", 30_000)].map(|(day, yuan)| Stay::on(day, yuan));
        let (resident, other) = (suite.resident(), suite.resident());
        let first = suite.settle(resident, &stays[0]).await;
        let second = suite.settle(resident, &stays[1]).await;
        let third = suite.settle(resident, &stays[2]).await;

        let reversal = suite.reverse(resident, &first.settlement_id).await;
        let reversed = reversal.settlement.unwrap();
        assert_eq!(reversed.state(), pb::SettlementState::Reversed);
        assert_eq!(reversed.shares, Some(pb::Shares::default()));
        assert_eq!(kinds(&reversed), [pb::EntryKind::Settlement, pb::EntryKind::Reversal]);
        assert_eq!(reversed.entries[1].shares, first.shares.map(minus));
        assert_eq!(reversed.receipt, first.receipt);
        assert_eq!(suite.get(resident, &first.settlement_id).await, reversed);

        assert_eq!(ids(&reversal.adjustments), [second.settlement_id.as_str(), third.settlement_id.as_str()]);
        let adjusted = suite.get(resident, &second.settlement_id).await;
        assert_eq!(kinds(&adjusted), [pb::EntryKind::Settlement, pb::EntryKind::Adjustment]);
        assert_eq!(adjusted.entries[1].shares, reversal.adjustments[0].difference);
        assert_eq!(adjusted.entries[1].cause_settlement_id, first.settlement_id);
        // The first posting stays as it was, now with the receipt that explained it.
        assert_eq!(adjusted.entries[0], pb::Entry { receipt: second.receipt.clone(), ..second.entries[0].clone() });

        suite.settle(other, &stays[1]).await;
        suite.settle(other, &stays[2]).await;
        assert_eq!(in_force(&suite, resident).await, in_force(&suite, other).await, "{}", suite.kind);
        assert_eq!(suite.accumulators(resident).await, suite.accumulators(other).await);

        // Assistance knows the same, and of the reversed bill nothing remains.
        assert_eq!(suite.peers.registered(&first.settlement_id), (Fen::ZERO, Fen::ZERO));
        let medical = Fen::new(adjusted.shares.unwrap().medical_assistance_fen);
        assert_eq!(suite.peers.registered(&second.settlement_id).0, medical);
    })
    .await;
}

/// AMB-055: which stay is the first is a question of admission.
#[tokio::test]
async fn a_stay_filed_late_takes_its_place() {
    Box::pin(with_suites("", |suite| async move {
        let (early, late) = (Stay::on("03-01", 20_000), Stay::on("05-01", 8_000));
        let (resident, other) = (suite.resident(), suite.resident());
        let second = suite.settle(resident, &late).await;
        assert_eq!(second.shares.unwrap().basic_fund_fen, 525_000);

        let preview = pb::PreviewSettlementRequest { resident_id: resident.to_string(), bill: Some(early.bill()) };
        let preview = Box::pin(Suite::hospital(suite.client().preview_settlement(preview))).await.unwrap().into_inner();
        let filed = Box::pin(suite.file(resident, &early)).await;
        assert_eq!(preview.adjustments, filed.adjustments);
        let (shown, stored) = (preview.settlement.unwrap(), filed.settlement.unwrap());
        assert!(shown.settlement_id.is_empty() && shown.entries[0].entry_id.is_empty());
        assert_eq!(
            (shown.shares, shown.receipt, shown.accumulators),
            (stored.shares, stored.receipt, stored.accumulators)
        );

        // The waived deductible of 500.00 at 70 % comes back to the person.
        let difference = pb::Shares { basic_fund_fen: 35_000, person_fen: -35_000, ..pb::Shares::default() };
        assert_eq!(ids(&filed.adjustments), [second.settlement_id.as_str()]);
        assert_eq!(filed.adjustments[0].difference, Some(difference));
        let adjusted = suite.get(resident, &second.settlement_id).await;
        assert_eq!(adjusted.accumulators.unwrap().stays, 2);
        assert!(adjusted.receipt.unwrap().steps.iter().any(|step| step.rule_id == "J-5.1.T-e"));

        suite.settle(other, &early).await;
        suite.settle(other, &late).await;
        assert_eq!(in_force(&suite, resident).await, in_force(&suite, other).await, "{}", suite.kind);
    }))
    .await;
}

#[tokio::test]
async fn a_reversed_bill_may_be_filed_again() {
    with_suites("", |suite| async move {
        let (resident, stay) = (suite.resident(), Stay::on("03-01", 20_000));
        for _ in 0..2 {
            let settled = suite.settle(resident, &stay).await;
            assert_eq!(settled.shares.unwrap().basic_fund_fen, 1_365_000);
            suite.reverse(resident, &settled.settlement_id).await;
        }
        let totals = suite.accumulators(resident).await;
        assert_eq!(totals, pb::Accumulators { policy_year: 2021, ..pb::Accumulators::default() });
        assert_eq!(suite.list(resident).await.len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bills_settled_at_once_all_count() {
    with_suites("", |suite| async move {
        let (resident, recount) = (suite.resident(), suite.resident());
        let stays: Vec<Stay> = (1..=24).map(|day| Stay::on(&format!("03-{day:02}"), 30_000)).collect();
        let settle = |stay: &Stay| {
            let (suite, stay) = (suite.clone(), stay.clone());
            tokio::spawn(async move { suite.settle(resident, &stay).await })
        };
        let running: Vec<_> = stays.iter().map(settle).collect();
        for settled in running {
            settled.await.unwrap();
        }
        for stay in &stays {
            suite.settle(recount, stay).await;
        }
        assert_eq!(in_force(&suite, resident).await, in_force(&suite, recount).await, "{}", suite.kind);
        assert_eq!(suite.accumulators(resident).await.stays, 24);
        assert_eq!(suite.accumulators(resident).await, suite.accumulators(recount).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bills_reversed_at_once_all_leave() {
    with_suites("", |suite| async move {
        suite.peers.set_cover(Tier::Middle, POOR);
        let (resident, recount) = (suite.resident(), suite.resident());
        let stays: Vec<Stay> = (1..=6).map(|day| Stay::on(&format!("03-{day:02}"), 30_000)).collect();
        let mut running = Vec::new();
        for stay in &stays[..4] {
            let id = suite.settle(resident, stay).await.settlement_id;
            let suite = suite.clone();
            running.push(async move { suite.reverse(resident, &id).await });
        }
        let running: Vec<_> = running.into_iter().map(tokio::spawn).collect();
        suite.settle(resident, &stays[4]).await;
        suite.settle(resident, &stays[5]).await;
        for reversed in running {
            reversed.await.unwrap();
        }
        suite.settle(recount, &stays[4]).await;
        suite.settle(recount, &stays[5]).await;
        assert_eq!(in_force(&suite, resident).await, in_force(&suite, recount).await, "{}", suite.kind);
        assert_eq!(suite.accumulators(resident).await, suite.accumulators(recount).await);
    })
    .await;
}
