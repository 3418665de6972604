//! Many deductions in one call, each on its own.

use std::collections::{HashMap, HashSet};

use juyi_domain::codes::Disposition;
use juyi_domain::refusal::{Kind, Reason};
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::stream;
use juyi_proto::code::Coded;
use juyi_proto::common::v1::Condition;
use juyi_proto::contribution::v1 as pb;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, Streaming};
use tonic_types::StatusExt;
use tracing::Instrument;

use super::{deduct, require_centre};
use crate::desk::Desk;

/// Answers that wait for the caller to read them.
const WAITING: usize = 64;

/// What became of the rows, in their order.
pub(crate) type Answers = ReceiverStream<Result<pb::DeductPremiumsResponse, Status>>;

/// Deducts row by row while the caller reads. A row that is refused leaves the others as they are; a fault ends the
/// stream, and the same rows again are answered as before.
pub(crate) fn deduct_many(desk: Desk, rows: Streaming<pb::DeductPremiumsRequest>) -> Result<Answers, Error> {
    let caller = Caller::current()?;
    require_centre(&caller)?;
    let (answers, waiting) = mpsc::channel(WAITING);
    let work = Caller::scope(Some(caller), async move {
        let stop = desk.context.shutdown().clone();
        tokio::select! {
            () = stop.cancelled() => {}
            () = work_off(&desk, rows, &answers) => {}
        }
    });
    tokio::spawn(work.instrument(tracing::Span::current()));
    Ok(ReceiverStream::new(waiting))
}

type Sender = mpsc::Sender<Result<pb::DeductPremiumsResponse, Status>>;

/// Ends early when nobody reads any more.
async fn work_off(desk: &Desk, mut rows: Streaming<pb::DeductPremiumsRequest>, answers: &Sender) {
    let (mut number, mut taken) = (0, HashSet::new());
    while let Some(row) = stream::next(&mut rows, "send the stream again").await.transpose() {
        number += 1;
        let answer = match row {
            Ok(row) => answer(desk, number, row.deduction.unwrap_or_default(), &mut taken).await,
            Err(error) => Err(error.into()),
        };
        let ends = answer.is_err();
        if !stream::send(&desk.context, answers, answer).await || ends {
            break;
        }
    }
}

async fn answer(
    desk: &Desk,
    row: i32,
    request: pb::DeductPremiumRequest,
    taken: &mut HashSet<(String, i32)>,
) -> Result<pb::DeductPremiumsResponse, Status> {
    let person = (request.resident_id.clone(), request.policy_year);
    let found = |disposition: Disposition| pb::DeductPremiumsResponse {
        row,
        disposition: disposition.to_wire(),
        ..Default::default()
    };
    if taken.contains(&person) {
        return Ok(found(Disposition::Duplicate));
    }
    let validate_only = request.validate_only;
    match deduct(desk, request).await {
        Ok(reply) => {
            // What is only checked takes nothing from the row that means it.
            if !validate_only {
                taken.insert(person);
            }
            Ok(pb::DeductPremiumsResponse { payment: reply.payment, ..found(Disposition::New) })
        }
        Err(error) => {
            let conditions = conditions(&Status::from(error))?;
            Ok(pb::DeductPremiumsResponse { conditions, ..found(Disposition::Rejected) })
        }
    }
}

/// The failing conditions of a refusal, ours or the registry's; what is no refusal stays an error.
fn conditions(status: &Status) -> Result<Vec<Condition>, Status> {
    let Some(info) = status.get_details_error_info() else { return Err(status.clone()) };
    let codes = info.metadata.get("reasons").map_or(info.reason.as_str(), String::as_str);
    let reasons: Vec<Reason> =
        codes.split(',').filter_map(|code| Reason::ALL.iter().copied().find(|reason| reason.code() == code)).collect();
    if reasons.is_empty() || reasons.iter().any(|reason| reason.kind() >= Kind::Aborted) {
        return Err(status.clone());
    }
    let condition = |reason: Reason| Condition {
        reason: reason.code().to_owned(),
        rule_id: info.metadata.get("rule_id").cloned().unwrap_or_default(),
        detail: status.message().to_owned(),
        message: reason.message_zh().to_owned(),
        metadata: facts(&info.metadata),
    };
    Ok(reasons.into_iter().map(condition).collect())
}

fn facts(metadata: &HashMap<String, String>) -> HashMap<String, String> {
    metadata.iter().filter(|(key, _)| !matches!(key.as_str(), "reasons" | "rule_id")).map(own).collect()
}

fn own((key, value): (&String, &String)) -> (String, String) {
    (key.clone(), value.clone())
}
