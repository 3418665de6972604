//! Confirming payments: exactly once, the exact amount, in an allowed way, inside the window.
//!
//! [`confirm`] judges what the tax side reports of one person; [`once`] and [`opens_coverage`] hold for every kind of payment
//! of a single person.

use juyi_db::Session;
use juyi_domain::benefit_period::derive::derive;
use juyi_domain::codes::{Category, Office, PaymentMethod};
use juyi_domain::contribution::declaration::declarer;
use juyi_domain::contribution::funding::check_charges;
use juyi_domain::contribution::notice::{self, Issued};
use juyi_domain::contribution::payment::check_payment;
use juyi_domain::contribution::prepayment::check_prepaid_year;
use juyi_domain::contribution::ways;
use juyi_domain::id::{EnrolmentId, PaymentId, ResidentId};
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::outbox;
use juyi_proto::enrolment::Paid;

use crate::registry::Enrolled;
use crate::service::{due, payee};
use crate::store::payments::{self, Payment};
use crate::store::{declaration_lines, notices, vouchers};
use crate::{delivery, read};

/// A stored payment with the number of entries that its enrolment has seen.
pub(crate) struct Booked {
    pub(crate) payment: Payment,
    pub(crate) version: i64,
}

/// Who may confirm: the tax side (J-A1.3-k), and for what never passes the till of a bank also the offices that settle
/// with the treasury.
pub(crate) fn require_duty(caller: &Caller, method: PaymentMethod) -> Result<(), Refusal> {
    let offices: &[Office] = match method {
        PaymentMethod::GovernmentSubsidy => COLLECTORS,
        _ => &[Office::Tax, Office::System],
    };
    caller.require(offices).map_err(|refusal| refusal.by("J-A1.3-k"))
}

/// Offices that confirm anything at all.
pub(crate) const COLLECTORS: &[Office] =
    &[Office::Tax, Office::System, Office::SocialInsurance, Office::MedicalInsurance];

/// Confirms the payment of one person and leaves its events, inside the transaction it is given.
pub(crate) async fn confirm(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    request: &read::Confirm,
    enrolled: &Enrolled,
) -> Result<Payment, Error> {
    let booked = confirm_quietly(session, context, caller, request, enrolled).await?;
    let subject = booked.payment.resident_id.to_string();
    tell(session, context, &subject, &[(&booked, enrolled)]).await?;
    Ok(booked.payment)
}

/// Confirms the payment of one person; the events are left to the caller.
pub(crate) async fn confirm_quietly(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    request: &read::Confirm,
    enrolled: &Enrolled,
) -> Result<Booked, Error> {
    let quote = due(session, context, enrolled, Vec::new()).await?;
    let enrolment = &enrolled.enrolment;
    let law = context.policy().for_(enrolment.district, enrolment.policy_year, enrolment.applied_on)?;
    let mut refusals = Refusals::default();
    if quote.prepaid {
        refusals.keep(check_prepaid_year(request.amount, request.method));
    }
    // Its own method is told of, as everywhere.
    if !quote.prepaid || request.method == PaymentMethod::Prepayment {
        refusals.keep(check_payment(quote.payable, request.amount, request.method));
    }
    // Who owes nothing, and what has a method of its own, comes by none of the ways.
    let by_a_way = !matches!(
        request.method,
        PaymentMethod::GovernmentSubsidy | PaymentMethod::PensionDeduction | PaymentMethod::Prepayment
    );
    if by_a_way && !quote.payable.is_zero() {
        refusals.keep(ways::check(request.method, &request.way, payee(enrolled, &quote), &law.payment));
        let issued = issued(session, &request.way, enrolled).await?;
        let presented = notice::check_presented(request.method, &request.way, quote.payable, issued, &law.payment);
        refusals.keep(presented);
    }
    refusals.keep(check_charges(&request.charges, &law.premium));
    caller.require_district(enrolment.district)?;
    let by_unit = matches!(request.method, PaymentMethod::AuthorisedTransfer | PaymentMethod::BankInquiryVoucher);
    let payment = Payment {
        resident_id: enrolled.resident_id,
        id: context.id(),
        enrolment_id: enrolled.enrolment_id,
        policy_year: enrolment.policy_year,
        district: enrolment.district,
        unit_id: enrolled.unit_id().filter(|_| by_unit).map(ToOwned::to_owned),
        declaration_id: None,
        amount: request.amount,
        paid_on: request.paid_on,
        method: request.method,
        voucher_number: request.voucher_number.clone(),
        way: request.way.clone(),
        invokes_epidemic_rule: request.invokes_epidemic_rule,
        refund: None,
        quote,
        recorded_by: caller.clone(),
        created_at: context.now(),
    };
    let mut all = Refusals::default();
    all.keep(once(session, &payment).await?);
    all.keep(declared_by_authority(session, context, &payment, enrolled).await?);
    all.0.extend(refusals.0);
    all.keep(opens_coverage(context, &payment, enrolled));
    all.into_result()?;
    payments::insert(session, &payment).await?;
    let version = payments::entries(session, payment.resident_id, payment.enrolment_id).await?;
    Ok(Booked { payment, version })
}

