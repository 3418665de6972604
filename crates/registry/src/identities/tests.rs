//! Identities as dated periods, through the generated client.

use juyi_domain::codes::{Area, Identity, Office};
use juyi_domain::codes::{District, Office::CivilAffairs};
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use tonic::Status;

use crate::suite::{Suite, assertion, by, by_one_of, fact, farmer, reasons, refusal};

impl Suite {
    async fn assert(&self, office: Office, request: pb::AssertIdentityRequest) -> Result<pb::IdentityPeriod, Status> {
        Ok(by(office, self.client.clone().assert_identity(request)).await?.identity.unwrap())
    }

    async fn end(&self, office: Office, request: pb::EndIdentityRequest) -> Result<pb::IdentityPeriod, Status> {
        Ok(by(office, self.client.clone().end_identity(request)).await?.identity.unwrap())
    }

    async fn list(&self, request: pb::ListIdentitiesRequest) -> pb::ListIdentitiesResponse {
        by(Office::MedicalInsurance, self.client.clone().list_identities(request)).await.unwrap()
    }
}

fn all_of(resident_id: &str) -> pb::ListIdentitiesRequest {
    pb::ListIdentitiesRequest { resident_id: resident_id.to_owned(), ..Default::default() }
}

fn ending(resident_id: &str, period: &pb::IdentityPeriod, end_date: &str) -> pb::EndIdentityRequest {
    pb::EndIdentityRequest {
        request_id: format!("end-{end_date}"),
        resident_id: resident_id.to_owned(),
        identity_id: period.identity_id.clone(),
        end_date: end_date.to_owned(),
        validate_only: false,
    }
}

/// J-3.2.5-e asks for current identities: what was true, and what was known when.
#[tokio::test]
async fn an_identity_is_told_as_true_and_as_known() {
    for suite in Suite::all().await {
        let resident_id = suite.register(farmer()).await;
        let asserted = assertion(&resident_id, Identity::LowIncome, "2020-06-01");
        let asserted = suite.assert(CivilAffairs, asserted).await.unwrap();
        assert!(asserted.backdated && asserted.end_date.is_empty() && asserted.ended_by.is_none());
        suite.clock.set_day("2021-05-10");
        let ended = suite.end(CivilAffairs, ending(&resident_id, &asserted, "2021-01-31")).await.unwrap();
        assert_eq!((ended.end_date.as_str(), ended.create_time.as_str()), ("2021-01-31", &*asserted.create_time));
        assert!(ended.end_time.starts_with("2021-05-10"), "{}", ended.end_time);
        suite.clock.set_day("2021-06-10");
        suite.end(CivilAffairs, ending(&resident_id, &asserted, "2021-02-28")).await.unwrap();

        for (known_time, end_date) in [
            ("2020-12-31T00:00:00Z", None),
            ("2021-04-01T00:00:00Z", Some("")),
            ("2021-05-31T00:00:00Z", Some("2021-01-31")),
            ("2021-06-30T00:00:00Z", Some("2021-02-28")),
            ("", Some("2021-02-28")),
        ] {
            let known = pb::ListIdentitiesRequest { known_time: known_time.to_owned(), ..all_of(&resident_id) };
            let found: Vec<_> = suite.list(known).await.identities.into_iter().map(|period| period.end_date).collect();
            let expected: Vec<_> = end_date.map(str::to_owned).into_iter().collect();
            assert_eq!(found, expected, "{} {known_time}", suite.on.kind);
        }
        // Held on a day of February, as was believed in April and is known in June, but not in May.
        for (known_time, held) in
            [("2021-04-01T00:00:00Z", 1), ("2021-05-31T00:00:00Z", 0), ("2021-06-30T00:00:00Z", 1)]
        {
            let known = pb::ListIdentitiesRequest {
                known_time: known_time.to_owned(),
                on_date: "2021-02-15".to_owned(),
                ..all_of(&resident_id)
            };
            assert_eq!(suite.list(known).await.identities.len(), held, "{} {known_time}", suite.on.kind);
        }
    }
}

