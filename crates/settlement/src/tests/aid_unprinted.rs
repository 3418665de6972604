//! Bills of 2017, whose plan prints no assistance: what is printed is paid all the same.

use juyi_domain::codes::{District, Identity, Office, Tier};
use juyi_domain::id::ResidentId;
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as pb;

use super::recompute::request;
use super::years::visit;
use super::{Stay, Suite, with_suites};

/// A visit of 2017, written `MM-DD`.
pub(super) fn visit_of_2017(suite: &Suite, resident: ResidentId, day: &str, yuan: i64) -> pb::SettleRequest {
    let mut request = visit(suite, resident, day, yuan);
    let bill = request.bill.as_mut().unwrap();
    (bill.admission_date, bill.discharge_date) = (format!("2017-{day}"), format!("2017-{day}"));
    request
}

/// Basic fund, both kinds of assistance, person.
fn parts(settlement: &pb::Settlement) -> [i64; 4] {
    let shares = settlement.shares.unwrap();
    let aid = [shares.medical_assistance_fen, shares.veterans_assistance_fen];
    [shares.basic_fund_fen, aid[0], aid[1], shares.person_fen]
}

/// The rules by which a receipt says that something is not printed.
fn unprinted(settlement: &pb::Settlement) -> Vec<String> {
    let steps = settlement.receipt.clone().unwrap().steps.into_iter();
    steps.filter(|step| step.marks.contains(&"RULE_NOT_DEFINED".to_owned())).map(|step| step.rule_id).collect()
}

/// B-5.2-a to -d, AMB-102: (1800.00 − 500.00) × 50 % = 650.00 with any identity as without, and who has one is told that no
/// assistance is printed. Assistance is not asked.
#[tokio::test]
async fn a_visit_of_2017_is_paid_with_any_identity() {
    with_suites("", |suite| async move {
        suite.peers.set_district(District::Baodi);
        for identity in [None, Some(Identity::LowIncome), Some(Identity::SingleParentFamily)] {
            suite.peers.set_cover(Tier::Middle, identity.as_slice());
            let resident = suite.resident();
            let settled = suite.try_settle(visit_of_2017(&suite, resident, "02-01", 1_800)).await.unwrap();
            let settled = settled.settlement.unwrap();
            assert_eq!(parts(&settled), [65_000, 0, 0, 115_000], "{} {identity:?}", suite.kind);
            let told = identity.map(|_| "B-5-a".to_owned());
            assert_eq!(unprinted(&settled), Vec::from_iter(told), "{} {identity:?}", suite.kind);
            let reversed = suite.reverse(resident, &settled.settlement_id).await;
            assert_eq!(parts(&reversed.settlement.unwrap()), [0; 4], "{}", suite.kind);
        }
        assert_eq!(suite.peers.assessments(), 0, "{}", suite.kind);
    })
    .await;
}

/// AMB-102, AMB-136: an identity held from May, and then recorded from before February: the visits of June and February are
/// settled, and the year is settled anew without a difference. A burden beside them says nothing of assistance (B-5.1-b).
#[tokio::test]
async fn a_backdated_identity_of_2017_moves_nothing() {
    with_suites("", |suite| async move {
        suite.peers.set_district(District::Baodi);
        let resident = suite.resident();
        let settle = async |request| suite.try_settle(request).await.unwrap().settlement.unwrap();
        let first = settle(visit_of_2017(&suite, resident, "02-01", 1_800)).await;
        suite.peers.set_cover(Tier::Middle, &[Identity::LowIncome]);
        let june = settle(visit_of_2017(&suite, resident, "06-01", 1_000)).await;
        assert_eq!(parts(&june), [50_000, 0, 0, 50_000], "{}", suite.kind);
        let mut burden = suite.request(resident, &Stay { day: "2017-07-01".to_owned(), ..Stay::on("07-01", 100_000) });
        burden.bill.as_mut().unwrap().care_kind = pb::CareKind::SuppliedBurden.into();
        let burden = settle(burden).await;
        assert_eq!((burden.shares.unwrap().critical_illness_fen, unprinted(&burden)), (4_000_000, Vec::new()));

        let order = pb::RecomputeYearRequest { policy_year: 2017, ..request(&suite, resident) };
        let mut client = suite.client();
        let baodi = Some(District::Baodi);
        let call = async move { client.recompute_year(order).await };
        let answer = Suite::called(Office::MedicalInsurance, baodi, "b", call).await.unwrap().into_inner();
        assert_eq!(answer.settlements, 3, "{}", suite.kind);
        let [change] = &answer.changes[..] else { panic!("one bill is of another person now") };
        assert_eq!((&change.settlement_id, change.shares), (&first.settlement_id, first.shares), "{}", suite.kind);
        assert_eq!(change.after.as_ref().unwrap().identities, [Identity::LowIncome.to_wire()]);
        let anew = suite.get(resident, &first.settlement_id).await;
        assert_eq!((parts(&anew), unprinted(&anew)), (parts(&first), vec!["B-5-a".to_owned()]), "{}", suite.kind);
        assert_eq!(suite.peers.assessments(), 0, "{}", suite.kind);
    })
    .await;
}
