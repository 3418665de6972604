//! The conservation identities of the national platform, on generated settlements: `docs/national-names.md`.

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

/// A settlement under the names of the platform, in fen.
#[derive(Debug, Default)]
pub(super) struct Setlinfo {
    setl_id: String,
    medfee_sumamt: i64,
    /// The platform splits the cost outside into three; ours is whole.
    out_of_scope: i64,
    inscp_scp_amt: i64,
    act_pay_dedc: i64,
    hifp_pay: i64,
    hifmi_pay: i64,
    maf_pay: i64,
    othfund_pay: i64,
    fund_pay_sumamt: i64,
    psn_part_amt: i64,
    /// What a fixed amount of maternity insurance is above the bill (AMB-084); the platform has no name for it.
    above_cost: i64,
    refd_setl_flag: bool,
}

impl Setlinfo {
    pub(super) fn of(settlement: &pb::Settlement, shares: &pb::Shares) -> Self {
        let steps = settlement.receipt.iter().flat_map(|receipt| &receipt.steps);
        let moved = steps.flat_map(|step| &step.accumulators).filter(|it| it.name == "deductible_used");
        Self {
            setl_id: settlement.settlement_id.clone(),
            medfee_sumamt: shares.total_fen,
            out_of_scope: shares.total_fen - shares.eligible_fen,
            inscp_scp_amt: shares.eligible_fen,
            act_pay_dedc: moved.map(|it| it.after_fen - it.before_fen).sum(),
            hifp_pay: shares.basic_fund_fen,
            hifmi_pay: shares.critical_illness_fen,
            maf_pay: shares.medical_assistance_fen,
            othfund_pay: shares.maternity_fen + shares.veterans_assistance_fen,
            fund_pay_sumamt: funds(shares),
            psn_part_amt: shares.person_fen,
            above_cost: shares.maternity_above_cost_fen,
            refd_setl_flag: settlement.state() == pb::SettlementState::Reversed,
        }
    }

    /// total = out of scope + eligible; total = funds + person, less what is paid above the bill; funds = the sum of the funds.
    pub(super) fn conserves(&self) {
        assert_eq!(self.medfee_sumamt, self.out_of_scope + self.inscp_scp_amt, "{self:?}");
        assert_eq!(self.medfee_sumamt, self.fund_pay_sumamt + self.psn_part_amt - self.above_cost, "{self:?}");
        let parts = self.hifp_pay + self.hifmi_pay + self.maf_pay + self.othfund_pay;
        assert_eq!(self.fund_pay_sumamt, parts, "{self:?}");
    }
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
            let mut deductibles = 0;
            for settlement in &list {
                let shares = settlement.shares.unwrap();
                let info = Setlinfo::of(settlement, &shares);
                info.conserves();
                assert_eq!(info.setl_id, settlement.settlement_id);
                if info.refd_setl_flag {
                    assert_eq!((info.medfee_sumamt, info.fund_pay_sumamt), (0, 0));
                } else {
                    let bill = settlement.bill.as_ref().unwrap();
                    // Nothing of a bill that is not covered counts (AMB-140).
                    let eligible = if info.inscp_scp_amt == 0 { 0 } else { bill.eligible_fen };
                    assert_eq!((info.medfee_sumamt, info.inscp_scp_amt), (bill.total_fen, eligible));
                    deductibles += info.act_pay_dedc;
                }
                for entry in &settlement.entries {
                    Setlinfo::of(settlement, &entry.shares.unwrap()).conserves();
                }
            }
            assert_eq!(deductibles, totals.deductible_used_fen, "{}", suite.kind);
        }
        assert!(births_above_cost > 0);
    })
    .await;
}
