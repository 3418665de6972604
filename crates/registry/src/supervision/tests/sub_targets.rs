//! Sub-targets of villages and committees (B-8.2.4-b).

use juyi_domain::codes::{District, Office, UnitKind};
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use juyi_testkit::targets;
use tonic::Status;

use super::super::fixtures::{Suite, by, reasons};

async fn villages(suite: &Suite, township: &str, number: usize) {
    for index in 1..=number {
        let unit = pb::Unit {
            unit_id: format!("{township}.{index}"),
            kind: UnitKind::Village.to_wire(),
            name: format!("村{index}"),
            district: township[..6].to_owned(),
            township: township.to_owned(),
            ..Default::default()
        };
        let request = pb::PutUnitRequest { request_id: "v".to_owned(), unit: Some(unit) };
        let district = township[..6].parse().unwrap();
        by(Office::Township, district, suite.reference.clone().put_unit(request)).await.unwrap();
    }
}

async fn set(suite: &Suite, request_id: &str, parts: &[(&str, i64)], etag: &str) -> Result<pb::SubTargets, Status> {
    let part = |(unit_id, persons): &(&str, i64)| pb::SubTarget { unit_id: (*unit_id).to_owned(), persons: *persons };
    let request = pb::SetSubTargetsRequest {
        request_id: request_id.to_owned(),
        district: "120115".to_owned(),
        policy_year: 2017,
        township: "120115.6".to_owned(),
        sub_targets: parts.iter().map(part).collect(),
        etag: etag.to_owned(),
    };
    let mut client = suite.supervision.clone();
    let reply = by(Office::Township, District::Baodi, client.set_sub_targets(request)).await?;
    Ok(reply.into_inner().sub_targets.unwrap())
}

async fn list(suite: &Suite, township: &str) -> Result<pb::SubTargets, Status> {
    let (district, township) = ("120115".to_owned(), township.to_owned());
    let request = pb::ListSubTargetsRequest { district, policy_year: 2017, township };
    Ok(suite.supervision.clone().list_sub_targets(request).await?.into_inner().sub_targets.unwrap())
}

/// B-8.2.4-b: Zhouliang street, 3000 + 2600 + 2000 = 7600; parts that do not add up are kept with a warning.
#[tokio::test]
async fn a_target_is_split_among_villages() {
    for on in &targets().await {
        let suite = Suite::start(on, "2016-10-12").await;
        villages(&suite, "120115.6", 3).await;
        let none = list(&suite, "120115.6").await.unwrap();
        assert_eq!(
            (none.target, none.sum, none.etag.as_str(), none.warning.as_str()),
            (7_600, 0, "", ""),
            "{}",
            on.kind
        );
        let (one, two, three) = ("120115.6.1", "120115.6.2", "120115.6.3");
        let less = set(&suite, "one", &[(one, 3_000), (two, 2_600)], "").await.unwrap();
        assert_eq!((less.sum, less.difference, less.etag.as_str()), (5_600, 2_000, "1"), "{}", on.kind);
        assert!(less.warning.contains("2000 less"), "{}: {}", on.kind, less.warning);
        let whole = set(&suite, "two", &[(one, 3_000), (two, 2_600), (three, 2_000)], "1").await.unwrap();
        assert_eq!((whole.sum, whole.difference, whole.warning.as_str()), (7_600, 0, ""), "{}", on.kind);
        assert_eq!(list(&suite, "120115.6").await.unwrap(), whole, "{}", on.kind);
        assert_eq!(set(&suite, "two", &[(one, 3_000), (two, 2_600), (three, 2_000)], "1").await.unwrap(), whole);
        for stale in ["", "1", "3"] {
            assert_eq!(
                reasons(set(&suite, &format!("stale-{stale}"), &[(one, 1)], stale).await),
                "REVISION_CONFLICT",
                "{}",
                on.kind
            );
        }
        assert_eq!(list(&suite, "120115.6").await.unwrap(), whole, "{}", on.kind);
    }
}

/// B-8.2.4-b: a unit outside the township.
#[tokio::test]
async fn parts_outside_the_township_are_refused() {
    for on in &targets().await {
        let suite = Suite::start(on, "2016-10-12").await;
        villages(&suite, "120115.6", 1).await;
        villages(&suite, "120115.7", 1).await;
        let outside = set(&suite, "one", &[("120115.7.1", 1), ("120115.6.9", 1), ("120115.6.1", 1)], "").await;
        assert_eq!(reasons(outside), "VALUE_NOT_ALLOWED,VALUE_NOT_ALLOWED", "{}", on.kind);
        let twice = set(&suite, "one", &[("120115.6.1", 1), ("120115.6.1", -1)], "").await;
        assert_eq!(reasons(twice), "VALUE_NOT_ALLOWED,VALUE_NOT_ALLOWED", "{}", on.kind);
        assert_eq!(reasons(set(&suite, "one", &[("120115.6.1", 1)], "7").await), "REVISION_CONFLICT", "{}", on.kind);
        assert_eq!(reasons(list(&suite, "120115.99").await), "TARGET_NOT_FOUND", "{}", on.kind);
        let request = pb::SetSubTargetsRequest {
            request_id: "two".to_owned(),
            district: "120115".to_owned(),
            policy_year: 2017,
            township: "120115.6".to_owned(),
            ..Default::default()
        };
        let mut client = suite.supervision.clone();
        let other = by(Office::Township, District::Jinghai, client.set_sub_targets(request.clone())).await;
        assert_eq!(reasons(other), "ROLE_NOT_ALLOWED", "{}", on.kind);
        let other = by(Office::Tax, District::Baodi, client.set_sub_targets(request)).await;
        assert_eq!(reasons(other), "ROLE_NOT_ALLOWED", "{}", on.kind);
    }
}
