//! Names and identity numbers.

use super::*;

/// J-3.4.1-a and J-3.4.1-b: the catalogue's days; the tax office follows once, and never comes first.
#[tokio::test]
async fn a_name_is_changed_in_the_registry_and_then_at_the_tax_office() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let filed = suite.file(duliu(), renamed(suite.at_duliu("one"))).await.unwrap();
        let (change, resident) = (filed.change.clone().unwrap(), filed.resident.clone().unwrap());
        assert_eq!((change.kind, change.state), (ChangeKind::NameOrNumber.to_wire(), ChangeState::Applied.to_wire()));
        assert_eq!((change.old_name.as_str(), change.new_name.as_str()), ("王桂兰", "王桂花"), "{}", suite.kind);
        assert_eq!(change.registry_change_date, "2021-03-02");
        assert_eq!(change.receipt.unwrap().steps[0].rule_id, "J-3.4.1-a");
        assert_eq!((resident.name.as_str(), resident.etag.as_str()), ("王桂花", "2"), "{}", suite.kind);
        assert_eq!(suite.told().await, 0, "no coverage depends on a name");
        let again = suite.file(duliu(), renamed(suite.at_duliu("one"))).await.unwrap();
        assert_eq!(again, filed, "{}", suite.kind);

        let early = suite.confirm_tax(&change.change_id, "2021-03-01", "tax 1").await;
        assert_eq!(refusal(early).0, "ORDER_VIOLATION", "{}", suite.kind);
        let confirmed = suite.confirm_tax(&change.change_id, "2021-03-05", "tax 2").await.unwrap();
        assert_eq!(confirmed.tax_change_date, "2021-03-05", "{}", suite.kind);
        assert_eq!(confirmed.receipt.as_ref().unwrap().steps[1].rule_id, "J-3.4.1-b");
        assert_eq!(suite.confirm_tax(&change.change_id, "2021-03-05", "tax 2").await.unwrap(), confirmed);
        let twice = suite.confirm_tax(&change.change_id, "2021-03-06", "tax 3").await;
        assert_eq!(refusal(twice).0, "ORDER_VIOLATION", "{}", suite.kind);
        assert_eq!(suite.history(0, "").await.changes, [confirmed], "{}", suite.kind);
        let unknown = suite.confirm_tax(&suite.resident.to_string(), "2021-03-05", "tax 4").await;
        assert_eq!(refusal(unknown).0, "CHANGE_NOT_FOUND", "{}", suite.kind);
    }
}

/// J-3.4.1-a: the centre of the city is one of the desks, and no branch of a district is the centre.
#[tokio::test]
async fn the_centre_changes_a_name_and_a_branch_does_not_sit_there() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let at_centre = |request_id: &str| pb::FileChangeRequest {
            desk: Desk::CitySocialInsuranceCentre.to_wire(),
            desk_district: String::new(),
            desk_township: String::new(),
            ..renamed(suite.at_duliu(request_id))
        };
        let (reasons, metadata) = refusal(suite.file(branch_of(District::Jinghai), at_centre("branch")).await);
        assert_eq!((reasons.as_str(), metadata["office_district"].as_str()), ("ROLE_NOT_ALLOWED", "120118"));
        let filed = suite.file(by(Office::SocialInsurance, None), at_centre("city")).await.unwrap();
        assert_eq!(filed.change.unwrap().state, ChangeState::Applied.to_wire(), "{}", suite.kind);
    }
}

/// J-3.4.1-a: the old number finds nobody and stays in the history; the birth date follows the new one.
#[tokio::test]
async fn a_corrected_number_takes_the_place_of_the_old_one() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let number = CORRECTED.to_owned();
        let request =
            pb::FileChangeRequest { new_identity_number: number.clone(), ..suite.at_branch("one", District::Jinghai) };
        let filed = suite.file(branch_of(District::Jinghai), request).await.unwrap();
        let resident = filed.resident.unwrap();
        assert_eq!((resident.identity_number.as_str(), resident.birth_date.as_str()), (number.as_str(), "1971-05-01"));
        assert_eq!(suite.told().await, 1, "coverage depends on the date of birth");
        let found = suite.look_up(&number).await.unwrap();
        assert_eq!(found.resident_id, suite.resident.to_string(), "{}", suite.kind);
        assert_eq!(refusal(suite.look_up(NUMBER).await).0, "PERSON_NOT_FOUND", "{}", suite.kind);
        let past = suite.history(0, "").await.changes.remove(0);
        assert_eq!((past.old_identity_number.as_str(), past.new_identity_number), (NUMBER, number), "{}", suite.kind);

        // The number is free for whom it belongs to.
        suite.resident(suite.context.id(), NUMBER).await;
        assert!(suite.look_up(NUMBER).await.is_ok(), "{}", suite.kind);
    }
}

