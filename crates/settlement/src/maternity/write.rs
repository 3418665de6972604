//! Answers of registration to the wire.

use juyi_kit::wire::{instant, recorded_by};
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as pb;

use crate::store::maternity::{Benefit, Birth};

/// A pregnancy; without its id where it was only checked.
pub(super) fn registration(
    registered: &Birth,
    benefit: Option<&Benefit>,
    validate_only: bool,
) -> pb::MaternityRegistration {
    let birth = &registered.birth;
    pb::MaternityRegistration {
        registration_id: if validate_only { String::new() } else { registered.id.to_string() },
        resident_id: registered.resident_id.to_string(),
        conception_date: birth.conceived_on.to_string(),
        birth_registration_date: birth.registered_on.to_string(),
        desk_township: birth.desk_township.clone(),
        residence_township: birth.residence_township.clone().unwrap_or_default(),
        household_township: birth.household_township.clone().unwrap_or_default(),
        benefit: benefit.map(self::benefit),
        recorded_by: Some(recorded_by(&registered.recorded_by)),
        create_time: instant(registered.created_at),
    }
}

fn benefit(benefit: &Benefit) -> pb::MaternityBenefit {
    pb::MaternityBenefit {
        registration_date: benefit.registered_on.to_string(),
        desk: benefit.desk.to_wire(),
        provider_code: benefit.provider_code.clone().unwrap_or_default(),
        desk_township: benefit.desk_township.clone().unwrap_or_default(),
        reason: benefit.reason.clone(),
        recorded_by: Some(recorded_by(&benefit.recorded_by)),
        create_time: instant(benefit.created_at),
    }
}
