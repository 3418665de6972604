//! Whether a person is covered on a day. A covered day is one read of own tables; only for another one everything known of
//! the person is read, since the answer names every reason and what can still be done.

pub(crate) mod reasons;
mod remedies;
mod withheld;

use chrono::NaiveDate;
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
use crate::store::persons::Known;
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
    let read::Coverage { resident_id, on, scheme_on, insurance } = *request;
    // Asked first: it is the registry that knows whether there is such a person.
    let Standing { identities, died_on } = registry.standing(resident_id, on).await?;
    let living = died_on.is_none_or(|died_on| on <= died_on);
    let mut session = database.read().await?;
    let covering = spans::maybe_covering(&mut session, resident_id, insurance, on).await?;
    if let Some(Covering { span, known, receipt }) = covering.filter(|_| living)
        && let Some(mut found) = paid_by_residents(context, span, &known, (on, scheme_on))?
    {
        let told = std::mem::replace(&mut found.receipt, receipt);
        found.receipt.extend(told);
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
        scheme_on,
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

/// What covers each of many persons on a day of one's own, and the identities held then; `None` for who is not covered or
/// not registered. One read of own tables and one question to the registry for all.
pub(crate) async fn find_all(
    database: &Database,
    context: &Context,
    registry: &Registry,
    read::Covered { insurance, questions, schemes_on }: &read::Covered,
) -> Result<Vec<Option<(Found, Vec<Identity>)>>, Error> {
    let mut standings = registry.standings(questions).await?;
    let mut session = database.read().await?;
    let covering = spans::covering(&mut session, *insurance, questions).await?;
    drop(session);
    let mut answers: Vec<_> = questions.iter().map(|_| None).collect();
    for (place, span, known) in covering {
        let (Some((_, on)), Some(scheme_on), Some(answer)) =
            (questions.get(place), schemes_on.get(place), answers.get_mut(place))
        else {
            continue;
        };
        let Some(Standing { identities, died_on }) = standings.get_mut(place).and_then(Option::take) else { continue };
        if died_on.is_none_or(|died_on| *on <= died_on) {
            // Whoever asks about the one alone hears what is wrong; the others are none the worse.
            let found = paid_by_residents(context, span, &known, (*on, *scheme_on)).ok().flatten();
            *answer = found.map(|found| (found, identities));
        }
    }
    Ok(answers)
}

/// The span with who pays, unless the employees' scheme pays on the day that decides it, or nobody can tell.
fn paid_by_residents(
    context: &Context,
    span: Span,
    known: &Known,
    (on, scheme_on): (NaiveDate, NaiveDate),
) -> Result<Option<Found>, Error> {
    let terms = known.person.maybe_terms(span.enrolment_id).cloned();
    let terms = terms.ok_or(Error::Fault("a span without the terms of its enrolment"))?;
    let law = law(context)(&terms, on).map_err(Error::from)?;
    let employees = law.as_ref().employees.as_ref();
    let Ok((PayingScheme::Resident, step)) = employees::payer(&known.person.employees, scheme_on, employees) else {
        return Ok(None);
    };
    let receipt = Receipt { steps: step.into_iter().collect() };
    let route = routing::maybe_on(&known.person.routes, terms.enrolment_id, on);
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
