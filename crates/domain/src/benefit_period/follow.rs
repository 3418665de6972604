//! The insurances that come with the basic one.

use super::derive::{Facts, Span, by_year};
use super::params::BenefitPeriodParams;
use crate::codes::{Category, Insurance};
use crate::dates::Period;
use crate::effective::{Effective, Gap};
use crate::receipt::{Receipt, Step};
use crate::refusal::Reason;

/// Critical illness insurance: the period of the basic insurance (J-4.2-a, B-5.1-a).
pub(super) fn critical_illness(
    basic: Period,
    params: &BenefitPeriodParams,
    spans: &mut Vec<Span>,
    receipt: &mut Receipt,
) {
    follow(Insurance::CriticalIllness, basic, &params.critical_illness_follows, spans, receipt);
}

/// Maternity insurance: the same (J-4.2-a); not printed for 2017.
pub(super) fn maternity(basic: Period, params: &BenefitPeriodParams, spans: &mut Vec<Span>, receipt: &mut Receipt) {
    match &params.maternity_follows {
        Ok(follows) => follow(Insurance::Maternity, basic, follows, spans, receipt),
        Err(gap) => receipt.push(not_defined(Insurance::Maternity, gap)),
    }
}

/// Accident insurance: the school year through a school or nursery in its window (J-4.3-a), else the calendar
/// year (J-4.3-b), and never before the basic insurance (AMB-048).
///
/// The school year needs no such limit: a new entrant's basic insurance begins in September too, and whoever
/// was insured the year before is still covered then.
pub(super) fn accident(
    facts: &Facts,
    basic: Period,
    params: &BenefitPeriodParams,
    spans: &mut Vec<Span>,
    receipt: &mut Receipt,
) {
    let by_school_year = counts_as_school(facts, params) && params.school_window.contains(facts.paid_on);
    let rule = if by_school_year { &params.accident_school } else { &params.accident_others };
    let rule = match rule {
        Ok(rule) => rule,
        Err(gap) => return receipt.push(not_defined(Insurance::Accident, gap)),
    };
    let start = if by_school_year { rule.start() } else { rule.start().max(basic.start()) };
    if let Some(period) = Period::maybe_new(start, rule.end()) {
        spans.push(Span { insurance: Insurance::Accident, period, benefit_year: facts.policy_year });
        let step = Step::by(rule, |period| (*period).into());
        let step = match params.nursery_counts_as_school.as_ref().filter(|_| facts.category == Category::NurseryChild) {
            Some(reading) => step.using(reading, |counts| flag(*counts).into()),
            None => step,
        };
        receipt.push(step.given("basic", basic).found("accident", period));
    }
}

/// Enrolled by a school: nursery children by reading (AMB-048).
fn counts_as_school(facts: &Facts, params: &BenefitPeriodParams) -> bool {
    match facts.category {
        Category::NurseryChild => params.nursery_counts_as_school.as_ref().is_none_or(|counts| counts.value),
        category => category == Category::SchoolStudent,
    }
}

const fn flag(value: bool) -> &'static str {
    if value { "TRUE" } else { "FALSE" }
}

fn follow(
    insurance: Insurance,
    basic: Period,
    follows: &Effective<bool>,
    spans: &mut Vec<Span>,
    receipt: &mut Receipt,
) {
    if follows.value {
        spans.extend(by_year(insurance, basic));
        let step = Step::by(follows, |_| "TRUE".into()).given("insurance", insurance);
        receipt.push(step.found("period", basic));
    }
}

/// An insurance for whose period nothing is printed: no coverage is claimed, and the receipt says so.
fn not_defined(insurance: Insurance, gap: &Gap) -> Step {
    let reason = if gap.configurable { Reason::ParameterNotSet } else { Reason::RuleNotDefined };
    Step::of(gap.rule_id.clone()).given("insurance", insurance).marked(reason.code())
}

