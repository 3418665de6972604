//! The version of a record rises with everything that a person's state tells.

use juyi_domain::codes::RosterKind;
use juyi_domain::registry::employees_insurance::OFFICES;
use juyi_proto::registry::v1::submit_roster_request::Piece;

use super::*;
use crate::testing::{caller, worlds};

impl World {
    async fn revision(&self, resident_id: &str) -> i64 {
        let mut session = self.database.read().await.unwrap();
        let sql = "SELECT revision FROM resident WHERE resident_id = $1";
        session.maybe_row(sql, args![resident_id]).await.unwrap().unwrap().int("revision").unwrap()
    }

    /// Pushes a list of one row about the farmer; how many rows had an effect.
    async fn push_row(&self, office: Office, header: pb::RosterHeader, row: pb::RosterRow) -> i64 {
        let row = pb::RosterRow { identity_number: farmer().identity_number, name: farmer().name, ..row };
        let header = pb::RosterHeader {
            district: "120118".to_owned(),
            policy_year: 2021,
            as_of_date: "2020-10-12".to_owned(),
            ..header
        };
        let pieces = [Piece::Header(header), Piece::Rows(pb::RosterRows { rows: vec![row] })];
        let pieces = pieces.map(|piece| pb::SubmitRosterRequest { piece: Some(piece) });
        let mut client = self.rosters.clone();
        let call = client.submit_roster(tokio_stream::iter(pieces));
        Caller::scope(caller(office), call).await.unwrap().into_inner().roster.unwrap().applied
    }
}

/// At a desk, and with each fact that coverage depends on; a trial raises nothing.
#[tokio::test]
async fn enrolments_and_facts_raise_it() {
    for world in worlds().await {
        let id = world.farmer().await;
        let trial = pb::EnrolRequest { validate_only: true, ..application(&id) };
        by(Office::Township, world.desk().enrol(trial)).await.unwrap();
        assert_eq!(world.revision(&id).await, 1, "{}", world.kind);
        let enrolment = world.enrol_farmer(&id).await;
        assert_eq!(world.revision(&id).await, 2, "{}", world.kind);
        world.record(Office::Township, &id, vec![left("2021-02-01")]).await.unwrap();
        assert_eq!(world.revision(&id).await, 3, "{}", world.kind);
        world.record(OFFICES[0], &id, vec![employed("2021-02-01", "2021-12-31")]).await.unwrap();
        assert_eq!(world.revision(&id).await, 4, "{}", world.kind);
        assert_eq!(world.state(&id, &enrolment).await.revision, 4, "{}", world.kind);
    }
}

/// By a village's list, many rows at a time.
#[tokio::test]
async fn a_list_of_enrolments_raises_it() {
    for world in worlds().await {
        world.village("120118.V1").await;
        let id = world.farmer().await;
        let header = pb::RosterHeader {
            roster_id: "village".to_owned(),
            kind: RosterKind::Enrolment.to_wire(),
            desk: juyi_domain::codes::Desk::TownshipService.to_wire(),
            unit_id: "120118.V1".to_owned(),
            ..Default::default()
        };
        let row = pb::RosterRow {
            tier: juyi_domain::codes::Tier::Low.to_wire(),
            previous_year: pb::PreviousYear::Insured.into(),
            ..Default::default()
        };
        let before = world.revision(&id).await;
        assert_eq!(world.push_row(Office::Township, header, row).await, 1, "{}", world.kind);
        assert!(world.revision(&id).await > before, "{}", world.kind);
    }
}

/// J-A1.3-j: by a list of deaths; recorded and taken back.
#[tokio::test]
async fn a_list_of_deaths_raises_it() {
    for world in worlds().await {
        let id = world.farmer().await;
        let enrolment = world.enrol_farmer(&id).await;
        let mut before = world.state(&id, &enrolment).await;
        for (roster_id, withdrawn, death_date) in [("one", false, "2020-10-01"), ("two", true, "")] {
            let kind = RosterKind::Deaths.to_wire();
            let header = pb::RosterHeader { roster_id: roster_id.to_owned(), kind, ..Default::default() };
            let row = pb::RosterRow { withdrawn, death_date: death_date.to_owned(), ..Default::default() };
            assert_eq!(world.push_row(Office::CivilAffairs, header, row).await, 1, "{}", world.kind);
            let after = world.state(&id, &enrolment).await;
            assert!(after.revision > before.revision, "{}", world.kind);
            assert_eq!(after.death_date, death_date, "{}", world.kind);
            before = after;
        }
    }
}
