//! One batch of facts and the recomputation of whom it concerns, in one transaction.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use juyi_db::{Database, Session};
use juyi_domain::benefit_period::history::Terms;
use juyi_domain::benefit_period::params::BenefitPeriodParams;
use juyi_domain::id::{EventId, ResidentId};
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_policy::Snapshot;

use super::subject::Subject;
use super::{Batch, rows};
use crate::store::persons::Known;
use crate::store::{batches, facts, persons, spans};

/// How often a batch is taken when other transactions keep winning.
const ATTEMPTS: usize = 8;

/// The law of a policy year, as far as coverage needs it.
pub(crate) struct Law(Arc<Snapshot>);

impl AsRef<BenefitPeriodParams> for Law {
    fn as_ref(&self) -> &BenefitPeriodParams {
        &self.0.benefit_period
    }
}

impl From<Arc<Snapshot>> for Law {
    fn from(snapshot: Arc<Snapshot>) -> Self {
        Self(snapshot)
    }
}

/// The law by which a payment of an enrolment counts.
pub(crate) fn law(context: &Context) -> impl Fn(&Terms, NaiveDate) -> Result<Law, Refusal> + '_ {
    |terms, on| context.policy().for_(terms.district, terms.policy_year, on).map(Law)
}

/// Takes a batch. What is known already has no effect.
pub(crate) async fn apply(database: &Database, context: &Context, batch: &Batch) -> Result<(), Error> {
    for _ in 0..ATTEMPTS {
        match attempt(database, context, batch).await {
            Err(Error::Storage(juyi_db::Error::Duplicate | juyi_db::Error::Contended)) => {}
            outcome => return outcome,
        }
    }
    Err(Refusal::new(Reason::RevisionConflict, "other writers keep changing these records; try again").into())
}

async fn attempt(database: &Database, context: &Context, batch: &Batch) -> Result<(), Error> {
    let mut subjects: BTreeMap<ResidentId, Subject> = BTreeMap::new();
    for (resident_id, _) in &batch.facts {
        subjects.entry(*resident_id).or_default();
    }
    if subjects.is_empty() {
        return Ok(());
    }
    let mut session = database.begin().await?;
    // Not the event's own id: the same event may arrive twice at once.
    let batch_id = context.id();
    batches::lock(&mut session, batch_id, subjects.keys()).await?;
    load(&mut session, batch_id, &mut subjects).await?;
    for (resident_id, fact) in &batch.facts {
        if let Some(subject) = subjects.get_mut(resident_id) {
            subject.take(fact);
        }
    }
    for resident_id in subjects.iter().filter(|(_, it)| it.causes.is_empty()).map(|(id, _)| *id) {
        batches::leave_out(&mut session, batch_id, resident_id).await?;
    }
    subjects.retain(|_, it| !it.causes.is_empty());
    if subjects.is_empty() {
        return Ok(());
    }
    rows::store(&mut session, context, (batch_id, batch.event_id), subjects).await?;
    batches::forget(&mut session, batch_id).await?;
    Ok(session.commit().await?)
}

async fn load(
    session: &mut Session,
    batch_id: EventId,
    subjects: &mut BTreeMap<ResidentId, Subject>,
) -> Result<(), Error> {
    for Known { resident_id, person } in persons::of_batch(session, batch_id).await? {
        if let Some(subject) = subjects.get_mut(&resident_id) {
            subject.history.note(person);
        }
    }
    for (resident_id, payment) in facts::payments_of_batch(session, batch_id).await? {
        if let Some(subject) = subjects.get_mut(&resident_id) {
            subject.history.pay(payment);
        }
    }
    for (resident_id, refund) in facts::refunds_of_batch(session, batch_id).await? {
        if let Some(subject) = subjects.get_mut(&resident_id) {
            subject.history.refund(refund);
        }
    }
    for span in spans::of_batch(session, batch_id).await? {
        if let Some(subject) = subjects.get_mut(&span.resident_id) {
            subject.spans.push(span);
        }
    }
    Ok(())
}
