//! Residents and facts to the wire.

use chrono::NaiveDate;
use juyi_domain::registry::circumstances::Circumstances;
use juyi_kit::wire::{instant, recorded_by};
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;

use super::fact;
use crate::store::facts::RecordedFact;
use crate::store::residents::Resident;

pub(crate) fn resident(resident: &Resident, facts: &[RecordedFact], today: NaiveDate) -> pb::Resident {
    let history: Vec<_> = facts.iter().map(|recorded| recorded.dated.clone()).collect();
    let Circumstances { registration, residence, .. } = Circumstances::on(&history, today);
    let (registration, residence) = (registration.as_ref(), residence.as_ref());
    let text = |text: Option<&String>| text.cloned().unwrap_or_default();
    pb::Resident {
        resident_id: resident.id.to_string(),
        identity_number: resident.identity_number.clone(),
        name: resident.name.clone(),
        birth_date: resident.born_on.to_string(),
        household_district: resident.household_district.map(|district| district.to_string()).unwrap_or_default(),
        residence_district: resident.residence_district.to_string(),
        recorded_by: Some(recorded_by(&resident.recorded_by)),
        create_time: instant(resident.created_at),
        etag: resident.revision.to_string(),
        death_date: resident.died_on.map(|day| day.to_string()).unwrap_or_default(),
        household_area: registration.and_then(|registration| registration.area).map_or(0, Coded::to_wire),
        household_township: text(registration.and_then(|registration| registration.township.as_ref())),
        residence_township: text(residence.and_then(|residence| residence.township.as_ref())),
        address: text(residence.and_then(|residence| residence.address.as_ref())),
    }
}

pub(super) fn fact(recorded: &RecordedFact) -> pb::Fact {
    let last_on = recorded.dated.end_on.and_then(|day| day.pred_opt());
    pb::Fact {
        fact_id: recorded.id.to_string(),
        start_date: recorded.dated.start_on.to_string(),
        end_date: last_on.map(|day| day.to_string()).unwrap_or_default(),
        recorded_by: Some(recorded_by(&recorded.recorded_by)),
        create_time: instant(recorded.created_at),
        fact: Some(fact::write(&recorded.dated.fact)),
    }
}
