//! Who answers for areas, villages and households (B-8.2.4-c, B-8.2.4-d).

use juyi_domain::codes::{District, Office, UnitKind};
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use juyi_testkit::targets;
use tonic::Status;

use super::super::fixtures::{Suite, by, reasons};

async fn set(suite: &Suite, request_id: &str, unit_id: &str, post: &str) -> Result<pb::Responsibility, Status> {
    let request = pb::SetResponsibilityRequest {
        request_id: request_id.to_owned(),
        unit_id: unit_id.to_owned(),
        policy_year: 2017,
        post: post.to_owned(),
    };
    let mut client = suite.supervision.clone();
    let reply = by(Office::Township, District::Baodi, client.set_responsibility(request)).await?;
    Ok(reply.into_inner().responsibility.unwrap())
}

async fn list(suite: &Suite, open_only: bool, page_token: &str) -> (Vec<(String, String, bool)>, String) {
    let request = pb::ListResponsibilitiesRequest {
        township: "120115.6".to_owned(),
        policy_year: 2017,
        open_only,
        page_size: 2,
        page_token: page_token.to_owned(),
    };
    let reply = suite.supervision.clone().list_responsibilities(request).await.unwrap().into_inner();
    let told = |it: pb::Responsibility| (it.unit_id, it.post, it.open);
    (reply.responsibilities.into_iter().map(told).collect(), reply.next_page_token)
}

/// B-8.2.4-d: a household without a village cadre is an open item; B-8.2.4-c: the township has its head.
#[tokio::test]
async fn units_without_anybody_are_open() {
    for on in &targets().await {
        let suite = Suite::start(on, "2016-10-12").await;
        for (id, kind) in [("120115.6.1", UnitKind::Village), ("120115.6.1.7", UnitKind::Household)] {
            let unit = pb::Unit {
                unit_id: id.to_owned(),
                kind: kind.to_wire(),
                name: "x".to_owned(),
                district: "120115".to_owned(),
                township: "120115.6".to_owned(),
                ..Default::default()
            };
            let request = pb::PutUnitRequest { request_id: "one".to_owned(), unit: Some(unit) };
            by(Office::Township, District::Baodi, suite.reference.clone().put_unit(request)).await.unwrap();
        }
        set(&suite, "one", "120115.6", "main leader").await.unwrap();
        let village = set(&suite, "two", "120115.6.1", "village affairs assistant").await.unwrap();
        assert!(!village.open, "{}", on.kind);
        set(&suite, "three", "120115.6.1", "labour-security assistant").await.unwrap();
        let told = |id: &str, post: &str| (id.to_owned(), post.to_owned(), post.is_empty());
        let (first, token) = list(&suite, false, "").await;
        let expected = [told("120115.6", "main leader"), told("120115.6.1", "labour-security assistant")];
        assert_eq!(first, expected, "{}", on.kind);
        let open = [told("120115.6.1.7", "")];
        assert_eq!(list(&suite, false, &token).await, (open.to_vec(), String::new()), "{}", on.kind);
        assert_eq!(list(&suite, true, "").await, (open.to_vec(), String::new()), "{}", on.kind);
    }
}

#[tokio::test]
async fn a_post_is_no_person() {
    for on in &targets().await {
        let suite = Suite::start(on, "2016-10-12").await;
        assert_eq!(reasons(set(&suite, "one", "120115.6", "13800000000").await), "VALUE_NOT_ALLOWED", "AMB-124");
        assert_eq!(reasons(set(&suite, "one", "120115.6", "").await), "REQUIRED_FIELD_MISSING", "{}", on.kind);
        assert_eq!(reasons(set(&suite, "one", "120115.99", "x").await), "UNIT_NOT_FOUND", "{}", on.kind);
        assert_eq!(reasons(set(&suite, "one", "120118.1", "x").await), "DISTRICT_OUT_OF_SCOPE", "{}", on.kind);
        assert_eq!(reasons(set(&suite, "one", "120118.19", "x").await), "VALUE_NOT_ALLOWED", "{}", on.kind);
        let request = pb::ListResponsibilitiesRequest {
            township: "120115.99".to_owned(),
            policy_year: 2017,
            ..Default::default()
        };
        assert_eq!(reasons(suite.supervision.clone().list_responsibilities(request).await), "UNIT_NOT_FOUND");
    }
}
