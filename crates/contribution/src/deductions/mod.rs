//! Premiums deducted from the old-age living subsidy (J-3.3.4-a, B-7.3.3-c).
//!
//! The registry enrols, then the payment is stored ([`work`](mod@work)). What breaks off between the two is finished by the
//! same call again, as under one request id the registry gives one enrolment; what is refused in the end or never sent again
//! is taken back ([`undo`]).

mod many;
mod read;
mod undo;
mod work;

use juyi_db::Session;
use juyi_domain::codes::{Desk as Counter, PaymentMethod};
use juyi_domain::contribution::deduction::{self, Decision, Order};
use juyi_domain::contribution::ways::Way;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::registry::authority;
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as pb;

use crate::confirm;
use crate::desk::Desk;
use crate::registry::Enrolled;
use crate::service::quote_enrolled;
use crate::store::payments::Payment;
use crate::store::vouchers::{self, Use};

pub(crate) use self::many::{Answers, deduct_many};
pub(crate) use self::undo::run as upkeep;

/// Enrols and deducts.
pub(crate) async fn deduct(desk: &Desk, request: pb::DeductPremiumRequest) -> Result<pb::DeductPremiumResponse, Error> {
    let caller = &Caller::current()?;
    require_centre(caller)?;
    let outcome = work::work(desk, caller, &[request]).await?.pop();
    outcome.ok_or(Error::Fault("a deduction without an outcome"))?
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

/// The payment of the enrolment that the registry made.
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
