//! Vouchers of the tax side, each used for one purpose for ever.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use juyi_db::{Session, Value, args};
use juyi_domain::codes::PaymentMethod;
use juyi_domain::id::{DeclarationId, PaymentId, PrepaymentId, RefundId, ResidentId};
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::error::Error;

use super::payments::Payment;

juyi_db::statements! {
    INSERT = "INSERT INTO voucher (voucher_number, purpose, subject_id, resident_id, payment_id, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    SELECT = "SELECT purpose, subject_id, payment_id FROM voucher WHERE voucher_number = $1";
}

/// What a voucher is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// One payment of money.
    Payment,
    /// The single payment of a unit, for all whom it declares.
    Declaration,
    /// What the treasury pays, for any number of persons.
    Subsidy,
    /// What the agency deducts, for any number of persons.
    Deduction,
    /// What one student prepays, for several years.
    Prepayment,
    /// What goes back to a unit, for any number of people of one declaration.
    Return,
    /// What the agency pays back.
    Refund,
}

impl Purpose {
    const ALL: [Self; 7] = [
        Self::Payment,
        Self::Declaration,
        Self::Subsidy,
        Self::Deduction,
        Self::Prepayment,
        Self::Return,
        Self::Refund,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Payment => "PAYMENT",
            Self::Declaration => "DECLARATION",
            Self::Subsidy => "SUBSIDY",
            Self::Deduction => "DEDUCTION",
            Self::Prepayment => "PREPAYMENT",
            Self::Return => "RETURN",
            Self::Refund => "REFUND",
        }
    }
}

impl FromStr for Purpose {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == text).ok_or(())
    }
}

/// A use of a voucher. Uses with the same purpose and subject are one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    purpose: Purpose,
    subject_id: String,
}

impl Use {
    /// The use that a payment makes of its voucher.
    #[must_use]
    pub fn of(payment: &Payment) -> Self {
        let (purpose, subject_id) = match (payment.method, payment.declaration_id) {
            // Whatever its people owe or not, the declaration has one voucher.
            (_, Some(declaration_id)) => (Purpose::Declaration, declaration_id.to_string()),
            (PaymentMethod::GovernmentSubsidy, None) => (Purpose::Subsidy, String::new()),
            (PaymentMethod::PensionDeduction, None) => (Purpose::Deduction, String::new()),
            (_, None) => (Purpose::Payment, payment.id.to_string()),
        };
        Self { purpose, subject_id }
    }

    /// The use that every deduction makes of its voucher, known before there is a payment.
    #[must_use]
    pub fn of_deductions() -> Self {
        Self { purpose: Purpose::Deduction, subject_id: String::new() }
    }

    /// The use that a prepayment makes of its voucher, for all years of its term.
    #[must_use]
    pub fn of_prepayment(id: PrepaymentId) -> Self {
        Self { purpose: Purpose::Prepayment, subject_id: id.to_string() }
    }

    /// The use that a repayment makes of the agency's voucher.
    #[must_use]
    pub fn of_refund(id: RefundId) -> Self {
        Self { purpose: Purpose::Refund, subject_id: id.to_string() }
    }

    /// The use that the payment of a declaration makes of its voucher, for all its people. The treasury's voucher pays for
    /// any number of declarations.
    #[must_use]
    pub fn of_declaration(id: DeclarationId, method: PaymentMethod) -> Self {
        match method {
            PaymentMethod::GovernmentSubsidy => Self { purpose: Purpose::Subsidy, subject_id: String::new() },
            _ => Self { purpose: Purpose::Declaration, subject_id: id.to_string() },
        }
    }

    /// The use that money makes of its voucher on its way back to a unit.
    #[must_use]
    pub fn of_return(id: DeclarationId) -> Self {
        Self { purpose: Purpose::Return, subject_id: id.to_string() }
    }
}

/// The refusal of a voucher that was used otherwise before; it names the payment.
///
/// # Errors
/// Those of the database.
pub async fn maybe_refusal(session: &mut Session, number: &str, intended: &Use) -> Result<Option<Refusal>, Error> {
    let Some(row) = session.maybe_row(SELECT, args![number]).await? else { return Ok(None) };
    let used = Use { purpose: row.parse("purpose")?, subject_id: row.text("subject_id")? };
    if used == *intended {
        return Ok(None);
    }
    let refusal = Refusal::new(Reason::DuplicatePayment, "this voucher confirmed another payment").at("voucher_number");
    Ok(Some(match used.purpose {
        Purpose::Declaration | Purpose::Return => refusal.with("declaration_id", used.subject_id),
        Purpose::Prepayment => refusal.with("prepayment_id", used.subject_id),
        Purpose::Refund => {
            let detail = "this voucher paid back another refund";
            Refusal::new(Reason::DuplicateRefund, detail).at("voucher_number").with("refund_id", used.subject_id)
        }
        _ => refusal.with("payment_id", row.parse::<PaymentId>("payment_id")?),
    }))
}

/// Uses the voucher of a declaration, before its people have their payments or when their money goes back. Of two at once
/// one is `Duplicate`.
///
/// # Errors
/// DUPLICATE_PAYMENT when it was used otherwise before; those of the database.
pub async fn claim_for_declaration(
    session: &mut Session,
    number: &str,
    intended: &Use,
    (id, now): (DeclarationId, DateTime<Utc>),
) -> Result<(), Error> {
    if session.maybe_row(SELECT, args![number]).await?.is_some() {
        return match maybe_refusal(session, number, intended).await? {
            Some(refusal) => Err(refusal.into()),
            None => Ok(()),
        };
    }
    // It is no single person's, and no single payment's.
    let row = args![number, intended.purpose.as_str(), intended.subject_id.as_str(), "", Value::text(id), now];
    session.execute(INSERT, row).await?;
    Ok(())
}

/// Uses a voucher of one person for something that is no payment, a prepayment or a repayment: once, but for the same use.
/// Of two at once one is `Duplicate`.
///
/// # Errors
/// DUPLICATE_PAYMENT when it was used otherwise before; those of the database.
pub async fn claim_use(
    session: &mut Session,
    number: &str,
    (intended, resident_id): (&Use, ResidentId),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    if let Some(refusal) = maybe_refusal(session, number, intended).await? {
        return Err(refusal.into());
    }
    if session.maybe_row(SELECT, args![number]).await?.is_some() {
        return Ok(());
    }
    let (purpose, subject) = (intended.purpose.as_str(), intended.subject_id.as_str());
    let row = args![number, purpose, subject, Value::text(resident_id), subject, now];
    session.execute(INSERT, row).await?;
    Ok(())
}

/// Uses the voucher of a payment. Of two at once one is `Duplicate`, and refused when it runs again.
///
/// # Errors
/// DUPLICATE_PAYMENT when it was used otherwise before; those of the database.
pub async fn claim(session: &mut Session, payment: &Payment) -> Result<(), Error> {
    let (number, intended) = (payment.voucher_number.as_str(), Use::of(payment));
    match session.maybe_row(SELECT, args![number]).await? {
        Some(_) => match maybe_refusal(session, number, &intended).await? {
            Some(refusal) => Err(refusal.into()),
            None => Ok(()),
        },
        None => {
            let row = args![
                number,
                intended.purpose.as_str(),
                intended.subject_id,
                Value::text(payment.resident_id),
                Value::text(payment.id),
                payment.created_at,
            ];
            session.execute(INSERT, row).await?;
            Ok(())
        }
    }
}
