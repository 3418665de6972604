//! What becomes of findings: they stand, are worked off, open again, and clear.

use juyi_db::args;
use juyi_domain::codes::{Category, District, FindingKind, FindingState, Identity, Office, RosterKind};
use juyi_kit::caller::Caller;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use tonic::Status;

use crate::testing::{List, PERSON, World, caller, number, reasons, worlds};

impl World {
    async fn try_assign(&self, finding: &pb::Finding, township: &str) -> Result<pb::Finding, Status> {
        let request_id = self.request(&List::of(RosterKind::Population, "", [])).request_id;
        let request = pb::AssignFindingRequest {
            request_id,
            finding_id: finding.finding_id.clone(),
            etag: finding.etag.clone(),
            township: township.to_owned(),
        };
        let mut client = self.rosters.clone();
        let answer = Caller::scope(caller(Office::MedicalInsurance), client.assign_finding(request)).await?;
        Ok(answer.into_inner().finding.unwrap())
    }

    async fn try_resolve(&self, finding: &pb::Finding, resolution: &str) -> Result<pb::Finding, Status> {
        let request_id = self.request(&List::of(RosterKind::Population, "", [])).request_id;
        let request = pb::ResolveFindingRequest {
            request_id,
            finding_id: finding.finding_id.clone(),
            etag: finding.etag.clone(),
            resolution: resolution.to_owned(),
        };
        let mut client = self.rosters.clone();
        let answer = Caller::scope(caller(Office::Township), client.resolve_finding(request)).await?;
        Ok(answer.into_inner().finding.unwrap())
    }

    async fn unit(&self, id: &str, kind: &str, district: &str) {
        let insert = "INSERT INTO unit (unit_id, kind, name, district, source, revision, office, office_name, \
            created_at) VALUES ($1, $2, 'test', $3, 'test', 1, 'SYSTEM', 'test', $4)";
        self.run(insert, args![id, kind, district, self.context.now()]).await;
    }

    async fn one(&self, kind: FindingKind) -> pb::Finding {
        let mut found = self.findings(kind).await;
        assert_eq!(found.len(), 1, "{}", self.kind);
        found.remove(0)
    }
}

#[tokio::test]
async fn comparing_twice_changes_nothing() {
    for world in worlds().await {
        world.enrolled(Category::RuralResident, 0..3).await;
        let mut list = List::of(RosterKind::Population, "police", [0, 1, 2, 3, 4, 5, 0]);
        list.complete = true;
        list.rows[1].1 = "张三";
        let first = world.take(&list).await;
        let before = world.list(world.everything()).await;
        assert_eq!((first.opened, before.len()), (5, 5), "{}", world.kind);
        world.clock.set_day("2021-03-02");
        let second = world.compare(&list).await;
        assert_eq!((second.opened, second.cleared), (0, 0), "{}", world.kind);
        assert_eq!((&second.findings, second.matched), (&first.findings, first.matched), "{}", world.kind);
        assert_eq!(world.list(world.everything()).await, before, "{}", world.kind);
    }
}

/// J-A2.2-a: a gap is assigned to the township that visits, and cleared once it is closed.
#[tokio::test]
async fn a_gap_is_assigned_and_closes() {
    for world in worlds().await {
        world.unit("120118.4", "TOWNSHIP", "120118").await;
        world.unit("120118.5", "TOWNSHIP", "120118").await;
        world.unit("school", "SCHOOL", "120118").await;
        let id = world.resident(0, PERSON).await;
        let list = List::of(RosterKind::Population, "police", 0..1);
        world.take(&list).await;
        let open = world.one(FindingKind::NotEnrolled).await;
        let assigned = world.try_assign(&open, "120118.5").await.unwrap();
        assert_eq!((assigned.state(), assigned.township.as_str()), (pb_state(FindingState::Assigned), "120118.5"));
        assert_eq!(world.one(FindingKind::NotEnrolled).await, assigned, "{}", world.kind);
        // The list names another township; the finding stays with the one that was charged.
        world.compare(&list).await;
        assert_eq!(world.one(FindingKind::NotEnrolled).await, assigned, "{}", world.kind);
        let of_township =
            |township: &str| pb::ListFindingsRequest { township: township.to_owned(), ..world.everything() };
        assert_eq!(world.list(of_township("120118.5")).await.len(), 1, "{}", world.kind);
        assert!(world.list(of_township("120118.4")).await.is_empty(), "{}", world.kind);

        assert_eq!(reasons(world.try_assign(&open, "120118.4").await), "REVISION_CONFLICT", "{}", world.kind);
        assert_eq!(reasons(world.try_assign(&assigned, "nowhere").await), "UNIT_NOT_FOUND", "{}", world.kind);
        assert_eq!(reasons(world.try_assign(&assigned, "school").await), "VALUE_NOT_ALLOWED", "{}", world.kind);

        world.enrol(id, Category::RuralResident, 2021).await;
        let comparison = world.compare(&list).await;
        assert_eq!((comparison.matched, comparison.opened, comparison.cleared), (1, 0, 1), "{}", world.kind);
        let cleared = world.one(FindingKind::NotEnrolled).await;
        assert_eq!(cleared.state(), pb_state(FindingState::Cleared), "{}", world.kind);
        assert_eq!(reasons(world.try_assign(&cleared, "120118.4").await), "ORDER_VIOLATION", "{}", world.kind);
        assert_eq!(reasons(world.try_resolve(&cleared, "closed").await), "ORDER_VIOLATION", "{}", world.kind);
    }
}

