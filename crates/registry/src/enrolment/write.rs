//! Enrolments to the wire.

use chrono::NaiveDate;
use juyi_kit::wire::{instant, receipt, recorded_by};
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;

use crate::store::enrolments::Enrolment;

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
        unit_id: enrolment.unit_id.clone().unwrap_or_default(),
        township: enrolment.township.clone().unwrap_or_default(),
        count_group: enrolment.count_group.to_wire(),
        desk_township: enrolment.desk_township.clone().unwrap_or_default(),
        payment_date: enrolment.paid_on.as_ref().map(NaiveDate::to_string).unwrap_or_default(),
    }
}
