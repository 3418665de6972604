//! Requests from the wire, with every field violation at once.

use chrono::NaiveDate;
use juyi_domain::codes::{Class, District, PaymentMethod, Tier};
use juyi_domain::contribution::quote::QuoteRequest;
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
    Enrolment { resident_id: ResidentId, id: EnrolmentId, with_government: bool },
    /// Given facts.
    Facts { policy_year: i32, district: District, request: QuoteRequest },
}

pub(crate) fn quote(request: &pb::QuotePremiumRequest) -> Result<Subject, Refusals> {
    let with_government = request.require_government_part;
    let mut fields = Fields::new();
    let subject = match fields.message("subject", request.subject.as_ref()) {
        None => None,
        Some(WireSubject::Enrolment(enrolment)) => {
            let fields = fields.within("enrolment.");
            Some(Subject::Enrolment {
                resident_id: fields.id("resident_id", &enrolment.resident_id),
                id: fields.id("enrolment_id", &enrolment.enrolment_id),
                with_government,
            })
        }
        Some(WireSubject::Facts(facts)) => Some(quote_facts(fields.within("facts."), facts, with_government)),
    };
    fields.finish(subject)?.ok_or_else(Refusals::default)
}

fn quote_facts(fields: &mut Fields, facts: &pb::PremiumFacts, with_government: bool) -> Subject {
    let class = fields.code("class", facts.class);
    // Students and children have one tier, which need not be named.
    let tier = match (class, facts.tier) {
        (Class::StudentChild, 0) => Tier::StudentChild,
        (_, number) => fields.code("tier", number),
    };
    Subject::Facts {
        policy_year: fields.policy_year("policy_year", facts.policy_year),
        district: fields.district("district", &facts.district),
        request: QuoteRequest {
            class,
            tier,
            identities: fields.codes("identities", &facts.identities),
            with_government,
        },
    }
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
}

pub(crate) fn confirm(request: &pb::ConfirmPaymentRequest, today: NaiveDate) -> Result<Confirm, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let read = Confirm {
        resident_id: fields.id("resident_id", &request.resident_id),
        enrolment_id: fields.id("enrolment_id", &request.enrolment_id),
        amount: fields.amount("amount_fen", request.amount_fen),
        paid_on: fields.date("payment_date", &request.payment_date),
        method: fields.code("method", request.method),
        voucher_number: fields.text("voucher_number", &request.voucher_number, 1..=40),
        invokes_epidemic_rule: request.invoke_epidemic_rule,
    };
    if read.paid_on > today {
        fields.refuse("payment_date", Reason::DateOrder, "payment_date lies in the future");
    }
    fields.finish(read)
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
