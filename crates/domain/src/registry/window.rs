//! Whether registration is open on the day of an application, and through which window.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::application::Application;
use super::category::{Registrar, Standing, in_channel};
use super::facts::Interruption;
use super::params::EnrolmentParams;
use crate::codes::{Category, Window};
use crate::dates::{Period, add_months, year_end};
use crate::effective::Effective;
use crate::receipt::{Step, Value};
use crate::refusal::{Reason, Refusal};

/// The window an application falls in. Newborns, interrupted employees and special persons have windows of
/// their own (AMB-026); everybody else has the collection window and, where one is printed, the late window.
///
/// # Errors
/// `WINDOW_NOT_OPEN`, `WINDOW_CLOSED`; `REQUIRED_FIELD_MISSING` and `DATE_ORDER` for interrupted employees.
pub fn decide(
    standing: &Standing,
    application: &Application,
    params: &EnrolmentParams,
) -> Result<(Window, Step), Refusal> {
    match standing.category {
        Category::Newborn => newborn(application, params),
        category if in_channel(category, application) => interrupted_employee(application, params),
        Category::SpecialPerson => special_person(standing, application, params),
        Category::SchoolStudent | Category::NurseryChild => {
            general(application.applied_on, &params.school_window, params)
        }
        _ => general(application.applied_on, &params.collection_window, params),
    }
}

/// The collection window (J-3.1-a, B-2.1-a, B-2.3-a), then the late window (J-3.1-b).
fn general(
    applied_on: NaiveDate,
    window: &Effective<Period>,
    params: &EnrolmentParams,
) -> Result<(Window, Step), Refusal> {
    if window.contains(applied_on) {
        return Ok((Window::Ordinary, step(window, |period| (*period).into(), Window::Ordinary, applied_on)));
    }
    if applied_on < window.start() {
        return Err(not_open(window));
    }
    match &params.late_window {
        Some(late) if late.contains(applied_on) => {
            Ok((Window::Late, step(late, |period| (*period).into(), Window::Late, applied_on)))
        }
        Some(late) => Err(closed(late.reference.rule_id.clone(), late.last_day())),
        None => {
            Err(closed(window.reference.rule_id.clone(), window.last_day()).with("late_rule", Reason::RuleNotDefined))
        }
    }
}

/// For a policy year whose registration has begun: within the first year of life, its last day being the first birthday
/// (J-3.2.8-a), whatever the calendar year; in 2017 at any time (B-2.2-a, AMB-024) until the policy year is over. Whether
/// benefits still follow is decided when the premium is paid.
fn newborn(application: &Application, params: &EnrolmentParams) -> Result<(Window, Step), Refusal> {
    let months = params.newborn_months.as_ref();
    if months.is_some() && application.applied_on < params.collection_window.start() {
        return Err(not_open(&params.collection_window));
    }
    let last_day = months
        .map_or_else(|| year_end(application.policy_year), |months| add_months(application.born_on, months.value));
    let step = match months {
        Some(months) => step(months, |months| Value::Count((*months).into()), Window::Personal, application.applied_on),
        None => {
            Step::new("B-2.2-a").given("application_date", application.applied_on).found("window", Window::Personal)
        }
    };
    if application.applied_on > last_day {
        return Err(closed(step.rule_id, last_day));
    }
    Ok((Window::Personal, step.given("birth_date", application.born_on).found("last_day", last_day)))
}

/// Within three months of the interruption (J-3.2.7-a, B-2.4-a) and within the running year it is for.
fn interrupted_employee(application: &Application, params: &EnrolmentParams) -> Result<(Window, Step), Refusal> {
    let months = &params.interruption_months;
    let rule_id = months.reference.rule_id.clone();
    let interruption = application.circumstances.interruption;
    let Some(interrupted_on) = interruption.and_then(Interruption::maybe_last_event) else {
        return Err(Refusal::new(Reason::RequiredFieldMissing, "the day the contract or the benefit ended is needed")
            .at("facts")
            .by(rule_id));
    };
    if application.applied_on < interrupted_on {
        return Err(Refusal::new(Reason::DateOrder, "the application lies before the interruption")
            .at("application_date")
            .by(rule_id));
    }
    let last_day = add_months(interrupted_on, months.value).min(year_end(application.policy_year));
    if application.applied_on > last_day {
        return Err(closed(rule_id, last_day));
    }
    let step = step(months, |months| Value::Count((*months).into()), Window::Personal, application.applied_on)
        .given("interruption_date", interrupted_on)
        .found("last_day", last_day);
    Ok((Window::Personal, step))
}

