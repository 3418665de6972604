//! Asked by key and streamed by unit.

use std::time::Duration;

use juyi_domain::codes::{Category, Class, ContributionStatus, Desk, EmployeesInsuranceKind, Identity, Tier, Window};
use juyi_domain::id::{EnrolmentId, ResidentId};
use juyi_domain::registry::employees_insurance::OFFICES;
use tokio_stream::StreamExt;

use super::*;
use crate::testing::{number, reasons, worlds};

/// Everything that coverage depends on, in the order asked, with the identities of the day of application.
#[tokio::test]
async fn a_person_is_told_with_terms_facts_and_identities() {
    for world in worlds().await {
        let one = world.farmer().await;
        let enrolled = world.enrol_farmer(&one).await;
        let id: ResidentId = one.parse().unwrap();
        world.hold(id, Identity::SingleParentFamily, "2020-10-12").await;
        world.hold(id, Identity::LowIncome, "2020-10-13").await;
        world.record(Office::Township, &one, vec![left("2020-07-01"), left("2021-02-01")]).await.unwrap();
        let waiting = pb::EmployeesInsuranceFact {
            kind: EmployeesInsuranceKind::Individual.to_wire(),
            status: 0,
            waiting_period_end_date: "2021-12-14".to_owned(),
            ..Default::default()
        };
        let individual = fact("2021-06-15", Fact::EmployeesInsurance(waiting));
        let facts = vec![individual, employed("2021-02-01", "2021-02-28"), employed("2021-02-01", "2021-03-31")];
        world.record(OFFICES[0], &one, facts).await.unwrap();
        // AMB-025: the later of the two ends, of the interruption that begins last.
        let ended = |contract: &str, benefit: &str| pb::Interruption {
            contract_end_date: contract.to_owned(),
            unemployment_benefit_end_date: benefit.to_owned(),
        };
        let latest = fact("2020-11-30", Fact::Interruption(ended("2020-11-30", "2021-01-31")));
        let earlier = fact("2019-05-01", Fact::Interruption(ended("2021-06-30", "")));
        world.record(Office::Township, &one, vec![latest, earlier]).await.unwrap();

        let other = world.resident(1, "李四").await;
        world.enrol(other, Category::RuralResident, 2021).await;
        let others = other_enrolment(&world, other).await;
        let unknown: EnrolmentId = world.context.id();
        let (other, unknown) = (other.to_string(), unknown.to_string());
        let keys = [(&*other, &*others), (&*other, &*unknown), (&*one, &*enrolled), (&*one, &*others)];
        let found = world.batch(&keys).await;
        let ids: Vec<_> = found.iter().map(|person| person.enrolment_id.as_str()).collect();
        assert_eq!(ids, [others.as_str(), enrolled.as_str()], "{}", world.kind);

        let person = &found[1];
        assert_eq!(person.identities, [Identity::SingleParentFamily.to_wire()], "{}", world.kind);
        let state = person.person.clone().unwrap();
        assert_eq!((state.birth_date.as_str(), state.death_date.as_str()), ("1970-05-01", ""));
        assert_eq!(state.school_leaving_dates, ["2020-07-01", "2021-02-01"], "{}", world.kind);
        assert_eq!(state.interruption_date, "2021-01-31", "{}", world.kind);
        let terms = common::EnrolmentTerms {
            enrolment_id: enrolled,
            policy_year: 2021,
            district: "120118".to_owned(),
            category: Category::RuralResident.to_wire(),
            class: Class::Adult.to_wire(),
            tier: Tier::Middle.to_wire(),
            application_date: "2020-10-12".to_owned(),
            window: Window::Ordinary.to_wire(),
            previous_year_insured: Some(true),
            interruption_date: String::new(),
            unit_id: String::new(),
            desk: Desk::TownshipService.to_wire(),
            township: "120118.4".to_owned(),
            by_deduction: false,
            routes: vec![common::EnrolmentRoute {
                from_date: "2020-10-12".to_owned(),
                district: "120118".to_owned(),
                township: "120118.4".to_owned(),
            }],
        };
        assert_eq!(state.enrolments, [terms], "{}", world.kind);
        let employed = common::EmployeesInsurance {
            start_date: "2021-02-01".to_owned(),
            end_date: "2021-03-31".to_owned(),
            kind: EmployeesInsuranceKind::Employer.to_wire(),
            status: ContributionStatus::Paid.to_wire(),
            waiting_period_end_date: String::new(),
        };
        let individual = common::EmployeesInsurance {
            start_date: "2021-06-15".to_owned(),
            end_date: String::new(),
            kind: EmployeesInsuranceKind::Individual.to_wire(),
            status: 0,
            waiting_period_end_date: "2021-12-14".to_owned(),
        };
        assert_eq!(state.employees_insurance, [employed, individual], "{}", world.kind);
    }
}

