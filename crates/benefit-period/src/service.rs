//! Decisions of the benefit period.

use juyi_db::{Database, Session};
use juyi_domain::benefit_period::derive::{self, Derived, Facts};
use juyi_domain::codes::{Category, Identity, Insurance, Office};
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::Error;

use crate::registry::{Registry, Standing};
use crate::store::derivations::{self, Derivation};
use crate::store::spans::{self, Span};
use crate::{coverage, read};

/// How often a payment is applied when other transactions keep winning.
const ATTEMPTS: usize = 8;

/// Offices that settle bills, and the suite itself.
const SETTLERS: &[Office] =
    &[Office::Provider, Office::Township, Office::MedicalInsurance, Office::SocialInsurance, Office::System];

/// Only the suite delivers its events.
pub(crate) fn require_duty(caller: &Caller) -> Result<(), Refusal> {
    caller.require(&[Office::System])
}

/// Identities are for the offices that settle bills by them.
pub(crate) fn may_see_identities(caller: Option<&Caller>) -> bool {
    caller.is_some_and(|caller| SETTLERS.contains(&caller.office))
}

/// Derives and stores the spans of a payment once, however often it is delivered.
pub(crate) async fn apply(
    database: &Database,
    context: &Context,
    registry: &Registry,
    request: &read::Apply,
) -> Result<Vec<Span>, Error> {
    if let Some(spans) = maybe_applied(database, request).await? {
        return Ok(spans);
    }
    let (enrolment, born_on) = registry.enrolment(request.resident_id, request.enrolment_id).await?;
    let facts = enrolment.coverage_facts(born_on, request.paid);
    let law = context.policy().for_(enrolment.district, enrolment.policy_year, facts.paid_on)?;
    let Derived { spans, receipt } = derive::derive(&facts, &law.benefit_period)?;
    let derivation = Derivation {
        resident_id: request.resident_id,
        payment_id: request.payment_id,
        enrolment_id: request.enrolment_id,
        policy_year: enrolment.policy_year,
        district: enrolment.district,
        class: enrolment.class,
        tier: enrolment.tier,
        receipt,
        created_at: context.now(),
    };
    let open = |span: &derive::Span| Span {
        resident_id: request.resident_id,
        id: context.id(),
        payment_id: request.payment_id,
        enrolment_id: request.enrolment_id,
        insurance: span.insurance,
        period: span.period,
        benefit_year: span.benefit_year,
    };
    let spans: Vec<Span> = spans.iter().map(open).collect();
    for _ in 0..ATTEMPTS {
        match store(database, &derivation, &spans).await {
            // The same payment was delivered twice at once, or another transaction won.
            Err(Error::Storage(juyi_db::Error::Duplicate | juyi_db::Error::Contended)) => {
                if let Some(spans) = maybe_applied(database, request).await? {
                    return Ok(spans);
                }
            }
            outcome => return outcome.map(|()| spans),
        }
    }
    Err(Refusal::new(Reason::RevisionConflict, "other writers keep changing this record; try again").into())
}

async fn maybe_applied(database: &Database, request: &read::Apply) -> Result<Option<Vec<Span>>, Error> {
    let mut session = database.read().await?;
    if derivations::maybe_find(&mut session, request.resident_id, request.payment_id).await?.is_none() {
        return Ok(None);
    }
    Ok(Some(spans::of_payment(&mut session, request.resident_id, request.payment_id).await?))
}

async fn store(database: &Database, derivation: &Derivation, spans: &[Span]) -> Result<(), Error> {
    let mut session = database.begin().await?;
    derivations::insert(&mut session, derivation).await?;
    for span in spans {
        spans::insert(&mut session, span).await?;
    }
    Ok(session.commit().await?)
}

/// The answer about one day.
pub(crate) struct Coverage {
    /// Identities held on the day.
    pub(crate) identities: Vec<Identity>,
    /// The span with what its payment opened, or why there is none.
    pub(crate) found: Result<(Span, Derivation), Refusal>,
}

pub(crate) async fn coverage(
    database: &Database,
    registry: &Registry,
    request: &read::Coverage,
) -> Result<Coverage, Error> {
    // Asked first: it is the registry that knows whether there is such a person.
    let Standing { identities, died_on } = registry.standing(request.resident_id, request.on).await?;
    if let Some(refusal) = coverage::maybe_deceased(died_on, request.on) {
        return Ok(Coverage { identities, found: Err(refusal) });
    }
    let session = &mut database.read().await?;
    let spans = spans::list(session, request.resident_id).await?;
    let span = coverage::nearest(&spans, request.insurance, request.on);
    if let Some(covering) = span.filter(|span| span.period.contains(request.on)) {
        let derivation = derivation_of(session, covering).await?;
        return Ok(Coverage { identities, found: Ok((covering.clone(), derivation)) });
    }
    let refusal = match (span, coverage::nearest(&spans, Insurance::Basic, request.on)) {
        // What was paid for this day, or for no day of this insurance at all, may say why there is none.
        (beside, Some(basic)) if beside.is_none() || basic.period.contains(request.on) => {
            let receipt = derivation_of(session, basic).await?.receipt;
            coverage::maybe_not_printed(&receipt, request.insurance)
        }
        _ => None,
    };
    let refusal = match (refusal, span) {
        (Some(refusal), _) => refusal,
        (None, Some(span)) => coverage::beside(span, request.on, &derivation_of(session, span).await?.receipt),
        (None, None) => coverage::never_opened(&spans, request.insurance),
    };
    Ok(Coverage { identities, found: Err(refusal) })
}

async fn derivation_of(session: &mut Session, span: &Span) -> Result<Derivation, Error> {
    let derivation = derivations::maybe_find(session, span.resident_id, span.payment_id).await?;
    derivation.ok_or(Error::Fault("a span without its derivation"))
}

/// Derives spans from given facts.
pub(crate) fn preview(context: &Context, request: &read::Preview) -> Result<Derived, Refusals> {
    let law = context.policy().for_(request.district, request.policy_year, request.paid_on)?;
    // The birth decides for newborns alone, who name it.
    let born_on = request.born_on.unwrap_or(request.paid_on);
    let facts = Facts {
        policy_year: request.policy_year,
        category: request.category,
        born_on,
        previous_year_insured: request.previous_year_insured,
        paid_on: request.paid_on,
        // Almost every special person owes nothing; one who pays is previewed like everybody else, under a category
        // without a list.
        fully_subsidised: request.category == Category::SpecialPerson,
        interrupted_on: request.interrupted_on,
        through_channel: request.category == Category::InterruptedEmployee && request.interrupted_on.is_some(),
        invokes_epidemic_rule: request.invokes_epidemic_rule,
    };
    derive::derive(&facts, &law.benefit_period)
}
