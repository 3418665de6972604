//! The coverage of facts that a caller gives; nothing is stored.

use chrono::NaiveDate;
use juyi_domain::benefit_period::employees;
use juyi_domain::benefit_period::history::{Covered, History, Outcome, Payment, Person, Refund, Terms};
use juyi_domain::codes::{Category, Class, PayingScheme, PaymentMethod, Tier, Window};
use juyi_domain::receipt::Receipt;
use juyi_domain::refusal::Refusals;
use juyi_kit::context::Context;
use uuid::Uuid;

use crate::facts::law;
use crate::read::{Preview, Previewed};

/// What the facts come to.
pub(crate) struct Answer {
    pub(crate) spans: Vec<Covered>,
    pub(crate) receipt: Receipt,
    /// Who pays on the day asked for.
    pub(crate) paying: Option<PayingScheme>,
}

/// Derives what payments open, as a history of one person. Errors: everything that payments are refused for.
pub(crate) fn preview(context: &Context, request: &Preview) -> Result<Answer, Refusals> {
    let mut history = History::default();
    let numbered = || request.payments.iter().zip(1_u128..);
    history.note(Person {
        revision: 1,
        enrolments: numbered().map(|(it, number)| terms(it, number)).collect(),
        // The birth decides for newborns alone, who name it.
        born_on: request.born_on.or(request.payments.first().map(|it| it.paid_on)).unwrap_or_default(),
        died_on: request.died_on,
        left_school_on: request.left_school_on.into_iter().collect(),
        employees: request.employees.clone(),
        interrupted_on: None,
        routes: Vec::new(),
    });
    for (it, number) in numbered() {
        let id = Uuid::from_u128(number);
        history.pay(Payment {
            id: id.into(),
            enrolment_id: id.into(),
            paid_on: it.paid_on,
            method: if it.by_deduction { PaymentMethod::PensionDeduction } else { PaymentMethod::BankCounter },
            fully_subsidised: it.category == Category::SpecialPerson && !it.pays_premium,
            invokes_epidemic_rule: it.invokes_epidemic_rule,
        });
        if let Some(refunded_on) = it.refunded_on {
            history.refund(Refund { id: id.into(), payment_id: id.into(), refunded_on });
        }
    }
    let coverage = history.coverage(law(context));
    let mut receipt = Receipt::default();
    let mut refusals = Refusals::default();
    for payment in history.payments() {
        match coverage.outcomes.get(&payment.id) {
            Some(Outcome::Opened(own)) => receipt.extend(own.clone()),
            Some(Outcome::Refused(own)) => refusals.0.extend(own.0.iter().cloned()),
            Some(Outcome::Refunded(_)) | None => {}
        }
    }
    refusals.into_result()?;
    let paying = match request.on {
        Some(on) => Some(payer(context, request, on, &mut receipt)?),
        None => None,
    };
    Ok(Answer { spans: coverage.spans, receipt, paying })
}

/// Who pays on a day, by the law of the first payment, with the step that says why (J-9-1a to J-9-2b).
fn payer(context: &Context, of: &Preview, on: NaiveDate, receipt: &mut Receipt) -> Result<PayingScheme, Refusals> {
    let Some(first) = of.payments.first() else { return Ok(PayingScheme::Resident) };
    let law = law(context)(&terms(first, 1), on)?;
    let (scheme, step) = employees::payer(&of.employees, on, law.as_ref().employees.as_ref())?;
    receipt.steps.extend(step);
    Ok(scheme)
}

fn terms(it: &Previewed, number: u128) -> Terms {
    let in_channel = it.category == Category::InterruptedEmployee && it.interrupted_on.is_some();
    Terms {
        enrolment_id: Uuid::from_u128(number).into(),
        policy_year: it.policy_year,
        district: it.district,
        category: it.category,
        // Neither class nor tier decides from when to when a person is covered.
        class: Class::Adult,
        tier: Tier::Low,
        applied_on: it.paid_on,
        window: if in_channel { Window::Personal } else { Window::Ordinary },
        previous_year_insured: it.previous_year_insured,
        interrupted_on: it.interrupted_on,
        township: None,
        by_deduction: it.by_deduction,
    }
}
