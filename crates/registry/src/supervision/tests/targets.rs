//! Targets and the organisation, which no database decides.

use juyi_domain::codes::{CountGroup, Office};
use juyi_policy::Policy;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use juyi_testkit::TestTarget;
use tonic::Status;

use super::super::fixtures::{Suite, fact, reasons};

async fn target(suite: &Suite, district: &str, policy_year: i32, unit_id: &str) -> Result<pb::Target, Status> {
    let request = pb::GetTargetRequest { district: district.to_owned(), policy_year, unit_id: unit_id.to_owned() };
    Ok(suite.supervision.clone().get_target(request).await?.into_inner().target.unwrap())
}

async fn list(suite: &Suite, district: &str, policy_year: i32) -> Result<pb::ListTargetsResponse, Status> {
    let request = pb::ListTargetsRequest { district: district.to_owned(), policy_year };
    Ok(suite.supervision.clone().list_targets(request).await?.into_inner())
}

/// S-57: J-A2.T-a to J-A2.T-d, AMB-118, AMB-119.
#[tokio::test]
async fn targets_of_jinghai() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-01").await;
    let town = target(&suite, "120118", 2021, "120118.1").await.unwrap();
    assert_eq!((town.name.as_str(), town.total, town.rule_id.as_str()), ("静海镇", 69_693, "J-A2.T-a"));
    assert_eq!(town.groups.iter().map(|group| group.persons).collect::<Vec<_>>(), [31_267, 35_806, 2_620]);
    assert!(town.source.starts_with("J2021 附件2.1; ") && town.source.contains("AMB-118"));
    // J-A2.1-a: the township's government answers.
    assert_eq!(town.responsible, "各乡镇人民政府");
    let college = target(&suite, "120118", 2021, "120118.19").await.unwrap();
    let students = pb::GroupFigure { group: CountGroup::StudentsChildren.to_wire(), persons: 14_015 };
    assert_eq!((college.groups, college.rule_id.as_str()), (vec![students], "J-A2.T-c"));
    assert_eq!(college.responsible, "");
    let all = list(&suite, "120118", 2021).await.unwrap();
    assert_eq!((all.units.len(), all.sums_agree), (19, true));
    let (subtotal, total) = (all.subtotal.unwrap(), all.total.unwrap());
    assert_eq!((subtotal.total, subtotal.rule_id.as_str()), (447_548, "J-A2.T-b"));
    assert_eq!((total.total, total.rule_id.as_str()), (461_563, "J-A2.T-d"));
    assert_eq!(target(&suite, "120118", 2021, "120118.TOTAL").await.unwrap(), total);
    assert!(all.remarks.iter().any(|remark| remark.contains("AMB-118")));
    assert!(all.remarks.iter().any(|remark| remark.contains("华康街道") && remark.contains("AMB-119")));
    assert!(all.receipt.unwrap().steps.iter().any(|step| step.rule_id == "J-A2-a" && !step.title.is_empty()));

    let huakang = target(&suite, "120118", 2021, "120118.HUAKANG").await;
    assert_eq!(fact(&huakang, "entry"), "AMB-119");
    assert_eq!(reasons(huakang), "TARGET_NOT_FOUND");
    assert_eq!(reasons(target(&suite, "120118", 2021, "120118.77").await), "TARGET_NOT_FOUND");
    assert_eq!(reasons(list(&suite, "120104", 2021).await), "TARGET_NOT_FOUND");
    assert_eq!(reasons(target(&suite, "120118", 2022, "120118.1").await), "POLICY_YEAR_NOT_LOADED");
}

/// S-58: B-T-a, B-8.3-a, B-0-a; B-8.3-d: the target of 2016 is not printed.
#[tokio::test]
async fn targets_of_baodi() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2017-01-03").await;
    let street = target(&suite, "120115", 2017, "120115.6").await.unwrap();
    assert_eq!((street.name.as_str(), street.total, street.groups.len()), ("周良街道", 7_600, 0));
    assert_eq!(street.responsible, "各街道办事处、各镇人民政府");
    let all = list(&suite, "120115", 2017).await.unwrap();
    assert_eq!((all.units.len(), all.subtotal, all.total.unwrap().total), (24, None, 401_400));
    assert!(all.sums_agree && all.remarks.is_empty());
    let earlier = target(&suite, "120115", 2016, "120115.6").await;
    assert_eq!(fact(&earlier, "rule_id"), "B-8.3-d");
    assert_eq!(reasons(earlier), "RULE_NOT_DEFINED");
    assert_eq!(reasons(list(&suite, "120115", 2016).await), "RULE_NOT_DEFINED");
    // Of anything but targets, nothing is known of that year.
    let request = pb::GetOrganisationRequest { district: "120115".to_owned(), policy_year: 2016 };
    assert_eq!(reasons(suite.supervision.clone().get_organisation(request).await), "POLICY_YEAR_NOT_LOADED");
    assert_eq!(reasons(target(&suite, "120118", 2016, "120118.1").await), "POLICY_YEAR_NOT_LOADED");
    assert_eq!(reasons(target(&suite, "120118", 2017, "120118.1").await), "DISTRICT_OUT_OF_SCOPE");
}

