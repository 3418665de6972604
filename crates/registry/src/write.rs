//! Answers to the wire.

use chrono::NaiveDate;
use juyi_kit::wire::{instant, receipt, recorded_by};
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;

use crate::store::enrolments::Enrolment;
use crate::store::identities::IdentityPeriod;
use crate::store::residents::Resident;

pub(crate) fn resident(resident: &Resident) -> pb::Resident {
    pb::Resident {
        resident_id: resident.id.to_string(),
        identity_number: resident.identity_number.clone(),
        name: resident.name.clone(),
        birth_date: resident.born_on.to_string(),
        household_district: resident.household_district.map(|district| district.to_string()).unwrap_or_default(),
        residence_district: resident.residence_district.to_string(),
        recorded_by: Some(recorded_by(&resident.recorded_by)),
        create_time: instant(resident.created_at),
        ..Default::default()
    }
}

pub(crate) fn identity(period: &IdentityPeriod) -> pb::IdentityPeriod {
    pb::IdentityPeriod {
        identity_id: period.id.to_string(),
        identity: period.identity.to_wire(),
        start_date: period.start_on.to_string(),
        end_date: period.end_on.and_then(|day| day.pred_opt()).map(|day| day.to_string()).unwrap_or_default(),
        asserted_by: Some(recorded_by(&period.recorded_by)),
        create_time: instant(period.created_at),
        ..Default::default()
    }
}

pub(crate) fn enrolment(enrolment: &Enrolment) -> pb::Enrolment {
    let previous_year = match enrolment.previous_year_insured {
        None => pb::PreviousYear::Unspecified,
        Some(true) => pb::PreviousYear::Insured,
        Some(false) => pb::PreviousYear::NotInsured,
    };
    pb::Enrolment {
        enrolment_id: enrolment.id.to_string(),
        resident_id: enrolment.resident_id.to_string(),
        policy_year: enrolment.policy_year,
        district: enrolment.district.to_string(),
        category: enrolment.category.to_wire(),
        class: enrolment.class.to_wire(),
        tier: enrolment.tier.to_wire(),
        desk: enrolment.desk.to_wire(),
        window: enrolment.window.to_wire(),
        application_date: enrolment.applied_on.to_string(),
        previous_year: previous_year.into(),
        interruption_date: enrolment.interrupted_on.as_ref().map(NaiveDate::to_string).unwrap_or_default(),
        receipt: Some(receipt(&enrolment.receipt)),
        recorded_by: Some(recorded_by(&enrolment.recorded_by)),
        create_time: instant(enrolment.created_at),
        ..Default::default()
    }
}
