//! Requests from the wire, with every field violation at once.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use juyi_domain::codes::{District, PaymentMethod};
use juyi_domain::contribution::declaration::DeclarationLineState;
use juyi_domain::id::{DeclarationId, EnrolmentId, ResidentId};
use juyi_domain::money::Fen;
use juyi_domain::refusal::{Reason, Refusals};
use juyi_proto::contribution::v1 as pb;
use juyi_proto::fields::Fields;

use crate::registry::BATCH;

/// Longest id of a unit.
const UNIT_ID: usize = 40;

pub(super) fn unit_id(fields: &mut Fields, unit_id: &str) -> String {
    fields.text("unit_id", unit_id, 1..=UNIT_ID)
}

/// A unit's declaration.
#[derive(Clone, Debug)]
pub(super) struct Declare {
    pub(super) request_id: String,
    pub(super) unit_id: String,
    pub(super) policy_year: i32,
    pub(super) named: Option<Fen>,
}

pub(super) fn declare(request: &pb::DeclareRequest) -> Result<Declare, Refusals> {
    let mut fields = Fields::new();
    let read = Declare {
        request_id: fields.request_id(&request.request_id),
        unit_id: unit_id(&mut fields, &request.unit_id),
        policy_year: fields.policy_year("policy_year", request.policy_year),
        named: request.total_fen.map(|fen| fields.amount("total_fen", fen)),
    };
    fields.finish(read)
}

/// An authority's declaration.
#[derive(Clone, Debug)]
pub(super) struct Special {
    pub(super) request_id: String,
    pub(super) policy_year: i32,
    pub(super) district: District,
    pub(super) persons: Vec<(ResidentId, EnrolmentId)>,
}

pub(super) fn special(request: &pb::DeclareSpecialPersonsRequest) -> Result<Special, Refusals> {
    let mut fields = Fields::new();
    let request_id = fields.request_id(&request.request_id);
    let policy_year = fields.policy_year("policy_year", request.policy_year);
    let district = fields.district("district", &request.district);
    if request.persons.is_empty() {
        fields.refuse("persons", Reason::RequiredFieldMissing, "persons is required");
    } else if request.persons.len() > BATCH {
        fields.refuse("persons", Reason::ValueNotAllowed, format!("persons are at most {BATCH}"));
    }
    let mut seen = BTreeSet::new();
    for person in request.persons.iter().take(BATCH) {
        let inner = fields.within("persons.");
        let key = (inner.id("resident_id", &person.resident_id), inner.id("enrolment_id", &person.enrolment_id));
        // In the order in which a unit's people are counted too.
        if !seen.insert((key.1, key.0)) {
            inner.refuse("enrolment_id", Reason::ValueNotAllowed, "each person is named once");
        }
    }
    fields.within("");
    let persons = seen.into_iter().map(|(enrolment_id, resident_id)| (resident_id, enrolment_id)).collect();
    fields.finish(Special { request_id, policy_year, district, persons })
}

/// The payment of a declaration.
#[derive(Clone, Debug)]
pub(super) struct Pay {
    pub(super) id: DeclarationId,
    pub(super) amount: Fen,
    pub(super) method: PaymentMethod,
    pub(super) paid_on: NaiveDate,
    pub(super) voucher_number: String,
}

pub(super) fn pay(request: &pb::PayDeclarationRequest, today: NaiveDate) -> Result<Pay, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let read = Pay {
        id: fields.id("declaration_id", &request.declaration_id),
        amount: fields.amount("amount_fen", request.amount_fen),
        method: fields.code("method", request.method),
        paid_on: fields.past_date("payment_date", &request.payment_date, today),
        voucher_number: fields.text("voucher_number", &request.voucher_number, 1..=40),
    };
    fields.finish(read)
}

/// How an exception is closed.
#[derive(Clone, Debug)]
pub(super) struct Settle {
    pub(super) key: (ResidentId, EnrolmentId, DeclarationId),
    /// What went back; `None` when the money is used for the person.
    pub(super) back: Option<Back>,
}

/// Money that went back.
#[derive(Clone, Debug)]
pub(super) struct Back {
    pub(super) amount: Fen,
    pub(super) on: NaiveDate,
    pub(super) voucher_number: String,
}

pub(super) fn settle(request: &pb::SettleExceptionRequest, today: NaiveDate) -> Result<Settle, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let key = (
        fields.id("resident_id", &request.resident_id),
        fields.id("enrolment_id", &request.enrolment_id),
        fields.id("declaration_id", &request.declaration_id),
    );
    let back = match fields.maybe_code("state", request.state) {
        Some(DeclarationLineState::Returned) => Some(Back {
            amount: fields.amount("amount_fen", request.amount_fen),
            on: fields.past_date("return_date", &request.return_date, today),
            voucher_number: fields.text("voucher_number", &request.voucher_number, 1..=40),
        }),
        Some(DeclarationLineState::Confirmed) => {
            let none = (request.amount_fen, request.return_date.as_str(), request.voucher_number.as_str());
            if none != (0, "", "") {
                fields.refuse("state", Reason::ValueNotAllowed, "amount, day and voucher belong to RETURNED");
            }
            None
        }
        Some(_) => {
            fields.refuse("state", Reason::ValueNotAllowed, "an exception is CONFIRMED or RETURNED");
            None
        }
        None => {
            if request.state == 0 {
                fields.refuse("state", Reason::RequiredFieldMissing, "state is required");
            }
            None
        }
    };
    fields.finish(Settle { key, back })
}

pub(super) fn receipt(request: &pb::RecordElectronicReceiptRequest) -> Result<(DeclarationId, String), Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let id = fields.id("declaration_id", &request.declaration_id);
    let number = fields.text("receipt_number", &request.receipt_number, 1..=40);
    fields.finish((id, number))
}

pub(super) fn withdraw(request: &pb::WithdrawDeclarationRequest) -> Result<DeclarationId, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let id = fields.id("declaration_id", &request.declaration_id);
    fields.finish(id)
}

pub(super) fn id(declaration_id: &str) -> Result<DeclarationId, Refusals> {
    let mut fields = Fields::new();
    let id = fields.id("declaration_id", declaration_id);
    fields.finish(id)
}

/// Which declarations are listed.
#[derive(Debug)]
pub(super) struct List {
    pub(super) unit_id: String,
    pub(super) policy_year: Option<i32>,
    pub(super) before: Option<DeclarationId>,
    pub(super) size: i64,
}

pub(super) fn list(request: &pb::ListDeclarationsRequest) -> Result<List, Refusals> {
    let mut fields = Fields::new();
    let year = request.policy_year;
    let read = List {
        unit_id: unit_id(&mut fields, &request.unit_id),
        policy_year: (year != 0).then(|| fields.policy_year("policy_year", year)),
        before: fields.page_after(&request.page_token),
        size: fields.page_size(request.page_size),
    };
    fields.finish(read)
}

/// Which lines are listed.
#[derive(Debug)]
pub(super) struct Lines {
    pub(super) id: DeclarationId,
    pub(super) state: Option<DeclarationLineState>,
    pub(super) after: Option<EnrolmentId>,
    pub(super) size: i64,
}

pub(super) fn lines(request: &pb::ListDeclarationLinesRequest) -> Result<Lines, Refusals> {
    let mut fields = Fields::new();
    let read = Lines {
        id: fields.id("declaration_id", &request.declaration_id),
        state: fields.maybe_code("state", request.state),
        after: fields.page_after(&request.page_token),
        size: fields.page_size(request.page_size),
    };
    fields.finish(read)
}
