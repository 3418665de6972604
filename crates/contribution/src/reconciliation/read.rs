//! Requests from the wire, with every field violation at once.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::NaiveDate;
use juyi_domain::codes::District;
use juyi_domain::contribution::reconciliation::{Key, Total};
use juyi_domain::id::{DeclarationId, EnrolmentId, ExceptionId, ReconciliationId, ResidentId};
use juyi_domain::money::Fen;
use juyi_domain::refusal::{Reason, Refusals};
use juyi_proto::contribution::v1 as pb;
use juyi_proto::contribution::v1::tax_row::Subject;
use juyi_proto::fields::Fields;

use crate::store::booked::Day;
use crate::store::tax_rows::TaxRow;
use crate::store::{exceptions, reconciliations};

/// Characters of a unit id that may be left out.
const UNIT: RangeInclusive<usize> = 0..=40;
/// Characters of a statement id.
const STATEMENT: RangeInclusive<usize> = 1..=64;
/// Units of a statement.
const UNITS: usize = 5_000;
/// Rows of a statement.
const ROWS: i64 = 10_000_000;
/// Rows of a chunk.
const CHUNK: usize = 500;

/// Totals of a statement by unit.
pub(super) struct Statement {
    pub(super) id: String,
    pub(super) day: Day,
    pub(super) totals: BTreeMap<String, Total>,
}

pub(super) fn totals(request: &pb::SubmitTaxTotalsRequest, today: NaiveDate) -> Result<Statement, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let id = fields.text("statement_id", &request.statement_id, STATEMENT);
    let day = Day {
        district: fields.district("district", &request.district),
        on: fields.past_date("booked_date", &request.booked_date, today),
    };
    if request.totals.len() > UNITS {
        fields.refuse("totals", Reason::ValueNotAllowed, format!("at most {UNITS} units are stated at once"));
    }
    let mut totals = BTreeMap::new();
    let fields_of_total = fields.within("totals.");
    for total in request.totals.iter().take(UNITS) {
        let unit_id = fields_of_total.text("unit_id", &total.unit_id, UNIT);
        let bound = Fen::MAX_INPUT.get();
        if !(0..=ROWS).contains(&total.count) {
            fields_of_total.refuse("count", Reason::ValueNotAllowed, format!("count is 0 to {ROWS}"));
        }
        if !(-bound..=bound).contains(&total.sum_fen) {
            fields_of_total.refuse(
                "sum_fen",
                Reason::ValueNotAllowed,
                format!("sum_fen is at most {bound} either way"),
            );
        }
        if totals.insert(unit_id, Total { count: total.count, sum: Fen::new(total.sum_fen) }).is_some() {
            fields_of_total.refuse("unit_id", Reason::ValueNotAllowed, "a unit is stated once");
        }
    }
    fields.finish(Statement { id, day, totals })
}

/// What the rows of a stream are.
pub(super) struct Header {
    pub(super) district: District,
    pub(super) statement_id: String,
    /// Units; none for the whole statement.
    pub(super) unit_ids: Vec<String>,
    pub(super) row_count: i64,
}

pub(super) fn header(header: &pb::TaxDetailsHeader) -> Result<Header, Refusals> {
    let mut fields = Fields::new();
    let fields_of_header = fields.within("header.");
    let mut unit_ids: Vec<String> =
        header.unit_ids.iter().take(UNITS).map(|unit_id| fields_of_header.text("unit_ids", unit_id, UNIT)).collect();
    unit_ids.sort_unstable();
    unit_ids.dedup();
    if header.unit_ids.len() > UNITS {
        fields_of_header.refuse("unit_ids", Reason::ValueNotAllowed, format!("at most {UNITS} units are named"));
    }
    if !(0..=ROWS).contains(&header.row_count) {
        fields_of_header.refuse("row_count", Reason::ValueNotAllowed, format!("row_count is 0 to {ROWS}"));
    }
    let read = Header {
        district: fields_of_header.district("district", &header.district),
        statement_id: fields_of_header.text("statement_id", &header.statement_id, STATEMENT),
        unit_ids,
        row_count: header.row_count,
    };
    fields.finish(read)
}

