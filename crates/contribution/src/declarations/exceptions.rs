//! Closing exceptions: the unit's money is used for the person after all, or went back to the unit.

use juyi_db::Session;
use juyi_domain::codes::Office;
use juyi_domain::contribution::declaration::DeclarationLineState;
use juyi_domain::contribution::declaration::exception::{self, Outcome, Return};
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::error::Error;
use juyi_proto::contribution::v1 as pb;

use super::members::{self, Paying};
use super::read::{Back, Settle};
use super::{Declarations, contended, find, read, write};
use crate::registry::Enrolled;
use crate::store::declaration_lines::{self as lines, Waiting};
use crate::store::declaration_returns::{self, DeclarationReturn};
use crate::store::declarations;
use crate::store::payments;
use crate::store::vouchers::{self, Use};

/// Closes an exception. Errors: those of the contract.
pub(super) async fn settle(
    desk: &Declarations,
    request: pb::SettleExceptionRequest,
) -> Result<pb::SettleExceptionResponse, Error> {
    let caller = &Caller::current()?;
    let read = &read::settle(&request, desk.context.clock().today())?;
    let offices = [Office::Tax, Office::SocialInsurance, Office::System];
    caller.require(&offices).map_err(|refusal| refusal.by("J-A1.3-k"))?;
    let command = Command::new("SettleException", &request.declaration_id, &request.request_id, &request)
        .validating(request.validate_only);
    if let Some(earlier) = command.maybe_earlier(&desk.database).await? {
        return Ok(earlier);
    }
    let enrolled = match &read.back {
        None => desk.registry.batch(&[(read.key.0, read.key.1)]).await?.pop(),
        Some(_) => None,
    };
    let enrolled = enrolled.as_ref();
    let work = |mut session| async move {
        close(&mut session, desk, caller, read, enrolled).await?;
        let declaration = find(&mut session, read.key.2).await?;
        let line = lines::maybe_find(&mut session, read.key).await?.ok_or_else(contended)?.line;
        let back = declaration_returns::maybe_find(&mut session, read.key).await?;
        let reply = pb::SettleExceptionResponse {
            declaration: Some(write::declaration(&declaration)),
            line: Some(write::line(&line, back.as_ref())),
        };
        Ok((reply, session))
    };
    let mut reply = command.run(&desk.database, &desk.context, work).await?;
    if request.validate_only {
        reply.line.iter_mut().for_each(|line| line.payment_id.clear());
    } else {
        desk.outbox.flush(&request.declaration_id).await;
    }
    Ok(reply)
}

async fn close(
    session: &mut Session,
    desk: &Declarations,
    caller: &Caller,
    read: &Settle,
    enrolled: Option<&Enrolled>,
) -> Result<(), Error> {
    let declaration = find(session, read.key.2).await?;
    caller.require_district(declaration.district)?;
    let waiting = lines::maybe_find(session, read.key).await?.ok_or_else(|| {
        Refusal::new(Reason::EnrolmentNotFound, "the declaration has no such person").at("enrolment_id")
    })?;
    exception::require_open(waiting.line.state)?;
    let paid = declaration.payment.as_ref().ok_or(Error::Fault("an exception without a payment"))?;
    let owed = waiting.line.amounts.payable;
    let mut outcome = Outcome::default();
    let state = if let Some(back) = &read.back {
        let of_payment = Return { paid: owed, paid_on: paid.on, amount: back.amount, on: back.on };
        give_back(session, desk, (caller, read), (&of_payment, back)).await?;
        outcome.give_back(owed);
        DeclarationLineState::Returned
    } else {
        let paying = Paying { context: &desk.context, declaration: &declaration, paid, recorded_by: caller };
        confirm(session, paying, &waiting, enrolled).await?;
        outcome.confirm_exception(owed);
        DeclarationLineState::Confirmed
    };
    if !lines::close(session, read.key, state).await? {
        return Err(contended());
    }
    declarations::add_outcome(session, declaration.id, &outcome).await
}

/// Makes the payment that could not be made, as of the day on which the unit paid.
async fn confirm(
    session: &mut Session,
    paying: Paying<'_>,
    waiting: &Waiting,
    enrolled: Option<&Enrolled>,
) -> Result<(), Error> {
    let (payment, enrolled) = members::settle(paying, waiting, enrolled).map_err(|(reason, behind)| {
        let detail = format!("no payment can be confirmed for this person: {reason}");
        let refusal = Refusal::new(Reason::OrderViolation, detail).at("enrolment_id").by("J-3.3.1-c");
        refusal.with("line_reason", reason).with("behind", behind)
    })?;
    payments::insert_all(session, std::slice::from_ref(&payment)).await?;
    let id = paying.declaration.id;
    members::tell(session, paying.context, id, &[(&payment, enrolled, waiting.entries_now + 1)]).await
}

async fn give_back(
    session: &mut Session,
    desk: &Declarations,
    (caller, read): (&Caller, &Settle),
    (of_payment, back): (&Return, &Back),
) -> Result<(), Error> {
    let (resident_id, enrolment_id, declaration_id) = read.key;
    let mut refusals = Refusals::default();
    refusals.keep(exception::check_return(of_payment));
    let own = Use::of_return(declaration_id);
    refusals.0.extend(vouchers::maybe_refusal(session, &back.voucher_number, &own).await?);
    refusals.into_result()?;
    let now = desk.context.now();
    vouchers::claim_for_declaration(session, &back.voucher_number, &own, (declaration_id, now)).await?;
    let back = DeclarationReturn {
        resident_id,
        enrolment_id,
        declaration_id,
        amount: back.amount,
        on: back.on,
        voucher_number: back.voucher_number.clone(),
        recorded_by: caller.clone(),
        created_at: now,
    };
    declaration_returns::insert(session, &back).await
}
