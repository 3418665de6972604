//! What belongs to institutions and schools, not to a person.

use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::settlement::filings::student;
use juyi_domain::settlement::maternity::registration::district_of;
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::error::Error;
use juyi_kit::wire::next_page;
use juyi_proto::settlement::v1 as pb;

use super::register::{AGENCY, SCHOOLS};
use super::{Filings, read_reference as read, write};
use crate::own;
use crate::store::partnerships::{self, Partner};
use crate::store::school_calendars::{self, Calendar};

impl Filings {
    pub(super) async fn add_partner(
        &self,
        request: pb::RegisterPartnerRequest,
    ) -> Result<pb::RegisterPartnerResponse, Error> {
        let subject = request.partnership.as_ref().map(|it| it.receiving_code.clone()).unwrap_or_default();
        let command =
            Command::new("RegisterPartner", &subject, &request.request_id, &request).validating(request.validate_only);
        let caller = &Caller::current()?;
        caller.require(AGENCY).map_err(|refusal| refusal.by("J-10.3.2-c"))?;
        let read = &read::partner(&request)?;
        let work = |mut session| async move {
            let partner = Partner {
                id: self.context.id(),
                partnership: read.partnership.clone(),
                first_on: read.first_on,
                last_on: read.last_on,
                recorded_by: caller.clone(),
                created_at: self.context.now(),
            };
            let mut refusals = Refusals::default();
            refusals.keep(partner.partnership.check());
            if let Some(id) = partnerships::maybe_overlapping(&mut session, &partner).await? {
                let detail = "the relation is registered for some of these days";
                let refusal = Refusal::new(Reason::DuplicateFiling, detail).at("partnership.start_date");
                refusals.push(refusal.with("partnership_id", id));
            }
            refusals.into_result()?;
            partnerships::insert(&mut session, &partner).await?;
            let mut partnership = write::partnership(&partner);
            if read.validate_only {
                partnership.partnership_id.clear();
            }
            Ok((pb::RegisterPartnerResponse { partnership: Some(partnership) }, session))
        };
        command.run(&self.database, &self.context, work).await
    }

    pub(super) async fn partners(&self, request: &pb::ListPartnersRequest) -> Result<pb::ListPartnersResponse, Error> {
        let (receiving_code, after, size) = read::partners(request)?;
        let page = partnerships::page(&mut self.database.read().await?, &receiving_code, after, size).await?;
        let next_page_token = next_page(&page, size, |last| last.id.to_string());
        let partnerships = page.iter().map(write::partnership).collect();
        Ok(pb::ListPartnersResponse { partnerships, next_page_token })
    }

    pub(super) async fn set_holidays(
        &self,
        request: pb::SetSchoolHolidaysRequest,
    ) -> Result<pb::SetSchoolHolidaysResponse, Error> {
        let subject = request.calendar.as_ref().map(|it| it.unit_id.clone()).unwrap_or_default();
        let command = Command::new("SetSchoolHolidays", &subject, &request.request_id, &request)
            .validating(request.validate_only);
        let caller = &Caller::current()?;
        caller.require(SCHOOLS).map_err(|refusal| refusal.by("J-10.5.1-a"))?;
        let read = &read::calendar(&request)?;
        require_school(caller, &read.unit_id)?;
        student::check_calendar(read.year, &read.holidays)?;
        let work = |mut session| async move {
            // Another school's holidays would move the money of its students.
            let before = school_calendars::maybe_find(&mut session, &read.unit_id, read.year).await?;
            if let Some(before) = &before {
                own::require(caller, AGENCY, &before.recorded_by)?;
            }
            let calendar = Calendar {
                unit_id: read.unit_id.clone(),
                year: read.year,
                holidays: read.holidays.clone(),
                recorded_by: caller.clone(),
                created_at: self.context.now(),
            };
            match before {
                Some(before) => school_calendars::replace(&mut session, &before, &calendar).await?,
                None => school_calendars::insert(&mut session, &calendar).await?,
            }
            Ok((pb::SetSchoolHolidaysResponse { calendar: Some(write::calendar(&calendar)) }, session))
        };
        command.run(&self.database, &self.context, work).await
    }

    pub(super) async fn get_holidays(
        &self,
        request: &pb::GetSchoolHolidaysRequest,
    ) -> Result<pb::GetSchoolHolidaysResponse, Error> {
        let (unit_id, year) = read::calendar_of(request)?;
        let found = school_calendars::maybe_find(&mut self.database.read().await?, &unit_id, year).await?;
        let calendar = found.ok_or_else(|| {
            Refusal::new(Reason::CalendarNotFound, "no holidays are known of this school and year").at("unit_id")
        })?;
        Ok(pb::GetSchoolHolidaysResponse { calendar: Some(write::calendar(&calendar)) })
    }
}

/// A school's calendar is set in its district, with which its unit id begins. Of a school whose id tells no district, no
/// district says that it is its own: offices of the whole city set that one.
fn require_school(caller: &Caller, unit_id: &str) -> Result<(), Refusal> {
    let Some(own) = caller.district else { return Ok(()) };
    match district_of(unit_id) {
        Some(district) => caller.require_district(district),
        None => {
            let detail = "the unit id begins with no district; an office of the whole city sets the calendar";
            let refusal = Refusal::new(Reason::RoleNotAllowed, detail).at("calendar.unit_id").by("J-10.5.1-a");
            Err(refusal.with("office_district", own))
        }
    }
}