#[cfg(test)]
mod tests {
    use super::super::derive::derive;
    use super::super::fixtures::{adult, baodi_2017, newborn, pupil, tianjin_2021, written};
    use super::*;

    fn spans(facts: &Facts, insurance: Insurance) -> Vec<String> {
        written(&derive(facts, &tianjin_2021()).unwrap(), insurance)
    }

    /// J-4.2-a: late enrolment starting 2021-05-01, the others from 2021-05-01 too.
    #[test]
    fn critical_illness_and_maternity_follow_the_basic_insurance() {
        for insurance in [Insurance::Basic, Insurance::CriticalIllness, Insurance::Maternity] {
            assert_eq!(spans(&adult("2021-02-26"), insurance), ["2021-05-01 to 2021-12-31"]);
        }
    }

    /// S-17: J-4.3-a.
    #[test]
    fn a_school_enrolment_has_the_school_year() {
        assert_eq!(spans(&pupil("2020-09-20"), Insurance::Accident), ["2020-09-01 to 2021-08-31"]);
        let insured_before = Facts { previous_year_insured: Some(true), ..pupil("2020-09-20") };
        assert_eq!(spans(&insured_before, Insurance::Accident), ["2020-09-01 to 2021-08-31"]);
        // Enrolled by the school after New Year: no longer "in the year before".
        assert_eq!(spans(&pupil("2021-01-01"), Insurance::Accident), ["2021-04-01 to 2021-12-31"]);
    }

    /// AMB-048: through a nursery as through a school, or in the other reading like everybody else, from New Year although a
    /// new entrant's basic insurance begins in September (J-4.1.3-a). A school is one in both.
    #[test]
    fn a_nursery_may_be_no_school() {
        let child = Facts { category: Category::NurseryChild, ..pupil("2020-09-20") };
        let mut law = tianjin_2021();
        assert_eq!(spans(&child, Insurance::Accident), ["2020-09-01 to 2021-08-31"]);
        law.nursery_counts_as_school = Some(Effective::printed(false, "J-4.3-a"));
        let derived = derive(&child, &law).unwrap();
        assert_eq!(written(&derived, Insurance::Accident), ["2021-01-01 to 2021-12-31"]);
        let basic = ["2020-09-01 to 2020-12-31", "2021-01-01 to 2021-12-31"];
        assert_eq!(written(&derived, Insurance::Basic), basic);
        assert!(derived.receipt.applies("J-4.3-b"));
        let pupil = derive(&pupil("2020-09-20"), &law).unwrap();
        assert_eq!(written(&pupil, Insurance::Accident), ["2020-09-01 to 2021-08-31"]);
    }

    /// S-22: J-4.3-b, and AMB-048 for those who start later.
    #[test]
    fn everybody_else_has_the_calendar_year_but_not_before_the_basic_insurance() {
        assert_eq!(spans(&adult("2020-11-11"), Insurance::Accident), ["2021-01-01 to 2021-12-31"]);
        let insured = Facts { previous_year_insured: Some(true), ..adult("2021-02-26") };
        assert_eq!(spans(&insured, Insurance::Accident), ["2021-03-01 to 2021-12-31"]);
        assert_eq!(spans(&newborn("2020-11-10", "2021-02-20"), Insurance::Accident), ["2021-01-01 to 2021-12-31"]);
    }

    /// B-5.1-a includes everybody in critical illness insurance; the other two periods of 2017 are not printed.
    #[test]
    fn baodi_prints_critical_illness_alone() {
        let derived = derive(&Facts { policy_year: 2017, ..adult("2016-10-12") }, &baodi_2017()).unwrap();
        assert_eq!(written(&derived, Insurance::CriticalIllness), ["2017-01-01 to 2017-12-31"]);
        assert!(derived.receipt.applies("B-5.1-a") && derived.receipt.is_marked("RULE_NOT_DEFINED"));
        assert!(written(&derived, Insurance::Maternity).is_empty());
        assert!(written(&derived, Insurance::Accident).is_empty());
    }
}
