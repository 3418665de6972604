//! Comparisons and findings on SQLite and on PostgreSQL.

mod findings;

use juyi_db::args;
use juyi_domain::codes::{Category, District, FindingKind, FindingState, Identity, Office, RosterKind};
use juyi_domain::id::ComparisonId;
use juyi_kit::caller::Caller;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;

use crate::testing::{List, PERSON, caller, city, count, number, reasons, worlds};

const RURAL: Category = Category::RuralResident;

/// S-57, J-A1.3-b, J-A1.3-l: the police list 10 persons, 8 of them are enrolled; one is known and one is not.
#[tokio::test]
async fn ten_listed_and_eight_enrolled() {
    for world in worlds().await {
        world.enrolled(RURAL, 0..8).await;
        world.resident(8, PERSON).await;
        let list = List::of(RosterKind::Population, "police", 0..10);
        let comparison = world.take(&list).await;
        let counts = (comparison.listed, comparison.matched, comparison.not_enrolled);
        assert_eq!(counts, (10, 8, 2), "{}", world.kind);
        assert_eq!((comparison.opened, comparison.cleared), (2, 0), "{}", world.kind);
        let looked_for: Vec<_> = comparison.findings.iter().map(|found| found.kind().as_str_name()).collect();
        assert_eq!(looked_for.len(), 5, "{looked_for:?}");

        let known = world.findings(FindingKind::NotEnrolled).await.remove(0);
        assert_eq!((known.identity_number.clone(), known.name.as_str()), (number(8), PERSON), "{}", world.kind);
        assert!(!known.resident_id.is_empty() && known.rule_id == "J-A1.3-b" && known.township == "120118.4");
        assert!(
            known.remedy.contains("TOWNSHIP_SERVICE") && known.remedy.contains("by 2021-06-30"),
            "{}",
            known.remedy
        );
        let unknown = world.findings(FindingKind::NotRegistered).await.remove(0);
        assert_eq!((unknown.identity_number, unknown.resident_id), (number(9), String::new()), "{}", world.kind);
        for text in [known.detail, known.remedy, unknown.detail] {
            assert!(!text.contains(PERSON) && !text.contains(&number(8)) && !text.contains(&number(9)), "{text}");
        }
    }
}

/// J-A1.3-f, J-A1.3-g: 100 students, 97 enrolled, 3 uncovered.
#[tokio::test]
async fn three_of_a_hundred_pupils_are_uncovered() {
    for world in worlds().await {
        world.enrolled(Category::SchoolStudent, 0..97).await;
        let comparison = world.take(&List::of(RosterKind::Students, "spring", 0..100)).await;
        assert_eq!((comparison.listed, comparison.matched, comparison.not_enrolled), (100, 97, 3), "{}", world.kind);
        assert_eq!(count(&comparison, FindingKind::UncoveredPupil), 3, "{}", world.kind);
        let uncovered = world.findings(FindingKind::UncoveredPupil).await;
        assert!(uncovered.iter().all(|finding| finding.rule_id == "J-A1.3-g"), "{}", world.kind);
    }
}

/// J-3.2.5-e: matched by a period that the authority asserted and that holds on the day of the list.
#[tokio::test]
async fn a_special_student_is_on_an_authoritys_list() {
    for world in worlds().await {
        world.enrolled(Category::SchoolStudent, 2..9).await;
        for (person, start) in [(0, "2020-01-01"), (1, "2021-03-02")] {
            let id = world.resident(person, PERSON).await;
            world.enrol(id, Category::SchoolStudent, 2021).await;
            world.hold(id, Identity::LowIncome, start).await;
        }
        let mut list = List::of(RosterKind::Students, "spring", 0..9);
        list.rows[0].2 = r#"{"special_identity":"LOW_INCOME"}"#.to_owned();
        list.rows[1].2 = r#"{"special_identity":"LOW_INCOME"}"#.to_owned();
        list.rows[7].2 = r#"{"unit_id":"school","special_identity":"ORPHAN"}"#.to_owned();
        let comparison = world.take(&list).await;
        assert_eq!((comparison.matched, comparison.not_enrolled), (9, 0), "{}", world.kind);
        let unmatched = world.findings(FindingKind::UnmatchedSpecialStudent).await;
        let numbers: Vec<_> = unmatched.iter().map(|finding| finding.identity_number.clone()).collect();
        assert_eq!(numbers, [number(1), number(7)], "{}", world.kind);
        assert!(unmatched[0].detail.contains("UNMATCHED") && unmatched[0].rule_id == "J-3.2.5-e", "{}", world.kind);
        assert!(unmatched[1].remedy.contains("CIVIL_AFFAIRS"), "{}", unmatched[1].remedy);
    }
}

