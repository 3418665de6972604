//! Settlement at the point of care needs an active card (J-6.1-a).

use super::codes::CardState;
use super::params::ClaimParams;
use crate::refusal::{Reason, Refusal};

/// Whether a bill can be settled at the provider. Without a word about the card the provider vouches for it by settling.
///
/// # Errors
/// `EVIDENCE_NOT_ACCEPTED` for a card that is not active, with metadata `route`: the person pays and claims
/// (J-6.2.1.1-a, J-6.2.1.1-d).
pub fn require_active(card: Option<CardState>, params: &ClaimParams) -> Result<(), Refusal> {
    match &params.card_at_provider {
        Some(rule) if rule.value && card == Some(CardState::NotActive) => {
            let detail = "the card is not active: the person pays the bill and files a self-paid claim";
            Err(Refusal::new(Reason::EvidenceNotAccepted, detail)
                .at("card_state")
                .by(rule.reference.rule_id.clone())
                .with("route", "SELF_PAID_CLAIM"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{baodi_2017, tianjin_2021};
    use super::*;

    /// J-6.1-a: card not active: self-paid route. B-6.1.1-a speaks of designated institutions and of no card.
    #[test]
    fn a_card_that_is_not_active_takes_the_self_paid_route() {
        let law = tianjin_2021();
        for card in [None, Some(CardState::Active)] {
            assert_eq!(require_active(card, &law), Ok(()));
        }
        let refusal = require_active(Some(CardState::NotActive), &law).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::EvidenceNotAccepted, Some("J-6.1-a")));
        assert_eq!(refusal.metadata, [("route", "SELF_PAID_CLAIM".to_owned())]);
        assert_eq!(require_active(Some(CardState::NotActive), &baodi_2017()), Ok(()));
    }
}
