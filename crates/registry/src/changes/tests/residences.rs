//! Residences.

use super::*;

/// J-3.4.2-b: registered at Duliu, paid, moves: filed at Duliu, decided by the Jinghai branch, not filed there.
#[tokio::test]
async fn a_township_forwards_and_the_branch_decides() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let enrolment = suite.enrol(Desk::TownshipService, Some("2020-11-12")).await;
        let (revision, at_first) = suite.state(&enrolment).await;
        assert_eq!((revision, at_first.len(), at_first[0].1.as_str()), (1, 1, DULIU), "{}", suite.kind);
        let direct = moved(suite.at_branch("direct", District::Jinghai), JINGHAI_TOWN);
        let (reasons, metadata) = refusal(suite.file(branch_of(District::Jinghai), direct).await);
        assert_eq!((reasons.as_str(), metadata["rule_id"].as_str()), ("WRONG_DESK", "J-3.4.2-b"), "{}", suite.kind);
        let right = ["right_desk", "right_district", "right_township"].map(|key| metadata[key].as_str());
        assert_eq!(right, ["TOWNSHIP_SERVICE", "120118", DULIU], "{}", suite.kind);

        let filed = suite.file(duliu(), moved(suite.at_duliu("one"), JINGHAI_TOWN)).await.unwrap();
        let (change, resident) = (filed.change.unwrap(), filed.resident.unwrap());
        assert_eq!(suite.state(&enrolment).await, (2, at_first.clone()), "{}", suite.kind);
        assert_eq!((change.state, change.registry_change_date.as_str()), (ChangeState::Filed.to_wire(), ""));
        assert_eq!((resident.residence_township.as_str(), resident.etag.as_str()), ("", "2"), "{}", suite.kind);
        let second = pb::FileChangeRequest { etag: "2".to_owned(), ..moved(suite.at_duliu("two"), DULIU) };
        assert_eq!(refusal(suite.file(duliu(), second).await).0, "ORDER_VIOLATION", "{}", suite.kind);

        let decision = |request_id: &str| pb::DecideChangeRequest {
            request_id: request_id.to_owned(),
            resident_id: suite.resident.to_string(),
            change_id: change.change_id.clone(),
            return_reason: String::new(),
            decision_date: "2021-03-09".to_owned(),
        };
        assert_eq!(suite.told().await, 0, "{}", suite.kind);
        for caller in [duliu(), branch_of(District::Nankai)] {
            assert_eq!(refusal(suite.decide(caller, decision("no")).await).0, "ROLE_NOT_ALLOWED", "{}", suite.kind);
        }
        let decided = suite.decide(branch_of(District::Jinghai), decision("yes")).await.unwrap();
        let (change, resident) = (decided.change.unwrap(), decided.resident.unwrap());
        assert_eq!(
            (change.state, change.registry_change_date.as_str()),
            (ChangeState::Applied.to_wire(), "2021-03-09")
        );
        assert_eq!(change.decided_by.unwrap().office, Office::SocialInsurance.to_wire(), "{}", suite.kind);
        let now = (resident.residence_township.as_str(), resident.address.as_str(), resident.etag.as_str());
        assert_eq!(now, (JINGHAI_TOWN, "胜利街1号", "3"), "{}", suite.kind);
        assert_eq!(suite.township_of_enrolment().await.as_deref(), Some(JINGHAI_TOWN), "{}", suite.kind);
        // AMB-114: from the day of the change the route is another one, and what was before stays.
        let moved = ("2021-03-09".to_owned(), JINGHAI_TOWN.to_owned());
        assert_eq!(suite.state(&enrolment).await, (3, [at_first, vec![moved]].concat()), "{}", suite.kind);
        // The enrolment counts elsewhere, which benefit period hears.
        assert_eq!(suite.told().await, 1, "{}", suite.kind);
        let again = suite.decide(branch_of(District::Jinghai), decision("again")).await;
        assert_eq!(refusal(again).0, "ORDER_VIOLATION", "{}", suite.kind);
    }
}

