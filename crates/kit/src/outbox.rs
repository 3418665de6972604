//! Events to other services, stored in the transaction of their cause and delivered at least once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use juyi_db::{Bulk, Database, Row, Session, Value, args};
use juyi_domain::id::EventId;
use tokio_util::sync::CancellationToken;
use tonic::Status;
use tonic_types::StatusExt;
use tracing::Instrument;

use crate::caller::Caller;
use crate::config::OutboxConfig;
use crate::error::Error;
use crate::telemetry;

juyi_db::statements! {
    SELECT_WAITING = "SELECT DISTINCT resident_id FROM outbox WHERE resident_id > $1 ORDER BY resident_id LIMIT $2";
    SELECT_OF_RESIDENT = "SELECT resident_id, event_id, topic, payload, trace FROM outbox \
        WHERE resident_id = $1 AND event_id > $2 ORDER BY event_id LIMIT $3";
    DELETE_EVENT = "DELETE FROM outbox WHERE resident_id = $1 AND event_id = $2";
}

static EVENTS: Bulk = Bulk::new("outbox", &["resident_id", "event_id", "topic", "payload", "trace", "created_at"]);

/// The reason code of a status, if the suite gave one.
fn reason_of(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

/// How long a writer waits for the first delivery before it answers; the event stays in the outbox either way.
const FIRST_DELIVERY: Duration = Duration::from_secs(2);
/// How often waiting events are looked for.
const ROUND: Duration = Duration::from_secs(1);
/// Residents read at a time.
const BATCH: i64 = 200;
/// Events of a resident read at a time.
const PAGE: i64 = 100;

/// An event of one resident.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its id; events of a resident and topic are delivered in this order, unless the receiver takes any.
    pub id: EventId,
    /// Whose event.
    pub resident_id: String,
    /// What happened; chooses the receiving method.
    pub topic: String,
    /// The encoded request of the receiving method.
    pub payload: Vec<u8>,
}

/// Takes an event to its receiver, which must cope with repetition.
#[async_trait]
pub trait Deliver: Send + Sync + 'static {
    /// Delivers one event.
    async fn deliver(&self, event: &Event) -> Result<(), Status>;

    /// True when the events of a topic may arrive in any order: then one that is refused does not hold back the later ones
    /// of its resident. The receiver has to come to the same whatever the order.
    fn takes_any_order(&self, _topic: &str) -> bool {
        false
    }
}