/// Before the general window opens and to the end of the year (J-3.2.5-c); no window in 2017 (B-7.3.3-a, B-7.3.3-b).
///
/// Somebody recognised later is still registered: it is the start of the benefits that the law leaves open
/// (AMB-019), and the benefit period refuses it.
fn special_person(
    standing: &Standing,
    application: &Application,
    params: &EnrolmentParams,
) -> Result<(Window, Step), Refusal> {
    let Some(window) = &params.special_window else {
        let by_township = matches!(standing.registrar, Some(Registrar::Township(_)));
        let step = Step::new(if by_township { "B-7.3.3-b" } else { "B-7.3.3-a" });
        return Ok((Window::Personal, step.found("window", Window::Personal)));
    };
    if application.applied_on < window.start() {
        return Err(not_open(window));
    }
    Ok((Window::Personal, step(window, |period| (*period).into(), Window::Personal, application.applied_on)))
}

fn step<T>(
    parameter: &Effective<T>,
    as_value: impl FnOnce(&T) -> Value,
    window: Window,
    applied_on: NaiveDate,
) -> Step {
    Step::by(parameter, as_value).given("application_date", applied_on).found("window", window)
}

fn not_open(window: &Effective<Period>) -> Refusal {
    Refusal::new(Reason::WindowNotOpen, format!("registration opens on {}", window.start()))
        .at("application_date")
        .with("opens_on", window.start())
        .by(window.reference.rule_id.clone())
}