/// A special person is declared by an authority, and not by whoever brings the payment (J-3.3.1-e).
async fn declared_by_authority(
    session: &mut Session,
    context: &Context,
    payment: &Payment,
    enrolled: &Enrolled,
) -> Result<Result<(), Refusal>, Error> {
    let category = enrolled.enrolment.category;
    if category != Category::SpecialPerson {
        return Ok(Ok(()));
    }
    let law = context.policy().for_(payment.district, payment.policy_year, payment.paid_on)?;
    let (resident_id, enrolment_id) = (payment.resident_id, payment.enrolment_id);
    let declared = declaration_lines::is_declared_by_authority(session, resident_id, enrolment_id).await?;
    Ok(declarer::require_declared(declared, category, &enrolled.identities, &law.declaration))
}

/// The paper with the number that somebody names.
async fn issued(session: &mut Session, way: &ways::Way, enrolled: &Enrolled) -> Result<Option<Issued>, Error> {
    let Some(number) = &way.paper_number else { return Ok(None) };
    let notice = notices::maybe_find_of_number(session, number).await?;
    Ok(notice.map(|notice| Issued {
        paper: notice.kind,
        payable: notice.payable,
        own: (notice.resident_id, notice.enrolment_id) == (enrolled.resident_id, enrolled.enrolment_id),
    }))
}

/// Leaves the events of payments under one subject, in the transaction of the payments.
pub(crate) async fn tell(
    session: &mut Session,
    context: &Context,
    subject: &str,
    booked: &[(&Booked, &Enrolled)],
) -> Result<(), Error> {
    let rows: Vec<_> = booked.iter().map(|(it, enrolled)| (&it.payment, *enrolled, it.version)).collect();
    for event in delivery::confirmed(context, subject, &rows) {
        outbox::enqueue(session, &event, context.now()).await?;
    }
    Ok(())
}

/// The refusal of somebody for whom a unit pays, or paid in vain: charged alone as well, the premium would be paid twice.
pub(crate) async fn maybe_declared(
    session: &mut Session,
    resident_id: ResidentId,
    enrolment_id: EnrolmentId,
) -> Result<Option<Refusal>, Error> {
    let waits = declaration_lines::maybe_waits(session, resident_id, enrolment_id).await?;
    Ok(waits.map(|id| {
        let detail = "a declaration waits for the payment of this person, or holds money that was paid for it";
        let refusal = Refusal::new(Reason::DuplicateDeclaration, detail).at("enrolment_id").by("J-3.3.1-c");
        refusal.with("declaration_id", id)
    }))
}

/// One payment settles an enrolment, nobody pays beside the declaration that waits for it, and one voucher confirms one payment of money.
pub(crate) async fn once(session: &mut Session, payment: &Payment) -> Result<Result<(), Refusals>, Error> {
    once_under(session, payment, &vouchers::Use::of(payment)).await
}

/// The same where the voucher is used for more than this payment.
pub(crate) async fn once_under(
    session: &mut Session,
    payment: &Payment,
    intended: &vouchers::Use,
) -> Result<Result<(), Refusals>, Error> {
    let mut refusals = Refusals::default();
    let paid = payments::maybe_find_of_enrolment(session, payment.resident_id, payment.enrolment_id).await?;
    if let Some(id) = paid {
        refusals.push(duplicate(id, "this enrolment is paid").at("enrolment_id"));
    }
    refusals.0.extend(maybe_declared(session, payment.resident_id, payment.enrolment_id).await?);
    let used = vouchers::maybe_refusal(session, &payment.voucher_number, intended).await?;
    // The voucher of the payment that settles the enrolment is no second reason.
    let of_another = |refusal: &Refusal| paid.is_none_or(|id| refusal.metadata != [("payment_id", id.to_string())]);
    refusals.0.extend(used.filter(of_another));
    Ok(refusals.into_result())
}

fn duplicate(id: PaymentId, detail: &str) -> Refusal {
    Refusal::new(Reason::DuplicatePayment, detail).with("payment_id", id)
}

/// A payment that opens no coverage, or is made for the dead, is refused before it is stored; the benefit period derives the
/// same spans from the same facts.
pub(crate) fn opens_coverage(context: &Context, payment: &Payment, enrolled: &Enrolled) -> Result<(), Refusals> {
    let enrolment = &enrolled.enrolment;
    let mut refusals = Refusals::default();
    if payment.paid_on < enrolment.applied_on {
        let detail = format!("the payment lies before the application of {}", enrolment.applied_on);
        refusals.push(Refusal::new(Reason::DateOrder, detail).at("payment_date"));
    }
    if let Some(died_on) = enrolled.died_on().filter(|died_on| *died_on < payment.paid_on) {
        let detail = format!("the person died on {died_on}, before the payment");
        let refusal = Refusal::new(Reason::NotInBenefitPeriod, detail).at("payment_date").by("J-A1.3-j");
        refusals.push(refusal.with("death_date", died_on));
    }
    let paid = Paid {
        on: payment.paid_on,
        method: payment.method,
        fully_subsidised: payment.quote.payable.is_zero(),
        invokes_epidemic_rule: payment.invokes_epidemic_rule,
    };
    let facts = enrolment.coverage_facts(enrolled.born_on, paid);
    let law = context.policy().for_(enrolment.district, enrolment.policy_year, facts.paid_on)?;
    refusals.keep(derive(&facts, &law.benefit_period));
    refusals.into_result()
}
