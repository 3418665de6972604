//! The steps of a refund, each inside the transaction it is given (J-3.5-b).

use juyi_db::Session;
use juyi_domain::codes::{Identity, Office, PaymentMethod, RefundGround, RefundState};
use juyi_domain::contribution::quote::Quote;
use juyi_domain::contribution::refund::{Ground, progress};
use juyi_domain::contribution::ways::Way;
use juyi_domain::id::{EnrolmentId, PaymentId, RefundId, ResidentId};
use juyi_domain::money::Fen;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::registry::authority;
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::Error;

use crate::desk;
use crate::registry::Enrolled;
use crate::store::payments::{self, Payment, Refunded};
use crate::store::refund_steps::{self, RefundStep};
use crate::store::refunds::{self, Refund};
use crate::store::vouchers::{self, Use};

use super::find;
use super::judge::{Asked, Known, judge};
use super::read::{Apply, Loan, Repay, Verify};

/// The desks of both documents: the tax hall (J-3.5-b), and the branch that the plan names (B-8.2.3-c).
pub(super) fn require_acceptor(caller: &Caller) -> Result<(), Refusal> {
    caller.require(&[Office::Tax, Office::SocialInsurance, Office::System]).map_err(|refusal| refusal.by("J-3.5-b"))
}

/// The tax office verifies.
pub(super) fn require_verifier(caller: &Caller) -> Result<(), Refusal> {
    caller.require(&[Office::Tax, Office::System]).map_err(|refusal| refusal.by("J-3.5-b"))
}

/// Accepts an application with its decision.
pub(super) async fn accept(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    request: &Apply,
    known: &Known,
) -> Result<Refund, Error> {
    let enrolment = &known.enrolled.enrolment;
    caller.require_district(enrolment.district)?;
    let law = context.policy().for_(enrolment.district, enrolment.policy_year, request.applied_on)?;
    // A year that prints no grounds is told to whoever asks, with the desk that refunds.
    if law.refund.grounds.is_ok() && caller.office != Office::System {
        caller.require(authority::at(law.refund.desk.value)).map_err(|refusal| refusal.by("J-3.5-b"))?;
    }
    let payment = counting(session, request.resident_id, request.enrolment_id).await?;
    let mut refusals = Refusals::default();
    if let Some(id) = refunds::maybe_find_of_payment(session, request.resident_id, payment.id).await? {
        refusals.push(duplicate("a refund of this payment is under way", id).at("enrolment_id"));
    }
    let asked = Asked { ground: request.ground, loan: request.loan, applied_on: request.applied_on };
    let judged = refusals.keep(judge(context, asked, &payment, known));
    refusals.into_result()?;
    let Some(judged) = judged else { return Err(Refusals::default().into()) };
    let refund = Refund {
        resident_id: request.resident_id,
        id: context.id(),
        payment_id: payment.id,
        enrolment_id: payment.enrolment_id,
        policy_year: payment.policy_year,
        district: enrolment.district,
        ground: judged.ground,
        applied_on: request.applied_on,
        benefit_start: judged.benefit_start,
        refund: judged.decision.refund,
        receipt: judged.decision.receipt,
        state: RefundState::Accepted,
        replacing_payment_id: None,
        recorded_by: caller.clone(),
        created_at: context.now(),
    };
    refunds::insert(session, &refund).await?;
    step(session, context, caller, &refund, Note::default()).await?;
    Ok(refund)
}

/// Verifies: from now on the payment no longer counts.
pub(super) async fn verify(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    request: &Verify,
    known: &Known,
) -> Result<Refund, Error> {
    let mut refund = undecided(session, caller, request).await?;
    let payment = payments::maybe_find(session, refund.resident_id, refund.payment_id).await?;
    let payment = payment.ok_or(Error::Fault("a refund has no payment"))?;
    let (ground, loan) = (refund.ground.code(), loan_of(refund.ground));
    let judged = judge(context, Asked { ground, loan, applied_on: refund.applied_on }, &payment, known)?;
    refund.ground = judged.ground;
    refund.benefit_start = judged.benefit_start;
    refund.refund = judged.decision.refund;
    refund.receipt = judged.decision.receipt;
    // A loan of somebody whom the government pays for anyway changes nothing of the payment.
    let keeps = ground == RefundGround::StudentLoan && payment.fully_subsidised();
    if !keeps {
        let reversal = Refunded { id: refund.id, on: context.clock().today() };
        desk::pay_back(session, context, &payment, reversal).await?;
        if ground == RefundGround::StudentLoan {
            let subsidised = subsidised(context, caller, &payment, &known.enrolled, refund.id)?;
            desk::pay(session, context, &subsidised, &known.enrolled).await?;
            refund.replacing_payment_id = Some(subsidised.id);
        }
    }
    refund.state = RefundState::Verified;
    refunds::update(session, &refund, RefundState::Accepted).await?;
    step(session, context, caller, &refund, Note::default()).await?;
    Ok(refund)
}

/// Rejects with a reason; the payment may be asked back again.
pub(super) async fn reject(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    request: &Verify,
) -> Result<Refund, Error> {
    let mut refund = undecided(session, caller, request).await?;
    refund.state = RefundState::Rejected;
    refunds::update(session, &refund, RefundState::Accepted).await?;
    step(session, context, caller, &refund, Note { reason: request.reason.clone(), ..Note::default() }).await?;
    Ok(refund)
}

