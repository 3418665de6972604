//! Bills of every kind of care that stays share their year with, and bills that are not covered.

use juyi_domain::codes::{District, Identity, ProviderLevel, Tier};
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::Reason;
use juyi_proto::settlement::v1 as pb;
use juyi_proto::settlement::v1::bill::Place;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use super::{Stay, Suite, with_suites};

/// Files a bill that differs from a plain stay.
async fn file(
    suite: &Suite,
    resident: ResidentId,
    stay: Stay,
    change: impl Fn(&mut pb::Bill),
) -> Result<pb::Settlement, Status> {
    let mut request = suite.request(resident, &stay);
    change(request.bill.as_mut().unwrap());
    Ok(suite.try_settle(request).await?.settlement.unwrap())
}

fn basic(settlement: &pb::Settlement) -> i64 {
    settlement.shares.unwrap().basic_fund_fen
}

/// The rules by which a bill, or a part of it, is not covered.
fn excluded(settlement: &pb::Settlement) -> Vec<String> {
    let steps = settlement.receipt.iter().flat_map(|receipt| &receipt.steps);
    let excludes = |step: &&juyi_proto::common::v1::Step| step.marks.iter().any(|mark| mark == "NOT_COVERED");
    steps.filter(excludes).map(|step| step.rule_id.clone()).collect()
}

/// S-36: J-5.1.T-q, J-5.1.T-r, also when an earlier period is filed late.
#[tokio::test]
async fn home_beds_are_paid_for_ninety_days() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let bed = async |day: &str, last: &str, yuan, days| {
            let change = |bill: &mut pb::Bill| {
                bill.care_kind = pb::CareKind::HomeBed.into();
                bill.discharge_date = format!("2021-{last}");
                bill.home_bed_days = days;
                bill.provider.as_mut().unwrap().home_bed = true;
            };
            file(&suite, resident, Stay::on(day, yuan).at(ProviderLevel::One), change).await
        };
        bed("01-05", "03-20", 7_000, 70).await.unwrap();
        let status = bed("04-01", "04-30", 4_400, 30).await.unwrap_err();
        let details = status.get_details_error_info().unwrap();
        assert_eq!((details.reason.as_str(), details.metadata["days_left"].as_str()), ("REQUIRED_FIELD_MISSING", "20"));
        assert!(!details.metadata.contains_key("settlement_id"));
        let first = bed("04-01", "04-20", 3_000, 20).await.unwrap();
        let rest = bed("04-21", "04-30", 1_400, 10).await.unwrap();
        assert_eq!((basic(&first), basic(&rest)), (240_000, 0), "{}", suite.kind);
        assert_eq!(excluded(&rest), ["J-5.1.T-r"]);
        let totals = suite.accumulators(resident).await;
        assert_eq!((totals.home_bed_days, totals.stays, totals.burden_fen), (90, 2, 180_000 + 60_000));
        assert_eq!(rest.accumulators, first.accumulators);
        assert_eq!(rest.shares.unwrap().eligible_fen, 0);
        // Four days filed late leave sixteen of the twenty: that bill is named, and not the one that is filed.
        let late = bed("01-01", "01-04", 400, 4).await.unwrap_err().get_details_error_info().unwrap();
        assert_eq!(
            (&late.metadata["settlement_id"], late.metadata["days_left"].as_str()),
            (&first.settlement_id, "16")
        );
    })
    .await;
}

/// S-43: J-8-2, J-8-4; J-8-5, J-8-1 and AMB-140: what is not covered leaves the year alone.
#[tokio::test]
async fn what_is_excluded_is_the_persons() {
    with_suites("", |suite| async move {
        suite.peers.set_cover(Tier::StudentChild, &[]);
        let resident = suite.resident();
        let stay = Stay { total_fen: 1_000_000, ..Stay::on("03-01", 8_800) }.at(ProviderLevel::Two);
        let change = |bill: &mut pb::Bill| (bill.third_party_involved, bill.third_party_fen) = (true, Some(616_000));
        let settled = file(&suite, resident, stay.clone(), change).await.unwrap();
        assert_eq!((basic(&settled), settled.shares.unwrap().eligible_fen), (171_200, 264_000));
        assert_eq!(excluded(&settled), ["J-8-2", "J-8-4"]);
        let before = suite.accumulators(resident).await;
        assert_eq!((before.stays, before.burden_fen), (1, 92_800));

        let abroad = file(&suite, resident, Stay::on("04-01", 30_000), |bill| {
            bill.place = Some(Place::OutsideBorder(true));
            bill.provider.as_mut().unwrap().designated = false;
        });
        let abroad = abroad.await.unwrap();
        assert_eq!(
            (excluded(&abroad), abroad.shares.unwrap().person_fen),
            (vec!["J-8-5".into(), "J-8-1".into()], 3_000_000)
        );
        assert_eq!(suite.accumulators(resident).await, before, "{}", suite.kind);
        // J-8-4: a third party without its share.
        let status = file(&suite, resident, stay, |bill| bill.third_party_involved = true).await.unwrap_err();
        assert_eq!(status.get_details_error_info().unwrap().reason, "REQUIRED_FIELD_MISSING");
    })
    .await;
}

