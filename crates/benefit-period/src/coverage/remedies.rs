//! What can still be done about a reason, in its metadata.

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate};
use juyi_domain::benefit_period::derive::{Facts, Span, derive};
use juyi_domain::benefit_period::history::{Coverage, Payment, Terms};
use juyi_domain::benefit_period::params::BenefitPeriodParams;
use juyi_domain::benefit_period::remedy::{Remedy, maybe_remedy};
use juyi_domain::benefit_period::ways::{Unenrolled, Way, ways};
use juyi_domain::codes::{Insurance, PaymentMethod};
use juyi_domain::id::EnrolmentId;
use juyi_domain::refusal::Refusal;
use juyi_kit::context::Context;
use uuid::Uuid;

use super::reasons::Question;
use crate::facts::{Law, law};

/// Names remedies of one question.
pub(super) struct Remedies<'a> {
    pub(super) question: &'a Question<'a>,
    pub(super) context: &'a Context,
    pub(super) coverage: &'a Coverage,
}

impl Remedies<'_> {
    /// Adds what a payment of an enrolment that nobody paid still opens. Where the government pays, that is what the
    /// settlement of the subsidy opens; a special person's coverage hangs on the registration (J-3.2.5-f), and one made in
    /// the year has no start (AMB-019), which is a reason of its own.
    pub(super) fn paying(&self, refusal: Refusal, enrolment_id: EnrolmentId) -> Vec<Refusal> {
        let question = self.question;
        let unpaid = self.maybe_terms(enrolment_id).filter(|_| !question.has_died() && !question.is_paid(enrolment_id));
        let Some((terms, law)) = unpaid.and_then(|terms| Some((terms, law(self.context)(terms, self.today()).ok()?)))
        else {
            return vec![refusal];
        };
        let fully_subsidised = question.owing_nothing.contains(&enrolment_id);
        let unpaid = Payment {
            id: Uuid::nil().into(),
            enrolment_id,
            paid_on: self.today(),
            method: if fully_subsidised { PaymentMethod::GovernmentSubsidy } else { PaymentMethod::BankCounter },
            fully_subsidised,
            invokes_epidemic_rule: false,
        };
        let facts = terms.facts(question.born_on, &unpaid);
        let way = if fully_subsidised { "SETTLE_SUBSIDY" } else { "PAY" };
        let of_enrolment =
            |refusal: Refusal| refusal.with("enrolment_id", enrolment_id).with("category", terms.category);
        if facts.registered_free() {
            return match derive(&facts, law.as_ref()) {
                Ok(derived) => {
                    let own = derived.spans.iter().find(|span| span.insurance == question.insurance);
                    let told = |span: &Span| {
                        let refusal = refusal.clone().with("remedy", way).with("policy_year", terms.policy_year);
                        of_enrolment(refusal.with("covered_from", span.period.start()))
                    };
                    vec![own.map_or_else(|| refusal.clone(), told)]
                }
                Err(refusals) => std::iter::once(refusal).chain(refusals.0).collect(),
            };
        }
        match self.both(&facts, law.as_ref()) {
            Some(found) => vec![of_enrolment(told(refusal, way, &found))],
            None => vec![refusal],
        }
    }

    /// Adds what enrolling and paying still opens: in the year of the day, else in the running year or the next one.
    pub(super) fn enrolling(&self, refusal: Refusal) -> Refusal {
        if self.question.has_died() {
            return refusal;
        }
        let (asked, running) = (self.question.on.year(), self.today().year());
        match [asked, running, running + 1].into_iter().find_map(|year| self.maybe_enrolling(year)) {
            Some((way, found)) => {
                let refusal = told(refusal, "ENROL_AND_PAY", &found);
                let refusal = way.category.into_iter().fold(refusal, |refusal, it| refusal.with("category", it));
                way.enrol_by.into_iter().fold(refusal, |refusal, day| refusal.with("enrol_by", day))
            }
            None => refusal,
        }
    }

    fn maybe_enrolling(&self, year: i32) -> Option<(Way, Found)> {
        let today = self.today();
        // Another district may have another law.
        let law = self.context.policy().for_(self.question.residence?, year, today).ok()?;
        let unenrolled = Unenrolled {
            born_on: self.question.born_on,
            interrupted_on: self.question.history.person().and_then(|person| person.interrupted_on),
            previous_year_insured: self.insured_in(year - 1).then_some(true),
        };
        let ways = ways(unenrolled, (year, today), &law.enrolment);
        ways.into_iter().find_map(|way| Some((way.clone(), self.both(&way.facts, &law.benefit_period)?)))
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

    /// The law of a year where the person is enrolled for it, or else where the person lives.
    pub(super) fn maybe_law(&self, year: i32) -> Option<Law> {
        let own = self.question.enrolments.iter().filter(|(terms, _)| terms.policy_year == year);
        let told = self.question.history.person().into_iter().flat_map(|person| &person.enrolments);
        let told = told.filter(|terms| terms.policy_year == year).map(|terms| terms.district);
        let mut districts = own.map(|(terms, _)| terms.district).chain(told).chain(self.question.residence);
        let policy = self.context.policy();
        districts.find_map(|district| policy.for_(district, year, self.today()).ok()).map(Law::from)
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
        .with("pay_from", remedy.pay_from)
        .with("covered_from_first", remedy.covered_from_first)
        .with("pay_by", remedy.pay_by)
        .with("covered_from", remedy.covered_from);
    if let Some(day) = remedy.pay_by_to_cover {
        refusal = refusal.with("pay_by_to_cover_date", day);
    }
    if remedy.invokes_epidemic_rule {
        refusal = refusal.with("invoke_epidemic_rule", "true");
    }
    match if_insured {
        Some(other) => refusal
            .with("covered_from_first_if_insured_before", other.covered_from_first)
            .with("covered_from_if_insured_before", other.covered_from),
        None => refusal,
    }
}
