//! What a batch comes to, as rows.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use juyi_db::Session;
use juyi_domain::benefit_period::history::difference::{Difference, difference};
use juyi_domain::benefit_period::history::{Coverage, Covered, Outcome, Payment, Refund};
use juyi_domain::id::{EventId, PaymentId, RecomputationId, ResidentId};
use juyi_kit::context::Context;
use juyi_kit::error::Error;

use super::law;
use super::subject::Subject;
use crate::store::derivations::{Derivation, Ground};
use crate::store::persons::Known;
use crate::store::recomputations::{CauseKind, Changes, Days, Recomputation};
use crate::store::spans::Span;
use crate::store::{derivations, facts, persons, recomputations, spans};

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

/// Recomputes the persons of a batch and stores facts, coverage and differences.
pub(super) async fn store(
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
        let Subject { history, spans, causes, .. } = subject;
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
            self.known.push(Known { resident_id, person });
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
