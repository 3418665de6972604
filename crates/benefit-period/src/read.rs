//! Requests from the wire, with every field violation at once.

use chrono::NaiveDate;
use juyi_domain::codes::{Category, District, Insurance};
use juyi_domain::id::{EnrolmentId, EventId, PaymentId, ResidentId, SpanId};
use juyi_domain::refusal::Refusals;
use juyi_proto::benefit_period::v1 as pb;
use juyi_proto::enrolment::Paid;
use juyi_proto::fields::Fields;

/// A confirmed payment.
#[derive(Debug)]
pub(crate) struct Apply {
    pub(crate) resident_id: ResidentId,
    pub(crate) enrolment_id: EnrolmentId,
    pub(crate) payment_id: PaymentId,
    pub(crate) paid: Paid,
}

pub(crate) fn apply(request: &pb::ApplyPaymentRequest) -> Result<Apply, Refusals> {
    let mut fields = Fields::new();
    let _: EventId = fields.id("event_id", &request.event_id);
    let read = Apply {
        resident_id: fields.id("resident_id", &request.resident_id),
        enrolment_id: fields.id("enrolment_id", &request.enrolment_id),
        payment_id: fields.id("payment_id", &request.payment_id),
        paid: Paid {
            on: fields.date("payment_date", &request.payment_date),
            fully_subsidised: request.fully_subsidised,
            invokes_epidemic_rule: request.invoke_epidemic_rule,
        },
    };
    fields.finish(read)
}

/// A question about one day.
#[derive(Debug)]
pub(crate) struct Coverage {
    pub(crate) resident_id: ResidentId,
    pub(crate) on: NaiveDate,
    pub(crate) insurance: Insurance,
}

pub(crate) fn coverage(request: &pb::GetCoverageRequest) -> Result<Coverage, Refusals> {
    let mut fields = Fields::new();
    let read = Coverage {
        resident_id: fields.id("resident_id", &request.resident_id),
        on: fields.date("date", &request.date),
        insurance: fields.code("insurance", request.insurance),
    };
    fields.finish(read)
}

pub(crate) fn list(request: &pb::ListCoverageRequest) -> Result<(ResidentId, Option<SpanId>, i64), Refusals> {
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &request.resident_id);
    let after = fields.page_after(&request.page_token);
    let size = fields.page_size(request.page_size);
    fields.finish((resident_id, after, size))
}

/// Facts of a coverage that belong to no stored enrolment.
#[derive(Debug)]
pub(crate) struct Preview {
    pub(crate) policy_year: i32,
    pub(crate) district: District,
    pub(crate) category: Category,
    pub(crate) born_on: Option<NaiveDate>,
    pub(crate) previous_year_insured: Option<bool>,
    pub(crate) paid_on: NaiveDate,
    pub(crate) interrupted_on: Option<NaiveDate>,
    pub(crate) invokes_epidemic_rule: bool,
}

pub(crate) fn preview(request: &pb::PreviewCoverageRequest) -> Result<Preview, Refusals> {
    let mut fields = Fields::new();
    let category = fields.code("category", request.category);
    let born_on = match category {
        Category::Newborn => Some(fields.date("birth_date", &request.birth_date)),
        _ => fields.maybe_date("birth_date", &request.birth_date),
    };
    let read = Preview {
        policy_year: fields.policy_year("policy_year", request.policy_year),
        district: fields.district("district", &request.district),
        category,
        born_on,
        previous_year_insured: request.previous_year_insured,
        paid_on: fields.date("payment_date", &request.payment_date),
        interrupted_on: fields.maybe_date("interruption_date", &request.interruption_date),
        invokes_epidemic_rule: request.invoke_epidemic_rule,
    };
    fields.finish(read)
}
