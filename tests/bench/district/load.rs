//! The calls that are measured.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use juyi_domain::codes::{Desk, District, Office, RosterKind, UnitKind};
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::reference_service_client::ReferenceServiceClient;
use juyi_proto::registry::v1::roster_service_client::RosterServiceClient;
use juyi_proto::registry::v1::submit_roster_request::Piece;
use juyi_proto::registry::v1::supervision_service_client::SupervisionServiceClient;
use tokio_stream::StreamExt;

use crate::people::{Person, TOWNSHIPS};

/// Rows of a message.
const AT_ONCE: usize = 2_000;
/// Calls of the progress report.
const REPORTS: usize = 1_000;
/// Id of the population roster.
const POPULATION: &str = "population";

/// A running suite, seen through its gateway.
pub(crate) struct Suite {
    reference: ReferenceServiceClient<Channel>,
    rosters: RosterServiceClient<Channel>,
    supervision: SupervisionServiceClient<Channel>,
}

impl Suite {
    pub(crate) fn at(server: &str) -> Result<Self> {
        let channel = Channel::remote(server)?;
        Ok(Self {
            reference: ReferenceServiceClient::new(channel.clone()),
            rosters: RosterServiceClient::new(channel.clone()),
            supervision: SupervisionServiceClient::new(channel),
        })
    }

    /// Registers and enrols everybody: a village of each township files for its residents (J-3.2.2-a).
    pub(crate) async fn enrol(&self, people: &[Person]) -> Result<Duration> {
        let mut spent = Duration::ZERO;
        for township in 1..=TOWNSHIPS {
            let own: Vec<_> = people.iter().filter(|person| person.township == township).collect();
            let village = self.put_village(township).await?;
            let header = pb::RosterHeader {
                unit_id: village,
                desk: Desk::TownshipService.to_wire(),
                ..header(RosterKind::Enrolment, &format!("enrolment-{township}"))
            };
            let rows = own.into_iter().map(Person::applicant);
            spent += self.push(Office::Township, header, rows).await?;
        }
        Ok(spent)
    }

    async fn put_village(&self, township: u64) -> Result<String> {
        let unit_id = village(township);
        let unit = pb::Unit {
            unit_id: unit_id.clone(),
            kind: UnitKind::Village.to_wire(),
            name: "a village".to_owned(),
            district: "120118".to_owned(),
            township: format!("120118.{township}"),
            ..Default::default()
        };
        let request = pb::PutUnitRequest { request_id: unit_id.clone(), unit: Some(unit) };
        Caller::scope(Some(of_jinghai(Office::Township)), self.reference.clone().put_unit(request)).await?;
        Ok(unit_id)
    }

    /// Pushes the resident population, and answers how long it took until it was accepted.
    pub(crate) async fn push_population(&self, people: &[Person]) -> Result<Duration> {
        let rows = people.iter().map(Person::resident);
        self.push(Office::PublicSecurity, header(RosterKind::Population, POPULATION), rows).await
    }

    async fn push(
        &self,
        office: Office,
        header: pb::RosterHeader,
        rows: impl Iterator<Item = pb::RosterRow> + Send,
    ) -> Result<Duration> {
        let (send, receive) = tokio::sync::mpsc::channel(4);
        let stream = tokio_stream::wrappers::ReceiverStream::new(receive);
        let stream = stream.map(|piece| pb::SubmitRosterRequest { piece: Some(piece) });
        let mut client = self.rosters.clone();
        let started = Instant::now();
        let call =
            tokio::spawn(Caller::scope(Some(of_jinghai(office)), async move { client.submit_roster(stream).await }));
        // A call that failed says so below.
        let _ = send.send(Piece::Header(header)).await;
        let (mut sent, mut rows) = (0, rows.peekable());
        while rows.peek().is_some() {
            let rows: Vec<_> = rows.by_ref().take(AT_ONCE).collect();
            sent += rows.len();
            let _ = send.send(Piece::Rows(pb::RosterRows { rows })).await;
        }
        drop(send);
        let answer = call.await??.into_inner();
        let elapsed = started.elapsed();
        let counts = answer.roster.and_then(|roster| roster.counts).unwrap_or_default();
        ensure!(counts.accepted == sent as i64, "{counts:?} {:?}", answer.not_accepted.first());
        Ok(elapsed)
    }

    /// Compares the population with the registry: everybody on it is enrolled.
    pub(crate) async fn compare(&self) -> Result<Duration> {
        let request = pb::CompareRosterRequest {
            request_id: "bench".to_owned(),
            district: "120118".to_owned(),
            kind: RosterKind::Population.to_wire(),
            roster_id: POPULATION.to_owned(),
            validate_only: false,
        };
        let mut client = self.rosters.clone();
        let started = Instant::now();
        let call = client.compare_roster(request);
        let answer = Caller::scope(Some(of_jinghai(Office::MedicalInsurance)), call).await?.into_inner();
        let elapsed = started.elapsed();
        let comparison = answer.comparison.unwrap_or_default();
        ensure!(comparison.listed > 0 && comparison.matched == comparison.listed, "{comparison:?}");
        Ok(elapsed)
    }

    /// Asks for the progress report many times and answers the 99th percentile.
    pub(crate) async fn progress(&self) -> Result<Duration> {
        let mut times = Vec::with_capacity(REPORTS);
        let mut client = self.supervision.clone();
        for _ in 0..REPORTS {
            let request =
                pb::GetProgressRequest { district: "120118".to_owned(), policy_year: 2021, ..Default::default() };
            let started = Instant::now();
            let call = client.get_progress(request);
            Caller::scope(Some(of_jinghai(Office::MedicalInsurance)), call).await?;
            times.push(started.elapsed());
        }
        times.sort_unstable();
        Ok(times[REPORTS * 99 / 100 - 1])
    }
}

/// The unit id of a township's village.
pub(crate) fn village(township: u64) -> String {
    format!("120118.{township}.V")
}

fn header(kind: RosterKind, roster_id: &str) -> pb::RosterHeader {
    pb::RosterHeader {
        roster_id: roster_id.to_owned(),
        kind: kind.to_wire(),
        district: "120118".to_owned(),
        policy_year: 2021,
        as_of_date: "2020-11-11".to_owned(),
        complete: true,
        ..Default::default()
    }
}

pub(crate) fn of_jinghai(office: Office) -> Caller {
    Caller { office, district: Some(District::Jinghai), name: "bench".to_owned() }
}
