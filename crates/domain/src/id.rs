//! Typed ids. They are time-ordered (UUID version 7) and made at the edge, where clock and randomness live.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[doc = $doc:literal])* $name:ident,)*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

ids! {
    /// A resident in the registry.
    ResidentId,
    /// A period of a special identity of a resident.
    IdentityId,
    /// An enrolment for one policy year.
    EnrolmentId,
    /// A confirmed payment.
    PaymentId,
    /// A unit's declaration of its people.
    DeclarationId,
    /// A payment notice.
    NoticeId,
    /// A premium prepaid by academic years.
    PrepaymentId,
    /// A refund of a payment.
    RefundId,
    /// A reconciliation with the tax side or with a provider.
    ReconciliationId,
    /// A difference that a reconciliation found.
    ExceptionId,
    /// A recomputation of a person's coverage or of a settled year.
    RecomputationId,
    /// A coverage span of one insurance.
    SpanId,
    /// A settled bill.
    SettlementId,
    /// A ledger entry of a settlement.
    EntryId,
    /// A filing of care elsewhere or of a special disease.
    FilingId,
    /// A documented relation between two institutions.
    PartnershipId,
    /// A statement about what a person brings into a year.
    OpeningId,
    /// A contract with a family doctor.
    ContractId,
    /// A granted aid.
    AidId,
    /// An accident case.
    ClaimId,
    /// A claim of a bill that the person paid.
    SelfPaidClaimId,
    /// An event in an outbox.
    EventId,
    /// A dated fact of a resident.
    FactId,
    /// A change of recorded data.
    ChangeId,
    /// One stream of rows of a roster.
    UploadId,
    /// A comparison of the registry with a roster.
    ComparisonId,
    /// A finding of a comparison.
    FindingId,
    /// A work item.
    WorkItemId,
    /// A circular.
    CircularId,
    /// A registered pregnancy.
    RegistrationId,
}
