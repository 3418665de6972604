//! Lists as departments send them: whole, broken off, or watched while they take effect.

use std::time::Duration;

use juyi_domain::codes::{Area, Desk, Office, RosterKind, Tier, UnitKind};
use juyi_kit::channel::Channel;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as registry;
use juyi_proto::registry::v1::roster_service_client::RosterServiceClient;
use juyi_proto::registry::v1::submit_roster_request::Piece;
use tokio::task::JoinHandle;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use crate::offices::{Clients, by};

/// A township of Jinghai.
pub const DULIU: &str = "120118.4";
/// A village of Duliu, once [`village`] has put it on record.
pub const VILLAGE: &str = "120118.4.V1";

/// Client of the lists.
pub type Rosters = RosterServiceClient<Channel>;
/// Answer to a list.
pub type Answer = Result<registry::SubmitRosterResponse, Status>;

/// A list and who sends it.
#[derive(Clone)]
pub struct List {
    /// Who sends it.
    pub office: Office,
    /// What it is.
    pub header: registry::RosterHeader,
    /// Whom it names.
    pub rows: Vec<registry::RosterRow>,
}

impl List {
    fn pieces(&self) -> Vec<Piece> {
        self.rows.chunks(500).map(|rows| Piece::Rows(registry::RosterRows { rows: rows.to_vec() })).collect()
    }

    /// Sends it.
    ///
    /// # Errors
    /// The status of the call.
    pub async fn send(&self, rosters: &Rosters) -> Answer {
        send(rosters, self.office, self.header.clone(), self.pieces()).await
    }

    /// Sends its rows and then nothing, not even the end of the stream. Comes back when the last row has left.
    pub async fn break_off(&self, rosters: &Rosters) -> JoinHandle<Answer> {
        let (sender, receiver) = tokio::sync::mpsc::channel(1);
        let (office, mut rosters, open) = (self.office, rosters.clone(), sender.clone());
        let call = tokio::spawn(async move {
            let answer = by(office, rosters.submit_roster(ReceiverStream::new(receiver))).await;
            drop(open);
            answer
        });
        for message in messages(self.header.clone(), self.pieces()) {
            sender.send(message).await.expect("somebody listens");
        }
        drop(sender.reserve().await);
        call
    }

    /// Sends it and does not wait for the answer.
    pub fn launch(&self, rosters: &Rosters) -> JoinHandle<Answer> {
        let (list, rosters) = (self.clone(), rosters.clone());
        tokio::spawn(async move { list.send(&rosters).await })
    }

    /// Reads what the registry has of it.
    ///
    /// # Errors
    /// The status of the call.
    pub async fn stored(&self, rosters: &Rosters) -> Result<registry::Roster, Status> {
        let request = registry::GetRosterRequest {
            district: self.header.district.clone(),
            kind: self.header.kind,
            roster_id: self.header.roster_id.clone(),
        };
        Ok(by(self.office, rosters.clone().get_roster(request)).await?.roster.unwrap())
    }

    /// Waits until some of its rows have had their effect, and not yet all.
    pub async fn await_middle(&self, rosters: &Rosters) {
        let everybody = i64::try_from(self.rows.len()).unwrap();
        let middle = async {
            loop {
                match self.stored(rosters).await.map_or(0, |roster| roster.applied) {
                    0 => tokio::time::sleep(Duration::from_millis(5)).await,
                    applied => break applied,
                }
            }
        };
        let applied = tokio::time::timeout(Duration::from_secs(120), middle).await.expect("a list takes effect");
        assert!(applied < everybody, "a list of {everybody} took effect at once, so that there is no middle");
    }
}

/// Sends a list in pieces.
///
/// # Errors
/// The status of the call.
pub async fn send(rosters: &Rosters, office: Office, header: registry::RosterHeader, pieces: Vec<Piece>) -> Answer {
    by(office, rosters.clone().submit_roster(tokio_stream::iter(messages(header, pieces)))).await
}

fn messages(header: registry::RosterHeader, pieces: Vec<Piece>) -> Vec<registry::SubmitRosterRequest> {
    let pieces = std::iter::once(Piece::Header(header)).chain(pieces);
    pieces.map(|piece| registry::SubmitRosterRequest { piece: Some(piece) }).collect()
}

/// A list of Jinghai for 2021.
#[must_use]
pub fn header(roster_id: &str, kind: RosterKind, as_of_date: &str) -> registry::RosterHeader {
    registry::RosterHeader {
        roster_id: roster_id.to_owned(),
        kind: kind.to_wire(),
        district: "120118".to_owned(),
        policy_year: 2021,
        as_of_date: as_of_date.to_owned(),
        ..Default::default()
    }
}

/// A village files for its residents at the township service (J-3.2.2-a).
#[must_use]
pub fn by_village(roster_id: &str) -> registry::RosterHeader {
    registry::RosterHeader {
        unit_id: VILLAGE.to_owned(),
        desk: Desk::TownshipService.to_wire(),
        ..header(roster_id, RosterKind::Enrolment, "2020-10-12")
    }
}

/// Farmers of Duliu who enrol in the middle tier.
#[must_use]
pub fn rows(people: &[String]) -> Vec<registry::RosterRow> {
    let row = |number: &String| registry::RosterRow {
        identity_number: number.clone(),
        name: "somebody".to_owned(),
        township: DULIU.to_owned(),
        household_district: "120118".to_owned(),
        household_area: Area::Rural.to_wire(),
        tier: Tier::Middle.to_wire(),
        previous_year: registry::PreviousYear::Insured.into(),
        ..Default::default()
    };
    people.iter().map(row).collect()
}

/// Puts the village on record.
pub async fn village(clients: &Clients) {
    let unit = registry::Unit {
        unit_id: VILLAGE.to_owned(),
        kind: UnitKind::Village.to_wire(),
        name: "a village".to_owned(),
        district: "120118".to_owned(),
        township: DULIU.to_owned(),
        ..Default::default()
    };
    let request = registry::PutUnitRequest { request_id: "village".to_owned(), unit: Some(unit) };
    by(Office::Township, clients.reference.clone().put_unit(request)).await.unwrap();
}

/// Enrolments of 2021 counted for a township of Jinghai.
pub async fn counted(clients: &Clients, unit: &str) -> i64 {
    let request =
        registry::GetProgressRequest { district: "120118".to_owned(), policy_year: 2021, ..Default::default() };
    let progress = by(Office::Township, clients.supervision.clone().get_progress(request)).await.unwrap();
    progress.units.iter().find(|progress| progress.unit_id == unit).unwrap().total.unwrap().counted
}
