//! The yearly appraisal (J-A1.2-d).

use juyi_domain::codes::{District, Office};
use juyi_proto::registry::v1 as pb;
use juyi_testkit::targets;
use tonic::Status;

use super::super::fixtures::{Suite, by, fact, reasons};
use super::of_jinghai;

const MEASURES: [pb::AppraisalMeasure; 3] =
    [pb::AppraisalMeasure::Completion, pb::AppraisalMeasure::FindingsWorkedOff, pb::AppraisalMeasure::WorkClosed];

async fn configure(suite: &Suite, request_id: &str, weights: &[i32]) -> Result<Vec<(i32, i32)>, Status> {
    let of = |(measure, weight): (pb::AppraisalMeasure, &i32)| pb::AppraisalCriterion {
        measure: measure.into(),
        weight_percent: *weight,
    };
    let request = pb::SetAppraisalCriteriaRequest {
        request_id: request_id.to_owned(),
        district: "120118".to_owned(),
        policy_year: 2021,
        criteria: MEASURES.into_iter().zip(weights).map(of).collect(),
        source: "局务会议纪要 第一条".to_owned(),
    };
    let mut client = suite.supervision.clone();
    let reply = by(Office::MedicalInsurance, District::Jinghai, client.set_appraisal_criteria(request)).await?;
    Ok(reply.into_inner().criteria.iter().map(|it| (it.measure, it.weight_percent)).collect())
}

async fn appraise(
    suite: &Suite,
    request_id: &str,
    unit_id: &str,
    validate_only: bool,
) -> Result<pb::Appraisal, Status> {
    let request = pb::AppraiseRequest {
        request_id: request_id.to_owned(),
        district: "120118".to_owned(),
        policy_year: 2021,
        unit_id: unit_id.to_owned(),
        validate_only,
    };
    let mut client = suite.supervision.clone();
    let reply = by(Office::MedicalInsurance, District::Jinghai, client.appraise(request)).await?;
    Ok(reply.into_inner().appraisal.unwrap())
}

/// J-A1.2-d: without criteria there is no score; with them there is one a year, best first.
#[tokio::test]
async fn a_township_is_appraised_once_a_year() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-12-31").await;
        let undefined = appraise(&suite, "one", "120118.18", false).await;
        assert_eq!((fact(&undefined, "rule_id"), reasons(undefined)), ("J-A1.2-d".into(), "RULE_NOT_DEFINED".into()));
        assert_eq!(reasons(configure(&suite, "c1", &[60, 30]).await), "AMOUNT_INCONSISTENT", "{}", on.kind);
        assert_eq!(reasons(configure(&suite, "c1", &[]).await), "REQUIRED_FIELD_MISSING", "{}", on.kind);
        assert_eq!(configure(&suite, "c1", &[100]).await.unwrap(), [(1, 100)], "{}", on.kind);
        // Setting them again replaces them, as long as nobody was measured by them.
        assert_eq!(configure(&suite, "c2", &[60, 30, 10]).await.unwrap(), [(1, 60), (2, 30), (3, 10)], "{}", on.kind);

        suite.count(&of_jinghai("120118.18", "2020-10-12"), 4_320).await;
        let preview = appraise(&suite, "two", "120118.18", true).await.unwrap();
        // Half the target of 8640; nothing was found and nothing to be done, so that completion is all.
        assert_eq!(preview.score_basis_points, 5_000, "{}", on.kind);
        let steps = preview.receipt.unwrap().steps;
        assert!(steps.iter().any(|step| step.marks.contains(&"WEIGHTS_SCALED".to_owned())), "{}", on.kind);

        suite.finding("1", "RESOLVED").await;
        suite.finding("2", "CLEARED").await;
        suite.finding("3", "OPEN").await;
        suite.finding("4", "ASSIGNED").await;
        let scored = appraise(&suite, "three", "120118.18", false).await.unwrap();
        assert_eq!(scored.score_basis_points, 5_000, "{}", on.kind);
        assert_eq!(appraise(&suite, "three", "120118.18", false).await.unwrap(), scored, "{}", on.kind);
        assert_eq!(reasons(appraise(&suite, "four", "120118.18", false).await), "APPRAISAL_EXISTS", "{}", on.kind);
        assert_eq!(reasons(configure(&suite, "c3", &[100]).await), "ORDER_VIOLATION", "{}", on.kind);
        assert_eq!(reasons(appraise(&suite, "five", "120118.HUAKANG", false).await), "TARGET_NOT_FOUND", "AMB-119");

        suite.count(&of_jinghai("120118.17", "2020-10-12"), 11_145).await;
        appraise(&suite, "six", "120118.17", false).await.unwrap();
        let request = pb::ListAppraisalsRequest { district: "120118".to_owned(), policy_year: 2021 };
        let all = suite.supervision.clone().list_appraisals(request).await.unwrap().into_inner().appraisals;
        let scores: Vec<_> = all.iter().map(|it| (it.unit_id.as_str(), it.score_basis_points)).collect();
        assert_eq!(scores, [("120118.17", 10_000), ("120118.18", 5_000)], "{}", on.kind);
    }
}

/// J-A1.2-d is Jinghai's; no appraisal is provided for in Baodi.
#[tokio::test]
async fn there_is_no_appraisal_where_none_is_provided_for() {
    for on in &targets().await {
        let suite = Suite::start(on, "2017-01-03").await;
        let request = pb::AppraiseRequest {
            request_id: "one".to_owned(),
            district: "120115".to_owned(),
            policy_year: 2017,
            unit_id: "120115.6".to_owned(),
            validate_only: false,
        };
        let mut client = suite.supervision.clone();
        let answer = by(Office::HumanResources, District::Baodi, client.appraise(request)).await;
        assert_eq!(reasons(answer), "RULE_NOT_DEFINED", "{}", on.kind);
        let request = pb::SetAppraisalCriteriaRequest {
            request_id: "two".to_owned(),
            district: "120118".to_owned(),
            policy_year: 2021,
            criteria: vec![pb::AppraisalCriterion { measure: 0, weight_percent: 99 }],
            source: String::new(),
        };
        let answer =
            by(Office::HumanResources, District::Jinghai, client.set_appraisal_criteria(request.clone())).await;
        assert_eq!(reasons(answer), "REQUIRED_FIELD_MISSING,REQUIRED_FIELD_MISSING", "{}", on.kind);
        let whole = pb::AppraisalCriterion { measure: MEASURES[0].into(), weight_percent: 100 };
        let request = pb::SetAppraisalCriteriaRequest { criteria: vec![whole], source: "x".to_owned(), ..request };
        let answer = by(Office::HumanResources, District::Jinghai, client.set_appraisal_criteria(request)).await;
        assert_eq!(reasons(answer), "ROLE_NOT_ALLOWED", "{}", on.kind);
    }
}