/// The rows of a chunk; the refusal of a row names its number.
pub(super) fn chunk(chunk: &pb::TaxRowChunk, day: Day, row_count: i64) -> Result<Vec<TaxRow>, Refusals> {
    let mut fields = Fields::new();
    let fields_of_chunk = fields.within("chunk.");
    let rows = i64::try_from(chunk.rows.len()).unwrap_or(i64::MAX);
    if chunk.rows.is_empty() || chunk.rows.len() > CHUNK {
        fields_of_chunk.refuse("rows", Reason::ValueNotAllowed, format!("a chunk has 1 to {CHUNK} rows"));
    } else if chunk.first_row < 1 || chunk.first_row > row_count || rows > row_count - chunk.first_row + 1 {
        let detail = format!("rows are numbered from 1 to {row_count}, as the header says");
        fields_of_chunk.refuse("first_row", Reason::ValueNotAllowed, detail);
    }
    fields.finish(())?;
    let mut refusals = Refusals::default();
    let read =
        |(row, number): (&pb::TaxRow, i64)| {
            refusals.keep(self::row(row, day).map_err(|refused| {
                Refusals(refused.0.into_iter().map(|refusal| refusal.with("row", number)).collect())
            }))
        };
    let rows = chunk.rows.iter().zip(chunk.first_row..).filter_map(read).collect();
    refusals.into_result()?;
    Ok(rows)
}

fn row(row: &pb::TaxRow, day: Day) -> Result<TaxRow, Refusals> {
    let mut fields = Fields::new();
    let fields_of_row = fields.within("chunk.rows.");
    let (subject, resident_id) = match fields_of_row.message("subject", row.subject.as_ref()) {
        None => (String::new(), String::new()),
        Some(Subject::Enrolment(of)) => (
            fields_of_row.id::<EnrolmentId>("enrolment.enrolment_id", &of.enrolment_id).to_string(),
            fields_of_row.id::<ResidentId>("enrolment.resident_id", &of.resident_id).to_string(),
        ),
        Some(Subject::DeclarationId(id)) => {
            (fields_of_row.id::<DeclarationId>("declaration_id", id).to_string(), String::new())
        }
    };
    let bound = Fen::MAX_INPUT.get();
    if row.amount_fen == 0 || !(-bound..=bound).contains(&row.amount_fen) {
        let detail = format!("amount_fen is at most {bound} either way, and never 0");
        fields_of_row.refuse("amount_fen", Reason::ValueNotAllowed, detail);
    }
    if fields_of_row.date("booked_date", &row.booked_date) != day.on {
        let detail = format!("a statement of {} has rows of that day alone", day.on);
        fields_of_row.refuse("booked_date", Reason::ValueNotAllowed, detail);
    }
    let read = TaxRow {
        key: Key {
            unit_id: fields_of_row.text("unit_id", &row.unit_id, UNIT),
            voucher_number: fields_of_row.text("voucher_number", &row.voucher_number, 1..=40),
            subject,
        },
        resident_id,
        amount: Fen::new(row.amount_fen),
        method: fields_of_row.code("method", row.method),
    };
    fields.finish(read)
}

pub(super) fn get(request: &pb::GetReconciliationRequest) -> Result<ReconciliationId, Refusals> {
    let mut fields = Fields::new();
    let id = fields.id("reconciliation_id", &request.reconciliation_id);
    fields.finish(id)
}

pub(super) fn list(request: &pb::ListReconciliationsRequest) -> Result<reconciliations::Wanted, Refusals> {
    let mut fields = Fields::new();
    let read = reconciliations::Wanted {
        district: fields.district("district", &request.district),
        on: fields.maybe_date("booked_date", &request.booked_date),
        state: fields.maybe_code("state", request.state),
        before: fields.page_after(&request.page_token),
        size: fields.page_size(request.page_size),
    };
    fields.finish(read)
}

pub(super) fn list_exceptions(
    request: &pb::ListReconciliationExceptionsRequest,
) -> Result<exceptions::Wanted, Refusals> {
    let mut fields = Fields::new();
    let unit_id = fields.text("unit_id", &request.unit_id, UNIT);
    if request.individuals && !unit_id.is_empty() {
        fields.refuse("individuals", Reason::ValueNotAllowed, "individuals have no unit_id");
    }
    let read = exceptions::Wanted {
        district: fields.district("district", &request.district),
        on: fields.maybe_date("booked_date", &request.booked_date),
        unit_id: (request.individuals || !unit_id.is_empty()).then_some(unit_id),
        kind: fields.maybe_code("kind", request.kind),
        state: fields.maybe_code("state", request.state),
        after: fields.page_after(&request.page_token),
        size: fields.page_size(request.page_size),
    };
    fields.finish(read)
}

/// An exception to be resolved.
pub(super) struct Resolve {
    pub(super) id: ExceptionId,
    pub(super) revision: i64,
    pub(super) resolution: String,
}

pub(super) fn resolve(request: &pb::ResolveExceptionRequest) -> Result<Resolve, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let etag = fields.text("etag", &request.etag, 1..=20);
    let revision = etag.parse().unwrap_or_else(|_| {
        if !etag.is_empty() {
            fields.refuse("etag", Reason::ValueNotAllowed, "etag comes from the exception as it was read");
        }
        0
    });
    let read = Resolve {
        id: fields.id("exception_id", &request.exception_id),
        revision,
        resolution: fields.text("resolution", &request.resolution, 1..=200),
    };
    fields.finish(read)
}
