//! Employees' insurance (职工医保) as a social insurance or medical insurance office knows it. Which scheme pays on a day,
//! benefit period decides (J-9-1a to J-9-2b).

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::codes::{ContributionStatus, EmployeesInsuranceKind, Office};
use crate::refusal::{Reason, Refusal, Refusals};

/// Offices that know of employees' insurance.
pub const OFFICES: &[Office] = &[Office::SocialInsurance, Office::MedicalInsurance];

/// How somebody is insured with the employees in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmployeesInsurance {
    /// Kind.
    pub kind: EmployeesInsuranceKind,
    /// With an employer: whether contributions were paid in these months.
    pub status: Option<ContributionStatus>,
    /// Individually: last day of the waiting period.
    pub waiting_ends_on: Option<NaiveDate>,
}

impl EmployeesInsurance {
    /// Checks a period against its kind. With an employer it goes from the first of a month to the last of one, because
    /// contributions are monthly (AMB-051), and says whether they were paid. Insured individually, it says when the
    /// waiting period ends, whose length no document prints.
    ///
    /// # Errors
    /// `VALUE_NOT_ALLOWED`, `REQUIRED_FIELD_MISSING` (J-9-1a, J-9-2a), `DATE_ORDER`, all at once, with the field below
    /// the fact.
    pub fn check(self, start_on: NaiveDate, end_on: Option<NaiveDate>) -> Result<(), Refusals> {
        let mut refusals = Refusals::default();
        match self.kind {
            EmployeesInsuranceKind::Employer => {
                refusals.0.extend(first_of_month("start_date", start_on));
                refusals.0.extend(end_on.and_then(|end_on| first_of_month("end_date", end_on)));
                if self.status.is_none() {
                    refusals.push(missing("status", "whether contributions were paid is needed", "J-9-1a"));
                }
                if self.waiting_ends_on.is_some() {
                    let detail = "who is insured through an employer has no waiting period";
                    refusals.push(not_allowed("waiting_period_end_date", detail).by("J-9-2a"));
                }
            }
            EmployeesInsuranceKind::Individual => {
                if self.status.is_some() {
                    let detail = "the status of contributions is told of who is insured through an employer";
                    refusals.push(not_allowed("status", detail).by("J-9-1a"));
                }
                match self.waiting_ends_on {
                    None => {
                        let detail = "the last day of the waiting period is needed";
                        refusals.push(missing("waiting_period_end_date", detail, "J-9-2a"));
                    }
                    Some(waiting_ends_on) if waiting_ends_on < start_on => {
                        let detail = "the waiting period ends before the insurance begins";
                        refusals.push(Refusal::new(Reason::DateOrder, detail).at("waiting_period_end_date"));
                    }
                    Some(_) => {}
                }
            }
        }
        refusals.into_result()
    }
}

/// Refuses a day between two months; the day after a last of a month is a first.
fn first_of_month(field: &'static str, day: NaiveDate) -> Option<Refusal> {
    let detail = "contributions are monthly: the period begins on the first of a month and ends on the last of one";
    (day.day() != 1).then(|| not_allowed(field, detail).by("J-9-1a"))
}

fn not_allowed(field: &'static str, detail: &str) -> Refusal {
    Refusal::new(Reason::ValueNotAllowed, detail).at(field)
}

fn missing(field: &'static str, detail: &str, rule_id: &'static str) -> Refusal {
    Refusal::new(Reason::RequiredFieldMissing, detail).at(field).by(rule_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::written::day;

    const EMPLOYER: EmployeesInsurance = EmployeesInsurance {
        kind: EmployeesInsuranceKind::Employer,
        status: Some(ContributionStatus::Paid),
        waiting_ends_on: None,
    };

    fn wrong(insured: EmployeesInsurance, start: &str, end: Option<&str>) -> Vec<(Reason, String)> {
        let refusals = insured.check(day(start), end.map(day)).err().unwrap_or_default();
        let told = |refusal: Refusal| (refusal.reason, refusal.field.unwrap_or_default().into_owned());
        refusals.0.into_iter().map(told).collect()
    }

    fn one(reason: Reason, field: &str) -> Vec<(Reason, String)> {
        vec![(reason, field.to_owned())]
    }

    /// AMB-051, J-9-1a: whole calendar months; the end is the first day after.
    #[test]
    fn an_employers_period_is_of_whole_months() {
        assert_eq!(wrong(EMPLOYER, "2021-03-01", None), []);
        assert_eq!(wrong(EMPLOYER, "2021-03-01", Some("2021-08-01")), []);
        assert_eq!(wrong(EMPLOYER, "2021-03-02", None), one(Reason::ValueNotAllowed, "start_date"));
        assert_eq!(wrong(EMPLOYER, "2021-03-01", Some("2021-07-31")), one(Reason::ValueNotAllowed, "end_date"));
    }

    /// J-9-1a, J-9-1b: a status that is not known is asked for.
    #[test]
    fn an_employers_period_says_whether_contributions_were_paid() {
        let unknown = EmployeesInsurance { status: None, ..EMPLOYER };
        assert_eq!(wrong(unknown, "2021-03-01", None), one(Reason::RequiredFieldMissing, "status"));
        let interrupted = EmployeesInsurance { status: Some(ContributionStatus::Interrupted), ..EMPLOYER };
        assert_eq!(wrong(interrupted, "2021-03-01", None), []);
        let waiting = EmployeesInsurance { waiting_ends_on: Some(day("2021-06-30")), ..EMPLOYER };
        assert_eq!(wrong(waiting, "2021-03-01", None), one(Reason::ValueNotAllowed, "waiting_period_end_date"));
    }

    /// J-9-2a, J-9-2b: the length of the waiting period is in no document.
    #[test]
    fn an_individual_period_says_when_the_waiting_ends() {
        let kind = EmployeesInsuranceKind::Individual;
        let until = |end: Option<&str>| EmployeesInsurance { kind, status: None, waiting_ends_on: end.map(day) };
        assert_eq!(wrong(until(Some("2021-06-30")), "2021-01-15", Some("2021-10-20")), []);
        let field = "waiting_period_end_date";
        assert_eq!(wrong(until(None), "2021-01-15", None), one(Reason::RequiredFieldMissing, field));
        assert_eq!(wrong(until(Some("2021-01-14")), "2021-01-15", None), one(Reason::DateOrder, field));
        let paid = EmployeesInsurance { status: Some(ContributionStatus::Paid), ..until(Some("2021-06-30")) };
        assert_eq!(wrong(paid, "2021-01-15", None), one(Reason::ValueNotAllowed, "status"));
    }
}
