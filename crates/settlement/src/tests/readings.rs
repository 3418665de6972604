//! Readings that an operator chose, through the contract.

use juyi_domain::codes::Office;
use juyi_proto::settlement::v1 as pb;
use tonic::Code;
use tonic_types::StatusExt;

use super::family_doctors::{contract, sign};
use super::preview::preview;
use super::years::{basic, paid};
use super::{Stay, with_suites};

fn set(parameter: &str, value: &str, since: &str) -> String {
    format!(
        "[[set]]\nparameter = 'tianjin-2021.{parameter}'\nvalue = {value}\nsince = {since}\n\
         source = {{ document = 'minutes', section = '1' }}\n"
    )
}

fn critical(settlement: &pb::Settlement) -> i64 {
    settlement.shares.unwrap().critical_illness_fen
}

/// S-37, AMB-057: 12000.00 × 70 % of the part in 2021, and March is the second stay: 5000.00 × 70 % = 3500.00.
#[tokio::test]
async fn a_stay_across_new_year_counts_in_both_years() {
    let overlay = set("inpatient.cross_year_stay_counts_in", "'BOTH_YEARS'", "2021-01-01");
    with_suites(&overlay, |suite| async move {
        let resident = suite.resident();
        let rest = suite.settle(resident, &Stay::since("2020-12-20", 12_000)).await;
        let march = suite.settle(resident, &Stay::on("03-01", 5_000)).await;
        assert_eq!((basic(&rest), basic(&march)), (840_000, 350_000), "{}", suite.kind);
        let totals = suite.accumulators(resident).await;
        assert_eq!((totals.stays, totals.deductible_used_fen), (2, 0));
    })
    .await;
}

/// AMB-059, all care: (10000.00 − 500.00) × 75 % = 7125.00 from the month after signing, and 6650.00 where the bonus is of
/// outpatient care, or before.
#[tokio::test]
async fn a_family_doctor_may_count_for_stays() {
    let all_care = set("family_doctor.family_doctor_scope", "'ALL_CARE'", "2021-01-01");
    for (overlay, april) in [(all_care.as_str(), 712_500), ("", 665_000)] {
        with_suites(overlay, |suite| async move {
            let stay = async |day: &str| {
                let resident = suite.resident();
                let by = (Office::MedicalInsurance, None, "");
                sign(&suite, by, contract(&suite, resident, "2021-03-20")).await.unwrap();
                basic(&suite.settle(resident, &Stay::on(day, 10_000)).await)
            };
            assert_eq!((stay("03-31").await, stay("04-01").await), (665_000, april), "{}", suite.kind);
        })
        .await;
    }
}

/// AMB-059, all care: a stay without a contract is offered one, 10000.00 less 500.00 at 75 % instead of 70 %; not where the
/// points are of outpatient care, and not to who has one.
#[tokio::test]
async fn a_family_doctor_is_offered_for_stays() {
    let all_care = set("family_doctor.family_doctor_scope", "'ALL_CARE'", "2021-01-01");
    let here = set("family_doctor.family_doctor_scope", "'SIGNED_INSTITUTION'", "2021-01-01");
    for (overlay, gained) in [(all_care.as_str(), Some(-47_500)), (here.as_str(), None), ("", None)] {
        with_suites(overlay, |suite| async move {
            let offered = async |resident| {
                let answer = preview(&suite, resident, Stay::on("04-01", 10_000).bill()).await;
                let found = answer.alternatives.iter().find(|it| it.kind() == pb::AlternativeKind::FamilyDoctor);
                found.map(|it| it.person_difference_fen)
            };
            let resident = suite.resident();
            assert_eq!(offered(resident).await, gained, "{}", suite.kind);
            let by = (Office::MedicalInsurance, None, "");
            sign(&suite, by, contract(&suite, resident, "2021-03-20")).await.unwrap();
            assert_eq!(offered(resident).await, None, "{}", suite.kind);
        })
        .await;
    }
}

/// AMB-077: without a threshold of the year a stay is refused, and a visit is settled.
#[tokio::test]
async fn a_strict_threshold_refuses_stays() {
    with_suites(&set("critical_illness.strict_threshold", "true", "2021-01-01"), |suite| async move {
        let resident = suite.resident();
        let status = suite.try_settle(suite.request(resident, &Stay::on("03-01", 5_000))).await.unwrap_err();
        let info = status.get_details_error_info().unwrap();
        assert_eq!((status.code(), info.reason.as_str()), (Code::FailedPrecondition, "PARAMETER_NOT_SET"));
        assert_eq!(info.metadata["parameter"], "tianjin-2021.critical_illness.threshold", "{}", suite.kind);
        assert_eq!(basic(&paid(&suite, resident, "03-02", 700).await), 10_000);
        assert_eq!(suite.list(resident).await.len(), 1);
    })
    .await;
}

/// AMB-077: (30500.00 − 21202.00) × 60 % in March; with the threshold of July (36500.00 − 24000.00) × 60 % less that in August,
/// also when the bill of March comes last.
#[tokio::test]
async fn a_year_has_two_thresholds() {
    with_suites(&set("critical_illness.threshold", "24000", "2021-07-01"), |suite| async move {
        let (march, august) = (Stay::on("03-01", 100_500), Stay::on("08-01", 20_000));
        let resident = suite.resident();
        let paid = [suite.settle(resident, &march).await, suite.settle(resident, &august).await];
        assert_eq!(paid.map(|settlement| critical(&settlement)), [557_880, 192_120], "{}", suite.kind);
        let resident = suite.resident();
        let late = suite.settle(resident, &august).await;
        assert_eq!(critical(&late), 0);
        assert_eq!(critical(&suite.settle(resident, &march).await), 557_880);
        assert_eq!(critical(&suite.get(resident, &late.settlement_id).await), 192_120);
    })
    .await;
}
