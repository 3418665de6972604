//! Papers on which people pay: the township's notice (J-3.3.2-a), the tax hall's papers (J-3.3.5-a).

use juyi_db::Session;
use juyi_domain::contribution::codes::PaymentPaper;
use juyi_domain::contribution::notice::{NoticeRequest, check, check_number};
use juyi_domain::id::{EnrolmentId, NoticeId, ResidentId};
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::error::Error;
use juyi_kit::wire::next_page;
use juyi_kit::wire::{instant, recorded_by};
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as pb;
use juyi_proto::fields::Fields;

use crate::confirm;
use crate::declarations::Declarations;
use crate::registry::Enrolled;
use crate::service::{due, payee};
use crate::store::notices::{self, Notice};
use crate::store::payments;

/// Before the number of a notice, so that it is told from a tax form.
const PREFIX: &str = "JF";

/// What is asked.
struct Issue {
    resident_id: ResidentId,
    enrolment_id: EnrolmentId,
    kind: PaymentPaper,
    form_number: String,
}

fn read(request: &pb::IssueNoticeRequest) -> Result<Issue, Error> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let read = Issue {
        resident_id: fields.id("resident_id", &request.resident_id),
        enrolment_id: fields.id("enrolment_id", &request.enrolment_id),
        kind: fields.code("kind", request.kind),
        form_number: fields.text("form_number", &request.form_number, 0..=40),
    };
    if request.kind != 0
        && let Err(refusal) = check_number(read.kind, &read.form_number)
    {
        fields.add(refusal);
    }
    Ok(fields.finish(read)?)
}

/// Issues a paper, or gives the one that was issued. Errors: those of the contract.
pub(crate) async fn issue(
    desk: &Declarations,
    request: pb::IssueNoticeRequest,
) -> Result<pb::IssueNoticeResponse, Error> {
    let caller = &Caller::current()?;
    let read = &read(&request)?;
    let command = Command::new("IssueNotice", &request.resident_id, &request.request_id, &request)
        .validating(request.validate_only);
    if let Some(earlier) = command.maybe_earlier(&desk.database).await? {
        return Ok(earlier);
    }
    let key = [(read.resident_id, read.enrolment_id)];
    let found = Caller::scope(Some(Caller::system()), desk.registry.batch(&key)).await?.pop();
    let enrolled = &found.ok_or_else(|| {
        let detail = "a paper is issued after registration; no such enrolment is registered";
        let rule_id = if read.kind == PaymentPaper::CashTaxForm { "J-3.3.5-a" } else { "J-3.3.2-a" };
        Refusal::new(Reason::OrderViolation, detail).at("enrolment_id").by(rule_id)
    })?;
    let work = |mut session| async move {
        let notice = decide(&mut session, desk, caller, read, enrolled).await?;
        Ok((pb::IssueNoticeResponse { notice: Some(write(&notice)) }, session))
    };
    let mut reply = command.run(&desk.database, &desk.context, work).await?;
    if request.validate_only
        && let Some(notice) = &mut reply.notice
    {
        notice.notice_id.clear();
        notice.number.clear();
    }
    Ok(reply)
}

