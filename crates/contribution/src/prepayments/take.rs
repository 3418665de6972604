//! Taking a prepayment, and recording one that was taken before.

use juyi_db::Session;
use juyi_domain::codes::InstitutionKind;
use juyi_domain::contribution::prepayment::{self, Decision, Recorded, Request};
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_proto::contribution::v1 as pb;

use super::read::With;
use super::{Out, book, claim, delivery, payment, read, require_till, write};
use crate::confirm;
use crate::desk::{self, Desk};
use crate::registry::Enrolled;
use crate::service::quote_enrolled;
use crate::store::payments::Payment;
use crate::store::prepayments::{self, Prepayment};
use crate::store::vouchers::{self, Use};

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
        let payment = payment.as_ref().map(crate::write::payment);
        Ok((pb::PrepayPremiumResponse { prepayment: Some(write::term(&prepaid)), payment }, session))
    };
    let mut reply = command.run(&desk.database, &desk.context, work).await?;
    if request.validate_only {
        reply.prepayment.iter_mut().for_each(|prepayment| prepayment.prepayment_id.clear());
        reply.payment.iter_mut().for_each(|payment| payment.payment_id.clear());
    }
    desk.flush(request.validate_only, read.resident_id).await;
    Ok(reply)
}

/// The enrolment with its person, if the term begins with one, and what the person attends.
struct Known {
    enrolled: Option<Enrolled>,
    attends: Vec<InstitutionKind>,
}

async fn known(desk: &Desk, request: &read::Prepay) -> Result<Known, Error> {
    // The registry need not know where somebody studied before the suite was there.
    let (enrolled, on) = match request.with {
        With::Enrolment(id) => (Some(desk.registry.find(request.resident_id, id).await?), request.paid_on),
        With::Year(..) => (None, desk.context.clock().today()),
    };
    let attends = desk.standing.attends(request.resident_id, on).await?;
    Ok(Known { enrolled, attends })
}

async fn take(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    request: &read::Prepay,
    known: &Known,
) -> Result<(Prepayment, Option<Payment>), Error> {
    let mut prepaid = match (request.with, &known.enrolled) {
        (With::Enrolment(id), Some(enrolled)) => Prepayment {
            enrolment_id: Some(id),
            ..begun(context, caller, request, (enrolled.enrolment.policy_year, enrolled.enrolment.district))
        },
        (With::Year(year, district), _) => begun(context, caller, request, (year, district)),
        (With::Enrolment(_), None) => return Err(Error::Fault("an enrolment was not asked for")),
    };
    caller.require_district(prepaid.district)?;
    let mut refusals = Refusals::default();
    if let Some(earlier) = prepayments::maybe_overlapping(session, request.resident_id, prepaid.term).await? {
        let refusal = Refusal::new(Reason::DuplicatePrepayment, "years of this term are prepaid");
        refusals.push(refusal.at("last_policy_year").with("prepayment_id", earlier.id).by("J-3.3.3-a"));
    }
    let mut paid = None;
    let decision = match &known.enrolled {
        Some(enrolled) => {
            let quote = quote_enrolled(context, enrolled, Vec::new())?;
            let law = context.policy().for_(prepaid.district, prepaid.term.first_year, request.paid_on)?;
            let asked = Request {
                policy_year: enrolled.enrolment.policy_year,
                term: prepaid.term,
                attends: known.attends.clone(),
                payable: quote.payable,
                amount: request.amount,
            };
            let out = Out { voucher_number: &request.voucher_number, paid_on: request.paid_on, quote };
            let payment = payment(context, caller, enrolled, out);
            refusals.keep(confirm::once_under(session, &payment, &Use::of_prepayment(prepaid.id)).await?);
            refusals.keep(confirm::opens_coverage(context, &payment, enrolled));
            paid = Some((payment, enrolled));
            refusals.keep(prepayment::decide(&asked, &law.prepayment))
        }
        None => {
            let intended = Use::of_prepayment(prepaid.id);
            refusals.0.extend(vouchers::maybe_refusal(session, &request.voucher_number, &intended).await?);
            refusals.keep(recorded(context, request, known, &prepaid))
        }
    };
    refusals.into_result()?;
    let Some(Decision { amount, receipt }) = decision else { return Err(Refusals::default().into()) };
    (prepaid.amount, prepaid.receipt) = (amount, receipt);
    prepayments::insert(session, &prepaid).await?;
    desk::enqueue(session, context, vec![delivery::noted(context, &prepaid)]).await?;
    match paid {
        Some((payment, enrolled)) => {
            book(session, context, (&payment, &prepaid), enrolled).await?;
            Ok((prepaid, Some(payment)))
        }
        None => {
            claim(session, context, &prepaid).await?;
            Ok((prepaid, None))
        }
    }
}

/// A term as far as it is known before it is decided.
fn begun(
    context: &Context,
    caller: &Caller,
    request: &read::Prepay,
    (first_year, district): (i32, juyi_domain::codes::District),
) -> Prepayment {
    Prepayment {
        resident_id: request.resident_id,
        id: context.id(),
        enrolment_id: None,
        district,
        term: request.term(first_year),
        amount: request.amount.unwrap_or_default(),
        paid_on: request.paid_on,
        voucher_number: request.voucher_number.clone(),
        receipt: juyi_domain::receipt::Receipt::default(),
        recorded_by: caller.clone(),
        created_at: context.now(),
    }
}

/// A term from before the years whose law is loaded, by the law of the first year that is.
fn recorded(
    context: &Context,
    request: &read::Prepay,
    known: &Known,
    prepaid: &Prepayment,
) -> Result<Decision, Refusals> {
    let term = prepaid.term;
    term.check()?;
    let law = |year| context.policy().for_(prepaid.district, year, request.paid_on);
    if law(term.first_year).is_ok() {
        let detail = format!("the law of {} is loaded; its enrolment is paid with the term", term.first_year);
        return Err(Refusal::new(Reason::RequiredFieldMissing, detail).at("enrolment_id").into());
    }
    let mut loaded = (term.first_year..=term.last_year).map(law);
    let law = loaded.find(Result::is_ok).unwrap_or_else(|| law(term.last_year))?;
    let told = Recorded { term, attends: known.attends.clone(), amount: prepaid.amount };
    prepayment::record(&told, &law.prepayment)
}
