//! The account of an enrolment: what is charged to whom, what was paid, what went back.
//!
//! A quote charges, a payment credits, a refund takes both back: the charge when it is decided, the credit when the money
//! has been paid back (J-3.5-b). Nothing is left out of the lines and nothing is kept beside them, so that of every payer
//! charged − credited = outstanding.

mod due;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::quote::Quote;
use crate::codes::{Payer, PaymentMethod, UnknownCode, codes};
use crate::id::{PaymentId, RefundId};
use crate::money::Fen;
use crate::receipt::Step;

pub use due::{PayableDays, payable_days};

codes! {
    /// What a line of an account is (账目类型).
    AccountLineKind {
        /// Part of the premium (应缴).
        Charge = "CHARGE",
        /// A payment, or the subsidy that came with it (实缴).
        Credit = "CREDIT",
        /// A charge taken back with a refund.
        ChargeReversed = "CHARGE_REVERSED",
        /// Money paid back, or a subsidy that fell away.
        CreditReversed = "CREDIT_REVERSED",
    }
    /// State of an enrolment in the account (缴费状态).
    AccountState {
        /// No payment counts and none did.
        Unpaid = "UNPAID",
        /// A payment counts.
        Paid = "PAID",
        /// The last payment was refunded.
        Refunded = "REFUNDED",
    }
}

/// A payment with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paid {
    /// Id.
    pub id: PaymentId,
    /// Day.
    pub on: NaiveDate,
    /// What the person paid.
    pub amount: Fen,
    /// Way.
    pub method: PaymentMethod,
    /// What was due.
    pub quote: Quote,
    /// Its refund.
    pub refund: Option<Refund>,
}

/// The refund of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// Id.
    pub id: RefundId,
    /// Day it was decided; from then on the payment no longer counts.
    pub on: NaiveDate,
    /// Rule.
    pub rule_id: Cow<'static, str>,
    /// Day the money was paid back; `None` while it is owed to the person.
    pub repaid_on: Option<NaiveDate>,
}

/// A line of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub kind: AccountLineKind,
    /// Who owes or pays.
    pub payer: Payer,
    /// Amount; below zero where something is taken back.
    pub amount: Fen,
    /// Rule by which it is owed, paid or reversed.
    pub rule_id: Cow<'static, str>,
    /// Day it was booked; `None` for a charge that nobody has paid.
    pub on: Option<NaiveDate>,
    /// Payment it belongs to.
    pub payment: Option<PaymentId>,
    /// Refund it belongs to.
    pub refund: Option<RefundId>,
}

/// What one payer was charged and credited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// Charged, less what was taken back.
    pub charged: Fen,
    /// Credited, less what was taken back.
    pub credited: Fen,
}

impl Balance {
    /// What is still owed; below zero for what has to be paid back.
    #[must_use]
    pub fn outstanding(self) -> Fen {
        self.charged - self.credited
    }
}

/// The state of an enrolment with these payments, in the order in which they were made.
#[must_use]
pub fn state(payments: &[Paid]) -> AccountState {
    if payments.iter().any(|paid| paid.refund.is_none()) {
        AccountState::Paid
    } else if payments.is_empty() {
        AccountState::Unpaid
    } else {
        AccountState::Refunded
    }
}

/// The lines of an enrolment, in the order in which they were booked.
///
/// Charges come from the quote's receipt, each with its rule: J-2.1-b to -e or B-4.1-a to B-4.2-c for the person, the
/// ground of a subsidy for who pays instead (J-2.3-j, B-7.3.3-d), and the government's part where it is printed. What the
/// treasury transfers of that part is not known here, so it stays charged. Without any payment `quote` is charged; after a
/// refund nothing is, until it is paid again.
#[must_use]
pub fn lines(quote: Option<&Quote>, payments: &[Paid]) -> Vec<Line> {
    if payments.is_empty() {
        return quote.map(|quote| charges(quote).collect()).unwrap_or_default();
    }
    let mut lines: Vec<Line> = payments.iter().flat_map(of_payment).collect();
    lines.sort_by_key(|line| line.on);
    lines
}

