//! Requests from the wire, with every field violation at once.

use chrono::NaiveDate;
use juyi_domain::benefit_period::employees::Employees;
use juyi_domain::codes::{Category, District, Insurance};
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::{Reason, Refusals};
use juyi_proto::benefit_period::v1 as pb;
use juyi_proto::common::v1::EmployeesInsurance;
use juyi_proto::fields::Fields;

use crate::store::spans::Page;

/// Further payments of the largest preview.
const MOST_PREVIEWED: usize = 20;

/// A question about one day.
#[derive(Debug)]
pub(crate) struct Coverage {
    pub(crate) resident_id: ResidentId,
    pub(crate) on: NaiveDate,
    /// Day that decides which scheme pays.
    pub(crate) scheme_on: NaiveDate,
    pub(crate) insurance: Insurance,
}

/// Day that decides which scheme pays: one that is told lies before the day asked for.
fn scheme_on(fields: &mut Fields, text: &str, on: NaiveDate) -> NaiveDate {
    let told = fields.maybe_date("scheme_date", text);
    if told.is_some_and(|told| told > on) {
        fields.refuse("scheme_date", Reason::DateOrder, "scheme_date lies after date");
    }
    told.unwrap_or(on)
}

pub(crate) fn coverage(request: &pb::GetCoverageRequest) -> Result<Coverage, Refusals> {
    let mut fields = Fields::new();
    let on = fields.date("date", &request.date);
    let read = Coverage {
        resident_id: fields.id("resident_id", &request.resident_id),
        on,
        scheme_on: scheme_on(&mut fields, &request.scheme_date, on),
        insurance: fields.code("insurance", request.insurance),
    };
    fields.finish(read)
}

/// Questions of the largest batch.
const MOST_ASKED: usize = 500;

/// Questions about one insurance, and for each the day that decides which scheme pays.
#[derive(Debug)]
pub(crate) struct Covered {
    pub(crate) insurance: Insurance,
    pub(crate) questions: Vec<(ResidentId, NaiveDate)>,
    pub(crate) schemes_on: Vec<NaiveDate>,
}

pub(crate) fn covered(request: &pb::BatchGetCoveredRequest) -> Result<Covered, Refusals> {
    let mut fields = Fields::new();
    let insurance = fields.code("insurance", request.insurance);
    if request.questions.len() > MOST_ASKED {
        fields.refuse("questions", Reason::ValueNotAllowed, format!("at most {MOST_ASKED} questions"));
    }
    fields.within("questions.");
    let (mut questions, mut schemes_on) = (Vec::new(), Vec::new());
    for it in request.questions.iter().take(MOST_ASKED) {
        let (resident_id, on) = (fields.id("resident_id", &it.resident_id), fields.date("date", &it.date));
        questions.push((resident_id, on));
        schemes_on.push(scheme_on(&mut fields, &it.scheme_date, on));
    }
    fields.within("");
    fields.finish(Covered { insurance, questions, schemes_on })
}

pub(crate) fn list(request: &pb::ListCoverageRequest) -> Result<(ResidentId, Page), Refusals> {
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &request.resident_id);
    let page = Page {
        after: fields.page_after(&request.page_token),
        size: fields.page_size(request.page_size),
        with_withdrawn: request.include_withdrawn,
    };
    fields.finish((resident_id, page))
}

pub(crate) fn explain(request: &pb::ExplainCoverageRequest) -> Result<ResidentId, Refusals> {
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &request.resident_id);
    fields.finish(resident_id)
}

/// Facts of a coverage that belong to nobody stored.
#[derive(Debug)]
pub(crate) struct Preview {
    pub(crate) born_on: Option<NaiveDate>,
    pub(crate) died_on: Option<NaiveDate>,
    pub(crate) left_school_on: Option<NaiveDate>,
    pub(crate) payments: Vec<Previewed>,
    pub(crate) employees: Vec<Employees>,
    pub(crate) on: Option<NaiveDate>,
}

