//! Answers to the wire.

use juyi_domain::benefit_period::derive;
use juyi_domain::codes::Insurance;
use juyi_domain::dates::Period;
use juyi_domain::refusal::Refusal;
use juyi_kit::wire::receipt;
use juyi_proto::benefit_period::v1 as pb;
use juyi_proto::code::Coded;
use juyi_proto::common::v1::Condition;

use crate::service::Coverage;
use crate::store::spans::Span;

pub(crate) fn span(span: &Span) -> pb::Span {
    pb::Span {
        span_id: span.id.to_string(),
        enrolment_id: span.enrolment_id.to_string(),
        payment_id: span.payment_id.to_string(),
        ..days(span.insurance, span.period, span.benefit_year)
    }
}

/// A span that hangs on no payment.
pub(crate) fn preview(span: &derive::Span) -> pb::Span {
    days(span.insurance, span.period, span.benefit_year)
}

fn days(insurance: Insurance, period: Period, benefit_year: i32) -> pb::Span {
    pb::Span {
        insurance: insurance.to_wire(),
        start_date: period.start().to_string(),
        end_date: period.last_day().to_string(),
        benefit_year,
        ..Default::default()
    }
}

pub(crate) fn coverage(coverage: &Coverage) -> pb::GetCoverageResponse {
    let identities = coverage.identities.iter().map(|identity| identity.to_wire()).collect();
    match &coverage.found {
        Ok((covering, derivation)) => pb::GetCoverageResponse {
            covered: true,
            span: Some(span(covering)),
            class: derivation.class.to_wire(),
            tier: derivation.tier.to_wire(),
            district: derivation.district.to_string(),
            identities,
            receipt: Some(receipt(&derivation.receipt)),
            reasons: Vec::new(),
            policy_year: derivation.policy_year,
        },
        Err(refusal) => pb::GetCoverageResponse { identities, reasons: vec![condition(refusal)], ..Default::default() },
    }
}

fn condition(refusal: &Refusal) -> Condition {
    Condition {
        reason: refusal.reason.code().to_owned(),
        rule_id: refusal.rule_id.as_deref().unwrap_or_default().to_owned(),
        detail: refusal.detail.clone(),
        message: refusal.reason.message_zh().to_owned(),
        metadata: refusal.metadata.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect(),
    }
}
