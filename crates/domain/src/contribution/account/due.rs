//! Until when an enrolment can still be paid.

use std::borrow::Cow;

use chrono::{Days, NaiveDate};

use crate::benefit_period::derive::{Facts, derive};
use crate::benefit_period::params::BenefitPeriodParams;
use crate::dates::{Period, year_end};

/// Days on which a payment opens coverage by one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayableDays {
    /// The days.
    pub days: Period,
    /// Rule of the period that the payment opens: J-4.1-a in the collection window, J-4.1.1-a or -b in the late one.
    pub rule_id: Cow<'static, str>,
}

/// The days from `first` to the end of the policy year on which a payment would be taken, by the rule that opens coverage.
/// `paid_on` gives the facts of a payment on a day. What counts is what a payment is judged by, so that nobody is told a
/// last day on which he is turned away (J-3.1-a, J-3.1-b).
#[must_use]
pub fn payable_days(
    first: NaiveDate,
    paid_on: impl Fn(NaiveDate) -> Facts,
    params: &BenefitPeriodParams,
) -> Vec<PayableDays> {
    let last = year_end(paid_on(first).policy_year);
    let mut found: Vec<PayableDays> = Vec::new();
    for day in first.iter_days().take_while(|day| *day <= last) {
        let Ok(derived) = derive(&paid_on(day), params) else { continue };
        let Some(step) = derived.receipt.steps.first() else { continue };
        match found.last_mut() {
            Some(open) if open.rule_id == step.rule_id && open.days.end() == day => {
                open.days = Period::maybe_inclusive(open.days.start(), day).unwrap_or(open.days);
            }
            _ => {
                let days = Period::maybe_new(day, day + Days::new(1));
                found.extend(days.map(|days| PayableDays { days, rule_id: step.rule_id.clone() }));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benefit_period::fixtures::{adult, baodi_2017, newborn, tianjin_2021};
    use crate::dates::written::day;

    fn written(found: &[PayableDays]) -> Vec<String> {
        found.iter().map(|open| format!("{} {}", open.days, open.rule_id)).collect()
    }

    /// J-3.1-a and J-3.1-b: until the end of the year in the window, until 30 June late (J-4.1.1-b).
    #[test]
    fn the_window_is_followed_by_the_late_one() {
        let facts = |day: NaiveDate| adult(&day.to_string());
        let open = |first| written(&payable_days(day(first), facts, &tianjin_2021()));
        let late = "2021-01-01 to 2021-06-30 J-4.1.1-b";
        assert_eq!(open("2020-11-11"), ["2020-11-11 to 2020-12-31 J-4.1-a", late]);
        assert_eq!(open("2020-08-01"), ["2020-09-01 to 2020-12-31 J-4.1-a", late]);
        assert_eq!(open("2021-06-30"), ["2021-06-30 to 2021-06-30 J-4.1.1-b"]);
        assert!(open("2021-07-01").is_empty());
    }

    /// J-4.1.4-a and J-4.1.4-b: a child born on 2021-03-15 can be paid for the whole year.
    #[test]
    fn a_newborn_has_days_of_its_own() {
        let facts = |day: NaiveDate| newborn("2021-03-15", &day.to_string());
        let open = written(&payable_days(day("2021-03-15"), facts, &tianjin_2021()));
        assert_eq!(open, ["2021-03-15 to 2021-07-15 J-4.1.4-a", "2021-07-16 to 2021-12-30 J-4.1.4-b"]);
    }

    /// B-2.3-a: no late window is printed for 2017.
    #[test]
    fn baodi_has_no_late_window() {
        let facts = |day: NaiveDate| Facts { policy_year: 2017, ..adult(&day.to_string()) };
        let open = written(&payable_days(day("2016-10-08"), facts, &baodi_2017()));
        assert_eq!(open, ["2016-10-08 to 2016-12-31 B-3.3-a"]);
    }
}
