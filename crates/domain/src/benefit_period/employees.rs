//! Which scheme pays on a day: residents' or employees' insurance (J-9-1a to J-9-2b).

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::params::EmployeesParams;
use crate::codes::{ContributionStatus, EmployeesInsuranceKind, PayingScheme};
use crate::effective::Effective;
use crate::receipt::Step;
use crate::refusal::{Reason, Refusal};

/// A period of employees' insurance (职工医保).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Employees {
    /// First day.
    pub start_on: NaiveDate,
    /// Last day; `None` while open. Of paid months the registry tells the end: an open one tells its first month alone.
    pub last_on: Option<NaiveDate>,
    /// Kind; `None` when not told.
    pub kind: Option<EmployeesInsuranceKind>,
    /// Through an employer: whether contributions were paid; `None` when unknown.
    pub status: Option<ContributionStatus>,
    /// Individually insured: last day of the waiting period; `None` when unknown.
    pub waiting_until: Option<NaiveDate>,
}

impl Employees {
    /// True when the period holds a day. Contributions are monthly, so that an employer's period is made of whole months
    /// (AMB-051).
    fn holds(&self, on: NaiveDate) -> bool {
        if self.kind == Some(EmployeesInsuranceKind::Individual) {
            return self.start_on <= on && self.last_on.is_none_or(|last| on <= last);
        }
        month(self.start_on) <= month(on) && self.maybe_last().is_none_or(|last| month(on) <= month(last))
    }

    /// True for months of an employer whose contributions were paid.
    fn is_paid(&self) -> bool {
        self.kind == Some(EmployeesInsuranceKind::Employer) && self.status == Some(ContributionStatus::Paid)
    }

    /// The last day that was told; a month that nobody told of is not known to be paid (AMB-051).
    fn maybe_last(&self) -> Option<NaiveDate> {
        self.last_on.or_else(|| self.is_paid().then(|| month_end(self.start_on)))
    }
}

fn month(day: NaiveDate) -> (i32, u32) {
    (day.year(), day.month())
}

fn month_end(day: NaiveDate) -> NaiveDate {
    day.with_day(u32::from(day.num_days_in_month())).unwrap_or(day)
}

/// Who pays on a day, with the step that says why; no step where the person never had employees' insurance or the law of
/// the year knows no such rule.
///
/// In a month whose contributions were paid in full and on time, by any of several employers, the employees' scheme pays
/// alone (J-9-1a); while they are interrupted, and after they ended, the residents' scheme does (J-9-1b). Who is insured individually has residents'
/// benefits to the last day of the waiting period (J-9-2a) and employees' benefits afterwards (J-9-2b). Of other overlapping
/// periods the one that begins last holds.
///
/// # Errors
/// `REQUIRED_FIELD_MISSING` when nobody told whether contributions were paid or when the waiting period ends.
pub fn payer(
    periods: &[Employees],
    on: NaiveDate,
    params: Option<&EmployeesParams>,
) -> Result<(PayingScheme, Option<Step>), Refusal> {
    let Some(params) = params else { return Ok((PayingScheme::Resident, None)) };
    let holding = periods.iter().filter(|period| period.holds(on));
    let holding = holding.max_by_key(|period| (period.is_paid(), period.start_on));
    let (rule, period) = match (holding, ended_before(periods, on)) {
        (Some(period), _) => (rule_of(period, on, params)?, period),
        (None, Some(ended)) => (&params.interrupted, ended),
        (None, None) => return Ok((PayingScheme::Resident, None)),
    };
    let mut step = Step::by(rule, |scheme| (*scheme).into()).given("date", on).given("start_date", period.start_on);
    for (name, day) in [("end_date", period.last_on), ("waiting_period_end_date", period.waiting_until)] {
        if let Some(day) = day {
            step = step.given(name, day);
        }
    }
    Ok((rule.value, Some(step.found("paying_scheme", rule.value))))
}

/// The last employer's period that ended before a day.
fn ended_before(periods: &[Employees], on: NaiveDate) -> Option<&Employees> {
    let employers = periods.iter().filter(|period| period.kind == Some(EmployeesInsuranceKind::Employer));
    let last = |period: &&Employees| period.maybe_last();
    employers.filter(|period| last(period).is_some_and(|last| last < on)).max_by_key(last)
}

fn rule_of<'a>(
    period: &Employees,
    on: NaiveDate,
    params: &'a EmployeesParams,
) -> Result<&'a Effective<PayingScheme>, Refusal> {
    match (period.kind, period.status, period.waiting_until) {
        (Some(EmployeesInsuranceKind::Employer), Some(ContributionStatus::Paid), _) => Ok(&params.contributing),
        (Some(EmployeesInsuranceKind::Employer), Some(ContributionStatus::Interrupted), _) => Ok(&params.interrupted),
        (Some(EmployeesInsuranceKind::Individual), _, Some(until)) if on <= until => Ok(&params.waiting),
        (Some(EmployeesInsuranceKind::Individual), _, Some(_)) => Ok(&params.waited),
        (Some(EmployeesInsuranceKind::Individual), _, None) => {
            Err(missing("when the waiting period of the employees' insurance ends is needed", &params.waiting)
                .at("employees_insurance.waiting_period_end_date"))
        }
        (Some(EmployeesInsuranceKind::Employer), None, _) | (None, ..) => {
            Err(missing("whether contributions to employees' insurance were paid is needed", &params.contributing)
                .at("employees_insurance.status"))
        }
    }
}

