//! Requests about institutions and schools from the wire, with every field violation at once.

use chrono::NaiveDate;
use juyi_domain::dates::Period;
use juyi_domain::id::PartnershipId;
use juyi_domain::refusal::{Reason, Refusals};
use juyi_domain::settlement::filings::partner::Partnership;
use juyi_domain::settlement::filings::student::Holiday;
use juyi_proto::fields::Fields;
use juyi_proto::settlement::v1 as pb;

use super::read::{last_day, page};

/// A relation of two institutions.
#[derive(Debug)]
pub(super) struct NewPartner {
    pub(super) validate_only: bool,
    pub(super) partnership: Partnership,
    pub(super) first_on: NaiveDate,
    pub(super) last_on: Option<NaiveDate>,
}

pub(super) fn partner(request: &pb::RegisterPartnerRequest) -> Result<NewPartner, Refusals> {
    within("partnership.", &request.request_id, request.partnership.as_ref(), |fields, partnership| {
        let first_on = fields.date("start_date", &partnership.start_date);
        let last_on = match partnership.last_date.as_str() {
            "" => None,
            text => Some(last_day(fields, "last_date", text, first_on)),
        };
        let read = Partnership {
            receiving_code: fields.provider_code("receiving_code", &partnership.receiving_code),
            partner_code: fields.provider_code("partner_code", &partnership.partner_code),
            arrangement: fields.code("arrangement", partnership.arrangement),
            // An empty number is a relation that is not documented: the law refuses it, not the form.
            document_number: fields.text("document_number", &partnership.document_number, 0..=60),
        };
        NewPartner { validate_only: request.validate_only, partnership: read, first_on, last_on }
    })
}

pub(super) fn partners(request: &pb::ListPartnersRequest) -> Result<(String, Option<PartnershipId>, i64), Refusals> {
    page(&request.page_token, request.page_size, |fields| {
        fields.provider_code("receiving_code", &request.receiving_code)
    })
}

/// The holidays of a school.
#[derive(Debug)]
pub(super) struct NewCalendar {
    pub(super) unit_id: String,
    pub(super) year: i32,
    pub(super) holidays: Vec<Holiday>,
}

pub(super) fn calendar(request: &pb::SetSchoolHolidaysRequest) -> Result<NewCalendar, Refusals> {
    within("calendar.", &request.request_id, request.calendar.as_ref(), |fields, calendar| {
        if !(1..=10).contains(&calendar.holidays.len()) {
            fields.refuse("holidays", Reason::ValueNotAllowed, "1 to 10 holidays are told");
        }
        let listed = calendar.holidays.iter().take(10).enumerate();
        NewCalendar {
            unit_id: fields.text("unit_id", &calendar.unit_id, 1..=40),
            year: fields.policy_year("year", calendar.year),
            holidays: listed.filter_map(|(index, it)| holiday(fields, index, it)).collect(),
        }
    })
}

/// A request that is one message, whose fields are told with its name before them.
fn within<M, T>(
    prefix: &'static str,
    request_id: &str,
    message: Option<&M>,
    read: impl FnOnce(&mut Fields, &M) -> T,
) -> Result<T, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(request_id);
    let message = fields.message(prefix.trim_end_matches('.'), message);
    let read = message.map(|message| read(fields.within(prefix), message));
    fields.finish(read)?.ok_or_else(Refusals::default)
}

/// A holiday; `None` where its days are refused.
fn holiday(fields: &mut Fields, index: usize, holiday: &pb::SchoolHoliday) -> Option<Holiday> {
    let at = |name: &str| format!("holidays[{index}].{name}");
    let kind = fields.code(&at("kind"), holiday.kind);
    let first_on = fields.date(&at("start_date"), &holiday.start_date);
    let last_on = last_day(fields, &at("last_date"), &holiday.last_date, first_on);
    Period::maybe_inclusive(first_on, last_on).map(|period| Holiday { kind, period })
}

pub(super) fn calendar_of(request: &pb::GetSchoolHolidaysRequest) -> Result<(String, i32), Refusals> {
    let mut fields = Fields::new();
    let unit_id = fields.text("unit_id", &request.unit_id, 1..=40);
    let year = fields.policy_year("year", request.year);
    fields.finish((unit_id, year))
}