/// What is charged, and what a prepaid term takes over of it before a payment says so (J-3.3.3-b).
fn charges(quote: &Quote) -> impl Iterator<Item = Line> {
    quote.receipt.steps.iter().filter_map(|step| {
        let pays = step.pays.filter(|pays| !pays.amount.is_zero())?;
        let (kind, amount) = match pays.amount.is_negative() {
            true => (AccountLineKind::Credit, -pays.amount),
            false => (AccountLineKind::Charge, pays.amount),
        };
        Some(Line {
            kind,
            payer: pays.payer,
            amount,
            rule_id: step.rule_id.clone(),
            on: None,
            payment: None,
            refund: None,
        })
    })
}

fn of_payment(paid: &Paid) -> Vec<Line> {
    let booked = |line| Line { on: Some(paid.on), payment: Some(paid.id), ..line };
    let mut lines: Vec<Line> = charges(&paid.quote).chain(credits(paid)).map(booked).collect();
    if let Some(refund) = &paid.refund {
        let reversals: Vec<Line> = lines.iter().filter_map(|line| reversal(line, refund)).collect();
        lines.extend(reversals);
    }
    lines
}

/// What the person paid, what a prepayment took over (J-3.3.3-b), and what the government paid in the person's place.
fn credits(paid: &Paid) -> impl Iterator<Item = Line> {
    let receipt = &paid.quote.receipt;
    let rule = |payer| {
        let step = receipt.steps.iter().find(|step: &&Step| step.pays.is_some_and(|pays| pays.payer == payer));
        step.map_or(Cow::Borrowed("J-3.3.6-a"), |step| step.rule_id.clone())
    };
    let prepaid = match paid.method {
        PaymentMethod::Prepayment => (receipt.total(Payer::Person) - paid.amount).above(Fen::ZERO),
        _ => Fen::ZERO,
    };
    [
        (Payer::Person, paid.amount, rule(Payer::Person)),
        (Payer::Person, prepaid, Cow::Borrowed("J-3.3.3-b")),
        (Payer::PremiumSubsidy, receipt.total(Payer::PremiumSubsidy), rule(Payer::PremiumSubsidy)),
    ]
    .into_iter()
    .filter(|(_, amount, _)| !amount.is_zero())
    .map(|(payer, amount, rule_id)| Line {
        kind: AccountLineKind::Credit,
        payer,
        amount,
        rule_id,
        on: None,
        payment: None,
        refund: None,
    })
}

/// What a refund takes back of a line. The money of the person is the person's again from the decision on, and gone from
/// the account when it is paid back; whatever was no money falls away with the decision.
fn reversal(line: &Line, refund: &Refund) -> Option<Line> {
    let cash = line.payer == Payer::Person && line.rule_id != "J-3.3.3-b";
    let (kind, on) = match line.kind {
        AccountLineKind::Charge => (AccountLineKind::ChargeReversed, refund.on),
        AccountLineKind::Credit if cash => (AccountLineKind::CreditReversed, refund.repaid_on?),
        AccountLineKind::Credit => (AccountLineKind::CreditReversed, refund.on),
        AccountLineKind::ChargeReversed | AccountLineKind::CreditReversed => return None,
    };
    Some(Line {
        kind,
        amount: -line.amount,
        rule_id: refund.rule_id.clone(),
        on: Some(on),
        refund: Some(refund.id),
        ..line.clone()
    })
}

/// The balance of every payer that has a line: the sums of the lines.
#[must_use]
pub fn balances<'a>(lines: impl IntoIterator<Item = &'a Line>) -> BTreeMap<Payer, Balance> {
    let mut balances = BTreeMap::<Payer, Balance>::new();
    for line in lines {
        let balance = balances.entry(line.payer).or_default();
        match line.kind {
            AccountLineKind::Charge | AccountLineKind::ChargeReversed => balance.charged += line.amount,
            AccountLineKind::Credit | AccountLineKind::CreditReversed => balance.credited += line.amount,
        }
    }
    balances
}

#[cfg(test)]
mod tests;
