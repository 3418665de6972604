//! Requests from the wire, with every field violation at once.

use chrono::NaiveDate;
use juyi_domain::codes::{Category, District, Identity, Insurance, PaymentMethod};
use juyi_domain::contribution::codes::PremiumPart;
use juyi_domain::contribution::quote::QuoteRequest;
use juyi_domain::contribution::subsidy::{HeldIdentity, in_force};
use juyi_domain::contribution::ways::Way;
use juyi_domain::id::{EnrolmentId, PaymentId, ResidentId};
use juyi_domain::money::Fen;
use juyi_domain::refusal::{Reason, Refusals};
use juyi_proto::contribution::v1 as pb;
use juyi_proto::contribution::v1::quote_premium_request::Subject as WireSubject;
use juyi_proto::fields::Fields;

/// What is quoted.
#[derive(Debug)]
pub(crate) enum Subject {
    /// A stored enrolment.
    Enrolment { resident_id: ResidentId, id: EnrolmentId, parts: Vec<PremiumPart> },
    /// Given facts.
    Facts(Facts),
}

/// Facts of a premium that belong to no stored enrolment.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) policy_year: i32,
    pub(crate) district: District,
    pub(crate) request: QuoteRequest,
    pub(crate) category: Option<Category>,
    pub(crate) through_unit: bool,
}

pub(crate) fn quote(request: &pb::QuotePremiumRequest) -> Result<Subject, Refusals> {
    let mut fields = Fields::new();
    let mut parts: Vec<PremiumPart> = fields.codes("required_parts", &request.required_parts);
    if request.require_government_part && !parts.contains(&PremiumPart::GovernmentPart) {
        parts.push(PremiumPart::GovernmentPart);
    }
    let subject = match fields.message("subject", request.subject.as_ref()) {
        None => None,
        Some(WireSubject::Enrolment(enrolment)) => {
            let fields = fields.within("enrolment.");
            Some(Subject::Enrolment {
                resident_id: fields.id("resident_id", &enrolment.resident_id),
                id: fields.id("enrolment_id", &enrolment.enrolment_id),
                parts,
            })
        }
        Some(WireSubject::Facts(facts)) => Some(Subject::Facts(quote_facts(fields.within("facts."), facts, parts))),
    };
    fields.finish(subject)?.ok_or_else(Refusals::default)
}

fn quote_facts(fields: &mut Fields, facts: &pb::PremiumFacts, parts: Vec<PremiumPart>) -> Facts {
    let policy_year = fields.policy_year("policy_year", facts.policy_year);
    let first_day = NaiveDate::from_ymd_opt(policy_year, 1, 1).unwrap_or_default();
    let applied_on = fields.maybe_date("application_date", &facts.application_date).unwrap_or(first_day);
    let mut identities: Vec<Identity> = fields.codes("identities", &facts.identities);
    let held: Vec<_> = facts.identities_held.iter().map(|held| identity_held(fields, held)).collect();
    identities.extend(in_force(&held, applied_on));
    identities.sort_unstable();
    identities.dedup();
    let request = QuoteRequest {
        class: fields.code("class", facts.class),
        tier: fields.maybe_code("tier", facts.tier),
        identities,
        applied_on,
        parts,
    };
    Facts {
        policy_year,
        district: fields.district("district", &facts.district),
        request,
        category: fields.maybe_code("category", facts.category),
        through_unit: facts.through_unit,
    }
}

fn identity_held(fields: &mut Fields, held: &pb::IdentityHeld) -> HeldIdentity {
    let read = HeldIdentity {
        identity: fields.code("identities_held.identity", held.identity),
        first_on: fields.maybe_date("identities_held.start_date", &held.start_date),
        last_on: fields.maybe_date("identities_held.end_date", &held.end_date),
    };
    if read.first_on.zip(read.last_on).is_some_and(|(first, last)| last < first) {
        fields.refuse("identities_held.end_date", Reason::DateOrder, "an identity does not end before it begins");
    }
    read
}

