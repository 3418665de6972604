//! The coverage that one payment opens.

use chrono::{Datelike, NaiveDate};

use super::params::BenefitPeriodParams;
use super::{deduction, epidemic, follow, interrupted, late, new_entrant, newborn, ordinary};
use crate::codes::{Category, Insurance, PaymentMethod, Window};
use crate::dates::{Period, year_end};
use crate::receipt::{Receipt, Step};
use crate::refusal::{Reason, Refusal, Refusals};

/// An enrolment as far as coverage depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// Policy year.
    pub policy_year: i32,
    /// Category.
    pub category: Category,
    /// Day of application.
    pub applied_on: NaiveDate,
    /// Window the application fell in.
    pub window: Window,
    /// Insured on any day of the year before (AMB-028).
    pub previous_year_insured: Option<bool>,
    /// Day the employees' insurance was interrupted.
    pub interrupted_on: Option<NaiveDate>,
}

/// A payment as far as coverage depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paid {
    /// Day of payment.
    pub on: NaiveDate,
    /// How it was paid.
    pub method: PaymentMethod,
    /// True when nothing was payable by the person.
    pub fully_subsidised: bool,
    /// True when the payer invokes the epidemic rule (J-4.1.2-a).
    pub invokes_epidemic_rule: bool,
}

/// The facts of an enrolment and of the payment that settles it.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Policy year paid for.
    pub policy_year: i32,
    /// Category of the enrolment.
    pub category: Category,
    /// Date of birth.
    pub born_on: NaiveDate,
    /// Insured by this insurance on any day of the year before (AMB-028).
    pub previous_year_insured: Option<bool>,
    /// Day of payment; for a fully subsidised special person the day of registration.
    pub paid_on: NaiveDate,
    /// True when nothing was payable by the person.
    pub fully_subsidised: bool,
    /// Day the employees' insurance was interrupted.
    pub interrupted_on: Option<NaiveDate>,
    /// True for an enrolment made through the channel of interrupted employees, open for some months after the
    /// interruption (J-3.2.7-a, B-2.4-a).
    pub through_channel: bool,
    /// True when the payer invokes the epidemic rule (J-4.1.2-a).
    pub invokes_epidemic_rule: bool,
    /// True when the premium is deducted from the old-age living subsidy (J-3.3.4-a, B-7.3.3-c).
    pub by_deduction: bool,
}

impl Facts {
    /// The facts of a payment of an enrolment. The coverage of a special person who owes nothing hangs on the day of
    /// registration, whatever day the government paid (J-3.2.5-f). A deduction (J-3.3.4-a, B-7.3.3-c) is a way of paying:
    /// who was to be deducted and paid otherwise is covered by that payment.
    #[must_use]
    pub fn of(enrolled: &Enrolled, born_on: NaiveDate, paid: &Paid) -> Self {
        let facts = Self {
            policy_year: enrolled.policy_year,
            category: enrolled.category,
            born_on,
            previous_year_insured: enrolled.previous_year_insured,
            paid_on: paid.on,
            fully_subsidised: paid.fully_subsidised,
            interrupted_on: enrolled.interrupted_on,
            through_channel: enrolled.category == Category::InterruptedEmployee && enrolled.window == Window::Personal,
            invokes_epidemic_rule: paid.invokes_epidemic_rule,
            by_deduction: paid.method == PaymentMethod::PensionDeduction,
        };
        if facts.registered_free() { Self { paid_on: enrolled.applied_on, ..facts } } else { facts }
    }

    /// True when the enrolment was made by a school, kindergarten or nursery.
    #[must_use]
    pub fn through_institution(&self) -> bool {
        matches!(self.category, Category::SchoolStudent | Category::NurseryChild)
    }

    /// True for a special person who owes nothing: the coverage hangs on the registration (J-3.2.5-f). One who pays
    /// qualifies by paying, like everybody else (AMB-019).
    #[must_use]
    pub fn registered_free(&self) -> bool {
        self.category == Category::SpecialPerson && self.fully_subsidised
    }
}

/// Coverage of one insurance. It never crosses New Year, except the school year of the accident insurance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Insurance.
    pub insurance: Insurance,
    /// Days covered.
    pub period: Period,
    /// Year whose law and accumulators govern what happens in it; for the accident insurance the policy year.
    pub benefit_year: i32,
}

/// The coverage found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived {
    /// Spans, by insurance and then by start.
    pub spans: Vec<Span>,
    /// How it was derived.
    pub receipt: Receipt,
}

/// A rule's answer: the period it opens with its step, or nothing where the rule does not apply.
pub(super) type Answer = Result<Option<(Period, Step)>, Refusal>;

/// Derives the coverage of all four insurances from one payment.
///
/// The rules are asked in the order deduction, newborn, interrupted employee, new entrant, epidemic, late, ordinary
/// (J-3.1-d, AMB-052): the first that applies decides.
///
/// # Errors
/// What the deciding rule refuses: `DATE_ORDER`, `REQUIRED_FIELD_MISSING`, `WINDOW_NOT_OPEN`, `WINDOW_CLOSED`,
/// `NOT_IN_BENEFIT_PERIOD`, `RULE_NOT_DEFINED`, `PARAMETER_NOT_SET`.
pub fn derive(facts: &Facts, params: &BenefitPeriodParams) -> Result<Derived, Refusals> {
    let rules =
        [deduction::period, newborn::period, interrupted::period, new_entrant::period, epidemic::period, late::period];
    let mut decided = None;
    for rule in rules {
        decided = rule(facts, params)?;
        if decided.is_some() {
            break;
        }
    }
    let (basic, step) = match decided {
        Some(decided) => decided,
        None => ordinary::period(facts, params)?,
    };
    let mut receipt = Receipt::default();
    receipt.push(step.given("payment_date", facts.paid_on).found("basic", basic));
    let mut spans = by_year(Insurance::Basic, basic);
    follow::critical_illness(basic, params, &mut spans, &mut receipt);
    follow::maternity(basic, params, &mut spans, &mut receipt);
    follow::accident(facts, basic, params, &mut spans, &mut receipt);
    Ok(Derived { spans, receipt })
}

