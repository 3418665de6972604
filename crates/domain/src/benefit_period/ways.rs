//! The ways by which somebody without an enrolment could enrol for a year and pay.

use chrono::{Datelike, NaiveDate};

use super::derive::Facts;
use crate::codes::Category;
use crate::dates::add_months;
use crate::registry::category::is_newborn;
use crate::registry::params::EnrolmentParams;

/// Somebody without an enrolment.
#[derive(Clone, Copy, Debug)]
pub struct Unenrolled {
    /// Date of birth.
    pub born_on: NaiveDate,
    /// Day the labour contract or the unemployment benefit ended, where the registry knows one (J-3.2.7-a, B-2.4-a).
    pub interrupted_on: Option<NaiveDate>,
    /// Insured in the year before; `None` when unknown.
    pub previous_year_insured: Option<bool>,
}

/// One way.
#[derive(Clone, Debug)]
pub struct Way {
    /// As whom; `None` for the way that is open to everybody, whose category the registry decides from facts unknown here.
    pub category: Option<Category>,
    /// Last day of enrolment, where the way has one of its own.
    pub enrol_by: Option<NaiveDate>,
    /// What a payment would be derived from.
    pub facts: Facts,
}

/// The special ways first: newborns under the registry's own condition, interrupted employees in the months after the
/// interruption, and everybody. Pupils enrol through their school, and nobody tells here that somebody is one.
#[must_use]
pub fn ways(person: Unenrolled, (policy_year, today): (i32, NaiveDate), params: &EnrolmentParams) -> Vec<Way> {
    let Unenrolled { born_on, interrupted_on, previous_year_insured } = person;
    let everybody = Facts {
        policy_year,
        category: Category::UrbanResident,
        born_on,
        previous_year_insured,
        paid_on: today,
        fully_subsidised: false,
        interrupted_on: None,
        through_channel: false,
        invokes_epidemic_rule: false,
        by_deduction: false,
    };
    let mut ways = Vec::new();
    let special = |category, enrol_by, facts: Facts| Way {
        category: Some(category),
        enrol_by,
        facts: Facts { category, ..facts },
    };
    if born_on <= today && is_newborn(born_on, (policy_year, today), params) {
        let enrol_by = params.newborn_months.as_ref().map(|months| add_months(born_on, months.value));
        ways.push(special(Category::Newborn, enrol_by, everybody.clone()));
    }
    if let Some(interrupted_on) = interrupted_on.filter(|on| *on <= today && policy_year == today.year()) {
        let enrol_by = add_months(interrupted_on, params.interruption_months.value);
        if today <= enrol_by {
            let facts = Facts { interrupted_on: Some(interrupted_on), through_channel: true, ..everybody.clone() };
            ways.push(special(Category::InterruptedEmployee, Some(enrol_by), facts));
        }
    }
    ways.push(Way { category: None, enrol_by: None, facts: everybody });
    ways
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::written::day;
    use crate::registry::fixtures::{baodi_2017, tianjin_2021};

    fn adult() -> Unenrolled {
        Unenrolled { born_on: day("1970-05-01"), interrupted_on: None, previous_year_insured: None }
    }

    /// Category and last day of enrolment of each way.
    fn of(person: Unenrolled, year: i32, today: &str) -> Vec<(Option<Category>, Option<String>)> {
        let params = if year == 2017 { baodi_2017() } else { tianjin_2021() };
        let ways = ways(person, (year, day(today)), &params);
        ways.into_iter().map(|way| (way.category, way.enrol_by.map(|day| day.to_string()))).collect()
    }

    /// J-3.2.8-a: to the first birthday, also for who was born before the window; B-2.2-a: for two policy years.
    #[test]
    fn newborns_are_those_of_the_registry() {
        let born = |on| Unenrolled { born_on: day(on), ..adult() };
        let newborn = |until: &str| (Some(Category::Newborn), Some(until.to_owned()));
        assert_eq!(of(adult(), 2021, "2021-05-06"), [(None, None)]);
        assert_eq!(of(born("2021-03-15"), 2021, "2021-05-06"), [newborn("2022-03-15"), (None, None)]);
        assert_eq!(of(born("2020-08-20"), 2021, "2021-07-10"), [newborn("2021-08-20"), (None, None)]);
        assert_eq!(of(born("2020-08-20"), 2021, "2021-08-21"), [(None, None)]);
        assert_eq!(of(born("2016-03-01"), 2017, "2017-05-06"), [(Some(Category::Newborn), None), (None, None)]);
        assert_eq!(of(born("2015-12-31"), 2017, "2017-05-06"), [(None, None)]);
    }

    /// J-3.2.7-a: three months after the interruption, for the running year.
    #[test]
    fn interrupted_employees_have_three_months_to_enrol() {
        let left = Unenrolled { interrupted_on: Some(day("2021-01-31")), ..adult() };
        let channel = (Some(Category::InterruptedEmployee), Some("2021-04-30".to_owned()));
        assert_eq!(of(left, 2021, "2021-04-30"), [channel, (None, None)]);
        assert_eq!(of(left, 2021, "2021-05-01"), [(None, None)]);
        assert_eq!(of(left, 2021, "2020-12-31"), [(None, None)]);
    }
}