async fn other_enrolment(world: &World, id: ResidentId) -> String {
    let mut session = world.database.read().await.unwrap();
    let sql = "SELECT enrolment_id FROM enrolment WHERE resident_id = $1";
    session.maybe_row(sql, args![id.to_string()]).await.unwrap().unwrap().text("enrolment_id").unwrap()
}

#[tokio::test]
async fn only_the_suite_reads_people_and_not_too_many_at_once() {
    for world in worlds().await {
        let mut client = world.people();
        let nobody = pb::EnrolmentKey::default();
        let many = pb::BatchGetEnrolledRequest { enrolments: vec![nobody.clone(); 501] };
        let refused = Caller::scope(Some(Caller::system()), client.batch_get_enrolled(many)).await;
        assert_eq!(reasons(refused), "VALUE_NOT_ALLOWED", "{}", world.kind);
        let nameless = pb::BatchGetEnrolledRequest { enrolments: vec![nobody] };
        let refused = Caller::scope(Some(Caller::system()), client.batch_get_enrolled(nameless)).await;
        assert_eq!(reasons(refused), "REQUIRED_FIELD_MISSING,REQUIRED_FIELD_MISSING", "{}", world.kind);
        let refused = by(Office::Tax, client.batch_get_enrolled(pb::BatchGetEnrolledRequest::default())).await;
        assert_eq!(reasons(refused), "ROLE_NOT_ALLOWED", "{}", world.kind);
        let request = pb::StreamEnrolledRequest { unit_id: "120118.V1".to_owned(), policy_year: 2021 };
        let refused = by(Office::Tax, client.stream_enrolled(request)).await;
        assert_eq!(reasons(refused.map(|_| ())), "ROLE_NOT_ALLOWED", "{}", world.kind);
        assert!(world.batch(&[]).await.is_empty(), "{}", world.kind);
    }
}

/// Enrols persons through a unit for a year, all in one transaction.
async fn fill(world: &World, unit_id: &str, policy_year: i32, persons: std::ops::Range<usize>) {
    let mut session = world.database.begin().await.unwrap();
    for person in persons {
        let (id, enrolment): (ResidentId, EnrolmentId) = (world.context.id(), world.context.id());
        let insert = "INSERT INTO resident (resident_id, identity_number, name, born_on, residence_district, office, \
            office_name, created_at) VALUES ($1, $2, 'x', $4, '120118', 'TOWNSHIP', 'test', $3)";
        let born_on = chrono::NaiveDate::from_ymd_opt(1970, 5, 1).unwrap();
        let row = args![id.to_string(), number(person), world.context.now(), born_on];
        session.execute(insert, row).await.unwrap();
        let insert = "INSERT INTO enrolment (resident_id, enrolment_id, policy_year, district, category, class, tier, \
            desk, enrolment_window, applied_on, receipt, office, office_name, created_at, unit_id) VALUES ($1, $2, $3, \
            '120118', 'RURAL_RESIDENT', 'ADULT', 'LOW', 'TOWNSHIP_SERVICE', 'ORDINARY', $6, '{}', 'TOWNSHIP', 'test', \
            $5, $4)";
        let mut row = args![id.to_string(), enrolment.to_string(), policy_year, unit_id, world.context.now()];
        row.push(born_on.into());
        session.execute(insert, row).await.unwrap();
    }
    session.commit().await.unwrap();
}

async fn open(world: &World, unit_id: &str) -> Result<tonic::Streaming<pb::StreamEnrolledResponse>, Status> {
    let request = pb::StreamEnrolledRequest { unit_id: unit_id.to_owned(), policy_year: 2021 };
    let mut client = world.people();
    Ok(Caller::scope(Some(Caller::system()), client.stream_enrolled(request)).await?.into_inner())
}

