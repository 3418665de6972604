//! Whether the offices are open at a moment, and when they open or close next (J-13.N-a).

use chrono::{NaiveDate, NaiveDateTime};

use super::not_printed;
use super::params::{InformationParams, OfficeHours, OpenInterval};
use crate::effective::Effective;
use crate::receipt::{Receipt, Step, Value};
use crate::refusal::Refusal;
use crate::working_days::{Calendar, DayStanding, WEEKENDS_ONLY};

/// Days searched for the next opening; no holiday is nearly as long.
const HORIZON: usize = 60;

/// How the offices stand at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Open at that moment.
    pub open: bool,
    /// The day is a working day.
    pub working_day: bool,
    /// Next moment of opening; `None` while open.
    pub opens_at: Option<NaiveDateTime>,
    /// Moment of closing; `None` while closed.
    pub closes_at: Option<NaiveDateTime>,
    /// How it was decided; marked `CALENDAR_WEEKENDS_ONLY` where weekends alone decided a day that was looked at.
    pub receipt: Receipt,
}

/// Decides for a local moment in China Standard Time. The hours are half-open: the minute named as the end is closed
/// (AMB-130). Adjusted weekends are worked unless the law data say otherwise.
///
/// # Errors
/// `RULE_NOT_DEFINED` where the document prints no hours.
pub fn decide(at: NaiveDateTime, calendar: Calendar, params: &InformationParams) -> Result<Opening, Refusal> {
    let Some(hours) = &params.office_hours else {
        return Err(not_printed("information.office_hours", "the document prints no office hours").by("J-13.N-a"));
    };
    let now = now(at, calendar, hours);
    if let Some(interval) = now {
        let closes_at = at.date().and_time(interval.closes);
        let step = step(at.date(), calendar, hours)
            .using(interval, |interval| shown(*interval))
            .found("office", "OPEN")
            .found("closes_at", moment(closes_at));
        let receipt = Receipt { steps: vec![step] };
        return Ok(Opening { open: true, working_day: true, opens_at: None, closes_at: Some(closes_at), receipt });
    }
    let working_day = works(at.date(), calendar, hours);
    let mut receipt = Receipt { steps: vec![step(at.date(), calendar, hours).found("office", "CLOSED")] };
    let next = next(at, calendar, hours);
    if let Some((opens_at, interval)) = next {
        let step = step(opens_at.date(), calendar, hours).using(interval, |interval| shown(*interval));
        receipt.push(step.found("opens_at", moment(opens_at)));
    }
    let opens_at = next.map(|(opens_at, _)| opens_at);
    Ok(Opening { open: false, working_day, opens_at, closes_at: None, receipt })
}

fn works(day: NaiveDate, calendar: Calendar, hours: &OfficeHours) -> bool {
    match calendar.standing(day) {
        DayStanding::Working => true,
        DayStanding::AdjustedWorking => *hours.open_on_adjusted_weekends,
        DayStanding::Weekend | DayStanding::Holiday => false,
    }
}

fn now(at: NaiveDateTime, calendar: Calendar, hours: &OfficeHours) -> Option<&Effective<OpenInterval>> {
    let open = |interval: &&Effective<OpenInterval>| (interval.opens..interval.closes).contains(&at.time());
    hours.intervals.iter().find(open).filter(|_| works(at.date(), calendar, hours))
}

fn next(
    at: NaiveDateTime,
    calendar: Calendar,
    hours: &OfficeHours,
) -> Option<(NaiveDateTime, &Effective<OpenInterval>)> {
    let days = at.date().iter_days().take(HORIZON).filter(|day| works(*day, calendar, hours));
    days.flat_map(|day| hours.intervals.iter().map(move |interval| (day.and_time(interval.opens), interval)))
        .find(|(opens_at, _)| *opens_at > at)
}

/// What a day is, with the reading of adjusted weekends where it decided.
fn step(day: NaiveDate, calendar: Calendar, hours: &OfficeHours) -> Step {
    let standing = calendar.standing(day);
    let mut step = Step::new("J-13.N-a").given("day", day).given("standing", standing.as_str());
    if standing == DayStanding::AdjustedWorking {
        let adjusted = &hours.open_on_adjusted_weekends;
        step = step.using(adjusted, |open| (if *open { "OPEN" } else { "CLOSED" }).into());
    }
    if calendar.knows(day) { step } else { step.marked(WEEKENDS_ONLY) }
}

