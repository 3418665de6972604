//! Scenarios of the law, to the fen, through the contract.

use juyi_domain::codes::{Identity, ProviderLevel, Tier};
use juyi_domain::money::Fen;
use juyi_domain::refusal::Reason;
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as pb;
use tonic_types::StatusExt;

use super::{Stay, with_suites};

const LAW: &str = "";
const POOR: &[Identity] = &[Identity::SubsistenceAllowance];

fn reading(parameter: &str, value: &str) -> String {
    format!(
        "[[set]]\nparameter = 'tianjin-2021.{parameter}'\nvalue = '{value}'\nsince = 2021-01-01\n\
         source = {{ document = 'test', section = 'test' }}\n"
    )
}

/// Basic fund, critical illness, medical assistance, person.
fn parts(settlement: &pb::Settlement) -> [i64; 4] {
    let shares = settlement.shares.unwrap();
    [shares.basic_fund_fen, shares.critical_illness_fen, shares.medical_assistance_fen, shares.person_fen]
}

/// S-24: J-5.1.T-b, J-5.1.T-c, J-5.1.T-d, J-5.1.T-e, J-5.2-a.
#[tokio::test]
async fn first_and_second_stay() {
    with_suites(LAW, |suite| async move {
        let resident = suite.resident();
        let first = suite.settle(resident, &Stay::on("03-01", 20_000)).await;
        assert_eq!(parts(&first), [1_365_000, 0, 0, 635_000]);
        let second = suite.settle(resident, &Stay::on("05-01", 8_000).at(ProviderLevel::Two)).await;
        assert_eq!(parts(&second), [600_000, 0, 0, 200_000]);
        let expected = pb::Accumulators {
            policy_year: 2021,
            deductible_used_fen: 50_000,
            stays: 2,
            basic_paid_fen: 1_965_000,
            eligible_fen: 2_800_000,
            burden_fen: 835_000,
            ..pb::Accumulators::default()
        };
        assert_eq!(suite.accumulators(resident).await, expected, "{}", suite.kind);
        assert_eq!(second.accumulators, Some(expected));
        // Nobody asks assistance about a person without a special identity.
        assert_eq!(suite.peers.assessments(), 0);
    })
    .await;
}

/// S-25: J-5.1.T-d, J-5.1.T-e, AMB-055.
#[tokio::test]
async fn the_deductible_boundary_and_a_small_first_stay() {
    with_suites(LAW, |suite| async move {
        for (fen, paid) in [(50_000, 0), (50_001, 1)] {
            let settled = suite.settle(suite.resident(), &Stay::of_fen("03-01", fen)).await;
            assert_eq!(parts(&settled)[0], paid);
        }
        suite.peers.set_cover(Tier::Low, &[]);
        let resident = suite.resident();
        let first = suite.settle(resident, &Stay::on("03-01", 300).at(ProviderLevel::One)).await;
        let second = suite.settle(resident, &Stay::on("04-01", 2_000).at(ProviderLevel::One)).await;
        assert_eq!((parts(&first)[0], parts(&second)[0]), (0, 150_000));
        let accumulators = suite.accumulators(resident).await;
        assert_eq!((accumulators.stays, accumulators.deductible_used_fen), (2, 30_000));
    })
    .await;
}

/// S-27: J-5.1.T-f, J-5.2-b, J-5.2-f, AMB-053.
#[tokio::test]
async fn the_maximum_then_critical_illness() {
    with_suites(LAW, |suite| async move {
        suite.peers.set_cover(Tier::High, &[]);
        let resident = suite.resident();
        let first = suite.settle(resident, &Stay::on("03-01", 200_500)).await;
        let second = suite.settle(resident, &Stay::on("06-01", 60_000)).await;
        assert_eq!((parts(&first)[0], parts(&second)[0]), (15_000_000, 3_000_000));
        let accumulators = suite.accumulators(resident).await;
        assert_eq!((accumulators.burden_fen, accumulators.critical_illness_paid_fen), (8_050_000, 3_557_880));
        assert_eq!(accumulators.basic_paid_fen, 18_000_000);
    })
    .await;
    with_suites(&reading("inpatient.maximum_basis", "ELIGIBLE_COST"), |suite| async move {
        suite.peers.set_cover(Tier::High, &[]);
        let resident = suite.resident();
        let first = suite.settle(resident, &Stay::on("03-01", 200_500)).await;
        let second = suite.settle(resident, &Stay::on("06-01", 60_000)).await;
        assert_eq!((parts(&first)[0], parts(&second)[0]), (13_462_500, 0));
    })
    .await;
}