/// J-3.4.2-b: where it counts follows the person who moved, where it was filed does not: the next move goes there too.
#[tokio::test]
async fn the_township_of_registration_stays_the_desk_after_a_move() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        suite.enrol(Desk::TownshipService, Some("2020-11-12")).await;
        let filed = suite.file(duliu(), moved(suite.at_duliu("one"), JINGHAI_TOWN)).await.unwrap();
        let decision = pb::DecideChangeRequest {
            request_id: "yes".to_owned(),
            resident_id: suite.resident.to_string(),
            change_id: filed.change.unwrap().change_id,
            decision_date: "2021-03-03".to_owned(),
            ..Default::default()
        };
        suite.decide(branch_of(District::Jinghai), decision).await.unwrap();
        assert_eq!(suite.township_of_enrolment().await.as_deref(), Some(JINGHAI_TOWN), "{}", suite.kind);

        let back = |request_id: &str, township: &str| {
            let etag = "3".to_owned();
            let request =
                pb::FileChangeRequest { etag, filing_date: "2021-03-04".to_owned(), ..suite.at_duliu(request_id) };
            moved(pb::FileChangeRequest { desk_township: township.to_owned(), ..request }, DULIU)
        };
        let (reasons, metadata) = refusal(suite.file(duliu(), back("where-it-counts", JINGHAI_TOWN)).await);
        assert_eq!((reasons.as_str(), metadata["rule_id"].as_str()), ("WRONG_DESK", "J-3.4.2-b"), "{}", suite.kind);
        assert_eq!(metadata["right_township"], DULIU, "{}", suite.kind);
        let filed = suite.file(duliu(), back("where-it-was-filed", DULIU)).await.unwrap();
        assert_eq!(filed.change.unwrap().state, ChangeState::Filed.to_wire(), "{}", suite.kind);
    }
}

/// J-3.4.2-b: a returned change changes nothing and says why.
#[tokio::test]
async fn a_returned_change_leaves_the_record() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        suite.enrol(Desk::CommunityWorkstation, Some("2020-11-12")).await;
        let filed = suite.file(duliu(), moved(suite.at_duliu("one"), JINGHAI_TOWN)).await.unwrap();
        let request = pb::DecideChangeRequest {
            request_id: "no".to_owned(),
            resident_id: suite.resident.to_string(),
            change_id: filed.change.unwrap().change_id,
            return_reason: "paper unreadable".to_owned(),
            decision_date: "2021-03-03".to_owned(),
        };
        let decided = suite.decide(branch_of(District::Jinghai), request).await.unwrap();
        let (change, resident) = (decided.change.unwrap(), decided.resident.unwrap());
        assert_eq!(
            (change.state, change.return_reason.as_str()),
            (ChangeState::Returned.to_wire(), "paper unreadable")
        );
        assert_eq!((change.registry_change_date.as_str(), resident.residence_township.as_str()), ("", ""));
        assert_eq!(suite.township_of_enrolment().await.as_deref(), Some(DULIU), "{}", suite.kind);
        let anew = pb::FileChangeRequest { etag: resident.etag, ..moved(suite.at_duliu("two"), JINGHAI_TOWN) };
        assert!(suite.file(duliu(), anew).await.is_ok(), "{}", suite.kind);
    }
}

/// J-3.4.2-a: registered at the branch, paid: that branch at once, another district's not.
#[tokio::test]
async fn a_paid_address_is_changed_by_the_branch_of_registration() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        suite.enrol(BRANCH, Some("2020-11-12")).await;
        let elsewhere = moved(suite.at_branch("one", District::Nankai), NANKAI_STREET);
        let (reasons, metadata) = refusal(suite.file(branch_of(District::Nankai), elsewhere).await);
        assert_eq!((reasons.as_str(), metadata["rule_id"].as_str()), ("WRONG_DESK", "J-3.4.2-a"), "{}", suite.kind);
        assert_eq!((metadata["right_desk"].as_str(), metadata["right_district"].as_str()), (BRANCH.as_str(), "120118"));
        let here = moved(suite.at_branch("two", District::Jinghai), NANKAI_STREET);
        let filed = suite.file(branch_of(District::Jinghai), here).await.unwrap();
        assert_eq!(filed.change.unwrap().state, ChangeState::Applied.to_wire(), "{}", suite.kind);
        assert_eq!(filed.resident.unwrap().residence_district, "120104", "{}", suite.kind);
        // The insurance stays where it was taken out, and nobody has to be told.
        assert_eq!(suite.township_of_enrolment().await.as_deref(), Some(DULIU), "{}", suite.kind);
        assert_eq!(suite.told().await, 0, "{}", suite.kind);
    }
}

