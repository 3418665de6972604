//! Answers to the wire.

use juyi_domain::assistance::year::AidOutcome;
use juyi_kit::wire::receipt;
use juyi_proto::assistance::v1 as pb;

use crate::store::aids::Aid;

pub(crate) fn outcome(outcome: &AidOutcome) -> pb::AidOutcome {
    pb::AidOutcome {
        settlement_id: outcome.id.to_string(),
        medical_fen: outcome.medical.get(),
        veterans_fen: outcome.veterans.get(),
        base_after_fen: outcome.base_after.get(),
        receipt: Some(receipt(&outcome.receipt)),
    }
}

pub(crate) fn aid(aid: &Aid) -> pb::Aid {
    pb::Aid {
        settlement_id: aid.settlement_id.to_string(),
        policy_year: aid.policy_year,
        service_date: aid.service_on.to_string(),
        medical_fen: aid.medical.get(),
        veterans_fen: aid.veterans.get(),
    }
}
