//! Whether a day is covered, and if not, why. Pure; the rows are already loaded.

use chrono::NaiveDate;
use juyi_domain::codes::Insurance;
use juyi_domain::receipt::{Receipt, Step, Value};
use juyi_domain::refusal::{Reason, Refusal};

use crate::store::spans::Span;

/// The span of an insurance that holds a day or, failing that, lies nearest to it.
pub(crate) fn nearest(spans: &[Span], insurance: Insurance, on: NaiveDate) -> Option<&Span> {
    spans.iter().filter(|span| span.insurance == insurance).min_by_key(|span| distance(span, on))
}

/// Days between a day and the nearest day of a span; not positive when the span holds the day.
fn distance(span: &Span, on: NaiveDate) -> i64 {
    let (before, after) = (span.period.start() - on, on - span.period.last_day());
    before.max(after).num_days()
}

/// Why a day after the recorded death is not covered, whatever was paid (J-A1.3-j). The day itself still is.
pub(crate) fn maybe_deceased(died_on: Option<NaiveDate>, on: NaiveDate) -> Option<Refusal> {
    let died_on = died_on.filter(|died_on| *died_on < on)?;
    let detail = format!("{on} lies after the recorded day of death, {died_on}");
    Some(Refusal::new(Reason::NotInBenefitPeriod, detail).by("J-A1.3-j").with("death_date", died_on))
}

/// Why a day beside a span is not covered, with the rule that opened the span.
pub(crate) fn beside(span: &Span, on: NaiveDate, receipt: &Receipt) -> Refusal {
    let detail = format!("{on} is not covered by {}; the nearest period is {}", span.insurance, span.period);
    let refusal = Refusal::new(Reason::NotInBenefitPeriod, detail);
    match opening_rule(receipt, span.insurance) {
        Some(rule_id) => refusal.by(rule_id.to_owned()),
        None => refusal,
    }
}

/// Why a person without any span of the insurance is not covered: nothing was paid (J-4.1-a), or what was paid opens
/// no period of this insurance.
pub(crate) fn never_opened(spans: &[Span], insurance: Insurance) -> Refusal {
    if spans.is_empty() {
        let detail = "no payment of this person opened a benefit period";
        return Refusal::new(Reason::NotEnrolled, detail).by("J-4.1-a");
    }
    Refusal::new(Reason::NotInBenefitPeriod, format!("no payment of this person opened a period of {insurance}"))
}

/// Why a payment opened no period of an insurance for which the documents print none: its receipt says so.
pub(crate) fn maybe_not_printed(receipt: &Receipt, insurance: Insurance) -> Option<Refusal> {
    let marked = |reason: Reason| {
        move |step: &&Step| is_about(step, insurance) && step.marks.iter().any(|mark| mark == reason.code())
    };
    [Reason::RuleNotDefined, Reason::ParameterNotSet].into_iter().find_map(|reason| {
        let step = receipt.steps.iter().find(marked(reason))?;
        let detail = format!("no period of {insurance} is printed for what was paid");
        Some(Refusal::new(reason, detail).by(step.rule_id.clone()))
    })
}

/// The rule of the step that found the period of an insurance.
fn opening_rule(receipt: &Receipt, insurance: Insurance) -> Option<&str> {
    let step = receipt.steps.iter().find(|step| match insurance {
        Insurance::Basic => step.output("basic").is_some(),
        Insurance::Accident => step.output("accident").is_some(),
        Insurance::CriticalIllness | Insurance::Maternity => is_about(step, insurance),
    });
    step.map(|step| step.rule_id.as_ref())
}

/// True for a step that names the insurance among its facts.
fn is_about(step: &Step, insurance: Insurance) -> bool {
    let code = Value::from(insurance);
    step.inputs.iter().any(|input| input.name == "insurance" && input.value == code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::span;
    use juyi_domain::dates::Period;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn period(first: &str, last: &str) -> Period {
        Period::maybe_inclusive(day(first), day(last)).unwrap()
    }

    #[test]
    fn the_first_and_the_last_day_are_covered() {
        let spans = [
            span(Insurance::Basic, period("2020-09-01", "2020-12-31")),
            span(Insurance::Basic, period("2021-01-01", "2021-12-31")),
            span(Insurance::Accident, period("2020-09-01", "2021-08-31")),
        ];
        let covered = |on: &str| nearest(&spans, Insurance::Basic, day(on)).filter(|it| it.period.contains(day(on)));
        assert_eq!(covered("2020-08-31"), None);
        assert_eq!(covered("2020-09-01"), Some(&spans[0]));
        assert_eq!(covered("2020-12-31"), Some(&spans[0]));
        assert_eq!(covered("2021-01-01"), Some(&spans[1]));
        assert_eq!(covered("2021-12-31"), Some(&spans[1]));
        assert_eq!(covered("2022-01-01"), None);
        assert_eq!(nearest(&spans, Insurance::Basic, day("2019-01-01")), Some(&spans[0]));
        assert_eq!(nearest(&spans, Insurance::Basic, day("2023-01-01")), Some(&spans[1]));
        assert_eq!(nearest(&spans, Insurance::Maternity, day("2021-01-01")), None);
    }

    /// J-A1.3-j: the day of death is the last one.
    #[test]
    fn coverage_ends_with_the_day_of_death() {
        let died_on = Some(day("2021-05-10"));
        for on in ["2021-05-09", "2021-05-10"] {
            assert_eq!(maybe_deceased(died_on, day(on)), None, "{on}");
        }
        let refusal = maybe_deceased(died_on, day("2021-05-11")).unwrap();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::NotInBenefitPeriod, Some("J-A1.3-j")));
        assert_eq!(refusal.metadata, [("death_date", "2021-05-10".to_owned())]);
        assert_eq!(maybe_deceased(None, day("2021-05-11")), None);
    }

    /// J-4.1-a: whoever paid nothing is not enrolled; whoever paid is outside the period.
    #[test]
    fn the_reason_tells_the_unpaid_from_the_uncovered() {
        let refusal = never_opened(&[], Insurance::Basic);
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::NotEnrolled, Some("J-4.1-a")));
        let basic = span(Insurance::Basic, period("2021-05-01", "2021-12-31"));
        let refusal = never_opened(std::slice::from_ref(&basic), Insurance::Maternity);
        assert_eq!(refusal.reason, Reason::NotInBenefitPeriod);

        let mut receipt = Receipt::default();
        receipt.push(Step::new("J-4.1.1-b").found("basic", basic.period));
        let refusal = beside(&basic, day("2021-04-30"), &receipt);
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::NotInBenefitPeriod, Some("J-4.1.1-b")));
        assert!(refusal.detail.contains("2021-05-01 to 2021-12-31"));
    }

    /// B-5-a prints no maternity period, and the receipt of the payment says so.
    #[test]
    fn an_insurance_without_printed_period_is_named() {
        let mut receipt = Receipt::default();
        receipt.push(Step::new("B-5.1-a").given("insurance", Insurance::CriticalIllness));
        receipt.push(Step::new("B-5-a").given("insurance", Insurance::Maternity).marked("RULE_NOT_DEFINED"));
        let refusal = maybe_not_printed(&receipt, Insurance::Maternity).unwrap();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RuleNotDefined, Some("B-5-a")));
        assert_eq!(maybe_not_printed(&receipt, Insurance::CriticalIllness), None);
        assert_eq!(maybe_not_printed(&receipt, Insurance::Accident), None);
    }
}