fn missing(detail: &str, rule: &Effective<PayingScheme>) -> Refusal {
    Refusal::new(Reason::RequiredFieldMissing, detail).by(rule.reference.rule_id.clone())
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{baodi_2017, tianjin_2021};
    use super::*;
    use crate::dates::written::day;

    fn employer(start: &str, last: Option<&str>, status: Option<ContributionStatus>) -> Employees {
        Employees {
            start_on: day(start),
            last_on: last.map(day),
            kind: Some(EmployeesInsuranceKind::Employer),
            status,
            waiting_until: None,
        }
    }

    fn individual(waiting_until: Option<&str>) -> Employees {
        Employees {
            kind: Some(EmployeesInsuranceKind::Individual),
            waiting_until: waiting_until.map(day),
            ..employer("2021-01-15", None, None)
        }
    }

    fn found(periods: &[Employees], on: &str) -> (PayingScheme, Option<String>) {
        let law = tianjin_2021();
        let (scheme, step) = payer(periods, day(on), law.employees.as_ref()).unwrap();
        (scheme, step.map(|step| step.rule_id.into_owned()))
    }

    fn answer(scheme: PayingScheme, rule: &str) -> (PayingScheme, Option<String>) {
        (scheme, Some(rule.to_owned()))
    }

    /// J-9-1a, J-9-1b: employed from March, contributions stop in August; January, February and from August on the
    /// residents' scheme pays.
    #[test]
    fn months_of_contribution_are_the_employees_schemes() {
        let told = [
            employer("2021-03-01", Some("2021-07-31"), Some(ContributionStatus::Paid)),
            employer("2021-08-01", None, Some(ContributionStatus::Interrupted)),
        ];
        assert_eq!(found(&told, "2021-02-28"), (PayingScheme::Resident, None));
        assert_eq!(found(&told, "2021-03-01"), answer(PayingScheme::Employee, "J-9-1a"));
        assert_eq!(found(&told, "2021-04-12"), answer(PayingScheme::Employee, "J-9-1a"));
        assert_eq!(found(&told, "2021-07-31"), answer(PayingScheme::Employee, "J-9-1a"));
        assert_eq!(found(&told, "2021-08-01"), answer(PayingScheme::Resident, "J-9-1b"));
        // An end without a word on what came after is an interruption, too.
        assert_eq!(found(&told[..1], "2021-08-01"), answer(PayingScheme::Resident, "J-9-1b"));
    }

    /// AMB-051: by calendar month.
    #[test]
    fn a_month_is_one_schemes_as_a_whole() {
        let told = [employer("2021-03-10", Some("2021-04-20"), Some(ContributionStatus::Paid))];
        assert_eq!(found(&told, "2021-03-01").0, PayingScheme::Employee);
        assert_eq!(found(&told, "2021-04-30").0, PayingScheme::Employee);
        assert_eq!(found(&told, "2021-05-01").0, PayingScheme::Resident);
    }

    /// J-9-2a to the last day of waiting, J-9-2b from the day after.
    #[test]
    fn the_waiting_period_is_the_residents_schemes() {
        let told = [individual(Some("2021-06-30"))];
        assert_eq!(found(&told, "2021-06-30"), answer(PayingScheme::Resident, "J-9-2a"));
        assert_eq!(found(&told, "2021-07-01"), answer(PayingScheme::Employee, "J-9-2b"));
    }

    /// J-9-1a, J-9-2a: nobody guesses a status or the length of a waiting period.
    #[test]
    fn what_nobody_told_is_asked_for() {
        let law = tianjin_2021();
        let refused = |told: &[Employees]| payer(told, day("2021-04-12"), law.employees.as_ref()).unwrap_err();
        let refusal = refused(&[employer("2021-03-01", None, None)]);
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RequiredFieldMissing, Some("J-9-1a")));
        let refusal = refused(&[individual(None)]);
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RequiredFieldMissing, Some("J-9-2a")));
    }

    /// J-9-1a, AMB-051: a paid month of one employer counts whatever another one owes, and an individual insurance, too.
    #[test]
    fn one_paid_month_is_enough() {
        let told = [
            employer("2021-01-01", Some("2021-06-30"), Some(ContributionStatus::Paid)),
            employer("2021-05-01", None, Some(ContributionStatus::Interrupted)),
            Employees { start_on: day("2021-06-01"), ..individual(Some("2021-12-31")) },
        ];
        for order in [[0, 1, 2], [2, 1, 0]] {
            let told = order.map(|place| told[place].clone());
            assert_eq!(found(&told, "2021-05-12"), answer(PayingScheme::Employee, "J-9-1a"));
            assert_eq!(found(&told, "2021-06-12"), answer(PayingScheme::Employee, "J-9-1a"));
            assert_eq!(found(&told, "2021-07-01"), answer(PayingScheme::Resident, "J-9-2a"));
        }
    }

    /// AMB-051: months are confirmed one by one; what nobody told of is not known to be paid.
    #[test]
    fn an_open_period_confirms_its_first_month_alone() {
        let told = [employer("2021-02-01", None, Some(ContributionStatus::Paid))];
        assert_eq!(found(&told, "2021-02-28"), answer(PayingScheme::Employee, "J-9-1a"));
        assert_eq!(found(&told, "2021-03-01"), answer(PayingScheme::Resident, "J-9-1b"));
    }

    /// The plan of 2017 prints no such rule.
    #[test]
    fn baodi_has_no_such_rule() {
        let told = [employer("2017-03-01", None, Some(ContributionStatus::Paid))];
        assert_eq!(
            payer(&told, day("2017-04-01"), baodi_2017().employees.as_ref()),
            Ok((PayingScheme::Resident, None))
        );
    }
}
