//! The work on some deductions at once, of different people: the registry enrols them side by side, then one transaction
//! stores payments, answers and events.

use juyi_db::Session;
use juyi_domain::id::EventId;
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::error::Error;
use juyi_proto::contribution::v1 as pb;
use juyi_proto::registry::v1 as registry;
use tokio::task::JoinSet;
use tracing::Instrument;

use super::undo::{self, asking};
use super::{Ready, decide, preview, read, take};
use crate::conditions::reasons;
use crate::confirm::Booked;
use crate::delivery;
use crate::desk::{self, Desk};
use crate::registry::Enrolled;
use crate::store::deductions_begun::{self as begun, Begun};
use crate::store::{payments, vouchers};

/// How many the registry is asked to enrol at a time.
const AT_ONCE: usize = 16;
/// How often it is tried when other transactions keep winning.
const ATTEMPTS: usize = 8;

/// What became of one deduction; refusals only, faults are those of the work as a whole.
pub(super) type Outcome = Result<pb::DeductPremiumResponse, Error>;

/// A deduction that can be read and decided, and what the registry says to it.
struct Row {
    place: usize,
    command: Command,
    read: read::Deduct,
    decision: juyi_domain::contribution::deduction::Decision,
    begun: Begun,
    enrolled: Option<Result<Enrolled, Error>>,
}

/// Deducts from different people. What was answered before is answered so again.
///
/// # Errors
/// What is no refusal of a single one. What was begun by then is finished by the same requests, or taken back.
pub(super) async fn work(
    desk: &Desk,
    caller: &Caller,
    requests: &[pb::DeductPremiumRequest],
) -> Result<Vec<Outcome>, Error> {
    let mut outcomes: Vec<Option<Outcome>> = requests.iter().map(|_| None).collect();
    let mut rows = Vec::new();
    for (place, (request, outcome)) in requests.iter().zip(&mut outcomes).enumerate() {
        match judge(desk, place, request).await {
            Ok(Judged::Answered(answer)) => *outcome = Some(Ok(*answer)),
            Ok(Judged::Begins(row)) => rows.push(*row),
            Err(error) if is_refusal(&error) => *outcome = Some(Err(error)),
            Err(error) => return Err(error),
        }
    }
    if !rows.is_empty() {
        begin(desk, &rows).await?;
        enrol(desk, &mut rows).await?;
        let subject = match rows.as_slice() {
            [row] => row.read.resident_id.to_string(),
            _ => desk.context.id::<EventId>().to_string(),
        };
        for (row, outcome) in rows.iter().zip(store(desk, caller, &rows, &subject).await?) {
            if let (Some(Ok(enrolled)), Err(_)) = (&row.enrolled, &outcome) {
                let left = Begun { enrolment_id: Some(enrolled.enrolment_id), undoing: true, ..row.begun.clone() };
                // The caller is told why nothing was deducted; what cannot be taken back now is later.
                if let Err(error) = undo::take_back(desk, left).await {
                    tracing::warn!(%error, "an enrolment waits to be taken back");
                }
            }
            if let Some(place) = outcomes.get_mut(row.place) {
                *place = Some(outcome);
            }
        }
        desk.outbox.flush(&subject).await;
    }
    outcomes.into_iter().map(|outcome| outcome.ok_or(Error::Fault("a deduction without an outcome"))).collect()
}

enum Judged {
    Answered(Box<pb::DeductPremiumResponse>),
    Begins(Box<Row>),
}

/// What can be said before anybody is enrolled.
async fn judge(desk: &Desk, place: usize, request: &pb::DeductPremiumRequest) -> Result<Judged, Error> {
    let read = read::deduct(request, desk.context.clock().today())?;
    let command = Command::new("DeductPremium", &request.resident_id, &request.request_id, request);
    if let Some(earlier) = command.maybe_earlier(&desk.database).await? {
        return Ok(Judged::Answered(Box::new(earlier)));
    }
    let decision = decide(desk, &read).await?;
    let begun = Begun {
        resident_id: read.resident_id,
        request_id: request.request_id.clone(),
        policy_year: read.policy_year,
        district: read.district,
        deducted_on: read.deducted_on,
        enrolment_id: None,
        undoing: false,
    };
    if request.validate_only {
        desk.standing.check_deduction(asking(&begun)).await?;
        let answer = pb::DeductPremiumResponse { payment: Some(preview(&read, &decision)) };
        return Ok(Judged::Answered(Box::new(answer)));
    }
    Ok(Judged::Begins(Box::new(Row { place, command, read, decision, begun, enrolled: None })))
}

/// Notes what begins, so that whatever happens no enrolment stays unpaid. What is still being taken back is so first.
async fn begin(desk: &Desk, rows: &[Row]) -> Result<(), Error> {
    for _ in 0..ATTEMPTS {
        let mut left = Vec::new();
        let mut session = desk.database.begin().await?;
        for Row { begun: row, .. } in rows {
            if !begun::begin(&mut session, row, desk.context.now()).await? {
                left.extend(begun::maybe_find(&mut session, row.resident_id, &row.request_id).await?);
            }
        }
        if left.is_empty() {
            session.commit().await?;
            return Ok(());
        }
        drop(session);
        for row in left {
            undo::take_back(desk, row).await?;
        }
    }
    Err(contended())
}

