//! Declarations: a unit, a village or an authority declares its registered people and pays for all of them at once
//! (J-3.3.1-b to -e, J-3.3.2-b, B-7.3.1-a).
//!
//! [`declarer`] says who declares for whom, [`line`](mod@line) what becomes of one person, [`total`] what the unit owes,
//! [`payment`] how it pays, [`exception`] what becomes of money for whom no payment could be confirmed.

pub mod declarer;
pub mod exception;
pub mod line;
pub mod payment;
pub mod total;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::codes::{UnknownCode, codes};
use crate::effective::{Effective, Gap};
use crate::refusal::{Reason, Refusal};

codes! {
    /// How far a declaration is.
    DeclarationState {
        /// Its people are being counted; it goes on by itself.
        Counting = "COUNTING",
        /// Counted, waits for its payment.
        Declared = "DECLARED",
        /// Paid; the payments of its people are being confirmed, which goes on by itself.
        Paying = "PAYING",
        /// Everybody's payment is confirmed or set aside with its reason.
        Paid = "PAID",
        /// Taken back before it was paid.
        Withdrawn = "WITHDRAWN",
        /// Refused when it was counted to its end after the call had left; who asks again is told why.
        Refused = "REFUSED",
    }
    /// Who declares.
    Declarer {
        /// School, nursery, welfare institution or facility (J-3.3.1-b).
        Institution = "INSTITUTION",
        /// Administrative village, through its township (J-3.3.2-b).
        Village = "VILLAGE",
        /// Authority of special persons (J-3.3.1-e).
        Authority = "AUTHORITY",
    }
    /// What became of one person of a declaration.
    DeclarationLineState {
        /// Declared, waits for the payment.
        Declared = "DECLARED",
        /// Left out of the declaration.
        LeftOut = "LEFT_OUT",
        /// The payment is confirmed.
        Confirmed = "CONFIRMED",
        /// The unit paid, and the payment could not be confirmed for this person.
        Exception = "EXCEPTION",
        /// The declaration was taken back.
        Withdrawn = "WITHDRAWN",
        /// The unit's money for the person went back to it.
        Returned = "RETURNED",
    }
    /// Why a person was left out or became an exception.
    DeclarationLineReason {
        /// The enrolment is paid.
        AlreadyPaid = "ALREADY_PAID",
        /// The enrolment is settled by a prepayment (J-3.2.1-c).
        Prepaid = "PREPAID",
        /// Another declaration that is not paid yet names the enrolment.
        DeclaredElsewhere = "DECLARED_ELSEWHERE",
        /// Special persons are declared by their authority (J-3.3.1-e).
        DeclaredByAuthority = "DECLARED_BY_AUTHORITY",
        /// Died.
        Died = "DIED",
        /// No premium can be told for the enrolment.
        NotQuoted = "NOT_QUOTED",
        /// The registry knows the enrolment no more.
        NotEnrolled = "NOT_ENROLLED",
        /// The payment of the enrolment was refunded because the person withdrew, who pays alone or not at all.
        Refunded = "REFUNDED",
        /// Another amount is due than was declared.
        AmountChanged = "AMOUNT_CHANGED",
        /// A payment of that day opens no coverage.
        OpensNoCoverage = "OPENS_NO_COVERAGE",
        /// Money that a unit paid for the enrolment before is neither used for it nor returned.
        OpenException = "OPEN_EXCEPTION",
        /// The enrolment moved to another district after the declaration.
        Moved = "MOVED",
    }
}

/// What the law prints of declarations.
#[derive(Clone, Debug, PartialEq)]
pub struct DeclarationParams {
    /// True where an institution declares with the collection system that the tax authority granted (J-3.3.1-a); `None`
    /// where nothing is said of one (2017).
    pub agency_system: Option<Effective<bool>>,
    /// True where authorities declare special persons (J-3.3.1-e); not printed for 2017, which enrols them free of
    /// charge.
    pub by_authority: Result<Effective<bool>, Gap>,
}

impl DeclarationState {
    /// A declaration is paid once, after it was counted (J-3.3.1-c).
    ///
    /// # Errors
    /// `DUPLICATE_PAYMENT` when it is paid, `ORDER_VIOLATION` when it is not counted yet or was taken back.
    pub fn require_payable(self) -> Result<(), Refusal> {
        let (reason, detail) = match self {
            Self::Declared => return Ok(()),
            Self::Paying | Self::Paid => (Reason::DuplicatePayment, "the declaration is paid"),
            Self::Counting => (Reason::OrderViolation, "the people of the declaration are still being counted"),
            Self::Withdrawn => (Reason::OrderViolation, "the declaration was taken back"),
            Self::Refused => (Reason::OrderViolation, "the declaration was refused"),
        };
        Err(Refusal::new(reason, detail).at("declaration_id").with("state", self).by("J-3.3.1-c"))
    }

    /// A declaration is taken back before it is paid.
    ///
    /// # Errors
    /// `ORDER_VIOLATION`.
    pub fn require_withdrawable(self) -> Result<(), Refusal> {
        if self == Self::Declared {
            return Ok(());
        }
        let detail = "a declaration is taken back after it was counted and before it is paid";
        Err(Refusal::new(Reason::OrderViolation, detail).at("declaration_id").with("state", self))
    }

    /// The bank issues the electronic tax receipt for a payment that was made (J-3.3.1-d).
    ///
    /// # Errors
    /// `ORDER_VIOLATION` before the payment.
    pub fn require_receipt_due(self) -> Result<(), Refusal> {
        if matches!(self, Self::Paying | Self::Paid) {
            return Ok(());
        }
        let detail = "the bank issues its receipt after the payment";
        Err(Refusal::new(Reason::OrderViolation, detail).at("declaration_id").with("state", self).by("J-3.3.1-d"))
    }
}

#[cfg(test)]
pub(crate) mod fixtures {
    use super::*;

    pub(crate) fn tianjin_2021() -> DeclarationParams {
        DeclarationParams {
            agency_system: Some(Effective::printed(true, "J-3.3.1-a")),
            by_authority: Ok(Effective::printed(true, "J-3.3.1-e")),
        }
    }

    pub(crate) fn baodi_2017() -> DeclarationParams {
        let rule_id = "B-7.3.3-a".into();
        DeclarationParams {
            agency_system: None,
            by_authority: Err(Gap { parameter: "declaration".into(), rule_id, configurable: false }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// J-3.3.1-c: one payment, and none before the declaration.
    #[test]
    fn a_declaration_is_paid_once() {
        let reason = |state: DeclarationState| state.require_payable().err().map(|refusal| refusal.reason);
        assert_eq!(reason(DeclarationState::Declared), None);
        for state in [DeclarationState::Paying, DeclarationState::Paid] {
            assert_eq!(reason(state), Some(Reason::DuplicatePayment));
        }
        for state in [DeclarationState::Counting, DeclarationState::Withdrawn, DeclarationState::Refused] {
            assert_eq!(reason(state), Some(Reason::OrderViolation));
        }
    }

    /// J-3.3.1-d: the receipt follows the payment; what is paid is not taken back.
    #[test]
    fn receipt_and_withdrawal_have_their_time() {
        for state in DeclarationState::ALL {
            let paid = matches!(state, DeclarationState::Paying | DeclarationState::Paid);
            assert_eq!(state.require_receipt_due().is_ok(), paid, "{state}");
            assert_eq!(state.require_withdrawable().is_ok(), *state == DeclarationState::Declared, "{state}");
        }
    }
}
