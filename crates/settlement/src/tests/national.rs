//! The conservation identities of the national platform, on generated settlements: `docs/national-names.md`.

use juyi_proto::common::v1::Payer;
use juyi_proto::common::v1::value::Kind;
use juyi_proto::settlement::v1 as pb;

use super::recount::{PEOPLE, Sample, bills, settle};
use super::with_suites;

/// What the funds pay together (`fund_pay_sumamt`).
pub(super) fn funds(shares: &pb::Shares) -> i64 {
    shares.basic_fund_fen
        + shares.critical_illness_fen
        + shares.maternity_fen
        + shares.medical_assistance_fen
        + shares.veterans_assistance_fen
}

/// A settlement in force under the names of the platform, in fen.
#[derive(Debug, Default)]
pub(super) struct Setlinfo {
    medfee_sumamt: i64,
    /// The platform splits the cost outside into three; ours is whole, and stands in the receipt.
    out_of_scope: i64,
    inscp_scp_amt: i64,
    act_pay_dedc: i64,
    hifp_pay: i64,
    hifmi_pay: i64,
    maf_pay: i64,
    othfund_pay: i64,
    /// By the payment lines of the receipt.
    fund_pay_sumamt: i64,
    psn_part_amt: i64,
    /// What a fixed amount of maternity insurance is above the bill (AMB-084); the platform has no name for it.
    above_cost: i64,
}

impl Setlinfo {
    fn of(settlement: &pb::Settlement) -> Self {
        let (shares, steps) = (settlement.shares.unwrap(), &settlement.receipt.as_ref().unwrap().steps);
        let moved = steps.iter().flat_map(|step| &step.accumulators).filter(|it| it.name == "deductible_used");
        let lines = steps.iter().filter_map(|step| step.payment);
        let outside = steps.iter().flat_map(|step| &step.inputs).rfind(|input| input.name == "out_of_scope").unwrap();
        let Some(Kind::Fen(out_of_scope)) = outside.value.as_ref().unwrap().kind else { panic!("an amount") };
        Self {
            medfee_sumamt: shares.total_fen,
            out_of_scope,
            inscp_scp_amt: shares.eligible_fen,
            act_pay_dedc: moved.map(|it| it.after_fen - it.before_fen).sum(),
            hifp_pay: shares.basic_fund_fen,
            hifmi_pay: shares.critical_illness_fen,
            maf_pay: shares.medical_assistance_fen,
            othfund_pay: shares.maternity_fen + shares.veterans_assistance_fen,
            fund_pay_sumamt: lines.filter(|it| it.payer() != Payer::Person).map(|it| it.amount_fen).sum(),
            psn_part_amt: shares.person_fen,
            above_cost: shares.maternity_above_cost_fen,
        }
    }

    /// total = out of scope + eligible; total = funds + person, less what is paid above the bill; funds = the sum of the funds.
    fn conserves(&self) {
        assert_eq!(self.medfee_sumamt, self.out_of_scope + self.inscp_scp_amt, "{self:?}");
        assert_eq!(self.medfee_sumamt, self.fund_pay_sumamt + self.psn_part_amt - self.above_cost, "{self:?}");
        let parts = self.hifp_pay + self.hifmi_pay + self.maf_pay + self.othfund_pay;
        assert_eq!(self.fund_pay_sumamt, parts, "{self:?}");
    }
}

/// The identities hold of what is in force, and of each entry; the entries sum to what is in force.
pub(super) fn conserved(settlement: &pb::Settlement) -> Setlinfo {
    let whole = |shares: &pb::Shares| [shares.total_fen, shares.eligible_fen, funds(shares), shares.person_fen];
    let mut posted = [0; 4];
    for entry in &settlement.entries {
        let shares = entry.shares.unwrap();
        assert_eq!(shares.total_fen + shares.maternity_above_cost_fen, funds(&shares) + shares.person_fen);
        posted = std::array::from_fn(|at| posted[at] + whole(&shares)[at]);
    }
    assert_eq!(posted, whole(&settlement.shares.unwrap()));
    if settlement.state() == pb::SettlementState::Reversed {
        assert_eq!(settlement.shares, Some(pb::Shares::default()));
        return Setlinfo::default();
    }
    let info = Setlinfo::of(settlement);
    info.conserves();
    // Nothing of a bill that is not covered counts, and nothing is paid for it (AMB-140).
    let bill = settlement.bill.as_ref().unwrap();
    assert_eq!(info.medfee_sumamt, bill.total_fen);
    let eligible = bill.eligible_fen.unwrap() - bill.third_party_fen.unwrap_or_default() - bill.public_health_fen;
    assert!(info.inscp_scp_amt == eligible || (info.inscp_scp_amt, info.fund_pay_sumamt) == (0, 0), "{info:?}");
    info
}

/// J-6.1-b and J-5.1.3-a: on every settlement, on every entry, after reversals and adjustments.
#[tokio::test]
async fn totals_are_what_is_outside_and_inside_and_what_funds_and_person_pay() {
    with_suites("", |suite| async move {
        let (mut sample, mut births_above_cost) = (Sample(0x6A09_E667_F3BC_C908), 0);
        for person in PEOPLE {
            let resident = person.register(&suite).await;
            for bill in bills(&mut sample, 9) {
                let settled = Box::pin(settle(&suite, resident, bill)).await;
                births_above_cost += usize::from(settled.shares.unwrap().maternity_above_cost_fen > 0);
                if sample.below(4) == 0 {
                    Box::pin(suite.reverse(resident, &settled.settlement_id)).await;
                }
            }
            let (list, totals) = (suite.list(resident).await, suite.accumulators(resident).await);
            let deductibles: i64 = list.iter().map(|settlement| conserved(settlement).act_pay_dedc).sum();
            assert_eq!(deductibles, totals.deductible_used_fen, "{}", suite.kind);
        }
        assert!(births_above_cost > 0);
    })
    .await;
}
