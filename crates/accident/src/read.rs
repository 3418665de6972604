//! Requests from the wire, with every field violation at once.

use chrono::NaiveDate;
use juyi_domain::codes::{District, InsuredGroup};
use juyi_domain::id::{ClaimId, ResidentId};
use juyi_domain::refusal::{Reason, Refusals};
use juyi_proto::accident::v1 as pb;
use juyi_proto::accident::v1::route_accident_request::Subject as Wire;
use juyi_proto::fields::Fields;

/// Whose accident.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject {
    Resident(ResidentId),
    Group(InsuredGroup, District),
}

pub(crate) fn route(request: &pb::RouteAccidentRequest) -> Result<(Subject, NaiveDate), Refusals> {
    let mut fields = Fields::new();
    let accident_on = fields.date("accident_date", &request.accident_date);
    let subject = fields.message("subject", request.subject.as_ref()).map(|subject| match subject {
        Wire::ResidentId(id) => Subject::Resident(fields.id("resident_id", id)),
        Wire::Group(group) => {
            fields.within("group.");
            Subject::Group(fields.code("group", group.group), fields.district("district", &group.district))
        }
    });
    let subject = fields.finish(subject)?;
    subject.map(|subject| (subject, accident_on)).ok_or_else(Refusals::default)
}

/// A report.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Report {
    pub(crate) resident_id: ResidentId,
    pub(crate) accident_on: NaiveDate,
    pub(crate) reported_on: NaiveDate,
}

pub(crate) fn report(request: &pb::ReportAccidentRequest, today: NaiveDate) -> Result<Report, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let read = Report {
        resident_id: fields.id("resident_id", &request.resident_id),
        accident_on: fields.date("accident_date", &request.accident_date),
        reported_on: fields.past_date("report_date", &request.report_date, today),
    };
    if !request.report_date.is_empty() && read.reported_on < read.accident_on {
        fields.refuse("report_date", Reason::DateOrder, "report_date lies before accident_date");
    }
    fields.finish(read)
}

pub(crate) fn get(request: &pb::GetAccidentRequest) -> Result<(ResidentId, ClaimId), Refusals> {
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &request.resident_id);
    let id = fields.id("claim_id", &request.claim_id);
    fields.finish((resident_id, id))
}
