//! Premiums prepaid by academic years (J-3.3.3-a, J-3.3.3-b).

mod delivery;
mod read;
mod write;

use chrono::NaiveDate;
use juyi_db::Session;
use juyi_domain::codes::{InstitutionKind, Office, PaymentMethod};
use juyi_domain::contribution::prepayment::{self, Request};
use juyi_domain::contribution::quote::Quote;
use juyi_domain::contribution::ways::Way;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_proto::contribution::v1 as pb;

use crate::confirm;
use crate::desk::{self, Desk};
use crate::registry::Enrolled;
use crate::service::quote_enrolled;
use crate::store::payments::Payment;
use crate::store::prepayments::{self, Prepayment};

pub(crate) use self::delivery::{PREPAYMENT_NOTED, ToRegistry};
pub(crate) use crate::store::prepayments::maybe_covering;

/// Takes a prepayment, and pays the running year with it.
pub(crate) async fn prepay(desk: &Desk, request: pb::PrepayPremiumRequest) -> Result<pb::PrepayPremiumResponse, Error> {
    let command = Command::new("PrepayPremium", &request.resident_id, &request.request_id, &request)
        .validating(request.validate_only);
    let caller = &Caller::current()?;
    let read = &read::prepay(&request, desk.context.clock().today())?;
    require_till(caller)?;
    let known = match known(desk, read).await {
        Ok(known) => known,
        Err(error) => return command.maybe_earlier(&desk.database).await?.ok_or(error),
    };
    let known = &known;
    let work = |mut session| async move {
        let (prepaid, payment) = take(&mut session, &desk.context, caller, read, known).await?;
        let prepayment = Some(write::term(&prepaid));
        Ok((pb::PrepayPremiumResponse { prepayment, payment: Some(crate::write::payment(&payment)) }, session))
    };
    let mut reply = command.run(&desk.database, &desk.context, work).await?;
    if request.validate_only {
        reply.prepayment.iter_mut().for_each(|prepayment| prepayment.prepayment_id.clear());
        reply.payment.iter_mut().for_each(|payment| payment.payment_id.clear());
    }
    desk.flush(request.validate_only, read.resident_id).await;
    Ok(reply)
}

/// The enrolment with its person, and what the person attends on the day of payment.
struct Known {
    enrolled: Enrolled,
    attends: Vec<InstitutionKind>,
}

async fn known(desk: &Desk, request: &read::Prepay) -> Result<Known, Error> {
    let enrolled = desk.registry.find(request.resident_id, request.enrolment_id).await?;
    let attends = desk.standing.attends(request.resident_id, request.paid_on).await?;
    Ok(Known { enrolled, attends })
}

/// Premiums are taken by the tax side (J-A1.3-k).
fn require_till(caller: &Caller) -> Result<(), Refusal> {
    caller.require(&[Office::Tax, Office::System]).map_err(|refusal| refusal.by("J-A1.3-k"))
}

async fn take(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    request: &read::Prepay,
    Known { enrolled, attends }: &Known,
) -> Result<(Prepayment, Payment), Error> {
    let enrolment = &enrolled.enrolment;
    caller.require_district(enrolment.district)?;
    let quote = quote_enrolled(context, enrolled, Vec::new())?;
    let law = context.policy().for_(enrolment.district, enrolment.policy_year, request.paid_on)?;
    let term = request.term(enrolment.policy_year);
    let asked = Request {
        policy_year: enrolment.policy_year,
        term,
        attends: attends.clone(),
        payable: quote.payable,
        amount: request.amount,
    };
    let payment = payment(
        context,
        caller,
        enrolled,
        Out { voucher_number: &request.voucher_number, paid_on: request.paid_on, quote },
    );
    let mut refusals = Refusals::default();
    if let Some(earlier) = prepayments::maybe_overlapping(session, request.resident_id, term).await? {
        let refusal = Refusal::new(Reason::DuplicatePrepayment, "years of this term are prepaid");
        refusals.push(refusal.at("last_policy_year").with("prepayment_id", earlier.id).by("J-3.3.3-a"));
    }
    refusals.keep(confirm::once(session, &payment).await?);
    refusals.keep(confirm::opens_coverage(context, &payment, enrolled));
    let decision = refusals.keep(prepayment::decide(&asked, &law.prepayment));
    refusals.into_result()?;
    let Some(decision) = decision else { return Err(Refusals::default().into()) };
    let prepaid = Prepayment {
        resident_id: request.resident_id,
        id: context.id(),
        enrolment_id: request.enrolment_id,
        term,
        amount: decision.amount,
        paid_on: request.paid_on,
        voucher_number: request.voucher_number.clone(),
        receipt: decision.receipt,
        recorded_by: caller.clone(),
        created_at: context.now(),
    };
    prepayments::insert(session, &prepaid).await?;
    desk::enqueue(session, context, vec![delivery::noted(context, &prepaid)]).await?;
    desk::pay(session, context, &payment, enrolled).await?;
    Ok((prepaid, payment))
}