/// Everybody of the unit and year once, by enrolment id, at most five hundred at a time.
#[tokio::test]
async fn a_unit_is_streamed_in_pages() {
    for world in worlds().await {
        world.village("120118.V1").await;
        world.village("120118.V2").await;
        fill(&world, "120118.V1", 2021, 0..1_001).await;
        fill(&world, "120118.V2", 2021, 1_001..1_003).await;
        fill(&world, "120118.V1", 2017, 1_003..1_005).await;
        let mut stream = open(&world, "120118.V1").await.unwrap();
        let (mut sizes, mut ids) = (Vec::new(), Vec::new());
        while let Some(page) = stream.next().await {
            let persons = page.unwrap().persons;
            sizes.push(persons.len());
            assert!(persons.iter().all(|person| person.person.as_ref().unwrap().enrolments[0].unit_id == "120118.V1"));
            ids.extend(persons.into_iter().map(|person| person.enrolment_id));
        }
        assert_eq!(sizes, [500, 500, 1], "{}", world.kind);
        assert!(ids.is_sorted() && ids.windows(2).all(|pair| pair[0] != pair[1]), "{}", world.kind);
        let mut stream = open(&world, "120118.V2").await.unwrap();
        assert_eq!(stream.next().await.unwrap().unwrap().persons.len(), 2, "{}", world.kind);
        assert!(stream.next().await.is_none(), "{}", world.kind);
        let unknown = open(&world, "120118.V3").await;
        assert_eq!(reasons(unknown.map(|_| ())), "UNIT_NOT_FOUND", "{}", world.kind);
        let empty = pb::StreamEnrolledRequest { unit_id: String::new(), policy_year: 2021 };
        let mut client = world.people();
        let refused = Caller::scope(Some(Caller::system()), client.stream_enrolled(empty)).await;
        assert_eq!(reasons(refused.map(|_| ())), "REQUIRED_FIELD_MISSING", "{}", world.kind);
    }
}

/// Any number of keys is taken apart as it was put together, in the order asked and as often as asked.
#[tokio::test]
async fn every_number_of_keys_is_answered() {
    for world in worlds().await {
        world.village("120118.V1").await;
        fill(&world, "120118.V1", 2021, 0..500).await;
        let mut stream = open(&world, "120118.V1").await.unwrap();
        let mut persons = stream.next().await.unwrap().unwrap().persons;
        persons.reverse();
        let key = |person: &pb::EnrolledPerson| {
            (person.person.as_ref().unwrap().resident_id.clone(), person.enrolment_id.clone())
        };
        let keys: Vec<_> = persons.iter().map(key).collect();
        let keys: Vec<_> = keys.iter().map(|(resident_id, id)| (resident_id.as_str(), id.as_str())).collect();
        for count in [1, 2, 24, 25, 26, 49, 50, 51, 499, 500] {
            assert_eq!(world.batch(&keys[..count]).await, persons[..count], "{} {count}", world.kind);
        }
        assert_eq!(world.batch(&[keys[3], keys[0], keys[3]]).await, [3, 0, 3].map(|place| persons[place].clone()));
    }
}

/// Readers who do not read on hold no connection: others are served, and each of them goes on where it stopped.
#[tokio::test]
async fn slow_readers_hold_no_connection() {
    for world in worlds().await {
        world.village("120118.V1").await;
        fill(&world, "120118.V1", 2021, 0..1_001).await;
        let mut streams = Vec::new();
        for _ in 0..40 {
            let mut stream = open(&world, "120118.V1").await.unwrap();
            assert_eq!(stream.next().await.unwrap().unwrap().persons.len(), 500, "{}", world.kind);
            streams.push(stream);
        }
        let others = tokio::time::timeout(Duration::from_secs(20), world.batch(&[]));
        assert!(others.await.unwrap().is_empty(), "{}", world.kind);
        for mut stream in streams {
            let mut left = 0;
            while let Some(page) = stream.next().await {
                left += page.unwrap().persons.len();
            }
            assert_eq!(left, 501, "{}", world.kind);
        }
    }
}
