//! The coverage that all facts of one resident come to.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::super::derive::{Derived, Span, derive};
use super::super::params::BenefitPeriodParams;
use super::{History, Payment, Person, Refund, Terms, leaving};
use crate::codes::Insurance;
use crate::dates::Period;
use crate::id::{EnrolmentId, PaymentId};
use crate::receipt::{Receipt, Step};
use crate::refusal::{Reason, Refusal, Refusals};

/// Days covered, with the payment behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Covered {
    /// The payment.
    pub payment_id: PaymentId,
    /// The enrolment it settles.
    pub enrolment_id: EnrolmentId,
    /// The days.
    pub span: Span,
}

/// What became of one payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It opened periods, as the receipt tells.
    Opened(Receipt),
    /// It opens nothing, for these reasons.
    Refused(Refusals),
    /// It was refunded and no longer counts.
    Refunded(Refund),
}

/// Spans and outcomes of all payments of a resident.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Spans by insurance and start; those of one insurance share no day.
    pub spans: Vec<Covered>,
    /// One per payment.
    pub outcomes: BTreeMap<PaymentId, Outcome>,
}

impl Coverage {
    /// The span of an insurance that covers a day.
    #[must_use]
    pub fn maybe_on(&self, insurance: Insurance, on: NaiveDate) -> Option<&Covered> {
        let of_insurance = |it: &&Covered| it.span.insurance == insurance && it.span.period.contains(on);
        self.spans.iter().find(of_insurance)
    }

    /// The receipt of a payment that opened something.
    #[must_use]
    pub fn maybe_receipt(&self, payment_id: PaymentId) -> Option<&Receipt> {
        match self.outcomes.get(&payment_id) {
            Some(Outcome::Opened(receipt)) => Some(receipt),
            _ => None,
        }
    }
}

/// What one counting payment opened, before payments are set against one another.
pub(super) struct Opened<L> {
    payment: Payment,
    pub(super) spans: Vec<Span>,
    pub(super) receipt: Receipt,
    pub(super) law: L,
}

impl History {
    /// Derives the coverage of every payment. `law` gives the law of an enrolment on the day of a payment.
    ///
    /// Refunded payments open nothing. Two payments never cover the same day of one insurance: payments are taken by policy
    /// year, then by day, and a later one covers only what is left; that happens between the arrival of a second payment
    /// and that of the refund of the first. Who left school keeps the accident cover (J-4.3-c), on days that no payment
    /// covers. Nothing is covered after the day of death (J-A1.3-j).
    pub fn coverage<L: AsRef<BenefitPeriodParams>>(
        &self,
        law: impl Fn(&Terms, NaiveDate) -> Result<L, Refusal>,
    ) -> Coverage {
        let mut outcomes = BTreeMap::new();
        let mut all = Vec::new();
        for payment in self.payments() {
            let outcome = match self.maybe_refund(payment.id) {
                Some(refund) => Outcome::Refunded(*refund),
                None => match self.open(payment, &law) {
                    Ok(opened) => {
                        all.push(opened);
                        continue;
                    }
                    Err(refusals) => Outcome::Refused(refusals),
                },
            };
            outcomes.insert(payment.id, outcome);
        }
        let mut taken = Vec::new();
        for opened in &mut all {
            leave_what_is_taken(opened, &taken);
            taken.extend(opened.spans.iter().copied());
        }
        if let Some(person) = &self.person {
            for opened in &mut all {
                leaving::keep_accident(opened, person, &taken);
                end_with_death(opened, person);
            }
        }
        let mut spans = Vec::with_capacity(taken.len());
        for Opened { payment, spans: own, receipt, .. } in all {
            spans.extend(own.into_iter().map(|span| Covered {
                payment_id: payment.id,
                enrolment_id: payment.enrolment_id,
                span,
            }));
            outcomes.insert(payment.id, Outcome::Opened(receipt));
        }
        spans.sort_by_key(|it| (it.span.insurance, it.span.period));
        Coverage { spans, outcomes }
    }

    fn open<L: AsRef<BenefitPeriodParams>>(
        &self,
        payment: &Payment,
        law: impl Fn(&Terms, NaiveDate) -> Result<L, Refusal>,
    ) -> Result<Opened<L>, Refusals> {
        let known = self.person.as_ref().and_then(|person| Some((person, person.maybe_terms(payment.enrolment_id)?)));
        let Some((person, terms)) = known else {
            let detail = "the registry has not told of the enrolment that was paid";
            return Err(Refusal::new(Reason::EnrolmentNotFound, detail).at("enrolment_id").into());
        };
        let facts = terms.facts(person.born_on, payment);
        let law = law(terms, facts.paid_on)?;
        let Derived { spans, receipt } = derive(&facts, law.as_ref())?;
        Ok(Opened { payment: *payment, spans, receipt, law })
    }
}

