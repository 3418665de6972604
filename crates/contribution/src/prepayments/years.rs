//! Paying a year out of its term: nothing is due, whatever the premium has become.

use juyi_db::Session;
use juyi_domain::codes::PaymentMethod;
use juyi_domain::contribution::prepayment::check_prepaid_year;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_proto::contribution::v1 as pb;
use juyi_proto::registry::v1 as registry;

use super::{Out, book, payment, read, require_till};
use crate::conditions::reasons;
use crate::confirm;
use crate::desk::Desk;
use crate::registry::Enrolled;
use crate::service::quote_enrolled;
use crate::store::payments::Payment;
use crate::store::prepayments::{self, Prepayment};
use crate::store::vouchers::Use;

/// Has the student enrolled for the year and pays it.
pub(crate) async fn make_use(
    desk: &Desk,
    request: pb::UsePrepaymentRequest,
) -> Result<pb::UsePrepaymentResponse, Error> {
    let command = Command::new("UsePrepayment", &request.resident_id, &request.request_id, &request)
        .validating(request.validate_only);
    let caller = &Caller::current()?;
    let read = &read::make_use(&request, desk.context.clock().today())?;
    require_till(caller)?;
    if let Some(earlier) = command.maybe_earlier(&desk.database).await? {
        return Ok(earlier);
    }
    let prepaid = &covering(&mut desk.database.read().await?, caller, read).await?;
    check_prepaid_year(read.amount, PaymentMethod::Prepayment)?;
    let enrolled = &ready(desk, caller, read, (prepaid, request.validate_only)).await?;
    let work = |mut session| async move {
        let payment = pay_year(&mut session, &desk.context, caller, (read, prepaid), enrolled).await?;
        Ok((pb::UsePrepaymentResponse { payment: Some(crate::write::payment(&payment)) }, session))
    };
    let mut reply = command.run(&desk.database, &desk.context, work).await?;
    if let (true, Some(payment)) = (request.validate_only, &mut reply.payment) {
        payment.payment_id.clear();
        payment.enrolment_id.clear();
    }
    desk.flush(request.validate_only, read.resident_id).await;
    Ok(reply)
}

/// The term with the year.
async fn covering(session: &mut Session, caller: &Caller, request: &read::Use) -> Result<Prepayment, Error> {
    let prepaid = prepayments::maybe_covering(session, request.resident_id, request.policy_year).await?;
    let prepaid = prepaid.ok_or_else(|| {
        let detail = format!("{} is not prepaid", request.policy_year);
        Refusal::new(Reason::PrepaymentNotFound, detail).at("policy_year").by("J-3.3.3-a")
    })?;
    caller.require_district(prepaid.district)?;
    Ok(prepaid)
}

/// The enrolment of the year: that with which the term was taken, or one that the registry makes without a new application
/// (J-3.2.1-c). Term and year name it, so that it is one whoever asks and however often. The enrolment is rehearsed and the
/// payment judged first, so that no enrolment is made for a payment that is refused; `trial` ends there.
pub(super) async fn ready(
    desk: &Desk,
    caller: &Caller,
    request: &read::Use,
    (prepaid, trial): (&Prepayment, bool),
) -> Result<Enrolled, Error> {
    if let Some(id) = prepaid.enrolment_id.filter(|_| prepaid.term.first_year == request.policy_year) {
        return desk.registry.find(prepaid.resident_id, id).await;
    }
    let request_id = format!("{}:{}", prepaid.id, request.policy_year);
    let ask = registry::EnrolByPrepaymentRequest {
        validate_only: false,
        resident_id: request.resident_id.to_string(),
        policy_year: request.policy_year,
        prepayment_id: prepaid.id.to_string(),
        request_id,
    };
    let rehearsal = registry::EnrolByPrepaymentRequest {
        validate_only: true,
        request_id: format!("trial:{}", request.policy_year),
        ..ask.clone()
    };
    match desk.standing.enrol_by_prepayment(rehearsal).await {
        Ok(rehearsed) => {
            let session = &mut desk.database.read().await?;
            judge(session, &desk.context, caller, (request, prepaid), &rehearsed).await?;
            if trial {
                return Ok(rehearsed);
            }
        }
        // A call that broke off may have enrolled; the same again tells.
        Err(error) if reasons(&error).contains(&Reason::DuplicateEnrolment) => {}
        Err(error) => return Err(error),
    }
    desk.standing.enrol_by_prepayment(ask).await
}

async fn pay_year(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    (request, prepaid): (&read::Use, &Prepayment),
    enrolled: &Enrolled,
) -> Result<Payment, Error> {
    let payment = judge(session, context, caller, (request, prepaid), enrolled).await?;
    book(session, context, (&payment, prepaid), enrolled).await?;
    Ok(payment)
}

/// The payment of the year, with every condition checked and nothing stored.
pub(super) async fn judge(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    (request, prepaid): (&read::Use, &Prepayment),
    enrolled: &Enrolled,
) -> Result<Payment, Error> {
    caller.require_district(enrolled.enrolment.district)?;
    let quote = quote_enrolled(context, enrolled, Vec::new())?;
    let out = Out { voucher_number: &prepaid.voucher_number, paid_on: request.paid_on, quote };
    let mut payment = payment(context, caller, enrolled, out);
    payment.amount = request.amount;
    let mut refusals = Refusals::default();
    refusals.keep(confirm::once_under(session, &payment, &Use::of_prepayment(prepaid.id)).await?);
    refusals.keep(confirm::opens_coverage(context, &payment, enrolled));
    let step = refusals.keep(check_prepaid_year(request.amount, payment.method));
    refusals.into_result()?;
    payment.quote.receipt.steps.extend(step);
    Ok(payment)
}