fn pb_state(state: FindingState) -> juyi_proto::common::v1::FindingState {
    state.to_wire().try_into().unwrap()
}

/// Resolved with a reason it stays, list after list, until its facts change.
#[tokio::test]
async fn a_resolved_finding_opens_again_when_its_facts_change() {
    for world in worlds().await {
        world.enrolled(Category::RuralResident, 0..1).await;
        let named = |id: &'static str, name: &'static str| {
            let mut list = List::of(RosterKind::Population, id, 0..1);
            list.rows[0].1 = name;
            list
        };
        world.take(&named("march", "张三")).await;
        let open = world.one(FindingKind::ConflictingIdentity).await;
        let resolved = world.try_resolve(&open, "a spelling of the police").await.unwrap();
        assert_eq!(
            (resolved.state(), resolved.resolution.as_str()),
            (pb_state(FindingState::Resolved), "a spelling of the police")
        );
        assert_eq!(reasons(world.try_resolve(&resolved, "again").await), "ORDER_VIOLATION", "{}", world.kind);

        let comparison = world.take(&named("april", "张三")).await;
        assert_eq!((comparison.opened, super::count(&comparison, FindingKind::ConflictingIdentity)), (0, 1));
        let stands = world.one(FindingKind::ConflictingIdentity).await;
        assert_eq!((stands.state(), stands.roster_id.as_str()), (resolved.state(), "april"), "{}", world.kind);
        assert_eq!((stands.etag, stands.update_time), (resolved.etag, resolved.update_time), "{}", world.kind);

        let comparison = world.take(&named("may", "李四")).await;
        assert_eq!((comparison.opened, comparison.cleared), (1, 0), "{}", world.kind);
        let again = world.one(FindingKind::ConflictingIdentity).await;
        assert_eq!((again.state(), again.reopened, again.resolution.as_str()), (pb_state(FindingState::Open), 1, ""));
        assert_eq!((&again.finding_id, &again.create_time), (&open.finding_id, &open.create_time), "{}", world.kind);

        // Gone, and back with the facts it was resolved with: it is resolved as before.
        let resolved = world.try_resolve(&again, "two people").await.unwrap();
        assert_eq!(world.take(&named("between", PERSON)).await.cleared, 1, "{}", world.kind);
        assert_eq!(world.take(&named("once more", "李四")).await.opened, 0, "{}", world.kind);
        let back = world.one(FindingKind::ConflictingIdentity).await;
        assert_eq!((back.state(), &back.resolution), (resolved.state(), &resolved.resolution), "{}", world.kind);
        assert_eq!(world.take(&named("changed", "张三")).await.opened, 1, "{}", world.kind);

        // Gone, and back: nobody resolved it.
        assert_eq!(world.take(&named("june", PERSON)).await.cleared, 1, "{}", world.kind);
        assert_eq!(world.take(&named("july", "李四")).await.opened, 1, "{}", world.kind);
        let back = world.one(FindingKind::ConflictingIdentity).await;
        assert_eq!((back.state(), back.reopened), (pb_state(FindingState::Open), 3), "{}", world.kind);
    }
}

