//! By when an injury or disability is to be reported (J-6.2.3.1-a).

use chrono::{Days, NaiveDate};

use super::params::AccidentParams;
use crate::receipt::{Receipt, Step, Value};
use crate::refusal::{Reason, Refusal, Refusals};

/// A report measured against its deadline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Last day in time.
    pub due_on: NaiveDate,
    /// True after that day. Late is recorded, not refused.
    pub late: bool,
    /// How it was found.
    pub receipt: Receipt,
}

/// Last day to report an accident, the day of the accident not counting (AMB-007).
///
/// # Errors
/// `RULE_NOT_DEFINED` where no deadline is printed (2017, AMB-116).
pub fn report_by(accident_on: NaiveDate, params: &AccidentParams) -> Result<NaiveDate, Refusal> {
    let days = params.report_days.as_ref().map_err(|gap| Refusal::from(gap.clone()))?;
    Ok(accident_on + Days::new(days.value.into()))
}

/// True for a report after its last day.
#[must_use]
pub fn is_late(reported_on: NaiveDate, due_on: NaiveDate) -> bool {
    reported_on > due_on
}

/// Measures a report, with the mark `LATE` where it is.
///
/// # Errors
/// `DATE_ORDER` for a report before the accident, and what [`report_by`] refuses.
pub fn assess(accident_on: NaiveDate, reported_on: NaiveDate, params: &AccidentParams) -> Result<Report, Refusals> {
    let mut refusals = Refusals::default();
    if reported_on < accident_on {
        refusals.push(Refusal::new(Reason::DateOrder, "the report lies before the accident").at("report_date"));
    }
    let due_on = refusals.keep(report_by(accident_on, params));
    let (Some(due_on), Ok(days)) = (due_on, &params.report_days) else { return Err(refusals) };
    refusals.into_result()?;

    let late = is_late(reported_on, due_on);
    let step = Step::by(days, |days| Value::Count((*days).into()))
        .given("accident_date", accident_on)
        .given("report_date", reported_on)
        .found("due_date", due_on);
    let step = if late { step.marked("LATE") } else { step };
    Ok(Report { due_on, late, receipt: Receipt { steps: vec![step] } })
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{baodi_2017, tianjin_2021};
    use super::*;
    use crate::dates::written::day;

    /// S-52: J-6.2.3.1-a, accident 2021-02-20, in time until 2021-02-25 inclusive.
    #[test]
    fn five_days_after_the_accident() {
        let report = |on: &str| assess(day("2021-02-20"), day(on), &tianjin_2021()).unwrap();
        assert_eq!(report("2021-02-20").due_on, day("2021-02-25"));
        assert!(!report("2021-02-25").late);
        let late = report("2021-02-26");
        assert!(late.late && late.receipt.is_marked("LATE") && late.receipt.applies("J-6.2.3.1-a"));
    }

    #[test]
    fn a_report_before_the_accident_is_refused() {
        let refusals = assess(day("2021-02-20"), day("2021-02-19"), &tianjin_2021()).unwrap_err();
        assert!(refusals.has(Reason::DateOrder));
        let refusals = assess(day("2017-02-20"), day("2017-02-19"), &baodi_2017()).unwrap_err();
        assert!(refusals.has(Reason::DateOrder) && refusals.has(Reason::RuleNotDefined));
    }
}
