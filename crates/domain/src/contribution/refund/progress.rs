//! The steps of a refund and their order (J-3.5-b): the tax office accepts and verifies, the social insurance agency
//! pays back.

use super::params::RefundParams;
use crate::codes::{Office, RefundState};
use crate::effective::Effective;
use crate::money::Fen;
use crate::refusal::{Reason, Refusal};

/// True when nothing more is to be done. A refund of 0 ends with its verification.
#[must_use]
pub fn is_closed(state: RefundState, refund: Fen) -> bool {
    match state {
        RefundState::Accepted => false,
        RefundState::Verified => refund.is_zero(),
        RefundState::Rejected | RefundState::Repaid => true,
    }
}

/// Whether the tax office may decide now.
///
/// # Errors
/// `ORDER_VIOLATION` for a refund that is decided already (J-3.5-b).
pub fn require_undecided(state: RefundState) -> Result<(), Refusal> {
    if state == RefundState::Accepted {
        return Ok(());
    }
    Err(violation(state, "a refund is verified once, after it was accepted"))
}

/// Whether the agency may pay back now.
///
/// # Errors
/// `ORDER_VIOLATION` for a refund that is not verified, is rejected, or comes to nothing (J-3.5-b).
pub fn require_verified(state: RefundState, refund: Fen) -> Result<(), Refusal> {
    match state {
        RefundState::Verified if !refund.is_zero() => Ok(()),
        RefundState::Verified => Err(violation(state, "the refund comes to 0; nothing is paid back")),
        _ => Err(violation(state, "a refund is paid back after the tax office verified it")),
    }
}

/// The offices that pay back.
///
/// # Errors
/// The gap of a year that names none.
pub fn repaid_by(params: &RefundParams) -> Result<&Effective<Vec<Office>>, Refusal> {
    params.repaid_by.as_ref().map_err(|gap| gap.clone().into())
}

fn violation(state: RefundState, detail: &str) -> Refusal {
    Refusal::new(Reason::OrderViolation, format!("{detail}; it is {state}"))
        .at("refund_id")
        .with("state", state)
        .by("J-3.5-b")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// J-3.5-b: accept, verify, pay back, in this order.
    #[test]
    fn the_steps_have_one_order() {
        use RefundState::{Accepted, Rejected, Repaid, Verified};
        let due = Fen::yuan(560);
        let may = |state| (require_undecided(state).is_ok(), require_verified(state, due).is_ok());
        assert_eq!(may(Accepted), (true, false));
        assert_eq!(may(Verified), (false, true));
        assert_eq!(may(Rejected), (false, false));
        assert_eq!(may(Repaid), (false, false));
        let refusal = require_verified(Accepted, due).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::OrderViolation, Some("J-3.5-b")));
    }

    /// J-3.5-a, J-3.5-b: a refund of 0 is verified and never paid.
    #[test]
    fn a_refund_of_nothing_ends_with_its_verification() {
        assert!(is_closed(RefundState::Verified, Fen::ZERO) && !is_closed(RefundState::Verified, Fen::yuan(1)));
        assert!(require_verified(RefundState::Verified, Fen::ZERO).is_err());
        assert!(!is_closed(RefundState::Accepted, Fen::ZERO));
    }
}
