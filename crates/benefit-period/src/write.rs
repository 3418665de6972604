//! Answers to the wire.

use juyi_domain::benefit_period::derive;
use juyi_domain::benefit_period::history::Payment;
use juyi_domain::codes::{Identity, Insurance};
use juyi_domain::dates::Period;
use juyi_domain::refusal::Refusal;
use juyi_kit::wire::{instant, receipt};
use juyi_proto::benefit_period::v1 as pb;
use juyi_proto::code::Coded;
use juyi_proto::common::v1::Condition;
use juyi_proto::person;

use crate::coverage::{Coverage, Found};
use crate::explain::Explanation;
use crate::store::derivations::Ground;
use crate::store::recomputations::{CauseKind, Days, Recomputation};
use crate::store::spans::Span;

pub(crate) fn span(span: &Span) -> pb::Span {
    let (withdrawn_by, withdrawn_time) =
        span.withdrawn.map(|(by, at)| (by.to_string(), instant(at))).unwrap_or_default();
    pb::Span {
        span_id: span.id.to_string(),
        enrolment_id: span.enrolment_id.to_string(),
        payment_id: span.payment_id.to_string(),
        withdrawn_by,
        withdrawn_time,
        ..days(span.insurance, Some(span.period), span.benefit_year)
    }
}

/// A span that hangs on no payment.
pub(crate) fn preview(span: &derive::Span) -> pb::Span {
    days(span.insurance, Some(span.period), span.benefit_year)
}

fn days(insurance: Insurance, period: Option<Period>, benefit_year: i32) -> pb::Span {
    pb::Span {
        insurance: insurance.to_wire(),
        start_date: period.map(|period| period.start().to_string()).unwrap_or_default(),
        end_date: period.map(|period| period.last_day().to_string()).unwrap_or_default(),
        benefit_year,
        ..Default::default()
    }
}

pub(crate) fn coverage(coverage: &Coverage) -> pb::GetCoverageResponse {
    let answer = pb::GetCoverageResponse {
        identities: coverage.identities.iter().map(|identity| identity.to_wire()).collect(),
        paying_scheme: coverage.paying.map_or(0, Coded::to_wire),
        ..Default::default()
    };
    match &coverage.found {
        Ok(found) => {
            let Found { span: covering, terms, district, township, receipt: derived } = found.as_ref();
            pb::GetCoverageResponse {
                covered: true,
                span: Some(span(covering)),
                class: terms.class.to_wire(),
                tier: terms.tier.to_wire(),
                category: terms.category.to_wire(),
                policy_year: terms.policy_year,
                district: district.to_string(),
                township: township.clone().unwrap_or_default(),
                receipt: Some(receipt(derived)),
                ..answer
            }
        }
        Err(reasons) => pb::GetCoverageResponse { reasons: reasons.iter().map(condition).collect(), ..answer },
    }
}

/// Those of a batch who are covered.
pub(crate) fn covered(answers: &[Option<(Found, Vec<Identity>)>]) -> pb::BatchGetCoveredResponse {
    let covered = |(question, answer): (i32, &Option<(Found, Vec<Identity>)>)| {
        let (found, identities) = answer.as_ref()?;
        Some(pb::Covered {
            question,
            benefit_year: found.span.benefit_year,
            district: found.district.to_string(),
            class: found.terms.class.to_wire(),
            tier: found.terms.tier.to_wire(),
            identities: identities.iter().map(|identity| identity.to_wire()).collect(),
        })
    };
    pb::BatchGetCoveredResponse { covered: (0..).zip(answers).filter_map(covered).collect() }
}

fn condition(refusal: &Refusal) -> Condition {
    ground(&Ground::from(refusal))
}

fn ground(ground: &Ground) -> Condition {
    Condition {
        reason: ground.reason.clone(),
        rule_id: ground.rule_id.clone().unwrap_or_default(),
        detail: ground.detail.clone(),
        message: ground.message().to_owned(),
        metadata: ground.metadata.iter().cloned().collect(),
    }
}