/// One payment of a preview.
#[derive(Debug)]
pub(crate) struct Previewed {
    pub(crate) policy_year: i32,
    pub(crate) district: District,
    pub(crate) category: Category,
    pub(crate) previous_year_insured: Option<bool>,
    pub(crate) paid_on: NaiveDate,
    pub(crate) interrupted_on: Option<NaiveDate>,
    pub(crate) invokes_epidemic_rule: bool,
    pub(crate) by_deduction: bool,
    pub(crate) refunded_on: Option<NaiveDate>,
    pub(crate) pays_premium: bool,
}

pub(crate) fn preview(request: &pb::PreviewCoverageRequest) -> Result<Preview, Refusals> {
    let mut fields = Fields::new();
    let first = previewed(
        &mut fields,
        &pb::PreviewedPayment {
            policy_year: request.policy_year,
            district: request.district.clone(),
            category: request.category,
            previous_year_insured: request.previous_year_insured,
            payment_date: request.payment_date.clone(),
            interruption_date: request.interruption_date.clone(),
            invoke_epidemic_rule: request.invoke_epidemic_rule,
            by_deduction: request.by_deduction,
            refund_date: request.refund_date.clone(),
            pays_premium: request.pays_premium,
        },
    );
    if request.further_payments.len() > MOST_PREVIEWED {
        let detail = format!("at most {MOST_PREVIEWED} further payments");
        fields.refuse("further_payments", Reason::ValueNotAllowed, detail);
    }
    fields.within("further_payments.");
    let further = request.further_payments.iter().take(MOST_PREVIEWED);
    let further: Vec<Previewed> = further.map(|it| previewed(&mut fields, it)).collect();
    fields.within("");
    let payments: Vec<Previewed> = std::iter::once(first).chain(further).collect();
    let born_on = if payments.iter().any(|it| it.category == Category::Newborn) {
        Some(fields.date("birth_date", &request.birth_date))
    } else {
        fields.maybe_date("birth_date", &request.birth_date)
    };
    let died_on = fields.maybe_date("death_date", &request.death_date);
    let left_school_on = fields.maybe_date("school_leaving_date", &request.school_leaving_date);
    let on = if request.employees_insurance.is_empty() {
        fields.maybe_date("date", &request.date)
    } else {
        Some(fields.date("date", &request.date))
    };
    let listed = fields.listed("employees_insurance", &request.employees_insurance, MOST_PREVIEWED);
    fields.within("employees_insurance.");
    let employees = listed.iter().map(|it| employees(&mut fields, it)).collect();
    fields.within("");
    fields.finish(Preview { born_on, died_on, left_school_on, payments, employees, on })
}

fn employees(fields: &mut Fields, it: &EmployeesInsurance) -> Employees {
    Employees {
        start_on: fields.date("start_date", &it.start_date),
        last_on: fields.maybe_date("end_date", &it.end_date),
        kind: fields.maybe_code("kind", it.kind),
        status: fields.maybe_code("status", it.status),
        waiting_until: fields.maybe_date("waiting_period_end_date", &it.waiting_period_end_date),
    }
}

fn previewed(fields: &mut Fields, it: &pb::PreviewedPayment) -> Previewed {
    Previewed {
        category: fields.code("category", it.category),
        policy_year: fields.policy_year("policy_year", it.policy_year),
        district: fields.district("district", &it.district),
        previous_year_insured: it.previous_year_insured,
        paid_on: fields.date("payment_date", &it.payment_date),
        interrupted_on: fields.maybe_date("interruption_date", &it.interruption_date),
        invokes_epidemic_rule: it.invoke_epidemic_rule,
        by_deduction: it.by_deduction,
        refunded_on: fields.maybe_date("refund_date", &it.refund_date),
        pays_premium: it.pays_premium,
    }
}