/// Takes each topic to its own receiver, for a service whose events go to several.
#[derive(Default)]
pub struct ByTopic(BTreeMap<&'static str, Box<dyn Deliver>>);

impl ByTopic {
    /// The same with a receiver of one more topic.
    #[must_use]
    pub fn with(mut self, topic: &'static str, receiver: impl Deliver) -> Self {
        self.0.insert(topic, Box::new(receiver));
        self
    }
}

#[async_trait]
impl Deliver for ByTopic {
    async fn deliver(&self, event: &Event) -> Result<(), Status> {
        match self.0.get(event.topic.as_str()) {
            Some(receiver) => receiver.deliver(event).await,
            None => Err(Status::internal("nobody receives this topic")),
        }
    }

    fn takes_any_order(&self, topic: &str) -> bool {
        self.0.get(topic).is_some_and(|receiver| receiver.takes_any_order(topic))
    }
}

/// Stores an event in the transaction of its cause.
///
/// # Errors
/// Those of the database.
pub async fn enqueue(session: &mut Session, event: &Event, now: DateTime<Utc>) -> Result<(), Error> {
    enqueue_all(session, &[&(event.clone(), telemetry::current_trace())], now).await
}

/// Stores many events in the one transaction of their causes, each with the trace of its cause
/// ([`telemetry::current_trace`]).
///
/// # Errors
/// Those of the database.
pub async fn enqueue_all(session: &mut Session, events: &[&(Event, String)], now: DateTime<Utc>) -> Result<(), Error> {
    let row = |(event, trace): &&(Event, String)| -> Vec<Value> {
        args![
            event.resident_id.as_str(),
            Value::text(event.id),
            event.topic.as_str(),
            event.payload.clone(),
            trace.as_str(),
            now,
        ]
    };
    session.insert_all(&EVENTS, events.iter().flat_map(row).collect()).await?;
    Ok(())
}

/// Delivers the events of one service.
pub struct Outbox {
    database: Database,
    receiver: Box<dyn Deliver>,
    config: OutboxConfig,
}

impl std::fmt::Debug for Outbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outbox").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Outbox {
    /// An outbox over a service's database.
    pub fn new(database: Database, receiver: impl Deliver, config: OutboxConfig) -> Arc<Self> {
        Arc::new(Self { database, receiver: Box::new(receiver), config })
    }

    /// Tries to deliver a resident's events right after their commit, so that the usual caller finds their effect
    /// when it has its answer. What fails or lasts stays for [`Outbox::run`].
    pub async fn flush(&self, resident_id: &str) {
        if !self.config.paused {
            let _ = tokio::time::timeout(FIRST_DELIVERY, self.deliver_resident(resident_id)).await;
        }
    }

    /// Delivers waiting events until the process stops.
    pub async fn run(self: Arc<Self>, shutdown: CancellationToken) {
        if self.config.paused {
            tracing::warn!("the outbox is paused; events wait");
            return;
        }
        let mut round = tokio::time::interval(ROUND);
        round.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                _ = round.tick() => {}
            }
            if let Err(error) = self.deliver_waiting().await {
                tracing::warn!(%error, "the outbox cannot be read");
            }
        }
    }

    /// Every resident with a waiting event has a turn in every round, however many others keep failing.
    async fn deliver_waiting(&self) -> Result<(), Error> {
        let mut after = String::new();
        loop {
            let rows = self.database.read().await?.rows(SELECT_WAITING, args![after.as_str(), BATCH]).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.text("resident_id")?;
            for row in rows {
                self.deliver_resident(&row.text("resident_id")?).await;
            }
        }
    }

    /// One failing event holds back the later ones of the same resident and topic, unless they may arrive in any order, and
    /// nothing else.
    async fn deliver_resident(&self, resident_id: &str) {
        if let Err(error) = self.try_resident(resident_id).await {
            tracing::warn!(%error, "an event waits in the outbox");
        }
    }

    async fn try_resident(&self, resident_id: &str) -> Result<(), Error> {
        let (mut held_back, mut first_error) = (BTreeSet::new(), None);
        let mut after = String::new();
        loop {
            let page = args![resident_id, after.as_str(), PAGE];
            let rows = self.database.read().await?.rows(SELECT_OF_RESIDENT, page).await?;
            let Some(last) = rows.last() else { break };
            // Those that wait do not hide the ones behind them.
            after = last.text("event_id")?;
            self.deliver_page(resident_id, &rows, &mut held_back, &mut first_error).await?;
        }
        first_error.map_or(Ok(()), |status| Err(status.into()))
    }

    async fn deliver_page(
        &self,
        resident_id: &str,
        rows: &[Row],
        held_back: &mut BTreeSet<String>,
        first_error: &mut Option<Status>,
    ) -> Result<(), Error> {
        for row in rows {
            let event = Event {
                id: row.parse("event_id")?,
                resident_id: row.text("resident_id")?,
                topic: row.text("topic")?,
                payload: row.bytes("payload")?,
            };
            if held_back.contains(&event.topic) {
                continue;
            }
            let span = telemetry::event_span(&event.topic, &row.text("trace")?);
            let delivery = Caller::scope(Some(Caller::system()), self.receiver.deliver(&event)).instrument(span);
            if let Err(status) = delivery.await {
                // A refusal will not heal by itself: an operator has to see which event waits, and why.
                tracing::error!(event_id = %event.id, topic = event.topic, code = ?status.code(),
                    reason = reason_of(&status), "an event was not delivered");
                if !self.receiver.takes_any_order(&event.topic) {
                    held_back.insert(event.topic);
                }
                first_error.get_or_insert(status);
                continue;
            }
            let mut session = self.database.begin().await?;
            session.execute(DELETE_EVENT, args![resident_id, Value::text(event.id)]).await?;
            session.commit().await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use juyi_testkit::{TestDatabase, databases};
    use uuid::Uuid;

    use super::*;
    use crate::command::MIGRATIONS;

    /// Topic and payload.
    type Arrived = (String, Vec<u8>);

    /// Notes what arrives, and refuses one topic.
    #[derive(Clone, Default)]
    struct Receiver {
        refused: &'static str,
        /// The first of the topic alone is refused, and the receiver takes any order.
        first_alone: bool,
        seen: Arc<Mutex<Vec<Arrived>>>,
    }

    #[async_trait]
    impl Deliver for Receiver {
        async fn deliver(&self, event: &Event) -> Result<(), Status> {
            assert_eq!(Caller::current().ok(), Some(Caller::system()));
            if event.topic == self.refused && (!self.first_alone || event.id == Uuid::from_u128(1).into()) {
                return Err(Status::unavailable("not now"));
            }
            self.seen.lock().unwrap().push((event.topic.clone(), event.payload.clone()));
            Ok(())
        }

        fn takes_any_order(&self, _topic: &str) -> bool {
            self.first_alone
        }
    }

    impl Receiver {
        fn topics(&self) -> Vec<String> {
            self.seen.lock().unwrap().iter().map(|(topic, _)| topic.clone()).collect()
        }
    }

    async fn with_events(on: &TestDatabase, events: &[(&str, &str)]) {
        let mut session = on.database.begin().await.unwrap();
        for (number, (resident_id, topic)) in (1..).zip(events) {
            let event = Event {
                id: Uuid::from_u128(number).into(),
                resident_id: (*resident_id).to_owned(),
                topic: (*topic).to_owned(),
                payload: vec![0, 255],
            };
            enqueue(&mut session, &event, DateTime::UNIX_EPOCH).await.unwrap();
        }
        session.commit().await.unwrap();
    }

    async fn waiting(on: &TestDatabase) -> usize {
        on.database.read().await.unwrap().rows("SELECT event_id FROM outbox", Vec::new()).await.unwrap().len()
    }

    #[tokio::test]
    async fn events_of_a_resident_arrive_in_order_and_leave() {
        for on in &databases("kit", MIGRATIONS).await {
            with_events(on, &[("a", "first"), ("b", "other"), ("a", "second")]).await;
            let receiver = Receiver::default();
            let outbox = Outbox::new(on.database.clone(), receiver.clone(), OutboxConfig::default());
            outbox.flush("a").await;
            let arrived = ["first", "second"].map(|topic| (topic.to_owned(), vec![0, 255]));
            assert_eq!(*receiver.seen.lock().unwrap(), arrived, "{}", on.kind);
            assert_eq!(waiting(on).await, 1, "{}", on.kind);
        }
    }

    #[tokio::test]
    async fn a_refused_event_holds_back_its_resident_and_topic_alone() {
        for on in &databases("kit", MIGRATIONS).await {
            let events = [("a", "refused"), ("a", "refused"), ("a", "independent"), ("b", "other")];
            with_events(on, &events).await;
            let receiver = Receiver { refused: "refused", ..Receiver::default() };
            let outbox = Outbox::new(on.database.clone(), receiver.clone(), OutboxConfig::default());
            outbox.deliver_waiting().await.unwrap();
            let delivered = vec!["independent".to_owned(), "other".to_owned()];
            assert_eq!((receiver.topics(), waiting(on).await), (delivered, 2), "{}", on.kind);
            let receiver = Receiver::default();
            let outbox = Outbox::new(on.database.clone(), receiver.clone(), OutboxConfig::default());
            outbox.deliver_waiting().await.unwrap();
            assert_eq!((receiver.topics(), waiting(on).await), (vec!["refused".to_owned(); 2], 0), "{}", on.kind);
        }
    }

    /// Where the order does not matter, an event that is never taken holds nothing back, not even beyond a page.
    #[tokio::test]
    async fn a_refused_event_of_an_order_free_topic_holds_nothing_back() {
        for on in &databases("kit", MIGRATIONS).await {
            with_events(on, &[("a", "refused"); 205]).await;
            let receiver = Receiver { refused: "refused", first_alone: true, ..Receiver::default() };
            let receivers = ByTopic::default().with("refused", receiver.clone());
            let outbox = Outbox::new(on.database.clone(), receivers, OutboxConfig::default());
            outbox.flush("a").await;
            assert_eq!((receiver.topics().len(), waiting(on).await), (204, 1), "{}", on.kind);
        }
    }

    #[tokio::test]
    async fn each_topic_has_its_receiver() {
        for on in &databases("kit", MIGRATIONS).await {
            with_events(on, &[("a", "one"), ("a", "nobody's"), ("a", "two")]).await;
            let (one, two) = (Receiver::default(), Receiver::default());
            let receivers = ByTopic::default().with("one", one.clone()).with("two", two.clone());
            let outbox = Outbox::new(on.database.clone(), receivers, OutboxConfig::default());
            outbox.flush("a").await;
            assert_eq!((one.topics(), two.topics()), (vec!["one".into()], vec!["two".into()]), "{}", on.kind);
            assert_eq!(waiting(on).await, 1, "{}", on.kind);
        }
    }

    #[tokio::test]
    async fn a_paused_outbox_keeps_its_events() {
        for on in &databases("kit", MIGRATIONS).await {
            with_events(on, &[("a", "first")]).await;
            let outbox = Outbox::new(on.database.clone(), Receiver::default(), OutboxConfig { paused: true });
            outbox.flush("a").await;
            Arc::clone(&outbox).run(CancellationToken::new()).await;
            assert_eq!(waiting(on).await, 1, "{}", on.kind);
        }
    }

    #[tokio::test]
    async fn waiting_events_are_delivered_until_the_process_stops() {
        for on in &databases("kit", MIGRATIONS).await {
            with_events(on, &[("a", "first")]).await;
            let receiver = Receiver::default();
            let outbox = Outbox::new(on.database.clone(), receiver.clone(), OutboxConfig::default());
            let shutdown = CancellationToken::new();
            let running = tokio::spawn(outbox.run(shutdown.clone()));
            while receiver.topics().is_empty() {
                tokio::task::yield_now().await;
            }
            shutdown.cancel();
            running.await.unwrap();
            assert_eq!(waiting(on).await, 0, "{}", on.kind);
        }
    }
}
