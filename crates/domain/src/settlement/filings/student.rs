//! Students and children without local registration, at home in their province (J-10.5.1-a, J-10.5.1-b, AMB-076).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::codes::HolidayKind;
use super::params::FilingParams;
use super::region::{Region, Scale};
use super::register::is_stay;
use crate::codes::Class;
use crate::dates::{Period, add_months};
use crate::receipt::Step;
use crate::refusal::{Reason, Refusal, Refusals};
use crate::settlement::bill::Bill;
use crate::settlement::care::{OutOfArea, Place};

/// A time at home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StudentAtHome {
    /// Province of origin, where the person is registered.
    pub home_province: Region,
    /// School or nursery, a unit id, whose calendar counts.
    pub unit_id: String,
    /// Day of the return to it; `None` while the person is at home.
    pub returned_on: Option<NaiveDate>,
}

/// Holidays of a school.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// Which.
    pub kind: HolidayKind,
    /// From when to when.
    pub period: Period,
}

impl StudentAtHome {
    /// Checks who is at home, and where.
    ///
    /// # Errors
    /// `CLASS_NOT_ELIGIBLE` for others than students and children without local registration, `VALUE_NOT_ALLOWED` for a
    /// place that is no province.
    pub fn check(&self, class: Class) -> Result<(), Refusals> {
        let mut refusals = Refusals::default();
        if class != Class::StudentChild {
            let detail = "the person is not insured as a student or child";
            refusals.push(Refusal::new(Reason::ClassNotEligible, detail).at("resident_id").by("J-10.5.1-a"));
        }
        if !self.home_province.is_elsewhere() {
            let detail = "the rule is for those registered in another province";
            refusals.push(Refusal::new(Reason::ClassNotEligible, detail).at("home_province").by("J-10.5.1-a"));
        }
        if self.home_province.scale() != Scale::Province {
            let detail = "the place of origin is a province";
            refusals.push(Refusal::new(Reason::ValueNotAllowed, detail).at("home_province").by("J-10.5.1-a"));
        }
        refusals.into_result()
    }

    /// Last day of filing bills from this time at home: a month after the return (J-10.5.1-b).
    #[must_use]
    pub fn maybe_last_day(&self, params: &FilingParams) -> Option<NaiveDate> {
        self.returned_on.map(|day| add_months(day, params.student_months.value))
    }

    /// Whether a bill from this time at home is filed in time.
    ///
    /// # Errors
    /// `DEADLINE_PASSED`.
    pub fn require_timely(&self, filed_on: NaiveDate, params: &FilingParams) -> Result<(), Refusal> {
        match self.maybe_last_day(params) {
            Some(last) if filed_on > last => {
                let detail = format!("bills from home are filed until {last}");
                let refusal = Refusal::new(Reason::DeadlinePassed, detail).with("last_day", last);
                Err(refusal.at("bill").by(params.student_months.reference.rule_id.clone()))
            }
            _ => Ok(()),
        }
    }
}

/// Whether a bill needs the holidays: what is not a stay does, special outpatient care included (J-10.5.1-a, AMB-068,
/// AMB-076).
///
/// # Errors
/// `REQUIRED_FIELD_MISSING` when the calendar of the school is not known.
pub fn require_calendar(bill: &Bill, holidays: Option<bool>) -> Result<(), Refusal> {
    if is_stay(bill) || holidays.is_some() {
        return Ok(());
    }
    let detail = "the calendar of the school is needed to know its holidays";
    Err(Refusal::new(Reason::RequiredFieldMissing, detail).at("holiday_period").by("J-10.5.1-a"))
}

/// Whether a bill is of a student at home, is not of a stay, and lies outside the holidays of the school: nothing of it is
/// paid (J-10.5.1-a). Of stays the time says nothing (AMB-076).
pub(crate) fn is_of_a_school_day(bill: &Bill, holidays: Option<bool>) -> bool {
    let at_home = matches!(bill.place, Place::Elsewhere { category: OutOfArea::StudentAtHome, .. });
    at_home && holidays == Some(false) && !is_stay(bill)
}

/// The step that says so.
pub(crate) fn school_day_step() -> Step {
    Step::new("J-10.5.1-a").given("holidays", "FALSE")
}

