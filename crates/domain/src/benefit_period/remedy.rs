//! What a person who is not covered can still do, and until when.
//!
//! No day is computed here: every answer is what [`derive`] says about a payment on that day, so that a remedy can never
//! promise what a payment would not open.

use chrono::{Datelike, Days, NaiveDate};

use super::derive::{Facts, derive};
use super::employees::maybe_interrupted_on;
use super::history::Person;
use super::params::BenefitPeriodParams;
use crate::codes::{Category, Insurance};
use crate::dates::{add_months, year_end};

/// A way to become covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// Policy year to pay for.
    pub policy_year: i32,
    /// As whom.
    pub category: Category,
    /// First day on which a payment opens coverage: today, or the day the window opens.
    pub pay_from: NaiveDate,
    /// First day covered when paid then.
    pub covered_from_first: NaiveDate,
    /// Last day on which a payment opens coverage.
    pub pay_by: NaiveDate,
    /// First day covered when paid on that last day.
    pub covered_from: NaiveDate,
    /// Last day on which a payment still covers the day asked for.
    pub pay_by_to_cover: Option<NaiveDate>,
}

/// The remedy of one set of facts from `today` on; `None` where no later payment opens the insurance. `facts.paid_on` is
/// not looked at.
///
/// Who owes nothing as a special person cannot be helped by paying: the coverage hangs on the registration (J-3.2.5-f).
#[must_use]
pub fn maybe_remedy(
    facts: &Facts,
    insurance: Insurance,
    (today, on): (NaiveDate, NaiveDate),
    params: &BenefitPeriodParams,
) -> Option<Remedy> {
    if facts.registered_free() {
        return None;
    }
    // A payment after the policy year has nothing left to open.
    let last = year_end(facts.policy_year);
    let opened = |paid_on: NaiveDate| {
        let spans = derive(&Facts { paid_on, ..facts.clone() }, params).ok()?.spans;
        let mut own = spans.into_iter().filter(|span| span.insurance == insurance).map(|span| span.period);
        let first = own.next()?;
        Some((first.start(), first.contains(on) || own.any(|period| period.contains(on))))
    };
    let backwards =
        |from: NaiveDate| std::iter::successors(Some(from), |day| day.pred_opt()).take_while(|day| *day >= today);
    let (pay_by, (covered_from, _)) = backwards(last).find_map(|day| Some((day, opened(day)?)))?;
    let forwards = (0..).map(|days| today + Days::new(days)).take_while(|day| *day <= pay_by);
    let (pay_from, (covered_from_first, _)) = forwards.filter_map(|day| Some((day, opened(day)?))).next()?;
    let pay_by_to_cover = backwards(pay_by).find(|day| opened(*day).is_some_and(|(_, covers)| covers));
    let Facts { policy_year, category, .. } = *facts;
    Some(Remedy { policy_year, category, pay_from, covered_from_first, pay_by, covered_from, pay_by_to_cover })
}

/// As whom somebody without an enrolment could enrol and pay for a year, the special ways first: within a year of birth,
/// within the months after the end of employees' insurance, and like everybody else.
#[must_use]
pub fn ways(
    person: Option<&Person>,
    born_on: NaiveDate,
    (policy_year, today): (i32, NaiveDate),
    previous_year_insured: Option<bool>,
    params: &BenefitPeriodParams,
) -> Vec<Facts> {
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
    if is_newborn(born_on, policy_year, params) {
        ways.push(Facts { category: Category::Newborn, ..everybody.clone() });
    }
    let interrupted_on = person.and_then(|person| maybe_interrupted_on(&person.employees, today));
    if interrupted_on.is_some_and(|on| today <= add_months(on, params.interruption_months.value)) {
        let category = Category::InterruptedEmployee;
        ways.push(Facts { category, interrupted_on, through_channel: true, ..everybody.clone() });
    }
    ways.push(everybody);
    ways
}

