//! Work items.

use juyi_domain::codes::{District, Office, WorkKind, WorkState};
use juyi_policy::Policy;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use juyi_testkit::{TestTarget, targets};
use tonic::Status;

use super::super::fixtures::{Suite, by, fact, reasons};

pub(super) fn item(kind: WorkKind, request_id: &str) -> pb::OpenWorkItemRequest {
    pb::OpenWorkItemRequest {
        request_id: request_id.to_owned(),
        kind: kind.to_wire(),
        district: "120118".to_owned(),
        policy_year: 2021,
        subject: "参保工作".to_owned(),
        ..Default::default()
    }
}

pub(super) async fn open(
    suite: &Suite,
    office: Office,
    request: pb::OpenWorkItemRequest,
) -> Result<pb::WorkItem, Status> {
    let district = request.district.parse().unwrap_or(District::Jinghai);
    let reply = by(office, district, suite.supervision.clone().open_work_item(request)).await?;
    Ok(reply.into_inner().work_item.unwrap())
}

pub(super) async fn assign(
    suite: &Suite,
    office: Office,
    item: &pb::WorkItem,
    assignee: &str,
) -> Result<pb::WorkItem, Status> {
    let request = pb::AssignWorkItemRequest {
        request_id: format!("assign {assignee} {}", item.etag),
        work_item_id: item.work_item_id.clone(),
        etag: item.etag.clone(),
        assignee: assignee.to_owned(),
        due_date: String::new(),
    };
    let reply = by(office, District::Jinghai, suite.supervision.clone().assign_work_item(request)).await?;
    Ok(reply.into_inner().work_item.unwrap())
}

pub(super) async fn close(
    suite: &Suite,
    office: Office,
    item: &pb::WorkItem,
    outcome: &str,
) -> Result<pb::WorkItem, Status> {
    let request = pb::CloseWorkItemRequest {
        request_id: format!("close {}", item.etag),
        work_item_id: item.work_item_id.clone(),
        etag: item.etag.clone(),
        outcome: outcome.to_owned(),
    };
    let reply = by(office, District::Jinghai, suite.supervision.clone().close_work_item(request)).await?;
    Ok(reply.into_inner().work_item.unwrap())
}

/// J-A1.1-b: a difficulty is open, assigned, solved; J-A1.1-a, J-A1.2-a, J-A1.3-c: a meeting.
#[tokio::test]
async fn an_item_is_opened_assigned_and_closed() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-03-01").await;
        let request = pb::OpenWorkItemRequest {
            unit_id: "120118.4".to_owned(),
            due_date: "2021-03-10".to_owned(),
            ..item(WorkKind::Difficulty, "one")
        };
        let opened = open(&suite, Office::Tax, request.clone()).await.unwrap();
        assert_eq!((opened.state, opened.etag.as_str()), (WorkState::Open.to_wire(), "1"), "{}", on.kind);
        assert_eq!(opened.rule_ids, ["J-A1.1-b"], "{}", on.kind);
        assert_eq!(open(&suite, Office::Tax, request).await.unwrap(), opened, "{}", on.kind);
        let assigned = assign(&suite, Office::MedicalInsurance, &opened, "120118.4").await.unwrap();
        assert_eq!((assigned.state, assigned.due_date.as_str()), (WorkState::Assigned.to_wire(), "2021-03-10"));
        assert_eq!(reasons(close(&suite, Office::Township, &opened, "solved").await), "REVISION_CONFLICT");
        suite.clock.set_day("2021-03-11");
        let listed = pb::ListWorkItemsRequest { district: "120118".to_owned(), ..Default::default() };
        let mut client = suite.supervision.clone();
        let late = client.list_work_items(listed.clone()).await.unwrap().into_inner().work_items;
        assert!(late[0].overdue, "{}", on.kind);
        let closed = close(&suite, Office::Township, &assigned, "solved").await.unwrap();
        assert_eq!((closed.state, closed.outcome.as_str()), (WorkState::Closed.to_wire(), "solved"), "{}", on.kind);
        assert!(!closed.overdue, "{}", on.kind);
        assert_eq!(reasons(close(&suite, Office::Township, &closed, "again").await), "ORDER_VIOLATION", "{}", on.kind);
        assert_eq!(reasons(assign(&suite, Office::Tax, &closed, "TAX").await), "ORDER_VIOLATION", "{}", on.kind);

        let meeting = open(&suite, Office::MedicalInsurance, item(WorkKind::Meeting, "two")).await.unwrap();
        assert_eq!(meeting.rule_ids, ["J-A1.1-a", "J-A1.2-a", "J-A1.3-c"], "{}", on.kind);
        let list = async |change: fn(&mut pb::ListWorkItemsRequest)| {
            let mut request = listed.clone();
            change(&mut request);
            let reply = suite.supervision.clone().list_work_items(request).await.unwrap().into_inner();
            (reply.work_items.into_iter().map(|it| it.work_item_id).collect::<Vec<_>>(), reply.next_page_token)
        };
        let (newest, older) = (&meeting.work_item_id, &closed.work_item_id);
        assert_eq!(list(|_| {}).await.0, [newest.as_str(), older.as_str()], "{}", on.kind);
        assert_eq!(list(|it| it.kind = WorkKind::Difficulty.to_wire()).await.0, [older.as_str()], "{}", on.kind);
        assert_eq!(list(|it| it.state = WorkState::Open.to_wire()).await.0, [newest.as_str()], "{}", on.kind);
        assert_eq!(list(|it| it.unit_id = "120118.4".to_owned()).await.0, [older.as_str()], "{}", on.kind);
        let (page, token) = list(|it| it.page_size = 1).await;
        assert_eq!((&page[0], &token), (newest, newest), "{}", on.kind);
        let next = pb::ListWorkItemsRequest { page_token: token, ..listed.clone() };
        let rest = suite.supervision.clone().list_work_items(next).await.unwrap().into_inner().work_items;
        assert_eq!(rest[0].work_item_id, *older, "{}", on.kind);
    }
}

