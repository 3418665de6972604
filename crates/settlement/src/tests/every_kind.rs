//! Every kind of care through the contract: what is conserved, and the alternatives the law has for it.

use juyi_domain::codes::{District, Identity, ProviderLevel, Tier};
use juyi_domain::id::ResidentId;
use juyi_proto::settlement::v1 as pb;

use super::births::{natural, planned, registered};
use super::claimant::reasons;
use super::filings::disease;
use super::national::conserved;
use super::preview::preview;
use super::{Stay, Suite, with_suites};

/// A bill of a kind that differs from a plain stay at a level 1 hospital.
fn bill(kind: pb::CareKind, yuan: i64, change: impl FnOnce(&mut pb::Bill)) -> pb::Bill {
    let mut bill = Stay::on("09-01", yuan).at(ProviderLevel::One).bill();
    bill.care_kind = kind.into();
    // Some of it is outside the catalogues.
    (bill.total_fen, bill.eligible_fen) = (yuan * 100, Some(yuan * 90));
    change(&mut bill);
    bill
}

/// Bills of one kind each that settlement takes in 2021, some in two ways.
fn bills() -> Vec<(&'static str, pb::Bill)> {
    use pb::CareKind::{EmergencyObservation, HomeBed, Inpatient, Outpatient, SpecialOutpatient};
    let elsewhere = |bill: &mut pb::Bill| {
        let category = pb::OutOfArea::SelfChosen.into();
        let place = pb::Elsewhere { category, region: "110000".to_owned(), receiving_level: 0 };
        bill.place = Some(pb::bill::Place::Elsewhere(place));
        bill.provider.as_mut().unwrap().level = 3;
    };
    vec![
        ("stay", bill(Inpatient, 150_000, |_| {})),
        ("stay elsewhere", bill(Inpatient, 20_000, elsewhere)),
        ("special disease", bill(SpecialOutpatient, 9_000, |bill| bill.disease_code = "M01600".to_owned())),
        ("visit", bill(Outpatient, 900, |_| {})),
        (
            "village",
            bill(Outpatient, 30, |bill| {
                let provider = bill.provider.as_mut().unwrap();
                provider.kind = pb::ProviderKind::VillageClinic.into();
                (provider.level, provider.village_integrated) = (0, true);
                bill.general_fee =
                    Some(pb::GeneralFee { registration_fen: 100, consultation_fen: 200, ..Default::default() });
            }),
        ),
        (
            "sent home",
            bill(EmergencyObservation, 1_200, |bill| {
                bill.observation_outcome = pb::ObservationOutcome::SentHome.into();
            }),
        ),
        (
            "admitted",
            bill(EmergencyObservation, 3_000, |bill| {
                bill.observation_outcome = pb::ObservationOutcome::Admitted.into();
            }),
        ),
        (
            "home bed",
            bill(HomeBed, 2_000, |bill| {
                bill.discharge_date = "2021-09-10".to_owned();
                bill.home_bed_days = 10;
                bill.provider.as_mut().unwrap().home_bed = true;
            }),
        ),
        ("birth", natural(4_000)),
        ("birth below its amount", natural(1_500)),
        ("family planning", planned(pb::FamilyPlanningProcedure::InducedLabour, 2_000)),
    ]
}

async fn settle(suite: &Suite, resident: ResidentId, bill: pb::Bill) -> pb::Settlement {
    let request = pb::SettleRequest {
        request_id: suite.request_id(),
        resident_id: resident.to_string(),
        bill: Some(bill),
        ..Default::default()
    };
    suite.try_settle(request).await.unwrap().settlement.unwrap()
}

/// The identities of the platform hold of a settlement, and after its reversal.
async fn conserves(suite: &Suite, resident: ResidentId, settled: &pb::Settlement, of: &pb::Bill) {
    let info = conserved(settled);
    assert_eq!(settled.shares.unwrap().total_fen, of.total_fen);
    assert_ne!(super::national::funds(&settled.shares.unwrap()), 0, "{info:?}");
    let reversed = suite.reverse(resident, &settled.settlement_id).await.settlement.unwrap();
    conserved(&reversed);
    assert_eq!((reversed.state(), reversed.entries.len()), (pb::SettlementState::Reversed, 2));
}

