//! Office hours (J-13.N-a).

use chrono::{NaiveDate, NaiveDateTime};
use juyi_domain::dates;
use juyi_domain::information::office_hours;
use juyi_domain::information::params::InformationParams;
use juyi_domain::refusal::Reason;
use juyi_domain::working_days::Calendar;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::wire::receipt;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use super::law_of_year;
use crate::registry::Registry;

const MOMENT: &str = "%Y-%m-%dT%H:%M";

pub(crate) async fn get_office_hours(
    registry: &Registry,
    request: pb::GetOfficeHoursRequest,
) -> Result<pb::GetOfficeHoursResponse, Error> {
    let at = read(&request, &registry.context)?;
    let calendar = if request.weekends_only { Calendar::WeekendsOnly } else { Calendar::Holidays };
    let opening = office_hours::decide(at, calendar, &printed(&registry.context, at.date()))?;
    let moment = |at: Option<NaiveDateTime>| at.map(|at| at.format(MOMENT).to_string()).unwrap_or_default();
    Ok(pb::GetOfficeHoursResponse {
        open: opening.open,
        working_day: opening.working_day,
        opens_at: moment(opening.opens_at),
        closes_at: moment(opening.closes_at),
        receipt: Some(receipt(&opening.receipt)),
    })
}

fn read(request: &pb::GetOfficeHoursRequest, context: &Context) -> Result<NaiveDateTime, Error> {
    if request.local_time.is_empty() {
        return Ok(context.clock().local());
    }
    let mut fields = Fields::new();
    // `HH:MM` in full: the parser would take `8:30` as well.
    let exact = Some(request.local_time.as_str()).filter(|text| text.len() == "2021-05-07T08:30".len());
    let at = exact.and_then(|text| NaiveDateTime::parse_from_str(text, MOMENT).ok());
    let at = at.filter(|at| (dates::EARLIEST..dates::LATEST).contains(&at.date()));
    if at.is_none() {
        let detail = "local_time is a moment as YYYY-MM-DDTHH:MM, 1900 to 2099";
        fields.refuse("local_time", Reason::ValueNotAllowed, detail);
    }
    Ok(fields.finish(at.unwrap_or_default())?)
}

/// Hours belong to no policy year: those of the newest document that prints any, as they stand on the day.
fn printed(context: &Context, on: NaiveDate) -> InformationParams {
    let years = context.policy().policy_years();
    let printed = years.into_iter().rev().find_map(|year| {
        let law = law_of_year(context, year).ok()?;
        let law = context.policy().for_(law.district, year, on).ok()?;
        law.information.office_hours.is_some().then(|| law.information.clone())
    });
    printed.unwrap_or_default()
}
