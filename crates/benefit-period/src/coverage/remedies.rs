//! What can still be done about a reason, in its metadata.

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate};
use juyi_domain::benefit_period::derive::Facts;
use juyi_domain::benefit_period::history::{Coverage, Payment, Terms};
use juyi_domain::benefit_period::params::BenefitPeriodParams;
use juyi_domain::benefit_period::remedy::{Remedy, maybe_remedy, ways};
use juyi_domain::codes::{District, Insurance};
use juyi_domain::id::EnrolmentId;
use juyi_domain::refusal::Refusal;
use juyi_kit::context::Context;
use uuid::Uuid;

use super::reasons::Question;
use crate::facts::law;

/// Names remedies of one question.
pub(super) struct Remedies<'a> {
    pub(super) question: &'a Question<'a>,
    pub(super) context: &'a Context,
    pub(super) coverage: &'a Coverage,
}

impl Remedies<'_> {
    /// Adds what a payment of an enrolment still opens.
    pub(super) fn paying(&self, refusal: Refusal, enrolment_id: EnrolmentId) -> Refusal {
        let found = self.maybe_terms(enrolment_id).filter(|_| !self.question.has_died()).and_then(|terms| {
            let today = self.today();
            let law = law(self.context)(terms, today).ok()?;
            let unpaid = Payment {
                id: Uuid::nil().into(),
                enrolment_id,
                paid_on: today,
                method: juyi_domain::codes::PaymentMethod::BankCounter,
                fully_subsidised: false,
                invokes_epidemic_rule: false,
            };
            self.both(&terms.facts(self.question.born_on, &unpaid), law.as_ref())
        });
        match found {
            Some(found) => told(refusal, "PAY", &found).with("enrolment_id", enrolment_id),
            None => refusal,
        }
    }

    /// Adds what enrolling and paying still opens: in the year of the day, else in the running year or the next one.
    pub(super) fn enrolling(&self, refusal: Refusal) -> Refusal {
        if self.question.has_died() {
            return refusal;
        }
        let (asked, running) = (self.question.on.year(), self.today().year());
        let found = [asked, running, running + 1].into_iter().find_map(|year| self.maybe_enrolling(year));
        match found {
            Some(found) => told(refusal, "ENROL_AND_PAY", &found),
            None => refusal,
        }
    }

    fn maybe_enrolling(&self, year: i32) -> Option<Found> {
        let today = self.today();
        let law = self.maybe_law(year)?;
        let params = law.as_ref();
        let insured_before = self.insured_in(year - 1).then_some(true);
        let person = self.question.history.person();
        ways(person, self.question.born_on, (year, today), insured_before, params)
            .iter()
            .find_map(|way| self.both(way, params))
    }

    /// The remedy, and where it matters and is not known, the one of who was insured the year before.
    fn both(&self, facts: &Facts, params: &BenefitPeriodParams) -> Option<Found> {
        let question = self.question;
        let of = |previous_year_insured| {
            let facts = Facts { previous_year_insured, ..facts.clone() };
            maybe_remedy(&facts, question.insurance, (self.today(), question.on), params)
        };
        let known = facts.previous_year_insured;
        let remedy = of(known.or(Some(false)))?;
        let if_insured = of(Some(true)).filter(|other| known.is_none() && *other != remedy);
        Some(Found { remedy, if_insured })
    }

    /// The clause by which a payment for a year opens coverage: nobody who did not pay is covered.
    pub(super) fn rule_of_year(&self, year: i32) -> Cow<'static, str> {
        let law = self.maybe_law(year);
        law.map_or(Cow::Borrowed("J-4.1-a"), |law| law.as_ref().ordinary.reference.rule_id.clone())
    }

    /// The same for the year of an enrolment.
    pub(super) fn rule_of_payment(&self, enrolment_id: EnrolmentId) -> Cow<'static, str> {
        let year = self.maybe_terms(enrolment_id).map(|terms| terms.policy_year);
        self.rule_of_year(year.unwrap_or_else(|| self.question.on.year()))
    }

    /// The law of a year where the person is enrolled, or else in the first district it speaks for.
    fn maybe_law(&self, year: i32) -> Option<crate::facts::Law> {
        let own = self.question.enrolments.iter().map(|(terms, _)| terms.district);
        let policy = self.context.policy();
        own.chain(District::ALL.iter().copied())
            .find_map(|district| policy.for_(district, year, self.today()).ok())
            .map(crate::facts::Law::from)
    }

    fn maybe_terms(&self, enrolment_id: EnrolmentId) -> Option<&Terms> {
        let person = self.question.history.person();
        let told = person.and_then(|person| person.maybe_terms(enrolment_id));
        let listed =
            || self.question.enrolments.iter().map(|(terms, _)| terms).find(|it| it.enrolment_id == enrolment_id);
        told.or_else(listed)
    }

    /// Insured on any day of a year, as far as payments are known here (AMB-028).
    fn insured_in(&self, year: i32) -> bool {
        let basic = self.coverage.spans.iter().filter(|it| it.span.insurance == Insurance::Basic);
        basic.map(|it| it.span.benefit_year).any(|covered| covered == year)
    }

    fn today(&self) -> NaiveDate {
        self.context.clock().today()
    }
}

/// A remedy, and what it would be if the year before was insured.
struct Found {
    remedy: Remedy,
    if_insured: Option<Remedy>,
}

fn told(refusal: Refusal, way: &str, found: &Found) -> Refusal {
    let Found { remedy, if_insured } = found;
    let mut refusal = refusal
        .with("remedy", way)
        .with("policy_year", remedy.policy_year)
        .with("category", remedy.category)
        .with("pay_from", remedy.pay_from)
        .with("covered_from_first", remedy.covered_from_first)
        .with("pay_by", remedy.pay_by)
        .with("covered_from", remedy.covered_from);
    if let Some(day) = remedy.pay_by_to_cover {
        refusal = refusal.with("pay_by_to_cover_date", day);
    }
    match if_insured {
        Some(other) => refusal
            .with("covered_from_first_if_insured_before", other.covered_from_first)
            .with("covered_from_if_insured_before", other.covered_from),
        None => refusal,
    }
}
