//! What lists change in the registry, also when the process ends in the middle.

use juyi_db::args;
use juyi_domain::codes::{Identity, Office, RosterKind};
use juyi_kit::caller::Caller;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::submit_roster_request::Piece;

use super::{Site, counts, header, number, of_jinghai, people, person, sites};
use crate::rosters::apply::{self, Mode};
use crate::rosters::close::Complete;
use crate::rosters::header as headers;
use crate::rosters::intake::Intake;
use crate::rosters::row::Checks;
use crate::rosters::stage::Stage;
use crate::rosters::upkeep;
use crate::store::rosters::{self, Roster};

const CIVIL: Office = Office::CivilAffairs;

impl Site {
    /// The periods of a person's identities: identity, first day, last day.
    async fn identities(&self, sequence: usize) -> Vec<(Identity, String, String)> {
        let caller = || Some(of_jinghai(Office::MedicalInsurance));
        let number = pb::LookUpResidentRequest { identity_number: number(sequence) };
        let resident = Caller::scope(caller(), self.residents.clone().look_up_resident(number)).await;
        let Ok(resident) = resident else { return Vec::new() };
        let resident_id = resident.into_inner().resident.unwrap().resident_id;
        let request = pb::ListIdentitiesRequest { resident_id, ..Default::default() };
        let answer = Caller::scope(caller(), self.residents.clone().list_identities(request)).await.unwrap();
        let periods = answer.into_inner().identities.into_iter();
        periods.map(|it| (Identity::from_wire(it.identity).unwrap(), it.start_date, it.end_date)).collect()
    }

    async fn died_on(&self, sequence: usize) -> Option<String> {
        let sql = "SELECT died_on FROM resident WHERE identity_number = $1";
        let row = self.registry.database.read().await.unwrap().maybe_row(sql, args![number(sequence)]).await.unwrap();
        row.and_then(|row| row.maybe_date("died_on").unwrap()).map(|day| day.to_string())
    }
}

fn period(identity: Identity, start: &str, end: &str) -> (Identity, String, String) {
    (identity, start.to_owned(), end.to_owned())
}

/// J-3.2.5-a: central registration starts from the authority's list. J-3.2.5-b, J-A1.3-h.
#[tokio::test]
async fn an_identity_list_registers_people_and_asserts_identities() {
    for site in &sites().await {
        let rows = vec![person(1), pb::RosterRow { start_date: "2019-05-01".to_owned(), ..person(2) }];
        let answer = site.push(CIVIL, &header(RosterKind::LowIncome, "low-income-1"), &rows).await.unwrap();
        let roster = answer.roster.unwrap();
        assert_eq!((roster.applied, roster.supplied_by.as_str()), (2, "各区民政局"), "{}", site.kind);
        let since = |start| [period(Identity::LowIncome, start, "")];
        assert_eq!(site.identities(1).await, since("2020-11-01"), "{}", site.kind);
        assert_eq!(site.identities(2).await, since("2019-05-01"), "{}", site.kind);

        // The next list says nothing new of the first, ends the identity of the second, and leaves nobody out by silence.
        let ended = pb::RosterRow { end_date: "2020-10-31".to_owned(), ..rows[1].clone() };
        let next = header(RosterKind::LowIncome, "low-income-2");
        let answer = site.push(CIVIL, &next, &[person(3), ended]).await.unwrap();
        assert_eq!((counts(&answer).new, counts(&answer).changed, counts(&answer).left), (1, 1, 1), "{}", site.kind);
        assert_eq!(site.identities(1).await, since("2020-11-01"), "{}", site.kind);
        assert_eq!(site.identities(2).await, [period(Identity::LowIncome, "2019-05-01", "2020-10-31")]);
        assert_eq!(site.count("resident").await, 3, "{}", site.kind);

        let withdrawn = pb::RosterRow { withdrawn: true, ..person(1) };
        let stranger = pb::RosterRow { withdrawn: true, ..person(9) };
        let last = header(RosterKind::LowIncome, "low-income-3");
        site.push(CIVIL, &last, &[withdrawn, stranger]).await.unwrap();
        assert_eq!(site.identities(1).await, [period(Identity::LowIncome, "2020-11-01", "2020-10-31")], "never held");
        assert_eq!(site.count("resident").await, 3, "{}", site.kind);
    }
}

