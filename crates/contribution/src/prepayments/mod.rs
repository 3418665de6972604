//! Premiums prepaid by academic years (J-3.3.3-a, J-3.3.3-b).

mod delivery;
mod read;
mod write;

use juyi_db::Session;
use juyi_domain::codes::{InstitutionKind, Office, PaymentMethod};
use juyi_domain::contribution::prepayment::{self, Request};
use juyi_domain::contribution::quote::Quote;
use juyi_domain::money::Fen;
use juyi_domain::receipt::Receipt;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_proto::contribution::v1 as pb;

use crate::desk::{self, Desk};
use crate::registry::Enrolled;
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
    let (enrolled, attends) = &known;
    let work = |mut session| async move {
        let (prepaid, payment) = take(&mut session, &desk.context, caller, read, enrolled, attends).await?;
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
async fn known(desk: &Desk, request: &read::Prepay) -> Result<(Enrolled, Vec<InstitutionKind>), Error> {
    let enrolled = desk.registry.find(request.resident_id, request.enrolment_id).await?;
    let attends = desk.standing.attends(request.resident_id, request.paid_on).await?;
    Ok((enrolled, attends))
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
    enrolled: &Enrolled,
    attends: &[InstitutionKind],
) -> Result<(Prepayment, Payment), Error> {
    let enrolment = &enrolled.enrolment;
    caller.require_district(enrolment.district)?;
    let quote = crate::service::quote_enrolled(context, enrolled, false)?;
    let law = context.policy().for_(enrolment.district, enrolment.policy_year, request.paid_on)?;
    let term = request.term(enrolment.policy_year);
    let asked = Request {
        policy_year: enrolment.policy_year,
        term,
        attends: attends.to_vec(),
        payable: quote.payable,
        amount: request.amount,
    };
    let mut refusals = Refusals::default();
    if let Some(earlier) = prepayments::maybe_overlapping(session, request.resident_id, term).await? {
        let refusal = Refusal::new(Reason::DuplicatePrepayment, "years of this term are prepaid");
        refusals.push(refusal.at("last_policy_year").with("prepayment_id", earlier.id).by("J-3.3.3-a"));
    }
    let (resident_id, voucher) = (request.resident_id, request.voucher_number.as_str());
    refusals.keep(desk::not_paid(session, resident_id, request.enrolment_id, voucher).await?);
    refusals.keep(desk::opens_coverage(context, enrolled, request.paid_on));
    let decision = refusals.keep(prepayment::decide(&asked, &law.prepayment));
    refusals.into_result()?;
    let Some(decision) = decision else { return Err(Refusals::default().into()) };
    let prepaid = Prepayment {
        resident_id,
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
    let payment = payment(context, caller, enrolled, &prepaid.voucher_number, prepaid.paid_on, quote);
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
    // No tax voucher is issued for nothing; the enrolment stands for it.
    let voucher = request.enrolment_id.to_string();
    let mut refusals = Refusals::default();
    if maybe_covering(session, request.resident_id, enrolment.policy_year).await?.is_none() {
        let detail = format!("{} is not prepaid", enrolment.policy_year);
        refusals.push(Refusal::new(Reason::PrepaymentNotFound, detail).at("enrolment_id").by("J-3.3.3-a"));
    }
    refusals.keep(desk::not_paid(session, request.resident_id, request.enrolment_id, &voucher).await?);
    refusals.keep(desk::opens_coverage(context, enrolled, request.paid_on));
    let step = refusals.keep(prepayment::check_prepaid_year(request.amount, PaymentMethod::Prepayment));
    refusals.into_result()?;
    let receipt = Receipt { steps: step.into_iter().collect() };
    let (zero, government, subsidy_ground) = (Fen::ZERO, None, None);
    let quote = Quote { personal: zero, subsidy: zero, government, payable: zero, subsidy_ground, receipt };
    let payment = payment(context, caller, enrolled, &voucher, request.paid_on, quote);
    desk::pay(session, context, &payment, enrolled).await?;
    Ok(payment)
}

/// A payment out of a prepaid term, of what the quote says is payable.
fn payment(
    context: &Context,
    caller: &Caller,
    enrolled: &Enrolled,
    voucher_number: &str,
    paid_on: chrono::NaiveDate,
    quote: Quote,
) -> Payment {
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
