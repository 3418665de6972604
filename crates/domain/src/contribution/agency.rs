//! The agency collection system (代办系统): program and security key with which a unit declares (J-3.3.1-a).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::declaration::{DeclarationParams, Declarer};
use crate::codes::{UnknownCode, codes};
use crate::refusal::{Reason, Refusal};

codes! {
    /// How far a unit's request is.
    AgencyState {
        /// Asked of the tax authority.
        Requested = "REQUESTED",
        /// Program and key were issued.
        Granted = "GRANTED",
    }
}

/// Whether a unit may ask: after it has registered people at the branch.
///
/// # Errors
/// `ORDER_VIOLATION`.
pub fn request(has_registered: bool) -> Result<(), Refusal> {
    if has_registered {
        return Ok(());
    }
    let detail = "a unit asks for the collection system after it has registered its people at the district branch";
    Err(Refusal::new(Reason::OrderViolation, detail).at("unit_id").by("J-3.3.1-a"))
}

/// Whether the tax authority may issue a key, which it does once, to a unit that asked. `issued` is the serial number of
/// the key that the unit holds.
///
/// # Errors
/// `ORDER_VIOLATION` without a request, or for a second key.
pub fn grant(state: Option<AgencyState>, issued: Option<&str>, serial_number: &str) -> Result<(), Refusal> {
    let detail = match (state, issued) {
        (None, _) => "the unit did not ask for the collection system",
        (Some(_), Some(issued)) if issued != serial_number => "the unit holds another key",
        (Some(_), _) => return Ok(()),
    };
    Err(Refusal::new(Reason::OrderViolation, detail).at("unit_id").by("J-3.3.1-a"))
}

/// Whether a unit may declare: an institution after the system was granted, where one is printed; villages use their
/// township's, authorities have none.
///
/// # Errors
/// `ORDER_VIOLATION`.
pub fn require_granted(
    declarer: Declarer,
    state: Option<AgencyState>,
    params: &DeclarationParams,
) -> Result<(), Refusal> {
    let needed = params.agency_system.as_ref().filter(|needed| needed.value && declarer == Declarer::Institution);
    match needed.filter(|_| state != Some(AgencyState::Granted)) {
        None => Ok(()),
        Some(needed) => {
            let detail = "a unit declares with the collection system; the tax authority has not granted it";
            let refusal = Refusal::new(Reason::OrderViolation, detail).at("unit_id");
            Err(refusal.by(needed.reference.rule_id.clone()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::declaration::fixtures::{baodi_2017, tianjin_2021};
    use super::*;

    /// J-3.3.1-a: institutions of 2021 declare with a system that was granted, nobody else needs one.
    #[test]
    fn an_institution_declares_with_the_system() {
        let (asked, granted) = (Some(AgencyState::Requested), Some(AgencyState::Granted));
        for state in [None, asked] {
            let refusal = require_granted(Declarer::Institution, state, &tianjin_2021()).unwrap_err();
            assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::OrderViolation, Some("J-3.3.1-a")));
            assert_eq!(require_granted(Declarer::Village, state, &tianjin_2021()), Ok(()));
            assert_eq!(require_granted(Declarer::Authority, state, &tianjin_2021()), Ok(()));
            assert_eq!(require_granted(Declarer::Institution, state, &baodi_2017()), Ok(()));
        }
        assert_eq!(require_granted(Declarer::Institution, granted, &tianjin_2021()), Ok(()));
    }

    /// J-3.3.1-a: registration, request, key.
    #[test]
    fn the_key_follows_the_request_and_the_request_the_registration() {
        assert_eq!(request(true), Ok(()));
        let refusal = request(false).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::OrderViolation, Some("J-3.3.1-a")));
        assert_eq!(grant(None, None, "K-1").unwrap_err().reason, Reason::OrderViolation);
        assert_eq!(grant(Some(AgencyState::Requested), None, "K-1"), Ok(()));
        assert_eq!(grant(Some(AgencyState::Granted), Some("K-1"), "K-1"), Ok(()));
        assert_eq!(grant(Some(AgencyState::Granted), Some("K-1"), "K-2").unwrap_err().reason, Reason::OrderViolation);
    }
}