/// A period cut at every New Year, since each year has its own law and its own accumulators.
pub(super) fn by_year(insurance: Insurance, period: Period) -> Vec<Span> {
    (period.start().year()..=period.last_day().year())
        .filter_map(|year| {
            let of_year = Period::of_year(year)?;
            let period = Period::maybe_new(period.start().max(of_year.start()), period.end().min(of_year.end()))?;
            Some(Span { insurance, period, benefit_year: year })
        })
        .collect()
}

/// From a day to 31 December of the policy year; refused when that holds no day (AMB-050).
pub(super) fn to_year_end(start: NaiveDate, policy_year: i32, step: &Step) -> Result<Period, Refusal> {
    Period::maybe_inclusive(start, year_end(policy_year)).ok_or_else(|| {
        Refusal::new(
            Reason::NotInBenefitPeriod,
            format!("benefits would begin on {start}, after the end of {policy_year}"),
        )
        .at("payment_date")
        .with("start_date", start)
        .by(step.rule_id.clone())
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{adult, baodi_2017, interrupted, newborn, pupil, tianjin_2021, written};
    use super::*;
    use crate::dates::written::day;

    fn basic(facts: &Facts) -> Vec<String> {
        written(&derive(facts, &tianjin_2021()).unwrap(), Insurance::Basic)
    }

    /// J-3.1-d, AMB-052: a newborn or an interrupted employee who pays late is no late payer.
    #[test]
    fn the_special_rule_goes_before_the_general_one() {
        assert_eq!(basic(&newborn("2021-02-01", "2021-05-06")), ["2021-02-01 to 2021-12-31"]);
        assert_eq!(basic(&interrupted("2021-03-05", "2021-05-10")), ["2021-05-11 to 2021-12-31"]);
    }

    /// J-3.2.7-b: outside the channel of three months an interrupted employee is like everybody else.
    #[test]
    fn outside_the_channel_the_general_rules_hold() {
        let general = |paid_on| Facts { through_channel: false, ..interrupted("2020-11-20", paid_on) };
        assert_eq!(basic(&general("2020-12-10")), ["2021-01-01 to 2021-12-31"]);
        assert_eq!(basic(&general("2021-02-10")), ["2021-05-01 to 2021-12-31"]);
        let closed = derive(&general("2021-07-01"), &tianjin_2021()).unwrap_err();
        assert!(closed.has(Reason::WindowClosed));
    }

    /// S-17: J-4.1.3-a opens two periods, one in each year.
    #[test]
    fn a_cover_across_new_year_is_two_spans() {
        let derived = derive(&pupil("2020-09-20"), &tianjin_2021()).unwrap();
        assert_eq!(written(&derived, Insurance::Basic), ["2020-09-01 to 2020-12-31", "2021-01-01 to 2021-12-31"]);
        let years: Vec<i32> = derived
            .spans
            .iter()
            .filter(|span| span.insurance == Insurance::Basic)
            .map(|span| span.benefit_year)
            .collect();
        assert_eq!(years, [2020, 2021]);
        assert!(derived.receipt.applies("J-4.1.3-a"));
    }

    /// S-23: B-3.1-b.
    #[test]
    fn a_new_pupil_of_baodi_is_covered_from_september() {
        let pupil = Facts { policy_year: 2017, ..pupil("2016-09-18") };
        let derived = derive(&pupil, &baodi_2017()).unwrap();
        assert_eq!(written(&derived, Insurance::Basic), ["2016-09-01 to 2016-12-31", "2017-01-01 to 2017-12-31"]);
        assert!(derived.receipt.applies("B-3.1-b"));
    }

    /// Every payment day either is refused or opens spans that hold together.
    #[test]
    fn spans_are_adjacent_and_end_with_the_policy_year() {
        let facts = [adult, pupil, |paid_on: &str| newborn("2020-09-15", paid_on)];
        let mut paid_on = day("2020-08-15");
        while paid_on < day("2021-09-15") {
            for facts in facts {
                let Ok(derived) = derive(&facts(&paid_on.to_string()), &tianjin_2021()) else { continue };
                let of = |insurance: Insurance| -> Vec<Span> {
                    derived.spans.iter().copied().filter(|span| span.insurance == insurance).collect()
                };
                let basic = of(Insurance::Basic);
                assert!(basic.windows(2).all(|pair| pair[0].period.end() == pair[1].period.start()));
                assert!(basic.iter().all(|span| span.period.start().year() == span.benefit_year));
                assert_eq!(basic.last().unwrap().period.last_day(), day("2021-12-31"));
                assert_eq!(of(Insurance::Maternity).len(), basic.len());
                let accident = of(Insurance::Accident);
                assert_eq!(accident.len(), 1);
                assert!(accident[0].period.start() >= basic[0].period.start());
            }
            paid_on = paid_on.succ_opt().unwrap();
        }
    }
}
