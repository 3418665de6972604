//! Registering residents and recording facts, through the generated client.

use juyi_domain::codes::{Area, CertificateKind, District, InstitutionKind, Office, UnitKind};
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::fact::Fact;
use tonic::Status;

use crate::suite::{Suite, by, by_one_of, fact, farmer, reasons, refusal};

fn living_in(township: &str, address: &str) -> Fact {
    let (township, address) = (township.to_owned(), address.to_owned());
    Fact::Residence(pb::Residence { district: "120118".to_owned(), township, address })
}

fn record(resident_id: &str, request_id: &str, facts: Vec<pb::Fact>) -> pb::RecordFactsRequest {
    pb::RecordFactsRequest {
        request_id: request_id.to_owned(),
        resident_id: resident_id.to_owned(),
        facts,
        validate_only: false,
    }
}

impl Suite {
    async fn record(&self, request: pb::RecordFactsRequest) -> Result<Vec<pb::Fact>, Status> {
        Ok(by(Office::Township, self.client.clone().record_facts(request)).await?.facts)
    }

    async fn facts(&self, resident_id: &str, on_date: &str) -> Vec<pb::Fact> {
        let request = pb::ListFactsRequest {
            resident_id: resident_id.to_owned(),
            on_date: on_date.to_owned(),
            ..Default::default()
        };
        by(Office::Township, self.client.clone().list_facts(request)).await.unwrap().facts
    }

    async fn resident(&self, resident_id: &str) -> pb::Resident {
        let request = pb::GetResidentRequest { resident_id: resident_id.to_owned() };
        by(Office::Township, self.client.clone().get_resident(request)).await.unwrap().resident.unwrap()
    }
}

#[tokio::test]
async fn a_registration_records_where_somebody_is_registered_and_lives() {
    for suite in Suite::all().await {
        let register = pb::RegisterResidentRequest { address: "建设路1号".to_owned(), ..farmer() };
        let resident_id = suite.register(register).await;
        let resident = suite.resident(&resident_id).await;
        assert_eq!((resident.household_area, resident.etag.as_str()), (Area::Rural.to_wire(), "1"));
        assert_eq!((resident.household_township.as_str(), resident.address.as_str()), ("120118.4", "建设路1号"));
        let facts = suite.facts(&resident_id, "").await;
        assert_eq!(facts.len(), 2);
        assert!(facts.iter().all(|fact| fact.start_date == "1970-05-01" && fact.end_date.is_empty()));
        assert!(matches!(facts[0].fact, Some(Fact::Residence(_))), "the fact recorded last comes first");
    }
}

#[tokio::test]
async fn a_fact_that_begins_later_takes_the_place_of_the_earlier_on_its_day() {
    for suite in Suite::all().await {
        let resident_id = suite.register(farmer()).await;
        let moved = fact("2021-02-01", living_in("120118.1", "胜利街2号"));
        let later = fact("2021-06-01", living_in("120118.2", ""));
        suite.record(record(&resident_id, "moved", vec![moved, later])).await.unwrap();
        let resident = suite.resident(&resident_id).await;
        assert_eq!((resident.residence_township.as_str(), resident.address.as_str()), ("120118.1", "胜利街2号"));
        assert_eq!(resident.etag, "2");
        let township = |facts: &[pb::Fact]| {
            facts.iter().find_map(|fact| match &fact.fact {
                Some(Fact::Residence(residence)) => Some(residence.township.clone()),
                _ => None,
            })
        };
        for (day, expected) in [("2021-01-31", "120118.4"), ("2021-02-01", "120118.1"), ("2021-06-01", "120118.2")] {
            let facts = suite.facts(&resident_id, day).await;
            assert_eq!((facts.len(), township(&facts).unwrap().as_str()), (2, expected), "{} {day}", suite.on.kind);
        }
        assert_eq!(suite.facts(&resident_id, "").await.len(), 4, "nothing is overwritten");
    }
}

