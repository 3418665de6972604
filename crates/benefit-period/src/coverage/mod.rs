//! Whether a person is covered on a day. A covered day is one read of own tables; only for another one everything known of
//! the person is read, since the answer names every reason and what can still be done.

pub(crate) mod reasons;
mod remedies;

use juyi_db::{Database, Session};
use juyi_domain::benefit_period::employees;
use juyi_domain::benefit_period::history::{History, Terms};
use juyi_domain::benefit_period::routing::{self, Routing};
use juyi_domain::codes::{District, Identity, Office, PayingScheme};
use juyi_domain::id::ResidentId;
use juyi_domain::receipt::Receipt;
use juyi_domain::refusal::Refusal;
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::Error;

use crate::facts::law;
use crate::read;
use crate::registry::{Registry, Standing};
use crate::store::spans::{Covering, Span};
use crate::store::{facts, persons, spans};
use reasons::Question;

/// Offices that settle bills, and the suite itself.
const SETTLERS: &[Office] =
    &[Office::Provider, Office::Township, Office::MedicalInsurance, Office::SocialInsurance, Office::System];

/// Identities are for the offices that settle bills by them.
pub(crate) fn may_see_identities(caller: Option<&Caller>) -> bool {
    caller.is_some_and(|caller| SETTLERS.contains(&caller.office))
}

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
    let history = history(&mut session, resident_id).await?;
    drop(session);
    let enrolments = registry.enrolments(resident_id).await?;
    let born_on = match history.person() {
        Some(person) => person.born_on,
        None => registry.born_on(resident_id).await?,
    };
    let question = Question { history: &history, enrolments: &enrolments, born_on, died_on, on, insurance };
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
