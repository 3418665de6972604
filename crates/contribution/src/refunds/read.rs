//! Requests from the wire, with every field violation at once.

use chrono::NaiveDate;
use juyi_domain::codes::{District, RefundGround, RefundState};
use juyi_domain::id::{EnrolmentId, RefundId, ResidentId};
use juyi_domain::money::Fen;
use juyi_domain::refusal::{Reason, Refusals};
use juyi_proto::contribution::v1 as pb;
use juyi_proto::contribution::v1::list_refunds_request::Scope as WireScope;
use juyi_proto::fields::Fields;

/// An application.
#[derive(Debug)]
pub(super) struct Apply {
    pub(super) resident_id: ResidentId,
    pub(super) enrolment_id: EnrolmentId,
    pub(super) ground: RefundGround,
    pub(super) applied_on: NaiveDate,
    pub(super) loan: Option<Loan>,
}

/// Admission and loan of a student.
#[derive(Clone, Copy, Debug)]
pub(super) struct Loan {
    pub(super) admitted_on: NaiveDate,
    pub(super) loaned_on: NaiveDate,
}

pub(super) fn apply(request: &pb::ApplyRefundRequest, today: NaiveDate) -> Result<Apply, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let ground = fields.code("ground", request.ground);
    let mut read = Apply {
        resident_id: fields.id("resident_id", &request.resident_id),
        enrolment_id: fields.id("enrolment_id", &request.enrolment_id),
        ground,
        applied_on: fields.past_date("application_date", &request.application_date, today),
        loan: None,
    };
    match (ground, &request.student_loan) {
        (RefundGround::StudentLoan, loan) => {
            if let Some(loan) = fields.message("student_loan", loan.as_ref()) {
                let fields = fields.within("student_loan.");
                read.loan = Some(Loan {
                    admitted_on: fields.date("admission_date", &loan.admission_date),
                    loaned_on: fields.date("loan_date", &loan.loan_date),
                });
            }
        }
        (_, Some(_)) => {
            fields.refuse("student_loan", Reason::ValueNotAllowed, "student_loan belongs to the ground STUDENT_LOAN");
        }
        (_, None) => {}
    }
    fields.finish(read)
}

/// A decision of the tax office.
#[derive(Debug)]
pub(super) struct Verify {
    pub(super) resident_id: ResidentId,
    pub(super) refund_id: RefundId,
    pub(super) decision: RefundState,
    pub(super) reason: String,
}

pub(super) fn verify(request: &pb::VerifyRefundRequest) -> Result<Verify, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let decision = fields.code("decision", request.decision);
    let length = match decision {
        RefundState::Rejected => 1..=200,
        RefundState::Verified => 0..=0,
        RefundState::Accepted | RefundState::Repaid => {
            fields.refuse("decision", Reason::ValueNotAllowed, "decision is VERIFIED or REJECTED");
            0..=200
        }
    };
    let read = Verify {
        resident_id: fields.id("resident_id", &request.resident_id),
        refund_id: fields.id("refund_id", &request.refund_id),
        decision,
        reason: fields.text("reason", &request.reason, length),
    };
    fields.finish(read)
}

/// A repayment by the agency.
#[derive(Debug)]
pub(super) struct Repay {
    pub(super) resident_id: ResidentId,
    pub(super) refund_id: RefundId,
    pub(super) amount: Fen,
    pub(super) voucher_number: String,
    pub(super) repaid_on: NaiveDate,
}

pub(super) fn repay(request: &pb::RepayRefundRequest, today: NaiveDate) -> Result<Repay, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let read = Repay {
        resident_id: fields.id("resident_id", &request.resident_id),
        refund_id: fields.id("refund_id", &request.refund_id),
        amount: fields.amount("amount_fen", request.amount_fen),
        voucher_number: fields.text("voucher_number", &request.voucher_number, 1..=40),
        repaid_on: fields.past_date("repayment_date", &request.repayment_date, today),
    };
    fields.finish(read)
}

pub(super) fn get(request: &pb::GetRefundRequest) -> Result<(ResidentId, RefundId), Refusals> {
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &request.resident_id);
    let id = fields.id("refund_id", &request.refund_id);
    fields.finish((resident_id, id))
}

/// Which refunds are listed.
#[derive(Debug)]
pub(super) enum Scope {
    /// All of a resident.
    Resident(ResidentId),
    /// The open ones of a district.
    OpenIn(District),
}

/// A page.
#[derive(Debug)]
pub(super) struct List {
    pub(super) scope: Scope,
    /// The last refund of the page before.
    pub(super) place: Option<RefundId>,
    pub(super) size: i64,
}

pub(super) fn list(request: &pb::ListRefundsRequest) -> Result<List, Refusals> {
    let mut fields = Fields::new();
    let scope = fields.message("scope", request.scope.as_ref()).map(|scope| match scope {
        WireScope::ResidentId(id) => (Some(id), None),
        WireScope::OpenInDistrict(district) => (None, Some(district)),
    });
    let scope = match scope {
        Some((Some(id), _)) => Some(Scope::Resident(fields.id("resident_id", id))),
        Some((_, Some(district))) => Some(Scope::OpenIn(fields.district("open_in_district", district))),
        _ => None,
    };
    let place = fields.page_after(&request.page_token);
    let size = fields.page_size(request.page_size);
    fields.finish(scope.map(|scope| List { scope, place, size }))?.ok_or_else(Refusals::default)
}
