//! One batch of facts and the recomputation of whom it concerns, in one transaction.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Database, Session};
use juyi_domain::benefit_period::history::difference::{Difference, difference};
use juyi_domain::benefit_period::history::{Coverage, Covered, History, Outcome, Payment, Person, Refund, Terms};
use juyi_domain::benefit_period::params::BenefitPeriodParams;
use juyi_domain::benefit_period::routing::{self, Routing};
use juyi_domain::id::{EventId, PaymentId, RecomputationId, ResidentId};
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_policy::Snapshot;

use super::{Batch, Fact};
use crate::store::derivations::{Derivation, Ground};
use crate::store::persons::Known;
use crate::store::recomputations::{Cause, CauseKind, Changes, Days, Recomputation};
use crate::store::spans::Span;
use crate::store::{batches, derivations, facts, persons, recomputations, spans};

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

/// What is known of one resident.
#[derive(Default)]
struct Subject {
    history: History,
    routes: Vec<Routing>,
    spans: Vec<Span>,
    new_payments: Vec<Payment>,
    corrected_payments: Vec<Payment>,
    new_refunds: Vec<Refund>,
    replaced_refunds: Vec<PaymentId>,
    causes: Vec<Cause>,
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
            subject.take(fact, context.clock().today());
        }
    }
    for resident_id in subjects.iter().filter(|(_, it)| it.causes.is_empty()).map(|(id, _)| *id) {
        batches::leave_out(&mut session, batch_id, resident_id).await?;
    }
    subjects.retain(|_, it| !it.causes.is_empty());
    if subjects.is_empty() {
        return Ok(());
    }
    store(&mut session, context, (batch_id, batch.event_id), subjects).await?;
    batches::forget(&mut session, batch_id).await?;
    Ok(session.commit().await?)
}