/// Findings tell who receives what: another district, another duty and nobody do not read them.
#[tokio::test]
async fn findings_are_read_where_they_are() {
    for world in worlds().await {
        world.take(&List::of(RosterKind::Population, "police", 0..1)).await;
        let of = |office, district| Some(Caller { office, district: Some(district), name: String::new() });
        for (caller, may) in [
            (of(Office::Township, District::Jinghai), true),
            (of(Office::Township, District::Baodi), false),
            (of(Office::MedicalInsurance, District::Baodi), false),
            (of(Office::Tax, District::Jinghai), false),
            (None, false),
        ] {
            let mut client = world.rosters.clone();
            let answer = Caller::scope(caller, client.list_findings(world.everything())).await;
            match may {
                true => assert_eq!(answer.unwrap().into_inner().findings.len(), 1, "{}", world.kind),
                false => assert_eq!(reasons(answer), "ROLE_NOT_ALLOWED", "{}", world.kind),
            }
        }
    }
}

/// A list of the whole district speaks of every school's pupils.
#[tokio::test]
async fn a_list_of_the_district_clears_what_a_schools_list_showed() {
    for world in worlds().await {
        let school = List { unit_id: "one", complete: true, ..List::of(RosterKind::Students, "one", 0..5) };
        assert_eq!(world.take(&school).await.opened, 5, "{}", world.kind);
        let all = List { complete: true, ..List::of(RosterKind::Students, "all", 0..1) };
        assert_eq!(world.take(&all).await.cleared, 4, "{}", world.kind);
    }
}

