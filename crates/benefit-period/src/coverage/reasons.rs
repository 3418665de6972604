//! Every reason why a day is not covered. Pure; what is known of the person is already loaded.

use chrono::{Datelike, NaiveDate};
use juyi_domain::benefit_period::employees;
use juyi_domain::benefit_period::history::{Coverage, Covered, History, Outcome, Terms};
use juyi_domain::codes::{District, Insurance, PayingScheme};
use juyi_domain::id::EnrolmentId;
use juyi_domain::receipt::{Receipt, Step, Value};
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::context::Context;

use super::remedies::Remedies;
use crate::facts::law;

/// A day that is not covered, and what is known.
pub(crate) struct Question<'a> {
    /// Facts of the person.
    pub(crate) history: &'a History,
    /// Enrolments that the registry lists, with the day it knows them paid.
    pub(crate) enrolments: &'a [(Terms, Option<NaiveDate>)],
    /// Enrolments whose premium the government pays.
    pub(crate) owing_nothing: Vec<EnrolmentId>,
    /// Date of birth.
    pub(crate) born_on: NaiveDate,
    /// District of residence.
    pub(crate) residence: Option<District>,
    /// Day of death as the registry knows it now, which may be ahead of the facts.
    pub(crate) died_on: Option<NaiveDate>,
    /// The day.
    pub(crate) on: NaiveDate,
    /// The day that decides which scheme pays.
    pub(crate) scheme_on: NaiveDate,
    /// The insurance.
    pub(crate) insurance: Insurance,
}

