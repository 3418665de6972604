//! Rosters on the wire.

use juyi_domain::refusal::Reason;
use juyi_domain::registry::roster as domain;
use juyi_kit::context::Context;
use juyi_kit::wire::{instant, recorded_by};
use juyi_proto::code::Coded;
use juyi_proto::common::v1::Condition;
use juyi_proto::registry::v1 as pb;

use crate::store::roster_rows::{Ground, Outcome};
use crate::store::rosters::{Counts, Roster};

pub(super) fn roster(context: &Context, roster: &Roster) -> pb::Roster {
    let Counts { received, accepted, added, unchanged, changed, duplicate, rejected, departed } = roster.counts;
    let law = context.policy().for_(roster.district, roster.policy_year, roster.as_of_on).ok();
    let set = law.as_ref().and_then(|law| domain::find(roster.kind, &law.data_sets).ok());
    let supplied_by = set.and_then(|set| set.supplied_by.as_ref());
    pb::Roster {
        header: Some(pb::RosterHeader {
            roster_id: roster.roster_id.clone(),
            kind: roster.kind.to_wire(),
            district: roster.district.to_string(),
            policy_year: roster.policy_year,
            as_of_date: roster.as_of_on.to_string(),
            complete: roster.complete,
            unit_id: roster.unit_id.clone(),
            desk: roster.desk.map_or(0, Coded::to_wire),
            ..Default::default()
        }),
        counts: Some(pb::RosterCounts {
            received,
            accepted,
            new: added,
            unchanged,
            changed,
            duplicate,
            rejected,
            left: departed,
        }),
        collected_by: Some(recorded_by(&roster.recorded_by)),
        supplied_by: supplied_by.map(|authority| authority.value.clone()).unwrap_or_default(),
        previous_roster_id: roster.previous_roster_id.clone(),
        create_time: instant(roster.created_at),
        applied: roster.applied,
    }
}

pub(super) fn outcome(row: Outcome) -> pb::RosterRowOutcome {
    pb::RosterRowOutcome {
        row_number: row.row_number,
        row: Some(row.content.into_wire(row.identity_number)),
        disposition: row.disposition.to_wire(),
        reasons: row.grounds.into_iter().map(condition).collect(),
        resident_id: row.resident_id.map(|id| id.to_string()).unwrap_or_default(),
    }
}

fn condition(ground: Ground) -> Condition {
    let reason = Reason::ALL.iter().find(|reason| reason.code() == ground.reason);
    Condition {
        message: reason.map(|reason| reason.message_zh().to_owned()).unwrap_or_default(),
        reason: ground.reason,
        rule_id: ground.rule_id,
        detail: ground.detail,
        ..Condition::default()
    }
}
