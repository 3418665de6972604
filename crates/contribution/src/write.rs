//! Answers to the wire.

use juyi_domain::codes::{Identity, Payer};
use juyi_domain::contribution::collection::Collection;
use juyi_domain::contribution::quote::Quote;
use juyi_domain::contribution::ways::Way;
use juyi_domain::id::PaymentId;
use juyi_domain::money::Fen;
use juyi_domain::receipt::{Step, Value};
use juyi_domain::refusal::{Refusal, Refusals};
use juyi_kit::wire::{instant, receipt, recorded_by};
use juyi_proto::code::Coded;
use juyi_proto::common::v1::Condition;
use juyi_proto::contribution::v1 as pb;

use crate::service::Quoted;
use crate::store::payments::Payment;

pub(crate) fn quoted(quoted: &Quoted) -> pb::QuotePremiumResponse {
    pb::QuotePremiumResponse {
        quote: Some(quote(&quoted.quote)),
        collections: quoted.collections.iter().map(collection).collect(),
    }
}

/// A quote; ground, increase and claim are read off the steps of its receipt, from which no total can differ.
pub(crate) fn quote(quote: &Quote) -> pb::Quote {
    let step = |rule_id: &str| quote.receipt.steps.iter().find(|step| step.rule_id == rule_id);
    pb::Quote {
        personal_fen: quote.personal.get(),
        subsidy_fen: quote.subsidy.get(),
        payable_fen: quote.payable.get(),
        government_fen: quote.government.map(Fen::get),
        subsidy_ground: quote.subsidy_ground.clone().unwrap_or_default(),
        receipt: Some(receipt(&quote.receipt)),
        ground: quote.subsidy_ground.as_ref().zip(quote.subsidy_step()).map(|(code, step)| ground(code, step)),
        increase: step("B-4-a").map(increase),
        treasury_claim_fen: step("B-5.5-b").map(|step| amount(step, "claim")),
        prepaid: quote.prepaid,
    }
}

fn ground(code: &str, step: &Step) -> pb::SubsidyGround {
    let given = |name: &'static str| step.inputs().filter(move |input| input.name == name);
    let identity = |value: &Value| match value {
        Value::Code(code) => code.parse::<Identity>().ok().map(Coded::to_wire),
        _ => None,
    };
    pb::SubsidyGround {
        code: code.to_owned(),
        rule_id: step.rule_id.to_string(),
        payer: Payer::PremiumSubsidy.to_wire(),
        identities: given("identity").filter_map(|input| identity(&input.value)).collect(),
        in_force_date: given("application_date").map(|input| input.value.to_string()).next().unwrap_or_default(),
    }
}

fn increase(step: &Step) -> pb::PremiumIncrease {
    pb::PremiumIncrease {
        personal_fen: amount(step, "personal"),
        government_fen: amount(step, "government"),
        total_fen: amount(step, "total"),
    }
}

fn amount(step: &Step, name: &str) -> i64 {
    match step.output(name) {
        Some(Value::Fen(fen)) => fen.get(),
        _ => 0,
    }
}

fn collection(collection: &Collection) -> pb::Collection {
    pb::Collection {
        code: collection.code.clone(),
        declarer: collection.declarer.to_wire(),
        collector: collection.collector.to_wire(),
        desk: collection.desk.map(Coded::to_wire).unwrap_or_default(),
        papers: collection.papers.iter().map(|paper| paper.to_wire()).collect(),
        methods: collection.methods.iter().map(|method| method.to_wire()).collect(),
        rule_id: collection.reference.rule_id.to_string(),
        section: collection.reference.section.to_string(),
        methods_rule_id: collection.methods_rule.clone(),
    }
}

fn way(way: &Way) -> pb::PaymentWay {
    pb::PaymentWay {
        bank: way.bank.map(Coded::to_wire).unwrap_or_default(),
        paper: way.paper.map(Coded::to_wire).unwrap_or_default(),
        paper_number: way.paper_number.clone().unwrap_or_default(),
        login: way.login.map(Coded::to_wire).unwrap_or_default(),
        qr_source: way.qr_source.map(Coded::to_wire).unwrap_or_default(),
    }
}

/// A row that was confirmed, now or before.
pub(crate) fn row(disposition: pb::RowDisposition, id: PaymentId) -> pb::PaymentRowOutcome {
    pb::PaymentRowOutcome { disposition: disposition.into(), payment_id: id.to_string(), ..Default::default() }
}

/// A row that was refused, with every failing condition.
pub(crate) fn refused_row(refusals: &Refusals) -> pb::PaymentRowOutcome {
    pb::PaymentRowOutcome {
        disposition: pb::RowDisposition::Refused.into(),
        reasons: refusals.0.iter().map(condition).collect(),
        ..Default::default()
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

pub(crate) fn payment(payment: &Payment) -> pb::Payment {
    pb::Payment {
        payment_id: payment.id.to_string(),
        resident_id: payment.resident_id.to_string(),
        enrolment_id: payment.enrolment_id.to_string(),
        policy_year: payment.policy_year,
        amount_fen: payment.amount.get(),
        subsidy_fen: payment.quote.subsidy.get(),
        payment_date: payment.paid_on.to_string(),
        method: payment.method.to_wire(),
        voucher_number: payment.voucher_number.clone(),
        quote: Some(quote(&payment.quote)),
        recorded_by: Some(recorded_by(&payment.recorded_by)),
        create_time: instant(payment.created_at),
        district: payment.district.to_string(),
        unit_id: payment.unit_id.clone().unwrap_or_default(),
        declaration_id: payment.declaration_id.map(|id| id.to_string()).unwrap_or_default(),
        refund_id: payment.refund.map(|refund| refund.id.to_string()).unwrap_or_default(),
        refund_date: payment.refund.map(|refund| refund.on.to_string()).unwrap_or_default(),
        way: Some(&payment.way).filter(|told| **told != Way::default()).map(way),
    }
}
