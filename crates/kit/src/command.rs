//! Idempotent mutations: the same request id and body give the same answer, another body is refused.

use chrono::{DateTime, Utc};
use juyi_db::{Bulk, Database, Keyed, Migration, Row, Session, Value, args};
use juyi_domain::codes::District;
use juyi_domain::refusal::{Reason, Refusal};
use prost::Message;
use sha2::{Digest, Sha256};

use crate::caller::Caller;
use crate::context::Context;
use crate::error::Error;

/// How often a command runs when other transactions keep winning.
const ATTEMPTS: usize = 8;

/// Tables of the kit, present in every service's database.
pub const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "requests and outbox",
    sql: include_str!("../migrations/0001_requests_and_outbox.sql"),
}];

juyi_db::statements! {
    SELECT_REQUEST = "SELECT fingerprint, reply FROM request WHERE resident_id = $1 AND request_id = $2";
    DELETE_REQUEST = "DELETE FROM request WHERE resident_id = $1 AND request_id = $2";
}

static REQUESTS: Bulk = Bulk::new("request", &["resident_id", "request_id", "fingerprint", "reply", "created_at"]);

static EARLIER: Keyed = Keyed::select(
    &[("place", "BIGINT"), ("wanted", "TEXT"), ("wanted_request", "TEXT")],
    "key.place, r.fingerprint, r.reply",
    "request r",
    "r.resident_id = key.wanted AND r.request_id = key.wanted_request",
    "place",
);

/// Forgets the answer to a request, in the transaction that undoes its effect: the same request then works anew.
///
/// # Errors
/// Those of the database.
pub async fn forget(session: &mut Session, resident_id: &str, request_id: &str) -> Result<(), Error> {
    session.execute(DELETE_REQUEST, args![resident_id, request_id]).await?;
    Ok(())
}

/// One mutation asked for under a request id. Requests are kept per resident, so that storage can be spread by person.
#[derive(Clone, Debug)]
pub struct Command {
    resident_id: String,
    request_id: String,
    fingerprint: String,
    validate_only: bool,
}

impl Command {
    /// A command on a resident. `method` keeps two methods with equal bodies apart.
    pub fn new(method: &str, resident_id: &str, request_id: &str, body: &impl Message) -> Self {
        let mut hash = Sha256::new();
        hash.update(method.as_bytes());
        hash.update([0]);
        // What one office was answered is not another office's to read.
        if let Some(caller) = Caller::maybe_current() {
            hash.update(caller.office.as_str());
            hash.update(caller.district.map_or("", District::as_str));
            hash.update(caller.name.as_bytes());
        }
        hash.update([0]);
        hash.update(body.encode_to_vec());
        let fingerprint = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Self {
            resident_id: resident_id.to_string(),
            request_id: request_id.to_owned(),
            fingerprint,
            validate_only: false,
        }
    }

    /// The same command, to be checked and not stored when `validate_only` is true.
    #[must_use]
    pub const fn validating(mut self, validate_only: bool) -> Self {
        self.validate_only = validate_only;
        self
    }

    /// Runs the command in one transaction: answers from memory when it ran before, otherwise works, keeps the answer
    /// and commits. When another transaction wins, it runs again and sees what the winner stored.
    ///
    /// # Errors
    /// The work's own, REQUEST_ID_REUSED, or REVISION_CONFLICT when others keep winning.
    pub async fn run<R, F>(
        &self,
        database: &Database,
        context: &Context,
        work: impl Fn(Session) -> F,
    ) -> Result<R, Error>
    where
        R: Message + Default,
        F: Future<Output = Result<(R, Session), Error>>,
    {
        for _ in 0..ATTEMPTS {
            match self.attempt(database, context, &work).await {
                Err(Error::Storage(juyi_db::Error::Duplicate | juyi_db::Error::Contended)) => {}
                outcome => return outcome,
            }
        }
        Err(Refusal::new(Reason::RevisionConflict, "other writers keep changing this record; try again").into())
    }

    async fn attempt<R, F>(
        &self,
        database: &Database,
        context: &Context,
        work: &impl Fn(Session) -> F,
    ) -> Result<R, Error>
    where
        R: Message + Default,
        F: Future<Output = Result<(R, Session), Error>>,
    {
        let mut session = database.begin().await?;
        if let Some(reply) = self.earlier(&mut session).await? {
            return Ok(reply);
        }
        let (reply, mut session) = work(session).await?;
        if !self.validate_only {
            self.remember(&mut session, &reply, context.now()).await?;
            session.commit().await?;
        }
        Ok(reply)
    }

    /// The answer given before to the same request, for work that begins before its transaction: what refuses a
    /// repetition there must not hide the answer to the original.
    ///
    /// # Errors
    /// REQUEST_ID_REUSED when the request id was used with another body.
    pub async fn maybe_earlier<R: Message + Default>(&self, database: &Database) -> Result<Option<R>, Error> {
        self.earlier(&mut database.read().await?).await
    }