async fn decide(
    session: &mut Session,
    desk: &Declarations,
    caller: &Caller,
    read: &Issue,
    enrolled: &Enrolled,
) -> Result<Notice, Error> {
    let (context, enrolment) = (&desk.context, &enrolled.enrolment);
    caller.require_district(enrolment.district)?;
    let (today, quote) = (context.clock().today(), due(session, context, enrolled, Vec::new()).await?);
    let due = quote.payable;
    let law = context.policy().for_(enrolment.district, enrolment.policy_year, enrolment.applied_on)?;
    let asked = NoticeRequest { office: caller.office, paper: read.kind, payee: payee(enrolled, &quote) };
    let rule_id = check(&asked, &law.payment)?;
    if let Some(id) = payments::maybe_find_of_enrolment(session, read.resident_id, read.enrolment_id).await? {
        let refusal = Refusal::new(Reason::DuplicatePayment, "this enrolment is paid").at("enrolment_id");
        return Err(refusal.with("payment_id", id).into());
    }
    if let Some(refusal) = confirm::maybe_declared(session, read.resident_id, read.enrolment_id).await? {
        return Err(refusal.into());
    }
    let issued = notices::maybe_find_same(session, read.resident_id, read.enrolment_id, read.kind, due).await?;
    if let Some(issued) = issued {
        return same(issued, &read.form_number);
    }
    if notices::maybe_find_of_number(session, &read.form_number).await?.is_some() {
        let detail = "another paper has this number";
        return Err(Refusal::new(Reason::ValueNotAllowed, detail).at("form_number").by(rule_id).into());
    }
    let id: NoticeId = context.id();
    let number = match read.kind {
        PaymentPaper::PaymentNotice => format!("{PREFIX}{}", id.to_string().replace('-', "")),
        _ => read.form_number.clone(),
    };
    let notice = Notice {
        resident_id: read.resident_id,
        id,
        enrolment_id: read.enrolment_id,
        policy_year: enrolment.policy_year,
        district: enrolment.district,
        kind: read.kind,
        number,
        class: enrolment.class,
        tier: enrolment.tier,
        payable: due,
        issued_on: today,
        rule_id,
        recorded_by: caller.clone(),
        created_at: context.now(),
    };
    notices::insert(session, &notice).await?;
    Ok(notice)
}

/// The paper that was issued; a cash form of another number is another paper, and there is one.
fn same(issued: Notice, form_number: &str) -> Result<Notice, Error> {
    if issued.kind == PaymentPaper::CashTaxForm && issued.number != form_number {
        let detail = "a cash form was issued for this enrolment and amount";
        return Err(Refusal::new(Reason::ValueNotAllowed, detail).at("form_number").by(issued.rule_id).into());
    }
    Ok(issued)
}

pub(crate) async fn get(desk: &Declarations, request: pb::GetNoticeRequest) -> Result<pb::GetNoticeResponse, Error> {
    let mut fields = Fields::new();
    let number = fields.text("number", &request.number, 1..=40);
    let number = fields.finish(number)?;
    let notice = notices::maybe_find_of_number(&mut desk.database.read().await?, &number).await?;
    let notice = notice.ok_or_else(|| Refusal::new(Reason::NoticeNotFound, "no paper has this number").at("number"))?;
    Caller::current()?.require_district(notice.district)?;
    Ok(pb::GetNoticeResponse { notice: Some(write(&notice)) })
}

pub(crate) async fn list(
    desk: &Declarations,
    request: pb::ListNoticesRequest,
) -> Result<pb::ListNoticesResponse, Error> {
    let caller = Caller::current()?;
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &request.resident_id);
    let before = fields.page_after(&request.page_token);
    let size = fields.page_size(request.page_size);
    let (resident_id, before, size) = fields.finish((resident_id, before, size))?;
    let page = notices::page(&mut desk.database.read().await?, resident_id, before, size).await?;
    Ok(pb::ListNoticesResponse {
        next_page_token: next_page(&page, size, |last| last.id.to_string()),
        // Those of another district are its offices' to read.
        notices: page.iter().filter(|notice| caller.require_district(notice.district).is_ok()).map(write).collect(),
    })
}

fn write(notice: &Notice) -> pb::Notice {
    pb::Notice {
        notice_id: notice.id.to_string(),
        number: notice.number.clone(),
        kind: notice.kind.to_wire(),
        resident_id: notice.resident_id.to_string(),
        enrolment_id: notice.enrolment_id.to_string(),
        policy_year: notice.policy_year,
        district: notice.district.to_string(),
        class: notice.class.to_wire(),
        tier: notice.tier.to_wire(),
        payable_fen: notice.payable.get(),
        issue_date: notice.issued_on.to_string(),
        rule_id: notice.rule_id.clone(),
        recorded_by: Some(recorded_by(&notice.recorded_by)),
        create_time: instant(notice.created_at),
    }
}
