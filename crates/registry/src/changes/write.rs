//! Answers about changes.

use chrono::NaiveDate;
use juyi_db::Session;
use juyi_domain::id::ResidentId;
use juyi_domain::registry::facts::Residence;
use juyi_kit::error::Error;
use juyi_kit::wire::{receipt, recorded_by};
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;

use crate::residents;
use crate::store::changes::Change;
use crate::store::facts;

/// The resident after a change, with the version that the next change has to name.
pub(super) async fn resident(session: &mut Session, id: ResidentId, today: NaiveDate) -> Result<pb::Resident, Error> {
    let resident = residents::find(session, id).await?;
    let facts = facts::history(session, id).await?;
    Ok(residents::to_wire(&resident, &facts, today))
}

pub(super) fn change(change: &Change) -> pb::Change {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let (old_name, new_name) = change.name.clone().unwrap_or_default();
    let (old_identity_number, new_identity_number) = change.identity_number.clone().unwrap_or_default();
    let residences = change.residence.as_ref();
    pb::Change {
        change_id: change.id.to_string(),
        resident_id: change.resident_id.to_string(),
        kind: change.kind.to_wire(),
        state: change.state.to_wire(),
        desk: change.desk.to_wire(),
        old_name,
        new_name,
        old_identity_number,
        new_identity_number,
        old_residence: residences.map(|(old, _)| residence(old)),
        new_residence: residences.map(|(_, new)| residence(new)),
        proof: change.proof.clone(),
        filing_date: change.filed_on.to_string(),
        registry_change_date: day(change.changed_on),
        tax_change_date: day(change.tax_changed_on),
        return_reason: change.return_reason.clone().unwrap_or_default(),
        filed_by: Some(recorded_by(&change.filed_by)),
        decided_by: change.decided_by.as_ref().map(recorded_by),
        receipt: Some(receipt(&change.receipt)),
    }
}

fn residence(residence: &Residence) -> pb::Residence {
    pb::Residence {
        district: residence.district.to_string(),
        township: residence.township.clone().unwrap_or_default(),
        address: residence.address.clone().unwrap_or_default(),
    }
}
