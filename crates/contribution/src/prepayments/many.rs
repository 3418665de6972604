//! Paying a year for everybody who prepaid it: a university has ten thousand students, whom nobody names one by one.
//!
//! The people are read by the page, enrolled side by side, and paid in one transaction. Who is paid is not found again, so
//! that whoever calls next goes on where a call ended.

use juyi_db::Session;
use juyi_domain::codes::Disposition;
use juyi_domain::id::EventId;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::stream;
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as pb;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tracing::Instrument;

use super::years::{judge, ready};
use super::{claim, read, require_till};
use crate::conditions::{conditions, reasons};
use crate::delivery;
use crate::desk::{self, Desk};
use crate::registry::Enrolled;
use crate::store::payments::{self, Payment};
use crate::store::prepayments::{self, Prepayment};

/// People worked on at a time.
const CHUNK: i64 = 200;
/// How many the registry is asked about at a time.
const AT_ONCE: usize = 16;
/// How often a chunk is tried when other transactions keep winning.
const ATTEMPTS: usize = 8;

/// What became of the people.
pub(crate) type Answers = ReceiverStream<Result<pb::UsePrepaymentsOfYearResponse, Status>>;

/// Pays the year while the caller reads.
pub(crate) fn make_use_of_year(desk: Desk, request: &pb::UsePrepaymentsOfYearRequest) -> Result<Answers, Error> {
    let caller = Caller::current()?;
    require_till(&caller)?;
    let read = read::of_year(request, desk.context.clock().today())?;
    caller.require_district(read.district)?;
    // An answer waits until the one before it was taken.
    let (answers, waiting) = mpsc::channel(1);
    let work = Caller::scope(Some(caller.clone()), async move {
        let stop = desk.context.shutdown().clone();
        tokio::select! {
            () = stop.cancelled() => {}
            () = work_off(&desk, &caller, &read, &answers) => {}
        }
    });
    tokio::spawn(work.instrument(tracing::Span::current()));
    Ok(ReceiverStream::new(waiting))
}

async fn work_off(
    desk: &Desk,
    caller: &Caller,
    year: &read::Year,
    answers: &mpsc::Sender<Result<pb::UsePrepaymentsOfYearResponse, Status>>,
) {
    let mut after = String::new();
    loop {
        let answer = match chunk(desk, caller, year, &mut after).await {
            Ok(Some(answer)) => Ok(answer),
            Ok(None) => return,
            Err(error) => Err(Status::from(error)),
        };
        let ends = answer.is_err();
        if !stream::send(&desk.context, answers, answer).await || ends {
            return;
        }
    }
}

/// The next people; `None` where there are none.
async fn chunk(
    desk: &Desk,
    caller: &Caller,
    year: &read::Year,
    after: &mut String,
) -> Result<Option<pb::UsePrepaymentsOfYearResponse>, Error> {
    let of = (year.policy_year, year.district);
    let terms = prepayments::unused(&mut desk.database.read().await?, of, after, CHUNK).await?;
    let Some(last) = terms.last() else { return Ok(None) };
    *after = last.resident_id.to_string();
    let mut people = Vec::with_capacity(terms.len());
    for part in terms.chunks(AT_ONCE) {
        people.extend(enrol(desk, caller, year, part).await?);
    }
    let subject = desk.context.id::<EventId>().to_string();
    let mut outcomes = None;
    for _ in 0..ATTEMPTS {
        match store(desk, caller, (year, &subject), &people).await {
            Err(Error::Storage(juyi_db::Error::Duplicate | juyi_db::Error::Contended)) => {}
            done => {
                outcomes = Some(done?);
                break;
            }
        }
    }
    let outcomes = outcomes.ok_or(juyi_db::Error::Contended)?;
    desk.outbox.flush(&subject).await;
    let rows = people.iter().zip(outcomes).map(|((term, _), outcome)| told(term, outcome)).collect::<Result<_, _>>();
    let rows = rows.map_err(|status: Status| Error::Peer(Box::new(status)))?;
    Ok(Some(pb::UsePrepaymentsOfYearResponse { rows }))
}