/// J-6.1-b, and AMB-084 for a fixed amount above the cost.
#[tokio::test]
async fn every_kind_of_care_is_conserved() {
    with_suites("", |suite| async move {
        suite.peers.set_cover(Tier::Middle, &[Identity::SubsistenceAllowance]);
        let resident = registered(&suite).await;
        let request = disease(&suite, resident);
        Suite::hospital(suite.filings().register_special_disease(request)).await.unwrap();
        let mut kinds = Vec::new();
        for (_, bill) in bills() {
            let settled = settle(&suite, resident, bill.clone()).await;
            conserves(&suite, resident, &settled, &bill).await;
            kinds.push(bill.care_kind);
        }
        // A burden of a year whose rates are not printed.
        suite.peers.set_district(District::Baodi);
        let mut burden = bill(pb::CareKind::SuppliedBurden, 100_000, |_| {});
        burden.eligible_fen = Some(burden.total_fen);
        (burden.admission_date, burden.discharge_date) = ("2017-03-01".to_owned(), "2017-03-01".to_owned());
        let other = suite.resident();
        let settled = settle(&suite, other, burden.clone()).await;
        conserves(&suite, other, &settled, &burden).await;
        kinds.push(burden.care_kind);
        // The clause of other cost defines none (J-7-8).
        suite.peers.set_district(District::Jinghai);
        let unknown = pb::SettleRequest {
            bill: Some(bill(pb::CareKind::Other, 100, |_| {})),
            ..suite.request(suite.resident(), &Stay::on("03-01", 1))
        };
        assert_eq!(reasons(suite.try_settle(unknown).await), "RULE_NOT_DEFINED", "{}", suite.kind);
        let all = 1..=pb::CareKind::Other as i32;
        let missing: Vec<_> = all.filter(|kind| !kinds.contains(kind)).collect();
        assert_eq!(missing, [pb::CareKind::Other as i32], "{}", suite.kind);
    })
    .await;
}

/// J-5.1.T-a to J-5.1.T-c, J-10.3.2-b, J-5.1.4-a: each kind has the alternatives for which the law has a rule, each with the
/// yuan that the person would pay more or less.
#[tokio::test]
async fn every_kind_of_care_has_its_alternatives() {
    with_suites("", |suite| async move {
        let resident = registered(&suite).await;
        let request = disease(&suite, resident);
        Suite::hospital(suite.filings().register_special_disease(request)).await.unwrap();
        let mut found = Vec::new();
        for (name, bill) in bills() {
            let answer = preview(&suite, resident, bill).await;
            for alternative in &answer.alternatives {
                let yuan = alternative.person_difference_fen.unsigned_abs();
                let yuan = format!("{}.{:02}元", yuan / 100, yuan % 100);
                let says = if alternative.person_difference_fen == 0 { "不变" } else { &yuan };
                assert!(alternative.text.ends_with(says), "{}", alternative.text);
            }
            let kinds = answer.alternatives.iter().map(|it| {
                let kind = it.kind().as_str_name().trim_start_matches("ALTERNATIVE_KIND_").to_owned();
                if it.not_covered { format!("({kind})") } else { kind }
            });
            found.push((name, kinds.collect::<Vec<_>>().join(" ")));
        }
        let found: Vec<_> = found.iter().map(|(name, kinds)| (*name, kinds.as_str())).collect();
        // In brackets where the law pays nothing.
        let expected = [
            ("stay", "LEVEL_2 LEVEL_3"),
            ("stay elsewhere", "(LEVEL_1) LEVEL_2 TRANSFER_FILED"),
            ("special disease", "LEVEL_2 LEVEL_3"),
            ("visit", "LEVEL_2 (LEVEL_3) FAMILY_DOCTOR"),
            ("village", "FAMILY_DOCTOR"),
            ("sent home", "LEVEL_2 (LEVEL_3) FAMILY_DOCTOR"),
            ("admitted", "LEVEL_2 LEVEL_3"),
            ("home bed", "LEVEL_2 LEVEL_3"),
            ("birth", "LEVEL_1 LEVEL_2"),
            ("birth below its amount", "LEVEL_1 LEVEL_2"),
            ("family planning", "LEVEL_1 LEVEL_2"),
        ];
        assert_eq!(found, expected, "{}", suite.kind);
    })
    .await;
}
