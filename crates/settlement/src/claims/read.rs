//! Requests from the wire, with every field violation at once.

use chrono::NaiveDate;
use juyi_domain::id::{ResidentId, SelfPaidClaimId};
use juyi_domain::money::Fen;
use juyi_domain::refusal::{Reason, Refusals};
use juyi_domain::settlement::claims::account::Account;
use juyi_domain::settlement::claims::codes::{AccountKind, ClaimDecision, ClaimDesk, ClaimPaper};
use juyi_domain::settlement::claims::filing::Leaving;
use juyi_proto::fields::Fields;
use juyi_proto::settlement::v1 as pb;
use juyi_proto::settlement::v1::list_claims_request::Scope as WireScope;

use crate::read_bill;
use crate::store::self_paid_claims::Queue;
use crate::store::settlements::Claim;

/// Reasons of a return.
const MOST_REASONS: usize = 10;

/// A claim at its desk.
#[derive(Debug)]
pub(super) struct File {
    pub(super) resident_id: ResidentId,
    pub(super) bill: Claim,
    pub(super) desk: ClaimDesk,
    pub(super) filed_on: NaiveDate,
    pub(super) papers: Vec<ClaimPaper>,
    pub(super) flagged_late: bool,
    pub(super) by_institution: bool,
    pub(super) leaving: Option<Leaving>,
    pub(super) account: Option<Account>,
}

pub(super) fn file(request: &pb::FileClaimRequest, today: NaiveDate) -> Result<File, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let resident_id = fields.id("resident_id", &request.resident_id);
    let desk = fields.code("desk", request.desk);
    let filed_on = fields.past_date("filing_date", &request.filing_date, today);
    let papers = fields.codes("papers", &request.papers);
    let leaving = request.school_leaving.as_ref().map(|leaving| {
        let fields = fields.within("school_leaving.");
        Leaving {
            left_on: fields.date("leaving_date", &leaving.leaving_date),
            reason: fields.code("reason", leaving.reason),
            registration: fields.code("registration", leaving.registration),
        }
    });
    let account = request.account.map(|account| {
        let fields = fields.within("account.");
        Account { kind: fields.code("kind", account.kind), state: fields.code("state", account.state) }
    });
    fields.within("");
    let bill = fields.message("bill", request.bill.as_ref());
    let bill = bill.map(|bill| read_bill::claim(&mut fields, bill, today, "J-10.3.1-b"));
    let read = bill.map(|bill| File {
        resident_id,
        bill,
        desk,
        filed_on,
        papers,
        flagged_late: request.late,
        by_institution: request.filed_by_institution,
        leaving,
        account,
    });
    fields.finish(read)?.ok_or_else(Refusals::default)
}

/// A claim that a step is for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Which {
    pub(super) resident_id: ResidentId,
    pub(super) id: SelfPaidClaimId,
}

fn which_of(fields: &mut Fields, resident_id: &str, claim_id: &str) -> Which {
    Which { resident_id: fields.id("resident_id", resident_id), id: fields.id("claim_id", claim_id) }
}

pub(super) fn step(request_id: &str, resident_id: &str, claim_id: &str) -> Result<Which, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(request_id);
    let which = which_of(&mut fields, resident_id, claim_id);
    fields.finish(which)
}

pub(super) fn get(request: &pb::GetClaimRequest) -> Result<Which, Refusals> {
    let mut fields = Fields::new();
    let which = which_of(&mut fields, &request.resident_id, &request.claim_id);
    fields.finish(which)
}

/// A decision.
#[derive(Debug)]
pub(super) struct Review {
    pub(super) which: Which,
    pub(super) decision: ClaimDecision,
    pub(super) reasons: Vec<String>,
}

pub(super) fn review(request: &pb::ReviewClaimRequest) -> Result<Review, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let which = which_of(&mut fields, &request.resident_id, &request.claim_id);
    let decision = fields.code("decision", request.decision);
    let reasons = fields.listed("reasons", &request.reasons, MOST_REASONS);
    match decision {
        ClaimDecision::Return if reasons.is_empty() => {
            fields.refuse("reasons", Reason::RequiredFieldMissing, "a claim is returned with reasons");
        }
        ClaimDecision::Approve if !reasons.is_empty() => {
            fields.refuse("reasons", Reason::ValueNotAllowed, "an approval has no reasons");
        }
        _ => {}
    }
    let reasons = reasons.iter().map(|reason| fields.text("reasons", reason, 1..=200)).collect();
    fields.finish(Review { which, decision, reasons })
}

/// A payment of a claim, or its money come back.
#[derive(Debug)]
pub(super) struct Transfer {
    pub(super) which: Which,
    pub(super) amount: Fen,
    pub(super) voucher_number: String,
    pub(super) on: NaiveDate,
}

pub(super) fn pay(request: &pb::PayClaimRequest, today: NaiveDate) -> Result<Transfer, Refusals> {
    let ids = [&*request.request_id, &request.resident_id, &request.claim_id];
    transfer(ids, (request.amount_fen, &request.voucher_number), ("payment_date", &request.payment_date), today)
}

pub(super) fn recover(request: &pb::RecoverClaimRequest, today: NaiveDate) -> Result<Transfer, Refusals> {
    let ids = [&*request.request_id, &request.resident_id, &request.claim_id];
    transfer(ids, (request.amount_fen, &request.voucher_number), ("repayment_date", &request.repayment_date), today)
}

fn transfer(
    [request_id, resident_id, claim_id]: [&str; 3],
    (fen, voucher_number): (i64, &str),
    (field, day): (&'static str, &str),
    today: NaiveDate,
) -> Result<Transfer, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(request_id);
    let read = Transfer {
        which: which_of(&mut fields, resident_id, claim_id),
        amount: fields.amount("amount_fen", fen),
        voucher_number: fields.text("voucher_number", voucher_number, 1..=40),
        on: fields.date(field, day),
    };
    fields.not_in_future(field, read.on, today);
    fields.finish(read)
}

pub(super) fn open_account(request: &pb::OpenAccountRequest) -> Result<(ResidentId, AccountKind), Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let resident_id = fields.id("resident_id", &request.resident_id);
    let kind = fields.code("kind", request.kind);
    fields.finish((resident_id, kind))
}

pub(super) fn activate_account(request: &pb::ActivateAccountRequest) -> Result<ResidentId, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let resident_id = fields.id("resident_id", &request.resident_id);
    fields.finish(resident_id)
}

/// Which claims are listed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scope {
    /// All of a resident.
    Resident(ResidentId),
    /// Those of a district.
    Queue(Queue),
}

/// A page.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    pub(super) scope: Scope,
    /// The last claim of the page before.
    pub(super) after: Option<SelfPaidClaimId>,
    pub(super) size: i64,
}

pub(super) fn list(request: &pb::ListClaimsRequest) -> Result<List, Refusals> {
    let mut fields = Fields::new();
    let after = fields.page_after(&request.page_token);
    let size = fields.page_size(request.page_size);
    let scope = fields.message("scope", request.scope.as_ref()).cloned();
    let scope = scope.map(|scope| match scope {
        WireScope::ResidentId(id) => Scope::Resident(fields.id("resident_id", &id)),
        WireScope::Queue(queue) => {
            let fields = fields.within("queue.");
            Scope::Queue(Queue {
                district: fields.district("district", &queue.district),
                desk: fields.maybe_code("desk", queue.desk),
                state: fields.maybe_code("state", queue.state),
            })
        }
    });
    fields.finish(scope.map(|scope| List { scope, after, size }))?.ok_or_else(Refusals::default)
}