/// Pays a later year out of its term: nothing is due, whatever the premium has become.
pub(crate) async fn make_use(
    desk: &Desk,
    request: pb::UsePrepaymentRequest,
) -> Result<pb::UsePrepaymentResponse, Error> {
    let command = Command::new("UsePrepayment", &request.resident_id, &request.request_id, &request)
        .validating(request.validate_only);
    let caller = &Caller::current()?;
    let read = &read::make_use(&request, desk.context.clock().today())?;
    require_till(caller)?;
    let enrolled = match desk.registry.find(read.resident_id, read.enrolment_id).await {
        Ok(enrolled) => enrolled,
        Err(error) => return command.maybe_earlier(&desk.database).await?.ok_or(error),
    };
    let enrolled = &enrolled;
    let work = |mut session| async move {
        let payment = pay_year(&mut session, &desk.context, caller, read, enrolled).await?;
        Ok((pb::UsePrepaymentResponse { payment: Some(crate::write::payment(&payment)) }, session))
    };
    let mut reply = command.run(&desk.database, &desk.context, work).await?;
    if request.validate_only {
        reply.payment.iter_mut().for_each(|payment| payment.payment_id.clear());
    }
    desk.flush(request.validate_only, read.resident_id).await;
    Ok(reply)
}

async fn pay_year(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    request: &read::Use,
    enrolled: &Enrolled,
) -> Result<Payment, Error> {
    let enrolment = &enrolled.enrolment;
    caller.require_district(enrolment.district)?;
    let prepaid = maybe_covering(session, request.resident_id, enrolment.policy_year).await?;
    let prepaid = prepaid.ok_or_else(|| {
        let detail = format!("{} is not prepaid", enrolment.policy_year);
        Refusal::new(Reason::PrepaymentNotFound, detail).at("enrolment_id").by("J-3.3.3-a")
    })?;
    let quote = quote_enrolled(context, enrolled, Vec::new())?;
    let mut payment = payment(
        context,
        caller,
        enrolled,
        Out { voucher_number: &prepaid.voucher_number, paid_on: request.paid_on, quote },
    );
    payment.amount = request.amount;
    let mut refusals = Refusals::default();
    refusals.keep(confirm::once(session, &payment).await?);
    refusals.keep(confirm::opens_coverage(context, &payment, enrolled));
    let step = refusals.keep(prepayment::check_prepaid_year(request.amount, payment.method));
    refusals.into_result()?;
    payment.quote.receipt.steps.extend(step);
    desk::pay(session, context, &payment, enrolled).await?;
    Ok(payment)
}

/// What a year takes out of its term.
struct Out<'a> {
    voucher_number: &'a str,
    paid_on: NaiveDate,
    quote: Quote,
}

/// A payment out of a prepaid term, of what the quote says is payable.
fn payment(context: &Context, caller: &Caller, enrolled: &Enrolled, out: Out<'_>) -> Payment {
    let Out { voucher_number, paid_on, quote } = out;
    Payment {
        resident_id: enrolled.resident_id,
        id: context.id(),
        enrolment_id: enrolled.enrolment_id,
        policy_year: enrolled.enrolment.policy_year,
        district: enrolled.enrolment.district,
        unit_id: None,
        declaration_id: None,
        amount: quote.payable,
        paid_on,
        method: PaymentMethod::Prepayment,
        voucher_number: voucher_number.to_owned(),
        way: Way::default(),
        invokes_epidemic_rule: false,
        refund: None,
        quote,
        recorded_by: caller.clone(),
        created_at: context.now(),
    }
}

pub(crate) async fn list(
    desk: &Desk,
    request: &pb::ListPrepaymentsRequest,
) -> Result<pb::ListPrepaymentsResponse, Error> {
    let (resident_id, before, size) = read::list(request)?;
    let page = prepayments::page(&mut desk.database.read().await?, resident_id, before, size).await?;
    let full = i64::try_from(page.len()) == Ok(size);
    let next = page.last().filter(|_| full).map(|last| last.id.to_string());
    Ok(pb::ListPrepaymentsResponse {
        prepayments: page.iter().map(write::term).collect(),
        next_page_token: next.unwrap_or_default(),
    })
}
