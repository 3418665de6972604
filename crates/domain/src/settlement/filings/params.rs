//! What the rules of filings need of the law.

use super::codes::{FilingChannel, ResidenceKind, TripReason};
use crate::codes::ProviderLevel;
use crate::effective::{Effective, Gap};

/// Parameters of filings.
#[derive(Clone, Debug, PartialEq)]
pub struct FilingParams {
    /// Who may register for claims of bills paid elsewhere (J-10.1.1-a).
    pub self_paid_kinds: Effective<Vec<ResidenceKind>>,
    /// Who may file for direct settlement of stays (J-10.2.1-a, AMB-134).
    pub direct_kinds: Effective<Vec<ResidenceKind>>,
    /// Channels of a filing for direct settlement (J-10.2.1-b).
    pub direct_channels: Effective<Vec<FilingChannel>>,
    /// Fewest institutions chosen for self-paid claims (J-10.2.2-a: 1).
    pub fewest_institutions: Effective<u32>,
    /// Most institutions chosen (J-10.2.2-a: 4).
    pub most_institutions: Effective<u32>,
    /// Level that one of them has to reach (J-10.2.2-a: level 2).
    pub institution_level: Effective<ProviderLevel>,
    /// Level that the target of a transfer has to reach (J-10.1.3-a: level 2).
    pub transfer_level: Effective<ProviderLevel>,
    /// Months from the formalities of a transfer to its last day (J-10.2.2-d: 12).
    pub transfer_months: Effective<u32>,
    /// Reasons of a short trip (J-10.1.2-a).
    pub trip_reasons: Effective<Vec<TripReason>>,
    /// Months after the return to school in which bills from home are filed (J-10.5.1-b: 1).
    pub student_months: Effective<u32>,
    /// Every other question of care elsewhere (J-10.5.3-a).
    pub others: Gap,
}