impl Question<'_> {
    /// The scheme that pays on the day, where it can be told, and all reasons; never none.
    pub(crate) fn answer(&self, context: &Context) -> (Option<PayingScheme>, Vec<Refusal>) {
        let mut reasons: Vec<Refusal> = self.maybe_deceased().into_iter().collect();
        let living = self.history.if_living();
        let coverage = living.coverage(law(context));
        let remedies = Remedies { question: self, context, coverage: &coverage };
        let paying = match self.payer(&remedies, (self.on, self.scheme_on)) {
            Ok((PayingScheme::Employee, step)) => {
                reasons.push(self.employees_pay(step.as_ref()));
                Some(PayingScheme::Employee)
            }
            Ok((scheme, _)) => Some(scheme),
            Err(refusal) => {
                reasons.push(refusal);
                None
            }
        };
        if coverage.maybe_on(self.insurance, self.on).is_none() {
            self.refunded(context, &living, &remedies, &mut reasons);
            self.refused(&coverage, &mut reasons);
            self.without_span(&coverage, &mut reasons);
            // Nobody enrols while contributions to employees' insurance are paid.
            let today = context.clock().today();
            let by_now = self.payer(&remedies, (today, today)).ok().map(|(scheme, _)| scheme);
            let employed = [paying, by_now].contains(&Some(PayingScheme::Employee));
            self.unpaid(&coverage, (&remedies, employed), &mut reasons);
        }
        if reasons.is_empty() {
            // The facts cover the day, and their span is not stored yet: they arrive at this moment.
            reasons.push(Refusal::new(Reason::NotInBenefitPeriod, "the coverage is just being recomputed; ask again"));
        }
        (paying, reasons)
    }

    /// A day after the recorded death, whatever was paid (J-A1.3-j). The day itself still is covered.
    fn maybe_deceased(&self) -> Option<Refusal> {
        let known = self.history.person().and_then(|person| person.died_on);
        let died_on = self.died_on.into_iter().chain(known).min().filter(|died_on| *died_on < self.on)?;
        let detail = format!("{} lies after the recorded day of death, {died_on}", self.on);
        Some(Refusal::new(Reason::NotInBenefitPeriod, detail).by("J-A1.3-j").with("death_date", died_on))
    }

    /// True when nothing can be done any more.
    pub(super) fn has_died(&self) -> bool {
        self.died_on.is_some() || self.history.person().is_some_and(|person| person.died_on.is_some())
    }

    /// The terms of each enrolment for the year of the day or the next one that no payment settles, as far as known here.
    pub(crate) fn maybe_unpaid(&self) -> Vec<Terms> {
        let told = self.history.person().into_iter().flat_map(|person| &person.enrolments);
        let mut unpaid: Vec<Terms> = Vec::new();
        for terms in told.chain(self.enrolments.iter().map(|(terms, _)| terms)) {
            let concerns = terms.policy_year == self.on.year() || terms.policy_year == self.on.year() + 1;
            let is_known = unpaid.iter().any(|it| it.enrolment_id == terms.enrolment_id);
            if concerns && !is_known && !self.is_paid(terms.enrolment_id) {
                unpaid.push(terms.clone());
            }
        }
        unpaid
    }

    /// True while a payment of an enrolment counts: one that is not refunded, or one that only the registry knows.
    pub(super) fn is_paid(&self, enrolment_id: EnrolmentId) -> bool {
        let payments = self.history.payments();
        let mut own = payments.iter().filter(|it| it.enrolment_id == enrolment_id);
        own.any(|it| self.history.maybe_refund(it.id).is_none()) || self.maybe_under_way(enrolment_id).is_some()
    }

    /// The day of a payment that the registry knows and that has not arrived here: no payment of this day, refunded since,
    /// is known.
    fn maybe_under_way(&self, enrolment_id: EnrolmentId) -> Option<NaiveDate> {
        let of_enrolment =
            |(terms, paid_on): &(Terms, Option<NaiveDate>)| paid_on.filter(|_| terms.enrolment_id == enrolment_id);
        let paid_on = self.enrolments.iter().find_map(of_enrolment)?;
        let payments = self.history.payments();
        let has_arrived = payments.iter().any(|it| it.enrolment_id == enrolment_id && it.paid_on == paid_on);
        (!has_arrived).then_some(paid_on)
    }

    fn payer(
        &self,
        remedies: &Remedies<'_>,
        (on, scheme_on): (NaiveDate, NaiveDate),
    ) -> Result<(PayingScheme, Option<Step>), Refusal> {
        let Some(person) = self.history.person() else { return Ok((PayingScheme::Resident, None)) };
        let covering = remedies.coverage.maybe_on(self.insurance, on);
        let terms = covering.and_then(|it| person.maybe_terms(it.enrolment_id));
        let law = match terms {
            Some(terms) => law(remedies.context)(terms, on).ok(),
            None => remedies.maybe_law(on.year()),
        };
        let Some(law) = law else { return Ok((PayingScheme::Resident, None)) };
        employees::payer(&person.employees, scheme_on, law.as_ref().employees.as_ref())
    }

    /// J-9-1a, J-9-2b: residents' benefits are suspended.
    fn employees_pay(&self, step: Option<&Step>) -> Refusal {
        let detail = format!("employees' insurance pays on {}; residents' benefits are suspended", self.scheme_on);
        let refusal = Refusal::new(Reason::NotInBenefitPeriod, detail).with("paying_scheme", PayingScheme::Employee);
        match step {
            Some(step) => refusal.by(step.rule_id.clone()),
            None => refusal,
        }
    }

    /// Payments that would cover the day, had they not been refunded.
    fn refunded(&self, context: &Context, living: &History, remedies: &Remedies<'_>, reasons: &mut Vec<Refusal>) {
        let before = living.if_not_refunded().coverage(law(context));
        let Some(covering) = before.maybe_on(self.insurance, self.on) else { return };
        let Some(refund) = living.maybe_refund(covering.payment_id) else { return };
        let detail = format!("the payment that covered the day was refunded on {}", refund.refunded_on);
        let refusal = Refusal::new(Reason::NotEnrolled, detail).with("refund_date", refund.refunded_on);
        let refusal = refusal.by(remedies.rule_of_payment(covering.enrolment_id));
        reasons.extend(remedies.paying(refusal, covering.enrolment_id));
    }

    /// Payments that open nothing, with everything they were refused for.
    fn refused(&self, coverage: &Coverage, reasons: &mut Vec<Refusal>) {
        for payment in self.history.payments() {
            let year = self.history.maybe_terms(payment).map(|terms| terms.policy_year);
            let concerns = year.is_none_or(|year| year == self.on.year() || year == self.on.year() + 1);
            if let Some(Outcome::Refused(refusals)) = coverage.outcomes.get(&payment.id).filter(|_| concerns) {
                reasons.extend(refusals.0.iter().map(|refusal| refusal.clone().with("payment_id", payment.id)));
            }
        }
    }

    /// What was paid covers other days, or no day of this insurance.
    fn without_span(&self, coverage: &Coverage, reasons: &mut Vec<Refusal>) {
        let beside = nearest(&coverage.spans, self.insurance, self.on);
        let basic = nearest(&coverage.spans, Insurance::Basic, self.on);
        // What was paid for this day, or for no day of this insurance at all, may say why there is none.
        let telling = basic.filter(|basic| beside.is_none() || basic.span.period.contains(self.on));
        let receipt = |it: &Covered| coverage.maybe_receipt(it.payment_id);
        let not_printed = telling.and_then(receipt).and_then(|receipt| maybe_not_printed(receipt, self.insurance));
        reasons.extend(match (not_printed, beside) {
            (Some(refusal), _) => Some(refusal),
            (None, Some(beside)) => Some(self.beside(beside, receipt(beside))),
            (None, None) => telling.map(|_| {
                let detail = format!("no payment of this person opened a period of {}", self.insurance);
                Refusal::new(Reason::NotInBenefitPeriod, detail)
            }),
        });
    }

    /// The day lies beside a span; the rule that opened the span says so.
    fn beside(&self, it: &Covered, receipt: Option<&Receipt>) -> Refusal {
        let (insurance, period) = (self.insurance, it.span.period);
        let detail = format!("{} is not covered by {insurance}; the nearest period is {period}", self.on);
        let refusal = Refusal::new(Reason::NotInBenefitPeriod, detail);
        let refusal = refusal.with("start_date", period.start()).with("end_date", period.last_day());
        match receipt.and_then(|receipt| opening_rule(receipt, insurance)) {
            Some(rule_id) => refusal.by(rule_id.to_owned()),
            None => refusal,
        }
    }

    /// Nothing counts for the year of the day: an enrolment without payment, or none at all (J-4.1-a).
    fn unpaid(&self, coverage: &Coverage, (remedies, employed): (&Remedies<'_>, bool), reasons: &mut Vec<Refusal>) {
        let year = self.on.year();
        let counts = |terms: &Terms| coverage.spans.iter().any(|it| it.enrolment_id == terms.enrolment_id);
        let told = self.history.person().into_iter().flat_map(|person| &person.enrolments);
        if told.clone().any(|terms| terms.policy_year == year && counts(terms)) {
            return;
        }
        let of_year = |terms: &&Terms| terms.policy_year == year;
        let listed = self.enrolments.iter().map(|(terms, _)| terms);
        let enrolled = listed.clone().find(of_year).or_else(|| told.clone().find(of_year));
        let by_rule = |detail| Refusal::new(Reason::NotEnrolled, detail).by(remedies.rule_of_year(year));
        if let Some(paid_on) = enrolled.and_then(|terms| self.maybe_under_way(terms.enrolment_id)) {
            let detail = format!("the payment of {paid_on} for {year} has not arrived here yet; ask again");
            reasons.push(by_rule(detail).with("payment_date", paid_on));
            return;
        }
        // What was paid for other years has been said; where no document governs the year, there is no more to say.
        let governed = coverage.spans.is_empty() || remedies.context.policy().policy_years().contains(&year);
        if said_about_payment(reasons) || !governed {
            return;
        }
        match enrolled {
            Some(terms) => {
                let refusal = by_rule(format!("enrolled for {year}, and no payment counts"));
                reasons.extend(remedies.paying(refusal, terms.enrolment_id));
            }
            None => {
                let refusal = by_rule("no payment of this person opened a benefit period for the day".to_owned());
                reasons.push(if employed { refusal } else { remedies.enrolling(refusal) });
            }
        }
    }
}

/// True when a payment itself, refunded or refused, was named as the reason.
fn said_about_payment(reasons: &[Refusal]) -> bool {
    reasons.iter().any(|it| it.metadata.iter().any(|(key, _)| matches!(*key, "refund_date" | "payment_id")))
}

/// The span of an insurance that lies nearest to a day.
fn nearest(spans: &[Covered], insurance: Insurance, on: NaiveDate) -> Option<&Covered> {
    let distance = |it: &&Covered| {
        let (before, after) = (it.span.period.start() - on, on - it.span.period.last_day());
        before.max(after).num_days()
    };
    spans.iter().filter(|it| it.span.insurance == insurance).min_by_key(distance)
}

/// Why a payment opened no period of an insurance for which the documents print none: its receipt says so.
fn maybe_not_printed(receipt: &Receipt, insurance: Insurance) -> Option<Refusal> {
    let marked = |reason: Reason| {
        move |step: &&Step| is_about(step, insurance) && step.marks().any(|mark| mark == reason.code())
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
    step.inputs().any(|input| input.name == "insurance" && input.value == code)
}
