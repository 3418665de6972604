//! Decisions of contribution.

use chrono::NaiveDate;
use juyi_db::Session;
use juyi_domain::benefit_period::derive::derive;
use juyi_domain::codes::{Office, PaymentMethod};
use juyi_domain::contribution::payment::check_payment;
use juyi_domain::contribution::quote::{self, Quote, QuoteRequest};
use juyi_domain::id::{PaymentId, ResidentId};
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::outbox;
use juyi_proto::enrolment::Paid;

use crate::registry::{Enrolled, Registry};
use crate::store::payments::{self, Payment};
use crate::{delivery, read};

/// Quotes a stored enrolment under the law of the day of application, or given facts under that of the first day of
/// the policy year.
pub(crate) async fn quote(context: &Context, registry: &Registry, subject: read::Subject) -> Result<Quote, Error> {
    match subject {
        read::Subject::Enrolment { resident_id, id, with_government } => {
            let enrolled = registry.find(resident_id, id).await?;
            Ok(quote_enrolled(context, &enrolled, with_government)?)
        }
        read::Subject::Facts { policy_year, district, request } => {
            let first_day = NaiveDate::from_ymd_opt(policy_year, 1, 1).unwrap_or_default();
            let law = context.policy().for_(district, policy_year, first_day)?;
            Ok(quote::quote(&request, &law.premium)?)
        }
    }
}

/// Quotes what is due of an enrolment.
pub(crate) fn quote_enrolled(context: &Context, enrolled: &Enrolled, with_government: bool) -> Result<Quote, Refusals> {
    let enrolment = &enrolled.enrolment;
    let law = context.policy().for_(enrolment.district, enrolment.policy_year, enrolment.applied_on)?;
    let request = QuoteRequest {
        class: enrolment.class,
        tier: enrolment.tier,
        identities: enrolled.identities.clone(),
        with_government,
    };
    quote::quote(&request, &law.premium)
}

/// Who may confirm: the tax side (J-A1.3-k), and for what never passes the till of a bank also the offices that settle
/// with the treasury.
pub(crate) fn require_duty(caller: &Caller, method: PaymentMethod) -> Result<(), Refusal> {
    let offices: &[Office] = match method {
        PaymentMethod::GovernmentSubsidy => {
            &[Office::Tax, Office::System, Office::SocialInsurance, Office::MedicalInsurance]
        }
        _ => &[Office::Tax, Office::System],
    };
    caller.require(offices).map_err(|refusal| refusal.by("J-A1.3-k"))
}

/// Confirms a payment and leaves its events, inside the transaction it is given.
pub(crate) async fn confirm(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    request: &read::Confirm,
    enrolled: &Enrolled,
) -> Result<Payment, Error> {
    caller.require_district(enrolled.enrolment.district)?;
    let quote = quote_enrolled(context, enrolled, false)?;
    let mut refusals = Refusals::default();
    refusals.keep(not_paid(session, request).await?);
    refusals.keep(check_payment(quote.payable, request.amount, request.method));
    refusals.keep(opens_coverage(context, request, enrolled, quote.payable.is_zero()));
    refusals.into_result()?;

    let payment = Payment {
        resident_id: request.resident_id,
        id: context.id(),
        enrolment_id: request.enrolment_id,
        policy_year: enrolled.enrolment.policy_year,
        district: enrolled.enrolment.district,
        unit_id: None,
        declaration_id: None,
        amount: request.amount,
        paid_on: request.paid_on,
        method: request.method,
        voucher_number: request.voucher_number.clone(),
        invokes_epidemic_rule: request.invokes_epidemic_rule,
        refund: None,
        quote,
        recorded_by: caller.clone(),
        created_at: context.now(),
    };
    payments::insert(session, &payment).await?;
    let version = payments::entries(session, payment.resident_id, payment.enrolment_id).await?;
    let subject = payment.resident_id.to_string();
    for event in delivery::confirmed(context, &subject, &[(&payment, enrolled, version)]) {
        outbox::enqueue(session, &event, payment.created_at).await?;
    }
    Ok(payment)
}

/// One payment settles an enrolment, and one voucher one payment.
async fn not_paid(session: &mut Session, request: &read::Confirm) -> Result<Result<(), Refusals>, Error> {
    let mut refusals = Refusals::default();
    let paid = payments::maybe_find_of_enrolment(session, request.resident_id, request.enrolment_id).await?;
    if let Some(id) = paid {
        refusals.push(duplicate(id, "this enrolment is paid").at("enrolment_id"));
    }
    let used = payments::maybe_find_of_voucher(session, request.resident_id, &request.voucher_number).await?;
    if let Some(id) = used.filter(|id| Some(*id) != paid) {
        refusals.push(duplicate(id, "this voucher confirmed another payment").at("voucher_number"));
    }
    Ok(refusals.into_result())
}

fn duplicate(id: PaymentId, detail: &str) -> Refusal {
    Refusal::new(Reason::DuplicatePayment, detail).with("payment_id", id)
}

/// A payment that opens no coverage is refused before it is stored; the benefit period derives the same spans from
/// the same facts.
fn opens_coverage(
    context: &Context,
    request: &read::Confirm,
    enrolled: &Enrolled,
    fully_subsidised: bool,
) -> Result<(), Refusals> {
    let enrolment = &enrolled.enrolment;
    let mut refusals = Refusals::default();
    if request.paid_on < enrolment.applied_on {
        let detail = format!("the payment lies before the application of {}", enrolment.applied_on);
        refusals.push(Refusal::new(Reason::DateOrder, detail).at("payment_date"));
    }
    let paid = Paid { on: request.paid_on, fully_subsidised, invokes_epidemic_rule: request.invokes_epidemic_rule };
    let facts = enrolment.coverage_facts(enrolled.born_on, paid);
    let law = context.policy().for_(enrolment.district, enrolment.policy_year, facts.paid_on)?;
    refusals.keep(derive(&facts, &law.benefit_period));
    refusals.into_result()
}

pub(crate) async fn find(session: &mut Session, resident_id: ResidentId, id: PaymentId) -> Result<Payment, Error> {
    payments::maybe_find(session, resident_id, id).await?.ok_or_else(|| {
        Refusal::new(Reason::PaymentNotFound, "the resident has no payment with this id").at("payment_id").into()
    })
}