/// Which office opens what, by rule.
#[tokio::test]
async fn each_kind_is_some_offices_duty() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-01").await;
    let of_2021: [(WorkKind, Office, &[&str]); 9] = [
        (WorkKind::Plan, Office::DistrictGovernment, &["J-A1.3-a"]),
        (WorkKind::Task, Office::MedicalInsurance, &["J-A1.2-e"]),
        (WorkKind::Guidance, Office::MedicalInsurance, &["J-A1.3-c"]),
        (WorkKind::Budget, Office::Finance, &["J-A1.3-d"]),
        (WorkKind::Training, Office::SocialInsurance, &["J-A1.3-r"]),
        (WorkKind::Training, Office::Tax, &["J-A1.3-r", "J-A3-a"]),
        (WorkKind::Visit, Office::Township, &["J-A2.2-a"]),
        (WorkKind::Difficulty, Office::Township, &["J-A1.1-b", "J-A2.3-b"]),
        (WorkKind::Publicity, Office::Township, &["J-A2.3-c"]),
    ];
    for (kind, office, rules) in of_2021 {
        let opened = open(&suite, office, item(kind, &format!("{kind} {office}"))).await.unwrap();
        assert_eq!(opened.rule_ids, rules, "{kind}");
    }
    let of_2017: [(WorkKind, Office, &[&str]); 11] = [
        (WorkKind::Training, Office::HumanResources, &["B-7.1.1-a"]),
        (WorkKind::Training, Office::Township, &["B-7.1.2-a"]),
        (WorkKind::Publicity, Office::HumanResources, &["B-7.2.1-a"]),
        (WorkKind::Publicity, Office::Township, &["B-7.2.2-a"]),
        (WorkKind::Guidance, Office::HumanResources, &["B-8.2.2-a"]),
        (WorkKind::Task, Office::DistrictGovernment, &["B-0-a", "B-8.2.1-a"]),
        (WorkKind::Task, Office::Education, &["B-8.2.5-a"]),
        (WorkKind::Plan, Office::Township, &["B-8.2.4-a"]),
        (WorkKind::Meeting, Office::Township, &["B-8.2.4-b", "B-8.2.4-c"]),
        (WorkKind::Visit, Office::Township, &["B-8.2.4-d"]),
        (WorkKind::Difficulty, Office::Township, &["B-8.2.2-a"]),
    ];
    suite.clock.set_day("2016-11-01");
    for (kind, office, rules) in of_2017 {
        let request = pb::OpenWorkItemRequest {
            district: "120115".to_owned(),
            policy_year: 2017,
            ..item(kind, &format!("{kind} {office}"))
        };
        assert_eq!(open(&suite, office, request).await.unwrap().rule_ids, rules, "{kind}");
    }
    let funds =
        pb::OpenWorkItemRequest { district: "120115".to_owned(), policy_year: 2017, ..item(WorkKind::Budget, "funds") };
    assert_eq!(reasons(open(&suite, Office::Finance, funds).await), "RULE_NOT_DEFINED");
}

