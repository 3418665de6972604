//! What the rules of refunds need of the law.

use chrono::NaiveDate;

use crate::codes::{Desk, Office, RefundGround};
use crate::effective::{Effective, Gap};

/// Parameters of refunds for one policy year.
#[derive(Clone, Debug, PartialEq)]
pub struct RefundParams {
    /// Grounds of a refund, a closed set that the operator configures (J-3.5-a, AMB-037); a gap where none is printed
    /// (B-8.2.3-c).
    pub grounds: Result<Effective<Vec<RefundGround>>, Gap>,
    /// Desk that accepts the application (J-3.5-b: the tax hall; B-8.2.3-c: the branch of the district).
    pub desk: Effective<Desk>,
    /// Offices that pay back what the tax office verified (J-3.5-b).
    pub repaid_by: Result<Effective<Vec<Office>>, Gap>,
    /// Months after admission in which a student loan opens a refund (J-3.5-d: 12).
    pub loan_months: Result<Effective<u32>, Gap>,
    /// Last day of an application after a death (J-3.5-e, AMB-040).
    pub death_last_day: Result<Effective<NaiveDate>, Gap>,
    /// What is missing for every other question (J-3.5-f, B-8.2.3-c).
    pub others: Gap,
}
