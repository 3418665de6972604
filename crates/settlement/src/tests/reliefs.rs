//! The adjustments of a person through the contract.

use juyi_domain::codes::{Identity, Tier};
use juyi_domain::id::ResidentId;
use juyi_proto::settlement::v1 as pb;
use tonic::Status;
use tonic_types::StatusExt;

use super::years::{YEAR, import, try_import};
use super::{Stay, Suite, with_suites};

async fn reliefs(
    suite: &Suite,
    resident_id: ResidentId,
    date: &str,
    claimed: &[pb::UnprintedRelief],
) -> Result<pb::GetReliefsResponse, Status> {
    let request = pb::GetReliefsRequest {
        resident_id: resident_id.to_string(),
        date: date.to_owned(),
        claimed: claimed.iter().map(|claimed| (*claimed).into()).collect(),
    };
    Ok(Suite::hospital(suite.years().get_reliefs(request)).await?.into_inner())
}

/// J-5.1.3-b: after a stay the next has no deductible; unused years lower the outpatient one; balances raise the maximum.
#[tokio::test]
async fn reliefs_follow_from_the_year_so_far() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        suite.peers.set_cover(Tier::Middle, &[Identity::LowIncome]);
        suite.peers.set_span(YEAR);
        let of = async |date: &str| reliefs(&suite, resident, date, &[]).await.unwrap();
        assert_eq!(of("2021-02-01").await, pb::GetReliefsResponse::default(), "{}", suite.kind);
        try_import(&suite, import(&suite, resident, &[(2020, 4_000)], Some(1))).await.unwrap();
        suite.settle(resident, &Stay::on("03-01", 20_000)).await;
        let before = of("2021-02-01").await;
        assert!(before.lower_outpatient_deductible && before.accumulated_maximum && !before.no_inpatient_deductible);
        assert!(of("2021-03-01").await.no_inpatient_deductible);
        // B-5.5-c is of 2017.
        assert!(!before.higher_inpatient_rate);
    })
    .await;
}

/// J-5.1.3-b, J-5.1.7-a: what is claimed without a printed figure is refused, all of it.
#[tokio::test]
async fn a_relief_without_a_figure_is_refused() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let claimed = [pb::UnprintedRelief::StepwiseInpatientDeductible, pb::UnprintedRelief::SarsSequelaeSupport];
        let status = reliefs(&suite, resident, "2021-02-01", &claimed).await.unwrap_err();
        let details = status.get_details_error_info().unwrap();
        assert_eq!(details.metadata["reasons"], "RULE_NOT_DEFINED,RULE_NOT_DEFINED", "{}", suite.kind);
        let violations = status.get_details_precondition_failure().unwrap().violations;
        let subjects: Vec<_> = violations.iter().map(|violation| violation.subject.as_str()).collect();
        assert_eq!(subjects, ["J-5.1.3-b", "J-5.1.7-a"]);
        let unknown = pb::GetReliefsRequest {
            resident_id: resident.to_string(),
            date: "2021-02-01".to_owned(),
            claimed: vec![99],
        };
        let status = Suite::hospital(suite.years().get_reliefs(unknown)).await.unwrap_err();
        let violations = status.get_details_bad_request().unwrap().field_violations;
        assert_eq!(violations.iter().map(|it| it.field.as_str()).collect::<Vec<_>>(), ["claimed"]);
    })
    .await;
}
