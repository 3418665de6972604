//! What the rules of enrolment need of the law.

use crate::codes::{
    Area, Category, CertificateKind, Desk, District, Identity, InstitutionKind, LeavingReason, Office, Paper, Tier,
};
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
    /// Months after birth in which a newborn may be registered (J-3.2.8-a); `None` where no end is printed.
    pub newborn_months: Option<Effective<u32>>,
    /// Where no end is printed: policy years, from the year of birth on, for which a child is enrolled as a newborn
    /// (B-2.2-a, AMB-024).
    pub newborn_years: Option<Effective<u32>>,
    /// Months after the interruption in which an employee may enrol (J-3.2.7-a, B-2.4-a).
    pub interruption_months: Effective<u32>,
    /// Period in which special persons are registered by their authority (J-3.2.5-c); `None` where no
    /// window is printed (2017).
    pub special_window: Option<Effective<Period>>,
    /// Age from which somebody outside school belongs to the adult class (J-3.2.9-b, B-2.3-a: 18).
    pub adult_age: Effective<u32>,
    /// Schools whose full-time students without employment are students (J-1.1-a, B-1.1-a).
    pub school_kinds: Effective<Vec<InstitutionKind>>,
    /// Child-care institutions (J-1.1-b, B-1.1-b).
    pub nursery_kinds: Effective<Vec<InstitutionKind>>,
    /// Whether a school verifies a student before it registers the student; `None` where nothing is printed (J-3.2.1-b).
    pub verified_students: Option<Effective<bool>>,
    /// Papers that open the children's class to who is not registered in Tianjin (J-1.1-c, B-1.1-c).
    pub children_papers: Effective<Vec<CertificateKind>>,
    /// Papers that open the adult class to who is not registered in Tianjin (J-1.2-b, B-1.2-b).
    pub adult_papers: Effective<Vec<CertificateKind>>,
    /// Whether who is registered in Tianjin and studies elsewhere belongs to the students (J-1.1-d, B-1.1-d).
    pub studying_elsewhere: Effective<bool>,
    /// Kinds of household registration whose adults may not be employed (J-1.2-a, B-1.2-a).
    pub unemployed_areas: Effective<Vec<Area>>,
    /// Reasons of leaving that make a school leaver; `None` where the year knows no such category (J-3.2.9-a).
    pub leaving_reasons: Option<Effective<Vec<LeavingReason>>>,
    /// Desks at which an interrupted employee goes on into the year to come, where they are printed (J-3.2.7-b).
    pub next_year_desks: Option<Effective<Vec<Desk>>>,
    /// Age from which the township itself recognises and enrols a person of an urban low-income family (B-7.3.3-b);
    /// `None` where all of them are registered centrally.
    pub low_income_senior_age: Option<Effective<u32>>,
    /// Identities whose holders are registered by their authority alone, the ground of `SPECIAL_PERSON` (J-3.2.5-a,
    /// B-7.3.3-a).
    pub central_identities: Effective<Vec<Identity>>,
    /// Of these, the identities that count for persons registered in Tianjin alone; `None` where the year asks for no
    /// registration (J-3.2.5-a).
    pub local_identities: Option<Effective<Vec<Identity>>>,
    /// Identities whose holders stay with their school as long as they are students; `None` where the year knows no such
    /// rule (J-3.2.5-d).
    pub school_identities: Option<Effective<Vec<Identity>>>,
    /// Tier of who is enrolled by deduction from the old-age living subsidy (J-3.3.4-a, B-7.3.3-c).
    pub deduction_tier: Effective<Tier>,
    /// Desks that accept each category, in the order they are named.
    pub desks: Vec<Effective<DeskRule>>,
    /// Where the desk of a category lies.
    pub places: Vec<Effective<PlaceRule>>,
    /// Papers to be presented by who applies in person (J-3.1-c, B-2.2-a).
    pub papers: Vec<Effective<PaperRule>>,
    /// What a village of another township is told (J-3.2.2-a, B-7.3.2-b).
    pub foreign_village: Effective<ForeignVillage>,
    /// Duties of a district's own offices (J-A1.3-e, J-A1.3-q, B-8.2.3-a, B-8.2.4-a).
    pub duties: Vec<Effective<DeskDuty>>,
}

/// The desks of one category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskRule {
    /// Category.
    pub category: Category,
    /// Accepting desks, the first one named in refusals.
    pub desks: Vec<Desk>,
}

/// Where the desk of one category lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaceRule {
    /// Category.
    pub category: Category,
    /// Place.
    pub place: Place,
}

/// Whose place decides which desk serves somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Household registration or habitual residence, at the family's choice (J-3.2.10-a).
    RegisteredOrHabitual,
    /// Household registration: the village (J-3.2.2-a).
    Registered,
    /// Residence (J-3.2.6-a, J-3.2.7-a).
    Habitual,
    /// The institution (J-3.2.1-a, J-3.2.3-a, J-3.2.4-a).
    Institution,
}

impl Place {
    /// Every place.
    pub const ALL: &'static [Self] = &[Self::RegisteredOrHabitual, Self::Registered, Self::Habitual, Self::Institution];

    /// The code in the law data.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RegisteredOrHabitual => "REGISTERED_OR_HABITUAL",
            Self::Registered => "REGISTERED",
            Self::Habitual => "HABITUAL",
            Self::Institution => "INSTITUTION",
        }
    }
}

/// The papers that persons of one category present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperRule {
    /// Category.
    pub category: Category,
    /// Papers.
    pub papers: Vec<Paper>,
}

/// How a village is refused that files at another township than its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForeignVillage {
    /// The village is the wrong value (J-3.2.2-a).
    ValueNotAllowed,
    /// The desk is the wrong one (B-7.3.2-b).
    ChannelMismatch,
}

impl ForeignVillage {
    /// Both.
    pub const ALL: &'static [Self] = &[Self::ValueNotAllowed, Self::ChannelMismatch];

    /// The code in the law data.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ValueNotAllowed => "VALUE_NOT_ALLOWED",
            Self::ChannelMismatch => "CHANNEL_MISMATCH",
        }
    }
}

/// The offices of a district that serve at a desk, and nobody but the people of their own area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskDuty {
    /// District.
    pub district: District,
    /// Desk.
    pub desk: Desk,
    /// Offices.
    pub offices: Vec<Office>,
}
