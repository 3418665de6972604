//! Requests from the wire, with every field violation at once.

use std::fmt::Display;
use std::str::FromStr;

use chrono::NaiveDate;
use juyi_domain::id::{FilingId, ResidentId};
use juyi_domain::refusal::{Reason, Refusals};
use juyi_domain::settlement::filings::codes::{ClaimMode, FilingState};
use juyi_domain::settlement::filings::disease::SpecialDisease;
use juyi_domain::settlement::filings::institution::Institution;
use juyi_domain::settlement::filings::region::Region;
use juyi_domain::settlement::filings::register::Details;
use juyi_domain::settlement::filings::residence::Residence;
use juyi_domain::settlement::filings::student::StudentAtHome;
use juyi_domain::settlement::filings::transfer::Transfer;
use juyi_domain::settlement::filings::trip::Trip;
use juyi_proto::fields::Fields;
use juyi_proto::settlement::v1 as pb;
use uuid::Uuid;

/// A new filing.
#[derive(Debug)]
pub(super) struct New {
    pub(super) resident_id: ResidentId,
    pub(super) validate_only: bool,
    pub(super) first_on: NaiveDate,
    pub(super) last_on: Option<NaiveDate>,
    /// Field of the first day.
    pub(super) field: &'static str,
    pub(super) details: Details,
}

/// The fields that every new filing has.
struct Head<'a> {
    request_id: &'a str,
    resident_id: &'a str,
    validate_only: bool,
    field: &'static str,
    first: &'a str,
}

fn new(
    head: &Head<'_>,
    today: NaiveDate,
    details: impl FnOnce(&mut Fields, NaiveDate) -> Option<(Details, Option<NaiveDate>)>,
) -> Result<New, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(head.request_id);
    let resident_id = fields.id("resident_id", head.resident_id);
    let first_on = fields.date(head.field, head.first);
    fields.not_in_future(head.field, first_on, today);
    let details = details(&mut fields, first_on);
    let (details, last_on) = fields.finish(details)?.ok_or_else(Refusals::default)?;
    Ok(New { resident_id, validate_only: head.validate_only, first_on, last_on, field: head.field, details })
}

/// A region; `None` where it is refused, for which nothing can stand in.
fn region(fields: &mut Fields, name: &str, code: &str) -> Option<Region> {
    let read = Region::maybe_parse(code);
    if code.is_empty() {
        fields.refuse(name, Reason::RequiredFieldMissing, format!("{name} is required"));
    } else if read.is_none() {
        fields.refuse(name, Reason::ValueNotAllowed, format!("{name} is a GB/T 2260 code of the mainland"));
    }
    read
}

fn institution(fields: &mut Fields, prefix: &str, institution: &pb::Institution) -> Option<Institution> {
    let at = |name: &str| format!("{prefix}.{name}");
    let provider_code = fields.provider_code(&at("provider_code"), &institution.provider_code);
    let level = fields.maybe_code(&at("level"), institution.level);
    let region = region(fields, &at("region"), &institution.region)?;
    Some(Institution { provider_code, level, region, designated: institution.designated })
}

pub(super) fn residence(request: &pb::FileResidenceElsewhereRequest, today: NaiveDate) -> Result<New, Refusals> {
    let head = Head {
        request_id: &request.request_id,
        resident_id: &request.resident_id,
        validate_only: request.validate_only,
        field: "filing_date",
        first: &request.filing_date,
    };
    new(&head, today, |fields, _| {
        let residence = fields.message("residence", request.residence.as_ref())?;
        fields.within("residence.");
        let listed = residence.institutions.iter().take(100).enumerate();
        // Each is read, though one cannot be: every violation is told.
        let institutions: Vec<_> =
            listed.map(|(index, it)| institution(fields, &format!("institutions[{index}]"), it)).collect();
        let kind = fields.code("residence_kind", residence.residence_kind);
        let (mode, channel) = (fields.code("mode", residence.mode), fields.code("channel", residence.channel));
        let papers = fields.codes("papers", &residence.papers);
        let region = region(fields, "region", &residence.region)?;
        let institutions = institutions.into_iter().collect::<Option<_>>()?;
        Some((Details::Residence(Residence { kind, mode, region, channel, papers, institutions }), None))
    })
}

pub(super) fn transfer(request: &pb::FileTransferRequest, today: NaiveDate) -> Result<New, Refusals> {
    let head = Head {
        request_id: &request.request_id,
        resident_id: &request.resident_id,
        validate_only: request.validate_only,
        field: "transfer_date",
        first: &request.transfer_date,
    };
    new(&head, today, |fields, _| {
        let transfer = fields.message("transfer", request.transfer.as_ref())?;
        fields.within("transfer.");
        let mode: ClaimMode = fields.code("mode", transfer.mode);
        let route = fields.code("route", transfer.route);
        let issuer_code = fields.provider_code("issuer_code", &transfer.issuer_code);
        let target = fields.message("target", transfer.target.as_ref())?;
        let read = Transfer {
            route,
            issuer_code,
            issuer_responsible: transfer.issuer_responsible,
            target: institution(fields, "target", target)?,
            target_networked: transfer.target_networked,
            mode,
        };
        Some((Details::Transfer(read), None))
    })
}

