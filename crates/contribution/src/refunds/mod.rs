//! Refunds (J-3.5-a to -f, B-8.2.3-c): accepted and verified by the tax office, paid back by the agency.

mod grpc;
mod judge;
mod read;
mod steps;
mod write;

use juyi_db::Session;
use juyi_domain::codes::RefundState;
use juyi_domain::id::{RefundId, ResidentId};
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::error::Error;
use juyi_kit::wire::next_page;
use juyi_proto::contribution::v1 as pb;

use crate::desk::{self, Desk};
use crate::store::refund_steps;
use crate::store::refunds::{self, Refund};

use self::judge::Known;

/// Accepts an application. The registry is asked before the transaction, which must not wait for a peer; a repetition is
/// answered as the first time.
async fn apply(desk: &Desk, request: pb::ApplyRefundRequest) -> Result<pb::ApplyRefundResponse, Error> {
    let command = Command::new("ApplyRefund", &request.resident_id, &request.request_id, &request)
        .validating(request.validate_only);
    let caller = &Caller::current()?;
    let read = &read::apply(&request, desk.context.clock().today())?;
    steps::require_acceptor(caller)?;
    let known = match Known::of(desk, read.resident_id, read.enrolment_id, read.applied_on).await {
        Ok(known) => known,
        Err(error) => return command.maybe_earlier(&desk.database).await?.ok_or(error),
    };
    let known = &known;
    let work = |mut session| async move {
        let refund = steps::accept(&mut session, &desk.context, caller, read, known).await?;
        Ok((pb::ApplyRefundResponse { refund: Some(answer(&mut session, &refund).await?) }, session))
    };
    let mut reply = command.run(&desk.database, &desk.context, work).await?;
    if let (true, Some(refund)) = (request.validate_only, &mut reply.refund) {
        refund.refund_id.clear();
    }
    Ok(reply)
}

async fn verify(desk: &Desk, request: pb::VerifyRefundRequest) -> Result<pb::VerifyRefundResponse, Error> {
    let command = Command::new("VerifyRefund", &request.resident_id, &request.request_id, &request)
        .validating(request.validate_only);
    let caller = &Caller::current()?;
    let read = &read::verify(&request)?;
    steps::require_verifier(caller)?;
    let known = match known(desk, read).await {
        Ok(known) => known,
        Err(error) => return command.maybe_earlier(&desk.database).await?.ok_or(error),
    };
    let known = known.as_ref();
    let work = |mut session| async move {
        let refund = match known {
            Some(known) => steps::verify(&mut session, &desk.context, caller, read, known).await?,
            None => steps::reject(&mut session, &desk.context, caller, read).await?,
        };
        Ok((pb::VerifyRefundResponse { refund: Some(answer(&mut session, &refund).await?) }, session))
    };
    let reply = command.run(&desk.database, &desk.context, work).await?;
    desk.flush(request.validate_only, read.resident_id).await;
    Ok(reply)
}

/// What the registry knows now, where the refund is to be verified; a rejection needs none of it.
async fn known(desk: &Desk, request: &read::Verify) -> Result<Option<Known>, Error> {
    let refund = find(&mut desk.database.read().await?, request.resident_id, request.refund_id).await?;
    match request.decision {
        RefundState::Verified => {
            Known::of(desk, refund.resident_id, refund.enrolment_id, refund.applied_on).await.map(Some)
        }
        _ => Ok(None),
    }
}

async fn repay(desk: &Desk, request: pb::RepayRefundRequest) -> Result<pb::RepayRefundResponse, Error> {
    let command = Command::new("RepayRefund", &request.resident_id, &request.request_id, &request)
        .validating(request.validate_only);
    let caller = &Caller::current()?;
    let read = &read::repay(&request, desk.context.clock().today())?;
    let work = |mut session| async move {
        let refund = steps::repay(&mut session, &desk.context, caller, read).await?;
        Ok((pb::RepayRefundResponse { refund: Some(answer(&mut session, &refund).await?) }, session))
    };
    command.run(&desk.database, &desk.context, work).await
}

async fn get(desk: &Desk, request: &pb::GetRefundRequest) -> Result<pb::GetRefundResponse, Error> {
    let (resident_id, id) = read::get(request)?;
    let mut session = desk.database.read().await?;
    let refund = find(&mut session, resident_id, id).await?;
    Caller::current()?.require_district(refund.district)?;
    Ok(pb::GetRefundResponse { refund: Some(answer(&mut session, &refund).await?) })
}

async fn list(desk: &Desk, request: &pb::ListRefundsRequest) -> Result<pb::ListRefundsResponse, Error> {
    let read = read::list(request)?;
    let mut session = desk.database.read().await?;
    let page = match read.scope {
        read::Scope::Resident(resident_id) => refunds::page(&mut session, resident_id, read.place, read.size).await?,
        read::Scope::OpenIn(district) => {
            Caller::current()?.require_district(district)?;
            refunds::open(&mut session, district, read.place, read.size).await?
        }
    };
    let next_page_token = next_page(&page, read.size, |last| last.id.to_string());
    let mut answers = Vec::with_capacity(page.len());
    // What another district decides is not shown; a page may be shorter for it.
    let seen = desk::scope(&Caller::current()?)?;
    for refund in page.iter().filter(|refund| seen.is_none_or(|own| own == refund.district)) {
        answers.push(answer(&mut session, refund).await?);
    }
    Ok(pb::ListRefundsResponse { refunds: answers, next_page_token })
}

/// A refund with its steps. Errors: those of the database.
async fn answer(session: &mut Session, refund: &Refund) -> Result<pb::Refund, Error> {
    let steps = refund_steps::list(session, refund.resident_id, refund.id).await?;
    Ok(write::refund(refund, &steps))
}

/// Errors: REFUND_NOT_FOUND.
async fn find(session: &mut Session, resident_id: ResidentId, id: RefundId) -> Result<Refund, Error> {
    refunds::maybe_find(session, resident_id, id).await?.ok_or_else(|| {
        Refusal::new(Reason::RefundNotFound, "the resident has no refund with this id").at("refund_id").into()
    })
}
