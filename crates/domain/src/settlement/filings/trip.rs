//! Short trips with an acute illness (J-10.1.2-a).

use serde::{Deserialize, Serialize};

use super::codes::TripReason;
use super::params::FilingParams;
use super::region::Region;
use crate::refusal::{Reason, Refusal, Refusals};

/// A short trip on which care was sought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trip {
    /// Why the person travelled.
    pub reason: TripReason,
    /// Where.
    pub region: Region,
    /// The papers of the institution show an acute illness; what illness is nobody's business here.
    pub acute: bool,
}

impl Trip {
    /// Checks the trip. What is refused is settled as care chosen by the person (J-10.3.2-d, -e).
    ///
    /// # Errors
    /// `RULE_NOT_DEFINED` for another reason than those printed, `EVIDENCE_NOT_ACCEPTED` without an acute illness,
    /// `VALUE_NOT_ALLOWED` for a trip inside the city.
    pub fn check(&self, params: &FilingParams) -> Result<(), Refusals> {
        let mut refusals = Refusals::default();
        let reasons = &params.trip_reasons;
        if !reasons.value.contains(&self.reason) {
            let refusal = Refusal::new(Reason::RuleNotDefined, "the reason of the trip is not named").at("reason");
            refusals.push(refusal.by(reasons.reference.rule_id.clone()));
        }
        if !self.acute {
            let detail = "the papers show no acute illness";
            refusals.push(Refusal::new(Reason::EvidenceNotAccepted, detail).at("acute").by("J-10.1.2-a"));
        }
        if !self.region.is_elsewhere() {
            let detail = "the place lies in the city";
            refusals.push(Refusal::new(Reason::ValueNotAllowed, detail).at("region").by("J-10.1.2-a"));
        }
        refusals.into_result()
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{params, reasons, region};
    use super::*;

    /// J-10.1.2-a: business, study or holiday, and an acute illness.
    #[test]
    fn a_trip_has_a_reason_and_an_acute_illness() {
        let trip = |reason, acute| Trip { reason, region: region("310000"), acute };
        for reason in [TripReason::Business, TripReason::Study, TripReason::Holiday] {
            assert_eq!(trip(reason, true).check(&params()), Ok(()));
        }
        let refused = reasons(&trip(TripReason::Other, false).check(&params()));
        assert_eq!(refused, [(Reason::RuleNotDefined, "J-10.1.2-a"), (Reason::EvidenceNotAccepted, "J-10.1.2-a")]);
        let local = Trip { region: region("120100"), ..trip(TripReason::Study, true) };
        assert_eq!(reasons(&local.check(&params())), [(Reason::ValueNotAllowed, "J-10.1.2-a")]);
    }
}