async fn organisation(suite: &Suite, district: &str, policy_year: i32) -> pb::GetOrganisationResponse {
    let request = pb::GetOrganisationRequest { district: district.to_owned(), policy_year };
    suite.supervision.clone().get_organisation(request).await.unwrap().into_inner()
}

/// J-A1.1-a to J-A1.3-r, J-A2.3-a, J-A3-a, B-8.1-a, B-8.1-b, B-8.2.4-c: offices and posts.
#[tokio::test]
async fn organisations() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-01").await;
    let jinghai = organisation(&suite, "120118", 2021).await;
    assert_eq!((jinghai.head.as_str(), jinghai.office_seat.as_str()), ("", ""));
    let names: Vec<_> = jinghai.bodies.iter().map(|body| body.name.as_str()).collect();
    assert_eq!(names[..3], ["领导小组", "领导小组办公室", "区政府办"]);
    let bureau = jinghai.bodies.iter().find(|body| body.name == "区医保局").unwrap();
    let rules: Vec<_> = bureau.duties.iter().map(|task| task.rule_id.as_str()).collect();
    assert_eq!((bureau.office, rules), (Office::MedicalInsurance.to_wire(), vec!["J-A1.3-b", "J-A1.3-c", "J-A3-a"]));
    let township = jinghai.bodies.iter().find(|body| body.office == Office::Township.to_wire()).unwrap();
    assert!(township.duties.iter().any(|task| task.rule_id == "J-A2.3-a"));
    // The city's circular speaks to every district, annex 1 to Jinghai alone.
    let nankai = organisation(&suite, "120104", 2021).await;
    assert!(nankai.bodies.iter().any(|body| body.duties.iter().any(|task| task.rule_id == "J-A3-a")));
    assert!(nankai.bodies.iter().all(|body| body.duties.iter().all(|task| !task.rule_id.starts_with("J-A1"))));

    let baodi = organisation(&suite, "120115", 2017).await;
    assert_eq!((baodi.head.as_str(), baodi.office_seat.as_str()), ("常务副区长", "区人力社保局"));
    let members = |rule: &str| {
        let has = |body: &&pb::Body| body.duties.iter().any(|task| task.rule_id == rule);
        baodi.bodies.iter().filter(has).count()
    };
    assert_eq!((members("B-8.1-a"), members("B-8.2.4-c"), members("B-8.2.6-a")), (8, 1, 3));
}

/// J-A1.2-b: an operator configures how often is regularly.
#[tokio::test]
async fn the_next_report_needs_an_interval() {
    let on = TestTarget::sqlite();
    let request = pb::GetProgressRequest {
        district: "120118".to_owned(),
        policy_year: 2021,
        as_of_date: "2020-12-31".to_owned(),
        require_next_report: true,
    };
    let suite = Suite::start(&on, "2021-03-01").await;
    let unset = suite.supervision.clone().get_progress(request.clone()).await;
    assert_eq!((fact(&unset, "rule_id"), reasons(unset)), ("J-A1.2-b".to_owned(), "PARAMETER_NOT_SET".to_owned()));

    let overlay = "[[set]]\nparameter = 'tianjin-2021.supervision.report_interval_days'\nvalue = 30\n\
        since = 2020-09-01\nsource = { document = '局务会议纪要2020-9', section = '一' }\n";
    let on = TestTarget::sqlite();
    let suite = Suite::with(&on, "2021-03-01", |policy: Policy| policy.with_overlay(overlay).unwrap()).await;
    let answer = suite.supervision.clone().get_progress(request).await.unwrap().into_inner();
    assert_eq!(answer.next_report_date, "2021-01-30");
    let receipt = answer.receipt.unwrap();
    let cited = receipt.steps.iter().find(|step| step.rule_id == "J-A1.2-b").unwrap();
    assert_eq!(cited.parameters[0].document, "局务会议纪要2020-9");
}
