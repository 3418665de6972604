//! Whether a premium is paid back, and how much (J-3.5-a to -f, B-8.2.3-c).
//!
//! [`decide`] asks the rule of the ground: `withdrawal`, `loan` or `death`. [`benefit_start`] says when the
//! payment's benefits begin, and [`progress`] which step follows which.

mod death;
mod loan;
pub mod params;
pub mod progress;
mod withdrawal;

#[cfg(test)]
pub(crate) mod fixtures;
#[cfg(test)]
mod properties;

use chrono::NaiveDate;

use self::params::RefundParams;
use crate::benefit_period::derive::{self, Facts};
use crate::benefit_period::params::BenefitPeriodParams;
use crate::codes::{Class, Payer, PaymentMethod, RefundGround};
use crate::effective::{Effective, Gap};
use crate::money::Fen;
use crate::receipt::Receipt;
use crate::refusal::{Reason, Refusal, Refusals};

/// A ground with its facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// Withdrawal before benefits begin.
    Withdrawal,
    /// A state student loan.
    StudentLoan {
        /// Day of admission to the school.
        admitted_on: NaiveDate,
        /// Day on which the loan was obtained.
        loaned_on: NaiveDate,
    },
    /// A death, as it is recorded.
    Death {
        /// Day of death.
        died_on: NaiveDate,
    },
}

impl Ground {
    /// Its code.
    #[must_use]
    pub const fn code(self) -> RefundGround {
        match self {
            Self::Withdrawal => RefundGround::Withdrawal,
            Self::StudentLoan { .. } => RefundGround::StudentLoan,
            Self::Death { .. } => RefundGround::Death,
        }
    }
}

/// An application for a refund of one payment.
#[derive(Clone, Copy, Debug)]
pub struct Application {
    /// What the person paid; 0 for a fully subsidised one.
    pub paid: Fen,
    /// Day of payment.
    pub paid_on: NaiveDate,
    /// Way of payment.
    pub method: PaymentMethod,
    /// Class of the enrolment.
    pub class: Class,
    /// First day of the benefits that the payment opens (see [`benefit_start`]).
    pub benefit_start: NaiveDate,
    /// Day of application.
    pub applied_on: NaiveDate,
    /// Ground.
    pub ground: Ground,
}

/// What is paid back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Amount in fen: all that the person paid (AMB-037).
    pub refund: Fen,
    /// How it was reached; the line of the person is the refund, below zero.
    pub receipt: Receipt,
}

/// The first day of the earliest period that a payment opens in any of the insurances (AMB-038): for those whom a school
/// enrols, a day before the year they paid for.
///
/// # Errors
/// What the rules of the benefit period refuse.
pub fn benefit_start(facts: &Facts, params: &BenefitPeriodParams) -> Result<NaiveDate, Refusals> {
    let spans = derive::derive(facts, params)?.spans;
    spans.iter().map(|span| span.period.start()).min().ok_or_else(|| {
        Refusal::new(Reason::NotInBenefitPeriod, "the payment opens no benefits").at("enrolment_id").into()
    })
}

/// Whether the law knows the ground, before any of its facts is asked for.
///
/// # Errors
/// `RULE_NOT_DEFINED` for a year whose document prints no grounds, with metadata `right_desk` (B-8.2.3-c), for a ground
/// outside the configured set and for a premium prepaid by academic years (J-3.5-f, AMB-036).
pub fn require_ground(
    ground: RefundGround,
    method: PaymentMethod,
    params: &RefundParams,
) -> Result<&Effective<Vec<RefundGround>>, Refusals> {
    // The branch refunds "as provided", by provisions outside the documents.
    let at_the_desk = |gap: &Gap| Refusal::from(gap.clone()).with("right_desk", params.desk.value);
    let grounds = params.grounds.as_ref().map_err(at_the_desk)?;
    let field = if method == PaymentMethod::Prepayment {
        "enrolment_id"
    } else if grounds.contains(&ground) {
        return Ok(grounds);
    } else {
        "ground"
    };
    Err(Refusal::from(params.others.clone()).at(field).into())
}

/// Decides a refund. Who paid nothing is owed nothing: that is decided, not refused.
///
/// # Errors
/// Those of [`require_ground`]; `DATE_ORDER`; and those of the ground:
/// `BENEFIT_ALREADY_STARTED` with metadata `benefit_start`, `DEADLINE_PASSED` with `last_day`, `CLASS_NOT_ELIGIBLE`.
pub fn decide(application: &Application, params: &RefundParams) -> Result<Decision, Refusals> {
    let ground = application.ground;
    let grounds = require_ground(ground.code(), application.method, params)?;
    let mut refusals = Refusals::default();
    if application.applied_on < application.paid_on {
        let detail = format!("the refund is applied for before the payment of {}", application.paid_on);
        refusals.push(Refusal::new(Reason::DateOrder, detail).at("application_date"));
    }
    let decided = match ground {
        Ground::Withdrawal => withdrawal::step(application, grounds),
        Ground::StudentLoan { admitted_on, loaned_on } => loan::step(application, admitted_on, loaned_on, params),
        Ground::Death { died_on } => death::step(application, died_on, params),
    };
    let Some(step) = refusals.keep(decided) else { return Err(refusals) };
    refusals.into_result()?;
    let mut receipt = Receipt::default();
    receipt.push(
        step.given("paid", application.paid)
            .given("payment_date", application.paid_on)
            .given("application_date", application.applied_on)
            .given("benefit_start", application.benefit_start)
            .paying(Payer::Person, Fen::ZERO - application.paid),
    );
    Ok(Decision { refund: Fen::ZERO - receipt.total(Payer::Person), receipt })
}

