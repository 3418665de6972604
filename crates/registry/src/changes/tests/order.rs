//! Versions, previews, and requests that cannot be read.

use super::*;

#[tokio::test]
async fn an_old_version_is_refused_and_of_two_writers_one_wins() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let other = |name: &str, id| pb::FileChangeRequest { new_name: name.to_owned(), ..suite.at_duliu(id) };
        let (one, two) = tokio::join!(suite.file(duliu(), other("甲", "one")), suite.file(duliu(), other("乙", "two")));
        let refused = if one.is_ok() { two } else { one };
        let status = refused.unwrap_err();
        assert_eq!(status.code(), Code::Aborted, "{}", suite.kind);
        assert_eq!(refusal::<()>(Err(status)).0, "REVISION_CONFLICT", "{}", suite.kind);
        assert_eq!(suite.history(0, "").await.changes.len(), 1, "{}", suite.kind);
    }
}

#[tokio::test]
async fn a_change_to_validate_leaves_nothing() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let request = pb::FileChangeRequest { validate_only: true, ..moved(suite.at_duliu("one"), JINGHAI_TOWN) };
        let checked = suite.file(duliu(), request).await.unwrap();
        assert_eq!((checked.change.unwrap().change_id.as_str(), checked.resident.unwrap().etag.as_str()), ("", "2"));
        assert!(suite.history(0, "").await.changes.is_empty(), "{}", suite.kind);
        assert_eq!(suite.look_up(NUMBER).await.unwrap().residence_district, "120118", "{}", suite.kind);
    }
}

#[tokio::test]
async fn fields_and_units_are_refused_together() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on).await;
    let bare =
        pb::FileChangeRequest { etag: "first".to_owned(), desk_township: String::new(), ..suite.at_duliu("one") };
    let bare = pb::FileChangeRequest { filing_date: "2021-03-11".to_owned(), ..bare };
    let expected = "VALUE_NOT_ALLOWED,REQUIRED_FIELD_MISSING,DATE_ORDER,REQUIRED_FIELD_MISSING";
    assert_eq!(refusal(suite.file(duliu(), bare).await).0, expected);
    let both = moved(renamed(suite.at_duliu("two")), JINGHAI_TOWN);
    assert_eq!(refusal(suite.file(duliu(), both).await).0, "VALUE_NOT_ALLOWED");
    let same = pb::FileChangeRequest { new_name: "王桂兰".to_owned(), ..suite.at_duliu("three") };
    assert_eq!(refusal(suite.file(duliu(), same).await).0, "VALUE_NOT_ALLOWED");
    for township in ["120118.99", "120118.V1"] {
        let request = moved(suite.at_duliu("four"), township);
        assert_eq!(refusal(suite.file(duliu(), request).await).0, "VALUE_NOT_ALLOWED", "{township}");
    }
    let mut crossed = moved(suite.at_duliu("five"), JINGHAI_TOWN);
    crossed.new_residence.as_mut().unwrap().district = District::Nankai.to_string();
    assert_eq!(refusal(suite.file(duliu(), crossed).await).0, "VALUE_NOT_ALLOWED");
    let future =
        pb::FileChangeRequest { new_identity_number: "120118209905010013".to_owned(), ..suite.at_duliu("six") };
    assert_eq!(refusal(suite.file(duliu(), future).await).0, "DATE_ORDER");
    let centre = pb::FileChangeRequest {
        desk: Desk::CitySocialInsuranceCentre.to_wire(),
        desk_district: String::new(),
        desk_township: String::new(),
        ..renamed(suite.at_duliu("seven"))
    };
    let of_district = suite.file(branch_of(District::Jinghai), centre.clone()).await;
    assert_eq!(refusal(of_district).0, "ROLE_NOT_ALLOWED");
    assert!(suite.file(by(Office::SocialInsurance, None), centre).await.is_ok(), "J-3.4.1-a");
}

/// A change is filed under a year of the enrolment that it concerns, so that nobody chooses the desk by the year.
#[tokio::test]
async fn a_change_belongs_to_a_year_of_enrolment() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        suite.enrol(Desk::TownshipService, Some("2020-11-12")).await;
        let elsewhere = pb::FileChangeRequest { policy_year: 2017, ..renamed(suite.at_branch("one", District::Baodi)) };
        let (reasons, metadata) = refusal(suite.file(branch_of(District::Baodi), elsewhere).await);
        assert!(reasons.contains("VALUE_NOT_ALLOWED"), "{} {reasons}", suite.kind);
        assert_eq!(metadata["reasons"], reasons);
        suite.file(duliu(), renamed(suite.at_duliu("two"))).await.unwrap();
    }
}

/// Townships outside the two districts of the documents are not on record, and people move there.
#[tokio::test]
async fn a_township_of_another_district_need_not_be_on_record() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let moved = moved(suite.at_duliu("one"), "120103.7");
        let filed = suite.file(duliu(), moved).await.unwrap();
        assert_eq!(filed.resident.unwrap().residence_district, "120103", "{}", suite.kind);
    }
}