/// Born in the year paid for or in its window; how long a newborn may be registered, the derivation itself knows.
fn is_newborn(born_on: NaiveDate, policy_year: i32, params: &BenefitPeriodParams) -> bool {
    born_on.year() == policy_year || params.newborn_window.contains(born_on)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{adult, baodi_2017, interrupted, newborn, tianjin_2021};
    use super::super::history::fixtures::person;
    use super::*;
    use crate::codes::{ContributionStatus, EmployeesInsuranceKind};
    use crate::dates::written::day;

    /// Pay from, covered from; pay by, covered from.
    fn found(facts: &Facts, today: &str, params: &BenefitPeriodParams) -> Option<[String; 4]> {
        let remedy = maybe_remedy(facts, Insurance::Basic, (day(today), day(today)), params)?;
        Some(
            [remedy.pay_from, remedy.covered_from_first, remedy.pay_by, remedy.covered_from].map(|day| day.to_string()),
        )
    }

    fn days(of: [&str; 4]) -> Option<[String; 4]> {
        Some(of.map(str::to_owned))
    }

    /// J-3.1-b, J-4.1.1-b: pay by 2021-06-30 and be covered from 2021-09-01.
    #[test]
    fn the_late_window_is_the_last_way() {
        let law = tianjin_2021();
        let unpaid = adult("2020-09-01");
        assert_eq!(found(&unpaid, "2021-03-01", &law), days(["2021-03-01", "2021-06-01", "2021-06-30", "2021-09-01"]));
        assert_eq!(found(&unpaid, "2020-08-01", &law), days(["2020-09-01", "2021-01-01", "2021-06-30", "2021-09-01"]));
        assert_eq!(found(&unpaid, "2021-06-30", &law), days(["2021-06-30", "2021-09-01", "2021-06-30", "2021-09-01"]));
        assert_eq!(found(&unpaid, "2021-07-01", &law), None);
        let insured = Facts { previous_year_insured: Some(true), ..unpaid };
        assert_eq!(found(&insured, "2021-03-01", &law), days(["2021-03-01", "2021-04-01", "2021-06-30", "2021-07-01"]));
    }

    /// AMB-029: nothing late is printed for 2017.
    #[test]
    fn baodi_has_none_after_the_window() {
        let unpaid = Facts { policy_year: 2017, ..adult("2016-10-12") };
        assert_eq!(found(&unpaid, "2016-11-01", &baodi_2017()).unwrap()[2], "2016-12-31");
        assert_eq!(found(&unpaid, "2017-01-01", &baodi_2017()), None);
    }

    /// J-4.1.4-a, J-4.1.4-b: a newborn may be paid for as long as a day of the year is left, at most for a year.
    #[test]
    fn a_newborn_has_a_year() {
        let law = tianjin_2021();
        let child = newborn("2021-03-15", "2021-03-15");
        assert_eq!(found(&child, "2021-05-06", &law), days(["2021-05-06", "2021-03-15", "2021-12-30", "2021-12-31"]));
        let asked = maybe_remedy(&child, Insurance::Basic, (day("2021-05-06"), day("2021-04-01")), &law).unwrap();
        assert_eq!(asked.pay_by_to_cover, Some(day("2021-07-15")));
        let older = newborn("2020-09-15", "2020-09-15");
        assert_eq!(found(&older, "2021-05-06", &law).unwrap()[2], "2021-09-15");
    }

    /// J-3.2.7-a, J-4.1.5-a: three months after the interruption.
    #[test]
    fn an_interrupted_employee_has_three_months() {
        let law = tianjin_2021();
        let employee = interrupted("2021-05-05", "2021-05-05");
        assert_eq!(
            found(&employee, "2021-06-01", &law),
            days(["2021-06-01", "2021-06-02", "2021-08-05", "2021-08-06"])
        );
        assert_eq!(found(&employee, "2021-08-06", &law), None);
    }

    /// J-3.2.5-f: paying does not help who owes nothing.
    #[test]
    fn who_owes_nothing_has_no_remedy() {
        let free = Facts { category: Category::SpecialPerson, fully_subsidised: true, ..adult("2020-08-20") };
        assert_eq!(found(&free, "2020-10-01", &tianjin_2021()), None);
    }

    /// J-3.2.8-a, J-3.2.7-a: the special ways are for those who may take them.
    #[test]
    fn the_unenrolled_are_told_their_own_way() {
        let law = tianjin_2021();
        let of = |person: Option<&Person>| -> Vec<Category> {
            let born_on = person.map_or(day("1970-05-01"), |person| person.born_on);
            ways(person, born_on, (2021, day("2021-05-06")), None, &law).iter().map(|facts| facts.category).collect()
        };
        assert_eq!(of(None), [Category::UrbanResident]);
        let child = Person { born_on: day("2021-03-15"), ..person() };
        assert_eq!(of(Some(&child)), [Category::Newborn, Category::UrbanResident]);
        let employed = |last: &str| super::super::employees::Employees {
            start_on: day("2020-01-01"),
            last_on: Some(day(last)),
            kind: Some(EmployeesInsuranceKind::Employer),
            status: Some(ContributionStatus::Paid),
            waiting_until: None,
        };
        let left = Person { employees: vec![employed("2021-03-31")], ..person() };
        assert_eq!(of(Some(&left)), [Category::InterruptedEmployee, Category::UrbanResident]);
        let long_ago = Person { employees: vec![employed("2020-12-31")], ..person() };
        assert_eq!(of(Some(&long_ago)), [Category::UrbanResident]);
    }
}
