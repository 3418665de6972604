//! Many deductions in one call, each on its own, worked on by the chunk.

use std::collections::HashSet;
use std::time::Duration;

use juyi_domain::codes::{Disposition, PaymentMethod};
use juyi_domain::refusal::Reason;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::stream;
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as pb;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, Streaming};
use tracing::Instrument;

use super::{require_centre, work};
use crate::conditions::{conditions, reasons};
use crate::desk::Desk;
use crate::store::payments;

/// Answers that wait for the caller to read them.
const WAITING: usize = 64;
/// Rows worked on at a time.
const CHUNK: usize = 200;
/// How long more rows of a chunk are waited for.
const LINGER: Duration = Duration::from_millis(5);

/// What became of the rows, in their order.
pub(crate) type Answers = ReceiverStream<Result<pb::DeductPremiumsResponse, Status>>;

/// Deducts chunk by chunk while the caller reads. A row that is refused leaves the others as they are; a fault ends the
/// stream, and the same rows again are answered as before.
pub(crate) fn deduct_many(desk: Desk, rows: Streaming<pb::DeductPremiumsRequest>) -> Result<Answers, Error> {
    let caller = Caller::current()?;
    require_centre(&caller)?;
    let (answers, waiting) = mpsc::channel(WAITING);
    let rows = Rows { stream: rows, carried: None, ended: false };
    let work = Caller::scope(Some(caller.clone()), async move {
        let stop = desk.context.shutdown().clone();
        tokio::select! {
            () = stop.cancelled() => {}
            () = work_off(&desk, &caller, rows, &answers) => {}
        }
    });
    tokio::spawn(work.instrument(tracing::Span::current()));
    Ok(ReceiverStream::new(waiting))
}

type Sender = mpsc::Sender<Result<pb::DeductPremiumsResponse, Status>>;

/// Ends early when nobody reads any more.
async fn work_off(desk: &Desk, caller: &Caller, mut rows: Rows, answers: &Sender) {
    let mut number = 0;
    loop {
        let (chunk, fault) = rows.next_chunk().await;
        let ends = chunk.is_empty() || fault.is_some();
        let outcomes = match work::work(desk, caller, &chunk).await {
            Ok(outcomes) => outcomes,
            Err(error) => {
                stream::send(&desk.context, answers, Err(error.into())).await;
                return;
            }
        };
        for (request, outcome) in chunk.iter().zip(outcomes) {
            number += 1;
            let answer = answer(desk, number, request, outcome).await;
            let broken = answer.is_err();
            if !stream::send(&desk.context, answers, answer).await || broken {
                return;
            }
        }
        if let Some(error) = fault {
            stream::send(&desk.context, answers, Err(error.into())).await;
        }
        if ends {
            return;
        }
    }
}

/// The rows of a stream, by the chunk.
struct Rows {
    stream: Streaming<pb::DeductPremiumsRequest>,
    /// The row that begins the next chunk.
    carried: Option<pb::DeductPremiumRequest>,
    /// True when there is nothing more to read.
    ended: bool,
}

impl Rows {
    /// The rows that are there, of different people, and what broke the stream off; no rows at its end. It waits for the
    /// first of them, and hardly for more: a caller may want an answer before the next row.
    async fn next_chunk(&mut self) -> (Vec<pb::DeductPremiumRequest>, Option<Error>) {
        let (mut chunk, mut people) = (Vec::new(), HashSet::new());
        if let Some(carried) = self.carried.take() {
            people.insert(carried.resident_id.clone());
            chunk.push(carried);
        }
        while chunk.len() < CHUNK && !self.ended {
            let next = stream::next(&mut self.stream, "send the stream again");
            let next = if chunk.is_empty() {
                next.await
            } else {
                match tokio::time::timeout(LINGER, next).await {
                    Ok(next) => next,
                    Err(_) => break,
                }
            };
            match next {
                Ok(None) => self.ended = true,
                Ok(Some(row)) => {
                    let row = row.deduction.unwrap_or_default();
                    if !people.insert(row.resident_id.clone()) {
                        // What becomes of it depends on the row before.
                        self.carried = Some(row);
                        break;
                    }
                    chunk.push(row);
                }
                Err(error) => return (chunk, Some(error)),
            }
        }
        (chunk, None)
    }
}

async fn answer(
    desk: &Desk,
    row: i32,
    request: &pb::DeductPremiumRequest,
    outcome: work::Outcome,
) -> Result<pb::DeductPremiumsResponse, Status> {
    let found = |disposition: Disposition| pb::DeductPremiumsResponse {
        row,
        disposition: disposition.to_wire(),
        ..Default::default()
    };
    let error = match outcome {
        Ok(reply) => return Ok(pb::DeductPremiumsResponse { payment: reply.payment, ..found(Disposition::New) }),
        Err(error) => error,
    };
    if reasons(&error).contains(&Reason::DuplicateEnrolment) && is_deducted(desk, request).await? {
        return Ok(found(Disposition::Duplicate));
    }
    let conditions = conditions(&Status::from(error))?;
    Ok(pb::DeductPremiumsResponse { conditions, ..found(Disposition::Rejected) })
}

/// True when the year was deducted from the person by an earlier row or call.
async fn is_deducted(desk: &Desk, request: &pb::DeductPremiumRequest) -> Result<bool, Error> {
    let Ok(resident_id) = request.resident_id.parse() else { return Ok(false) };
    let payments = payments::of_year(&mut desk.database.read().await?, resident_id, request.policy_year).await?;
    Ok(payments.iter().any(|it| it.method == PaymentMethod::PensionDeduction && it.refund.is_none()))
}
