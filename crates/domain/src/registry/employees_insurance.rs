//! Employees' insurance (职工医保) as a social insurance or medical insurance office knows it. Which scheme pays on a day,
//! benefit period decides (J-9-1a to J-9-2b).

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::codes::{ContributionStatus, EmployeesInsuranceKind, Office};
use crate::refusal::{Reason, Refusal, Refusals};

/// Offices that know of employees' insurance.
pub const OFFICES: &[Office] = &[Office::SocialInsurance, Office::MedicalInsurance];

/// How somebody is insured with the employees in a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmployeesInsurance {
    /// Kind.
    pub kind: EmployeesInsuranceKind,
    /// With an employer: whether contributions were paid in these months.
    pub status: Option<ContributionStatus>,
    /// Individually: last day of the waiting period.
    pub waiting_ends_on: Option<NaiveDate>,
    /// With an employer: which, as the office keeps it; `None` for the only one.
    #[serde(default)]
    pub employer: Option<String>,
}

impl EmployeesInsurance {
    /// Checks a period against its kind. With an employer it goes from the first of a month to the last of one, because
    /// contributions are monthly (AMB-051), and says whether they were paid; paid months are confirmed up to an end. Insured
    /// individually, it says when the waiting period ends, whose length no document prints.
    ///
    /// # Errors
    /// `VALUE_NOT_ALLOWED`, `REQUIRED_FIELD_MISSING` (J-9-1a, J-9-2a), `DATE_ORDER`, all at once, with the field below
    /// the fact.
    pub fn check(&self, start_on: NaiveDate, end_on: Option<NaiveDate>) -> Result<(), Refusals> {
        let mut refusals = Refusals::default();
        match self.kind {
            EmployeesInsuranceKind::Employer => {
                refusals.0.extend(first_of_month("start_date", start_on));
                refusals.0.extend(end_on.and_then(|end_on| first_of_month("end_date", end_on)));
                if self.status.is_none() {
                    refusals.push(missing("status", "whether contributions were paid is needed", "J-9-1a"));
                }
                if self.status == Some(ContributionStatus::Paid) && end_on.is_none() {
                    let detail = "months are confirmed as paid up to a last one";
                    refusals.push(missing("end_date", detail, "J-9-1a"));
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
                if self.employer.is_some() {
                    let detail = "who is insured individually has no employer";
                    refusals.push(not_allowed("employer", detail).by("J-9-2a"));
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

/// A period of employees' insurance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insured {
    /// First day.
    pub start_on: NaiveDate,
    /// First day after; `None` while open.
    pub end_on: Option<NaiveDate>,
    /// How.
    pub what: EmployeesInsurance,
}

/// Adds a period that was recorded later than those known. Months of the same employer are told anew (AMB-051), so that
/// they leave the earlier periods; an individual period takes the place of one with the same first day.
pub fn record(known: &mut Vec<Insured>, later: Insured) {
    let same = |it: &Insured| it.what.kind == later.what.kind && it.what.employer == later.what.employer;
    let (others, earlier): (Vec<_>, Vec<_>) = std::mem::take(known).into_iter().partition(|it| !same(it));
    known.extend(others);
    for it in earlier {
        if later.what.kind == EmployeesInsuranceKind::Individual {
            known.extend((it.start_on != later.start_on).then_some(it));
            continue;
        }
        let before = it.end_on.map_or(later.start_on, |end_on| end_on.min(later.start_on));
        if it.start_on < before {
            known.push(Insured { end_on: Some(before), ..it.clone() });
        }
        if let Some(after) = later.end_on.map(|end_on| end_on.max(it.start_on))
            && it.end_on.is_none_or(|end_on| after < end_on)
        {
            known.push(Insured { start_on: after, ..it });
        }
    }
    known.push(later);
    known.sort_by_key(|it| it.start_on);
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
        employer: None,
    };

    #[allow(clippy::needless_pass_by_value, reason = "each case is written once")]
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
        assert_eq!(wrong(EMPLOYER, "2021-03-01", None), one(Reason::RequiredFieldMissing, "end_date"));
        assert_eq!(wrong(EMPLOYER, "2021-03-01", Some("2021-08-01")), []);
        assert_eq!(wrong(EMPLOYER, "2021-03-02", Some("2021-08-01")), one(Reason::ValueNotAllowed, "start_date"));
        assert_eq!(wrong(EMPLOYER, "2021-03-01", Some("2021-07-31")), one(Reason::ValueNotAllowed, "end_date"));
    }

    /// J-9-1a, J-9-1b: a status that is not known is asked for.
    #[test]
    fn an_employers_period_says_whether_contributions_were_paid() {
        let unknown = EmployeesInsurance { status: None, ..EMPLOYER };
        assert_eq!(wrong(unknown, "2021-03-01", None), one(Reason::RequiredFieldMissing, "status"));
        let status = Some(ContributionStatus::Interrupted);
        assert_eq!(wrong(EmployeesInsurance { status, ..EMPLOYER }, "2021-03-01", None), []);
        let waiting = EmployeesInsurance { waiting_ends_on: Some(day("2021-06-30")), ..EMPLOYER };
        assert_eq!(
            wrong(waiting, "2021-03-01", Some("2021-08-01")),
            one(Reason::ValueNotAllowed, "waiting_period_end_date")
        );
    }

    /// J-9-2a, J-9-2b: the length of the waiting period is in no document.
    #[test]
    fn an_individual_period_says_when_the_waiting_ends() {
        let kind = EmployeesInsuranceKind::Individual;
        let until = |end: Option<&str>| EmployeesInsurance {
            kind,
            status: None,
            waiting_ends_on: end.map(day),
            employer: None,
        };
        assert_eq!(wrong(until(Some("2021-06-30")), "2021-01-15", Some("2021-10-20")), []);
        let field = "waiting_period_end_date";
        assert_eq!(wrong(until(None), "2021-01-15", None), one(Reason::RequiredFieldMissing, field));
        assert_eq!(wrong(until(Some("2021-01-14")), "2021-01-15", None), one(Reason::DateOrder, field));
        let paid = EmployeesInsurance { status: Some(ContributionStatus::Paid), ..until(Some("2021-06-30")) };
        assert_eq!(wrong(paid, "2021-01-15", None), one(Reason::ValueNotAllowed, "status"));
        let employed = EmployeesInsurance { employer: Some("A".to_owned()), ..until(Some("2021-06-30")) };
        assert_eq!(wrong(employed, "2021-01-15", None), one(Reason::ValueNotAllowed, "employer"));
    }

    /// AMB-051: what is recorded later of a month and an employer holds; others stay.
    #[test]
    fn a_later_record_of_a_month_takes_its_place() {
        let period = |start: &str, end: Option<&str>, status, employer: Option<&str>| {
            let what = EmployeesInsurance { status: Some(status), employer: employer.map(str::to_owned), ..EMPLOYER };
            Insured { start_on: day(start), end_on: end.map(day), what }
        };
        use ContributionStatus::{Interrupted, Paid};
        let mut known = Vec::new();
        record(&mut known, period("2021-01-01", Some("2021-07-01"), Paid, None));
        record(&mut known, period("2021-01-01", Some("2021-02-01"), Interrupted, Some("other")));
        record(&mut known, period("2021-03-01", Some("2021-04-01"), Interrupted, None));
        record(&mut known, period("2021-06-01", None, Interrupted, None));
        record(&mut known, period("2021-08-01", Some("2021-09-01"), Paid, None));
        let individual = EmployeesInsuranceKind::Individual;
        let waiting = EmployeesInsurance { kind: individual, status: None, ..EMPLOYER };
        record(&mut known, Insured { what: waiting, ..period("2021-03-01", None, Paid, None) });
        let told = |it: &Insured| (it.start_on.to_string(), it.end_on.map(|end| end.to_string()), it.what.status);
        let month = |start: &str, end: Option<&str>, status| (start.to_owned(), end.map(str::to_owned), status);
        let expected = [
            month("2021-01-01", Some("2021-02-01"), Some(Interrupted)),
            month("2021-01-01", Some("2021-03-01"), Some(Paid)),
            month("2021-03-01", Some("2021-04-01"), Some(Interrupted)),
            month("2021-03-01", None, None),
            month("2021-04-01", Some("2021-06-01"), Some(Paid)),
            month("2021-06-01", Some("2021-08-01"), Some(Interrupted)),
            month("2021-08-01", Some("2021-09-01"), Some(Paid)),
            month("2021-09-01", None, Some(Interrupted)),
        ];
        assert_eq!(known.iter().map(told).collect::<Vec<_>>(), expected);
    }
}