#[tokio::test]
async fn the_history_is_paged() {
    for suite in Suite::all().await {
        let resident_id = suite.register(farmer()).await;
        let employed = |on: &str| fact(on, Fact::Employment(pb::Employment { employed: true }));
        let facts = vec![employed("2015-01-01"), employed("2016-01-01"), employed("2017-01-01")];
        suite.record(record(&resident_id, "employed", facts)).await.unwrap();
        let (mut seen, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = pb::ListFactsRequest {
                resident_id: resident_id.clone(),
                page_size: 2,
                page_token,
                ..Default::default()
            };
            let page = by(Office::Township, suite.client.clone().list_facts(request)).await.unwrap();
            seen.extend(page.facts.into_iter().map(|fact| fact.start_date));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        let expected = ["2017-01-01", "2016-01-01", "2015-01-01", "1970-05-01", "1970-05-01"];
        assert_eq!(seen, expected, "{}", suite.on.kind);
    }
}

#[tokio::test]
async fn the_same_request_records_once_and_a_trial_records_nothing() {
    for suite in Suite::all().await {
        let resident_id = suite.register(farmer()).await;
        let moved = vec![fact("2021-02-01", living_in("120118.1", ""))];
        let trial = pb::RecordFactsRequest { validate_only: true, ..record(&resident_id, "one", moved.clone()) };
        assert_eq!(suite.record(trial).await.unwrap()[0].fact_id, "");
        assert_eq!(suite.facts(&resident_id, "").await.len(), 2);
        let first = suite.record(record(&resident_id, "one", moved.clone())).await.unwrap();
        assert_eq!(suite.record(record(&resident_id, "one", moved)).await.unwrap(), first);
        assert_eq!(suite.facts(&resident_id, "").await.len(), 3, "{}", suite.on.kind);
    }
}

#[tokio::test]
async fn every_violation_of_every_fact_is_reported() {
    for suite in Suite::all().await {
        let resident_id = suite.register(farmer()).await;
        let backwards = pb::Fact {
            end_date: "2020-12-31".to_owned(),
            ..fact("2021-01-01", Fact::Employment(pb::Employment::default()))
        };
        let certificate =
            pb::Certificate { kind: CertificateKind::TaiwanTravelPermit.to_wire(), manual_decision_id: "7".to_owned() };
        let attendance = pb::Attendance {
            institution_kind: InstitutionKind::PrimaryOrSecondary.to_wire(),
            full_time: true,
            ..Default::default()
        };
        let years = pb::Prepayment { first_policy_year: 2022, last_policy_year: 2021 };
        let facts = vec![
            backwards,
            fact("2021-01-01", Fact::Certificate(certificate)),
            fact("2021-01-01", Fact::Attendance(attendance)),
            fact("2021-01-01", Fact::Prepayment(years)),
            pb::Fact { start_date: "2021-01-01".to_owned(), ..Default::default() },
        ];
        let refused = suite.record(record(&resident_id, "bad", facts)).await.unwrap_err();
        let found = refusal(&refused).0;
        let expected = "DATE_ORDER,VALUE_NOT_ALLOWED,REQUIRED_FIELD_MISSING,DATE_ORDER,REQUIRED_FIELD_MISSING";
        assert_eq!(found, expected);
    }
}

#[tokio::test]
async fn facts_fit_birth_units_and_townships() {
    for suite in Suite::all().await {
        let resident_id = suite.register(farmer()).await;
        suite.unit("120118.V1", UnitKind::Village, Some("120118.4")).await;
        let attending = |unit_id: &str| {
            Fact::Attendance(pb::Attendance {
                institution_kind: InstitutionKind::PrimaryOrSecondary.to_wire(),
                full_time: true,
                unit_id: unit_id.to_owned(),
                ..Default::default()
            })
        };
        let member = |unit_id: &str| Fact::Membership(pb::Membership { unit_id: unit_id.to_owned() });
        let refused = |fact: pb::Fact| async { reasons(suite.record(record(&resident_id, "bad", vec![fact])).await) };
        assert_eq!(refused(fact("1970-04-30", member("120118.V1"))).await, "DATE_ORDER");
        assert_eq!(refused(fact("2020-09-01", attending("120118.S1"))).await, "UNIT_NOT_FOUND");
        assert_eq!(refused(fact("2020-09-01", attending("120118.V1"))).await, "VALUE_NOT_ALLOWED");
        assert_eq!(refused(fact("2020-09-01", living_in("120115.6", ""))).await, "VALUE_NOT_ALLOWED");
        let lives = fact("2020-09-01", living_in("120118.77", ""));
        assert!(suite.record(record(&resident_id, "unlisted", vec![lives.clone()])).await.is_ok());
        // Where the townships of the district are on record, it has to be one of them.
        suite.unit("120118.4", UnitKind::Township, None).await;
        assert_eq!(refused(lives).await, "VALUE_NOT_ALLOWED", "{}", suite.on.kind);
        assert!(suite.record(record(&resident_id, "m", vec![fact("2020-09-01", member("120118.V1"))])).await.is_ok());
    }
}

#[tokio::test]
async fn facts_are_recorded_by_an_office_of_the_district() {
    for suite in Suite::all().await {
        let resident_id = suite.register(farmer()).await;
        let request = record(&resident_id, "one", vec![fact("2021-02-01", living_in("", ""))]);
        let mut client = suite.client.clone();
        let call = client.record_facts(request.clone());
        assert_eq!(reasons(by_one_of(District::Nankai, Office::Township, call).await), "ROLE_NOT_ALLOWED");
        let nobody = pb::RecordFactsRequest { resident_id: "01890000-0000-7000-8000-000000000000".into(), ..request };
        assert_eq!(reasons(suite.record(nobody).await), "PERSON_NOT_FOUND");
    }
}
