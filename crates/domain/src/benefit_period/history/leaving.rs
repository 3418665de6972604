//! The accident cover of who left school.

use super::super::derive::Span;
use super::super::params::BenefitPeriodParams;
use super::Person;
use super::coverage::{Opened, free};
use crate::codes::Insurance;
use crate::dates::Period;
use crate::receipt::Step;

/// Covers who left the school from the day of leaving to the end of the basic period (J-4.3-c), on days that no payment
/// covers. The clause asks for a leaving and for running basic benefits; it does not ask that the school year's accident
/// cover still ran. A leaving before that cover began is one from another school. Who stays has the school year alone
/// (AMB-048).
pub(super) fn keep_accident<L: AsRef<BenefitPeriodParams>>(opened: &mut Opened<L>, person: &Person, taken: &[Span]) {
    let Some(keeps) = opened.law.as_ref().leavers_keep_accident.as_ref().filter(|keeps| keeps.value) else { return };
    let of = |insurance: Insurance| opened.spans.iter().filter(move |span| span.insurance == insurance);
    let Some(basic_end) = of(Insurance::Basic).map(|span| span.period.end()).max() else { return };
    let Some(first) = of(Insurance::Accident).map(|span| span.period.start()).min() else { return };
    let Some(last) = of(Insurance::Accident).max_by_key(|span| span.period).copied() else { return };
    // A later leaving, from another school, does not take back what an earlier one kept.
    let left_on = person.left_school_on.iter().filter(|left_on| (first..basic_end).contains(*left_on)).min().copied();
    let Some(left_on) = left_on else { return };
    let Some(after) = Period::maybe_new(left_on.max(last.period.end()), basic_end) else { return };
    for kept in free(&Span { period: after, ..last }, taken) {
        let step = Step::by(keeps, |_| "TRUE".into()).given("school_leaving_date", left_on);
        let step = step.given("accident_before", last.period);
        // What goes on without a gap is one period.
        let joined = opened
            .spans
            .iter_mut()
            .find(|span| span.insurance == Insurance::Accident && span.period.end() == kept.period.start());
        let whole = match joined {
            Some(span) => {
                span.period = Period::maybe_new(span.period.start(), kept.period.end()).unwrap_or(kept.period);
                span.period
            }
            None => {
                opened.spans.push(kept);
                kept.period
            }
        };
        opened.receipt.push(step.found("accident", whole));
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::*;
    use super::super::{Payment, Terms};
    use super::*;
    use crate::dates::written::day;

    fn at_school() -> Person {
        Person { enrolments: vec![pupil()], ..person() }
    }

    /// J-4.3-c, S-17: left on 2021-06-30, accident on 2021-10-10 covered while basic benefits run; not without leaving.
    #[test]
    fn leaving_school_does_not_end_the_accident_cover() {
        let stays = history(at_school(), &[paid(1, "2020-09-20")]);
        assert_eq!(written(&stays, Insurance::Accident), ["2020-09-01 to 2021-08-31"]);
        let leaver = Person { left_school_on: vec![day("2021-06-30")], ..at_school() };
        let left = history(leaver, &[paid(1, "2020-09-20")]);
        assert_eq!(written(&left, Insurance::Accident), ["2020-09-01 to 2021-12-31"]);
        assert_eq!(written(&left, Insurance::Basic), ["2020-09-01 to 2020-12-31", "2021-01-01 to 2021-12-31"]);
        let coverage = coverage(&left);
        assert!(coverage.maybe_receipt(payment(1)).unwrap().applies("J-4.3-c"));
        assert!(coverage.maybe_on(Insurance::Accident, day("2021-10-10")).is_some());
        assert!(coverage.maybe_on(Insurance::Accident, day("2022-01-01")).is_none());
    }

    fn left(on: &str) -> Person {
        Person { left_school_on: vec![day(on)], ..at_school() }
    }

    /// J-4.3-c: also who leaves when the school year's cover has ended, from the day of leaving on; a leaving before that
    /// cover, or after the basic period, brings nothing.
    #[test]
    fn a_leaving_while_basic_benefits_run_is_enough() {
        let whole = "2020-09-01 to 2021-12-31";
        let school_year = "2020-09-01 to 2021-08-31";
        for (left_on, expected) in [
            ("2020-08-31", vec![school_year]),
            ("2021-08-31", vec![whole]),
            ("2021-09-01", vec![whole]),
            ("2021-10-15", vec![school_year, "2021-10-15 to 2021-12-31"]),
            ("2022-01-01", vec![school_year]),
        ] {
            assert_eq!(written(&history(left(left_on), &[paid(1, "2020-09-20")]), Insurance::Accident), expected);
        }
    }

    /// AMB-048: what the next enrolment covers, it covers.
    #[test]
    fn a_leaver_who_enrolled_again_is_covered_once() {
        let mut again = left("2021-06-30");
        again.enrolments.push(Terms { ..terms(2) });
        let payments = [paid(1, "2020-09-20"), Payment { paid_on: day("2021-03-20"), ..paid(2, "2021-03-20") }];
        let spans = coverage(&history(again, &payments)).spans;
        let of = spans.iter().filter(|it| it.span.insurance == Insurance::Accident).collect::<Vec<_>>();
        assert!(of.windows(2).all(|pair| pair[0].span.period.end() <= pair[1].span.period.start()), "{of:?}");
        assert_eq!(of.last().unwrap().span.period.last_day(), day("2021-12-31"));
    }
}