/// Checks the calendar of a school for a year.
///
/// # Errors
/// `VALUE_NOT_ALLOWED` for holidays outside the year or two at once.
pub fn check_calendar(year: i32, holidays: &[Holiday]) -> Result<(), Refusals> {
    let mut refusals = Refusals::default();
    let within = |day| Period::of_year(year).is_some_and(|year| year.contains(day));
    for (index, holiday) in holidays.iter().enumerate() {
        let at = format!("holidays[{index}]");
        if !within(holiday.period.start()) || !within(holiday.period.last_day()) {
            let detail = format!("the holidays do not lie in {year}; those across New Year are told in both years");
            refusals.push(Refusal::new(Reason::ValueNotAllowed, detail).at(at.clone()).by("J-10.5.1-a"));
        }
        if holidays[..index].iter().any(|other| other.period.overlaps(holiday.period)) {
            let detail = "two holidays share a day";
            refusals.push(Refusal::new(Reason::ValueNotAllowed, detail).at(at).by("J-10.5.1-a"));
        }
    }
    refusals.into_result()
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{params, reasons, region};
    use super::*;
    use crate::dates::written::{day, period};
    use crate::money::Fen;
    use crate::settlement::care::{CareKind, ObservationOutcome};
    use crate::settlement::fixtures::bill;

    fn home() -> StudentAtHome {
        let returned_on = Some(day("2021-02-28"));
        StudentAtHome { home_province: region("130000"), unit_id: "120118.S.1".to_owned(), returned_on }
    }

    /// J-10.5.1-a: students without local registration, in their province.
    #[test]
    fn the_rule_is_for_students_of_other_provinces() {
        assert_eq!(home().check(Class::StudentChild), Ok(()));
        assert_eq!(reasons(&home().check(Class::Adult)), [(Reason::ClassNotEligible, "J-10.5.1-a")]);
        let at = |code| StudentAtHome { home_province: region(code), ..home() };
        assert_eq!(reasons(&at("120000").check(Class::StudentChild)), [(Reason::ClassNotEligible, "J-10.5.1-a")]);
        assert_eq!(reasons(&at("130100").check(Class::StudentChild)), [(Reason::ValueNotAllowed, "J-10.5.1-a")]);
    }

    /// J-10.5.1-b: back on 2021-02-28, the last day is 2021-03-28.
    #[test]
    fn bills_are_filed_within_a_month_after_the_return() {
        assert_eq!(home().maybe_last_day(&params()), Some(day("2021-03-28")));
        assert_eq!(home().require_timely(day("2021-03-28"), &params()), Ok(()));
        let late = home().require_timely(day("2021-03-29"), &params()).unwrap_err();
        assert_eq!((late.reason, late.rule_id.as_deref()), (Reason::DeadlinePassed, Some("J-10.5.1-b")));
        assert_eq!(late.metadata, [("last_day", "2021-03-28".to_owned())]);
        let away = StudentAtHome { returned_on: None, ..home() };
        assert_eq!(away.require_timely(day("2021-12-31"), &params()), Ok(()));
    }

    /// J-10.5.1-a, AMB-068, AMB-076: inpatient cost any time, and what is settled like it; outpatient and emergency cost, and
    /// special outpatient care, in the holidays, so that they have to be known.
    #[test]
    fn what_is_no_stay_needs_the_holidays() {
        let (observed, visited) = (CareKind::EmergencyObservation, CareKind::Outpatient);
        for (kind, observation, stay) in [
            (CareKind::Inpatient, None, true),
            (observed, Some(ObservationOutcome::Admitted), true),
            (observed, Some(ObservationOutcome::Death), true),
            (observed, Some(ObservationOutcome::SentHome), false),
            (visited, None, false),
            (CareKind::SpecialOutpatient, None, false),
        ] {
            let region = "130102".to_owned();
            let place = Place::Elsewhere { category: OutOfArea::StudentAtHome, region, receiving_level: None };
            let bill = Bill { kind, observation, place, ..bill(day("2021-03-01"), Fen::yuan(600)) };
            let missing = require_calendar(&bill, None).map_err(|refusal| refusal.reason);
            assert_eq!(missing, if stay { Ok(()) } else { Err(Reason::RequiredFieldMissing) }, "{kind}");
            assert_eq!(require_calendar(&bill, Some(false)), Ok(()));
            let school_day = [Some(false), Some(true), None].map(|holidays| is_of_a_school_day(&bill, holidays));
            assert_eq!(school_day, [!stay, false, false], "{kind}");
            assert!(!is_of_a_school_day(&Bill { place: Place::Local, ..bill }, Some(false)));
        }
    }

    /// J-10.5.1-a: a calendar is that of one year.
    #[test]
    fn holidays_lie_in_their_year_one_after_another() {
        let winter = Holiday { kind: HolidayKind::Winter, period: period("2021-01-23", "2021-02-28") };
        let summer = Holiday { kind: HolidayKind::Summer, period: period("2021-07-10", "2021-08-31") };
        assert_eq!(check_calendar(2021, &[winter.clone(), summer.clone()]), Ok(()));
        assert_eq!(
            reasons(&check_calendar(2020, std::slice::from_ref(&winter))),
            [(Reason::ValueNotAllowed, "J-10.5.1-a")]
        );
        let twice = [winter.clone(), summer, winter];
        assert_eq!(reasons(&check_calendar(2021, &twice)), [(Reason::ValueNotAllowed, "J-10.5.1-a")]);
    }
}
