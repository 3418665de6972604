//! The yearly appraisal (J-A1.2-d).

use juyi_domain::codes::{District, Office, UnitKind, WorkKind};
use juyi_proto::code::Coded;
use juyi_proto::common::v1::Step;
use juyi_proto::common::v1::value::Kind;
use juyi_proto::registry::v1 as pb;
use juyi_testkit::targets;
use tonic::Status;

use super::super::fixtures::{Suite, by, fact, reasons};
use super::of_jinghai;
use super::work::{assign, close, item, open};

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

/// Three visits, one of them closed: to the town, to one of its villages, and by it; and one of another town.
async fn work_of_tuanbo(suite: &Suite) {
    let village = pb::Unit {
        unit_id: "120118.18.1".to_owned(),
        kind: UnitKind::Village.to_wire(),
        name: "一村".to_owned(),
        district: "120118".to_owned(),
        township: "120118.18".to_owned(),
        ..Default::default()
    };
    let request = pb::PutUnitRequest { request_id: "village".to_owned(), unit: Some(village) };
    by(Office::Township, District::Jinghai, suite.reference.clone().put_unit(request)).await.unwrap();
    let visit = async |unit_id: &str| {
        let request = pb::OpenWorkItemRequest {
            unit_id: unit_id.to_owned(),
            ..item(WorkKind::Visit, &format!("visit-{unit_id}"))
        };
        open(suite, Office::Township, request).await.unwrap()
    };
    let done = visit("120118.18.1").await;
    close(suite, Office::Township, &done, "visited").await.unwrap();
    visit("120118.18").await;
    visit("120118.16").await;
    assign(suite, Office::Township, &visit("").await, "120118.18").await.unwrap();
}

/// How much of how much a receipt says was done, of each measure.
fn shares(appraisal: &pb::Appraisal) -> Vec<(i64, i64)> {
    let number = |step: &Step, name: &str| match step.inputs.iter().find(|it| it.name == name)?.value.as_ref()?.kind {
        Some(Kind::Count(number)) => Some(number),
        _ => None,
    };
    let steps = &appraisal.receipt.as_ref().unwrap().steps;
    steps.iter().filter_map(|step| Some((number(step, "done")?, number(step, "whole")?))).collect()
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

        for (number, state) in ["RESOLVED", "CLEARED", "RESOLVED", "OPEN", "ASSIGNED"].iter().enumerate() {
            suite.finding(&number.to_string(), state).await;
        }
        work_of_tuanbo(&suite).await;
        let scored = appraise(&suite, "three", "120118.18", false).await.unwrap();
        assert_eq!(shares(&scored), [(4_320, 8_640), (3, 5), (1, 3)], "{}", on.kind);
        // 0.6 × 5000 + 0.3 × 6000 + 0.1 × 3333 = 5133.3.
        assert_eq!(scored.score_basis_points, 5_133, "{}", on.kind);
        assert_eq!(appraise(&suite, "three", "120118.18", false).await.unwrap(), scored, "{}", on.kind);
        assert_eq!(reasons(appraise(&suite, "four", "120118.18", false).await), "APPRAISAL_EXISTS", "{}", on.kind);
        assert_eq!(reasons(configure(&suite, "c3", &[100]).await), "ORDER_VIOLATION", "{}", on.kind);
        assert_eq!(reasons(appraise(&suite, "five", "120118.HUAKANG", false).await), "TARGET_NOT_FOUND", "AMB-119");

        suite.count(&of_jinghai("120118.17", "2020-10-12"), 11_145).await;
        appraise(&suite, "six", "120118.17", false).await.unwrap();
        let request = pb::ListAppraisalsRequest { district: "120118".to_owned(), policy_year: 2021 };
        let all = suite.supervision.clone().list_appraisals(request).await.unwrap().into_inner().appraisals;
        let scores: Vec<_> = all.iter().map(|it| (it.unit_id.as_str(), it.score_basis_points)).collect();
        assert_eq!(scores, [("120118.17", 10_000), ("120118.18", 5_133)], "{}", on.kind);
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