/// S-45 and S-46: J-6.1-b, J-6.1-c, J-5.2-g, J-5.2-k, J-5.5.2-b, AMB-091.
#[tokio::test]
async fn the_one_stop_chain_of_an_aid_recipient() {
    with_suites(LAW, |suite| async move {
        suite.peers.set_cover(Tier::Middle, POOR);
        let resident = suite.resident();
        let first = suite.settle(resident, &Stay::on("03-01", 120_000)).await;
        assert_eq!(parts(&first), [8_365_000, 1_673_685, 1_176_789, 784_526]);
        let second = suite.settle(resident, &Stay::on("06-01", 60_000)).await;
        assert_eq!(parts(&second), [4_200_000, 1_170_000, 496_263, 133_737]);
        let expected = pb::Accumulators {
            policy_year: 2021,
            deductible_used_fen: 50_000,
            stays: 2,
            basic_paid_fen: 12_565_000,
            eligible_fen: 18_000_000,
            burden_fen: 5_435_000,
            critical_illness_paid_fen: 2_843_685,
            assistance_base_fen: 2_591_315,
            medical_assistance_paid_fen: 1_673_052,
            veterans_assistance_paid_fen: 0,
            ..pb::Accumulators::default()
        };
        assert_eq!(suite.accumulators(resident).await, expected, "{}", suite.kind);
        // Each step names its rule with title and clause, those of assistance too.
        let steps = second.receipt.unwrap().steps;
        assert!(steps.iter().any(|step| step.rule_id == "J-5.5.2-b"));
        assert!(steps.iter().all(|step| !step.title.is_empty() && !step.clause.is_empty()));
        // What was posted arrived.
        assert_eq!(suite.peers.registered(&first.settlement_id), (Fen::new(1_176_789), Fen::ZERO));
        assert_eq!(suite.peers.registered(&second.settlement_id), (Fen::new(496_263), Fen::ZERO));
    })
    .await;
    with_suites(&reading("assistance.band_scope", "PER_SETTLEMENT"), |suite| async move {
        suite.peers.set_cover(Tier::Middle, POOR);
        let resident = suite.resident();
        suite.settle(resident, &Stay::on("03-01", 120_000)).await;
        assert_eq!(parts(&suite.settle(resident, &Stay::on("06-01", 60_000)).await)[2], 378_000);
    })
    .await;
}

/// S-50, the inpatient part: J-5.5.T-f.
#[tokio::test]
async fn a_martyrs_survivor_is_supported() {
    with_suites(LAW, |suite| async move {
        suite.peers.set_cover(Tier::Middle, &[Identity::MartyrSurvivor]);
        let resident = suite.resident();
        let settled = suite.settle(resident, &Stay::on("03-01", 20_000)).await;
        assert_eq!(settled.shares.unwrap().veterans_assistance_fen, 571_500);
        assert_eq!(suite.peers.registered(&settled.settlement_id), (Fen::ZERO, Fen::new(571_500)));
        assert_eq!(suite.accumulators(resident).await.veterans_assistance_paid_fen, 571_500);
    })
    .await;
}

/// S-37: J-5.1.6-a, J-5.1.6-b, AMB-057, AMB-139.
#[tokio::test]
async fn a_stay_across_new_year_has_one_deductible() {
    with_suites(LAW, |suite| async move {
        // Nobody knows of a cover in 2020, for which there is no document; the identities of the day count.
        let resident = suite.resident();
        suite.peers.set_before("2021-01-01", &[], &[(Reason::NotInBenefitPeriod, "J-4.1.1-a")]);
        let part_of_2020 = Stay { day: "2020-12-20".to_owned(), ..Stay::on("12-20", 9_000) };
        let status = suite.try_settle(suite.request(resident, &part_of_2020)).await.unwrap_err();
        assert_eq!(status.get_details_error_info().unwrap().reason, "POLICY_YEAR_NOT_LOADED");

        let march = suite.settle(resident, &Stay::on("03-01", 5_000)).await;
        let filed = suite.file(resident, &Stay::since("2020-12-20", 12_000)).await;
        assert!(filed.adjustments.is_empty());
        let rest = filed.settlement.unwrap();
        assert_eq!((parts(&rest)[0], parts(&march)[0]), (840_000, 315_000));
        assert_eq!(rest.bill.as_ref().unwrap().stay_admission_date, "2020-12-20");
        assert_eq!(suite.get(resident, &rest.settlement_id).await, rest);
        assert_eq!(rest.accumulators.map(|totals| (totals.stays, totals.basic_paid_fen)), Some((0, 840_000)));
        let totals = suite.accumulators(resident).await;
        assert_eq!((totals.stays, totals.deductible_used_fen, totals.basic_paid_fen), (1, 50_000, 1_155_000));
        let rules: Vec<_> = rest.receipt.unwrap().steps.into_iter().map(|step| step.rule_id).collect();
        assert!(rules.contains(&"J-5.1.6-a".to_owned()) && rules.contains(&"J-5.1.6-b".to_owned()));
    })
    .await;
}

/// AMB-139: who was an aid recipient when the stay began is one for the whole of it, and nobody else.
#[tokio::test]
async fn the_day_a_stay_began_decides_the_identities() {
    with_suites(LAW, |suite| async move {
        suite.peers.set_before("2021-01-01", POOR, &[]);
        let rest = suite.settle(suite.resident(), &Stay::since("2020-12-20", 12_000)).await;
        assert_eq!(rest.identities, [Identity::SubsistenceAllowance.to_wire()]);
        assert!(parts(&rest)[2] > 0);

        suite.peers.set_cover(Tier::Middle, POOR);
        suite.peers.set_before("2021-01-01", &[], &[(Reason::NotInBenefitPeriod, "")]);
        let rest = suite.settle(suite.resident(), &Stay::since("2020-12-20", 12_000)).await;
        assert!(rest.identities.is_empty() && parts(&rest)[2] == 0);

        // Where a document governs the day, the person has to be covered on it.
        let request = suite.request(suite.resident(), &Stay::since("2017-12-20", 12_000));
        let status = suite.try_settle(request).await.unwrap_err();
        assert_eq!(status.get_details_error_info().unwrap().reason, "NOT_IN_BENEFIT_PERIOD");
    })
    .await;
}

/// J-5.1.3-a: what lies outside the catalogues is the person's.
#[tokio::test]
async fn the_ineligible_part_is_the_persons() {
    with_suites(LAW, |suite| async move {
        let stay = Stay { eligible_fen: 880_000, ..Stay::on("03-01", 10_000) };
        let settled = suite.settle(suite.resident(), &stay).await;
        assert_eq!(parts(&settled), [581_000, 0, 0, 419_000]);
        assert_eq!(settled.shares.unwrap().eligible_fen, 880_000);
    })
    .await;
}