pub(super) fn trip(request: &pb::RecordTripRequest, today: NaiveDate) -> Result<New, Refusals> {
    let head = Head {
        request_id: &request.request_id,
        resident_id: &request.resident_id,
        validate_only: request.validate_only,
        field: "start_date",
        first: &request.start_date,
    };
    new(&head, today, |fields, first_on| {
        let last_on = last_day(fields, "last_date", &request.last_date, first_on);
        let trip = fields.message("trip", request.trip.as_ref())?;
        fields.within("trip.");
        let read = Trip {
            reason: fields.code("reason", trip.reason),
            region: region(fields, "region", &trip.region)?,
            acute: trip.acute,
        };
        Some((Details::Trip(read), Some(last_on)))
    })
}

pub(super) fn last_day(fields: &mut Fields, name: &str, text: &str, first_on: NaiveDate) -> NaiveDate {
    let last_on = fields.date(name, text);
    if last_on < first_on {
        fields.refuse(name, Reason::DateOrder, format!("{name} lies before the first day"));
    }
    last_on
}

pub(super) fn student(request: &pb::RegisterStudentAtHomeRequest, today: NaiveDate) -> Result<New, Refusals> {
    let head = Head {
        request_id: &request.request_id,
        resident_id: &request.resident_id,
        validate_only: request.validate_only,
        field: "start_date",
        first: &request.start_date,
    };
    new(&head, today, |fields, first_on| {
        let student = fields.message("student", request.student.as_ref())?;
        fields.within("student.");
        let returned_on = match student.return_date.as_str() {
            "" => None,
            text => Some(last_day(fields, "return_date", text, first_on)),
        };
        if let Some(day) = returned_on {
            fields.not_in_future("return_date", day, today);
        }
        let unit_id = fields.text("unit_id", &student.unit_id, 1..=40);
        let home_province = region(fields, "home_province", &student.home_province)?;
        let read = StudentAtHome { home_province, unit_id, returned_on };
        Some((Details::Student(read), None))
    })
}

pub(super) fn disease(request: &pb::RegisterSpecialDiseaseRequest, today: NaiveDate) -> Result<New, Refusals> {
    let head = Head {
        request_id: &request.request_id,
        resident_id: &request.resident_id,
        validate_only: request.validate_only,
        field: "registration_date",
        first: &request.registration_date,
    };
    new(&head, today, |fields, _| {
        let disease = fields.message("disease", request.disease.as_ref())?;
        fields.within("disease.");
        let read = SpecialDisease {
            disease_code: fields.text("disease_code", &disease.disease_code, 1..=30),
            route: fields.code("route", disease.route),
            institution_code: fields.provider_code("institution_code", &disease.institution_code),
            institution_qualified: disease.institution_qualified,
            papers: fields.codes("papers", &disease.papers),
        };
        Some((Details::Disease(read), None))
    })
}

/// What becomes of a filing.
#[derive(Debug)]
pub(super) enum Change {
    Review { confirmed: bool, reason: String },
    End { last_on: NaiveDate },
    Withdraw { reason: String },
}

/// A change of a filing.
#[derive(Debug)]
pub(super) struct Changed {
    pub(super) resident_id: ResidentId,
    pub(super) filing_id: FilingId,
    pub(super) change: Change,
}

pub(super) fn review(request: &pb::ReviewFilingRequest) -> Result<Changed, Refusals> {
    changed([&request.request_id, &request.resident_id, &request.filing_id], |fields| {
        let decision = fields.code("decision", request.decision);
        let length = match decision {
            FilingState::Rejected => 1..=200,
            FilingState::InForce => 0..=0,
            FilingState::Pending | FilingState::Withdrawn => {
                fields.refuse("decision", Reason::ValueNotAllowed, "decision is IN_FORCE or REJECTED");
                0..=200
            }
        };
        let reason = fields.text("reason", &request.reason, length);
        Change::Review { confirmed: decision == FilingState::InForce, reason }
    })
}

pub(super) fn end(request: &pb::EndFilingRequest) -> Result<Changed, Refusals> {
    changed([&request.request_id, &request.resident_id, &request.filing_id], |fields| Change::End {
        last_on: fields.date("last_date", &request.last_date),
    })
}

pub(super) fn withdraw(request: &pb::WithdrawFilingRequest) -> Result<Changed, Refusals> {
    changed([&request.request_id, &request.resident_id, &request.filing_id], |fields| Change::Withdraw {
        reason: fields.text("reason", &request.reason, 1..=200),
    })
}

fn changed(
    [request_id, resident_id, filing_id]: [&str; 3],
    change: impl FnOnce(&mut Fields) -> Change,
) -> Result<Changed, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(request_id);
    let resident_id = fields.id("resident_id", resident_id);
    let filing_id = fields.id("filing_id", filing_id);
    let change = change(&mut fields);
    fields.finish(Changed { resident_id, filing_id, change })
}

pub(super) fn get(request: &pb::GetFilingRequest) -> Result<(ResidentId, FilingId), Refusals> {
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &request.resident_id);
    let id = fields.id("filing_id", &request.filing_id);
    fields.finish((resident_id, id))
}

pub(super) fn list(request: &pb::ListFilingsRequest) -> Result<(ResidentId, Option<FilingId>, i64), Refusals> {
    page(&request.page_token, request.page_size, |fields| fields.id("resident_id", &request.resident_id))
}

/// What a page is of, the row it comes after, and its size.
pub(super) fn page<K, I: FromStr + From<Uuid> + Display>(
    page_token: &str,
    page_size: i32,
    key: impl FnOnce(&mut Fields) -> K,
) -> Result<(K, Option<I>, i64), Refusals> {
    let mut fields = Fields::new();
    let key = key(&mut fields);
    let size = fields.page_size(page_size);
    let after = fields.page_after(page_token);
    fields.finish((key, after, size))
}
