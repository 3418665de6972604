//! Facts from the wire; those that cannot be read are left out.

use juyi_domain::benefit_period::history::{Payment, Person, Refund};
use juyi_domain::id::{EventId, ResidentId};
use juyi_domain::refusal::{Reason, Refusals};
use juyi_proto::benefit_period::v1 as pb;
use juyi_proto::common::v1::PersonState;
use juyi_proto::fields::Fields;
use juyi_proto::person;

use super::{Batch, Fact};

/// Facts of the largest batch.
const MOST: usize = 500;

pub(crate) fn payments(request: &pb::ApplyPaymentsRequest) -> Result<Batch, Refusals> {
    let id = |told: &pb::PaymentFact| told.payment_id.clone();
    batch(&request.event_id, ("payments", id), &request.payments, |fields, told: &pb::PaymentFact| {
        let payment = Payment {
            id: fields.id("payments.payment_id", &told.payment_id),
            enrolment_id: fields.id("payments.enrolment_id", &told.enrolment_id),
            paid_on: fields.date("payments.payment_date", &told.payment_date),
            method: fields.code("payments.method", told.method),
            fully_subsidised: told.fully_subsidised,
            invokes_epidemic_rule: told.invoke_epidemic_rule,
        };
        let state = fields.message("payments.person", told.person.as_ref())?;
        let (resident_id, person) = state_of(fields, state)?;
        Some((resident_id, Fact::Payment(payment, person)))
    })
}

pub(crate) fn refunds(request: &pb::ApplyRefundsRequest) -> Result<Batch, Refusals> {
    let id = |told: &pb::RefundFact| told.refund_id.clone();
    batch(&request.event_id, ("refunds", id), &request.refunds, |fields, told: &pb::RefundFact| {
        let refund = Refund {
            id: fields.id("refunds.refund_id", &told.refund_id),
            payment_id: fields.id("refunds.payment_id", &told.payment_id),
            refunded_on: fields.date("refunds.refund_date", &told.refund_date),
        };
        Some((fields.id("refunds.resident_id", &told.resident_id), Fact::Refund(refund)))
    })
}

pub(crate) fn persons(request: &pb::NoteResidentsRequest) -> Result<Batch, Refusals> {
    let id = |state: &PersonState| state.resident_id.clone();
    batch(&request.event_id, ("persons", id), &request.persons, |fields, state: &PersonState| {
        let (resident_id, person) = state_of(fields, state)?;
        Some((resident_id, Fact::Person(person)))
    })
}

fn batch<T>(
    event_id: &str,
    (name, id): (&'static str, impl Fn(&T) -> String),
    told: &[T],
    read: impl Fn(&mut Fields, &T) -> Option<(ResidentId, Fact)>,
) -> Result<Batch, Refusals> {
    let mut fields = Fields::new();
    let event_id = fields.id("event_id", event_id);
    if told.len() > MOST {
        fields.refuse(name, Reason::ValueNotAllowed, format!("at most {MOST} in one event"));
    }
    let event_id: EventId = fields.finish(event_id)?;
    let mut batch = Batch { event_id, facts: Vec::with_capacity(told.len()), left_out: 0 };
    for it in told {
        let mut fields = Fields::new();
        let fact = read(&mut fields, it);
        match fields.finish(fact) {
            Ok(fact) => batch.facts.extend(fact),
            Err(refusals) => {
                batch.left_out += 1;
                let reasons: Vec<_> =
                    refusals.0.iter().map(|it| (it.reason.code(), it.field.as_deref().unwrap_or_default())).collect();
                tracing::error!(%event_id, kind = name, id = id(it), ?reasons, "a fact cannot be read and is left out");
            }
        }
    }
    Ok(batch)
}

fn state_of(fields: &mut Fields, state: &PersonState) -> Option<(ResidentId, Person)> {
    let resident_id = fields.id("person.resident_id", &state.resident_id);
    let Ok(person) = person::from_wire(state) else {
        fields.refuse("person", Reason::ValueNotAllowed, "the state of the person is not as the contract says");
        return None;
    };
    Some((resident_id, person))
}
