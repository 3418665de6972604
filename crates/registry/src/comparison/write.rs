//! Answers to the wire.

use juyi_kit::wire::{instant, recorded_by};
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;

use crate::store::comparisons::Comparison;
use crate::store::findings::Finding;

pub(super) fn comparison(comparison: &Comparison) -> pb::Comparison {
    let count = |(kind, count): (&juyi_domain::codes::FindingKind, &i64)| pb::FindingCount {
        kind: kind.to_wire(),
        count: *count,
    };
    pb::Comparison {
        comparison_id: comparison.id.to_string(),
        roster_id: comparison.roster_id.clone(),
        kind: comparison.kind.to_wire(),
        district: comparison.district.to_string(),
        policy_year: comparison.policy_year,
        listed: comparison.listed,
        matched: comparison.matched,
        not_enrolled: comparison.not_enrolled,
        findings: comparison.findings.iter().map(count).collect(),
        opened: comparison.opened,
        cleared: comparison.cleared,
        create_time: instant(comparison.created_at),
        recorded_by: Some(recorded_by(&comparison.recorded_by)),
    }
}

pub(super) fn finding(finding: &Finding) -> pb::Finding {
    let found = &finding.found;
    pb::Finding {
        finding_id: finding.id.to_string(),
        kind: found.kind.to_wire(),
        state: finding.state.to_wire(),
        district: finding.district.to_string(),
        policy_year: finding.policy_year,
        roster_kind: finding.roster_kind.to_wire(),
        roster_id: finding.roster_id.clone(),
        identity_number: found.identity_number.clone(),
        name: found.name.clone(),
        resident_id: found.resident_id.clone().unwrap_or_default(),
        township: found.township.clone().unwrap_or_default(),
        detail: found.detail.clone(),
        remedy: found.remedy.clone(),
        rule_id: found.rule_id.clone(),
        resolution: finding.resolution.clone(),
        create_time: instant(finding.created_at),
        update_time: instant(finding.updated_at),
        reopened: finding.reopened,
        etag: finding.revision.to_string(),
    }
}