#[tokio::test]
async fn identities_are_paged_in_the_order_of_assertion() {
    for suite in Suite::all().await {
        let resident_id = suite.register(farmer()).await;
        let identities = [Identity::LowIncome, Identity::Orphan, Identity::SubsistenceAllowance];
        for identity in identities {
            suite.assert(CivilAffairs, assertion(&resident_id, identity, "2020-01-01")).await.unwrap();
        }
        for known_time in ["", "2021-03-02T00:00:00Z"] {
            let (mut found, mut page_token) = (Vec::new(), String::new());
            loop {
                let request = pb::ListIdentitiesRequest {
                    page_size: 2,
                    page_token,
                    known_time: known_time.to_owned(),
                    ..all_of(&resident_id)
                };
                let page = suite.list(request).await;
                found.extend(page.identities.iter().map(|period| period.identity));
                page_token = page.next_page_token;
                if page_token.is_empty() {
                    break;
                }
            }
            assert_eq!(found, identities.map(Coded::to_wire), "{}", suite.on.kind);
        }
    }
}

/// Two assertions at once of the same days: one is stored, the other told so.
#[tokio::test]
async fn of_two_overlapping_assertions_at_once_one_is_stored() {
    for suite in Suite::all().await {
        let resident_id = suite.register(farmer()).await;
        for round in 0..8 {
            let (start, other) = (format!("{}-01-01", 1980 + round * 2), format!("{}-06-01", 1980 + round * 2));
            let of = |start: &str| pb::AssertIdentityRequest {
                end_date: format!("{}-12-31", 1980 + round * 2),
                ..assertion(&resident_id, Identity::LowIncome, start)
            };
            let (one, two) =
                tokio::join!(suite.assert(CivilAffairs, of(&start)), suite.assert(CivilAffairs, of(&other)));
            assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1, "{} {one:?} {two:?}", suite.on.kind);
            assert_eq!(reasons(if one.is_ok() { two } else { one }), "DUPLICATE_IDENTITY");
        }
        assert_eq!(suite.list(all_of(&resident_id)).await.identities.len(), 8, "{}", suite.on.kind);
    }
}

#[tokio::test]
async fn an_end_is_the_asserting_authoritys() {
    for suite in Suite::all().await {
        let resident_id = suite.register(farmer()).await;
        let asserted = assertion(&resident_id, Identity::LowIncome, "2020-06-01");
        let asserted = suite.assert(CivilAffairs, asserted).await.unwrap();
        let end = |end_date: &str| ending(&resident_id, &asserted, end_date);
        let other = suite.end(Office::VeteransAffairs, end("2021-01-31")).await.unwrap_err();
        assert_eq!(
            (refusal(&other).0.as_str(), refusal(&other).1["rule_id"].as_str()),
            ("ROLE_NOT_ALLOWED", "J-3.2.5-b")
        );
        let mut client = suite.client.clone();
        let call = client.end_identity(end("2021-01-31"));
        assert_eq!(reasons(by_one_of(District::Baodi, CivilAffairs, call).await), "ROLE_NOT_ALLOWED");
        assert_eq!(reasons(suite.end(CivilAffairs, end("2020-05-31")).await), "DATE_ORDER");
        let unknown = pb::EndIdentityRequest { identity_id: resident_id.clone(), ..end("2021-01-31") };
        assert_eq!(reasons(suite.end(CivilAffairs, unknown).await), "IDENTITY_NOT_FOUND");
        let trial = pb::EndIdentityRequest { validate_only: true, ..end("2021-01-31") };
        assert!(suite.end(CivilAffairs, trial).await.is_ok());
        let next = assertion(&resident_id, Identity::LowIncome, "2021-02-01");
        assert_eq!(reasons(suite.assert(CivilAffairs, next.clone()).await), "DUPLICATE_IDENTITY");
        suite.end(CivilAffairs, end("2021-01-31")).await.unwrap();
        suite.assert(CivilAffairs, next).await.unwrap();
        // The first may not be stretched over the second.
        assert_eq!(reasons(suite.end(CivilAffairs, end("2021-02-01")).await), "DUPLICATE_IDENTITY");
    }
}

