//! Requests from the wire, with every field violation at once.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Utc};
use juyi_domain::codes::{District, Office};
use juyi_domain::dates::Period;
use juyi_domain::id::{ExceptionId, ReconciliationId};
use juyi_domain::money::Fen;
use juyi_domain::refusal::{Reason, Refusals};
use juyi_domain::settlement::care::CareKind;
use juyi_domain::settlement::provider_reconciliation::{PayerAmounts, ProviderTotal};
use juyi_kit::caller::{Caller, NAME};
use juyi_proto::fields::Fields;
use juyi_proto::settlement::v1 as pb;

use crate::posting;
use crate::store::dues::Scope;
use crate::store::provider_reconciliations::{StatedRow, Wanted};

/// Days of a period.
const DAYS: u64 = 366;
/// Settlements of a total.
const SETTLEMENTS: i64 = 10_000_000;
/// Rows of a statement.
const ROWS: i64 = 1_000_000;
/// Rows of a chunk.
const CHUNK: usize = 1_000;

/// Totals of a statement per kind of care.
pub(super) struct Statement {
    pub(super) provider_code: String,
    pub(super) scope: Scope,
    pub(super) id: String,
    pub(super) totals: BTreeMap<CareKind, ProviderTotal>,
}

/// Rows of a statement that follow on each other.
pub(super) struct Chunk {
    pub(super) id: ReconciliationId,
    pub(super) row_count: i64,
    pub(super) first_row: i64,
    pub(super) rows: Vec<StatedRow>,
}

impl Chunk {
    /// True when the statement is complete with it.
    pub(super) fn is_last(&self) -> bool {
        i64::try_from(self.rows.len()).is_ok_and(|rows| self.first_row - 1 + rows == self.row_count)
    }
}

pub(super) fn totals(request: &pb::SubmitProviderTotalsRequest, now: DateTime<Utc>) -> Result<Statement, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let provider_code = provider_code(&mut fields, &request.provider_code);
    let scope = scope(&mut fields, &request.district, (&request.start_date, &request.end_date), now);
    let id = fields.text("statement_id", &request.statement_id, 1..=64);
    let mut totals = BTreeMap::new();
    for total in fields.listed("totals", &request.totals, CareKind::ALL.len()) {
        let fields = fields.within("totals.");
        let care_kind: CareKind = fields.code("care_kind", total.care_kind);
        if !(0..=SETTLEMENTS).contains(&total.settlements) {
            let detail = format!("settlements is 0 to {SETTLEMENTS}");
            fields.refuse("settlements", Reason::ValueNotAllowed, detail);
        }
        let amounts = amounts(fields, total.amounts.as_ref());
        if totals.insert(care_kind, ProviderTotal { settlements: total.settlements, amounts }).is_some() {
            fields.refuse("care_kind", Reason::ValueNotAllowed, "a kind of care is stated once");
        }
    }
    let statement = scope.map(|scope| Statement { provider_code, scope, id, totals });
    fields.finish(statement)?.ok_or_else(Refusals::default)
}

pub(super) fn rows(request: &pb::SubmitProviderRowsRequest) -> Result<Chunk, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let id = fields.id("reconciliation_id", &request.reconciliation_id);
    let (count, first, rows) = (request.row_count, request.first_row, request.rows.len());
    if !(0..=ROWS).contains(&count) {
        fields.refuse("row_count", Reason::ValueNotAllowed, format!("row_count is 0 to {ROWS}"));
    }
    if rows > CHUNK || (rows == 0 && count != 0) {
        fields.refuse("rows", Reason::ValueNotAllowed, format!("a chunk has 1 to {CHUNK} rows"));
    }
    let room = i64::try_from(rows).is_ok_and(|rows| first >= 1 && first - 1 <= count - rows);
    if !room {
        fields.refuse("first_row", Reason::ValueNotAllowed, "rows are numbered from 1 to row_count");
    }
    let fields_of_rows = fields.within("rows.");
    let row = |row: &pb::ProviderRow| StatedRow {
        settlement_id: fields_of_rows.text("settlement_id", &row.settlement_id, 1..=64),
        care_kind: fields_of_rows.code("care_kind", row.care_kind),
        amounts: amounts(fields_of_rows, row.amounts.as_ref()),
    };
    let rows = request.rows.iter().take(CHUNK).map(row).collect();
    fields.finish(Chunk { id, row_count: count, first_row: first, rows })
}

pub(super) fn get(request: &pb::GetProviderReconciliationRequest) -> Result<ReconciliationId, Refusals> {
    let mut fields = Fields::new();
    let id = fields.id("reconciliation_id", &request.reconciliation_id);
    fields.finish(id)
}

pub(super) fn list(request: &pb::ListProviderReconciliationsRequest) -> Result<Wanted, Refusals> {
    let mut fields = Fields::new();
    let wanted = Wanted {
        district: fields.district("district", &request.district),
        provider_code: fields.text("provider_code", &request.provider_code, 0..=30),
        of: None,
        after: fields.page_after(&request.page_token),
        size: fields.page_size(request.page_size),
    };
    fields.finish(wanted)
}