/// J-A1.3-h, J-A1.3-i: 50 poor persons, 48 enrolled. J-A1.3-m, J-A1.3-n: 20 disabled persons, all enrolled.
#[tokio::test]
async fn lists_of_special_persons_are_covered() {
    for world in worlds().await {
        world.enrolled(Category::SpecialPerson, 0..48).await;
        let comparison = world.take(&List::of(RosterKind::LowIncome, "poor", 0..50)).await;
        assert_eq!((comparison.matched, comparison.not_enrolled), (48, 2), "{}", world.kind);
        let uncovered = world.findings(FindingKind::NotRegistered).await;
        assert!(uncovered.iter().all(|finding| finding.rule_id == "J-A1.3-i"), "{}", world.kind);
        let comparison = world.take(&List::of(RosterKind::SevereDisability, "disabled", 0..20)).await;
        assert_eq!((comparison.matched, comparison.not_enrolled, comparison.opened), (20, 0, 0), "{}", world.kind);
    }
}

/// J-3.2.5-a: enrolled as somebody else and paying. A row that was taken back or is over lists nobody.
#[tokio::test]
async fn a_special_person_has_a_subsidised_enrolment() {
    for world in worlds().await {
        world.enrolled(Category::SpecialPerson, [0]).await;
        world.enrolled(RURAL, [1]).await;
        let free = world.resident(2, PERSON).await;
        world.enrol(free, RURAL, 2021).await;
        world.hold(free, Identity::SubsistenceAllowance, "2020-01-01").await;
        let mut list = List::of(RosterKind::SubsistenceAllowance, "poor", 0..5);
        list.rows[3].2 = r#"{"withdrawn":true}"#.to_owned();
        list.rows[4].2 = r#"{"end_date":"2021-02-28"}"#.to_owned();
        let comparison = world.take(&list).await;
        assert_eq!((comparison.listed, comparison.matched, comparison.not_enrolled), (3, 2, 0), "{}", world.kind);
        let kind = FindingKind::SpecialWithoutSubsidisedEnrolment;
        assert_eq!(world.states(kind).await, [(number(1), FindingState::Open)], "{}", world.kind);
    }
}

/// B-8.2.5-a, B-8.2.6-a: the departments of Baodi have the same questions and their own rules.
#[tokio::test]
async fn baodi_has_its_departments() {
    for world in worlds().await {
        for (kind, finding, rule_id) in [
            (RosterKind::Students, FindingKind::UncoveredPupil, "B-8.2.5-a"),
            (RosterKind::LowIncome, FindingKind::NotRegistered, "B-8.2.6-a"),
        ] {
            let (district, as_of) = (District::Baodi, "2016-10-01");
            let list = List { district, policy_year: 2017, as_of, ..List::of(kind, "baodi", 0..2) };
            world.accept(&list).await;
            let office = Caller { office: Office::MedicalInsurance, district: None, name: String::new() };
            let request = world.request(&list);
            let mut client = world.rosters.clone();
            let answer = Caller::scope(Some(office), client.compare_roster(request)).await.unwrap().into_inner();
            assert_eq!(answer.comparison.unwrap().not_enrolled, 2, "{} {kind}", world.kind);
            let wanted = pb::ListFindingsRequest { district: district.to_string(), ..world.everything() };
            let found = world.list(pb::ListFindingsRequest { roster_kind: kind.to_wire(), ..wanted }).await;
            assert!(found.iter().all(|found| found.rule_id == rule_id && found.kind == finding.to_wire()), "{kind}");
        }
    }
}

/// J-A1.3-k: a payment of 260.00 without a registration is UNMATCHED; a payment before the death is no conflict.
#[tokio::test]
async fn a_payment_without_a_registration_is_unmatched() {
    for world in worlds().await {
        world.enrolled(RURAL, [0]).await;
        for (person, died_on) in [(1, "2020-11-10"), (2, "2020-11-12")] {
            let id = world.resident(person, PERSON).await;
            world.enrol(id, RURAL, 2021).await;
            world.die(id, Some(died_on)).await;
        }
        let content = r#"{"amount_fen":26000,"voucher_number":"V","payment_date":"2020-11-11"}"#;
        let comparison = world.take(&List::of(RosterKind::Payments, "tax", 0..4).saying(content)).await;
        assert_eq!((comparison.listed, comparison.matched, comparison.not_enrolled), (4, 2, 1), "{}", world.kind);
        assert_eq!(world.states(FindingKind::Deceased).await, [(number(1), FindingState::Open)], "{}", world.kind);
        let unmatched = world.findings(FindingKind::PaymentWithoutRegistration).await.remove(0);
        assert_eq!(unmatched.identity_number, number(3), "{}", world.kind);
        assert!(unmatched.detail.contains("UNMATCHED: a payment of 260.00"), "{}", unmatched.detail);
        assert_eq!(unmatched.rule_id, "J-A1.3-k");
    }
}