fn closed(rule_id: Cow<'static, str>, last_day: NaiveDate) -> Refusal {
    Refusal::new(Reason::WindowClosed, format!("registration was open until {last_day}"))
        .at("application_date")
        .with("last_day", last_day)
        .by(rule_id)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{baodi_2017, farmer, tianjin_2021};
    use super::*;
    use crate::dates::written::day;

    /// The window of the farmer's application under a category, changed, with the rule that decided; or the refusal.
    fn window(
        params: &EnrolmentParams,
        category: Category,
        change: impl FnOnce(&mut Application),
    ) -> Result<(Window, String), Refusal> {
        let mut application = farmer();
        change(&mut application);
        let standing = Standing::accepted(category, Step::new("test"));
        decide(&standing, &application, params).map(|(window, step)| (window, step.rule_id.into_owned()))
    }

    fn farmer_on(applied_on: &str) -> Result<(Window, String), Refusal> {
        window(&tianjin_2021(), Category::RuralResident, |application| application.applied_on = day(applied_on))
    }

    fn reason(answer: Result<(Window, String), Refusal>) -> Reason {
        answer.unwrap_err().reason
    }

    /// S-01: J-3.1-a, J-3.1-b.
    #[test]
    fn a_farmer_has_the_collection_window_and_the_late_window() {
        assert_eq!(reason(farmer_on("2020-08-31")), Reason::WindowNotOpen);
        assert_eq!(farmer_on("2020-09-01").unwrap(), (Window::Ordinary, "J-3.1-a".into()));
        assert_eq!(farmer_on("2020-12-31").unwrap(), (Window::Ordinary, "J-3.1-a".into()));
        assert_eq!(farmer_on("2021-01-01").unwrap(), (Window::Late, "J-3.1-b".into()));
        assert_eq!(farmer_on("2021-06-30").unwrap(), (Window::Late, "J-3.1-b".into()));
        assert_eq!(reason(farmer_on("2021-07-01")), Reason::WindowClosed);
    }

    fn ended(contract: Option<&str>, benefit: Option<&str>) -> Option<Interruption> {
        Some(Interruption { contract_ended_on: contract.map(day), benefit_ended_on: benefit.map(day) })
    }

    fn employee(interruption: Option<Interruption>, applied_on: &str) -> Result<(Window, String), Refusal> {
        window(&tianjin_2021(), Category::InterruptedEmployee, |application| {
            application.circumstances.interruption = interruption;
            application.applied_on = day(applied_on);
        })
    }

    fn interrupted(interrupted_on: &str, applied_on: &str) -> Result<(Window, String), Refusal> {
        employee(ended(Some(interrupted_on), None), applied_on)
    }

    /// S-04: J-3.2.7-a counts three months, clamped.
    #[test]
    fn an_interrupted_employee_has_three_months() {
        let personal = (Window::Personal, "J-3.2.7-a".to_owned());
        assert_eq!(interrupted("2021-01-31", "2021-04-30").unwrap(), personal);
        let late = interrupted("2021-01-31", "2021-05-01").unwrap_err();
        assert_eq!(late.reason, Reason::WindowClosed);
        assert!(late.metadata.contains(&("last_day", "2021-04-30".into())));
        assert_eq!(interrupted("2021-03-31", "2021-06-30").unwrap(), personal);
        // AMB-026: the general deadline of 30 June does not bind.
        assert_eq!(interrupted("2021-08-15", "2021-11-15").unwrap(), personal);
    }

    /// S-04: of the two events the later counts (AMB-025).
    #[test]
    fn the_three_months_run_from_the_later_event() {
        let both = || ended(Some("2020-11-30"), Some("2021-03-31"));
        assert!(employee(both(), "2021-06-30").is_ok());
        let late = employee(both(), "2021-07-01").unwrap_err();
        assert!(late.metadata.contains(&("last_day", "2021-06-30".into())));
    }

    #[test]
    fn an_interrupted_employee_names_the_day() {
        assert_eq!(reason(employee(ended(None, None), "2021-02-01")), Reason::RequiredFieldMissing);
        assert_eq!(reason(interrupted("2021-02-02", "2021-02-01")), Reason::DateOrder);
    }

    /// J-3.2.7-b: for the year to come the collection window holds.
    #[test]
    fn an_interrupted_employee_applies_for_the_next_year_like_others() {
        assert_eq!(interrupted("2020-11-20", "2020-12-01").unwrap(), (Window::Ordinary, "J-3.1-a".into()));
        // The running year's registration ends with the year.
        assert_eq!(reason(interrupted("2021-11-20", "2022-01-10")), Reason::WindowClosed);
    }

    fn newborn_of(
        params: &EnrolmentParams,
        policy_year: i32,
        born_on: &str,
        applied_on: &str,
    ) -> Result<(Window, String), Refusal> {
        window(params, Category::Newborn, |application| {
            application.policy_year = policy_year;
            application.born_on = day(born_on);
            application.applied_on = day(applied_on);
        })
    }

    /// S-05: J-3.2.8-a ends on the first birthday, clamped.
    #[test]
    fn a_newborn_has_a_year() {
        let apply = |born_on: &str, applied_on: &str| newborn_of(&tianjin_2021(), 2021, born_on, applied_on);
        assert_eq!(apply("2020-02-29", "2021-02-28").unwrap(), (Window::Personal, "J-3.2.8-a".to_owned()));
        let closed = apply("2020-02-29", "2021-03-01").unwrap_err();
        assert_eq!((closed.reason, closed.rule_id.as_deref()), (Reason::WindowClosed, Some("J-3.2.8-a")));
        assert_eq!(closed.metadata, [("last_day", "2021-02-28".to_owned())]);
    }

    /// J-3.2.8-a, B-2.2-a: in 2021 a newborn is enrolled for a year whose registration has begun, until the first
    /// birthday; in 2017, where no window applies and no age ends it (AMB-024), until the year is over.
    #[test]
    fn a_newborn_is_enrolled_for_the_years_at_hand() {
        let personal = |rule_id: &str| (Window::Personal, rule_id.to_owned());
        assert_eq!(reason(newborn_of(&tianjin_2021(), 2021, "2020-03-01", "2020-08-31")), Reason::WindowNotOpen);
        assert_eq!(newborn_of(&baodi_2017(), 2017, "2016-09-05", "2016-09-20").unwrap(), personal("B-2.2-a"));
        for (law, year, rule_id, opening, last, after) in [
            (tianjin_2021(), 2021, "J-3.2.8-a", "2020-09-01", "2021-03-01", "2021-03-02"),
            (baodi_2017(), 2017, "B-2.2-a", "2016-09-01", "2017-12-31", "2018-01-01"),
        ] {
            let born_on = format!("{}-03-01", year - 1);
            assert_eq!(newborn_of(&law, year, &born_on, opening).unwrap(), personal(rule_id));
            assert_eq!(newborn_of(&law, year, &born_on, last).unwrap(), personal(rule_id));
            let closed = newborn_of(&law, year, &born_on, after).unwrap_err();
            assert_eq!((closed.reason, closed.rule_id.as_deref()), (Reason::WindowClosed, Some(rule_id)));
            assert_eq!(closed.metadata, [("last_day", last.to_owned())]);
        }
    }

    /// J-3.2.5-c: registered 2020-08-20, valid for a special person, not yet for a farmer.
    #[test]
    fn special_persons_are_registered_before_the_window() {
        let special = |applied_on: &str| {
            window(&tianjin_2021(), Category::SpecialPerson, |application| application.applied_on = day(applied_on))
        };
        assert_eq!(special("2020-08-20").unwrap(), (Window::Personal, "J-3.2.5-c".into()));
        assert_eq!(reason(farmer_on("2020-08-20")), Reason::WindowNotOpen);
        // AMB-019: recognised in 2021, still registered.
        assert_eq!(special("2021-09-01").unwrap().0, Window::Personal);
        assert_eq!(reason(special("2019-12-31")), Reason::WindowNotOpen);
    }

    /// S-07: B-2.1-a, B-2.3-a, and no late window (AMB-029).
    #[test]
    fn baodi_has_a_window_for_schools_and_one_for_others() {
        let on = |category: Category, applied_on: &str| {
            window(&baodi_2017(), category, |application| {
                application.policy_year = 2017;
                application.applied_on = day(applied_on);
            })
        };
        assert_eq!(on(Category::SchoolStudent, "2016-09-30").unwrap(), (Window::Ordinary, "B-2.1-a".into()));
        assert_eq!(reason(on(Category::SchoolStudent, "2016-10-01")), Reason::WindowClosed);
        assert_eq!(reason(on(Category::RuralResident, "2016-09-30")), Reason::WindowNotOpen);
        assert_eq!(on(Category::RuralResident, "2016-10-01").unwrap(), (Window::Ordinary, "B-2.3-a".into()));
        assert_eq!(on(Category::RuralResident, "2016-12-31").unwrap(), (Window::Ordinary, "B-2.3-a".into()));
        let closed = on(Category::RuralResident, "2017-01-01").unwrap_err();
        assert_eq!(closed.reason, Reason::WindowClosed);
        assert!(closed.metadata.contains(&("late_rule", "RULE_NOT_DEFINED".into())));
    }

    /// B-2.2-a and B-7.3.3-a print no window of their own, B-2.4-a three months.
    #[test]
    fn baodi_leaves_some_windows_open() {
        let in_2017 = |category: Category| {
            window(&baodi_2017(), category, |application| {
                application.policy_year = 2017;
                application.applied_on = day("2017-06-30");
                application.circumstances.interruption = ended(Some("2017-03-31"), None);
            })
        };
        assert_eq!(in_2017(Category::Newborn).unwrap(), (Window::Personal, "B-2.2-a".into()));
        assert_eq!(in_2017(Category::SpecialPerson).unwrap(), (Window::Personal, "B-7.3.3-a".into()));
        assert_eq!(in_2017(Category::InterruptedEmployee).unwrap(), (Window::Personal, "B-2.4-a".into()));
    }
}