pub(super) fn list_exceptions(
    request: &pb::ListProviderExceptionsRequest,
) -> Result<(ReconciliationId, Option<ExceptionId>, i64), Refusals> {
    let mut fields = Fields::new();
    let id = fields.id("reconciliation_id", &request.reconciliation_id);
    let after = fields.page_after(&request.page_token);
    let size = fields.page_size(request.page_size);
    fields.finish((id, after, size))
}

pub(super) fn resolve(request: &pb::ResolveProviderExceptionRequest) -> Result<(ExceptionId, String), Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let id = fields.id("exception_id", &request.exception_id);
    let reason = fields.text("reason", &request.reason, 1..=500);
    fields.finish((id, reason))
}

/// An office that states for a provider from now on.
pub(super) struct NamedOffice {
    pub(super) provider_code: String,
    pub(super) stating: Caller,
    pub(super) reason: String,
}

/// The office is told as it tells itself with every call: a name that no call can bear would lock the provider out.
pub(super) fn named(request: &pb::NameProviderOfficeRequest) -> Result<NamedOffice, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let provider_code = provider_code(&mut fields, &request.provider_code);
    let district = fields.maybe_district("office_district", &request.office_district);
    let name = fields.text("office_name", &request.office_name, 1..=100);
    if !name.is_ascii() {
        let detail = format!("office_name is ASCII, as the office gives it in {NAME}");
        fields.refuse("office_name", Reason::ValueNotAllowed, detail);
    }
    let reason = fields.text("reason", &request.reason, 1..=500);
    let stating = Caller { office: Office::Provider, district, name };
    fields.finish(NamedOffice { provider_code, stating, reason })
}

pub(super) fn due(request: &pb::GetProviderDueRequest, now: DateTime<Utc>) -> Result<(String, Scope), Refusals> {
    let mut fields = Fields::new();
    let provider_code = provider_code(&mut fields, &request.provider_code);
    let scope = scope(&mut fields, &request.district, (&request.start_date, &request.end_date), now);
    fields.finish(scope.map(|scope| (provider_code, scope)))?.ok_or_else(Refusals::default)
}

/// The page token is the last provider of the page before.
pub(super) fn dues(
    request: &pb::ListProviderDuesRequest,
    now: DateTime<Utc>,
) -> Result<(Scope, String, i64), Refusals> {
    let mut fields = Fields::new();
    let scope = scope(&mut fields, &request.district, (&request.start_date, &request.end_date), now);
    let size = fields.page_size(request.page_size);
    let after = fields.text("page_token", &request.page_token, 0..=30);
    fields.finish(scope.map(|scope| (scope, after, size)))?.ok_or_else(Refusals::default)
}

fn provider_code(fields: &mut Fields, code: &str) -> String {
    fields.provider_code("provider_code", code)
}

/// `None` after a field was refused.
fn scope(fields: &mut Fields, district: &str, (first, last): (&str, &str), now: DateTime<Utc>) -> Option<Scope> {
    let district: District = fields.district("district", district);
    let (first, last) = (fields.date("start_date", first), fields.date("end_date", last));
    let Some(period) = Period::maybe_inclusive(first, last) else {
        fields.refuse("end_date", Reason::DateOrder, "end_date lies before start_date");
        return None;
    };
    if first.checked_add_days(Days::new(DAYS)).is_some_and(|end| period.end() > end) {
        fields.refuse("end_date", Reason::ValueNotAllowed, format!("a period has at most {DAYS} days"));
    }
    if !posting::is_closed(period, now) {
        let detail = "the period is not closed: its last day has to be over for an hour";
        fields.refuse("end_date", Reason::DateOrder, detail);
    }
    Some(Scope { district, period })
}

/// Amounts may lie below zero: more came back in the period than was settled.
fn amounts(fields: &mut Fields, stated: Option<&pb::PayerAmounts>) -> PayerAmounts {
    let stated = fields.message("amounts", stated).copied().unwrap_or_default();
    let bound = Fen::MAX_INPUT.get();
    let mut amount = |name: &str, fen: i64| {
        if !(-bound..=bound).contains(&fen) {
            let detail = format!("{name} is at most {bound} either way");
            fields.refuse(&format!("amounts.{name}"), Reason::ValueNotAllowed, detail);
        }
        Fen::new(fen.clamp(-bound, bound))
    };
    PayerAmounts {
        basic_fund: amount("basic_fund_fen", stated.basic_fund_fen),
        critical_illness: amount("critical_illness_fen", stated.critical_illness_fen),
        maternity: amount("maternity_fen", stated.maternity_fen),
        medical_assistance: amount("medical_assistance_fen", stated.medical_assistance_fen),
        veterans_assistance: amount("veterans_assistance_fen", stated.veterans_assistance_fen),
        person: amount("person_fen", stated.person_fen),
    }
}