/// Has the registry enrol, some at a time.
async fn enrol(desk: &Desk, rows: &mut [Row]) -> Result<(), Error> {
    for part in rows.chunks_mut(AT_ONCE) {
        let mut asked = JoinSet::new();
        for (place, row) in part.iter().enumerate() {
            let (standing, request): (_, registry::EnrolByDeductionRequest) =
                (desk.standing.clone(), asking(&row.begun));
            let ask = async move { (place, standing.enrol_by_deduction(request).await) };
            asked.spawn(ask.instrument(tracing::Span::current()));
        }
        while let Some(answer) = asked.join_next().await {
            let (place, answer) = answer.map_err(|_| Error::Fault("asking the registry broke off"))?;
            let answer = match answer {
                Err(error) if !is_refusal(&error) => return Err(error),
                answer => answer,
            };
            if let Some(row) = part.get_mut(place) {
                row.enrolled = Some(answer);
            }
        }
    }
    Ok(())
}

/// One transaction for all; when another one wins, it runs again and sees what the winner stored.
async fn store(desk: &Desk, caller: &Caller, rows: &[Row], subject: &str) -> Result<Vec<Outcome>, Error> {
    for _ in 0..ATTEMPTS {
        let mut session = desk.database.begin().await?;
        match attempt(&mut session, desk, (caller, rows), subject).await {
            Ok(outcomes) => {
                session.commit().await?;
                return Ok(outcomes);
            }
            Err(Error::Storage(juyi_db::Error::Duplicate | juyi_db::Error::Contended)) => {}
            Err(error) => return Err(error),
        }
    }
    Err(contended())
}

async fn attempt(
    session: &mut Session,
    desk: &Desk,
    (caller, rows): (&Caller, &[Row]),
    subject: &str,
) -> Result<Vec<Outcome>, Error> {
    let commands: Vec<_> = rows.iter().map(|row| &row.command).collect();
    let earlier = Command::earlier_of_all::<pb::DeductPremiumResponse>(session, &commands).await?;
    let mut outcomes = Vec::with_capacity(rows.len());
    let mut paid = Vec::new();
    for (row, earlier) in rows.iter().zip(earlier) {
        let (resident_id, request_id) = (row.read.resident_id, row.begun.request_id.as_str());
        outcomes.push(match (earlier, &row.enrolled) {
            (Err(error), _) => Err(error),
            // The same request at the same time was faster.
            (Ok(Some(answer)), _) => Ok(answer),
            (Ok(None), Some(Ok(enrolled))) => {
                let ready = Ready { request: &row.read, decision: &row.decision, enrolled };
                match take(session, &desk.context, caller, &ready).await {
                    Ok(payment) if begun::done(session, resident_id, request_id).await? => {
                        vouchers::claim(session, &payment).await?;
                        let answer = pb::DeductPremiumResponse { payment: Some(crate::write::payment(&payment)) };
                        paid.push((row, payment, answer.clone()));
                        Ok(answer)
                    }
                    // Somebody gave it up meanwhile.
                    Ok(_) => return Err(contended()),
                    Err(error @ Error::Refused(_)) => {
                        begun::undo(session, resident_id, request_id, enrolled.enrolment_id).await?;
                        Err(error)
                    }
                    Err(error) => return Err(error),
                }
            }
            (Ok(None), Some(Err(error))) => {
                let again = reasons(error);
                // Under the same id another deduction may have been begun, which stays.
                if !again.contains(&Reason::RequestIdReused) {
                    begun::done(session, resident_id, request_id).await?;
                }
                Err(refusal_of(error))
            }
            (Ok(None), None) => return Err(Error::Fault("the registry was not asked")),
        });
    }
    let all: Vec<_> = paid.iter().map(|(_, payment, _)| payment.clone()).collect();
    payments::insert_all(session, &all).await?;
    let mut booked = Vec::with_capacity(paid.len());
    for (row, payment, _) in &paid {
        let version = payments::entries(session, payment.resident_id, payment.enrolment_id).await?;
        if let Some(Ok(enrolled)) = &row.enrolled {
            booked.push((Booked { payment: payment.clone(), version }, enrolled));
        }
    }
    let told: Vec<_> = booked.iter().map(|(it, enrolled)| (&it.payment, *enrolled, it.version)).collect();
    desk::enqueue(session, &desk.context, delivery::confirmed(&desk.context, subject, &told)).await?;
    let answers: Vec<_> = paid.iter().map(|(row, _, answer)| (&row.command, answer)).collect();
    Command::remember_all(session, &answers, desk.context.now()).await?;
    Ok(outcomes)
}

/// True for what one deduction is refused with, by us or by the registry.
fn is_refusal(error: &Error) -> bool {
    !reasons(error).is_empty()
}

/// A refusal of the registry, told once more.
fn refusal_of(error: &Error) -> Error {
    match error {
        Error::Peer(status) => Error::Peer(status.clone()),
        Error::Refused(refusals) => Error::Refused(refusals.clone()),
        _ => Error::Fault("no refusal"),
    }
}

fn contended() -> Error {
    let detail = "this deduction is being taken back by another call; send it again";
    Refusal::new(Reason::RevisionConflict, detail).into()
}
