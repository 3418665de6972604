//! What a person who is not covered can still do, and until when.
//!
//! No day is computed here: every answer is what [`derive()`] says about a payment on that day, so that a remedy can never
//! promise what a payment would not open.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::derive::{Facts, derive};
use super::params::{BenefitPeriodParams, Grace};
use crate::codes::Insurance;
use crate::dates::{add_months, first_of_month_after, year_end};

/// A way to become covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// Policy year to pay for.
    pub policy_year: i32,
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
    /// True when the payer has to invoke the epidemic rule for it (J-4.1.2-a).
    pub invokes_epidemic_rule: bool,
}

/// The remedy of one set of facts from `today` on; `None` where no later payment opens the insurance. `facts.paid_on` is
/// not looked at. Where the days of the epidemic are set and its rule opens more, the rule is invoked (J-4.1.2-a).
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
    let days = changes(facts, (today, on), params);
    let of = |invokes_epidemic_rule| {
        search(&Facts { invokes_epidemic_rule, ..facts.clone() }, (insurance, on), &days, params)
    };
    let plain = of(false);
    let at_once = params.epidemic.as_ref().ok().and(params.epidemic_months_after.as_ref()).and_then(|_| of(true));
    match (plain, at_once) {
        (Some(plain), Some(at_once)) if at_once.covered_from_first >= plain.covered_from_first => Some(plain),
        (plain, at_once) => at_once.or(plain),
    }
}

/// What payments on some days, in order, open.
fn search(
    facts: &Facts,
    (insurance, on): (Insurance, NaiveDate),
    days: &BTreeSet<NaiveDate>,
    params: &BenefitPeriodParams,
) -> Option<Remedy> {
    let opened = |paid_on: NaiveDate| {
        let spans = derive(&Facts { paid_on, ..facts.clone() }, params).ok()?.spans;
        let mut own = spans.into_iter().filter(|span| span.insurance == insurance).map(|span| span.period);
        let first = own.next()?;
        Some((first.start(), first.contains(on) || own.any(|period| period.contains(on))))
    };
    let (pay_by, (covered_from, _)) = days.iter().rev().find_map(|day| Some((*day, opened(*day)?)))?;
    let (pay_from, (covered_from_first, _)) = days.iter().find_map(|day| Some((*day, opened(*day)?)))?;
    let pay_by_to_cover = days.iter().rev().find(|day| opened(**day).is_some_and(|(_, covers)| covers)).copied();
    let Facts { policy_year, invokes_epidemic_rule, .. } = *facts;
    Some(Remedy {
        policy_year,
        pay_from,
        covered_from_first,
        pay_by,
        covered_from,
        pay_by_to_cover,
        invokes_epidemic_rule,
    })
}