async fn load(
    session: &mut Session,
    batch_id: EventId,
    subjects: &mut BTreeMap<ResidentId, Subject>,
) -> Result<(), Error> {
    for Known { resident_id, person, routes } in persons::of_batch(session, batch_id).await? {
        if let Some(subject) = subjects.get_mut(&resident_id) {
            subject.history.note(person);
            subject.routes = routes;
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

impl Subject {
    /// Takes one fact and remembers what is new in it.
    fn take(&mut self, fact: &Fact, today: NaiveDate) {
        match fact {
            Fact::Person(person) => self.note(person, today),
            Fact::Payment(payment, person) => {
                self.note(person, today);
                let known = self.history.payments().iter().any(|it| it.id == payment.id);
                if self.history.pay(*payment) {
                    let told = if known { &mut self.corrected_payments } else { &mut self.new_payments };
                    told.retain(|it| it.id != payment.id);
                    told.push(*payment);
                    self.causes.push(Cause::new(CauseKind::Payment, payment.id));
                }
            }
            Fact::Refund(refund) => {
                let known = self.history.maybe_refund(refund.payment_id).is_some();
                if self.history.refund(*refund) {
                    self.replaced_refunds.extend(known.then_some(refund.payment_id));
                    self.new_refunds.retain(|it| it.payment_id != refund.payment_id);
                    self.new_refunds.push(*refund);
                    self.causes.push(Cause::new(CauseKind::Refund, refund.id));
                }
            }
        }
    }

    fn note(&mut self, person: &Person, today: NaiveDate) {
        if self.history.note(person.clone()) {
            routing::note(&mut self.routes, &person.enrolments, today);
            self.causes.push(Cause::new(CauseKind::Person, person.revision));
        }
    }
}

/// What is written about all persons of a batch.
#[derive(Default)]
struct Rows {
    known: Vec<Known>,
    payments: Vec<facts::Told<Payment>>,
    corrected: Vec<facts::Told<Payment>>,
    refunds: Vec<facts::Told<Refund>>,
    replaced_refunds: Vec<facts::Told<PaymentId>>,
    derivations: Vec<Derivation>,
    spans: Vec<Span>,
    withdrawn: Vec<(Span, RecomputationId)>,
    recomputations: Vec<Recomputation>,
}

async fn store(
    session: &mut Session,
    context: &Context,
    (batch_id, event_id): (EventId, EventId),
    subjects: BTreeMap<ResidentId, Subject>,
) -> Result<(), Error> {
    let now = context.now();
    let mut rows = Rows::default();
    for (resident_id, subject) in subjects {
        rows.add(context, resident_id, (event_id, now), subject);
    }
    persons::replace(session, batch_id, &rows.known.iter().collect::<Vec<_>>(), now).await?;
    facts::insert_payments(session, &rows.payments, now).await?;
    for payment in rows.corrected {
        facts::correct_payment(session, payment, now).await?;
    }
    for (resident_id, payment_id) in rows.replaced_refunds {
        facts::delete_refund(session, resident_id, payment_id).await?;
    }
    facts::insert_refunds(session, &rows.refunds, now).await?;
    derivations::replace(session, batch_id, &rows.derivations).await?;
    for (span, by) in &rows.withdrawn {
        spans::withdraw(session, span, *by, now).await?;
    }
    spans::insert(session, &rows.spans).await?;
    recomputations::insert(session, &rows.recomputations).await
}

impl Rows {
    /// Recomputes one person.
    fn add(
        &mut self,
        context: &Context,
        resident_id: ResidentId,
        (event_id, now): (EventId, DateTime<Utc>),
        subject: Subject,
    ) {
        let Subject { history, routes, spans, causes, .. } = subject;
        let Coverage { spans: derived, outcomes } = history.coverage(law(context));
        let id = context.id();
        let difference = difference(&spans, &derived, Span::covered);
        let changes = self.change(context, (resident_id, id), difference);
        let derivation = |(payment_id, outcome)| {
            let (receipt, reasons) = match outcome {
                Outcome::Opened(receipt) => (Some(receipt), Vec::new()),
                Outcome::Refused(refusals) => (None, refusals.0.iter().map(Ground::from).collect()),
                Outcome::Refunded(_) => (None, Vec::new()),
            };
            Derivation { resident_id, payment_id, receipt, reasons, derived_at: now }
        };
        self.derivations.extend(outcomes.into_iter().map(derivation));
        // A state of the person that changes nothing leaves no trace of its own.
        if changes != Changes::default() || causes.iter().any(|it| it.kind != CauseKind::Person) {
            self.recomputations.push(Recomputation { resident_id, id, event_id, causes, changes, created_at: now });
        }
        self.payments.extend(subject.new_payments.into_iter().map(|it| (resident_id, it)));
        self.corrected.extend(subject.corrected_payments.into_iter().map(|it| (resident_id, it)));
        self.refunds.extend(subject.new_refunds.into_iter().map(|it| (resident_id, it)));
        self.replaced_refunds.extend(subject.replaced_refunds.into_iter().map(|it| (resident_id, it)));
        if let Some(person) = history.person().cloned() {
            self.known.push(Known { resident_id, person, routes });
        }
    }

    /// Spans to withdraw and to open; one that ends on another day than before is withdrawn and opened anew.
    fn change(
        &mut self,
        context: &Context,
        (resident_id, by): (ResidentId, RecomputationId),
        difference: Difference<Span>,
    ) -> Changes {
        let mut open = |covered: &Covered| {
            let span = Span {
                resident_id,
                id: context.id(),
                payment_id: covered.payment_id,
                enrolment_id: covered.enrolment_id,
                insurance: covered.span.insurance,
                period: covered.span.period,
                benefit_year: covered.span.benefit_year,
                opened_by: by,
                withdrawn: None,
            };
            let days = Days::from(&span);
            self.spans.push(span);
            days
        };
        let Difference { opened, closed, shortened, extended } = difference;
        let changes = Changes {
            opened: opened.iter().map(&mut open).collect(),
            closed: closed.iter().map(Days::from).collect(),
            shortened: shortened.iter().map(|(before, after)| (Days::from(before), open(after))).collect(),
            extended: extended.iter().map(|(before, after)| (Days::from(before), open(after))).collect(),
        };
        let changed = shortened.into_iter().chain(extended).map(|(before, _)| before);
        self.withdrawn.extend(closed.into_iter().chain(changed).map(|span| (span, by)));
        changes
    }
}
