//! Institutions that work together with the receiving one (J-10.3.2-c, AMB-074).

use serde::{Deserialize, Serialize};

use super::codes::Arrangement;
use crate::refusal::{Reason, Refusal, Refusals};

/// A documented relation between a receiving institution and a partner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partnership {
    /// Institution that receives transfers.
    pub receiving_code: String,
    /// Its partner.
    pub partner_code: String,
    /// How they work together.
    pub arrangement: Arrangement,
    /// Number of the agreement that documents it.
    pub document_number: String,
}

impl Partnership {
    /// Checks that the relation is documented, and between two institutions.
    ///
    /// # Errors
    /// `EVIDENCE_NOT_ACCEPTED`, `VALUE_NOT_ALLOWED`.
    pub fn check(&self) -> Result<(), Refusals> {
        let mut refusals = Refusals::default();
        if self.document_number.is_empty() {
            let refusal = Refusal::new(Reason::EvidenceNotAccepted, "the relation is not documented");
            refusals.push(refusal.at("document_number").by("J-10.3.2-c"));
        }
        if self.receiving_code == self.partner_code {
            let refusal = Refusal::new(Reason::ValueNotAllowed, "an institution is not its own partner");
            refusals.push(refusal.at("partner_code").by("J-10.3.2-c"));
        }
        refusals.into_result()
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::reasons;
    use super::*;

    /// J-10.3.2-c: a relation that is not documented is none.
    #[test]
    fn a_relation_is_documented() {
        let sound = Partnership {
            receiving_code: "H1".to_owned(),
            partner_code: "H2".to_owned(),
            arrangement: Arrangement::TieredCare,
            document_number: "agreement-7".to_owned(),
        };
        assert_eq!(sound.check(), Ok(()));
        let bare = Partnership { document_number: String::new(), partner_code: "H1".to_owned(), ..sound };
        let expected = [(Reason::EvidenceNotAccepted, "J-10.3.2-c"), (Reason::ValueNotAllowed, "J-10.3.2-c")];
        assert_eq!(reasons(&bare.check()), expected);
    }
}