/// The days from today to the end of the policy year around which the answer of [`derive()`] changes: where windows, months
/// and times of grace begin and end, and the day asked for. Between two of them every payment opens, or covers the day, or
/// none does. A payment after the policy year has nothing left to open.
fn changes(facts: &Facts, (today, on): (NaiveDate, NaiveDate), params: &BenefitPeriodParams) -> BTreeSet<NaiveDate> {
    let last = year_end(facts.policy_year);
    let windows = [&params.collection_window, &params.school_window].into_iter().chain(&params.late_window);
    let mut first_days: Vec<NaiveDate> = windows.flat_map(|it| [it.value.start(), it.value.end()]).collect();
    first_days.extend([on, on + Days::new(1), today, last, last + Days::new(1), facts.born_on]);
    first_days.extend((0..).map(|months| first_of_month_after(today, months)).take_while(|first| *first <= last));
    let after = |day: NaiveDate| day + Days::new(1);
    first_days.push(after(match params.newborn_grace.value {
        Grace::Months(months) => add_months(facts.born_on, months),
        Grace::Days(days) => facts.born_on + Days::new(days.into()),
    }));
    first_days.extend(params.newborn_months.iter().map(|months| after(add_months(facts.born_on, months.value))));
    if let Some(on) = facts.interrupted_on {
        first_days.extend([on, after(add_months(on, params.interruption_months.value))]);
    }
    if let (Ok(epidemic), Some(months)) = (&params.epidemic, &params.epidemic_months_after) {
        first_days.extend([epidemic.start(), after(add_months(epidemic.last_day(), months.value))]);
    }
    let around = first_days.into_iter().flat_map(|day| [day - Days::new(1), day]);
    around.filter(|day| (today..=last).contains(day)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{adult, baodi_2017, interrupted, newborn, tianjin_2021};
    use super::*;
    use chrono::Datelike;

    use crate::codes::Category;
    use crate::dates::written::{day, period};
    use crate::effective::Effective;
    use crate::seeded::Seeded;

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

    /// J-4.1.5-a: who enrolled through the channel pays to the last day but one of the year; B-3.4-a: within three months.
    #[test]
    fn an_interrupted_employee_pays_after_the_three_months_only_in_2021() {
        let employee = interrupted("2021-05-05", "2021-05-05");
        assert_eq!(
            found(&employee, "2021-09-01", &tianjin_2021()),
            days(["2021-09-01", "2021-09-02", "2021-12-30", "2021-12-31"])
        );
        let baodi = Facts { policy_year: 2017, ..interrupted("2017-05-05", "2017-05-05") };
        assert_eq!(found(&baodi, "2017-06-01", &baodi_2017()).unwrap()[2], "2017-08-05");
        assert_eq!(found(&baodi, "2017-08-06", &baodi_2017()), None);
    }

    /// J-4.1.2-a: where the days of the epidemic are set, its rule is invoked; where it opens nothing more, it is not.
    #[test]
    fn the_epidemic_rule_is_tried_where_it_is_set() {
        let mut law = tianjin_2021();
        law.epidemic = Ok(Effective::printed(period("2020-01-01", "2021-01-31"), "J-4.1.2-a"));
        let of = |today: &str| {
            let days = (day(today), day("2021-06-01"));
            maybe_remedy(&adult("2021-01-01"), Insurance::Basic, days, &law).unwrap()
        };
        let at_once = of("2021-03-10");
        assert!(at_once.invokes_epidemic_rule);
        assert_eq!(at_once.covered_from_first, day("2021-03-10"));
        assert_eq!(at_once.pay_by_to_cover, Some(day("2021-04-30")));
        assert!(!of("2021-05-01").invokes_epidemic_rule && !of("2020-10-08").invokes_epidemic_rule);
    }

    /// J-3.2.5-f: paying does not help who owes nothing.
    #[test]
    fn who_owes_nothing_has_no_remedy() {
        let free = Facts { category: Category::SpecialPerson, fully_subsidised: true, ..adult("2020-08-20") };
        assert_eq!(found(&free, "2020-10-01", &tianjin_2021()), None);
    }

    /// Trying the days of [`changes`] finds what trying every day finds.
    #[test]
    fn no_day_that_matters_is_left_out() {
        let mut epidemic = tianjin_2021();
        epidemic.epidemic = Ok(Effective::printed(period("2020-01-20", "2021-01-10"), "J-4.1.2-a"));
        let laws = [tianjin_2021(), epidemic, baodi_2017()];
        let mut seeded = Seeded::new(20_210_105);
        let (mut tried, mut some) = (0, 0);
        for _ in 0..400 {
            let law = &laws[seeded.index(laws.len())];
            let policy_year = law.ordinary.start().year();
            let mut near = || day(&format!("{}-07-01", policy_year - 1)) + Days::new(seeded.below(560));
            let (today, on, paid_on, born_on, interrupted_on) = (near(), near(), near(), near(), near());
            let facts = Facts {
                policy_year,
                category: seeded.pick(Category::ALL),
                born_on,
                interrupted_on: Some(interrupted_on),
                through_channel: seeded.below(2) == 0,
                by_deduction: seeded.below(8) == 0,
                previous_year_insured: seeded.pick(&[Some(true), Some(false)]),
                invokes_epidemic_rule: seeded.below(2) == 0,
                ..adult(&paid_on.to_string())
            };
            let every: BTreeSet<NaiveDate> =
                today.iter_days().take_while(|day| *day <= year_end(policy_year)).collect();
            let few = changes(&facts, (today, on), law);
            tried += few.len();
            for insurance in Insurance::ALL {
                let found = search(&facts, (*insurance, on), &few, law);
                assert_eq!(found, search(&facts, (*insurance, on), &every, law), "{facts:?} on {today} for {on}");
                some += usize::from(found.is_some());
            }
        }
        assert!(some > 400, "{some} remedies");
        assert!(tried < 400 * 80, "{tried} days tried");
    }
}