/// J-A1.3-a, J-A1.3-r: another office; J-A1.3-d: no amount of working funds is printed.
#[tokio::test]
async fn other_offices_and_amounts_are_refused() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-01").await;
    let plan = open(&suite, Office::Township, item(WorkKind::Plan, "one")).await;
    assert_eq!((fact(&plan, "rule_id"), fact(&plan, "allowed")), ("J-A1.3-a".into(), "DISTRICT_GOVERNMENT".into()));
    assert_eq!(reasons(plan), "ROLE_NOT_ALLOWED");
    let training = open(&suite, Office::Finance, item(WorkKind::Training, "one")).await;
    assert_eq!((fact(&training, "rule_id"), reasons(training)), ("J-A1.3-r".into(), "ROLE_NOT_ALLOWED".into()));

    let funds = || pb::OpenWorkItemRequest { require_amount: true, ..item(WorkKind::Budget, "two") };
    let amount = open(&suite, Office::Finance, funds()).await;
    assert_eq!((fact(&amount, "rule_id"), reasons(amount)), ("J-A1.3-d".into(), "RULE_NOT_DEFINED".into()));
    let line = open(&suite, Office::Finance, item(WorkKind::Budget, "two")).await.unwrap();
    assert_eq!(line.amount_fen, None);
    // An operator supplies it, with its source.
    let overlay = "[[set]]\nparameter = 'tianjin-2021.work.working_funds'\nvalue = 50000\nsince = 2020-09-01\n\
        source = { document = '津静财〔2021〕1号', section = '附表' }\n";
    let on = TestTarget::sqlite();
    let suite = Suite::with(&on, "2021-03-01", |policy: Policy| policy.with_overlay(overlay).unwrap()).await;
    assert_eq!(open(&suite, Office::Finance, funds()).await.unwrap().amount_fen, Some(5_000_000));
}

/// J-A2.3-c, B-7.2.1-a, B-7.2.2-a: a way of publicity is one of the district's, and the office's own.
#[tokio::test]
async fn publicity_goes_the_offices_own_way() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-01").await;
    let way = |code: &str, request: pb::OpenWorkItemRequest| pb::OpenWorkItemRequest {
        publicity_channel: code.to_owned(),
        ..request
    };
    let jinghai = |request_id: &str| way("SERVICE_WINDOW", item(WorkKind::Publicity, request_id));
    let opened = open(&suite, Office::Township, jinghai("one")).await.unwrap();
    assert_eq!(opened.publicity_channel, "SERVICE_WINDOW");
    let by_tax = open(&suite, Office::Tax, jinghai("two")).await;
    assert_eq!((fact(&by_tax, "rule_id"), reasons(by_tax)), ("J-A2.3-c".into(), "ROLE_NOT_ALLOWED".into()));
    let elsewhere = pb::OpenWorkItemRequest { district: "120103".to_owned(), ..jinghai("three") };
    assert_eq!(reasons(open(&suite, Office::Tax, elsewhere).await), "VALUE_NOT_ALLOWED");

    suite.clock.set_day("2017-01-03");
    let baodi = |code: &str| pb::OpenWorkItemRequest {
        district: "120115".to_owned(),
        policy_year: 2017,
        ..way(code, item(WorkKind::Publicity, code))
    };
    assert!(open(&suite, Office::HumanResources, baodi("TELEVISION")).await.is_ok());
    assert!(open(&suite, Office::Township, baodi("MARKETS")).await.is_ok());
    let by_bureau = open(&suite, Office::HumanResources, baodi("POSTERS")).await;
    assert_eq!((fact(&by_bureau, "rule_id"), reasons(by_bureau)), ("B-7.2.2-a".into(), "ROLE_NOT_ALLOWED".into()));
}

/// J-A1.3-r, J-A3-a: who has the duty by the item's own rule closes it, and not who trains by another.
#[tokio::test]
async fn an_item_is_closed_by_its_own_rule() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-01").await;
    let training = open(&suite, Office::SocialInsurance, item(WorkKind::Training, "one")).await.unwrap();
    assert_eq!(training.rule_ids, ["J-A1.3-r"]);
    assert_eq!(reasons(close(&suite, Office::Education, &training, "held").await), "ROLE_NOT_ALLOWED");
    assert_eq!(reasons(assign(&suite, Office::Education, &training, "EDUCATION").await), "ROLE_NOT_ALLOWED");
    // A hospital, unlike the tax bureau, has no part in the organisation of the district.
    assert_eq!(reasons(assign(&suite, Office::SocialInsurance, &training, "PROVIDER").await), "VALUE_NOT_ALLOWED");
    let assigned = assign(&suite, Office::Tax, &training, "EDUCATION").await.unwrap();
    assert_eq!(reasons(close(&suite, Office::Township, &assigned, "held").await), "ROLE_NOT_ALLOWED");
    close(&suite, Office::Education, &assigned, "held").await.unwrap();
}