#[tokio::test]
async fn a_number_under_another_name_is_left_alone() {
    for site in &sites().await {
        site.push(CIVIL, &header(RosterKind::LowIncome, "low-income-1"), &people([1])).await.unwrap();
        let other = pb::RosterRow { name: "另一人".to_owned(), ..person(1) };
        let disabled = header(RosterKind::SevereDisability, "disabled-1");
        let rows = vec![other.clone(), person(2)];
        let answer = site.push(Office::DisabledPersonsFederation, &disabled, &rows).await.unwrap();
        assert_eq!((counts(&answer).accepted, counts(&answer).rejected), (1, 1), "{}", site.kind);
        assert_eq!(answer.not_accepted[0].reasons[0].reason, "IDENTITY_IN_USE");
        assert_eq!(site.identities(1).await.len(), 1, "{}", site.kind);
        let death = pb::RosterRow { death_date: "2020-10-01".to_owned(), ..other };
        let answer = site.push(CIVIL, &header(RosterKind::Deaths, "deaths-1"), &[death]).await.unwrap();
        assert_eq!((counts(&answer).rejected, site.died_on(1).await), (1, None), "{}", site.kind);
    }
}

/// J-A1.3-j.
#[tokio::test]
async fn a_list_of_deaths_records_the_day() {
    for site in &sites().await {
        site.push(CIVIL, &header(RosterKind::LowIncome, "low-income-1"), &people([1, 2])).await.unwrap();
        let died = |day: &str, sequence| pb::RosterRow { death_date: day.to_owned(), ..person(sequence) };
        let rows = vec![died("2020-10-01", 1), died("2020-09-30", 7), died("2020-11-02", 2)];
        let answer = site.push(CIVIL, &header(RosterKind::Deaths, "deaths-1"), &rows).await.unwrap();
        assert_eq!((counts(&answer).accepted, counts(&answer).rejected), (2, 1), "{}", site.kind);
        assert_eq!(site.died_on(1).await.as_deref(), Some("2020-10-01"), "{}", site.kind);
        assert_eq!((site.died_on(2).await, site.died_on(7).await), (None, None), "{}", site.kind);
        let corrected = header(RosterKind::Deaths, "deaths-2");
        let rows = vec![pb::RosterRow { withdrawn: true, ..person(1) }];
        site.push(CIVIL, &corrected, &rows).await.unwrap();
        assert_eq!(site.died_on(1).await, None, "{}", site.kind);
        assert_eq!(site.count("resident").await, 2, "{}", site.kind);
    }
}

/// J-A1.3-j: a bureau records the deaths of its own district.
#[tokio::test]
async fn the_deaths_of_another_district_are_refused() {
    for site in &sites().await {
        site.push(CIVIL, &header(RosterKind::LowIncome, "low-income-1"), &people([1])).await.unwrap();
        let mut session = site.registry.database.begin().await.unwrap();
        let moved = "UPDATE resident SET residence_district = '120115', household_district = $1";
        session.execute(moved, args![None::<String>]).await.unwrap();
        session.commit().await.unwrap();
        let row = pb::RosterRow { death_date: "2020-10-01".to_owned(), ..person(1) };
        let answer = site.push(CIVIL, &header(RosterKind::Deaths, "deaths-1"), &[row]).await.unwrap();
        assert_eq!(answer.not_accepted[0].reasons[0].reason, "ROLE_NOT_ALLOWED", "{}", site.kind);
        assert_eq!((counts(&answer).rejected, site.died_on(1).await), (1, None), "{}", site.kind);
    }
}

