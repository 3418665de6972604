//! Decisions of accident insurance.

use chrono::{Datelike, NaiveDate};
use juyi_db::Session;
use juyi_domain::accident::report;
use juyi_domain::accident::routing::{self, Route};
use juyi_domain::codes::{District, InsuredGroup, Office};
use juyi_domain::id::{ClaimId, ResidentId};
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_kit::context::Context;
use juyi_kit::error::Error;

use crate::read::{Report, Subject};
use crate::store::accidents::{self, Accident};
use crate::{coverage, write};

/// Desks that take a report (J-6.2.3.1-a).
const DUTY: &[Office] = &[
    Office::Insurer,
    Office::Provider,
    Office::Township,
    Office::Education,
    Office::MedicalInsurance,
    Office::SocialInsurance,
    Office::System,
];

/// Refuses an office that takes no reports.
pub(crate) fn require_duty(caller: &Caller) -> Result<(), Refusal> {
    caller.require(DUTY)
}

/// What routes an accident: the group and district of an enrolment, and the year of its cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Insured {
    pub(crate) policy_year: i32,
    pub(crate) group: InsuredGroup,
    pub(crate) district: District,
}

/// Who is insured: a resident by the cover on the day, a group by the year of the day.
pub(crate) async fn insured(channel: &Channel, subject: Subject, on: NaiveDate) -> Result<Insured, Error> {
    match subject {
        Subject::Resident(id) => coverage::find(channel, id, on).await,
        Subject::Group(group, district) => Ok(Insured { policy_year: on.year(), group, district }),
    }
}

/// The route of an accident by the document of the cover.
pub(crate) fn route(context: &Context, insured: &Insured, on: NaiveDate) -> Result<Route, Error> {
    let law = context.policy().for_(insured.district, insured.policy_year, on)?;
    Ok(routing::route(insured.group, insured.district, &law.accident)?)
}

/// A report with its route, ready to be stored; refused to an office of another district.
pub(crate) fn accident(
    context: &Context,
    caller: &Caller,
    report: &Report,
    insured: &Insured,
) -> Result<Accident, Error> {
    caller.require_district(insured.district)?;
    let mut route = route(context, insured, report.accident_on)?;
    let law = context.policy().for_(insured.district, insured.policy_year, report.accident_on)?;
    let measured = report::assess(report.accident_on, report.reported_on, &law.accident)?;
    route.receipt.extend(measured.receipt);
    Ok(Accident {
        resident_id: report.resident_id,
        id: context.id(),
        accident_on: report.accident_on,
        reported_on: report.reported_on,
        report_due_on: measured.due_on,
        late: measured.late,
        policy_year: insured.policy_year,
        group: insured.group,
        district: insured.district,
        insurer: route.insurer,
        route: write::route(&route, insured),
        recorded_by: caller.clone(),
        created_at: context.now(),
    })
}

/// Stores a report, the only one of its resident and day.
pub(crate) async fn store(session: &mut Session, accident: &Accident) -> Result<(), Error> {
    if let Some(id) = accidents::maybe_find_on(session, accident.resident_id, accident.accident_on).await? {
        let detail = "an accident of the resident on this day is reported";
        let refusal = Refusal::new(Reason::ReportAlreadyFiled, detail).at("accident_date");
        return Err(refusal.with("claim_id", id).into());
    }
    accidents::insert(session, accident).await
}

pub(crate) async fn find(session: &mut Session, resident_id: ResidentId, id: ClaimId) -> Result<Accident, Error> {
    accidents::maybe_find(session, resident_id, id).await?.ok_or_else(|| {
        Refusal::new(Reason::ClaimNotFound, "the resident has no accident with this id").at("claim_id").into()
    })
}
