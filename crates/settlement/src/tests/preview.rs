//! What a bill would have come to otherwise.

use juyi_domain::codes::{Identity, ProviderLevel, Tier};
use juyi_domain::id::ResidentId;
use juyi_proto::settlement::v1 as pb;

use super::filings::{AGENCY, residence};
use super::{Stay, Suite, with_suites};

pub(super) async fn preview(suite: &Suite, resident: ResidentId, bill: pb::Bill) -> pb::PreviewSettlementResponse {
    let request = pb::PreviewSettlementRequest { resident_id: resident.to_string(), bill: Some(bill) };
    let answer = Suite::hospital(suite.client().preview_settlement(request)).await.unwrap().into_inner();
    let own = answer.settlement.as_ref().unwrap().shares.unwrap();
    for alternative in &answer.alternatives {
        let shares = alternative.shares.unwrap();
        assert_eq!(alternative.person_difference_fen, shares.person_fen - own.person_fen);
        let paid = super::national::funds(&shares) + shares.person_fen;
        assert_eq!(paid, shares.total_fen + shares.maternity_above_cost_fen);
        assert_eq!(shares.total_fen, own.total_fen);
        assert!(!alternative.text.is_empty());
    }
    answer
}

fn differences(answer: &pb::PreviewSettlementResponse) -> Vec<(pb::AlternativeKind, i64)> {
    answer.alternatives.iter().map(|found| (found.kind(), found.person_difference_fen)).collect()
}

/// J-5.1.T-a to J-5.1.T-c, middle tier, 20000.00: 15600.00 at level 1, 14625.00 at level 2, 13650.00 at level 3.
#[tokio::test]
async fn a_stay_at_each_other_level() {
    with_suites("", |suite| async move {
        let (resident, stay) = (suite.resident(), Stay::on("03-01", 20_000));
        let at_three = preview(&suite, resident, stay.bill()).await;
        let expected = [(pb::AlternativeKind::Level1, -195_000), (pb::AlternativeKind::Level2, -97_500)];
        assert_eq!(differences(&at_three), expected, "{}", suite.kind);
        assert!(at_three.alternatives.iter().all(|found| !found.not_covered));
        assert_eq!(at_three.alternatives[0].text, "如在一级医院就医，个人少负担1950.00元");
        let at_one = preview(&suite, resident, stay.at(ProviderLevel::One).bill()).await;
        let expected = [(pb::AlternativeKind::Level2, 97_500), (pb::AlternativeKind::Level3, 195_000)];
        assert_eq!(differences(&at_one), expected);
        // Nothing is stored.
        assert_eq!(suite.list(resident).await, []);
        assert_eq!(suite.accumulators(resident).await.stays, 0);
    })
    .await;
}

/// An alternative takes the place of the bill in its year, with every payer: the waived deductible of a later stay
/// (J-5.1.T-e), and the aid of a recipient.
#[tokio::test]
async fn an_alternative_stands_among_the_other_bills() {
    with_suites("", |suite| async move {
        suite.peers.set_cover(Tier::Middle, &[Identity::SubsistenceAllowance]);
        let (resident, other) = (suite.resident(), suite.resident());
        let (first, second) = (Stay::on("03-01", 120_000), Stay::on("06-01", 60_000));
        suite.settle(resident, &first).await;
        let answer = preview(&suite, resident, second.bill()).await;
        let at_one = answer.alternatives[0].shares.unwrap();
        assert_eq!(at_one.basic_fund_fen, 4_800_000);
        assert!(at_one.medical_assistance_fen > 0);
        // It is what the bill comes to when it is settled like that.
        suite.settle(other, &first).await;
        let settled = suite.settle(other, &second.at(ProviderLevel::One)).await;
        assert_eq!(settled.shares, Some(at_one), "{}", suite.kind);
        assert_eq!(suite.list(resident).await.len(), 1);
    })
    .await;
}

/// J-10.3.2-b against J-10.3.2-d: with a transfer nobody pays more. What the law has no rule for is left out.
#[tokio::test]
async fn care_elsewhere_with_a_transfer_filed() {
    with_suites("", |suite| async move {
        let elsewhere = |category: pb::OutOfArea| {
            let mut bill = Stay::on("03-01", 20_000).bill();
            let region = "110000".to_owned();
            let elsewhere = pb::Elsewhere { category: category.into(), region, receiving_level: 0 };
            bill.place = Some(pb::bill::Place::Elsewhere(elsewhere));
            bill
        };
        let answer = preview(&suite, suite.resident(), elsewhere(pb::OutOfArea::SelfChosen)).await;
        let transfer = answer.alternatives.iter().find(|it| it.kind() == pb::AlternativeKind::TransferFiled).unwrap();
        assert!(transfer.person_difference_fen <= 0 && transfer.text.contains("转外"));
        // Of whom no register knows, the institution counts as chosen (J-10.3.2-d): 19500.00 × 60 %, with a transfer × 65 %.
        for category in [pb::OutOfArea::Residence, pb::OutOfArea::TemporaryEmergency, pb::OutOfArea::StudentAtHome] {
            let answer = preview(&suite, suite.resident(), elsewhere(category)).await;
            let own = answer.settlement.as_ref().unwrap().shares.unwrap();
            let found = answer.alternatives.iter().find(|it| it.kind() == pb::AlternativeKind::TransferFiled).unwrap();
            let with = found.shares.unwrap();
            assert_eq!((own.basic_fund_fen, with.basic_fund_fen), (1_170_000, 1_267_500), "{category:?}");
            assert_eq!(found.person_difference_fen, -97_500);
            assert_eq!(found.text, "如已办理转外就医手续，个人少负担975.00元", "{}", suite.kind);
        }
        // Who is registered there is paid as in the city (J-10.3.2-a).
        let resident = suite.resident();
        let mut registered = elsewhere(pb::OutOfArea::Residence);
        registered.provider.as_mut().unwrap().provider_code = "H13010200001".to_owned();
        let filing = residence(&suite, resident);
        Suite::office(AGENCY, suite.filings().file_residence_elsewhere(filing)).await.unwrap();
        let answer = preview(&suite, resident, registered).await;
        assert_eq!(answer.settlement.as_ref().unwrap().shares.unwrap().basic_fund_fen, 1_365_000);
        assert!(answer.alternatives.iter().all(|it| it.kind() != pb::AlternativeKind::TransferFiled));
        let answer = preview(&suite, suite.resident(), Stay::on("03-01", 20_000).bill()).await;
        assert!(answer.alternatives.iter().all(|it| it.kind() != pb::AlternativeKind::FamilyDoctor));
        // A visit at level 3 is not covered (J-5.1.T-p), and nothing of it is eligible.
        let mut visit = Stay::on("03-01", 800).at(ProviderLevel::One).bill();
        visit.care_kind = pb::CareKind::Outpatient.into();
        let answer = preview(&suite, suite.resident(), visit).await;
        let at_three = answer.alternatives.iter().find(|it| it.kind() == pb::AlternativeKind::Level3).unwrap();
        assert_eq!((at_three.not_covered, at_three.shares.unwrap().eligible_fen), (true, 0), "{}", suite.kind);
    })
    .await;
}