/// J-1.3-b, J-A1.3-b, J-A1.3-j: named twice, under another name, and after the death.
#[tokio::test]
async fn duplicates_conflicts_and_deaths() {
    for world in worlds().await {
        world.enrolled(RURAL, 0..2).await;
        world.resident(2, "李四").await;
        let dead = world.resident(3, PERSON).await;
        world.enrol(dead, RURAL, 2021).await;
        world.die(dead, Some("2021-02-28")).await;
        let mut list = List::of(RosterKind::Population, "police", [0, 1, 2, 3, 1, 0, 1]);
        list.rows[0].1 = "张三";
        let comparison = world.take(&list).await;
        assert_eq!((comparison.listed, comparison.matched, comparison.not_enrolled), (4, 1, 0), "{}", world.kind);
        let conflicts = [(number(0), FindingState::Open), (number(2), FindingState::Open)];
        assert_eq!(world.states(FindingKind::ConflictingIdentity).await, conflicts, "{}", world.kind);
        assert_eq!(world.states(FindingKind::Deceased).await, [(number(3), FindingState::Open)], "{}", world.kind);
        let twice = world.findings(FindingKind::Duplicate).await;
        assert_eq!(twice.len(), 2, "{}", world.kind);
        assert!(twice[1].detail.contains("named in 2 further rows") && twice[1].rule_id == "J-1.3-b");
    }
}

/// Only a complete list says who is missing on it, each kind by what it names.
#[tokio::test]
async fn who_is_enrolled_and_not_on_a_complete_list() {
    for world in worlds().await {
        world.enrolled(RURAL, 0..5).await;
        world.enrolled(Category::SchoolStudent, 5..7).await;
        for person in 7..10 {
            let id = world.resident(person, PERSON).await;
            world.enrol(id, Category::SpecialPerson, 2021).await;
            world.hold(id, Identity::LowIncome, if person == 9 { "2021-03-02" } else { "2020-01-01" }).await;
        }
        let dead = world.resident(10, PERSON).await;
        world.enrol(dead, RURAL, 2021).await;
        world.hold(dead, Identity::LowIncome, "2020-01-01").await;
        world.die(dead, Some("2021-01-01")).await;
        for (kind, listed, missing) in [
            (RosterKind::Population, vec![0, 5, 6, 7, 8, 9], vec![1, 2, 3, 4]),
            (RosterKind::Students, vec![5], vec![6]),
            (RosterKind::LowIncome, vec![7], vec![8]),
        ] {
            let partial = world.take(&List::of(kind, "partial", listed.clone())).await;
            let asked = partial.findings.iter().any(|found| found.kind == FindingKind::EnrolledNotOnList.to_wire());
            assert!(!asked && partial.opened == 0, "{} {kind}", world.kind);
            let list = List { complete: true, ..List::of(kind, "complete", listed) };
            let comparison = world.take(&list).await;
            assert_eq!(
                count(&comparison, FindingKind::EnrolledNotOnList),
                i64::try_from(missing.len()).unwrap(),
                "{} {kind}",
                world.kind
            );
            let wanted = pb::ListFindingsRequest {
                kind: FindingKind::EnrolledNotOnList.to_wire(),
                roster_kind: kind.to_wire(),
                ..world.everything()
            };
            let mut found: Vec<_> = world.list(wanted).await.into_iter().map(|found| found.identity_number).collect();
            found.sort_unstable();
            assert_eq!(found, missing.into_iter().map(number).collect::<Vec<_>>(), "{} {kind}", world.kind);
        }
    }
}

/// The table of the enrolled saves time; without it a comparison comes to the same.
#[tokio::test]
async fn the_registrys_tables_decide() {
    for world in worlds().await {
        world.enrolled(RURAL, 0..7).await;
        world.resident(7, PERSON).await;
        let dead = world.resident(8, PERSON).await;
        world.enrol(dead, RURAL, 2021).await;
        world.die(dead, Some("2021-01-01")).await;
        let list = List::of(RosterKind::Population, "police", 0..10);
        let quick = world.take(&list).await;
        let entries = world.run("DELETE FROM enrolled", Vec::new()).await;
        assert_eq!(entries, 7, "the dead are not entered");
        let slow = world.compare(&list).await;
        assert_eq!((slow.matched, &slow.findings), (quick.matched, &quick.findings), "{}", world.kind);
        assert_eq!((slow.opened, slow.cleared), (0, 0), "{}", world.kind);
        // A death that is taken back enters the person again.
        world.die(dead, None).await;
        assert_eq!(world.run("DELETE FROM enrolled", Vec::new()).await, 1, "{}", world.kind);
        assert_eq!(world.compare(&list).await.matched, 8, "{}", world.kind);
    }
}

