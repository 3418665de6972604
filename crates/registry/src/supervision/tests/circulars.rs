//! Circulars (J-A1.2-c, B-8.2.1-a).

use juyi_domain::codes::{District, Office};
use juyi_proto::registry::v1 as pb;
use juyi_testkit::targets;
use tonic::Status;

use super::super::fixtures::{Suite, by, fact, reasons};
use super::of_jinghai;

fn circular(district: &str, policy_year: i32, request_id: &str) -> pb::IssueCircularRequest {
    pb::IssueCircularRequest {
        request_id: request_id.to_owned(),
        district: district.to_owned(),
        policy_year,
        title: "参保进展通报".to_owned(),
        ..Default::default()
    }
}

async fn issue(
    suite: &Suite,
    (office, district): (Office, District),
    request: pb::IssueCircularRequest,
) -> Result<pb::Circular, Status> {
    let reply = by(office, district, suite.supervision.clone().issue_circular(request)).await?;
    Ok(reply.into_inner().circular.unwrap())
}

const BUREAU: (Office, District) = (Office::MedicalInsurance, District::Jinghai);

/// J-A1.2-c: the progress of the day is kept as it was.
#[tokio::test]
async fn a_circular_keeps_its_figures() {
    for on in &targets().await {
        let suite = Suite::start(on, "2020-12-01").await;
        suite.enrol(3, &of_jinghai("120118.1", "2020-10-12")).await;
        let units = ["120118.4", "120118.1", "120118.1"].map(str::to_owned).to_vec();
        let request = pb::IssueCircularRequest { unit_ids: units, ..circular("120118", 2021, "one") };
        let first = issue(&suite, BUREAU, request.clone()).await.unwrap();
        let progress = first.progress.clone().unwrap();
        let ids: Vec<_> = progress.units.iter().map(|unit| unit.unit_id.as_str()).collect();
        assert_eq!(ids, ["120118.1", "120118.4"], "{}", on.kind);
        assert_eq!(progress.units[0].total.as_ref().unwrap().counted, 3, "{}", on.kind);
        assert_eq!((progress.as_of_date.as_str(), progress.receipt.is_some()), ("2020-12-01", true), "{}", on.kind);

        suite.enrol(2, &of_jinghai("120118.1", "2020-11-12")).await;
        assert_eq!(issue(&suite, BUREAU, request).await.unwrap(), first, "{}", on.kind);
        let second = issue(&suite, BUREAU, circular("120118", 2021, "two")).await.unwrap();
        assert_eq!(second.progress.as_ref().unwrap().units.len(), 19, "{}", on.kind);
        assert_eq!(second.progress.as_ref().unwrap().units[0].total.as_ref().unwrap().counted, 5, "{}", on.kind);

        let list = async |page_token: &str| {
            let request = pb::ListCircularsRequest {
                district: "120118".to_owned(),
                policy_year: 2021,
                page_size: 1,
                page_token: page_token.to_owned(),
            };
            let reply = suite.supervision.clone().list_circulars(request).await.unwrap().into_inner();
            (reply.circulars, reply.next_page_token)
        };
        let (newest, token) = list("").await;
        assert_eq!(newest, [second], "{}", on.kind);
        let (oldest, token) = list(&token).await;
        assert_eq!(oldest, [first], "{}", on.kind);
        assert_eq!(list(&token).await, (Vec::new(), String::new()), "{}", on.kind);
    }
}

/// J-A1.2-c names the office of the leading group, B-8.2.1-a the supervision office alone.
#[tokio::test]
async fn other_offices_do_not_circulate() {
    for on in &targets().await {
        let suite = Suite::start(on, "2016-12-31").await;
        let of_baodi = || circular("120115", 2017, "one");
        let other = issue(&suite, (Office::MedicalInsurance, District::Baodi), of_baodi()).await;
        assert_eq!(
            (fact(&other, "rule_id"), fact(&other, "allowed")),
            ("B-8.2.1-a".into(), "DISTRICT_GOVERNMENT".into())
        );
        assert_eq!(reasons(other), "ROLE_NOT_ALLOWED", "{}", on.kind);
        let outside = issue(&suite, (Office::DistrictGovernment, District::Jinghai), of_baodi()).await;
        assert_eq!(reasons(outside), "ROLE_NOT_ALLOWED", "{}", on.kind);
        issue(&suite, (Office::DistrictGovernment, District::Baodi), of_baodi()).await.unwrap();

        suite.clock.set_day("2021-03-01");
        let huakang =
            pb::IssueCircularRequest { unit_ids: vec!["120118.HUAKANG".to_owned()], ..circular("120118", 2021, "two") };
        let both = issue(&suite, (Office::DistrictGovernment, District::Jinghai), huakang.clone()).await;
        assert_eq!(reasons(both), "ROLE_NOT_ALLOWED,TARGET_NOT_FOUND", "{}", on.kind);
        assert_eq!(reasons(issue(&suite, BUREAU, huakang).await), "TARGET_NOT_FOUND", "{}", on.kind);
        let number = pb::IssueCircularRequest {
            title: "120118197005010012".to_owned(),
            as_of_date: "2021-03-02".to_owned(),
            ..circular("120118", 2021, "three")
        };
        assert_eq!(reasons(issue(&suite, BUREAU, number).await), "VALUE_NOT_ALLOWED,DATE_ORDER", "{}", on.kind);
    }
}