/// J-3.4.1-a: IDENTITY_IN_USE without a hint whose; with the missing proof in one answer.
#[tokio::test]
async fn a_number_of_somebody_else_is_refused() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        suite.resident(suite.context.id(), OTHER).await;
        let request = pb::FileChangeRequest {
            new_identity_number: OTHER.to_owned(),
            proof: String::new(),
            ..suite.at_duliu("one")
        };
        let status = suite.file(duliu(), request).await.unwrap_err();
        assert!(!status.message().contains(OTHER), "{}", suite.kind);
        assert_eq!(status.code(), Code::AlreadyExists, "{}", suite.kind);
        let (reasons, metadata) = refusal::<()>(Err(status));
        assert_eq!(reasons, "IDENTITY_IN_USE,EVIDENCE_NOT_ACCEPTED", "{}", suite.kind);
        assert!(metadata.values().all(|value| !value.contains(OTHER)), "{}", suite.kind);
        assert!(suite.look_up(NUMBER).await.is_ok(), "{}", suite.kind);
    }
}

/// B-8.2.3-b: in 2017 the Baodi branch alone.
#[tokio::test]
async fn in_2017_other_bodies_have_no_such_duty() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let in_2017 = |request: pb::FileChangeRequest| pb::FileChangeRequest {
            desk_district: District::Baodi.to_string(),
            desk_township: if request.desk_township.is_empty() { String::new() } else { "120115.6".to_owned() },
            policy_year: 2017,
            ..request
        };
        let mut session = suite.database.begin().await.unwrap();
        let unit = "INSERT INTO unit (unit_id, kind, name, district, source, revision, office, office_name, created_at) \
            VALUES ('120115.6', 'TOWNSHIP', '', '120115', '', 1, 'SYSTEM', '', $1) ON CONFLICT DO NOTHING";
        session.execute(unit, args![suite.context.now()]).await.unwrap();
        let baodi = "UPDATE resident SET residence_district = '120115', household_district = '120115'";
        session.execute(baodi, Vec::new()).await.unwrap();
        session.commit().await.unwrap();
        let township = by(Office::Township, Some(District::Baodi));
        let (reasons, metadata) = refusal(suite.file(township, in_2017(renamed(suite.at_duliu("one")))).await);
        assert_eq!(
            (reasons.as_str(), metadata["rule_id"].as_str()),
            ("ROLE_NOT_ALLOWED", "B-8.2.3-b"),
            "{}",
            suite.kind
        );
        assert_eq!(metadata["right_desk"], BRANCH.as_str(), "{}", suite.kind);
        let right = in_2017(renamed(suite.at_branch("two", District::Baodi)));
        let filed = suite.file(branch_of(District::Baodi), right).await.unwrap();
        let change = filed.change.unwrap();
        assert_eq!(change.receipt.unwrap().steps[0].rule_id, "B-8.2.3-b", "{}", suite.kind);
        let request = pb::ConfirmTaxChangeRequest {
            request_id: "tax".to_owned(),
            resident_id: suite.resident.to_string(),
            change_id: change.change_id,
            tax_change_date: "2021-03-05".to_owned(),
        };
        let caller = by(Office::Tax, Some(District::Baodi));
        let confirmed = Caller::scope(Some(caller), suite.client.clone().confirm_tax_change(request)).await;
        assert_eq!(refusal(confirmed).0, "RULE_NOT_DEFINED", "{}", suite.kind);
    }
}

/// J-3.4.1-a: nobody applied before the birth.
#[tokio::test]
async fn a_number_states_a_birth_before_what_the_person_did() {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let body = "12011820210101001";
    let sum: u32 = body.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let number = format!("{body}{}", char::from(b"10X98765432"[sum as usize % 11]));
    for on in &targets().await {
        let suite = Suite::start(on).await;
        suite.enrol(Desk::TownshipService, None).await;
        let request = pb::FileChangeRequest { new_identity_number: number.clone(), ..suite.at_duliu("one") };
        assert_eq!(refusal(suite.file(duliu(), request).await).0, "DATE_ORDER", "{}", suite.kind);
    }
}
