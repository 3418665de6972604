//! Premiums prepaid by academic years (J-3.3.3-a, J-3.3.3-b): [`take`] a term, and pay its [`years`], of one person or of [`many`].

mod delivery;
mod many;
mod read;
mod take;
mod write;
mod years;

use chrono::NaiveDate;
use juyi_db::Session;
use juyi_domain::codes::{Office, PaymentMethod};
use juyi_domain::contribution::quote::Quote;
use juyi_domain::contribution::ways::Way;
use juyi_domain::refusal::Refusal;
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::wire::next_page;
use juyi_proto::contribution::v1 as pb;

use crate::desk::{self, Desk};
use crate::registry::Enrolled;
use crate::store::payments::Payment;
use crate::store::prepayments::{self, Prepayment};
use crate::store::vouchers::{self, Use};

pub(crate) use self::delivery::{PREPAYMENT_NOTED, ToRegistry};
pub(crate) use self::many::{Answers, make_use_of_year};
pub(crate) use self::take::prepay;
pub(crate) use self::years::make_use;

/// Premiums are taken by the tax side (J-A1.3-k).
fn require_till(caller: &Caller) -> Result<(), Refusal> {
    caller.require(&[Office::Tax, Office::System]).map_err(|refusal| refusal.by("J-A1.3-k"))
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

/// Stores a payment out of a term; its voucher is the term's.
async fn book(
    session: &mut Session,
    context: &Context,
    (payment, prepaid): (&Payment, &Prepayment),
    enrolled: &Enrolled,
) -> Result<(), Error> {
    claim(session, context, prepaid).await?;
    desk::pay_under_used_voucher(session, context, payment, enrolled).await
}

/// Uses the voucher of a term.
async fn claim(session: &mut Session, context: &Context, prepaid: &Prepayment) -> Result<(), Error> {
    let by = (&Use::of_prepayment(prepaid.id), prepaid.resident_id);
    vouchers::claim_use(session, &prepaid.voucher_number, by, context.now()).await
}

/// Lists what the caller's district took.
pub(crate) async fn list(
    desk: &Desk,
    request: &pb::ListPrepaymentsRequest,
) -> Result<pb::ListPrepaymentsResponse, Error> {
    let (resident_id, before, size) = read::list(request)?;
    let of = (resident_id, desk::scope(&Caller::current()?)?);
    let page = prepayments::page(&mut desk.database.read().await?, of, before, size).await?;
    let next_page_token = next_page(&page, size, |last| last.id.to_string());
    Ok(pb::ListPrepaymentsResponse { prepayments: page.iter().map(write::term).collect(), next_page_token })
}
