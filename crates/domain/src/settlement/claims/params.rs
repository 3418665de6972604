//! What self-paid claims need of the law.

use super::codes::{ClaimDesk, ClaimPaper, LeaverRegistration};
use crate::codes::{Category, Office};
use crate::effective::{Effective, Gap};

/// What the law says about self-paid claims in one policy year. What a document does not print is `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimParams {
    /// Desks by the category of the enrolment.
    pub desks: Vec<Effective<DeskRule>>,
    /// Desks of those who left a school or nursery; empty where none is printed.
    pub leaver_desks: Vec<Effective<LeaverDesk>>,
    /// Desk for care outside the city.
    pub elsewhere_desk: Option<Effective<ClaimDesk>>,
    /// Desk for maternity and family planning, of care in the city alone.
    pub maternity_desk: Option<Effective<ClaimDesk>>,
    /// Papers of every claim; with none named, at least one of any kind.
    pub papers: Effective<Vec<ClaimPaper>>,
    /// Further papers of students and children who live elsewhere or back home.
    pub student_elsewhere_papers: Option<Effective<Vec<ClaimPaper>>>,
    /// Days after the last day of care within which a claim is filed (AMB-089).
    pub limit_days: Result<Effective<u32>, Gap>,
    /// Offices to which the papers are handed over, and which decide.
    pub handed_over_to: Effective<Vec<Office>>,
    /// Offices that pay.
    pub paid_by: Effective<Vec<Office>>,
    /// Only offices of the whole city pay.
    pub paid_by_the_city: Option<Effective<bool>>,
    /// Money goes to an activated account alone.
    pub to_activated_account: Option<Effective<bool>>,
    /// Who has no card opens an account with the first claim.
    pub account_with_first_claim: Option<Effective<bool>>,
    /// A provider settles with an active card alone.
    pub card_at_provider: Option<Effective<bool>>,
}

/// Desks of some categories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskRule {
    /// Categories of the enrolment.
    pub categories: Vec<Category>,
    /// Desks, the first one named in refusals.
    pub desks: Vec<ClaimDesk>,
    /// The institution may file for its people.
    pub by_institution: bool,
}

/// Desk of those who left a school or nursery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaverDesk {
    /// Household registration.
    pub registration: LeaverRegistration,
    /// Desk.
    pub desk: ClaimDesk,
}