    /// The answer given before to the same request.
    ///
    /// # Errors
    /// REQUEST_ID_REUSED when the request id was used with another body.
    async fn earlier<R: Message + Default>(&self, session: &mut Session) -> Result<Option<R>, Error> {
        let key = args![self.resident_id.as_str(), self.request_id.as_str()];
        let row = session.maybe_row(SELECT_REQUEST, key).await?;
        row.as_ref().map(|row| self.answered(row)).transpose()
    }

    /// The answers given before to many requests, in their order, each as [`Command::maybe_earlier`] tells it.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn earlier_of_all<R: Message + Default>(
        session: &mut Session,
        commands: &[&Self],
    ) -> Result<Vec<Result<Option<R>, Error>>, Error> {
        let key = |(place, it): (i64, &&Self)| args![place, it.resident_id.as_str(), it.request_id.as_str()];
        let keys: Vec<_> = (0..).zip(commands).flat_map(key).collect();
        let mut answers: Vec<_> = commands.iter().map(|_| Ok(None)).collect();
        for row in session.rows_of(&EARLIER, &keys).await? {
            let place = usize::try_from(row.int("place")?).unwrap_or(usize::MAX);
            if let (Some(command), Some(answer)) = (commands.get(place), answers.get_mut(place)) {
                *answer = command.answered(&row).map(Some);
            }
        }
        Ok(answers)
    }

    /// The answer in a row of the request.
    fn answered<R: Message + Default>(&self, row: &Row) -> Result<R, Error> {
        if row.text("fingerprint")? != self.fingerprint {
            let detail = "this request_id was used before with another body; choose a new one for a new request";
            return Err(Refusal::new(Reason::RequestIdReused, detail).at("request_id").into());
        }
        R::decode(row.bytes("reply")?.as_slice()).map_err(|_| Error::Fault("stored reply is unreadable"))
    }

    /// Keeps the answer, in the transaction of the effect.
    ///
    /// # Errors
    /// [`juyi_db::Error::Duplicate`] when the same request runs twice at once: try the whole command again.
    async fn remember(&self, session: &mut Session, reply: &impl Message, now: DateTime<Utc>) -> Result<(), Error> {
        Self::remember_all(session, &[(self, reply)], now).await
    }

    /// Keeps the answers to many commands, in the one transaction of their effects.
    ///
    /// # Errors
    /// [`juyi_db::Error::Duplicate`] when one of the requests runs twice at once: none of them is kept.
    pub async fn remember_all<R: Message>(
        session: &mut Session,
        answers: &[(&Self, &R)],
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let row = |(command, reply): &(&Self, &R)| -> Vec<Value> {
            args![
                command.resident_id.as_str(),
                command.request_id.as_str(),
                command.fingerprint.as_str(),
                reply.encode_to_vec(),
                now,
            ]
        };
        session.insert_all(&REQUESTS, answers.iter().flat_map(row).collect()).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use juyi_policy::Policy;
    use juyi_proto::registry::v1::{Enrolment, GetEnrolmentRequest, GetEnrolmentResponse};
    use juyi_testkit::TestDatabase;

    use super::*;
    use crate::clock::Clock;
    use crate::outbox::{self, Event};

    /// Nanoseconds, which PostgreSQL does not keep.
    const NOW: &str = "2021-02-26T08:09:10.123456789Z";

    struct At(DateTime<Utc>);

    impl Clock for At {
        fn now(&self) -> DateTime<Utc> {
            self.0
        }
    }

    fn context() -> Context {
        Context::new(Arc::new(Policy::embedded().unwrap())).with_clock(Arc::new(At(NOW.parse().unwrap())))
    }

    fn command(request_id: &str, body: &str) -> Command {
        let body = GetEnrolmentRequest { resident_id: body.to_owned(), enrolment_id: String::new() };
        Command::new("Enrol", "resident", request_id, &body)
    }

    /// Runs a command whose effect is one event and whose reply is the event's id.
    async fn run(command: &Command, on: &TestDatabase, context: &Context) -> Result<String, Error> {
        let work = |mut session: Session| async move {
            let event = Event {
                id: context.id(),
                resident_id: "resident".to_owned(),
                topic: "tested".to_owned(),
                payload: vec![0, 255, 10],
            };
            outbox::enqueue(&mut session, &event, context.now()).await?;
            let enrolment = Some(Enrolment { enrolment_id: event.id.to_string(), ..Default::default() });
            Ok((GetEnrolmentResponse { enrolment }, session))
        };
        Ok(command.run(&on.database, context, work).await?.enrolment.unwrap_or_default().enrolment_id)
    }

    async fn effects(on: &TestDatabase) -> Vec<Row> {
        on.database.read().await.unwrap().rows("SELECT * FROM outbox ORDER BY event_id", Vec::new()).await.unwrap()
    }

    async fn databases() -> Vec<TestDatabase> {
        juyi_testkit::databases("kit", MIGRATIONS).await
    }

    #[tokio::test]
    async fn the_same_request_has_one_effect_and_one_answer() {
        let context = context();
        for on in &databases().await {
            let first = run(&command("one", "a"), on, &context).await.unwrap();
            assert_eq!(run(&command("one", "a"), on, &context).await.unwrap(), first, "{}", on.kind);
            assert_eq!(effects(on).await.len(), 1, "{}", on.kind);
            assert_ne!(run(&command("two", "a"), on, &context).await.unwrap(), first, "{}", on.kind);
            assert_eq!(effects(on).await.len(), 2, "{}", on.kind);
        }
    }

    #[tokio::test]
    async fn another_body_under_the_same_id_is_refused() {
        let context = context();
        for on in &databases().await {
            run(&command("one", "a"), on, &context).await.unwrap();
            let Err(Error::Refused(refusals)) = run(&command("one", "b"), on, &context).await else {
                panic!("{} took another body", on.kind)
            };
            assert!(refusals.has(Reason::RequestIdReused), "{}", on.kind);
            assert_eq!(effects(on).await.len(), 1, "{}", on.kind);
        }
    }

    #[tokio::test]
    async fn many_are_answered_from_memory_as_each_is() {
        let context = context();
        for on in &databases().await {
            let reply = |text: &str| GetEnrolmentResponse {
                enrolment: Some(Enrolment { enrolment_id: text.to_owned(), ..Default::default() }),
            };
            let (one, two) = (command("one", "a"), command("two", "a"));
            let mut session = on.database.begin().await.unwrap();
            let (of_one, of_two) = (reply("1"), reply("2"));
            Command::remember_all(&mut session, &[(&one, &of_one), (&two, &of_two)], context.now()).await.unwrap();
            session.commit().await.unwrap();

            let asked = [&two, &command("three", "a"), &command("one", "b"), &one];
            let mut session = on.database.read().await.unwrap();
            let told = Command::earlier_of_all::<GetEnrolmentResponse>(&mut session, &asked).await.unwrap();
            let told: Vec<_> = told.into_iter().map(Result::ok).collect();
            assert_eq!(told, [Some(Some(of_two)), Some(None), None, Some(Some(of_one.clone()))], "{}", on.kind);
            drop(session);
            assert_eq!(one.maybe_earlier(&on.database).await.unwrap(), Some(of_one), "{}", on.kind);

            let mut session = on.database.begin().await.unwrap();
            let (three, again) = (command("three", "a"), reply("3"));
            let refused = Command::remember_all(&mut session, &[(&three, &again), (&one, &again)], context.now()).await;
            assert!(matches!(refused, Err(Error::Storage(juyi_db::Error::Duplicate))), "{}", on.kind);
            drop(session);
            assert_eq!(three.maybe_earlier::<GetEnrolmentResponse>(&on.database).await.unwrap(), None, "{}", on.kind);
        }
    }

    #[tokio::test]
    async fn a_request_to_validate_leaves_nothing() {
        let context = context();
        for on in &databases().await {
            run(&command("one", "a").validating(true), on, &context).await.unwrap();
            assert!(effects(on).await.is_empty(), "{}", on.kind);
            run(&command("one", "b"), on, &context).await.unwrap();
        }
    }

    #[tokio::test]
    async fn two_at_once_have_one_effect_and_one_answer() {
        let context = context();
        for on in &databases().await {
            let command = command("one", "a");
            let (one, other) = tokio::join!(run(&command, on, &context), run(&command, on, &context));
            assert_eq!(one.unwrap(), other.unwrap(), "{}", on.kind);
            assert_eq!(effects(on).await.len(), 1, "{}", on.kind);
        }
    }

    #[tokio::test]
    async fn bytes_and_instants_come_back_as_they_were_stored() {
        let context = context();
        for on in &databases().await {
            run(&command("one", "a"), on, &context).await.unwrap();
            let event = effects(on).await.remove(0);
            assert_eq!(event.bytes("payload").unwrap(), [0, 255, 10], "{}", on.kind);
            let stored: DateTime<Utc> = "2021-02-26T08:09:10.123456Z".parse().unwrap();
            assert_eq!(event.instant("created_at").unwrap(), stored, "{}", on.kind);
        }
    }

    #[tokio::test]
    async fn every_statement_is_valid_on_both_databases() {
        for on in &databases().await {
            let mut session = on.database.read().await.unwrap();
            for sql in STATEMENTS.iter().chain(outbox::STATEMENTS) {
                session.prepare(sql).await.unwrap_or_else(|error| panic!("{}: {sql}: {error}", on.kind));
            }
        }
    }
}