/// J-8-4, B-5-a: a share of 0 where no third party is involved is none: 1800.00 of a visit are paid in 2017 as in 2021, with
/// 650.00, no step excludes anything, and the bill is kept as one without a third party.
#[tokio::test]
async fn a_share_of_nothing_is_no_third_party() {
    with_suites("", |suite| async move {
        suite.peers.set_district(District::Baodi);
        for year in ["2017", "2021"] {
            let stay = Stay { day: format!("{year}-03-01"), ..Stay::on("03-01", 1_800).at(ProviderLevel::One) };
            let resident = suite.resident();
            let settled = file(&suite, resident, stay, |bill| {
                bill.care_kind = pb::CareKind::Outpatient.into();
                bill.third_party_fen = Some(0);
            });
            let settled = settled.await.unwrap();
            assert_eq!((basic(&settled), excluded(&settled)), (65_000, Vec::new()), "{} {year}", suite.kind);
            let kept = suite.get(resident, &settled.settlement_id).await.bill.unwrap();
            assert_eq!((kept.third_party_involved, kept.third_party_fen), (false, None), "{} {year}", suite.kind);
        }
    })
    .await;
}

/// J-7-6, J-5.1.T-k: nobody registered the special disease; J-10.1.2-a, J-10.3.2-d, J-10.3.2-e: the reason decides.
#[tokio::test]
async fn registers_decide_what_is_covered_and_how() {
    with_suites("", |suite| async move {
        let visit = file(&suite, suite.resident(), Stay::on("03-01", 1_000), |bill| {
            bill.care_kind = pb::CareKind::SpecialOutpatient.into();
            bill.disease_code = "M01".to_owned();
        });
        assert_eq!(excluded(&visit.await.unwrap()), ["J-7-6"]);
        let elsewhere = async |category: pb::OutOfArea, level| {
            let change = |bill: &mut pb::Bill| {
                let place =
                    pb::Elsewhere { category: category.into(), region: "110000".to_owned(), receiving_level: 0 };
                bill.place = Some(Place::Elsewhere(place));
            };
            let stay = Stay::on("03-01", 20_000).at(level);
            basic(&file(&suite, suite.resident(), stay, change).await.unwrap())
        };
        // J-10.1.2-a: no trip was recorded.
        assert_eq!(elsewhere(pb::OutOfArea::TemporaryEmergency, ProviderLevel::Three).await, 1_170_000);
        assert_eq!(elsewhere(pb::OutOfArea::SelfChosen, ProviderLevel::Three).await, 1_170_000);
        assert_eq!(elsewhere(pb::OutOfArea::SelfChosen, ProviderLevel::One).await, 0);
    })
    .await;
}

/// S-40: B-5.1-b to B-5.1-f: without a law for stays, also for whom assistance has no law either; J-5.2-a: not in 2021.
#[tokio::test]
async fn a_burden_may_come_from_elsewhere() {
    with_suites("", |suite| async move {
        suite.peers.set_district(District::Baodi);
        suite.peers.set_cover(Tier::Middle, &[Identity::SubsistenceAllowance]);
        let burden = async |year: &str, yuan| {
            let stay = Stay { day: format!("{year}-03-01"), ..Stay::on("03-01", yuan) };
            let change = |bill: &mut pb::Bill| bill.care_kind = pb::CareKind::SuppliedBurden.into();
            file(&suite, suite.resident(), stay, change).await
        };
        for (yuan, expected) in [(20_000, 0), (100_000, 4_000_000), (250_000, 13_500_000), (400_000, 17_000_000)] {
            let settled = burden("2017", yuan).await.unwrap();
            let shares = settled.shares.unwrap();
            assert_eq!((shares.basic_fund_fen, shares.critical_illness_fen), (0, expected), "{}", suite.kind);
            assert_eq!(settled.accumulators.unwrap().burden_fen, yuan * 100);
        }
        let status = burden("2021", 30_000).await.unwrap_err();
        assert_eq!(status.get_details_error_info().unwrap().reason, Reason::OrderViolation.code());
    })
    .await;
}

/// Every field that a kind of care needs, or does not know, in one answer; J-7-8.
#[tokio::test]
async fn a_bill_has_the_fields_of_its_kind() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let status = file(&suite, resident, Stay::on("03-01", 100), |bill| {
            bill.care_kind = pb::CareKind::HomeBed.into();
            bill.disease_code = "M01".to_owned();
            bill.observation_outcome = pb::ObservationOutcome::Death.into();
            bill.public_health_fen = 10_001;
            bill.place = Some(Place::Elsewhere(pb::Elsewhere {
                category: pb::OutOfArea::TransferPartner.into(),
                region: "120118".to_owned(),
                receiving_level: 0,
            }));
        });
        let status = status.await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument);
        let fields = status.get_details_bad_request().unwrap().field_violations;
        let fields: Vec<_> = fields.into_iter().map(|violation| violation.field).collect();
        let expected = [
            "public_health_fen",
            "disease_code",
            "observation_outcome",
            "home_bed_days",
            "elsewhere.region",
            "elsewhere.receiving_level",
        ];
        assert_eq!(fields, expected.map(|field| format!("bill.{field}")), "{}", suite.kind);
        let other = file(&suite, resident, Stay::on("03-01", 100), |bill| bill.care_kind = pb::CareKind::Other.into());
        assert_eq!(other.await.unwrap_err().get_details_error_info().unwrap().metadata["rule_id"], "J-7-8");
    })
    .await;
}
