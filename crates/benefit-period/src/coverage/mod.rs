//! Whether a person is covered on a day. A covered day is one read of own tables; only for another one everything known of
//! the person is read, since the answer names every reason and what can still be done.

pub(crate) mod reasons;
mod remedies;
mod withheld;

use juyi_db::{Database, Session};
use juyi_domain::benefit_period::employees;
use juyi_domain::benefit_period::history::{History, Terms};
use juyi_domain::benefit_period::routing::{self, Routing};
use juyi_domain::codes::{District, Identity, PayingScheme};
use juyi_domain::contribution::subsidy;
use juyi_domain::id::ResidentId;
use juyi_domain::receipt::Receipt;
use juyi_domain::refusal::Refusal;
use juyi_kit::context::Context;
use juyi_kit::error::Error;

use crate::facts::law;
use crate::read;
use crate::registry::{Registry, Standing};
use crate::store::spans::{Covering, Span};
use crate::store::{facts, persons, spans};
use reasons::Question;

pub(crate) use withheld::withhold;

/// The answer about one day.
pub(crate) struct Coverage {
    /// Identities held on the day.
    pub(crate) identities: Vec<Identity>,
    /// The scheme that pays, where it can be told.
    pub(crate) paying: Option<PayingScheme>,
    /// The span with its terms, or all reasons why there is none.
    pub(crate) found: Result<Box<Found>, Vec<Refusal>>,
}

/// What covers a day.
pub(crate) struct Found {
    pub(crate) span: Span,
    pub(crate) terms: Terms,
    pub(crate) district: District,
    pub(crate) township: Option<String>,
    pub(crate) receipt: Receipt,
}

pub(crate) async fn find(
    database: &Database,
    context: &Context,
    registry: &Registry,
    request: &read::Coverage,
) -> Result<Coverage, Error> {
    let read::Coverage { resident_id, on, insurance } = *request;
    // Asked first: it is the registry that knows whether there is such a person.
    let Standing { identities, died_on } = registry.standing(resident_id, on).await?;
    let living = died_on.is_none_or(|died_on| on <= died_on);
    let mut session = database.read().await?;
    let covering = spans::maybe_covering(&mut session, resident_id, insurance, on).await?;
    if let Some(covering) = covering.filter(|_| living)
        && let Some(found) = paid_by_residents(context, covering, request)?
    {
        return Ok(Coverage { identities, paying: Some(PayingScheme::Resident), found: Ok(Box::new(found)) });
    }
    let (history, enrolments, (registered, residence)) = tokio::try_join!(
        history(&mut session, resident_id),
        registry.enrolments(resident_id),
        registry.resident(resident_id)
    )?;
    drop(session);
    let born_on = history.person().map_or(registered, |person| person.born_on);
    let mut question = Question {
        history: &history,
        enrolments: &enrolments,
        owing_nothing: Vec::new(),
        born_on,
        residence,
        died_on,
        on,
        insurance,
    };
    for terms in question.maybe_unpaid() {
        // The government pays by the identities of the day of application (J-2.3-j).
        let Standing { identities, .. } = registry.standing(resident_id, terms.applied_on).await?;
        let law = context.policy().for_(terms.district, terms.policy_year, terms.applied_on);
        if law.is_ok_and(|law| subsidy::maybe_ground(terms.class, &identities, &law.premium).is_some()) {
            question.owing_nothing.push(terms.enrolment_id);
        }
    }
    let (paying, reasons) = question.answer(context);
    Ok(Coverage { identities, paying, found: Err(reasons) })
}

/// The span, unless the employees' scheme pays on the day, or nobody can tell.
fn paid_by_residents(context: &Context, covering: Covering, request: &read::Coverage) -> Result<Option<Found>, Error> {
    let Covering { span, known, mut receipt } = covering;
    let terms = known.person.maybe_terms(span.enrolment_id).cloned();
    let terms = terms.ok_or(Error::Fault("a span without the terms of its enrolment"))?;
    let law = law(context)(&terms, request.on).map_err(Error::from)?;
    let employees = law.as_ref().employees.as_ref();
    let Ok((PayingScheme::Resident, step)) = employees::payer(&known.person.employees, request.on, employees) else {
        return Ok(None);
    };
    receipt.steps.extend(step);
    let route = routing::maybe_on(&known.person.routes, terms.enrolment_id, request.on);
    let (district, township) = match route {
        Some(Routing { district, township, .. }) => (*district, township.clone()),
        None => (terms.district, terms.township.clone()),
    };
    Ok(Some(Found { span, terms, district, township, receipt }))
}

/// Everything known of a person.
pub(crate) async fn history(session: &mut Session, resident_id: ResidentId) -> Result<History, Error> {
    let mut history = History::default();
    if let Some(known) = persons::maybe_find(session, resident_id).await? {
        history.note(known.person);
    }
    for (_, payment) in facts::payments(session, resident_id).await? {
        history.pay(payment);
    }
    for (_, refund) in facts::refunds(session, resident_id).await? {
        history.refund(refund);
    }
    Ok(history)
}