/// Records the repayment. The same voucher and day again change nothing.
pub(super) async fn repay(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    request: &Repay,
) -> Result<Refund, Error> {
    let mut refund = find(session, request.resident_id, request.refund_id).await?;
    let law = context.policy().for_(refund.district, refund.policy_year, refund.applied_on)?;
    let offices = progress::repaid_by(&law.refund)?;
    caller.require(offices).map_err(|refusal| refusal.by(offices.reference.rule_id.clone()))?;
    caller.require_district(refund.district)?;
    let steps = refund_steps::list(session, refund.resident_id, refund.id).await?;
    if let Some(repaid) = steps.iter().find(|step| step.state == RefundState::Repaid) {
        if repaid.on == request.repaid_on
            && request.amount == refund.refund
            && repaid.voucher_number.as_ref() == Some(&request.voucher_number)
        {
            return Ok(refund);
        }
        return Err(duplicate("it was paid back under another voucher, day or amount", refund.id)
            .at("voucher_number")
            .into());
    }
    progress::require_verified(refund.state, refund.refund)?;
    let mut refusals = Refusals::default();
    let verified = steps.iter().find(|step| step.state == RefundState::Verified);
    if let Some(verified) = verified.filter(|step| request.repaid_on < step.on) {
        let detail = format!("the repayment lies before the verification of {}", verified.on);
        refusals.push(Refusal::new(Reason::DateOrder, detail).at("repayment_date").by("J-3.5-b"));
    }
    if request.amount != refund.refund {
        let detail = format!("{} yuan are to be paid back, {} were", refund.refund, request.amount);
        let refusal = Refusal::new(Reason::AmountMismatch, detail).at("amount_fen");
        let refusal = refusal.with("due_fen", refund.refund.get()).with("paid_fen", request.amount.get());
        refusals.push(refusal.by("J-3.5-b"));
    }
    let intended = &Use::of_refund(refund.id);
    refusals.0.extend(vouchers::maybe_refusal(session, &request.voucher_number, intended).await?);
    refusals.into_result()?;
    vouchers::claim_use(session, &request.voucher_number, (intended, refund.resident_id), context.now()).await?;
    refund.state = RefundState::Repaid;
    refunds::update(session, &refund, RefundState::Verified).await?;
    let note =
        Note { voucher_number: Some(request.voucher_number.clone()), on: Some(request.repaid_on), ..Note::default() };
    step(session, context, caller, &refund, note).await?;
    Ok(refund)
}

/// The payment that settles an enrolment. Errors: ENROLMENT_NOT_FOUND when none does (J-3.5-a).
async fn counting(session: &mut Session, resident_id: ResidentId, id: EnrolmentId) -> Result<Payment, Error> {
    let found = match payments::maybe_find_of_enrolment(session, resident_id, id).await? {
        Some(id) => payments::maybe_find(session, resident_id, id).await?,
        None => None,
    };
    found.ok_or_else(|| {
        let refusal = Refusal::new(Reason::EnrolmentNotFound, "no payment of this enrolment counts");
        refusal.at("enrolment_id").by("J-3.5-a").into()
    })
}

/// A refund that waits for the tax office of its district.
async fn undecided(session: &mut Session, caller: &Caller, request: &Verify) -> Result<Refund, Error> {
    let refund = find(session, request.resident_id, request.refund_id).await?;
    caller.require_district(refund.district)?;
    progress::require_undecided(refund.state)?;
    Ok(refund)
}

const fn loan_of(ground: Ground) -> Option<Loan> {
    match ground {
        Ground::StudentLoan { admitted_on, loaned_on } => Some(Loan { admitted_on, loaned_on }),
        Ground::Withdrawal | Ground::Death { .. } => None,
    }
}

fn duplicate(detail: &str, id: RefundId) -> Refusal {
    Refusal::new(Reason::DuplicateRefund, detail).with("refund_id", id).by("J-3.5-b")
}

/// The payment of the government that takes the place of the student's on the same day, so that coverage goes on
/// (J-2.3-l). Its voucher is the refund.
fn subsidised(
    context: &Context,
    caller: &Caller,
    payment: &Payment,
    enrolled: &Enrolled,
    refund_id: RefundId,
) -> Result<Payment, Error> {
    Ok(Payment {
        id: context.id::<PaymentId>(),
        amount: Fen::ZERO,
        method: PaymentMethod::GovernmentSubsidy,
        voucher_number: refund_id.to_string(),
        way: Way::default(),
        unit_id: None,
        declaration_id: None,
        refund: None,
        quote: subsidised_quote(context, enrolled)?,
        recorded_by: caller.clone(),
        created_at: context.now(),
        ..payment.clone()
    })
}

/// The quote of the same enrolment by somebody with a state student loan.
fn subsidised_quote(context: &Context, enrolled: &Enrolled) -> Result<Quote, Refusals> {
    let mut enrolled = enrolled.clone();
    enrolled.identities.push(Identity::StudentLoan);
    let quote = crate::service::quote_enrolled(context, &enrolled, Vec::new())?;
    if quote.payable.is_zero() {
        return Ok(quote);
    }
    let detail = "the premium of a student with a loan is not subsidised in this year";
    Err(Refusal::new(Reason::RuleNotDefined, detail).at("refund_id").by("J-3.5-d").into())
}

/// What a step says besides its state.
#[derive(Default)]
struct Note {
    reason: String,
    voucher_number: Option<String>,
    on: Option<chrono::NaiveDate>,
}

async fn step(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    refund: &Refund,
    note: Note,
) -> Result<(), Error> {
    let decides = matches!(refund.state, RefundState::Accepted | RefundState::Verified);
    let step = RefundStep {
        state: refund.state,
        on: note.on.unwrap_or_else(|| context.clock().today()),
        reason: note.reason,
        voucher_number: note.voucher_number,
        decided: decides.then(|| (refund.refund, refund.receipt.clone())),
        recorded_by: caller.clone(),
        created_at: context.now(),
    };
    refund_steps::insert(session, refund.resident_id, refund.id, &step).await
}