/// J-3.2.5-d: the school asserts what another province recognised, and nobody else does.
#[tokio::test]
async fn a_school_asserts_what_another_province_recognised() {
    for suite in Suite::all().await {
        let resident_id = suite.register(farmer()).await;
        let outside = pb::AssertIdentityRequest {
            recognised_outside: true,
            ..assertion(&resident_id, Identity::LowIncome, "2020-06-01")
        };
        let refused = suite.assert(CivilAffairs, outside.clone()).await.unwrap_err();
        assert_eq!(refusal(&refused).1["rule_id"], "J-3.2.5-d");
        assert!(suite.assert(Office::Education, outside).await.unwrap().recognised_outside);
        let own = assertion(&resident_id, Identity::SubsistenceAllowance, "2020-06-01");
        assert_eq!(reasons(suite.assert(Office::Education, own).await), "ROLE_NOT_ALLOWED");
    }
}

/// B-7.3.3-b: a township of Baodi recognises the low income of a senior in town; one of Jinghai has no such duty.
#[tokio::test]
async fn a_township_of_baodi_recognises_seniors_of_low_income() {
    for suite in Suite::all().await {
        let senior = |district: District, number: &str| pb::RegisterResidentRequest {
            request_id: number.to_owned(),
            identity_number: number.to_owned(),
            household_district: district.to_string(),
            residence_district: district.to_string(),
            household_area: Area::Urban.to_wire(),
            household_township: String::new(),
            residence_township: String::new(),
            ..farmer()
        };
        // Both were born on 1956-12-31.
        for (district, number, recognised) in
            [(District::Baodi, "120115195612310019", true), (District::Jinghai, "120118195612310018", false)]
        {
            let mut client = suite.client.clone();
            let call = client.register_resident(senior(district, number));
            let resident_id = by_one_of(district, Office::Township, call).await.unwrap().resident.unwrap().resident_id;
            let assert = async |identity, start: &str| {
                let mut client = suite.client.clone();
                let call = client.assert_identity(assertion(&resident_id, identity, start));
                by_one_of(district, Office::Township, call).await
            };
            let under_60 = assert(Identity::LowIncome, "2016-12-30").await;
            assert_eq!(reasons(under_60), "ROLE_NOT_ALLOWED", "{district}");
            assert_eq!(assert(Identity::LowIncome, "2016-12-31").await.is_ok(), recognised, "{district}");
            assert_eq!(reasons(assert(Identity::SevereDisability, "2016-12-31").await), "ROLE_NOT_ALLOWED");
        }
    }
}

/// J-A1.3-o: the employment known of the first day decides, as the column of a list does.
#[tokio::test]
async fn an_employed_person_is_none_of_the_entitled_groups() {
    for suite in Suite::all().await {
        let resident_id = suite.register(farmer()).await;
        let employed = pb::Employment { employed: true };
        let mut client = suite.client.clone();
        let record = client.record_facts(pb::RecordFactsRequest {
            request_id: "employed".to_owned(),
            resident_id: resident_id.clone(),
            facts: vec![fact("2020-06-01", pb::fact::Fact::Employment(employed))],
            validate_only: false,
        });
        by(Office::Township, record).await.unwrap();
        let of = |start: &str| assertion(&resident_id, Identity::OldDemobilisedSoldier, start);
        let status = suite.assert(Office::VeteransAffairs, of("2020-07-01")).await.unwrap_err();
        let (reasons, metadata) = refusal(&status);
        assert_eq!((reasons.as_str(), &*metadata["rule_id"]), ("CLASS_NOT_ELIGIBLE", "J-A1.3-o"), "{}", suite.on.kind);
        suite.assert(Office::VeteransAffairs, of("2020-05-01")).await.unwrap();
    }
}
