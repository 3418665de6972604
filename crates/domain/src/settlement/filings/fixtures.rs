//! The law of filings of 2021, and sound filings that the tests change.

use super::codes::{ClaimMode, FilingChannel, FilingPaper, ResidenceKind, TransferRoute, TripReason};
use super::institution::Institution;
use super::params::FilingParams;
use super::region::Region;
use super::residence::Residence;
use super::transfer::Transfer;
use crate::codes::ProviderLevel;
use crate::effective::{Effective, Gap};
use crate::refusal::{Reason, Refusals};

pub(super) fn params() -> FilingParams {
    let listed = [
        ResidenceKind::ResettledRetiree,
        ResidenceKind::LongTermResident,
        ResidenceKind::PostedStaff,
        ResidenceKind::StudentWithParents,
        ResidenceKind::StudentAtOrigin,
    ];
    let everybody = [&[ResidenceKind::Resettled], listed.as_slice()].concat();
    let trips = vec![TripReason::Business, TripReason::Study, TripReason::Holiday];
    FilingParams {
        self_paid_kinds: Effective::printed(everybody, "J-10.1.1-a"),
        direct_kinds: Effective::printed(listed.to_vec(), "J-10.2.1-a"),
        direct_channels: Effective::printed(FilingChannel::ALL.to_vec(), "J-10.2.1-b"),
        fewest_institutions: Effective::printed(1, "J-10.2.2-a"),
        most_institutions: Effective::printed(4, "J-10.2.2-a"),
        institution_level: Effective::printed(ProviderLevel::Two, "J-10.2.2-a"),
        transfer_level: Effective::printed(ProviderLevel::Two, "J-10.1.3-a"),
        transfer_months: Effective::printed(12, "J-10.2.2-d"),
        trip_reasons: Effective::printed(trips, "J-10.1.2-a"),
        student_months: Effective::printed(1, "J-10.5.1-b"),
        others: Gap { parameter: "filing.others".into(), rule_id: "J-10.5.3-a".into(), configurable: false },
    }
}

pub(super) fn region(code: &str) -> Region {
    Region::maybe_parse(code).unwrap()
}

pub(super) fn institution(provider_code: &str, level: ProviderLevel) -> Institution {
    let provider_code = provider_code.to_owned();
    Institution { provider_code, level: Some(level), region: region("130102"), designated: true }
}

/// A registration for self-paid claims at one hospital, H1.
pub(super) fn residence() -> Residence {
    Residence {
        kind: ResidenceKind::LongTermResident,
        mode: ClaimMode::SelfPaid,
        region: region("130100"),
        channel: FilingChannel::AgencyWindow,
        papers: vec![FilingPaper::SocialSecurityCard, FilingPaper::RelatedPapers],
        institutions: vec![institution("H1", ProviderLevel::Three)],
    }
}

/// A transfer out of the city to the level 3 hospital H9.
pub(super) fn transfer() -> Transfer {
    Transfer {
        route: TransferRoute::OutOfCity,
        issuer_code: "H12010100001".to_owned(),
        issuer_responsible: true,
        target: Institution { region: region("310101"), ..institution("H9", ProviderLevel::Three) },
        target_networked: true,
        mode: ClaimMode::Direct,
    }
}

/// Reason and rule of each refusal.
pub(super) fn reasons(outcome: &Result<(), Refusals>) -> Vec<(Reason, &'static str)> {
    const RULES: &[&str] = &[
        "J-10.1.1-a",
        "J-10.1.2-a",
        "J-10.1.3-a",
        "J-10.2.1-a",
        "J-10.2.1-b",
        "J-10.2.1-c",
        "J-10.2.1-d",
        "J-10.2.2-a",
        "J-10.2.2-b",
        "J-10.2.2-c",
        "J-10.3.2-c",
        "J-10.5.1-a",
        "J-10.5.3-a",
    ];
    let refusals = outcome.as_ref().err().map(|refusals| refusals.0.as_slice()).unwrap_or_default();
    let rule = |id: &str| RULES.iter().copied().find(|rule| *rule == id).unwrap_or("another");
    refusals.iter().map(|refusal| (refusal.reason, rule(refusal.rule_id.as_deref().unwrap_or_default()))).collect()
}