/// A row that was refused says nothing of its person, but that the number has another holder; one that is over, or was
/// taken back, lists nobody.
#[tokio::test]
async fn refused_and_ended_rows_of_a_complete_list() {
    for world in worlds().await {
        for person in 0..6 {
            let id = world.resident(person, PERSON).await;
            world.enrol(id, Category::SpecialPerson, 2021).await;
            world.hold(id, Identity::LowIncome, "2020-01-01").await;
        }
        let mut list = List { complete: true, ..List::of(RosterKind::LowIncome, "poor", [0, 3, 4, 5]) };
        list.rows[1].2 = r#"{"withdrawn":true}"#.to_owned();
        list.rows[2].2 = r#"{"end_date":"2021-02-28"}"#.to_owned();
        list.rows[3].2 = r#"{"end_date":"2021-12-31"}"#.to_owned();
        world.accept(&list).await;
        for (person, content, reason) in [(1, r#"{"name":"李四"}"#, "IDENTITY_IN_USE"), (2, "{}", "VALUE_NOT_ALLOWED")]
        {
            let insert = "INSERT INTO roster_exception (upload_id, row_number, disposition, identity_number, content, \
                reasons) VALUES ('LOW_INCOME-poor', $1, 'REJECTED', $2, $3, $4)";
            let reasons = format!(r#"[{{"reason":"{reason}","detail":"x"}}]"#);
            world.run(insert, args![10 + i64::try_from(person).unwrap(), number(person), content, reasons]).await;
        }
        let comparison = world.compare(&list).await;
        assert_eq!((comparison.listed, comparison.matched), (3, 2), "{}", world.kind);
        let numbers = |states: Vec<(String, FindingState)>| states.into_iter().map(|it| it.0).collect::<Vec<_>>();
        let missing = numbers(world.states(FindingKind::EnrolledNotOnList).await);
        assert_eq!(missing, [3, 4].map(number), "{}", world.kind);
        let other = world.one(FindingKind::ConflictingIdentity).await;
        assert_eq!((other.identity_number, other.name.as_str()), (number(1), "李四"), "{}", world.kind);
        // Missing from one list, and in a row of the next one that was refused: it stands.
        world.take(&List { complete: true, ..List::of(RosterKind::LowIncome, "may", [0, 1, 2, 5]) }).await;
        let refuse = "INSERT INTO roster_exception (upload_id, row_number, disposition, identity_number, content, \
            reasons) VALUES ('LOW_INCOME-june', 9, 'REJECTED', $1, '{}', '[]')";
        world.run(refuse, args![number(3)]).await;
        let june = List { complete: true, ..List::of(RosterKind::LowIncome, "june", [0, 1, 2, 4, 5]) };
        assert_eq!(world.take(&june).await.cleared, 1, "{}", world.kind);
        let stands = world.states(FindingKind::EnrolledNotOnList).await;
        assert_eq!(stands, [(number(3), FindingState::Open), (number(4), FindingState::Cleared)], "{}", world.kind);
    }
}

/// What a list says nothing of, it does not clear: other persons on a partial list, other units, other kinds.
#[tokio::test]
async fn a_list_clears_only_what_it_speaks_of() {
    for world in worlds().await {
        let school = |unit_id: &'static str, id: &'static str, persons: std::ops::Range<usize>, complete: bool| List {
            unit_id,
            complete,
            ..List::of(RosterKind::Students, id, persons)
        };
        world.take(&school("one", "one-1", 0..5, true)).await;
        world.take(&school("two", "two-1", 5..7, true)).await;
        world.take(&List::of(RosterKind::Population, "police", 0..7)).await;
        assert_eq!(world.findings(FindingKind::UncoveredPupil).await.len(), 7, "{}", world.kind);
        // Part of the pupils of the first school; one of them is enrolled by now.
        world.enrolled(Category::SchoolStudent, [0, 3]).await;
        let comparison = world.take(&school("one", "one-2", 0..2, false)).await;
        assert_eq!(comparison.cleared, 1, "{}", world.kind);
        // The whole list: whoever left or is covered is cleared, the other school's pupils are not.
        let comparison = world.take(&school("one", "one-3", 1..4, true)).await;
        assert_eq!((comparison.opened, comparison.cleared), (0, 2), "{}", world.kind);
        let open = |states: Vec<(String, FindingState)>| {
            let open = states.into_iter().filter(|(_, state)| *state == FindingState::Open);
            open.map(|(number, _)| number).collect::<Vec<_>>()
        };
        let pupils = open(world.states(FindingKind::UncoveredPupil).await);
        assert_eq!(pupils, [1, 2, 5, 6].map(number), "{}", world.kind);
        assert_eq!(open(world.states(FindingKind::NotRegistered).await).len(), 7, "{}", world.kind);
    }
}

#[tokio::test]
async fn findings_are_listed_by_what_is_asked() {
    for world in worlds().await {
        world.resident(0, PERSON).await;
        world.take(&List::of(RosterKind::Population, "police", 0..3)).await;
        world.take(&List::of(RosterKind::Students, "spring", 0..1)).await;
        let every = || world.everything();
        for (wanted, expected) in [
            (every(), 4),
            (pb::ListFindingsRequest { policy_year: 2021, ..every() }, 4),
            (pb::ListFindingsRequest { policy_year: 2017, ..every() }, 0),
            (pb::ListFindingsRequest { kind: FindingKind::NotRegistered.to_wire(), ..every() }, 2),
            (pb::ListFindingsRequest { roster_kind: RosterKind::Students.to_wire(), ..every() }, 1),
            (pb::ListFindingsRequest { state: FindingState::Resolved.to_wire(), ..every() }, 0),
            (pb::ListFindingsRequest { district: "120115".to_owned(), ..every() }, 0),
        ] {
            assert_eq!(world.list(wanted.clone()).await.len(), expected, "{} {wanted:?}", world.kind);
        }
        let unknown = pb::Finding {
            finding_id: world.context.id::<juyi_domain::id::FindingId>().to_string(),
            etag: "1".to_owned(),
            ..Default::default()
        };
        assert_eq!(reasons(world.try_resolve(&unknown, "none").await), "FINDING_NOT_FOUND", "{}", world.kind);
        let bad = pb::Finding { etag: "x".to_owned(), ..Default::default() };
        let every = "REQUIRED_FIELD_MISSING,VALUE_NOT_ALLOWED,REQUIRED_FIELD_MISSING";
        assert_eq!(reasons(world.try_resolve(&bad, "").await), every, "{}", world.kind);
    }
}

/// A repeated request to resolve is answered as the first time.
#[tokio::test]
async fn a_finding_is_resolved_once() {
    for world in worlds().await {
        world.take(&List::of(RosterKind::Population, "police", 0..1)).await;
        let open = world.one(FindingKind::NotRegistered).await;
        let request = pb::ResolveFindingRequest {
            request_id: "one".to_owned(),
            finding_id: open.finding_id.clone(),
            etag: open.etag.clone(),
            resolution: "moved away".to_owned(),
        };
        let send = |office: Office| {
            let (mut client, request) = (world.rosters.clone(), request.clone());
            Caller::scope(caller(office), async move { client.resolve_finding(request).await })
        };
        let first = send(Office::Township).await.unwrap().into_inner();
        assert_eq!(send(Office::Township).await.unwrap().into_inner(), first, "{}", world.kind);
        assert_eq!(reasons(send(Office::Education).await), "REQUEST_ID_REUSED", "{}", world.kind);
        let elsewhere = Caller { office: Office::Township, district: Some(District::Baodi), name: String::new() };
        let other = pb::ResolveFindingRequest { request_id: "two".to_owned(), ..request.clone() };
        let mut client = world.rosters.clone();
        let answer = Caller::scope(Some(elsewhere), client.resolve_finding(other)).await;
        assert_eq!(reasons(answer), "ROLE_NOT_ALLOWED", "{}", world.kind);
    }
}