/// J-3.4.2-c: not yet paid: township or branch, of the place left or of the new one.
#[tokio::test]
async fn an_unpaid_address_is_changed_at_either_desk() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        suite.enrol(Desk::TownshipService, None).await;
        let stranger = moved(suite.at_branch("no", District::Hexi), JINGHAI_TOWN);
        assert_eq!(refusal(suite.file(branch_of(District::Hexi), stranger).await).0, "ROLE_NOT_ALLOWED");
        let filed = suite.file(duliu(), moved(suite.at_duliu("one"), JINGHAI_TOWN)).await.unwrap();
        assert_eq!(filed.change.unwrap().receipt.unwrap().steps[0].rule_id, "J-3.4.2-c", "{}", suite.kind);
        assert_eq!(suite.township_of_enrolment().await.as_deref(), Some(JINGHAI_TOWN), "{}", suite.kind);
        let on_moving = moved(suite.at_branch("two", District::Nankai), NANKAI_STREET);
        let on_moving = pb::FileChangeRequest { etag: "2".to_owned(), ..on_moving };
        let filed = suite.file(branch_of(District::Nankai), on_moving).await.unwrap();
        let change = filed.change.unwrap();
        let (old, new) = (change.old_residence.unwrap(), change.new_residence.unwrap());
        assert_eq!((old.township.as_str(), new.township.as_str()), (JINGHAI_TOWN, NANKAI_STREET), "{}", suite.kind);

        let newest = suite.history(1, "").await;
        assert_eq!(newest.changes[0].change_id, change.change_id, "{}", suite.kind);
        let rest = suite.history(1, &newest.next_page_token).await;
        assert_eq!(rest.changes[0].new_residence.as_ref().unwrap().township, JINGHAI_TOWN, "{}", suite.kind);
    }
}

/// J-3.4.2-b: what was forwarded is a move from a residence; when another one stands by then, it only is returned.
#[tokio::test]
async fn a_move_from_a_residence_that_is_past_is_not_made() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        suite.enrol(Desk::TownshipService, Some("2020-11-12")).await;
        let filed = suite.file(duliu(), moved(suite.at_duliu("one"), JINGHAI_TOWN)).await.unwrap();
        let insert = "INSERT INTO resident_fact (resident_id, fact_id, kind, start_on, fact, office, office_name, \
            created_at) VALUES ($1, $2, 'RESIDENCE', $3, $4, 'TOWNSHIP', '', $5)";
        let there = r#"{"RESIDENCE":{"district":"120118","township":"120118.4","address":null}}"#;
        let since: chrono::NaiveDate = "2021-03-05".parse().unwrap();
        let mut session = suite.database.begin().await.unwrap();
        let fact_id: juyi_domain::id::FactId = suite.context.id();
        let row = args![suite.resident.to_string(), fact_id.to_string(), since, there, suite.context.now()];
        session.execute(insert, row).await.unwrap();
        session.commit().await.unwrap();
        let decision = |return_reason: &str| pb::DecideChangeRequest {
            request_id: if return_reason.is_empty() { "made" } else { "returned" }.to_owned(),
            resident_id: suite.resident.to_string(),
            change_id: filed.change.clone().unwrap().change_id,
            return_reason: return_reason.to_owned(),
            decision_date: "2021-03-09".to_owned(),
        };
        let made = suite.decide(branch_of(District::Jinghai), decision("")).await;
        assert_eq!(refusal(made).0, "REVISION_CONFLICT", "{}", suite.kind);
        suite.decide(branch_of(District::Jinghai), decision("moved meanwhile")).await.unwrap();
    }
}