/// The parts of a period that others do not cover.
pub(super) fn free(span: &Span, taken: &[Span]) -> Vec<Span> {
    let mut left = vec![span.period];
    for other in taken.iter().filter(|other| other.insurance == span.insurance) {
        let around = |period: Period| {
            if !period.overlaps(other.period) {
                return [Some(period), None];
            }
            [
                Period::maybe_new(period.start(), other.period.start()),
                Period::maybe_new(other.period.end(), period.end()),
            ]
        };
        left = left.into_iter().flat_map(around).flatten().collect();
    }
    left.into_iter().map(|period| Span { period, ..*span }).collect()
}

fn leave_what_is_taken<L>(opened: &mut Opened<L>, taken: &[Span]) {
    let left: Vec<Span> = opened.spans.iter().flat_map(|span| free(span, taken)).collect();
    if left != opened.spans {
        let rule = opened.receipt.steps.first().map_or("J-4.1-a".into(), |step| step.rule_id.clone());
        let step = Step::of(rule).given("payment_date", opened.payment.paid_on);
        opened.receipt.push(step.marked("COVERED_BY_EARLIER_PAYMENT"));
        opened.spans = left;
    }
}

/// Ends every span with the day of death, which itself is covered (J-A1.3-j).
fn end_with_death<L>(opened: &mut Opened<L>, person: &Person) {
    let Some((died_on, after)) = person.died_on.and_then(|died_on| Some((died_on, died_on.succ_opt()?))) else {
        return;
    };
    if opened.spans.iter().all(|span| span.period.end() <= after) {
        return;
    }
    let cut = |span: &Span| {
        let period = Period::maybe_new(span.period.start(), span.period.end().min(after))?;
        Some(Span { period, ..*span })
    };
    opened.spans = opened.spans.iter().filter_map(cut).collect();
    opened.receipt.push(Step::new("J-A1.3-j").given("death_date", died_on).found("last_day", died_on));
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::*;
    use super::*;
    use crate::dates::written::day;

    /// J-A1.3-j: the day of death is the last one, of every insurance, and of a continued accident cover, too.
    #[test]
    fn everything_ends_with_the_day_of_death() {
        let dead = Person { died_on: Some(day("2021-05-10")), left_school_on: vec![day("2021-03-01")], ..person() };
        let history = history(Person { enrolments: vec![pupil()], ..dead }, &[paid(1, "2020-09-20")]);
        assert_eq!(written(&history, Insurance::Accident), ["2020-09-01 to 2021-05-10"]);
        assert_eq!(written(&history, Insurance::Basic), ["2020-09-01 to 2020-12-31", "2021-01-01 to 2021-05-10"]);
        assert!(coverage(&history).maybe_receipt(payment(1)).unwrap().applies("J-A1.3-j"));
    }

    #[test]
    fn a_death_before_the_cover_leaves_none() {
        let dead = Person { died_on: Some(day("2020-12-31")), ..person() };
        assert!(coverage(&history(dead, &[paid(1, "2020-10-08")])).spans.is_empty());
    }

    /// J-3.5-a: a refunded payment opens nothing, whichever comes first; paid again it opens what it opened before.
    #[test]
    fn a_refund_takes_the_spans_and_another_payment_brings_them_back() {
        let mut facts = history(person(), &[]);
        facts.refund(refunded(1));
        facts.pay(paid(1, "2020-10-08"));
        assert!(coverage(&facts).spans.is_empty());
        assert_eq!(coverage(&facts).outcomes[&payment(1)], Outcome::Refunded(refunded(1)));
        facts.pay(Payment { enrolment_id: enrolment(1), ..paid(2, "2020-12-01") });
        assert_eq!(written(&facts, Insurance::Basic), ["2021-01-01 to 2021-12-31"]);
    }

    /// A payment that arrives before the refund of the earlier one covers what is left, and everything once it is told.
    #[test]
    fn two_payments_never_cover_the_same_day() {
        let again = Payment { enrolment_id: enrolment(1), ..paid(2, "2021-02-26") };
        let mut facts = history(person(), &[paid(1, "2020-10-08"), again]);
        assert_eq!(written(&facts, Insurance::Basic), ["2021-01-01 to 2021-12-31"]);
        assert!(coverage(&facts).maybe_receipt(payment(2)).unwrap().is_marked("COVERED_BY_EARLIER_PAYMENT"));
        facts.refund(refunded(1));
        assert_eq!(written(&facts, Insurance::Basic), ["2021-05-01 to 2021-12-31"]);
    }

    /// What a payment opens nothing for is kept with it.
    #[test]
    fn a_payment_that_opens_nothing_says_why() {
        let coverage_of = |person: Person, on: &str| coverage(&history(person, &[paid(1, on)])).outcomes;
        let outcomes = coverage_of(person(), "2021-07-01");
        let Outcome::Refused(refusals) = &outcomes[&payment(1)] else { panic!("{outcomes:?}") };
        assert!(refusals.has(Reason::WindowClosed));
        let outcomes = coverage_of(Person { enrolments: Vec::new(), ..person() }, "2020-10-08");
        let Outcome::Refused(refusals) = &outcomes[&payment(1)] else { panic!("{outcomes:?}") };
        assert!(refusals.has(Reason::EnrolmentNotFound));
    }
}
