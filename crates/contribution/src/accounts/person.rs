//! The account of a person in a policy year.

use chrono::NaiveDate;
use juyi_domain::codes::PaymentMethod;
use juyi_domain::contribution::account::{self, AccountState, Line, Paid, PayableDays, payable_days};
use juyi_domain::contribution::quote::Quote;
use juyi_domain::id::{DeclarationId, ResidentId};
use juyi_domain::refusal::Refusals;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_proto::contribution::v1 as pb;
use juyi_proto::enrolment;

use super::registry::Listed;
use super::{Accounts, refunds, write};
use crate::registry::Enrolled;
use crate::service;
use crate::store::account_refunds::{self, AccountRefund};
use crate::store::declaration_lines;
use crate::store::payments::{self, Payment};
use crate::store::prepayments;

/// An enrolment with its lines.
pub(super) struct Statement {
    pub(super) enrolment: Listed,
    pub(super) state: AccountState,
    pub(super) lines: Vec<Line>,
    pub(super) payments: Vec<Payment>,
    pub(super) refunds: Vec<AccountRefund>,
    pub(super) quote: Option<Quote>,
    pub(super) due: Option<Due>,
}

/// Until when and how what is unpaid can be paid.
pub(super) struct Due {
    pub(super) days: Vec<PayableDays>,
    pub(super) methods: Vec<PaymentMethod>,
    /// The declaration that waits for the payment.
    pub(super) declaration: Option<DeclarationId>,
}

pub(super) async fn account(of: &Accounts, resident_id: ResidentId, policy_year: i32) -> Result<pb::Account, Error> {
    let caller = Caller::current()?;
    let enrolments = of.enrolments.of_year(resident_id, policy_year).await?;
    let enrolments = visible(&caller, enrolments)?;
    let mut session = of.database.read().await?;
    let payments = payments::of_year(&mut session, resident_id, policy_year).await?;
    let refunds = account_refunds::of_year(&mut session, resident_id, policy_year).await?;
    let prepaid = match prepayments::maybe_covering(&mut session, resident_id, policy_year).await? {
        Some(term) if caller.require_district(term.district).is_ok() => {
            let taken = prepayments::taken(&mut session, &term).await?;
            Some((term, taken))
        }
        _ => None,
    };
    drop(session);
    let mut statements = Vec::new();
    for enrolment in enrolments {
        let paid = payments.iter().filter(|payment| payment.enrolment_id == enrolment.id).cloned().collect();
        let refunds = refunds.iter().filter(|refund| refund.enrolment_id == enrolment.id).cloned().collect();
        statements.push(statement(of, resident_id, enrolment, (paid, refunds)).await?);
    }
    Ok(pb::Account {
        prepaid: prepaid.as_ref().map(write::prepaid),
        ..write::account(resident_id, policy_year, &statements)
    })
}

/// An office of a district sees what was enrolled there.
fn visible(caller: &Caller, enrolments: Vec<Listed>) -> Result<Vec<Listed>, Error> {
    let mut refused = None;
    let mut seen = Vec::new();
    for enrolment in enrolments {
        match caller.require_district(enrolment.district) {
            Ok(()) => seen.push(enrolment),
            Err(refusal) => refused = Some(refusal),
        }
    }
    match refused {
        Some(refusal) if seen.is_empty() => Err(refusal.into()),
        _ => Ok(seen),
    }
}

async fn statement(
    of: &Accounts,
    resident_id: ResidentId,
    enrolment: Listed,
    (payments, refunds): (Vec<Payment>, Vec<AccountRefund>),
) -> Result<Statement, Error> {
    let paid: Vec<Paid> = payments.iter().map(|payment| paid(payment, &refunds)).collect();
    let state = account::state(&paid);
    let (quote, due) = match state {
        AccountState::Unpaid => {
            let enrolled = of.enrolments.find(resident_id, enrolment.id).await?;
            let session = &mut of.database.read().await?;
            let quote = service::due(session, &of.context, &enrolled, Vec::new()).await?;
            let waits = declaration_lines::maybe_waits(session, resident_id, enrolment.id).await?;
            let due = Due { declaration: waits, ..due(of, &enrolled, &quote)? };
            (Some(quote), Some(due))
        }
        AccountState::Paid => {
            let counts = payments.iter().find(|payment| payment.refund.is_none());
            (counts.map(|payment| payment.quote.clone()), None)
        }
        AccountState::Refunded => (None, None),
    };
    let lines = account::lines(quote.as_ref(), &paid);
    Ok(Statement { enrolment, state, lines, payments, refunds, quote, due })
}

fn paid(payment: &Payment, refunds: &[AccountRefund]) -> Paid {
    Paid {
        id: payment.id,
        on: payment.paid_on,
        amount: payment.amount,
        method: payment.method,
        quote: payment.quote.clone(),
        refund: refunds::of(payment, refunds),
    }
}

/// Days from today on; a payment cannot lie before the application.
fn due(of: &Accounts, enrolled: &Enrolled, quote: &Quote) -> Result<Due, Refusals> {
    let (enrolment, today) = (&enrolled.enrolment, of.context.clock().today());
    let law = of.context.policy().for_(enrolment.district, enrolment.policy_year, today)?;
    let paid_on = |on: NaiveDate| {
        let fully_subsidised = quote.payable.is_zero() && !quote.prepaid;
        let paid =
            enrolment::Paid { on, method: PaymentMethod::BankCounter, fully_subsidised, invokes_epidemic_rule: false };
        enrolment.coverage_facts(enrolled.born_on, paid)
    };
    let days = payable_days(today.max(enrolment.applied_on), paid_on, &law.benefit_period);
    let mut methods = Vec::new();
    for collection in service::collections(&of.context, enrolled, quote)? {
        let others = collection.methods.into_iter().filter(|method| !methods.contains(method));
        methods.extend(others.collect::<Vec<_>>());
    }
    if quote.prepaid {
        methods.push(PaymentMethod::Prepayment);
    }
    Ok(Due { days, methods, declaration: None })
}