/// J-A2.2-a: a visit works on a finding of a comparison.
#[tokio::test]
async fn a_visit_names_a_finding_that_is_there() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-03-01").await;
        let finding = suite.finding("1", "OPEN").await;
        let visit = pb::OpenWorkItemRequest {
            unit_id: "120118.18".to_owned(),
            finding_id: finding.clone(),
            ..item(WorkKind::Visit, "one")
        };
        let opened = open(&suite, Office::Township, visit.clone()).await.unwrap();
        assert_eq!(opened.finding_id, finding, "{}", on.kind);
        let unknown = pb::OpenWorkItemRequest {
            finding_id: "00000000-0000-7000-8000-000000000009".to_owned(),
            unit_id: "120118.99".to_owned(),
            ..visit.clone()
        };
        let unknown = pb::OpenWorkItemRequest { request_id: "two".to_owned(), ..unknown };
        assert_eq!(reasons(open(&suite, Office::Township, unknown).await), "UNIT_NOT_FOUND,FINDING_NOT_FOUND");
        let elsewhere =
            pb::OpenWorkItemRequest { request_id: "three".to_owned(), unit_id: "120115.6".to_owned(), ..visit };
        assert_eq!(reasons(open(&suite, Office::Township, elsewhere).await), "VALUE_NOT_ALLOWED", "{}", on.kind);
    }
}

#[tokio::test]
async fn requests_that_do_not_fit_are_refused() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-01").await;
    let refused = async |change: fn(&mut pb::OpenWorkItemRequest)| {
        let mut request = item(WorkKind::Meeting, "one");
        change(&mut request);
        reasons(open(&suite, Office::MedicalInsurance, request).await)
    };
    assert_eq!(refused(|it| it.subject = "见120118197005010012".to_owned()).await, "VALUE_NOT_ALLOWED");
    assert_eq!(refused(|it| it.publicity_channel = "POSTER".to_owned()).await, "VALUE_NOT_ALLOWED");
    assert_eq!(refused(|it| it.require_amount = true).await, "VALUE_NOT_ALLOWED");
    assert_eq!(refused(|it| it.due_date = "2021-02-28".to_owned()).await, "DATE_ORDER");
    assert_eq!(refused(|it| it.policy_year = 2016).await, "POLICY_YEAR_NOT_LOADED");
    assert_eq!(refused(|it| it.kind = 0).await, "REQUIRED_FIELD_MISSING");

    let meeting = open(&suite, Office::MedicalInsurance, item(WorkKind::Meeting, "two")).await.unwrap();
    assert_eq!(reasons(assign(&suite, Office::MedicalInsurance, &meeting, "120118.99").await), "UNIT_NOT_FOUND");
    assert_eq!(reasons(assign(&suite, Office::Township, &meeting, "TAX").await), "ROLE_NOT_ALLOWED");
    let to_tax = assign(&suite, Office::MedicalInsurance, &meeting, "TAX").await.unwrap();
    assert_eq!(reasons(close(&suite, Office::Township, &to_tax, "held").await), "ROLE_NOT_ALLOWED");
    let elsewhere = pb::CloseWorkItemRequest {
        request_id: "three".to_owned(),
        work_item_id: to_tax.work_item_id.clone(),
        etag: to_tax.etag.clone(),
        outcome: "held".to_owned(),
    };
    let mut client = suite.supervision.clone();
    let answer = by(Office::Tax, District::Baodi, client.close_work_item(elsewhere.clone())).await;
    assert_eq!(reasons(answer), "ROLE_NOT_ALLOWED");
    close(&suite, Office::Tax, &to_tax, "held").await.unwrap();
    let unknown = pb::CloseWorkItemRequest {
        work_item_id: "00000000-0000-7000-8000-000000000009".to_owned(),
        etag: String::new(),
        ..elsewhere.clone()
    };
    let answer = by(Office::Tax, District::Jinghai, client.close_work_item(unknown)).await;
    assert_eq!(reasons(answer), "REQUIRED_FIELD_MISSING");
    let unknown =
        pb::CloseWorkItemRequest { work_item_id: "00000000-0000-7000-8000-000000000009".to_owned(), ..elsewhere };
    let answer = by(Office::Tax, District::Jinghai, client.close_work_item(unknown)).await;
    assert_eq!(reasons(answer), "WORK_ITEM_NOT_FOUND");
}
