//! Premiums deducted from the old-age living subsidy (J-3.3.4-a, B-7.3.3-c).
//!
//! The registry enrols, then the payment is stored. What breaks off between the two is finished by the same call again:
//! under one request id the registry gives one enrolment.

mod many;
mod read;

use juyi_db::Session;
use juyi_domain::codes::{Desk as Counter, PaymentMethod};
use juyi_domain::contribution::deduction::{self, Decision, Order};
use juyi_domain::contribution::ways::Way;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::registry::authority;
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as pb;
use juyi_proto::registry::v1 as registry;

use crate::confirm;
use crate::desk::{self, Desk};
use crate::registry::Enrolled;
use crate::service::quote_enrolled;
use crate::store::payments::{self, Payment};
use crate::store::vouchers::{self, Use};

pub(crate) use self::many::{Answers, deduct_many};

/// Enrols and deducts.
pub(crate) async fn deduct(desk: &Desk, request: pb::DeductPremiumRequest) -> Result<pb::DeductPremiumResponse, Error> {
    let command = Command::new("DeductPremium", &request.resident_id, &request.request_id, &request)
        .validating(request.validate_only);
    let caller = &Caller::current()?;
    let read = &read::deduct(&request, desk.context.clock().today())?;
    require_centre(caller)?;
    // What was taken is answered as it was, before anything is asked of the registry again.
    if let Some(earlier) = command.maybe_earlier(&desk.database).await? {
        return Ok(earlier);
    }
    let decision = &decide(desk, read).await?;
    let enrol = registry::EnrolByDeductionRequest {
        request_id: request.request_id.clone(),
        validate_only: request.validate_only,
        resident_id: request.resident_id.clone(),
        policy_year: request.policy_year,
        district: request.district.clone(),
        deduction_date: request.deduction_date.clone(),
    };
    if request.validate_only {
        desk.standing.check_deduction(enrol).await?;
        return Ok(pb::DeductPremiumResponse { payment: Some(preview(read, decision)) });
    }
    let enrolled = &desk.standing.enrol_by_deduction(enrol).await?;
    let ready = &Ready { request: read, decision, enrolled };
    let work = |mut session| async move {
        let payment = take(&mut session, &desk.context, caller, ready).await?;
        Ok((pb::DeductPremiumResponse { payment: Some(crate::write::payment(&payment)) }, session))
    };
    let reply = match command.run(&desk.database, &desk.context, work).await {
        Err(error @ Error::Refused(_)) => {
            take_back(desk, &request, enrolled).await?;
            return Err(error);
        }
        reply => reply?,
    };
    desk.flush(false, read.resident_id).await;
    Ok(reply)
}

/// Of a deduction that is refused after all no enrolment is left, unless something else has paid it meanwhile.
async fn take_back(desk: &Desk, request: &pb::DeductPremiumRequest, enrolled: &Enrolled) -> Result<(), Error> {
    let (resident_id, enrolment_id) = (enrolled.resident_id, enrolled.enrolment_id);
    let session = &mut desk.database.read().await?;
    if payments::maybe_find_of_enrolment(session, resident_id, enrolment_id).await?.is_some() {
        return Ok(());
    }
    let cancel = registry::CancelDeductionRequest {
        request_id: request.request_id.clone(),
        resident_id: resident_id.to_string(),
        enrolment_id: enrolment_id.to_string(),
    };
    desk.standing.cancel_deduction(cancel).await
}

/// The city social insurance centre deducts: an office of the whole city.
fn require_centre(caller: &Caller) -> Result<(), Refusal> {
    caller.require(authority::at(Counter::CitySocialInsuranceCentre)).map_err(|refusal| refusal.by("J-3.3.4-a"))?;
    match caller.district {
        None => Ok(()),
        Some(own) => {
            let detail = format!("the city social insurance centre deducts; an office of district {own} does not");
            let refusal = Refusal::new(Reason::RoleNotAllowed, detail).with("office_district", own);
            Err(refusal.with("right_desk", Counter::CitySocialInsuranceCentre).by("J-3.3.4-a"))
        }
    }
}

/// What is deducted, with every condition that can be judged before anybody is enrolled.
async fn decide(desk: &Desk, request: &read::Deduct) -> Result<Decision, Error> {
    let law = desk.context.policy().for_(request.district, request.policy_year, request.deducted_on)?;
    let order = Order { deducted_on: request.deducted_on, subsidy: request.subsidy };
    let mut refusals = Refusals::default();
    let decision = refusals.keep(deduction::decide(&order, &law.deduction, &law.premium));
    let mut session = desk.database.read().await?;
    refusals.0.extend(vouchers::maybe_refusal(&mut session, &request.voucher_number, &Use::of_deductions()).await?);
    refusals.into_result()?;
    decision.ok_or_else(|| Refusals::default().into())
}

/// A deduction that was decided, and the enrolment that the registry made for it.
struct Ready<'a> {
    request: &'a read::Deduct,
    decision: &'a Decision,
    enrolled: &'a Enrolled,
}

/// Stores the payment of the enrolment that the registry made.
async fn take(session: &mut Session, context: &Context, caller: &Caller, ready: &Ready<'_>) -> Result<Payment, Error> {
    let Ready { request, decision, enrolled } = *ready;
    let mut quote = quote_enrolled(context, enrolled, Vec::new())?;
    let due = quote.payable;
    quote.receipt.push(decision.step.clone());
    let payment = Payment {
        resident_id: enrolled.resident_id,
        id: context.id(),
        enrolment_id: enrolled.enrolment_id,
        policy_year: enrolled.enrolment.policy_year,
        district: enrolled.enrolment.district,
        unit_id: None,
        declaration_id: None,
        amount: decision.amount,
        paid_on: request.deducted_on,
        method: PaymentMethod::PensionDeduction,
        voucher_number: request.voucher_number.clone(),
        way: Way::default(),
        invokes_epidemic_rule: false,
        refund: None,
        quote,
        recorded_by: caller.clone(),
        created_at: context.now(),
    };
    let mut refusals = Refusals::default();
    refusals.keep(confirm::once(session, &payment).await?);
    if due != decision.amount {
        // An identity that arrived in between makes the year free; nothing is taken.
        let refusal = Refusal::new(Reason::ClassNotEligible, "another amount is due from this person");
        refusals.push(refusal.at("resident_id").with("due_fen", due.get()).by(decision.step.rule_id.clone()));
    }
    refusals.into_result()?;
    desk::pay(session, context, &payment, enrolled).await?;
    Ok(payment)
}

/// What would be deducted.
fn preview(request: &read::Deduct, decision: &Decision) -> pb::Payment {
    pb::Payment {
        resident_id: request.resident_id.to_string(),
        policy_year: request.policy_year,
        amount_fen: decision.amount.get(),
        payment_date: request.deducted_on.to_string(),
        method: PaymentMethod::PensionDeduction.to_wire(),
        voucher_number: request.voucher_number.clone(),
        ..Default::default()
    }
}