/// A payment to be confirmed.
#[derive(Debug)]
pub(crate) struct Confirm {
    pub(crate) resident_id: ResidentId,
    pub(crate) enrolment_id: EnrolmentId,
    pub(crate) amount: Fen,
    pub(crate) paid_on: NaiveDate,
    pub(crate) method: PaymentMethod,
    pub(crate) voucher_number: String,
    pub(crate) invokes_epidemic_rule: bool,
    pub(crate) way: Way,
    pub(crate) charges: Vec<(Insurance, Fen)>,
}

pub(crate) fn confirm(request: &pb::ConfirmPaymentRequest, today: NaiveDate) -> Result<Confirm, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let read = Confirm {
        resident_id: fields.id("resident_id", &request.resident_id),
        enrolment_id: fields.id("enrolment_id", &request.enrolment_id),
        amount: fields.amount("amount_fen", request.amount_fen),
        paid_on: fields.past_date("payment_date", &request.payment_date, today),
        method: fields.code("method", request.method),
        voucher_number: fields.text("voucher_number", &request.voucher_number, 1..=40),
        invokes_epidemic_rule: request.invoke_epidemic_rule,
        way: way(&mut fields, request.way.as_ref()),
        charges: charges(&mut fields, &request.charges),
    };
    fields.finish(read)
}

/// The form of a message of a stream; each of its rows is read by itself.
pub(crate) fn batch(request: &pb::ConfirmPaymentsRequest, most: usize) -> Result<(), Refusals> {
    let mut fields = Fields::new();
    fields.text("batch_id", &request.batch_id, 1..=64);
    if request.rows.is_empty() || request.rows.len() > most {
        fields.refuse("rows", Reason::ValueNotAllowed, format!("a message has 1 to {most} rows"));
    }
    fields.finish(())
}

/// A row of a stream.
pub(crate) fn row(row: &pb::PaymentRow, today: NaiveDate) -> Result<Confirm, Refusals> {
    let mut fields = Fields::new();
    let read = Confirm {
        resident_id: fields.id("resident_id", &row.resident_id),
        enrolment_id: fields.id("enrolment_id", &row.enrolment_id),
        amount: fields.amount("amount_fen", row.amount_fen),
        paid_on: fields.past_date("payment_date", &row.payment_date, today),
        method: fields.code("method", row.method),
        voucher_number: fields.text("voucher_number", &row.voucher_number, 1..=40),
        invokes_epidemic_rule: row.invoke_epidemic_rule,
        way: way(&mut fields, row.way.as_ref()),
        charges: charges(&mut fields, &row.charges),
    };
    fields.finish(read)
}

fn way(fields: &mut Fields, way: Option<&pb::PaymentWay>) -> Way {
    let Some(way) = way else { return Way::default() };
    let number = fields.text("way.paper_number", &way.paper_number, 0..=40);
    Way {
        bank: fields.maybe_code("way.bank", way.bank),
        paper: fields.maybe_code("way.paper", way.paper),
        paper_number: Some(number).filter(|number| !number.is_empty()),
        login: fields.maybe_code("way.login", way.login),
        qr_source: fields.maybe_code("way.qr_source", way.qr_source),
    }
}

fn charges(fields: &mut Fields, charges: &[pb::InsuranceCharge]) -> Vec<(Insurance, Fen)> {
    let charge = |charge: &pb::InsuranceCharge| {
        let insurance = fields.code("charges.insurance", charge.insurance);
        (insurance, fields.amount("charges.amount_fen", charge.amount_fen))
    };
    charges.iter().map(charge).collect()
}

pub(crate) fn get(request: &pb::GetPaymentRequest) -> Result<(ResidentId, PaymentId), Refusals> {
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &request.resident_id);
    let id = fields.id("payment_id", &request.payment_id);
    fields.finish((resident_id, id))
}

pub(crate) fn list(request: &pb::ListPaymentsRequest) -> Result<(ResidentId, Option<PaymentId>, i64), Refusals> {
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &request.resident_id);
    let before = fields.page_after(&request.page_token);
    let size = fields.page_size(request.page_size);
    fields.finish((resident_id, before, size))
}