/// Benefits have begun: nothing is paid back (J-3.5-c).
fn started(benefit_start: NaiveDate, event: &str, field: &'static str) -> Refusal {
    Refusal::new(Reason::BenefitAlreadyStarted, format!("benefits began on {benefit_start}; {event} is not earlier"))
        .at(field)
        .with("benefit_start", benefit_start)
        .by("J-3.5-c")
}

/// An application after the last day.
fn too_late(last_day: NaiveDate, rule_id: impl Into<std::borrow::Cow<'static, str>>) -> Refusal {
    Refusal::new(Reason::DeadlinePassed, format!("a refund on this ground is applied for until {last_day}"))
        .at("application_date")
        .with("last_day", last_day)
        .by(rule_id)
}

#[cfg(test)]
mod tests {
    use super::fixtures::{application, baodi_2017, tianjin_2021};
    use super::*;
    use crate::benefit_period::fixtures as coverage;
    use crate::dates::written::day;

    fn reason(application: &Application, params: &RefundParams) -> (Reason, String) {
        let refusal = decide(application, params).unwrap_err().0.remove(0);
        (refusal.reason, refusal.rule_id.unwrap_or_default().into_owned())
    }

    /// AMB-038: what a payment opens first is where its benefits begin; J-4.1-a, J-4.1.3-a, J-4.1.1-b, J-4.1.4-a.
    #[test]
    fn benefits_begin_with_the_earliest_period() {
        let start = |facts: &Facts| benefit_start(facts, &coverage::tianjin_2021()).unwrap();
        assert_eq!(start(&coverage::adult("2020-10-20")), day("2021-01-01"));
        assert_eq!(start(&coverage::pupil("2020-09-20")), day("2020-09-01"));
        assert_eq!(start(&coverage::adult("2021-02-26")), day("2021-05-01"));
        assert_eq!(start(&coverage::newborn("2021-02-01", "2021-05-06")), day("2021-02-01"));
        // Insured before, and so with accident cover alone from September (J-4.3-a): that has begun too.
        let insured = Facts { previous_year_insured: Some(true), ..coverage::pupil("2020-09-20") };
        assert_eq!(start(&insured), day("2020-09-01"));
    }

    /// J-3.5-a: a subsidised person is owed nothing, and that is an answer.
    #[test]
    fn who_paid_nothing_gets_nothing() {
        let free = Application {
            paid: Fen::ZERO,
            method: PaymentMethod::GovernmentSubsidy,
            ..application("2020-12-31", Ground::Withdrawal)
        };
        let decision = decide(&free, &tianjin_2021()).unwrap();
        assert_eq!((decision.refund, decision.receipt.applies("J-3.5-a")), (Fen::ZERO, true));
    }

    /// J-3.5-f: a ground that the operator took out of the set, and money prepaid by academic years (AMB-036).
    #[test]
    fn other_questions_have_no_printed_answer() {
        let mut law = tianjin_2021();
        law.grounds.as_mut().unwrap().value.retain(|ground| *ground != RefundGround::Withdrawal);
        let applied = application("2020-12-31", Ground::Withdrawal);
        assert_eq!(reason(&applied, &law), (Reason::RuleNotDefined, "J-3.5-f".to_owned()));
        let prepaid = Application { method: PaymentMethod::Prepayment, ..applied };
        assert_eq!(reason(&prepaid, &tianjin_2021()), (Reason::RuleNotDefined, "J-3.5-f".to_owned()));
    }

    /// B-8.2.3-c: the plan names the branch and no grounds.
    #[test]
    fn baodi_sends_to_its_branch() {
        let refusals = decide(&application("2016-12-31", Ground::Withdrawal), &baodi_2017()).unwrap_err();
        let refusal = &refusals.0[0];
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RuleNotDefined, Some("B-8.2.3-c")));
        assert!(refusal.metadata.contains(&("right_desk", "DISTRICT_SOCIAL_INSURANCE_BRANCH".to_owned())));
    }

    #[test]
    fn nobody_asks_back_what_is_not_yet_paid() {
        let early = application("2020-10-19", Ground::Withdrawal);
        assert_eq!(reason(&early, &tianjin_2021()).0, Reason::DateOrder);
        assert!(decide(&application("2020-10-20", Ground::Withdrawal), &tianjin_2021()).is_ok());
    }
}