/// A person with the enrolment of the year, or with what refuses it.
type Ready = (Prepayment, Result<Enrolled, Status>);

async fn enrol(desk: &Desk, caller: &Caller, year: &read::Year, terms: &[Prepayment]) -> Result<Vec<Ready>, Error> {
    let mut asked = JoinSet::new();
    for (place, term) in terms.iter().cloned().enumerate() {
        let (desk, caller, request) = (desk.clone(), caller.clone(), year.of(term.resident_id));
        let ask = async move {
            let enrolled = ready(&desk, &caller, &request, (&term, false)).await;
            (place, term, enrolled)
        };
        asked.spawn(ask.instrument(tracing::Span::current()));
    }
    let mut found = Vec::with_capacity(terms.len());
    while let Some(answer) = asked.join_next().await {
        let (place, term, enrolled) = answer.map_err(|_| Error::Fault("asking the registry broke off"))?;
        let enrolled = match enrolled {
            Err(error) if reasons(&error).is_empty() => return Err(error),
            enrolled => enrolled.map_err(Status::from),
        };
        found.push((place, (term, enrolled)));
    }
    found.sort_by_key(|(place, _)| *place);
    Ok(found.into_iter().map(|(_, ready)| ready).collect())
}

/// Pays for everybody who is enrolled, in one transaction.
async fn store(
    desk: &Desk,
    caller: &Caller,
    (year, subject): (&read::Year, &str),
    people: &[Ready],
) -> Result<Vec<Result<Payment, Status>>, Error> {
    let context = &desk.context;
    let mut session = desk.database.begin().await?;
    let (mut outcomes, mut paid) = (Vec::with_capacity(people.len()), Vec::new());
    for (term, enrolled) in people {
        let enrolled = match enrolled {
            Ok(enrolled) => enrolled,
            Err(status) => {
                outcomes.push(Err(status.clone()));
                continue;
            }
        };
        let request = year.of(term.resident_id);
        outcomes.push(match judge(&mut session, context, caller, (&request, term), enrolled).await {
            Ok(payment) => {
                claim(&mut session, context, term).await?;
                paid.push((payment.clone(), enrolled));
                Ok(payment)
            }
            Err(error @ Error::Refused(_)) => Err(error.into()),
            Err(error) => return Err(error),
        });
    }
    book(&mut session, desk, subject, &paid).await?;
    session.commit().await?;
    Ok(outcomes)
}

async fn book(session: &mut Session, desk: &Desk, subject: &str, paid: &[(Payment, &Enrolled)]) -> Result<(), Error> {
    let all: Vec<_> = paid.iter().map(|(payment, _)| payment.clone()).collect();
    payments::insert_all(session, &all).await?;
    let mut booked = Vec::with_capacity(paid.len());
    for (payment, enrolled) in paid {
        let version = payments::entries(session, payment.resident_id, payment.enrolment_id).await?;
        booked.push((payment, *enrolled, version));
    }
    desk::enqueue(session, &desk.context, delivery::confirmed(&desk.context, subject, &booked)).await
}

fn told(term: &Prepayment, outcome: Result<Payment, Status>) -> Result<pb::PrepaidYearOutcome, Status> {
    let row = pb::PrepaidYearOutcome {
        resident_id: term.resident_id.to_string(),
        prepayment_id: term.id.to_string(),
        disposition: Disposition::New.to_wire(),
        ..Default::default()
    };
    Ok(match outcome {
        Ok(payment) => pb::PrepaidYearOutcome {
            payment_id: payment.id.to_string(),
            enrolment_id: payment.enrolment_id.to_string(),
            ..row
        },
        Err(status) => pb::PrepaidYearOutcome {
            disposition: Disposition::Rejected.to_wire(),
            conditions: conditions(&status)?,
            ..row
        },
    })
}

impl read::Year {
    /// The year of one person; nothing is asked of anybody (J-3.3.3-b).
    fn of(&self, resident_id: juyi_domain::id::ResidentId) -> read::Use {
        read::Use {
            resident_id,
            policy_year: self.policy_year,
            amount: juyi_domain::money::Fen::ZERO,
            paid_on: self.paid_on,
        }
    }
}
