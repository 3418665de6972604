//! Vouchers of the tax side, each used for one purpose for ever.

use std::str::FromStr;

use juyi_db::{Session, Value, args};
use juyi_domain::codes::PaymentMethod;
use juyi_domain::id::PaymentId;
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
}

impl Purpose {
    const ALL: [Self; 5] = [Self::Payment, Self::Declaration, Self::Subsidy, Self::Deduction, Self::Prepayment];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Payment => "PAYMENT",
            Self::Declaration => "DECLARATION",
            Self::Subsidy => "SUBSIDY",
            Self::Deduction => "DEDUCTION",
            Self::Prepayment => "PREPAYMENT",
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
            (PaymentMethod::GovernmentSubsidy, _) => (Purpose::Subsidy, String::new()),
            (PaymentMethod::PensionDeduction, _) => (Purpose::Deduction, String::new()),
            (PaymentMethod::Prepayment, _) => (Purpose::Prepayment, payment.resident_id.to_string()),
            (_, Some(declaration_id)) => (Purpose::Declaration, declaration_id.to_string()),
            (_, None) => (Purpose::Payment, payment.id.to_string()),
        };
        Self { purpose, subject_id }
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
    let payment_id: PaymentId = row.parse("payment_id")?;
    let refusal = Refusal::new(Reason::DuplicatePayment, "this voucher confirmed another payment");
    Ok(Some(refusal.at("voucher_number").with("payment_id", payment_id)))
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
