//! Identities to the wire.

use juyi_kit::clock::day_in_china;
use juyi_kit::wire::{instant, recorded_by};
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;

use crate::store::identities::IdentityPeriod;

pub(crate) fn identity(period: &IdentityPeriod) -> pb::IdentityPeriod {
    pb::IdentityPeriod {
        identity_id: period.id.to_string(),
        identity: period.identity.to_wire(),
        start_date: period.start_on.to_string(),
        end_date: period.end_on.and_then(|day| day.pred_opt()).map(|day| day.to_string()).unwrap_or_default(),
        asserted_by: Some(recorded_by(&period.recorded_by)),
        create_time: instant(period.created_at),
        backdated: period.start_on < day_in_china(period.created_at),
        recognised_outside: period.recognised_outside,
        end_time: period.ended.as_ref().map(|ended| instant(ended.at)).unwrap_or_default(),
        ended_by: period.ended.as_ref().map(|ended| recorded_by(&ended.by)),
    }
}
