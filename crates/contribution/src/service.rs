//! Quotes, and what is stored of payments.

use juyi_db::{Database, Session};
use juyi_domain::codes::Category;
use juyi_domain::contribution::codes::PremiumPart;
use juyi_domain::contribution::collection::{self, Collection, Payee};
use juyi_domain::contribution::prepayment;
use juyi_domain::contribution::quote::{self, Quote, QuoteRequest};
use juyi_domain::id::{PaymentId, ResidentId};
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::Error;

use crate::read;
use crate::registry::{Enrolled, Registry};
use crate::store::payments::{self, Payment};
use crate::store::prepayments;

/// A quote with the ways to collect it.
pub(crate) struct Quoted {
    pub(crate) quote: Quote,
    pub(crate) collections: Vec<Collection>,
}

/// Quotes a stored enrolment under the law of the day of application, or given facts under that of the day they name.
pub(crate) async fn quote(
    database: &Database,
    context: &Context,
    registry: &Registry,
    subject: read::Subject,
) -> Result<Quoted, Error> {
    match subject {
        read::Subject::Enrolment { resident_id, id, parts } => {
            let enrolled = registry.find(resident_id, id).await?;
            let quote = due(&mut database.read().await?, context, &enrolled, parts).await?;
            let collections = collections(context, &enrolled, &quote)?;
            Ok(Quoted { quote, collections })
        }
        read::Subject::Facts(facts) => Ok(quote_facts(context, &facts)?),
    }
}

fn quote_facts(context: &Context, facts: &read::Facts) -> Result<Quoted, Refusals> {
    let law = context.policy().for_(facts.district, facts.policy_year, facts.request.applied_on)?;
    let quote = quote::quote(&facts.request, &law.premium).map_err(within_facts)?;
    let collect = |category: Category| {
        let owes = !quote.payable.is_zero();
        collection::of(Payee { category, class: facts.request.class, of_unit: facts.through_unit, owes }, &law.payment)
    };
    let collections = facts.category.map(collect).unwrap_or_default();
    Ok(Quoted { quote, collections })
}

/// The domain names the fields of an enrolment; those of given facts stand one level deeper.
fn within_facts(mut refusals: Refusals) -> Refusals {
    for refusal in &mut refusals.0 {
        refusal.field = refusal.field.take().map(|field| format!("facts.{field}").into());
    }
    refusals
}

/// How the premium of an enrolment is collected; that of a prepaid year is not (J-3.3.3-b).
pub(crate) fn collections(context: &Context, enrolled: &Enrolled, quote: &Quote) -> Result<Vec<Collection>, Refusals> {
    let enrolment = &enrolled.enrolment;
    let law = context.policy().for_(enrolment.district, enrolment.policy_year, enrolment.applied_on)?;
    Ok(if quote.prepaid { Vec::new() } else { collection::of(payee(enrolled, quote), &law.payment) })
}

/// What is due for an enrolment: its quote, less what a prepaid term takes over (J-3.3.3-b). Whoever tells or takes an
/// amount asks here.
pub(crate) async fn due(
    session: &mut Session,
    context: &Context,
    enrolled: &Enrolled,
    parts: Vec<PremiumPart>,
) -> Result<Quote, Error> {
    let quote = quote_enrolled(context, enrolled, parts)?;
    let (resident_id, policy_year) = (enrolled.resident_id, enrolled.enrolment.policy_year);
    let prepaid = prepayments::maybe_covering(session, resident_id, policy_year).await?;
    Ok(if prepaid.is_some() { prepayment::covered(quote) } else { quote })
}

/// The quote of an enrolment with the identities in force on the day of application.
pub(crate) fn quote_enrolled(
    context: &Context,
    enrolled: &Enrolled,
    parts: Vec<PremiumPart>,
) -> Result<Quote, Refusals> {
    let enrolment = &enrolled.enrolment;
    let law = context.policy().for_(enrolment.district, enrolment.policy_year, enrolment.applied_on)?;
    let request = QuoteRequest {
        class: enrolment.class,
        tier: Some(enrolment.tier),
        identities: enrolled.identities.clone(),
        applied_on: enrolment.applied_on,
        parts,
    };
    quote::quote(&request, &law.premium)
}

/// An enrolled person as far as collection depends on it.
pub(crate) fn payee(enrolled: &Enrolled, quote: &Quote) -> Payee {
    let enrolment = &enrolled.enrolment;
    Payee {
        category: enrolment.category,
        class: enrolment.class,
        of_unit: enrolled.unit_id().is_some(),
        owes: !quote.payable.is_zero(),
    }
}

pub(crate) async fn find(session: &mut Session, resident_id: ResidentId, id: PaymentId) -> Result<Payment, Error> {
    let payment = payments::maybe_find(session, resident_id, id).await?.ok_or_else(|| {
        Refusal::new(Reason::PaymentNotFound, "the resident has no payment with this id").at("payment_id")
    })?;
    Caller::current()?.require_district(payment.district)?;
    Ok(payment)
}
