//! The benefit-period law of both years, and the facts that the tests change.

use super::derive::{Derived, Facts};
use super::params::{BenefitPeriodParams, DeductionStart, EmployeesParams, Grace};
use crate::codes::{Category, Insurance, PayingScheme};
use crate::dates::written::{day, period};
use crate::effective::{Effective, Gap};

fn gap(parameter: &'static str, rule_id: &'static str, configurable: bool) -> Gap {
    Gap { parameter: parameter.into(), rule_id: rule_id.into(), configurable }
}

pub(crate) fn tianjin_2021() -> BenefitPeriodParams {
    let window = Effective::printed(period("2020-09-01", "2020-12-31"), "J-3.1-a");
    let year = period("2021-01-01", "2021-12-31");
    BenefitPeriodParams {
        collection_window: window.clone(),
        school_window: window.clone(),
        late_window: Some(Effective::printed(period("2021-01-01", "2021-06-30"), "J-3.1-b")),
        ordinary: Effective::printed(year, "J-4.1-a"),
        ordinary_school: Effective::printed(year, "J-4.1-a"),
        special: Some(Effective::printed(year, "J-3.2.5-f")),
        deduction: Effective::printed(year, "J-3.3.4-a"),
        deduction_benefit_start: Effective::printed(DeductionStart::JanuaryFirst, "J-3.3.4-a"),
        late_wait_insured: Some(Effective::printed(1, "J-4.1.1-a")),
        late_wait_uninsured: Some(Effective::printed(3, "J-4.1.1-b")),
        new_entrant_start: Effective::printed(day("2020-09-01"), "J-4.1.3-a"),
        newborn_grace: Effective::printed(Grace::Months(4), "J-4.1.4-a"),
        newborn_late: Effective::printed(Grace::Months(4), "J-4.1.4-b"),
        newborn_months: Some(Effective::printed(12, "J-3.2.8-a")),
        newborn_window: Effective::printed(window.value, "J-4.1.4-c"),
        newborn_window_late: Effective::printed(window.value, "J-4.1.4-d"),
        interruption_months: Effective::printed(3, "J-3.2.7-a"),
        interruption_bounds_payment: Effective::printed(false, "J-4.1.5-a"),
        interrupted_wait_days: Effective::printed(1, "J-4.1.5-a"),
        epidemic: Err(gap("epidemic", "J-4.1.2-a", true)),
        epidemic_months_after: Some(Effective::printed(3, "J-4.1.2-a")),
        accident_school: Ok(Effective::printed(period("2020-09-01", "2021-08-31"), "J-4.3-a")),
        nursery_counts_as_school: Some(Effective::printed(true, "J-4.3-a")),
        accident_others: Ok(Effective::printed(year, "J-4.3-b")),
        critical_illness_follows: Effective::printed(true, "J-4.2-a"),
        maternity_follows: Ok(Effective::printed(true, "J-4.2-a")),
        leavers_keep_accident: Some(Effective::printed(true, "J-4.3-c")),
        employees: Some(EmployeesParams {
            contributing: Effective::printed(PayingScheme::Employee, "J-9-1a"),
            interrupted: Effective::printed(PayingScheme::Resident, "J-9-1b"),
            waiting: Effective::printed(PayingScheme::Resident, "J-9-2a"),
            waited: Effective::printed(PayingScheme::Employee, "J-9-2b"),
        }),
    }
}

pub(crate) fn baodi_2017() -> BenefitPeriodParams {
    let window = Effective::printed(period("2016-10-01", "2016-12-31"), "B-2.3-a");
    let year = period("2017-01-01", "2017-12-31");
    BenefitPeriodParams {
        collection_window: window.clone(),
        school_window: Effective::printed(period("2016-09-01", "2016-09-30"), "B-2.1-a"),
        late_window: None,
        ordinary: Effective::printed(year, "B-3.3-a"),
        ordinary_school: Effective::printed(year, "B-3.1-a"),
        special: None,
        deduction: Effective::printed(year, "B-7.3.3-c"),
        deduction_benefit_start: Effective::printed(DeductionStart::JanuaryFirst, "B-7.3.3-c"),
        late_wait_insured: None,
        late_wait_uninsured: None,
        new_entrant_start: Effective::printed(day("2016-09-01"), "B-3.1-b"),
        newborn_grace: Effective::printed(Grace::Days(90), "B-3.2-a"),
        newborn_late: Effective::printed(Grace::Days(90), "B-3.2-b"),
        newborn_months: None,
        newborn_window: Effective::printed(window.value, "B-3.2-c"),
        newborn_window_late: Effective::printed(window.value, "B-3.2-d"),
        interruption_months: Effective::printed(3, "B-2.4-a"),
        interruption_bounds_payment: Effective::printed(true, "B-3.4-a"),
        interrupted_wait_days: Effective::printed(1, "B-3.4-a"),
        epidemic: Err(gap("epidemic", "J-4.1.2-a", false)),
        epidemic_months_after: None,
        accident_school: Err(gap("accident_school", "B-5-a", false)),
        nursery_counts_as_school: None,
        accident_others: Err(gap("accident_others", "B-5-a", false)),
        critical_illness_follows: Effective::printed(true, "B-5.1-a"),
        maternity_follows: Err(gap("maternity_follows", "B-5-a", false)),
        leavers_keep_accident: None,
        employees: None,
    }
}

/// An adult enrolled for 2021 and paid on a day, not insured the year before.
pub(crate) fn adult(paid_on: &str) -> Facts {
    Facts {
        policy_year: 2021,
        category: Category::UrbanResident,
        born_on: day("1970-05-01"),
        previous_year_insured: Some(false),
        paid_on: day(paid_on),
        fully_subsidised: false,
        interrupted_on: None,
        through_channel: false,
        invokes_epidemic_rule: false,
        by_deduction: false,
    }
}

/// A pupil enrolled by the school.
pub(crate) fn pupil(paid_on: &str) -> Facts {
    Facts { category: Category::SchoolStudent, born_on: day("2013-10-01"), ..adult(paid_on) }
}

/// A newborn.
pub(crate) fn newborn(born_on: &str, paid_on: &str) -> Facts {
    Facts { category: Category::Newborn, born_on: day(born_on), previous_year_insured: None, ..adult(paid_on) }
}

/// An interrupted employee enrolled through the channel of three months.
pub(super) fn interrupted(interrupted_on: &str, paid_on: &str) -> Facts {
    Facts {
        category: Category::InterruptedEmployee,
        interrupted_on: Some(day(interrupted_on)),
        through_channel: true,
        ..adult(paid_on)
    }
}

/// The spans of an insurance as the law writes them.
pub(super) fn written(derived: &Derived, insurance: Insurance) -> Vec<String> {
    derived.spans.iter().filter(|span| span.insurance == insurance).map(|span| span.period.to_string()).collect()
}