/// A request that was cut off goes on under its id, and a repetition is answered as the first time.
#[tokio::test]
async fn a_comparison_goes_on_and_is_answered_once() {
    for world in worlds().await {
        let list = List::of(RosterKind::Population, "police", 0..5);
        world.accept(&list).await;
        let preview = pb::CompareRosterRequest { validate_only: true, ..world.request(&list) };
        let previewed = world.try_compare(preview).await.unwrap();
        assert_eq!((previewed.comparison_id.as_str(), previewed.not_enrolled), ("", 5), "{}", world.kind);
        assert!(world.findings(FindingKind::NotRegistered).await.is_empty(), "{}", world.kind);

        let request = world.request(&list);
        let first = world.try_compare(request.clone()).await.unwrap();
        // As if the process had ended before the answer was kept, with some of the findings stored.
        world.run("DELETE FROM request", Vec::new()).await;
        world.run("UPDATE comparison SET finished = FALSE", Vec::new()).await;
        world.run("DELETE FROM finding WHERE identity_number > $1", args![number(2)]).await;
        let get = pb::GetComparisonRequest { comparison_id: first.comparison_id.clone() };
        let unfinished = Caller::scope(city(), world.rosters.clone().get_comparison(get.clone())).await;
        assert_eq!(reasons(unfinished), "COMPARISON_NOT_FOUND", "{}", world.kind);
        world.clock.set_day("2021-03-05");
        let again = world.try_compare(request.clone()).await.unwrap();
        assert_eq!((again.comparison_id.as_str(), again.opened), (first.comparison_id.as_str(), 5), "{}", world.kind);

        assert_eq!(world.try_compare(request).await.unwrap(), again, "{}", world.kind);
        let got = Caller::scope(city(), world.rosters.clone().get_comparison(get.clone())).await.unwrap();
        let got = got.into_inner().comparison.unwrap();
        assert_eq!((got.findings, got.opened), (again.findings, again.opened), "{}", world.kind);
        let elsewhere = Caller { office: Office::Township, district: Some(District::Baodi), name: String::new() };
        let other = Caller::scope(Some(elsewhere), world.rosters.clone().get_comparison(get)).await;
        assert_eq!(reasons(other), "ROLE_NOT_ALLOWED", "{}", world.kind);
    }
}

#[tokio::test]
async fn what_cannot_be_compared_is_refused() {
    for world in worlds().await {
        let list = List::of(RosterKind::LowIncome, "poor", 0..2);
        world.accept(&list).await;
        let request = world.request(&list);
        for (office, district) in [(Office::Township, District::Jinghai), (Office::MedicalInsurance, District::Baodi)] {
            let caller = Caller { office, district: Some(district), name: String::new() };
            let mut client = world.rosters.clone();
            let answer = Caller::scope(Some(caller), client.compare_roster(request.clone())).await;
            assert_eq!(reasons(answer), "ROLE_NOT_ALLOWED", "{}", world.kind);
        }
        let unknown = pb::CompareRosterRequest { roster_id: "other".to_owned(), ..request.clone() };
        assert_eq!(reasons(world.try_compare(unknown).await), "ROSTER_NOT_FOUND", "{}", world.kind);
        let kind = RosterKind::Enrolment.to_wire();
        let applications = pb::CompareRosterRequest { kind, ..request.clone() };
        assert_eq!(reasons(world.try_compare(applications).await), "RULE_NOT_DEFINED", "{}", world.kind);
        let empty = pb::CompareRosterRequest::default();
        let every = "REQUIRED_FIELD_MISSING,REQUIRED_FIELD_MISSING,REQUIRED_FIELD_MISSING,REQUIRED_FIELD_MISSING";
        assert_eq!(reasons(world.try_compare(empty).await), every, "{}", world.kind);
        world.run("UPDATE roster SET applied = 1", Vec::new()).await;
        assert_eq!(reasons(world.try_compare(request).await), "ORDER_VIOLATION", "{}", world.kind);
        let get = pb::GetComparisonRequest { comparison_id: world.context.id::<ComparisonId>().to_string() };
        let answer = Caller::scope(caller(Office::Township), world.rosters.clone().get_comparison(get)).await;
        assert_eq!(reasons(answer), "COMPARISON_NOT_FOUND", "{}", world.kind);
    }
}