pub(crate) fn explanation(of: &Explanation) -> pb::ExplainCoverageResponse {
    let payments: Vec<&Payment> = of.history.payments();
    let awaiting = of.history.refunds().filter(|refund| payments.iter().all(|it| it.id != refund.payment_id));
    pb::ExplainCoverageResponse {
        person: of.history.person().map(|known| pb::KnownPerson {
            state: Some(person::to_wire(&of.resident_id.to_string(), known)),
            routes: known.routes.iter().map(route).collect(),
        }),
        awaiting_refunds: awaiting
            .map(|refund| pb::AwaitingRefund {
                refund_id: refund.id.to_string(),
                payment_id: refund.payment_id.to_string(),
                refund_date: refund.refunded_on.to_string(),
            })
            .collect(),
        payments: payments.into_iter().map(|it| payment(of, it)).collect(),
        recomputations: of.recomputations.iter().map(recomputation).collect(),
    }
}

fn route(route: &juyi_domain::benefit_period::routing::Routing) -> pb::Route {
    pb::Route {
        enrolment_id: route.enrolment_id.to_string(),
        known_date: route.known_on.to_string(),
        district: route.district.to_string(),
        township: route.township.clone().unwrap_or_default(),
    }
}

fn payment(of: &Explanation, payment: &Payment) -> pb::ExplainedPayment {
    let derivation = of.derivations.iter().find(|it| it.payment_id == payment.id);
    let refund = of.history.maybe_refund(payment.id);
    pb::ExplainedPayment {
        payment_id: payment.id.to_string(),
        enrolment_id: payment.enrolment_id.to_string(),
        payment_date: payment.paid_on.to_string(),
        fully_subsidised: payment.fully_subsidised,
        invoke_epidemic_rule: payment.invokes_epidemic_rule,
        spans: of.spans.iter().filter(|it| it.payment_id == payment.id).map(span).collect(),
        receipt: derivation.and_then(|it| it.receipt.as_ref()).map(receipt),
        reasons: derivation.into_iter().flat_map(|it| &it.reasons).map(ground).collect(),
        refund_id: refund.map(|it| it.id.to_string()).unwrap_or_default(),
        refund_date: refund.map(|it| it.refunded_on.to_string()).unwrap_or_default(),
    }
}

fn recomputation(it: &Recomputation) -> pb::Recomputation {
    let changed = |pairs: &[(Days, Days)]| {
        let pair =
            |(before, after): &(Days, Days)| pb::ChangedSpan { before: Some(at(before)), after: Some(at(after)) };
        pairs.iter().map(pair).collect()
    };
    pb::Recomputation {
        recomputation_id: it.id.to_string(),
        create_time: instant(it.created_at),
        event_id: it.event_id.to_string(),
        causes: it
            .causes
            .iter()
            .map(|cause| pb::Cause { kind: kind(cause.kind).into(), id: cause.id.clone() })
            .collect(),
        opened: it.changes.opened.iter().map(at).collect(),
        closed: it.changes.closed.iter().map(at).collect(),
        shortened: changed(&it.changes.shortened),
        extended: changed(&it.changes.extended),
    }
}

const fn kind(kind: CauseKind) -> pb::CauseKind {
    match kind {
        CauseKind::Payment => pb::CauseKind::Payment,
        CauseKind::Refund => pb::CauseKind::Refund,
        CauseKind::Person => pb::CauseKind::Person,
    }
}

/// A span as it stood.
fn at(it: &Days) -> pb::Span {
    pb::Span {
        span_id: it.span_id.to_string(),
        enrolment_id: it.enrolment_id.to_string(),
        payment_id: it.payment_id.to_string(),
        ..days(it.insurance, it.maybe_period(), it.benefit_year)
    }
}
