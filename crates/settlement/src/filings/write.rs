//! Answers to the wire.

use chrono::NaiveDate;
use juyi_domain::settlement::filings::codes::FilingPaper;
use juyi_domain::settlement::filings::institution::Institution;
use juyi_domain::settlement::filings::register::Details;
use juyi_domain::settlement::filings::student::StudentAtHome;
use juyi_kit::context::Context;
use juyi_kit::wire::{instant, recorded_by};
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as pb;
use juyi_proto::settlement::v1::filing::Details as WireDetails;

use crate::store::filing_steps::FilingStep;
use crate::store::filings::Filing;
use crate::store::partnerships::Partner;
use crate::store::school_calendars::Calendar;

fn day(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

pub(super) fn filing(context: &Context, filing: &Filing, steps: &[FilingStep]) -> pb::Filing {
    let registered = &filing.registered;
    pb::Filing {
        filing_id: filing.id.to_string(),
        resident_id: filing.resident_id.to_string(),
        district: filing.district.to_string(),
        kind: registered.details.kind().to_wire(),
        state: registered.state.to_wire(),
        start_date: registered.first_on.to_string(),
        last_date: day(registered.last_on),
        steps: steps.iter().map(step).collect(),
        details: Some(details(context, filing)),
    }
}

fn step(step: &FilingStep) -> pb::FilingStep {
    pb::FilingStep {
        state: step.state.to_wire(),
        last_date: day(step.last_on),
        reason: step.reason.clone(),
        recorded_by: Some(recorded_by(&step.recorded_by)),
        create_time: instant(step.created_at),
    }
}

fn details(context: &Context, filing: &Filing) -> WireDetails {
    match &filing.registered.details {
        Details::Residence(residence) => WireDetails::ResidenceElsewhere(pb::ResidenceElsewhere {
            residence_kind: residence.kind.to_wire(),
            mode: residence.mode.to_wire(),
            region: residence.region.to_string(),
            channel: residence.channel.to_wire(),
            papers: papers(&residence.papers),
            institutions: residence.institutions.iter().map(institution).collect(),
        }),
        Details::Transfer(transfer) => WireDetails::Transfer(pb::Transfer {
            route: transfer.route.to_wire(),
            issuer_code: transfer.issuer_code.clone(),
            issuer_responsible: transfer.issuer_responsible,
            target: Some(institution(&transfer.target)),
            target_networked: transfer.target_networked,
            mode: transfer.mode.to_wire(),
        }),
        Details::Trip(trip) => WireDetails::Trip(pb::Trip {
            reason: trip.reason.to_wire(),
            region: trip.region.to_string(),
            acute: trip.acute,
        }),
        Details::Student(student) => WireDetails::StudentAtHome(pb::StudentAtHome {
            home_province: student.home_province.to_string(),
            unit_id: student.unit_id.clone(),
            return_date: day(student.returned_on),
            file_by_date: day(maybe_file_by(context, filing, student)),
        }),
        Details::Disease(disease) => WireDetails::SpecialDisease(pb::SpecialDisease {
            disease_code: disease.disease_code.clone(),
            route: disease.route.to_wire(),
            institution_code: disease.institution_code.clone(),
            institution_qualified: disease.institution_qualified,
            papers: papers(&disease.papers),
        }),
    }
}

/// The last day of filing bills, by the law of the year in which the time at home began (J-10.5.1-b).
fn maybe_file_by(context: &Context, filing: &Filing, student: &StudentAtHome) -> Option<NaiveDate> {
    let first_on = filing.registered.first_on;
    let law = context.policy().for_(filing.district, chrono::Datelike::year(&first_on), first_on).ok()?;
    student.maybe_last_day(law.filings.as_ref().ok()?)
}

fn papers(papers: &[FilingPaper]) -> Vec<i32> {
    papers.iter().map(|paper| paper.to_wire()).collect()
}

fn institution(institution: &Institution) -> pb::Institution {
    pb::Institution {
        provider_code: institution.provider_code.clone(),
        level: institution.level.map(Coded::to_wire).unwrap_or_default(),
        region: institution.region.to_string(),
        designated: institution.designated,
    }
}

pub(super) fn partnership(partner: &Partner) -> pb::Partnership {
    pb::Partnership {
        partnership_id: partner.id.to_string(),
        receiving_code: partner.partnership.receiving_code.clone(),
        partner_code: partner.partnership.partner_code.clone(),
        arrangement: partner.partnership.arrangement.to_wire(),
        document_number: partner.partnership.document_number.clone(),
        start_date: partner.first_on.to_string(),
        last_date: day(partner.last_on),
        recorded_by: Some(recorded_by(&partner.recorded_by)),
    }
}

pub(super) fn calendar(calendar: &Calendar) -> pb::SchoolCalendar {
    let holidays = calendar.holidays.iter().map(|holiday| pb::SchoolHoliday {
        kind: holiday.kind.to_wire(),
        start_date: holiday.period.start().to_string(),
        last_date: holiday.period.last_day().to_string(),
    });
    pb::SchoolCalendar {
        unit_id: calendar.unit_id.clone(),
        year: calendar.year,
        holidays: holidays.collect(),
        recorded_by: Some(recorded_by(&calendar.recorded_by)),
    }
}