fn shown(interval: OpenInterval) -> Value {
    Value::Code(format!("{}-{}", interval.opens.format("%H:%M"), interval.closes.format("%H:%M")).into())
}

fn moment(at: NaiveDateTime) -> Value {
    Value::Code(at.format("%Y-%m-%dT%H:%M").to_string().into())
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::information_2021;
    use super::*;

    fn at(text: &str, calendar: Calendar) -> Opening {
        let at = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").unwrap();
        decide(at, calendar, &information_2021()).unwrap()
    }

    fn parsed(text: &str) -> Option<NaiveDateTime> {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok()
    }

    /// S-59: J-13.N-a, AMB-130 on Friday 2021-05-07, without a calendar.
    #[test]
    fn the_hours_are_half_open() {
        for (time, open) in [
            ("08:29", false),
            ("08:30", true),
            ("11:59", true),
            ("12:00", false),
            ("12:15", false),
            ("13:29", false),
            ("13:30", true),
            ("16:59", true),
            ("17:00", false),
        ] {
            let opening = at(&format!("2021-05-07T{time}"), Calendar::WeekendsOnly);
            assert_eq!((opening.open, opening.working_day), (open, true), "{time}");
            assert!(opening.receipt.is_marked(WEEKENDS_ONLY) && opening.receipt.applies("J-13.N-a"));
        }
        let saturday = at("2021-05-08T10:00", Calendar::WeekendsOnly);
        assert_eq!((saturday.open, saturday.working_day), (false, false));
    }

    /// J-13.N-a: the same Saturday was worked for Labour Day.
    #[test]
    fn an_adjusted_saturday_is_a_working_day() {
        let opening = at("2021-05-08T10:00", Calendar::Holidays);
        assert!(opening.open && opening.working_day && !opening.receipt.is_marked(WEEKENDS_ONLY));
        let adjusted = opening.receipt.steps[0].parameters().next().unwrap();
        assert_eq!(adjusted.value.to_string(), "OPEN");
        let mut law = information_2021();
        law.office_hours.as_mut().unwrap().open_on_adjusted_weekends.value = false;
        let opening = decide(parsed("2021-05-08T10:00").unwrap(), Calendar::Holidays, &law).unwrap();
        assert_eq!((opening.open, opening.opens_at), (false, parsed("2021-05-10T08:30")));
    }

    /// J-13.N-a: over noon, over night, over the weekend, over a holiday.
    #[test]
    fn the_next_opening_and_closing_are_told() {
        let noon = at("2021-05-07T12:00", Calendar::Holidays);
        assert_eq!((noon.opens_at, noon.closes_at), (parsed("2021-05-07T13:30"), None));
        assert_eq!(at("2021-05-07T13:30", Calendar::Holidays).closes_at, parsed("2021-05-07T17:00"));
        assert_eq!(at("2021-05-07T17:00", Calendar::Holidays).opens_at, parsed("2021-05-08T08:30"));
        assert_eq!(at("2021-05-07T17:00", Calendar::WeekendsOnly).opens_at, parsed("2021-05-10T08:30"));
        let spring_festival = at("2021-02-10T17:00", Calendar::Holidays);
        assert_eq!(spring_festival.opens_at, parsed("2021-02-18T08:30"));
        assert_eq!(at("2021-05-07T00:00", Calendar::Holidays).opens_at, parsed("2021-05-07T08:30"));
    }

    /// AMB-111: the mark of a day that the table does not reach, asked about or opening next.
    #[test]
    fn a_day_beyond_the_table_is_marked() {
        assert!(!at("2026-12-24T10:00", Calendar::Holidays).receipt.is_marked(WEEKENDS_ONLY));
        assert!(at("2026-12-28T10:00", Calendar::Holidays).receipt.is_marked(WEEKENDS_ONLY));
        let over_the_end = at("2026-12-25T18:00", Calendar::Holidays);
        assert_eq!(over_the_end.opens_at, parsed("2026-12-28T08:30"));
        assert!(over_the_end.receipt.is_marked(WEEKENDS_ONLY));
    }

    #[test]
    fn a_document_without_hours_has_none() {
        let refusal = decide(parsed("2017-03-01T10:00").unwrap(), Calendar::Holidays, &InformationParams::default());
        assert_eq!(refusal.unwrap_err().reason, crate::refusal::Reason::RuleNotDefined);
    }
}