/// A list that is accepted, and whose effects nobody has begun with.
async fn accepted(site: &Site, header: &pb::RosterHeader, rows: Vec<pb::RosterRow>) -> Roster {
    let registry = &site.registry;
    let header = headers::read(header, registry.context.clock().today()).unwrap();
    let checks = Checks { header: header.clone(), unit: None, units: Default::default() };
    let mut intake = Intake::new(checks);
    let mut stage = Stage::open(registry).await.unwrap();
    for rows in rows.chunks(5_000) {
        intake.take(Some(Piece::Rows(pb::RosterRows { rows: rows.to_vec() }))).unwrap();
    }
    intake.finish().unwrap();
    stage.put(intake.rest()).await.unwrap();
    let upload_id = Some(stage.close().await.unwrap());
    let (counts, fingerprint) = intake.close();
    let complete = Complete { header, upload_id, counts, fingerprint, caller: of_jinghai(CIVIL) };
    complete.close(registry).await.unwrap()
}

#[tokio::test]
async fn a_process_that_died_halfway_is_gone_on_from() {
    for site in sites().await {
        let (kind, own) = (site.kind, header(RosterKind::LowIncome, "low-income-1"));
        let rows = people(1..=5_000);
        let mut roster = accepted(&site, &own, rows.clone()).await;
        apply::step(&site.registry, &mut roster, Mode::Store).await.unwrap();
        assert_eq!((roster.applied, site.count("special_identity").await), (2_000, 2_000), "{kind}");

        let site = site.restarted().await;
        upkeep::once(&site.registry).await.unwrap();
        assert_eq!((site.count("resident").await, site.count("special_identity").await), (5_000, 5_000), "{kind}");
        let answer = site.push(CIVIL, &own, &rows).await.unwrap();
        assert_eq!((answer.roster.as_ref().unwrap().applied, counts(&answer).accepted), (5_000, 5_000), "{kind}");
    }
}

#[tokio::test]
async fn sending_again_goes_on_and_so_does_the_next_list() {
    for site in &sites().await {
        let own = header(RosterKind::LowIncome, "low-income-1");
        accepted(site, &own, people(1..=30)).await;
        assert_eq!(site.count("special_identity").await, 0, "{}", site.kind);
        let trial = pb::RosterHeader { dry_run: true, ..own.clone() };
        let answer = site.push(CIVIL, &trial, &people(1..=30)).await.unwrap();
        assert_eq!(answer.roster.unwrap().applied, 0, "{}: a trial has no effect", site.kind);
        let answer = site.push(CIVIL, &own, &people(1..=30)).await.unwrap();
        assert_eq!(answer.roster.unwrap().applied, 30, "{}", site.kind);

        accepted(site, &header(RosterKind::LowIncome, "low-income-2"), people(31..=40)).await;
        site.push(CIVIL, &header(RosterKind::LowIncome, "low-income-3"), &people(1..=2)).await.unwrap();
        assert_eq!(site.count("special_identity").await, 40, "{}", site.kind);
        let mut session = site.registry.database.read().await.unwrap();
        assert_eq!(rosters::maybe_unapplied(&mut session, None).await.unwrap(), None, "{}", site.kind);
    }
}

#[tokio::test]
async fn several_workers_on_one_list_have_one_effect() {
    for site in &sites().await {
        let roster = accepted(site, &header(RosterKind::LowIncome, "low-income-1"), people(1..=5_000)).await;
        let (mut one, mut two, mut three) = (roster.clone(), roster.clone(), roster);
        let run = apply::run;
        let (a, b, c) =
            tokio::join!(run(&site.registry, &mut one), run(&site.registry, &mut two), run(&site.registry, &mut three));
        a.and(b).and(c).unwrap();
        assert_eq!((one.applied, two.applied, three.applied), (5_000, 5_000, 5_000), "{}", site.kind);
        assert_eq!(site.count("special_identity").await, 5_000, "{}", site.kind);
    }
}
