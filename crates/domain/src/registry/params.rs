//! What the rules of enrolment need of the law.

use crate::codes::{Category, Desk, Identity};
use crate::dates::Period;
use crate::effective::Effective;

/// Parameters of enrolment for one policy year.
#[derive(Clone, Debug, PartialEq)]
pub struct EnrolmentParams {
    /// Window of everybody who has no window of their own (J-3.1-a, B-2.3-a).
    pub collection_window: Effective<Period>,
    /// Window of schools and nurseries (2021 the same, B-2.1-a).
    pub school_window: Effective<Period>,
    /// Late window, where one is printed (J-3.1-b).
    pub late_window: Option<Effective<Period>>,
    /// Months after birth in which a newborn may be registered; `None` where no end is printed (B-2.2-a).
    pub newborn_months: Option<Effective<u32>>,
    /// Months after the interruption in which an employee may enrol (J-3.2.7-a, B-2.4-a).
    pub interruption_months: Effective<u32>,
    /// Period in which special persons are registered by their authority (J-3.2.5-c); `None` where no
    /// window is printed (2017).
    pub special_window: Option<Effective<Period>>,
    /// Age from which somebody outside school belongs to the adult class (J-3.2.9-b, B-2.3-a: 18).
    pub adult_age: Effective<u32>,
    /// Categories of small children, closed from that age on (J-1.1-c, B-1.1-c).
    pub small_children: Effective<Vec<Category>>,
    /// Identities whose holders are registered by their authority alone, the ground of `SPECIAL_PERSON` (J-3.2.5-a,
    /// B-7.3.3-a).
    pub central_identities: Effective<Vec<Identity>>,
    /// Desks that accept each category, in the order they are named.
    pub desks: Vec<Effective<DeskRule>>,
}

/// The desks of one category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskRule {
    /// Category.
    pub category: Category,
    /// Accepting desks, the first one named in refusals.
    pub desks: Vec<Desk>,
}
